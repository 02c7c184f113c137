"""OEWS from synthetic workbooks in the publisher's format, and from a mirror where there is one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.sources import bls_oews
from tests.sources.helpers import from_mirror, needs_mirror, raws

HEADINGS = (  # noqa: SIM905
    "AREA AREA_TITLE AREA_TYPE PRIM_STATE NAICS NAICS_TITLE I_GROUP OWN_CODE OCC_CODE OCC_TITLE O_GROUP "
    "TOT_EMP EMP_PRSE JOBS_1000 LOC_QUOTIENT PCT_TOTAL PCT_RPT H_MEAN A_MEAN MEAN_PRSE H_PCT10 H_PCT25 "
    "H_MEDIAN H_PCT75 H_PCT90 A_PCT10 A_PCT25 A_MEDIAN A_PCT75 A_PCT90 ANNUAL HOURLY"
).split()
WAGES = ("A_MEAN", "A_PCT10", "A_PCT25", "A_MEDIAN", "A_PCT75", "A_PCT90")
SECTORS = sorted(bls_oews._SECTORS)
STATES = [f"{n:02}" for n in range(1, 57) if n not in {3, 7, 14, 43, 52}]

Row = dict[str, object]


def row(code: str, group: str, employment: object, wages: object = 50_000.0, **more: object) -> Row:
    values = wages if isinstance(wages, tuple) else (wages,) * 6
    base: Row = {"AREA": "99", "NAICS": "000000", "OWN_CODE": "1235", "OCC_CODE": code, "O_GROUP": group}
    return base | {"TOT_EMP": employment} | dict(zip(WAGES, values, strict=True)) | more


def zipped(folder: Path, name: str, member: str, rows: list[Row], headings: list[str] = HEADINGS) -> Path:
    """A synthetic zip as the publisher makes them; the sheet is named after the member."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = Path(member).stem
    sheet.append(headings)
    for values in rows:
        sheet.append([values.get(h, "") for h in headings])
    workbook.create_sheet("Field Descriptions")
    content = io.BytesIO()
    workbook.save(content)
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{Path(name).stem}/{member}", content.getvalue())
        archive.writestr(f"{Path(name).stem}/nat3d_owner_dl.xlsx", b"another kind of estimate, not read")
    return path


NATION = [
    row("00-0000", "total", 1000.0),
    row("11-0000", "major", 600.0, (90_000.0, 40_000.0, 60_000.0, 80_000.0, "#", "#")),
    row("13-1000", "minor", 600.0),
    row("13-1020", "broad", 600.0),
    row("13-1020", "detailed", 600.0, 71_000.0),
    row("27-2011", "detailed", 400.0, "*", HOURLY=True),
]


def files(
    folder: Path,
    nation: list[Row] | None = None,
    state: list[Row] | None = None,
    sector: list[Row] | None = None,
    headings: list[str] = HEADINGS,
) -> list[Path]:
    state = state or [row("00-0000", "total", 100.0, AREA=s) for s in STATES] + [
        row("29-1141", "detailed", 100.0, AREA=s, LOC_QUOTIENT=1.25) for s in STATES
    ]
    sector = sector or [
        row(code, group, 50.0, NAICS=s, OWN_CODE=own)
        for s, own in zip(SECTORS, ["5"] * 14 + ["235", "58", "57", "57", "5", "123"], strict=True)
        for code, group in (("00-0000", "total"), ("51-2090", "broad"), ("51-2090", "detailed"))
    ]
    paths = [zipped(folder, "oesm24in4.zip", "Natsector_M2024_dl.xlsx", sector)]
    for year in (2024, 2025):
        yy = year % 100
        member = f"national_M{year}_dl.xlsx"
        paths.append(zipped(folder, f"oesm{yy}nat.zip", member, nation or NATION, headings))
        paths.append(zipped(folder, f"oesm{yy}st.zip", f"state_M{year}_dl.xlsx", state))
    return paths


def areas(paths: list[Path]) -> pd.DataFrame:
    return bls_oews.SOURCE.parse(raws("bls_oews", *paths))["occupation_employment"]


def cell(frame: pd.DataFrame, year: int, state: str, soc: str) -> pd.Series:
    """The one row of a year, state and occupation."""
    chosen = frame[(frame["reference_year"] == year) & (frame["state_fips"] == state) & (frame["soc_code"] == soc)]
    assert len(chosen) == 1
    return chosen.iloc[0]


def test_rows_groups_and_codes(tmp_path: Path) -> None:
    frame = areas(files(tmp_path))
    assert len(frame) == 2 * (4 + 2 * 51)
    nation = frame[(frame["reference_year"] == 2024) & (frame["state_fips"] == "00")]
    assert list(nation["soc_code"]) == ["00-0000", "11-0000", "13-1020", "27-2011"]
    buyers = cell(frame, 2025, "00", "13-1020")
    assert (buyers["occupation_group"], buyers["employment_count"]) == ("detailed", 600)
    assert buyers["wage_median_usd"] == 71_000
    nurses = cell(frame, 2024, "01", "29-1141")
    assert (nurses["employment_count"], nurses["location_quotient"]) == (100, 1.25)
    assert nurses[["employment_note", "wage_note"]].isna().all()


