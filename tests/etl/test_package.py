"""``datapackage.json``: valid, complete, and true of the tables beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from frictionless import Package, Resource, system

from etl.settings import Settings
from etl.sources import all_sources
from etl.warehouse.export import export_all
from etl.warehouse.schema import TABLES
from tests.conftest import SNAPSHOT

LARGEST_SNAPSHOT_BYTES = 25_000_000
#: CSV files up to this size are read and checked row by row; the others have the same writer and the same schema.
LARGEST_CHECKED_BYTES = 200_000

needs_snapshot = pytest.mark.skipif(
    not (SNAPSHOT / "datapackage.json").is_file(), reason="data/snapshot has no files yet"
)


@pytest.fixture(scope="module")
def exported(warehouse: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export")
    export_all(warehouse, folder, "csv")
    return folder


def descriptor(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


@needs_snapshot
def test_the_snapshot_is_described_whole() -> None:
    package = descriptor(SNAPSHOT)
    assert not list(Package.metadata_validate(package))
    described = {resource["path"] for resource in package["resources"]}
    assert described | {"datapackage.json"} == {path.name for path in SNAPSHOT.iterdir()}
    assert {source["title"] for source in package["sources"]} == {
        s.title for s in all_sources().values() if not s.is_optional
    }


@needs_snapshot
def test_the_snapshot_is_small() -> None:
    assert sum(path.stat().st_size for path in SNAPSHOT.iterdir()) <= LARGEST_SNAPSHOT_BYTES


@needs_snapshot
def test_the_snapshots_files_have_the_columns_described() -> None:
    for resource in descriptor(SNAPSHOT)["resources"]:
        path = str(SNAPSHOT / resource["path"])
        columns = duckdb.sql(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
        assert [c[0] for c in columns] == [f["name"] for f in resource["schema"]["fields"]], resource["path"]
        assert [c[0] for c in columns] == list(TABLES[Path(path).stem].column_names), resource["path"]


@needs_snapshot
def test_completions_stay_at_institution_level() -> None:
    columns = {c[0] for c in duckdb.sql(f"DESCRIBE FROM read_parquet('{SNAPSHOT}/completion.parquet')").fetchall()}
    assert {"unit_id", "cip_code", "award_level", "awards_count"} <= columns


def test_an_export_is_described_whole(exported: Path) -> None:
    package = descriptor(exported)
    assert not list(Package.metadata_validate(package))
    described = {resource["path"] for resource in package["resources"]}
    assert described | {"datapackage.json", "CITATIONS.md"} == {path.name for path in exported.iterdir()}


def test_small_tables_are_as_described(exported: Path) -> None:
    checked = 0
    for resource in descriptor(exported)["resources"]:
        if (exported / resource["path"]).stat().st_size <= LARGEST_CHECKED_BYTES:
            with system.use_context(trusted=True):
                report = Resource.from_descriptor(resource, basepath=str(exported)).validate()
            assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])[:3]
            checked += 1
    assert checked >= 15


def test_licences_and_sources_stand_with_each_table(exported: Path) -> None:
    for resource in descriptor(exported)["resources"]:
        table = TABLES[resource["title"]]
        assert resource["schema"]["primaryKey"] == list(table.key)
        if table.stage == "base":
            own = [all_sources()[source_id] for source_id in table.sources]
            titles = [source.title for source in own if not source.is_optional]
            assert [source["title"] for source in resource.get("sources", [])] == titles
            assert bool(resource.get("licenses")) == bool(titles)
