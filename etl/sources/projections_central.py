"""Projections Central: the states' own long-term occupational projections, as each state published them.

The address of the csv answers with JSON naming a short-lived address, where the csv lies. Traps:

* STFIPS is unpadded; 0 is the nation (left out: the nation's figures come from BLS), 66, 72 and 78 are
  territories.
* Codes are each state's own, some from before SOC 2018: kept as published.
* A copy of the csv may lack the years. The nation's total row then tells which round of projections it is.
* Employment is rounded to 10, and some states write 0 for jobs they list but do not release. A row whose base
  and projected employment are both 0 holds no figure, so its measures are NULL.
* Where the csv cannot be had, the publisher's paged JSON is asked, state by state and every page to the end;
  a page has 100 rows unless more are asked for, and one that is cut off is refused. Of two files that were kept
  with a state's round (the csv and a page), the one that came last is read.
* Some states are a round ahead of the others: each row keeps its own years.
* New York's 2022-32 openings are net growth only and Massachusetts' detail is a third of its jobs: they are
  published so, and ``projection_fitness`` withholds them later.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

import pandas as pd

from etl.codes import STATES, TERRITORIES
from etl.errors import AtlasError, MissingError, UnavailableError
from etl.source import Asking, Frames, RawFile, RawFiles, Remote, Source, listed
from etl.tabular import need_columns, need_unique, numbers, read_delimited

_CSV = "longterm.csv"
_ADDRESS = "https://public.projectionscentral.org/projections/file/longterm/csv"
_STATES = frozenset(STATES.values())
_NATION = "00"
#: States project on their own: now and then one is missing from a release. More missing is a broken file.
_MISSING_STATES_ALLOWED = 2
_DEFAULT_PAGE_ROWS = 100
PAGES = "https://public.projectionscentral.org/Projections/LongTermRestJson"
_PAGE_ROWS = 1000
#: More pages than any state could have: the address then answers the same over and over.
_MOST_PAGES = 40

#: Total jobs of the nation in base and projection year, as rounds of national projections give them, and
#: their years.
_ROUNDS = {("164482590", "169148090"): (2022, 2032)}

_FIELDS = {
    "STFIPS": "state_fips",
    "OccCode": "soc_code",
    "Title": "title",
    "Base": "employment_base_count",
    "Projected": "employment_projected_count",
    "AvgAnnualOpenings": "openings_annual_count",
}
_YEARS = {"BaseYear": "base_year", "ProjYear": "projection_year"}
#: The same fields as some copies of the JSON name them.
_SNAKE_CASE = {
    "state_fips": "STFIPS",
    "occ_code": "OccCode",
    "title": "Title",
    "base_employment": "Base",
    "projected_employment": "Projected",
    "avg_annual_openings": "AvgAnnualOpenings",
    "base_year": "BaseYear",
    "proj_year": "ProjYear",
}

_FETCH_AGAIN = "fetch it again with `python -m etl refresh projections_central`"


def follow(answer: bytes) -> Remote:
    """The remote of the csv, from the JSON answer that names its short-lived address."""
    try:
        address = json.loads(answer)["content"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnavailableError(f"{_ADDRESS} did not answer with the address of a file; try again later.") from error
    if not isinstance(address, str) or not address.startswith("https://"):
        raise UnavailableError(f"{_ADDRESS} answered with {address!r}, which is no address of a file; try again later.")
    return Remote(address, "csv", name=_CSV, dated=_period)


def parse(raws: RawFiles) -> Frames:
    """The one table, from the csv and from any JSON pages."""
    pages = [name for name in raws if name.endswith(".json")]
    files = [raws[name] for name in (*pages, *([_CSV] if _CSV in raws or not pages else []))]
    frame = pd.DataFrame()
    for raw in sorted(files, key=lambda file: file.retrieved_at):
        read = _read(raw)
        frame = pd.concat([frame[~_are_in(frame, read)], read], ignore_index=True) if len(frame) else read
    missing = sorted(_STATES - set(frame["state_fips"]))
    if len(missing) > _MISSING_STATES_ALLOWED:
        raise AtlasError(f"{', '.join(raws)} lacks the states {', '.join(missing)}; {_FETCH_AGAIN}.")
    key = ["projection_year", "state_fips", "soc_code"]
    need_unique(frame, key, ", ".join(raws))
    return {"projection_state": frame}


def _read(raw: RawFile) -> pd.DataFrame:
    return _tidy(read_page(raw) if raw.name.endswith(".json") else _read_csv(raw), raw.name)


def _are_in(rows: pd.DataFrame, newer: pd.DataFrame) -> pd.Series:
    """Which rows are of a state and round that a newer file has too."""
    has = set(zip(newer["state_fips"], newer["projection_year"], strict=True))
    keys = zip(rows["state_fips"], rows["projection_year"], strict=True)
    return pd.Series([key in has for key in keys], index=rows.index, dtype=bool)


def _every_page(address: str) -> Callable[[Asking], bytes]:
    """A ``Remote.gather`` of one state: all its pages as one, in the publisher's own form."""

    def gather(asking: Asking) -> bytes:
        rows: list[dict[str, object]] = []
        for number in range(_MOST_PAGES):
            answer = asking.get(f"{address}?items_per_page={_PAGE_ROWS}&page={number}")
            more, total = _rows_of(answer, address)
            if more and rows[-len(more) :] == more:
                if (
                    total is None
                ):  # it knows no pages, and gave all it has the first time; the parser looks whether it did
                    break
                raise UnavailableError(f"{address} answers every page with the same rows; try again later.")
            rows += more
            if not more or (total is not None and len(rows) >= total):
                break
        if not rows:
            raise MissingError(f"{address} has no projections of this state; look whether the state has published any.")
        return json.dumps({"rows": rows, "pager": {"total_items": len(rows) if total is None else total}}).encode()

    return gather