def test_marks_are_null_with_their_reason(tmp_path: Path) -> None:
    frame = areas(files(tmp_path))
    managers = cell(frame, 2024, "00", "11-0000")
    assert managers["wage_median_usd"] == 80_000
    assert managers[["wage_p75_usd", "wage_p90_usd"]].isna().all()
    top = "at or above the publisher's top code"
    assert managers["wage_note"] == f"{top} of $239,200 a year: 75th percentile, 90th percentile"
    # May 2025 names no top code that its figures keep to.
    assert cell(frame, 2025, "00", "11-0000")["wage_note"] == f"{top}: 75th percentile, 90th percentile"
    actors = cell(frame, 2024, "00", "27-2011")
    assert pd.isna(actors["wage_mean_usd"])
    assert actors["wage_note"] == "only hourly wages are published for this occupation"


def test_withheld_and_lost_values_in_states(tmp_path: Path) -> None:
    state = [row("29-1141", "detailed", 100.0, AREA=s) for s in STATES[2:]]
    state += [row("29-1141", "detailed", "**", "*", AREA=1), row("29-1141", "detailed", "", "", AREA=2)]
    state += [row("29-1141", "detailed", 100.0, AREA="72", AREA_TYPE="3")]
    frame = areas(files(tmp_path, state=state))
    withheld, lost = cell(frame, 2024, "01", "29-1141"), cell(frame, 2024, "02", "29-1141")
    assert withheld["employment_note"] == "withheld: the publisher gives no employment estimate"
    assert withheld["wage_note"] == "withheld: the publisher gives no annual wage"
    assert lost["employment_note"] == lost["wage_note"] == "withheld or not published (mark lost)"
    for gone in (withheld, lost):
        assert gone[["employment_count", "wage_mean_usd", "wage_p90_usd"]].isna().all()
    assert "72" not in set(frame["state_fips"])


def test_sectors_keep_one_row_whatever_the_ownership(tmp_path: Path) -> None:
    parsed = bls_oews.SOURCE.parse(raws("bls_oews", *files(tmp_path)))["industry_occupation_employment"]
    assert len(parsed) == 2 * len(SECTORS)
    manufacturing = parsed[parsed["naics_sector"] == "31-33"]
    assert manufacturing.to_dict("list") == {
        "reference_year": [2024, 2024],
        "naics_sector": ["31-33", "31-33"],
        "soc_code": ["00-0000", "51-2090"],
        "employment_count": [50, 50],
        "employment_note": [pytest.approx(float("nan"), nan_ok=True)] * 2,
        "wage_median_usd": [50_000, 50_000],
        "wage_note": [pytest.approx(float("nan"), nan_ok=True)] * 2,
    }


def test_two_ownerships_of_a_sector_are_ambiguous(tmp_path: Path) -> None:
    sector = [row(c, g, 50.0, NAICS=s) for s in SECTORS for c, g in (("00-0000", "total"), ("51-2090", "detailed"))]
    sector.append(row("51-2090", "detailed", 20.0, NAICS="61", OWN_CODE="3"))
    with pytest.raises(AtlasError, match=r"oesm24in4\.zip has 1 occupations twice \(first 61 51-2090\)"):
        areas(files(tmp_path, sector=sector))


@pytest.mark.parametrize(
    ("nation", "message"),
    [
        (NATION[:-1], "does not agree with the total row"),
        ([*NATION, NATION[4]], "occupations twice"),
        ([*NATION[:-1], row("27-2011", "detailed", 400.0, "n/a")], "neither numbers nor known marks"),
        ([*NATION[:-1], row("27-2011", "detailed", 400.0, 45.0)], "outside 10,000 to"),
        ([*NATION[:-1], row("27-2011", "detailed", 0.0)], "zero or less"),
        ([*NATION[:-1], row("272011", "detailed", 400.0)], "malformed OCC_CODE '272011'"),
        ([*NATION, row("29-1141", "detailed", 1.0, AREA="06")], "areas other than the nation"),
        (
            [*NATION[:-1], row("27-2011", "detailed", 400.0, (5e4, 6e4, 5e4, 5e4, 5e4, 5e4))],
            "wage_p10_usd above wage_p25_usd",
        ),
    ],
)
def test_what_cannot_be_true_is_refused(tmp_path: Path, nation: list[Row], message: str) -> None:
    with pytest.raises(AtlasError, match=message) as caught:
        areas(files(tmp_path, nation=nation))
    assert "national_M2024_dl.xlsx" in str(caught.value)


def test_missing_state_column_sheet_and_file(tmp_path: Path) -> None:
    state = [row("29-1141", "detailed", 100.0, AREA=s) for s in STATES if s != "56"]
    with pytest.raises(AtlasError, match=r"oesm24st\.zip should hold every state once: missing 56"):
        areas(files(tmp_path, state=state))
    without = [h for h in HEADINGS if h != "A_MEDIAN"]
    with pytest.raises(AtlasError, match=r"oesm24nat\.zip has no column A_MEDIAN"):
        areas(files(tmp_path, headings=without))
    paths = files(tmp_path)
    with pytest.raises(AtlasError, match=r"needs the file oesm25st\.zip"):
        areas(paths[:-1])
    renamed = zipped(tmp_path, "oesm24nat.zip", "national_M2023_dl.xlsx", NATION)
    with pytest.raises(AtlasError, match=r"oesm24nat\.zip should hold one national_m2024_dl\.xlsx"):
        areas([*paths[:1], renamed, *paths[2:]])


@needs_mirror
def test_published_figures() -> None:
    frames = bls_oews.SOURCE.parse(from_mirror(bls_oews.SOURCE))
    frame = frames["occupation_employment"]
    total = cell(frame, 2025, "00", "00-0000")
    assert (total["employment_count"], total["wage_median_usd"]) == (155_495_730, 50_980)
    assert cell(frame, 2025, "06", "29-1141")["employment_count"] == 338_940
    assert frames["industry_occupation_employment"]["naics_sector"].nunique() == 20
