"""Projections Central from synthetic files in the publisher's format, and from a mirror."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.sources import projections_central
from tests.sources.helpers import MIRROR, needs_mirror, raw, raws

HEADING = "Title,Base,Projected,PercentChange,AvgAnnualOpenings,STFIPS,OccCode"
STATES = [n for n in range(1, 57) if n not in {3, 7, 14, 43, 52}]
NATION = '"Total, All Occupations",164482590,169148090,2.8,18566500,0,00-0000'
LINES = [NATION] + [f'"Total, All Occupations",1000,1100,10,120,{s},00-0000' for s in STATES]


def written(folder: Path, lines: list[str], heading: str = HEADING) -> Path:
    path = folder / "longterm.csv"
    path.write_text("\n".join([heading, *lines, ""]), encoding="utf-8")
    return path


def parse(*paths: Path) -> pd.DataFrame:
    return projections_central.SOURCE.parse(raws("projections_central", *paths))["projection_state"]


def page(folder: Path, rows: list[dict[str, object]], total: int, name: str = "06.json") -> Path:
    path = folder / name
    path.write_text(json.dumps({"rows": rows, "pager": {"total_items": total, "total_pages": 1}}))
    return path


def json_row(code: str, title: str, state: str = "6", **more: object) -> dict[str, object]:
    figures = {"Base": "900", "Projected": "1000", "AvgAnnualOpenings": "110", "PercentChange": "11.1"}
    years = {"BaseYear": "2024", "ProjYear": "2034", "Area": "California", "StateURL": None}
    return {"STFIPS": state, "OccCode": code, "Title": title, **figures, **years, **more}


def test_rows_without_nation_and_territories(tmp_path: Path) -> None:
    lines = [
        *LINES,
        '"Painters, Construction and Maintenance",50,40,-20,0,1,15-1151',
        "Cooks,10,10,0,0,66,35-2019",
    ]
    frame = parse(written(tmp_path, lines))
    assert len(frame) == 52
    assert set(frame["state_fips"]) == {f"{s:02}" for s in STATES}
    assert frame.iloc[-1].to_dict() == {
        "base_year": 2022,
        "projection_year": 2032,
        "state_fips": "01",
        "soc_code": "15-1151",
        "title": "Painters, Construction and Maintenance",
        "employment_base_count": 50,
        "employment_projected_count": 40,
        "openings_annual_count": 0,
    }


def test_no_jobs_in_both_years_is_no_figure(tmp_path: Path) -> None:
    frame = parse(written(tmp_path, [*LINES, "Flight Attendants,0,0,0,0,16,53-2031"]))
    assert frame.iloc[-1][["employment_base_count", "employment_projected_count", "openings_annual_count"]].isna().all()


def test_years_come_from_columns_where_there_are_any(tmp_path: Path) -> None:
    lines = [f"{line},2024,2034" for line in LINES[1:]]
    frame = parse(written(tmp_path, lines, f"{HEADING},BaseYear,ProjYear"))
    assert set(frame["projection_year"]) == {2034}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([*LINES, LINES[1]], "2032 01 00-0000 twice"),
        (LINES[1:], "no columns BaseYear and ProjYear"),
        ([NATION.replace("164482590", "1"), *LINES[1:]], "no known round of projections"),
        (LINES[:-3], "lacks the states 54, 55, 56"),
        ([*LINES, "Cooks,10,10,0,0,60,35-2019"], "unknown STFIPS 60"),
        ([*LINES, "Cooks,ten,10,0,0,1,35-2019"], "neither numbers nor known marks"),
        ([*LINES, "Cooks,,10,0,0,1,35-2019"], "blank or negative employment_base_count"),
        ([*LINES, "Cooks,10,10,0,0,1,352019"], "occupation code like 47-2111"),
    ],
)
def test_what_cannot_be_true_is_refused(tmp_path: Path, lines: list[str], message: str) -> None:
    with pytest.raises(AtlasError, match=message) as caught:
        parse(written(tmp_path, lines))
    assert "longterm.csv" in str(caught.value)


def test_missing_column(tmp_path: Path) -> None:
    with pytest.raises(AtlasError, match=r"longterm\.csv has no column AvgAnnualOpenings"):
        parse(written(tmp_path, LINES, HEADING.replace("AvgAnnualOpenings", "Openings")))


def test_follow_names_the_csv() -> None:
    remote = projections_central.follow(b'{"content": "https://files.example/lt.csv?signature=abc"}')
    assert (remote.url, remote.name, remote.kind) == (
        "https://files.example/lt.csv?signature=abc",
        "longterm.csv",
        "csv",
    )
    for answer in (b"<html>", b"{}", b"[]", b'{"content": "file:///etc/hosts"}', b'{"content": 5}'):
        with pytest.raises(AtlasError):
            projections_central.follow(answer)


def test_json_pages_are_read_beside_the_csv(tmp_path: Path) -> None:
    rows = [json_row("00-0000", "Total, All Occupations"), json_row("29-1141", "Registered Nurses")]
    frame = parse(written(tmp_path, LINES), page(tmp_path, rows, 2))
    newer = frame[frame["projection_year"] == 2034]
    assert list(newer["soc_code"]) == ["00-0000", "29-1141"]
    assert set(newer["state_fips"]) == {"06"}
    assert len(frame) == 53


def test_a_cut_off_page_is_refused(tmp_path: Path) -> None:
    rows = [json_row("00-0000", "Total"), *(json_row(f"11-{n:04}", "Manager") for n in range(1, 100))]
    cases = [(rows, 100), (rows[:50], 671), (rows[1:50], 49), ([], 0)]
    for held, promised in cases:
        with pytest.raises(AtlasError, match=r"06\.json (is cut off|has no column)"):
            projections_central.read_page(raw(page(tmp_path, held, promised)))
    broken = tmp_path / "broken.json"
    broken.write_text("<html>404</html>")
    with pytest.raises(AtlasError, match=r"broken\.json is not a page"):
        projections_central.read_page(raw(broken))


@needs_mirror
def test_published_figures() -> None:
    frame = parse(MIRROR / "public.projectionscentral.org/files/longterm.csv")
    assert len(frame) == 34_750
    assert frame["state_fips"].nunique() == 51
    california = frame[(frame["state_fips"] == "06") & (frame["soc_code"] == "00-0000")].iloc[0]
    assert california["openings_annual_count"] == 2_396_740
    sample = MIRROR.parent / "samples" / "api" / "projectionscentral_longterm_first100.json"
    if sample.is_file():
        with pytest.raises(AtlasError, match="is cut off"):
            projections_central.read_page(raw(sample))
