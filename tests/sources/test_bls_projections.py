"""Employment Projections from synthetic workbooks in the publisher's format, and from a mirror."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.sources import bls_projections
from tests.sources.helpers import MIRROR, needs_mirror, raws

MATRIX = "2026 National Employment Matrix"
WORKER = [
    f"{MATRIX} title",
    f"{MATRIX} code",
    "Occupation type",
    "Employment, 2026",
    "Employment, 2036",
    "Employment distribution, percent, 2026",
    "Employment change, numeric, 2026–36",
    "Employment change, percent, 2026–36",
    "Occupational openings, 2026–36 annual average",
    "Median annual wage, dollars, 2026[1]",
    "Typical education needed for entry",
    "Work experience in a related occupation",
    "Typical on-the-job training needed to attain competency in the occupation",
]
SEPARATIONS = [
    *WORKER[:5],
    "Employment change, numeric, 2026–36",
    "Labor force exit rate, 2026–36 annual average",
    "Labor force exits, 2026–36 annual average",
    "Occupational transfers, 2026–36 annual average",
    "Occupational openings, 2026–36 annual average",
]
HIGH_SCHOOL = ("High school diploma or equivalent", "None", "Apprenticeship")
#: Title, code, type; base, projected, change, exits, transfers, openings; wage, education, experience,
#: training.
ROWS: list[list[object]] = [
    ["Total, all occupations", "00-0000", "Summary", 100.0, 110.0, 10.0, 3.0, 4.0, 8.0, 49500.0, *"———"],
    ["    Electricians", "47-2111", "Line item", 81.0, 90.1, 9.1, 2.0, 3.0, 5.9, 62350.0, *HIGH_SCHOOL],
    [
        "    Surgeons, all other", "29-1249", "Line item", 18.0, 18.9, 0.9, 0.9, 0.9, 1.9, ">=$239,200",
        "Doctoral or professional degree", "None", "Internship/residency",
    ],
    ["    Actors", "27-2011", "Line item", 1.0, 1.0, 0.0, 0.1, 0.1, 0.2, "—", *HIGH_SCHOOL],
]  # fmt: skip


def workbook(
    folder: Path,
    rows: list[list[object]] = ROWS,
    worker: list[str] = WORKER,
    unit: str = "(Employment in thousands)",
    sheet: str = "Table 1.10",
) -> Path:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet(sheet)
    assert first is not None
    first.title = "Table 1.2"
    first.append([f"Table 1.2 Occupational projections, 2026–2036 {unit}"])
    second.append([f"Table 1.10 Occupational separations and openings, projected 2026–36 {unit}"])
    first.append(worker)
    second.append(SEPARATIONS)
    for t, code, kind, base, projected, change, exits, transfers, openings, *characteristics in rows:
        first.append([t, code, kind, base, projected, 1.0, change, 1.0, openings, *characteristics])
        second.append([t, code, kind, base, projected, change, 1.0, exits, transfers, openings])
    first.append(["Footnotes:"])
    first.append(["[1] Data are from the Occupational Employment and Wage Statistics program."])
    second.append(["Source: Employment Projections program, U.S. Bureau of Labor Statistics"])
    path = folder / "occupation.xlsx"
    book.save(path)
    return path


def parse(path: Path) -> pd.DataFrame:
    return bls_projections.SOURCE.parse(raws("bls_projections", path))["projection_national"]


def changed(line: int, position: int, value: object) -> list[list[object]]:
    rows = [list(r) for r in ROWS]
    rows[line][position] = value
    return rows


def test_rows_years_and_counts(tmp_path: Path) -> None:
    frame = parse(workbook(tmp_path))
    assert list(frame["soc_code"]) == ["00-0000", "47-2111", "29-1249", "27-2011"]
    assert frame.iloc[1].to_dict() == {
        "base_year": 2026,
        "projection_year": 2036,
        "soc_code": "47-2111",
        "title": "Electricians",
        "occupation_type": "Line item",
        "employment_base_count": 81_000,
        "employment_projected_count": 90_100,
        "change_count": 9_100,
        "exits_annual_count": 2_000,
        "transfers_annual_count": 3_000,
        "openings_annual_count": 5_900,
        "wage_median_usd": 62_350.0,
        "wage_note": pytest.approx(float("nan"), nan_ok=True),
        "entry_education": "High school diploma or equivalent",
        "work_experience": "None",
        "on_the_job_training": "Apprenticeship",
    }


def test_marks_are_null_with_their_reason(tmp_path: Path) -> None:
    frame = parse(workbook(tmp_path)).set_index("soc_code")
    top = "at or above the publisher's top code of $239,200 a year"
    assert frame.loc["29-1249", "wage_note"] == top
    assert frame.loc["27-2011", "wage_note"] == "not published: the publisher gives no annual wage"
    assert frame.loc[["29-1249", "27-2011"], "wage_median_usd"].isna().all()
    words = ["entry_education", "work_experience", "on_the_job_training"]
    assert frame.loc["00-0000", words].isna().all()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (changed(1, 3, 82.0), "change of 47-2111 does not follow"),
        (changed(1, 8, 7.9), "openings of 47-2111 does not follow"),
        (changed(0, 3, 120.0)[:1] + ROWS[1:], "change of 00-0000 does not follow"),
        (changed(1, 1, "29-1249"), "codes twice, the first is 29-1249"),
        (changed(1, 1, "472111"), "occupation code like 47-2111"),
        (changed(1, 2, "Group"), "occupation types other than"),
        (changed(1, 3, ""), "occupations without employment_base_count"),
        (
            changed(1, 10, "Some high school"),
            "line items whose entry_education is not one of the known words",
        ),
        (changed(1, 9, 62.35), "outside 10,000 to"),
        (ROWS[:-2], "does not add up to its total row"),
    ],
)
def test_what_cannot_be_true_is_refused(tmp_path: Path, rows: list[list[object]], message: str) -> None:
    with pytest.raises(AtlasError, match=message) as caught:
        parse(workbook(tmp_path, rows))
    assert "occupation.xlsx" in str(caught.value)


def test_a_code_that_is_both_group_and_occupation_is_refused(tmp_path: Path) -> None:
    group = [["Miscellaneous", "47-2111", "Summary", *ROWS[1][3:10], *"———"]]
    with pytest.raises(AtlasError, match="codes twice"):
        parse(workbook(tmp_path, [*ROWS, *group]))


def test_missing_column_sheet_and_unit(tmp_path: Path) -> None:
    without = ["Pay" if h.startswith("Median") else h for h in WORKER]
    with pytest.raises(AtlasError, match=r"'Table 1\.2' of occupation\.xlsx has no one column for wage_median"):
        parse(workbook(tmp_path, worker=without))
    with pytest.raises(AtlasError, match=r"occupation\.xlsx has no sheet 'Table 1\.10'"):
        parse(workbook(tmp_path, sheet="Table 1.7"))
    with pytest.raises(AtlasError, match="in thousands"):
        parse(workbook(tmp_path, unit=""))
    with pytest.raises(AtlasError, match="two years ten years apart"):
        parse(workbook(tmp_path, worker=["Jobs" if h == "Employment, 2036" else h for h in WORKER]))


@needs_mirror
def test_published_figures() -> None:
    frame = parse(MIRROR / "www.bls.gov/emp/ind-occ-matrix/occupation.xlsx").set_index("soc_code")
    total = frame.loc["00-0000"]
    assert (total["base_year"], total["projection_year"]) == (2024, 2034)
    assert total["employment_base_count"] == 169_956_100
    assert total["employment_projected_count"] == 175_167_900
    assert total["openings_annual_count"] == 18_863_300
    assert frame.loc["47-2111", "openings_annual_count"] == 81_000
    assert frame["occupation_type"].value_counts().to_dict() == {"Line item": 832, "Summary": 281}
