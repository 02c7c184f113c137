"""The parser of the career-cluster workbooks, on synthetic ones and, where at hand, on the publisher's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.sources import advance_cte
from etl.sources.advance_cte import CIP_FILE, JOINT_FILE, NAICS_FILE, SOC_FILE, SOURCE
from tests.sources.helpers import from_mirror, needs_mirror, raws

FRAMEWORK = "14 clusters (2024)"
Rows = Sequence[Sequence[object]]
#: Synthetic: a framework of two clusters.
SHEETS: dict[str, tuple[str, Rows]] = {
    SOC_FILE: (
        "SOC - CC - Sub-Clusters",
        [
            ["SOC Code", "Occupation Title", "Career Cluster", "Sub-Cluster"],
            ["19-1011", "Animal Scientists", "Agriculture", "Water Systems"],
            ["19-1011", "Animal Scientists", "Education", "Teaching"],
            ["29-2010", "Clinical Laboratory Technologists and Technicians", "Education", "Teaching"],
        ],
    ),
    CIP_FILE: (
        "CIP - CC - Sub-Clusters",
        [
            ["CIP Code (2020)", "CIP Title (2020)", "Career Cluster", "Sub-Cluster"],
            [1.01, "Agricultural Business.", "Agriculture", "Water Systems"],
            ["01.0310", "Apiculture.", "Agriculture", "water systems"],
            ["01.0310", "Apiculture.", "Education", " Teaching "],
            ["99.9999", "NO MATCH", "Agriculture", "Water Systems"],
        ],
    ),
    NAICS_FILE: (
        "CC - Sub-Cluster - NAICS",
        [
            ["Career Cluster", "Sub-Cluster", "2-Digit NAICS", "NAICS title"],
            ["Agriculture", "Water Systems", 11, "Agriculture"],
            ["Education", "Teaching", "61", "Educational Services"],
            ["Education", "Teaching", "48-49", "Transportation"],
        ],
    ),
    JOINT_FILE: (
        "SOC - CIP - CC",
        [
            [
                "Career Cluster",
                "Sub-Cluster",
                "SOC Code",
                "Title",
                "CIP Code (2020)",
                "Title",
                "2-Digit NAICS",
            ],
            ["Agriculture", None, None, None, None, None, None],
            ["Agriculture", "water systems", "19-1011", "Animal Scientists", "01.0310", "Apiculture.", "11"],
            ["Education", None, None, None, None, None, None],
            ["Education", "Teaching", "19-1011", "Animal Scientists", "01.0310", "Apiculture.", "61, 92"],
            ["Education", "Teaching", "19-1011", "Animal Scientists", "01.0310", "Apiculture.", "61, 92"],
            ["Education", "Teaching", "29-2010", "Technologists", "99.9999", "NO MATCH", None],
        ],
    ),
}


@pytest.fixture(autouse=True)
def _two_clusters(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "publishers" not in request.node.name:
        monkeypatch.setattr(advance_cte, "_CLUSTER_COUNT", 2)


def write(folder: Path, **changed: tuple[str, Rows]) -> list[Path]:
    """The four synthetic workbooks; ``changed`` puts others in the place of some, by the file's name."""
    paths = []
    for file, (sheet, rows) in (SHEETS | changed).items():
        workbook = openpyxl.Workbook()
        workbook.active.title = "Overview"
        body = workbook.create_sheet(sheet)
        for row in rows:
            body.append(list(row))
        paths.append(folder / file)
        workbook.save(paths[-1])
    return paths


def listed(frame: pd.DataFrame, *columns: str) -> list[list[object]]:
    return frame[list(columns)].astype("object").where(frame.notna(), None).values.tolist()