def _rows_of(answer: bytes, address: str) -> tuple[list[dict[str, object]], int | None]:
    """A page's rows, and how many there are on all pages, where it says so."""
    try:
        page = json.loads(answer)
        rows = page["rows"] if isinstance(page, dict) else page
        total = int(page["pager"]["total_items"]) if isinstance(page, dict) else None
    except (ValueError, KeyError, TypeError) as error:
        raise UnavailableError(f"{address} did not answer with a page of rows; try again later.") from error
    if not isinstance(rows, list):
        raise UnavailableError(f"{address} did not answer with a list of rows; try again later.")
    return rows, total


def _period(raw: RawFile) -> str:
    """The rounds that a file holds, as 2022-32, from its own rows."""
    rows = _read(raw)
    rounds = rows[["base_year", "projection_year"]].drop_duplicates().itertuples(index=False, name=None)
    return ", ".join(sorted(f"{base}-{projected % 100:02}" for base, projected in rounds))


def _cite(periods: Sequence[str]) -> str:
    rounds = sorted({each for period in periods for each in re.split(r",\s*", period)})
    return (
        "Projections Managing Partnership, Projections Central: State Occupational Projections, long-term, "
        f"{listed(rounds).replace('-', '–')}. Prepared by state labor market information offices with support of the U.S. "
        "Department of Labor, Employment and Training Administration. https://projectionscentral.org/longterm"
    )


def read_page(raw: RawFile) -> pd.DataFrame:
    """One page of the publisher's JSON as text, refused unless it holds every row of the states it covers.

    The publisher's own pages are objects with ``rows`` and a ``pager`` that says how many rows there are; a
    bare list of rows is complete if each state has its total row and none has just as many rows as the
    default page.
    """
    try:
        page = json.loads(raw.path.read_bytes())
        rows = page["rows"] if isinstance(page, dict) else page
        frame = pd.DataFrame(rows).rename(columns=_SNAKE_CASE)
        promised = int(page["pager"]["total_items"]) if isinstance(page, dict) else len(frame)
    except (ValueError, KeyError, TypeError) as error:
        raise AtlasError(f"{raw.name} is not a page of Projections Central's JSON; {_FETCH_AGAIN}.") from error
    need_columns(frame, [*_FIELDS, *_YEARS], raw.name)
    by_state = frame.groupby("STFIPS")["OccCode"].agg(rows="size", has_total=lambda c: c.eq("00-0000").any())
    cut = by_state.index[(by_state["rows"] == _DEFAULT_PAGE_ROWS) | ~by_state["has_total"].astype(bool)]
    if frame.empty or len(frame) != promised or len(cut):
        raise AtlasError(
            f"{raw.name} is cut off ({len(frame):,} of {promised:,} rows; incomplete: "
            f"{', '.join(cut[:5]) or 'none'}); ask the publisher's address for one state with "
            "items_per_page=1000 and save that page instead."
        )
    return frame[[*_FIELDS, *_YEARS]].astype("str")


