"""The codes that publishers share: states, programs, occupations, school years and career-cluster frameworks.

Every function takes a text column and gives the codes as the warehouse writes them, or raises ``AtlasError`` with the
file and the first value that is no such code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from etl.errors import AtlasError
from etl.settings import Settings
from etl.tabular import AGAIN

_reference = pd.read_csv(Settings().reference_dir / "state.csv", dtype=str)
_states = _reference[_reference["state_fips"] != "00"]
#: Postal abbreviation to FIPS code: the 50 states and DC.
STATES: dict[str, str] = dict(zip(_states["state_abbr"], _states["state_fips"], strict=True))
#: State name to FIPS code.
FIPS_BY_NAME: dict[str, str] = dict(zip(_states["state_name"], _states["state_fips"], strict=True))
#: FIPS codes of the territories that publishers list beside the states: Guam, Puerto Rico, Virgin Islands.
TERRITORIES = frozenset({"66", "72", "78"})

#: What stands in the federal crosswalk for "no program" and "no occupation".
NO_CIP, NO_SOC = "99.9999", "99-9999"

#: The two generations of career clusters.
FRAMEWORK_2024, FRAMEWORK_2002 = "14 clusters (2024)", "16 clusters (2002)"


def need_states(found: Iterable[str], where: str) -> None:
    """Raise ``AtlasError`` unless every state and DC is among the FIPS codes ``found``."""
    missing = sorted(set(STATES.values()) - set(found))
    if missing:
        raise AtlasError(f"{where} has no rows for the state {', '.join(missing)} (FIPS); {AGAIN}.")


def state_codes(names: pd.Series, where: str) -> pd.Series:
    """Two-digit FIPS codes of states by name; a name that is not in ``data/reference/state.csv`` is an error."""
    codes = names.map(FIPS_BY_NAME)
    if codes.isna().any():
        odd = names[codes.isna()].iloc[0]
        raise AtlasError(
            f"{where} has the state {odd!r}, which is not in data/reference/state.csv; correct its name or "
            "remove its rows."
        )
    return codes


def school_years(years: pd.Series, where: str) -> pd.Series:
    """School years as ``2020-21``, from that or from ``2020-2021``."""
    fixed = {}
    for year in years.unique():
        parts = re.fullmatch(r"(\d{4})\s*-\s*(?:\d\d)?(\d\d)", str(year))
        if not parts or (int(parts[1]) + 1) % 100 != int(parts[2]):
            raise AtlasError(f"{where} has the school year {year!r}, which should be like 2020-21; correct the file.")
        fixed[year] = f"{parts[1]}-{parts[2]}"
    return years.map(fixed)


def cip_codes(column: pd.Series, where: str) -> pd.Series:
    """Six-digit CIP codes as ``'01.0999'``, with the zeros that spreadsheets drop put back.

    Only for columns that hold nothing but six-digit codes: ``1.01`` is read as ``01.0100``.
    """
    fixed = {}
    for code in column.unique():
        parts = re.fullmatch(r"(\d{1,2})\.(\d{1,4})", str(code).strip())
        if not parts:
            raise AtlasError(
                f"{where} has the program code {code!r}, which is no six-digit CIP code; correct the file."
            )
        fixed[code] = f"{parts[1].zfill(2)}.{parts[2].ljust(4, '0')}"
    return column.map(fixed)


def soc_codes(column: pd.Series, where: str) -> pd.Series:
    """SOC codes as ``'11-1011'``; blanks within a code, a lost hyphen or an added ``.00`` are put right."""
    fixed = {}
    for code in column.unique():
        parts = re.fullmatch(r"(\d{2})-?(\d{4})(?:\.00)?", "".join(str(code).split()))
        if not parts:
            raise AtlasError(f"{where} has the occupation code {code!r}, which is no SOC code; correct the file.")
        fixed[code] = f"{parts[1]}-{parts[2]}"
    return column.map(fixed)
