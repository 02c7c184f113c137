"""BLS Quarterly Census of Employment and Wages: covered employment by industry, ownership and state.

What to know before using it:

* One file per area ("area slice"), here of one quarter, the newest that is whole, for the nation and each
  state. The publisher's names do not say the quarter, so ours do: ``2024Q4_US000.csv``. A file per industry
  ("industry slice") has the same columns and is read by the same function; its counties and metropolitan
  areas are left out. Puerto Rico and the Virgin Islands are not among our states.
* Employment is the mean of the quarter's three monthly levels.
* Disclosure code N means withheld, and the zeros beside it are not zeros; code - means that there are no
  establishments to count. A reduced copy of a file, without the number of establishments, has lost the
  codes: a zero in it may be either, and is NULL as well. Where the code is there and blank, a zero is a
  true zero.
* Only all industries (10), supersectors (101 to 1029), sectors (31-33) and three-digit NAICS codes are
  kept.
* Withheld cells make sectors add up to less than their total (96 to 99 % in CT, HI, ID, ME and VT).
* The publisher gives all ownerships together (own_code 0) for all industries only.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from etl.codes import STATES, need_states
from etl.errors import AtlasError
from etl.source import Frames, RawFile, RawFiles, Releases, Remote, Source, listed
from etl.tabular import AGAIN, need_unique, numbers, read_delimited

#: The quarter that is there in any case; the newest one stands in its place.
FIRST_QUARTER = "2024Q4"

_CODES = ["area_fips", "own_code", "industry_code", "size_code", "year", "qtr", "disclosure_code"]
_MONTHS = ["month1_emplvl", "month2_emplvl", "month3_emplvl"]
_KEY = ["quarter", "state_fips", "naics_code", "own_code"]

#: Area codes of the publisher and what they are here.
AREAS: dict[str, str] = {"US000": "00"} | {f"{fips}000": fips for fips in STATES.values()}

_WITHHELD = {"N": "withheld by the publisher", "-": "no establishments to count"}
_LOST_CODE = "zero or withheld: this copy of the file has lost the disclosure codes"


def read_slice(raw: RawFile) -> pd.DataFrame:
    """The rows of an area or industry slice on the nation or a state, at the depth that is kept."""
    rows = read_delimited(raw, columns=[*_CODES, *_MONTHS])
    with raw.path.open(encoding="utf-8-sig") as file:
        has_establishments = "qtrly_estabs" in file.readline()
    kept = (
        rows["area_fips"].isin(AREAS.keys())
        & (rows["size_code"] == "0")
        & rows["industry_code"].str.fullmatch(r"\d\d-\d\d|10\d\d|\d{2,3}")
    )
    rows = rows[kept].reset_index(drop=True)

    levels = pd.DataFrame({m: numbers(rows[m], where=f"{m} of {raw.name}")[0] for m in _MONTHS})
    if (levels < 0).any(axis=None):
        raise AtlasError(f"{raw.name} has a negative number of jobs; {AGAIN}.")
    unknown = rows["disclosure_code"].dropna()[lambda code: ~code.isin(_WITHHELD.keys())]
    if len(unknown):
        raise AtlasError(f"{raw.name} has the unknown disclosure code {unknown.iloc[0]!r}; {AGAIN}.")
    note = rows["disclosure_code"].map(_WITHHELD)
    if not has_establishments:
        note = note.mask(note.isna() & (levels == 0).all(axis=1), _LOST_CODE)
    employment = (levels.sum(axis=1, skipna=False) / len(_MONTHS)).round().astype("Int64").mask(note.notna())
    if (employment.isna() & note.isna()).any():
        raise AtlasError(f"{raw.name} has a blank number of jobs without a disclosure code; {AGAIN}.")
    return pd.DataFrame(
        {
            "quarter": rows["year"] + "Q" + rows["qtr"],
            "state_fips": rows["area_fips"].map(AREAS),
            "naics_code": rows["industry_code"],
            "own_code": rows["own_code"],
            "employment_count": employment,
            "employment_note": note,
        }
    )


def parse(raws: RawFiles) -> Frames:
    """One row per quarter, state, industry and ownership, from the slices of the nation and every state."""
    quarters = sorted({name[:6] for name in raws if name[6:7] == "_"}, reverse=True)
    whole = [quarter for quarter in quarters if all(_name(quarter, area) in raws for area in AREAS)]
    quarter = (whole or [FIRST_QUARTER])[0]
    slices = [raws[_name(quarter, area)] for area in AREAS]
    table = pd.concat([_of_quarter(read_slice(raw), quarter, raw.name) for raw in slices], ignore_index=True)
    totals = table[(table["naics_code"] == "10") & (table["own_code"] == "0") & table["employment_count"].notna()]
    need_states(totals["state_fips"], "the QCEW area files together")
    if "00" not in set(totals["state_fips"]):
        raise AtlasError(f"{_name(quarter, 'US000')} has no total of all industries; {AGAIN}.")
    need_unique(table, _KEY, "the QCEW area files")
    return {"industry_employment": table}


def _name(quarter: str, area: str) -> str:
    return f"{quarter}_{area}.csv"


def _of_quarter(table: pd.DataFrame, quarter: str, name: str) -> pd.DataFrame:
    other = table.loc[table["quarter"] != quarter, "quarter"]
    if len(other):
        raise AtlasError(
            f"{name} holds figures of {other.iloc[0]}, not of the quarter that its name promises; {AGAIN}."
        )
    return table


def _files(quarter: str) -> tuple[Remote, ...]:
    address = f"https://data.bls.gov/cew/data/api/{quarter[:4]}/{quarter[-1]}/area"
    return tuple(Remote(f"{address}/{area}.csv", "csv", quarter, _name(quarter, area)) for area in AREAS)


def next_quarter(quarter: str) -> str:
    """The quarter after one.

    >>> next_quarter("2024Q4"), next_quarter("2025Q1")
    ('2025Q1', '2025Q2')
    """
    year, number = int(quarter[:4]), int(quarter[-1])
    return f"{year + 1}Q1" if number == 4 else f"{year}Q{number + 1}"


def _cite(periods: Sequence[str]) -> str:
    return (
        "U.S. Bureau of Labor Statistics. Quarterly Census of Employment and Wages, "
        f"{listed([f'{p[:4]} quarter {p[-1]}' for p in periods])}, area data slices. https://data.bls.gov/cew/data/api/"
    )


SOURCE = Source(
    source_id="bls_qcew",
    title="Quarterly Census of Employment and Wages",
    short_title="BLS QCEW",
    publisher="U.S. Bureau of Labor Statistics",
    licence="US federal government work, public domain",
    landing_url="https://www.bls.gov/cew/",
    cadence="quarterly",
    citation=_cite([FIRST_QUARTER]),
    cite=_cite,
    tables=("industry_employment",),
    parse=parse,
    releases=(Releases("area slices", (FIRST_QUARTER,), _files, next_quarter, newest_only=True),),
    suppression=(
        "Disclosure code N: withheld, NULL with a note. A zero in a copy that lost the codes may be "
        "withheld: NULL with a note too."
    ),
)
