"""The parser of the CIP-SOC crosswalk, on synthetic workbooks and, where at hand, on the publisher's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from etl.errors import AtlasError
from etl.sources.nces_crosswalk import SOURCE
from tests.sources.helpers import from_mirror, needs_mirror, raws

BY_PROGRAM = ["CIP2020Code", "CIP2020Title", "SOC2018Code", "SOC2018Title"]
BY_OCCUPATION = ["SOC2018Code", "SOC2018Title", "CIP2020Code", "CIP2020Title"]
#: Synthetic: two true pairs, a program and an occupation without a match.
PAIRS = [
    ["51.3801", "Registered Nursing.", "29-1141", "Registered Nurses"],
    ["51.3801", "Registered Nursing.", "25-1072", "Nursing Instructors and Teachers, Postsecondary"],
    ["01.0508", "Taxidermy/Taxidermist.", "99-9999", "NO MATCH"],
    ["99.9999", "NO MATCH", "27-1023", "Floral Designers"],
]


def write(folder: Path, by_program: Sequence[Sequence[object]], by_occupation: Sequence[Sequence[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.active.title = "File Guide"
    for title, heading, rows in (
        ("CIP-SOC", BY_PROGRAM, by_program),
        ("SOC-CIP", BY_OCCUPATION, [[*row[2:], *row[:2]] for row in by_occupation]),
    ):
        sheet = workbook.create_sheet(title)
        for row in [heading, *rows]:
            sheet.append(row)
    path = folder / "CIP2020_SOC2018_Crosswalk.xlsx"
    workbook.save(path)
    return path


def test_sentinels_go_and_teacher_links_are_marked(tmp_path: Path) -> None:
    # A spreadsheet may have turned a code into a number, or lost a hyphen.
    extra = [1.01, "Agricultural Business.", "111021", "General and Operations Managers"]
    frames = SOURCE.parse(raws("nces_crosswalk", write(tmp_path, [*PAIRS, extra], [*PAIRS, extra])))
    assert frames["program_occupation"].values.tolist() == [
        ["01.0100", "11-1021", False],
        ["51.3801", "25-1072", True],
        ["51.3801", "29-1141", False],
    ]
    assert frames["occupation_title"].values.tolist() == [
        ["11-1021", "General and Operations Managers"],
        ["25-1072", "Nursing Instructors and Teachers, Postsecondary"],
        ["27-1023", "Floral Designers"],
        ["29-1141", "Registered Nurses"],
    ]


def test_sheets_that_disagree_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, PAIRS, PAIRS[1:])
    with pytest.raises(AtlasError, match=r"CIP2020_SOC2018_Crosswalk\.xlsx should list the same pairs"):
        SOURCE.parse(raws("nces_crosswalk", path))


def test_an_occupation_with_two_titles_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, PAIRS, [*PAIRS, ["51.3899", "Nursing, Other.", "29-1141", "Nurses"]])
    with pytest.raises(AtlasError, match=r"Crosswalk\.xlsx"):
        SOURCE.parse(raws("nces_crosswalk", path))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (PAIRS[0], "pairs 51.3801 with 29-1141 twice"),
        (["51", "Health.", "29-1141", "Registered Nurses"], "'51'"),
        (["51.3801", "Registered Nursing.", "29-114", "Registered Nurses"], "'29-114'"),
    ],
)
def test_wrong_rows_are_refused(tmp_path: Path, row: list[object], says: str) -> None:
    path = write(tmp_path, [*PAIRS, row], [*PAIRS, row])
    with pytest.raises(AtlasError, match=says) as error:
        SOURCE.parse(raws("nces_crosswalk", path))
    assert "CIP2020_SOC2018_Crosswalk.xlsx" in str(error.value)


def test_a_missing_sheet_or_column_or_a_cut_workbook_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, PAIRS, PAIRS)
    whole = path.read_bytes()
    workbook = openpyxl.load_workbook(path)
    workbook["CIP-SOC"]["C1"] = "SOC2028Code"
    workbook.save(path)
    with pytest.raises(AtlasError, match=r"CIP2020_SOC2018_Crosswalk\.xlsx has no column SOC2018Code"):
        SOURCE.parse(raws("nces_crosswalk", path))
    del workbook["CIP-SOC"]
    workbook.save(path)
    with pytest.raises(AtlasError, match=r"CIP2020_SOC2018_Crosswalk\.xlsx has no sheet 'CIP-SOC'"):
        SOURCE.parse(raws("nces_crosswalk", path))
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(AtlasError, match=r"CIP2020_SOC2018_Crosswalk\.xlsx is not an Excel workbook"):
        SOURCE.parse(raws("nces_crosswalk", path))


@needs_mirror
def test_the_publishers_file() -> None:
    frames = SOURCE.parse(from_mirror(SOURCE))
    pairs = frames["program_occupation"]
    used = pairs[~pairs["is_teacher_link"]]
    assert (len(pairs), pairs["cip_code"].nunique(), pairs["soc_code"].nunique()) == (5723, 1948, 687)
    assert (len(used), used["cip_code"].nunique(), used["soc_code"].nunique()) == (4325, 1856, 650)
    assert len(frames["occupation_title"]) == 867
