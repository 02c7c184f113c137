"""LAUS: synthetic files in the publisher's format, and the mirror's file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.bls_flat import read_series
from etl.codes import STATES
from etl.errors import AtlasError
from etl.sources.bls_laus import DATA, SOURCE
from tests.sources.helpers import from_mirror, needs_mirror, raw, raws

HEADING = "series_id                     \tyear\tperiod\t       value\tfootnote_codes"


def line(series: str, year: int, period: str, value: object, footnote: str = "") -> str:
    return f"{series:<30}\t{year}\t{period}\t{value!s:>12}\t{footnote}"


def state_lines(fips: str, year: int = 2025, period: str = "M09") -> list[str]:
    """A synthetic state: 5,000 of 100,000 are unemployed."""
    values = {"03": 5.0, "04": 5000, "05": 95000, "06": 100000}
    return [line(f"LASST{fips}00000000000{measure}", year, period, value) for measure, value in values.items()]


def write(path: Path, lines: list[str], end: str = "\r\n", heading: str = HEADING) -> Path:
    path.write_bytes((end.join([heading, *lines]) + end).encode())
    return path


@pytest.fixture
def synthetic_lines() -> list[str]:
    return [text for fips in STATES.values() for text in state_lines(fips)]


def test_every_state_gets_its_three_measures(tmp_path: Path, synthetic_lines: list[str]) -> None:
    extra = [
        *state_lines("72"),  # Puerto Rico
        line("LASST010000000000003", 2025, "M10", "-", "X"),  # not collected
        line("LASST010000000000003", 2025, "M13", 4.4),  # annual mean
        line("LAUST010000000000003", 2025, "M11", 9.9),  # not seasonally adjusted
        line("LASST010000000000003", 2025, "M11", 5.1, "P"),
    ]
    path = write(tmp_path / DATA, synthetic_lines + extra)
    table = SOURCE.parse(raws("bls_laus", path))["unemployment_monthly"]
    assert len(table) == 52
    assert set(table["state_fips"]) == set(STATES.values())
    alabama = table[table["state_fips"] == "01"]
    assert list(alabama["month"]) == [pd.Timestamp("2025-09-01"), pd.Timestamp("2025-11-01")]
    first = alabama.iloc[0].drop("month").to_dict()
    assert first == {
        "source_id": "bls_laus",
        "state_fips": "01",
        "industry_code": "000000",
        "unemployed_count": 5000,
        "labour_force_count": 100000,
        "rate_pct": 5.0,
        "is_seasonally_adjusted": True,
    }
    assert alabama["unemployed_count"].isna().tolist() == [False, True]


def test_mixed_line_ends_and_quotes_lose_no_row(tmp_path: Path) -> None:
    path = tmp_path / DATA
    lines = [HEADING, *(line(f"S{n:05}", 2025, "M01", n) for n in range(5000))]
    path.write_bytes(b"".join((text + ("\r\n" if n % 3 else "\n")).encode() for n, text in enumerate(lines)))
    with path.open("ab") as file:
        file.write(line('A "quoted', 2025, "M02", 7, "P").encode())  # no line end at the end of the file
    values = read_series(raw(path), ".*")
    assert values["value"].tolist() == [*range(5000), 7]
    assert values["is_preliminary"].sum() == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: [t for t in lines if not t.startswith("LASST56")], "no rows for the state 56"),
        (lambda lines: [*lines, lines[0]], "twice for September 2025"),
        (lambda lines: [*lines, line("LASST010000000000003", 2025, "M11", 101.0)], "rate of 101"),
        (lambda lines: [line("LASST010000000000003", 2025, "M09", 7.0), *lines[1:]], "do not bear out"),
        (lambda lines: [line("LASST010000000000003", 2025, "M09", "5,0"), *lines[1:]], "cannot be read"),
        (lambda lines: [*lines, "LASST01"], "cannot be read"),
        (lambda lines: [], "holds no monthly value"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, synthetic_lines: list[str], change, says: str) -> None:
    path = write(tmp_path / DATA, change(synthetic_lines))
    with pytest.raises(AtlasError, match=says) as error:
        SOURCE.parse(raws("bls_laus", path))
    assert DATA in str(error.value)


def test_a_missing_column_is_named(tmp_path: Path, synthetic_lines: list[str]) -> None:
    path = write(tmp_path / DATA, synthetic_lines, heading=HEADING.replace("value", "amount"))
    with pytest.raises(AtlasError, match=r"la\.data\.3\.AllStatesS has no column value"):
        SOURCE.parse(raws("bls_laus", path))


@needs_mirror
def test_mirror() -> None:
    table = SOURCE.parse(from_mirror(SOURCE))["unemployment_monthly"]
    assert len(table) == 1428
    assert table["month"].min() == pd.Timestamp("2024-01-01")
    assert table["month"].max() == pd.Timestamp("2026-05-01")
    assert pd.Timestamp("2025-10-01") not in set(table["month"])
    assert not table.duplicated(["month", "state_fips"]).any()
    assert table.notna().all(axis=None)
    wyoming = table[(table["state_fips"] == "56") & (table["month"] == "2026-05-01")].iloc[0]
    assert wyoming["labour_force_count"] == 286969
