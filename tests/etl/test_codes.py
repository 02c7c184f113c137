"""Codes keep their leading zeros, and what is no code is named."""

from __future__ import annotations

import pandas as pd
import pytest

from etl.codes import STATES, cip_codes, need_states, school_years, soc_codes, state_codes
from etl.errors import AtlasError


def column(*values: str) -> pd.Series:
    return pd.Series(values, dtype="str")


def test_states_are_the_fifty_and_dc() -> None:
    assert len(STATES) == 51
    assert (STATES["NE"], STATES["DC"], STATES["AL"]) == ("31", "11", "01")


def test_a_missing_state_is_named() -> None:
    need_states(STATES.values(), "synthetic.csv")
    with pytest.raises(AtlasError, match=r"synthetic\.csv has no rows for the state 01, 48 \(FIPS\)"):
        need_states(set(STATES.values()) - {"01", "48"}, "synthetic.csv")


@pytest.mark.parametrize(
    ("read", "given", "codes"),
    [
        (state_codes, ("Alabama", "District of Columbia"), ["01", "11"]),
        (school_years, ("2020-21", "1999-2000"), ["2020-21", "1999-00"]),
        (cip_codes, ("1.01", "51.3801", "01.0999"), ["01.0100", "51.3801", "01.0999"]),
        (soc_codes, ("11-1011", "111011", "29 -1141", "29-1141.00"), ["11-1011"] * 2 + ["29-1141"] * 2),
    ],
)
def test_codes_are_written_in_one_way(read, given: tuple[str, ...], codes: list[str]) -> None:
    assert read(column(*given), "synthetic.csv").tolist() == codes


@pytest.mark.parametrize(
    ("read", "odd"),
    [
        (state_codes, "Alabma"),
        (school_years, "2020-22"),
        (school_years, "2020"),
        (cip_codes, "51"),
        (cip_codes, "51.38011"),
        (soc_codes, "11-101"),
        (soc_codes, "29-1141.01"),
    ],
)
def test_what_is_no_code_is_named(read, odd: str) -> None:
    with pytest.raises(AtlasError, match=r"synthetic\.csv") as error:
        read(column(odd), "synthetic.csv")
    assert repr(odd) in str(error.value)
