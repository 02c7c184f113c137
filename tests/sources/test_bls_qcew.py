"""QCEW: synthetic slices in the publisher's full and in the reduced format, and the mirror's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.errors import AtlasError
from etl.source import RawFiles
from etl.sources.bls_qcew import AREAS, SOURCE, read_slice
from tests.sources.helpers import MIRROR, from_mirror, needs_mirror, raw, raws

FULL = (
    '"area_fips","own_code","industry_code","agglvl_code","size_code","year","qtr","disclosure_code","qtrly_estabs",'
    '"month1_emplvl","month2_emplvl","month3_emplvl","total_qtrly_wages","lq_disclosure_code"'
)
REDUCED = (
    '"area_fips","own_code","industry_code","agglvl_code","size_code","year","qtr","disclosure_code",'
    "month1_emplvl,month2_emplvl,month3_emplvl"
)
WITHHELD = "withheld by the publisher"
LOST = "zero or withheld: this copy of the file has lost the disclosure codes"


def full(area: str, own: str, industry: str, months: str, code: str = "", estabs: int = 4, size: str = "0") -> str:
    return f'"{area}","{own}","{industry}","50","{size}","2024","4","{code}",{estabs},{months},99,"{code}"'


def reduced(area: str, own: str, industry: str, months: str) -> str:
    return f'"{area}","{own}","{industry}","50","0","2024","4","",{months}'


def write(path: Path, lines: list[str], end: str = "\r\n") -> Path:
    path.write_bytes((end.join(lines) + end).encode())
    return path


def rows(path: Path) -> list[list[object]]:
    table = read_slice(raw(path)).astype(object)
    return table.where(table.notna(), None).to_numpy().tolist()


def test_the_publishers_format(tmp_path: Path) -> None:
    path = write(
        tmp_path / "01000.csv",
        [
            FULL,
            full("01000", "0", "10", "100,101,103"),
            full("01000", "5", "31-33", "0,0,0", "N"),
            full("01000", "3", "1012", "0,0,0", "-", estabs=0),
            full("01000", "2", "111", "0,0,0"),  # establishments without jobs: a true zero
            full("01000", "5", "1133", "7,7,7"),  # four digits: not kept
            full("01000", "5", "62", "8,8,8", size="3"),  # a size class: not kept
        ],
    )
    assert rows(path) == [
        ["2024Q4", "01", "10", "0", 101, None],
        ["2024Q4", "01", "31-33", "5", None, WITHHELD],
        ["2024Q4", "01", "1012", "3", None, "no establishments to count"],
        ["2024Q4", "01", "111", "2", 0, None],
    ]


def test_the_reduced_format_has_lost_the_codes(tmp_path: Path) -> None:
    lines = [REDUCED, reduced("US000", "0", "10", "5,6,8"), reduced("US000", "3", "21", "0,0,0")]
    path = write(tmp_path / "US000.csv", [*lines, reduced("US000", "1", "441", "0,1,1")], "\n")
    assert rows(path) == [
        ["2024Q4", "00", "10", "0", 6, None],
        ["2024Q4", "00", "21", "3", None, LOST],
        ["2024Q4", "00", "441", "1", 1, None],
    ]


def test_an_industry_slice_gives_the_nation_and_states_only(tmp_path: Path) -> None:
    areas = ["US000", "06000", "06001", "C1010", "72000", "USCMS"]
    path = write(tmp_path / "1012.csv", [FULL, *(full(area, "5", "1012", "1,2,3") for area in areas)])
    assert rows(path) == [["2024Q4", "00", "1012", "5", 2, None], ["2024Q4", "06", "1012", "5", 2, None]]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            [REDUCED.replace("month2", "mean"), reduced("01000", "0", "10", "1,2,3")],
            "has no column month2_emplvl",
        ),
        ([FULL, full("01000", "0", "10", "1,2,3", "Q")], "unknown disclosure code 'Q'"),
        ([FULL, full("01000", "0", "10", "1,-2,3")], "negative number of jobs"),
        ([FULL, full("01000", "0", "10", "1,,3")], "blank number of jobs"),
        ([FULL, full("01000", "0", "10", "1,x,3")], "neither numbers nor known marks"),
        ([FULL], "no rows"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(AtlasError, match=says) as error:
        rows(write(tmp_path / "01000.csv", lines))
    assert "01000.csv" in str(error.value)


@pytest.fixture
def synthetic(tmp_path: Path) -> dict[str, Path]:
    return {
        area: write(tmp_path / f"2024Q4_{area}.csv", [REDUCED, reduced(area, "0", "10", "1,2,3")]) for area in AREAS
    }


def files(paths: dict[str, Path]) -> RawFiles:
    return raws("bls_qcew", *paths.values())


def test_all_areas_are_needed(synthetic: dict[str, Path]) -> None:
    table = SOURCE.parse(files(synthetic))["industry_employment"]
    assert sorted(table["state_fips"]) == sorted(AREAS.values())
    assert len(AREAS) == 52
    del synthetic["56000"]
    with pytest.raises(AtlasError, match=r"bls_qcew needs the file 2024Q4_56000\.csv"):
        SOURCE.parse(files(synthetic))


def test_a_file_of_another_area_is_found_out(synthetic: dict[str, Path]) -> None:
    write(synthetic["56000"], [REDUCED, reduced("55000", "0", "10", "1,2,3")])
    with pytest.raises(AtlasError, match="no rows for the state 56"):
        SOURCE.parse(files(synthetic))
    write(
        synthetic["56000"],
        [REDUCED, reduced("56000", "0", "10", "1,2,3"), reduced("56000", "0", "10", "1,2,3")],
    )
    with pytest.raises(AtlasError, match="2024Q4 56 10 0"):
        SOURCE.parse(files(synthetic))
    write(synthetic["56000"], [REDUCED, reduced("56000", "0", "10", "1,2,3")])
    write(synthetic["US000"], [REDUCED, reduced("US000", "5", "10", "1,2,3")])
    with pytest.raises(AtlasError, match=r"US000\.csv has no total"):
        SOURCE.parse(files(synthetic))


@needs_mirror
def test_mirror() -> None:
    table = SOURCE.parse(from_mirror(SOURCE))["industry_employment"]
    assert len(table) == 12_298
    assert set(table["quarter"]) == {"2024Q4"}
    assert set(table["state_fips"]) == set(AREAS.values())
    totals = table[(table["naics_code"] == "10") & (table["own_code"] == "0")].set_index("state_fips")
    nation = totals["employment_count"]["00"]
    assert nation == 156_468_729
    # The nation's total is the sum of the states' and DC's; each mean is rounded on its own.
    assert abs(totals["employment_count"].drop("00").sum() - nation) <= 26
    assert (table["employment_count"].isna() == table["employment_note"].notna()).all()


@needs_mirror
def test_mirror_industry_slice() -> None:
    table = read_slice(raw(MIRROR / "data.bls.gov/cew/data/api/2023/1/industry/1012.csv"))
    assert set(table["quarter"]) == {"2023Q1"}
    private = table[table["own_code"] == "5"].set_index("state_fips")
    assert len(private) == 52
    assert private.loc["00", "employment_count"] == 7_590_614
    alabama = table[(table["state_fips"] == "01") & (table["own_code"] == "3")].iloc[0]
    assert alabama["employment_note"] == WITHHELD
