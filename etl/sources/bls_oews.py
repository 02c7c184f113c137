"""BLS Occupational Employment and Wage Statistics (OEWS): jobs and wages by occupation, state and sector.

Each zip holds one workbook per kind of estimate (the sector zip holds several more, which are not read).
Traps:

* Some occupations are published twice, once as "broad" and once as "detailed" under the same code, so rows
  are chosen by O_GROUP and never by the look of the code.
* Marks stand for withheld values: ``*`` wage, ``**`` employment, ``#`` at or above the top code. May 2024
  top-codes annual wages at $239,200; May 2025 does not top-code, though its field descriptions still say so.
* A few occupations (actors, dancers, musicians) have HOURLY = TRUE: only hourly wages are published, annual
  are ``*``.
* A copy of a state file may have lost its marks and its total rows: a blank is then a missing value, never 0.
* OWN_CODE names the ownerships each sector covers and differs by sector (235 in education, 58 in health
  care), so it is no filter; two rows for one sector and occupation would be ambiguous and are an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from etl.codes import STATES, TERRITORIES
from etl.errors import AtlasError
from etl.source import Frames, RawFile, RawFiles, Releases, Remote, Source, listed, next_year
from etl.tabular import numbers, open_member, open_workbook, read_sheet

#: The years that must be there; later ones are added as they come out.
YEARS = (2024, 2025)
#: The first year whose file by sector may still be missing.
_MAY_LACK_SECTORS = 2025
#: Annual wages at or above this are published as '#', in the years that top-code.
TOP_CODE_USD: Mapping[int, int] = {2024: 239_200}

_ADDRESS = "https://www.bls.gov/oes/special-requests/"
_NATION = "99"
_STATES = frozenset(STATES.values())
#: 99 is government as OEWS defines it.
_SECTORS = frozenset(
    {"11", "21", "22", "23", "31-33", "42", "44-45", "48-49", "51", "52"}
    | {"53", "54", "55", "56", "61", "62", "71", "72", "81", "99"}
)

#: Heading, field, and how a note names it.
_WAGES = (
    ("A_MEAN", "wage_mean_usd", "mean"),
    ("A_PCT10", "wage_p10_usd", "10th percentile"),
    ("A_PCT25", "wage_p25_usd", "25th percentile"),
    ("A_MEDIAN", "wage_median_usd", "median"),
    ("A_PCT75", "wage_p75_usd", "75th percentile"),
    ("A_PCT90", "wage_p90_usd", "90th percentile"),
)
_WAGE_RANGE_USD = (10_000, 5_000_000)

_EMPLOYMENT_WITHHELD = "withheld: the publisher gives no employment estimate"
_WAGE_WITHHELD = "withheld: the publisher gives no annual wage"
_HOURLY_ONLY = "only hourly wages are published for this occupation"
_MARK_LOST = "withheld or not published (mark lost)"

_FETCH_AGAIN = "fetch it again with `python -m etl refresh bls_oews`"


def parse(raws: RawFiles) -> Frames:
    """Both tables; every year needs its national and state file, and at least one its sector file."""
    years = _years(raws)
    by_area = [_areas(raws, year) for year in years]
    with_sectors = [y for y in years if _zip_name(y, "in4") in raws] or years[:1]
    by_sector = [_sectors(raws[_zip_name(year, "in4")], year) for year in with_sectors]
    return {
        "occupation_employment": pd.concat(by_area, ignore_index=True),
        "industry_occupation_employment": pd.concat(by_sector, ignore_index=True),
    }


def _years(raws: RawFiles) -> list[int]:
    """The known years, and every other of which both the nation's and the states' file are there."""
    named = {kind: {2000 + int(m[1]) for m in (re.fullmatch(rf"oesm(\d\d){kind}\.zip", n) for n in raws) if m}
             for kind in ("nat", "st")}  # fmt: skip
    return sorted({*YEARS, *(named["nat"] & named["st"])})


def _files(release: str) -> tuple[Remote, ...]:
    """A year's files: the nation's is the first to be out, the one by sector may lack."""
    year = int(release)
    return tuple(
        Remote(
            f"{_ADDRESS}{_zip_name(year, kind)}",
            "zip",
            period=f"May {year}",
            optional=kind == "in4" and year >= _MAY_LACK_SECTORS,
        )
        for kind in ("nat", "st", "in4")
    )


def _cite(periods: Sequence[str]) -> str:
    return (
        f"U.S. Bureau of Labor Statistics, Occupational Employment and Wage Statistics, {listed(periods)} national, state "
        "and national industry-specific estimates. Washington, DC: U.S. Department of Labor. "
        "https://www.bls.gov/oes/tables.htm"
    )


def _zip_name(year: int, kind: str) -> str:
    return f"oesm{year % 100:02}{kind}.zip"


def _areas(raws: RawFiles, year: int) -> pd.DataFrame:
    """One year's nation and states: total, major and detailed occupations."""
    nation_zip, state_zip = raws[_zip_name(year, "nat")], raws[_zip_name(year, "st")]
    groups = ("total", "major", "detailed")
    nation, nation_where = _rows(nation_zip, "national", year, {"AREA": "area"}, _WAGES, groups)
    state, state_where = _rows(
        state_zip, "state", year, {"AREA": "area", "LOC_QUOTIENT": "location_quotient"}, _WAGES, groups
    )

    nation["state_fips"] = nation["area"].map({_NATION: "00"})
    if nation["state_fips"].isna().any():
        raise AtlasError(f"{nation_where} holds areas other than the nation (99); {_FETCH_AGAIN}.")
    nation["location_quotient"] = pd.Series(pd.NA, index=nation.index, dtype="Float64")

    state["state_fips"] = state["area"].str.zfill(2)
    state = state[~state["state_fips"].isin(TERRITORIES)].reset_index(drop=True)
    _need_exactly(state["state_fips"], _STATES, "state", state_where)
    state["location_quotient"], _ = numbers(state["location_quotient"], where=f"LOC_QUOTIENT of {state_where}")

    for frame, where in ((nation, nation_where), (state, state_where)):
        _check(frame, ["state_fips", "soc_code"], where)
    _check_total(nation, nation_where)
    for fips, area in state.groupby("state_fips"):
        if area["occupation_group"].eq("total").any():  # a copy may have lost its total rows
            _check_total(area, f"{state_where}, state {fips}", least_share=0.9)
    fields = [
        "reference_year", "state_fips", "soc_code", "occupation_group", "employment_count",
        "employment_note", "location_quotient", *(field for _, field, _ in _WAGES), "wage_note",
    ]  # fmt: skip
    return pd.concat([nation[fields], state[fields]], ignore_index=True)


