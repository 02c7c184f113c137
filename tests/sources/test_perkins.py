"""The parser of Perkins exports, on synthetic workbooks and, where they are at hand, on a state's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.sources.perkins import CLUSTERS, SOURCE
from tests.sources.helpers import MIRROR, raws

SAMPLES = MIRROR.parent / "samples" / "user_files"
NAMES = MIRROR / "www.onetonline.org" / "find" / "career" / "All_Career_Clusters.csv"
HEADING = [
    "State", "Year", "Education Type", "Student Population", "Total Number Of Students", *CLUSTERS.values(),
    "Other (specify)",
]  # fmt: skip
BLANK: list[object] = [None] * 17


def row(
    population: str = "Grand Total",
    counts: Sequence[object] = (),
    state: str = "North Carolina",
    year: str = "2020-2021",
    level: str = "Secondary",
) -> list[object]:
    return [state, year, level, population, *counts, *[None] * (18 - len(counts))]


def write(path: Path, rows: Sequence[Sequence[object]], heading: Sequence[str] = HEADING) -> Path:
    workbook = openpyxl.Workbook()
    for values in [heading, *rows]:
        workbook.active.append(list(values))
    workbook.save(path)
    return path


def test_an_export_becomes_rows_and_blanks_are_not_zero(tmp_path: Path) -> None:
    path = write(
        tmp_path / "synthetic.xlsx",
        [
            row(counts=[100, 60, 0, None, *[1] * 13, 27]),
            row("Migrant Students "),
            ["* A footnote.", *[None] * 21],
            [None] * 22,
        ],
    )
    rows = SOURCE.parse(raws("perkins", path))["cte_enrollment"]
    assert len(rows) == 2 * 18
    assert rows.iloc[0].to_dict() == {
        "school_year": "2020-21",
        "state_fips": "37",
        "education_level": "secondary",
        "population": "all",
        "cluster": "all",
        "students_count": 100,
        "is_suppressed": False,
        "district": "all",
        "framework": "16 clusters (2002)",
        "measure": "concentrators",
        "origin": "synthetic.xlsx",
        "source_id": "perkins",
    }
    everyone = rows[rows["population"] == "all"].set_index("cluster")
    assert everyone.loc["Agriculture, Food & Natural Resources", "students_count"] == 60
    assert everyone.loc["Architecture & Construction", "students_count"] == 0
    assert not everyone.loc["Architecture & Construction", "is_suppressed"]
    assert everyone.loc["Other", "students_count"] == 27
    arts = everyone.loc["Arts, Audio/Video Technology & Communications"]
    assert pd.isna(arts["students_count"])
    assert arts["is_suppressed"]
    migrants = rows[rows["population"] == "Migrant Students"]
    assert migrants["students_count"].isna().all()
    assert migrants["is_suppressed"].all()


def test_headings_in_full_and_a_measure_in_the_name(tmp_path: Path) -> None:
    path = write(
        tmp_path / "NC participants.xlsx",
        [row(counts=[5], level="Postsecondary")],
        [*HEADING[:5], *CLUSTERS, HEADING[-1]],
    )
    rows = SOURCE.parse(raws("perkins", path))["cte_enrollment"]
    assert set(rows["measure"]) == {"participants"}
    assert set(rows["education_level"]) == {"postsecondary"}
    assert set(rows["cluster"]) == {"all", *CLUSTERS, "Other"}


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row(state="North Carolinia")], "'North Carolinia'"),
        ([row(year="2020")], "'2020'"),
        ([row(year="2020-2022")], "'2020-2022'"),
        ([row(level="Adult")], "'Adult'"),
        ([row(), row()], "'all' twice"),
        ([row(counts=[10, 11])], "above its total"),
        ([row(counts=[10, -9])], "below 0"),
        ([row(counts=[10, "n<5"])], "'n<5'"),
        ([[None, *row()[1:]]], "without state"),
        ([], "no rows"),
    ],
)
def test_wrong_rows_are_refused_by_file(tmp_path: Path, rows: list[list[object]], says: str) -> None:
    with pytest.raises(AtlasError, match=says) as error:
        SOURCE.parse(raws("perkins", write(tmp_path / "synthetic.xlsx", rows)))
    assert "synthetic.xlsx" in str(error.value)


@pytest.mark.parametrize(
    ("heading", "says"),
    [
        ([*HEADING, "Energy"], "'Energy'"),
        ([*HEADING, "S.T.E.M."], "a column twice"),
        (HEADING[:-1], "no column Other"),
        ([h for h in HEADING if h != "Year"], "no column year"),
    ],
)
def test_wrong_columns_are_refused_by_file(tmp_path: Path, heading: list[str], says: str) -> None:
    with pytest.raises(AtlasError, match=says) as error:
        SOURCE.parse(raws("perkins", write(tmp_path / "synthetic.xlsx", [row()], heading)))
    assert "synthetic.xlsx" in str(error.value)


def test_the_same_figures_in_two_files_are_refused(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, [row(counts=[10])]) for name in ("first.xlsx", "second.xlsx")]
    with pytest.raises(AtlasError, match=r"first\.xlsx and second\.xlsx"):
        SOURCE.parse(raws("perkins", *paths))


def test_a_cut_workbook_and_an_empty_inbox_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "synthetic.xlsx", [row(counts=[10])])
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(AtlasError, match=r"synthetic\.xlsx is not an Excel workbook"):
        SOURCE.parse(raws("perkins", path))
    with pytest.raises(AtlasError, match="data/inbox/perkins/"):
        SOURCE.parse(raws("perkins"))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the state's exports are not at hand")
def test_north_carolinas_exports() -> None:
    paths = (SAMPLES / "ncSecondary.xlsx", SAMPLES / "ncPostSecondary.xlsx")
    rows = SOURCE.parse(raws("perkins", *paths))["cte_enrollment"]
    assert len(rows) == 2 * 22 * 18
    total = rows[rows["population"] == "all"].set_index(["education_level", "cluster"])["students_count"]
    assert total["secondary", "all"] == 54_075
    assert total["secondary", "Health Science"] == 10_012
    assert pd.isna(total["secondary", "Government & Public Administration"])
    assert total["postsecondary", "all"] == 62_641


@pytest.mark.skipif(not NAMES.is_file(), reason="the publishers' files are not at hand")
def test_cluster_names_are_those_of_onet() -> None:
    cells = pd.read_csv(NAMES)["Career Cluster"]
    assert set(CLUSTERS) == {name for cell in cells for name in cell.split("; ")}
