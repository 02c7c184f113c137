"""Indeed Hiring Lab's index of online job postings: the nation, by occupational sector, and by state, daily.

What to know before using it:

* The index is a seven-day trailing mean, 1 February 2020 = 100. It says nothing about how many postings
  there are, and a posting is not a vacancy.
* The national file has a seasonally adjusted and an unadjusted column; they become two rows here. The files
  by sector and by state have one column, which the publisher documents as seasonally adjusted, each series
  on its own.
* ``variable`` is all postings or those new within seven days. The file by state has no such column: it is
  all postings.
* Sectors are the publisher's own, of occupations and not industries. A stored copy by sector may end years
  before the others, so each sector's last day belongs in a title.
"""

from __future__ import annotations

import pandas as pd

from etl.codes import STATES, need_states
from etl.errors import AtlasError
from etl.source import Frames, RawFile, RawFiles, Remote, Source
from etl.tabular import AGAIN, numbers, read_delimited

_ADDRESS = "https://raw.githubusercontent.com/hiring-lab/job_postings_tracker/master/US"
NATION = "aggregate_job_postings_US.csv"
SECTORS = "job_postings_by_sector_US.csv"
BY_STATE = "state_job_postings_us.csv"

_BASE_DAY = pd.Timestamp("2020-02-01")
_VARIABLES = {"total postings", "new postings"}
_KEY = ["date", "state_fips", "sector", "variable", "is_seasonally_adjusted"]
_COLUMNS = ["date", "state_fips", "sector", "variable", "postings_index", "is_seasonally_adjusted"]


def _table(raw: RawFile, rows: pd.DataFrame, index: str, is_seasonally_adjusted: bool = True) -> pd.DataFrame:
    """The table's rows from one index column, checked; ``rows`` also has date, place, sector and variable."""
    days = pd.to_datetime(rows["date"], format="%Y-%m-%d", errors="coerce")
    value, _ = numbers(rows[index], where=f"{index} of {raw.name}")
    table = rows.assign(date=days, postings_index=value, is_seasonally_adjusted=is_seasonally_adjusted)[_COLUMNS]
    if table[_KEY].isna().any(axis=None) or not set(table["variable"]) <= _VARIABLES:
        raise AtlasError(f"{raw.name} has a row without a day, place, sector or known kind of postings; {AGAIN}.")
    if (table["postings_index"] < 0).any() or (table.loc[days == _BASE_DAY, "postings_index"] != 100).any():
        raise AtlasError(f"{raw.name} is not an index with 1 February 2020 = 100; {AGAIN}.")
    twice = table[table.duplicated(_KEY)]
    if len(twice):
        first = twice.iloc[0]
        raise AtlasError(
            f"{raw.name} gives {first['sector']} in state {first['state_fips']} twice on "
            f"{first['date']:%Y-%m-%d}; {AGAIN}."
        )
    return table


def _of_the_nation(raw: RawFile, columns: list[str]) -> pd.DataFrame:
    rows = read_delimited(raw, columns=["date", "jobcountry", "variable", *columns])
    abroad = set(rows["jobcountry"].fillna("")) - {"US"}
    if abroad:
        raise AtlasError(f"{raw.name} has rows of the country {min(abroad)!r}, not only of the US; {AGAIN}.")
    return rows.assign(state_fips="00")


def _nation(raw: RawFile) -> pd.DataFrame:
    adjusted, unadjusted = "indeed_job_postings_index_SA", "indeed_job_postings_index_NSA"
    rows = _of_the_nation(raw, [adjusted, unadjusted]).assign(sector="all")
    return pd.concat([_table(raw, rows, adjusted), _table(raw, rows, unadjusted, is_seasonally_adjusted=False)])


def _sectors(raw: RawFile) -> pd.DataFrame:
    index = "indeed_job_postings_index"
    return _table(raw, _of_the_nation(raw, [index, "display_name"]).rename(columns={"display_name": "sector"}), index)


def _states(raw: RawFile) -> pd.DataFrame:
    index = "indeed_job_postings_index"
    rows = read_delimited(raw, columns=["date", "state", index])
    fips = rows["state"].str.upper().map(STATES)
    need_states(fips.dropna(), raw.name)
    return _table(raw, rows.assign(state_fips=fips, sector="all", variable="total postings"), index)


def parse(raws: RawFiles) -> Frames:
    """One row per day, place, sector, kind of postings and adjustment."""
    parts = [_nation(raws[NATION]), _sectors(raws[SECTORS]), _states(raws[BY_STATE])]
    return {"postings_index": pd.concat(parts, ignore_index=True)}


SOURCE = Source(
    source_id="indeed",
    title="Indeed Job Postings Index",
    short_title="Indeed Hiring Lab",
    publisher="Indeed Hiring Lab",
    licence="CC BY 4.0, credit Indeed Hiring Lab",
    landing_url="https://github.com/hiring-lab/job_postings_tracker",
    cadence="daily",
    citation=(
        "Indeed Hiring Lab. Indeed Job Postings Index, United States. Licensed under CC BY 4.0. "
        "https://github.com/hiring-lab/job_postings_tracker"
    ),
    tables=("postings_index",),
    parse=parse,
    remotes=tuple(Remote(f"{_ADDRESS}/{name}", "csv") for name in (NATION, SECTORS, BY_STATE)),
    suppression="Nothing is withheld.",
)