def _sectors(raw: RawFile, year: int) -> pd.DataFrame:
    """One year's nation by sector: all occupations together, and each detailed occupation."""
    median = tuple(wage for wage in _WAGES if wage[0] == "A_MEDIAN")
    frame, where = _rows(raw, "natsector", year, {"NAICS": "naics_sector"}, median, ("total", "detailed"))
    _need_exactly(frame["naics_sector"], _SECTORS, "sector", where)
    _check(frame, ["naics_sector", "soc_code"], where)
    for _, sector in frame.groupby("naics_sector"):
        _check_total(sector, where, least_share=0.9)  # sectors withhold more occupations than the nation
    fields = [
        "reference_year", "naics_sector", "soc_code", "employment_count", "employment_note",
        "wage_median_usd", "wage_note",
    ]  # fmt: skip
    return frame[fields]


def _rows(
    raw: RawFile,
    stem: str,
    year: int,
    identity: Mapping[str, str],
    wages: tuple[tuple[str, str, str], ...],
    groups: tuple[str, ...],
) -> tuple[pd.DataFrame, str]:
    """The rows of these occupation groups, measures as numbers; and what an error calls the file."""
    member, content = open_member(raw, f"{stem}_m{year}_dl.xlsx")
    where = f"{member} in {raw.name}"
    workbook = open_workbook(content, where)
    name = f"{stem}_M{year}_dl"  # the publisher's letter case varies
    sheet = next((s for s in workbook.sheet_names if s.casefold() == name.casefold()), name)
    columns = {
        **identity,
        "OCC_CODE": "soc_code",
        "O_GROUP": "occupation_group",
        "TOT_EMP": "employment_count",
        **{heading: field for heading, field, _ in wages},
        "HOURLY": "hourly",
    }
    frame = read_sheet(workbook, sheet, where=where, columns=columns)
    frame = frame[frame["occupation_group"].isin(groups)].reset_index(drop=True)
    if set(frame["occupation_group"]) - {"total", "major"} != {"detailed"}:
        raise AtlasError(f"{where} has no rows with O_GROUP detailed; {_FETCH_AGAIN}.")

    frame["reference_year"] = year
    frame["employment_count"], note = numbers(
        frame["employment_count"],
        where=f"TOT_EMP of {where}",
        marks={"**": _EMPLOYMENT_WITHHELD},
        integer=True,
    )
    frame["employment_note"] = note.mask(frame["employment_count"].isna() & note.isna(), _MARK_LOST)

    top = "at or above the publisher's top code"
    if year in TOP_CODE_USD:
        top += f" of ${TOP_CODE_USD[year]:,} a year"
    hourly_only = frame["hourly"].str.upper().eq("TRUE").fillna(False).astype(bool)
    notes = {}
    for heading, field, label in wages:
        frame[field], note = numbers(frame[field], where=f"{heading} of {where}", marks={"*": _WAGE_WITHHELD, "#": top})
        note = note.mask(frame[field].isna() & note.isna(), _MARK_LOST)
        notes[label] = note.mask(hourly_only & note.isin([_WAGE_WITHHELD, _MARK_LOST]), _HOURLY_ONLY)
    frame["wage_note"] = _wage_note(pd.DataFrame(notes))
    return frame, where