def _read_csv(raw: RawFile) -> pd.DataFrame:
    """The csv as text, its years from its columns or, where it has none, from the nation's total row."""
    heading = raw.path.read_bytes().split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    has_years = all(year in heading for year in _YEARS)
    frame = read_delimited(raw, columns=[*_FIELDS, *(_YEARS if has_years else ())])
    if has_years:
        return frame
    nation = frame[frame["STFIPS"].str.zfill(2).eq(_NATION) & frame["OccCode"].eq("00-0000")]
    totals = list(zip(nation["Base"], nation["Projected"], strict=True))
    years = _ROUNDS.get(totals[0]) if len(totals) == 1 else None
    if years is None:
        raise AtlasError(
            f"{raw.name} has no columns BaseYear and ProjYear, and the nation's total row ({totals}) is "
            "that of no known round of projections; add the round to _ROUNDS once its years are known."
        )
    frame["BaseYear"], frame["ProjYear"] = map(str, years)
    return frame


def _tidy(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    """The states' rows with their measures as numbers; the nation and the territories left out."""
    frame = frame.rename(columns=_FIELDS | _YEARS)
    frame["state_fips"] = frame["state_fips"].str.zfill(2)
    unknown = set(frame["state_fips"].fillna("blank")) - _STATES - TERRITORIES - {_NATION}
    if unknown:
        raise AtlasError(f"{where} has unknown STFIPS {', '.join(sorted(unknown))}; {_FETCH_AGAIN}.")
    frame = frame[frame["state_fips"].isin(_STATES)].reset_index(drop=True)
    if not frame["soc_code"].str.fullmatch(r"\d\d-\d{4}").fillna(False).all() or frame["title"].isna().any():
        raise AtlasError(f"{where} has rows without an occupation code like 47-2111 or a title; {_FETCH_AGAIN}.")

    for column in _YEARS.values():
        frame[column], _ = numbers(frame[column], where=f"{column} of {where}", integer=True)
    span = frame["projection_year"] - frame["base_year"]
    if span.isna().any() or not span.eq(10).all() or not frame["base_year"].between(2016, 2100).all():
        raise AtlasError(f"{where} has rows that do not span ten years; {_FETCH_AGAIN}.")
    for column in (c for c in _FIELDS.values() if c.endswith("_count")):
        frame[column], _ = numbers(frame[column], where=f"{column} of {where}", integer=True)
        if frame[column].isna().any() or (frame[column] < 0).any():
            raise AtlasError(f"{where} has a blank or negative {column}; {_FETCH_AGAIN}.")
    no_figure = frame["employment_base_count"].eq(0) & frame["employment_projected_count"].eq(0)
    measures = [c for c in frame.columns if c.endswith("_count")]
    frame[measures] = frame[measures].mask(no_figure)
    return frame[["base_year", "projection_year", "state_fips", "soc_code", "title", *measures]]


SOURCE = Source(
    source_id="projections_central",
    title="State long-term occupational projections",
    short_title="Projections Central",
    publisher="Projections Managing Partnership, with the states' labor market information offices",
    licence=(
        "No terms of use are stated with the data; each figure is the responsibility of the state agency "
        "that made it, with support of the US Department of Labor"
    ),
    landing_url="https://projectionscentral.org/longterm",
    cadence="every two years",
    citation=_cite(["2022-32"]),
    cite=_cite,
    tables=("projection_state",),
    parse=parse,
    remotes=(
        Remote(
            _ADDRESS,
            "json",
            name=_CSV,
            follow=follow,
            otherwise=tuple(
                Remote(
                    f"{PAGES}/{fips}",
                    "json",
                    name=f"{fips}.json",
                    gather=_every_page(f"{PAGES}/{fips}"),
                    dated=_period,
                    optional=True,
                )
                for fips in sorted(_STATES)
            ),
        ),
    ),
    suppression=(
        "No marks: an occupation that a state does not release has no row, or one with 0 jobs in both "
        "years, which reads as NULL. Employment and openings are rounded to 10, so 0 openings are fewer "
        "than 5 a year."
    ),
)