def test_every_table_and_one_spelling(tmp_path: Path) -> None:
    frames = SOURCE.parse(raws("advance_cte", *write(tmp_path)))
    assert listed(frames["occupation_cluster"], "source_id", "framework", "cluster", "subcluster", "soc_code") == [
        ["advance_cte", FRAMEWORK, "Agriculture", "Water Systems", "19-1011"],
        ["advance_cte", FRAMEWORK, "Education", "Teaching", "19-1011"],
        ["advance_cte", FRAMEWORK, "Education", "Teaching", "29-2010"],
    ]
    assert listed(frames["program_cluster"], "framework", "cluster", "subcluster", "cip_code") == [
        [FRAMEWORK, "Agriculture", "Water Systems", "01.0100"],
        [FRAMEWORK, "Agriculture", "Water Systems", "01.0310"],
        [FRAMEWORK, "Education", "Teaching", "01.0310"],
    ]
    assert listed(frames["cluster_industry"], "framework", "cluster", "subcluster", "naics_sector") == [
        [FRAMEWORK, "Agriculture", "Water Systems", "11"],
        [FRAMEWORK, "Education", "Teaching", "48-49"],
        [FRAMEWORK, "Education", "Teaching", "61"],
    ]
    joint = ("framework", "cluster", "subcluster", "soc_code", "cip_code", "naics_sector")
    assert listed(frames["cluster_crosswalk"], *joint) == [
        [FRAMEWORK, "Agriculture", "Water Systems", "19-1011", "01.0310", "11"],
        [FRAMEWORK, "Education", "Teaching", "19-1011", "01.0310", "61"],
        [FRAMEWORK, "Education", "Teaching", "19-1011", "01.0310", "92"],
        [FRAMEWORK, "Education", "Teaching", "29-2010", None, None],
    ]


@pytest.mark.parametrize(
    ("file", "row", "says"),
    [
        (SOC_FILE, ["19-101", "Animal Scientists", "Education", "Teaching"], "19-101"),
        (SOC_FILE, ["19-1012", "Food Scientists", "Education", None], "without a cluster"),
        (CIP_FILE, ["01", "Agriculture.", "Education", "Teaching"], "'01'"),
        (NAICS_FILE, ["Education", "Teaching", "611", "Educational Services"], "'611'"),
        (NAICS_FILE, ["Finance", "Insurance", "52", "Finance and Insurance"], "names 3 clusters"),
        (JOINT_FILE, ["Education", "Teaching", "19-1011", "", "01.0310", "", "61; 92"], "61; 92"),
    ],
)
def test_wrong_rows_are_refused_by_file(tmp_path: Path, file: str, row: list[object], says: str) -> None:
    sheet, rows = SHEETS[file]
    paths = write(tmp_path, **{file: (sheet, [*rows, row])})
    with pytest.raises(AtlasError, match=says) as error:
        SOURCE.parse(raws("advance_cte", *paths))
    assert file in str(error.value)


def test_a_missing_sheet_or_column_or_a_cut_workbook_is_refused_by_file(tmp_path: Path) -> None:
    sheet, rows = SHEETS[CIP_FILE]
    with pytest.raises(AtlasError, match=f"{CIP_FILE} should have one sheet named like"):
        SOURCE.parse(raws("advance_cte", *write(tmp_path, **{CIP_FILE: ("Sheet1", rows)})))
    headless = [["CIP Code (2030)", *rows[0][1:]], *rows[1:]]
    with pytest.raises(AtlasError, match=rf"{CIP_FILE} has no column CIP Code \(2020\)"):
        SOURCE.parse(raws("advance_cte", *write(tmp_path, **{CIP_FILE: (sheet, headless)})))
    paths = write(tmp_path)
    (tmp_path / JOINT_FILE).write_bytes((tmp_path / JOINT_FILE).read_bytes()[:900])
    with pytest.raises(AtlasError, match=f"{JOINT_FILE} is not an Excel workbook"):
        SOURCE.parse(raws("advance_cte", *paths))


@needs_mirror
def test_the_publishers_files() -> None:
    frames = SOURCE.parse(from_mirror(SOURCE))
    clusters = frames["occupation_cluster"]
    assert (clusters["cluster"].nunique(), clusters["soc_code"].nunique()) == (14, 851)
    pairs = {
        name: set(frame[["cluster", "subcluster"]].itertuples(index=False, name=None)) for name, frame in frames.items()
    }
    assert all(found == pairs["occupation_cluster"] and len(found) == 71 for found in pairs.values())
    assert ("Agriculture", "Water Systems") in pairs["cluster_industry"]
    assert {name: len(frame) for name, frame in frames.items()} == {
        "occupation_cluster": 1203,
        "program_cluster": 4686,
        "cluster_industry": 112,
        "cluster_crosswalk": 11550,
    }