def _wage_note(notes: pd.DataFrame) -> pd.Series:
    """One note per row from one per wage; a reason that holds for some wages only comes with their names."""

    def in_words(reasons: tuple[str, ...]) -> str | None:
        parts = []
        for reason in dict.fromkeys(filter(None, reasons)):
            labels = [label for label, r in zip(notes.columns, reasons, strict=True) if r == reason]
            parts.append(reason if len(labels) == len(reasons) else f"{reason}: {', '.join(labels)}")
        return "; ".join(parts) or None

    combinations = list(zip(*(notes[label].fillna("") for label in notes.columns), strict=True))
    words = {combination: in_words(combination) for combination in set(combinations)}
    return pd.Series([words[c] for c in combinations], index=notes.index, dtype="str")


def _need_exactly(codes: pd.Series, expected: frozenset[str], what: str, where: str) -> None:
    have = set(codes.dropna())
    if codes.isna().any() or have != expected:
        missing, unknown = sorted(expected - have), sorted(have - expected)
        raise AtlasError(
            f"{where} should hold every {what} once: missing {', '.join(missing) or 'none'}, "
            f"unknown {', '.join(unknown) or 'none'}; {_FETCH_AGAIN}."
        )


def _check(frame: pd.DataFrame, key: list[str], where: str) -> None:
    """What must be true of every row: a good code, one row per key, values in range, percentiles in order."""
    odd = ~frame["soc_code"].str.fullmatch(r"\d\d-\d{4}").fillna(False).astype(bool)
    if odd.any():
        raise AtlasError(f"{where} has a malformed OCC_CODE {frame.loc[odd, 'soc_code'].iloc[0]!r}; {_FETCH_AGAIN}.")
    twice = frame.duplicated(key)
    if twice.any():
        first = " ".join(frame.loc[twice, key].iloc[0])
        raise AtlasError(
            f"{where} has {int(twice.sum()):,} occupations twice (first {first}), perhaps for several "
            f"ownerships, and which is meant is unclear; {_FETCH_AGAIN}."
        )
    if (frame["employment_count"] <= 0).any():
        raise AtlasError(f"{where} has employment of zero or less, which is never published; {_FETCH_AGAIN}.")
    wages = [field for _, field, _ in _WAGES if field in frame]
    low, high = _WAGE_RANGE_USD
    for field in wages:
        if not frame[field].dropna().between(low, high).all():
            raise AtlasError(f"{where} has {field} outside {low:,} to {high:,}; {_FETCH_AGAIN}.")
    percentiles = [field for field in wages if field != "wage_mean_usd"]
    for lower, upper in pairwise(percentiles):
        if (frame[lower] > frame[upper]).any():
            raise AtlasError(f"{where} has {lower} above {upper}; {_FETCH_AGAIN}.")


def _check_total(frame: pd.DataFrame, where: str, least_share: float = 0.99) -> None:
    """One total row, which the detailed rows nearly add up to and do not exceed by more than rounding."""
    total = frame.loc[frame["occupation_group"] == "total", "employment_count"]
    detail = frame.loc[frame["occupation_group"] == "detailed", "employment_count"].sum()
    if len(total) != 1 or total.isna().any() or not least_share <= detail / total.iloc[0] <= 1.01:
        raise AtlasError(
            f"{where}: the detailed occupations add up to {int(detail):,} jobs, which does not agree with "
            f"the total row ({', '.join(map(str, total)) or 'missing'}); {_FETCH_AGAIN}."
        )


SOURCE = Source(
    source_id="bls_oews",
    title="Occupational Employment and Wage Statistics (OEWS)",
    short_title="BLS OEWS",
    publisher="U.S. Bureau of Labor Statistics",
    licence="US federal government work, public domain",
    landing_url="https://www.bls.gov/oes/tables.htm",
    cadence="yearly",
    citation=_cite([f"May {year}" for year in YEARS]),
    cite=_cite,
    tables=("occupation_employment", "industry_occupation_employment"),
    parse=parse,
    releases=(Releases("estimates", tuple(map(str, YEARS)), _files, next_year),),
    suppression=(
        "** (employment) and * (wage) mark withheld estimates and # a wage at or above the top code "
        "($239,200 a year in May 2024): all read as NULL with a note. A blank is NULL with the note "
        "'withheld or not published (mark lost)'. Employment is rounded to 10 and leaves out the "
        "self-employed."
    ),
)
