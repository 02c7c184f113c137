"""BLS Local Area Unemployment Statistics: seasonally adjusted unemployment of the 50 states and DC.

What to know before using it:

* A series id is ``LASST`` (seasonally adjusted, state), the state's FIPS code, eleven zeros and the
  measure: 03 the rate, 04 the unemployed, 06 the labour force (05, the employed, is their difference and
  not kept). Counts are persons.
* The file also holds Puerto Rico (72), which is not one of our states: those rows are left out.
* Nothing was collected for October 2025. That month is absent, or marked ``-``; either way it has no row
  here, never a 0.
* ``la.series`` is not needed: the id says everything.

The reader of BLS time-series files and the codes of the states are here, in the simplest of the modules
that share them.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb
import pandas as pd

from etl.errors import AtlasError
from etl.source import Frames, RawFile, RawFiles, Remote, Source
from etl.tabular import need_columns

DATA = "la.data.3.AllStatesS"

_states = pd.read_csv(Path(__file__).parents[2] / "data" / "reference" / "state.csv", dtype=str)
#: Postal abbreviation to FIPS code: the 50 states and DC.
STATES: dict[str, str] = {
    abbr: fips
    for abbr, fips in zip(_states["state_abbr"], _states["state_fips"], strict=True)
    if fips != "00"
}

_MEASURES = {"03": "rate_pct", "04": "unemployed_count", "06": "labour_force_count"}
_SERIES_COLUMNS = ("series_id", "year", "period", "value", "footnote_codes")
_AGAIN = (
    "fetch it again with `python -m etl refresh`, and if it stays so the publisher has changed its format"
)


def read_series(raw: RawFile, keep: str) -> pd.DataFrame:
    """The monthly values in a BLS time-series file of every series whose whole id matches ``keep``.

    Columns ``series_id``, ``month`` (its first day), ``value`` and ``is_preliminary``. Annual means (M13) and
    quarters are left out, and so are values of ``-``, which is how BLS says that there is none. Ids are
    padded with blanks and a file may mix line ends. DuckDB filters while it reads: one file has 390 MB.
    """
    with raw.path.open("rb") as file:
        heading = [name.strip() for name in file.readline(4096).decode("utf-8", "replace").split("\t")]
    need_columns(pd.DataFrame(columns=heading), _SERIES_COLUMNS, raw.name)
    names = [name if name in _SERIES_COLUMNS else f"other_{place}" for place, name in enumerate(heading)]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    query = f"""
        SELECT trim(series_id) AS series_id,
               make_date(trim(year)::INTEGER, substr(trim(period), 2)::INTEGER, 1) AS month,
               trim(value)::DOUBLE AS value,
               contains(coalesce(footnote_codes, ''), 'P') AS is_preliminary
        FROM read_csv($path, delim = '\t', header = false, skip = 1, columns = {{{columns}}},
                      auto_detect = false, quote = '', escape = '', strict_mode = false)
        WHERE regexp_full_match(trim(series_id), $keep)
          AND regexp_full_match(trim(period), 'M(0[1-9]|1[0-2])')
          AND trim(value) NOT IN ('', '-')
    """
    try:
        with duckdb.connect() as connection:
            found = connection.execute(query, {"path": str(raw.path), "keep": keep}).df()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise AtlasError(
            f"{raw.name} cannot be read as a BLS time-series file ({reason}); {_AGAIN}."
        ) from error
    if found.empty:
        raise AtlasError(f"{raw.name} holds no monthly value of the series that are needed; {_AGAIN}.")
    twice = found.duplicated(["series_id", "month"])
    if twice.any():
        first = found[twice].iloc[0]
        raise AtlasError(f"{raw.name} gives {first['series_id']} twice for {first['month']:%B %Y}; {_AGAIN}.")
    return found


def need_states(found: Iterable[str], where: str) -> None:
    """Raise ``AtlasError`` unless every state and DC is among the FIPS codes ``found``."""
    missing = sorted(set(STATES.values()) - set(found))
    if missing:
        raise AtlasError(f"{where} has no rows for the state {', '.join(missing)} (FIPS); {_AGAIN}.")


def parse(raws: RawFiles) -> Frames:
    """One row per month and state: the rate, the unemployed and the labour force, as far as published."""
    raw = raws[DATA]
    states, measures = "|".join(STATES.values()), "|".join(_MEASURES)
    values = read_series(raw, f"LASST({states})0{{11}}({measures})")
    values["state_fips"] = values["series_id"].str[5:7]
    values["measure"] = values["series_id"].str[-2:].map(_MEASURES)
    table = values.pivot(index=["month", "state_fips"], columns="measure", values="value")
    table = table.reindex(columns=list(_MEASURES.values())).rename_axis(columns=None).reset_index()

    need_states(table.loc[table["rate_pct"].notna(), "state_fips"], raw.name)
    # A rate that is not the quotient of its own counts means that a measure was taken for another.
    quotient = 100 * table["unemployed_count"] / table["labour_force_count"]
    wrong = ~table["rate_pct"].dropna().between(0, 100).reindex(table.index, fill_value=True)
    wrong |= (table["rate_pct"] - quotient).abs() > 0.1
    if wrong.any():
        first = table[wrong].iloc[0]
        raise AtlasError(
            f"{raw.name} gives state {first['state_fips']} a rate of {first['rate_pct']} in "
            f"{first['month']:%B %Y}, which its counts do not bear out; {_AGAIN}."
        )
    counts = ["unemployed_count", "labour_force_count"]
    table[counts] = table[counts].round().astype("Int64")
    table = table.assign(source_id=SOURCE.source_id, industry_code="000000", is_seasonally_adjusted=True)
    columns = [
        "source_id",
        "month",
        "state_fips",
        "industry_code",
        *counts,
        "rate_pct",
        "is_seasonally_adjusted",
    ]
    return {"unemployment_monthly": table[columns]}


SOURCE = Source(
    source_id="bls_laus",
    title="Local Area Unemployment Statistics, states, seasonally adjusted",
    short_title="BLS LAUS",
    publisher="U.S. Bureau of Labor Statistics",
    licence="US federal government work, public domain",
    landing_url="https://www.bls.gov/lau/",
    cadence="monthly",
    citation=(
        "U.S. Bureau of Labor Statistics. Local Area Unemployment Statistics: statewide data, seasonally "
        "adjusted (la.data.3.AllStatesS). https://download.bls.gov/pub/time.series/la/"
    ),
    tables=("unemployment_monthly",),
    parse=parse,
    remotes=(Remote(f"https://download.bls.gov/pub/time.series/la/{DATA}", "tsv"),),
    suppression="Nothing is withheld; a month that was not collected (October 2025) has no row.",
)
