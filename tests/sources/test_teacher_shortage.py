"""The parser of teacher shortage areas, on a synthetic table and, where at hand, on the compiled series."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.errors import AtlasError
from etl.sources.teacher_shortage import NONE_REPORTED, SOURCE
from tests.sources.helpers import MIRROR, raws

ROOT = Path(__file__).resolve().parents[2]
SERIES = MIRROR.parent / "samples" / "publisher_tables" / "teacher_shortage_areas_1990_2020.csv"
SYNTHETIC = """School_Year,State,Content_Area
2020-2021,Wyoming,Special Education
2020-2021,Wyoming,Mathematics
2020-2021,Wyoming,Mathematics
1999-2000,Alabama,No Reported Shortages
1999-2000,Puerto Rico,Mathematics
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "synthetic.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_subjects_and_their_absence(tmp_path: Path) -> None:
    rows = SOURCE.parse(raws("teacher_shortage", write(tmp_path, SYNTHETIC)))["teacher_shortage_area"]
    assert rows.values.tolist() == [
        ["1999-00", "01", NONE_REPORTED],
        ["2020-21", "56", "Mathematics"],
        ["2020-21", "56", "Special Education"],
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("Content_Area", "Subject", "no column Content_Area"),
        ("Wyoming", "Wyomng", "'Wyomng'"),
        ("2020-2021", "2020-2020", "'2020-2020'"),
        ("1999-2000,Alabama", "2020-2021,Wyoming", "both subjects and no shortages"),
        ("Special Education", "", "without a year"),
        (SYNTHETIC.partition("\n")[2], "", "no rows"),
    ],
)
def test_a_wrong_table_is_refused_by_name(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = write(tmp_path, SYNTHETIC.replace(old, new))
    with pytest.raises(AtlasError, match=says) as error:
        SOURCE.parse(raws("teacher_shortage", path))
    assert "synthetic.csv" in str(error.value)


def test_an_empty_inbox_says_how_to_get_the_table() -> None:
    with pytest.raises(AtlasError, match="data/inbox/teacher_shortage/"):
        SOURCE.parse(raws("teacher_shortage"))


def test_the_tile_grid_holds_every_state_once() -> None:
    states = pd.read_csv(ROOT / "data" / "reference" / "state.csv", dtype={"state_fips": str})
    tiles = states[states["state_fips"] != "00"]
    assert len(tiles) == 51
    assert states["state_fips"].is_unique
    assert states["state_abbr"].is_unique
    assert not tiles.duplicated(["grid_row", "grid_column"]).any()
    assert states.loc[states["state_fips"] == "00", ["grid_row", "grid_column"]].isna().all(axis=None)


@pytest.mark.skipif(not SERIES.is_file(), reason="the compiled series is not at hand")
def test_the_compiled_series() -> None:
    rows = SOURCE.parse(raws("teacher_shortage", SERIES))["teacher_shortage_area"]
    assert len(rows) == 7295
    assert (rows["school_year"].min(), rows["school_year"].max()) == ("1990-91", "2020-21")
    assert rows["state_fips"].nunique() == 50
    assert (rows["subject"] == NONE_REPORTED).sum() == 199
