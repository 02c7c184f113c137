"""Brought files reach the warehouse through a refresh like any source, leave it again, and are never doubled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import etl.sources
from etl import landing
from etl.__main__ import app
from etl.errors import AtlasError, UsageError
from etl.imports.answers import Answers, read_map
from etl.imports.publish import publishable
from etl.imports.understand import understand
from etl.refresh import rebuild, refresh
from etl.sources import imported
from etl.warehouse import schema
from etl.warehouse.export import write_snapshot
from etl.warehouse.read import open_reader
from tests.etl import synthetic
from tests.etl.helpers import assert_one_sentence
from tests.etl.import_files import LONG, LONG_ANSWERS, WIDE, csv_bytes
from tests.etl.synthetic import Synthetic

OWN = tuple(replace(schema.TABLES[name], sources=(imported.SOURCE.source_id,)) for name in imported.SOURCE.tables)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Synthetic:
    """The synthetic warehouse of four tiny sources, with the source of imported files beside them."""
    made = synthetic.install(monkeypatch, tmp_path)
    by_id = {**etl.sources.all_sources(), imported.SOURCE.source_id: imported.SOURCE}
    monkeypatch.setattr("etl.sources.all_sources", lambda: by_id)
    monkeypatch.setattr("etl.__main__.all_sources", lambda: by_id)
    monkeypatch.setattr(schema, "_TABLES", (*schema._TABLES, *OWN))
    for table in OWN:
        monkeypatch.setitem(schema.TABLES, table.name, table)
    made.publish_all()
    refresh(made.settings)
    monkeypatch.setattr(
        "etl.settings.Settings.from_environment", classmethod(lambda cls, environment=None: made.settings)
    )
    return made


def rows_of(name: str = "districts.csv", answers: Answers = LONG_ANSWERS, data: bytes = b""):
    return publishable(understand(data or csv_bytes(LONG), name, answers))


def loaded(world: Synthetic) -> int:
    return open_reader(world.settings).rows("SELECT count(*) FROM cte_enrollment")[0][0]


def test_a_build_goes_without_imported_files(world: Synthetic) -> None:
    reader = open_reader(world.settings)
    assert loaded(world) == 0
    assert reader.rows("SELECT count(*) FROM table_source WHERE source_id = 'imported'") == [(0,)]
    assert reader.rows("SELECT count(*) FROM letter") == [(3,)]


def test_rows_land_are_replaced_and_stay_through_a_rebuild(world: Synthetic) -> None:
    report = landing.land(world.settings, "enrollment", rows_of())
    assert report.loaded == {"imported": 12}
    reader = open_reader(world.settings)
    assert reader.rows(
        "SELECT students_count FROM cte_enrollment WHERE district = 'Alpha County' AND cluster = 'Health Science'"
    ) == [(130,)]
    assert reader.rows("SELECT url, via FROM source_file WHERE source_id = 'imported'") == [
        ("inbox:districts-csv-enrollment.csv", "inbox")
    ]
    changed = [list(row) for row in LONG]
    changed[13][3], changed[16][3] = "81", "341"
    landing.land(world.settings, "enrollment", rows_of(data=csv_bytes(changed)))
    assert loaded(world) == 12, "the same file replaces itself"
    rebuild(world.settings, "archive")
    assert loaded(world) == 12, "a rebuild keeps what was imported"


def test_the_same_figures_from_another_file_are_refused(world: Synthetic) -> None:
    landing.land(world.settings, "enrollment", rows_of())
    before = world.settings.warehouse_path.read_bytes()
    with pytest.raises(AtlasError) as caught:
        landing.land(world.settings, "enrollment", rows_of("copy.csv"))
    assert_one_sentence(str(caught.value), "already", "--remove districts-csv-enrollment.csv")
    assert world.settings.warehouse_path.read_bytes() == before
    assert landing.imported(world.settings) == ["districts-csv-enrollment.csv"]


def test_what_was_imported_can_be_taken_out(world: Synthetic) -> None:
    landing.land(world.settings, "enrollment", rows_of())
    wide = rows_of("state.csv", Answers(measure="concentrators"), csv_bytes(WIDE))
    landing.land(world.settings, "enrollment", wide)
    assert loaded(world) == 12 + len(wide)
    landing.remove(world.settings, "districts-csv-enrollment.csv")
    assert loaded(world) == len(wide)
    landing.remove(world.settings, "state-csv-enrollment.csv")
    assert loaded(world) == 0
    assert landing.imported(world.settings) == []
    with pytest.raises(UsageError, match="there are: none"):
        landing.remove(world.settings, "state-csv-enrollment.csv")


def test_a_load_that_fails_leaves_inbox_and_warehouse_as_they_were(world: Synthetic) -> None:
    landing.land(world.settings, "enrollment", rows_of())
    lying = landing.folder(world.settings) / "districts-csv-enrollment.csv"
    inbox, warehouse = lying.read_bytes(), world.settings.warehouse_path.read_bytes()
    broken = rows_of()
    broken.loc[0, "cluster"] = "Basket weaving"
    with pytest.raises(AtlasError, match="a cluster that is none"):
        landing.land(world.settings, "enrollment", broken)
    assert lying.read_bytes() == inbox
    assert world.settings.warehouse_path.read_bytes() == warehouse


def test_the_snapshot_never_holds_a_brought_file(world: Synthetic) -> None:
    landing.land(world.settings, "enrollment", rows_of())
    with pytest.raises(AtlasError, match="imported"):
        write_snapshot(world.settings)


def test_openings_of_a_region_land(world: Synthetic) -> None:
    data = csv_bytes([["SOC Code", "Annual openings"], ["29-1141", "320"], ["47-2111", "55"], ["29-0000", "400"]])
    answers = Answers(kind="openings", state="OH", region="=Piedmont", period="2022-2032")
    landing.land(world.settings, "openings", rows_of("openings.csv", answers, data))
    reader = open_reader(world.settings)
    assert reader.rows("SELECT region, soc_code, openings_annual_count FROM imported_openings ORDER BY 2") == [
        ("Piedmont", "29-1141", 320),
        ("Piedmont", "47-2111", 55),
    ]


def run(*words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["import", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_the_command_shows_asks_saves_a_map_and_loads(world: Synthetic, tmp_path: Path) -> None:
    file, saved = tmp_path / "d.csv", tmp_path / "map.toml"
    file.write_bytes(csv_bytes(LONG))
    said = run(str(file), "--save-map", str(saved), code=1)
    assert "asked" in said
    assert "Which state" in said
    assert "error: d.csv does not say all" in said
    assert loaded(world) == 0
    options = ("--state", "OH", "--year", "2022-23", "--level", "secondary")
    said = run(str(file), *options, "--dry-run", "--save-map", str(saved))
    assert "8 counts of schools" in said
    assert "Nothing was loaded" in said
    assert read_map(saved.read_text()).state == "OH"
    assert loaded(world) == 0
    run(str(file), "--map", str(saved))
    assert loaded(world) == 12
    assert "d-csv-enrollment.csv" in run("--list")
    run("--remove", "d-csv-enrollment.csv")
    assert loaded(world) == 0


def test_wrong_use_is_said(world: Synthetic, tmp_path: Path) -> None:
    assert "Name the FILE" in run(code=2)
    assert "cannot be read" in run(str(tmp_path / "none.csv"), code=2)
    file = tmp_path / "d.csv"
    file.write_bytes(csv_bytes(LONG))
    assert "measure = 'pupils'" in run(str(file), "--measure", "pupils", code=2)
    assert "threshold" in run(
        str(file), "--state", "OH", "--year", "2022-23", "--level", "secondary", "--threshold", "0", code=1
    )
