"""A whole refresh from a stored copy of the publishers' addresses; left out where there is none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etl.refresh import RefreshReport, refresh, status
from etl.settings import Settings
from etl.sources import all_sources
from etl.warehouse.read import open_reader
from tests.sources.helpers import MIRROR, needs_mirror

pytestmark = needs_mirror

#: What only a person can download, and where it lies beside the mirror.
BROUGHT = {
    "perkins": ("user_files", "nc*.xlsx"),
    "teacher_shortage": ("publisher_tables", "teacher_shortage*.csv"),
}
#: All but those of files that people import.
WITH_FILES = {source_id for source_id, source in all_sources().items() if not source.is_optional}


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, RefreshReport]:
    """The first refresh, with nothing to start from: no snapshot, no warehouse, no archive."""
    folder: Path = tmp_path_factory.mktemp("mirror")
    settings = Settings(data_dir=folder / "data", snapshot_dir=folder / "none", mirror=str(MIRROR))
    for source_id, (place, pattern) in BROUGHT.items():
        inbox = settings.inbox_dir / source_id
        inbox.mkdir(parents=True)
        for path in (MIRROR.parent / "samples" / place).glob(pattern):
            shutil.copy(path, inbox)
    return settings, refresh(settings)


def test_every_source_is_loaded(refreshed: tuple[Settings, RefreshReport]) -> None:
    settings, report = refreshed
    assert (report.failed, report.waiting, report.unchanged) == ({}, {}, [])
    assert set(report.loaded) == WITH_FILES
    for row in status(settings):
        assert row["row_count"] > 0, row
        assert row["age_days"] == 0, row
        assert row["last_error"] is None, row


def test_a_second_refresh_does_nothing(refreshed: tuple[Settings, RefreshReport]) -> None:
    settings, _ = refreshed
    before = settings.warehouse_path.stat()
    report = refresh(settings)
    assert set(report.unchanged) == WITH_FILES
    assert (report.build, report.loaded, report.downloaded_bytes) == (None, {}, 0)
    after = settings.warehouse_path.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_size) == (
        before.st_ino,
        before.st_mtime_ns,
        before.st_size,
    )


def test_every_file_has_its_address_and_period(refreshed: tuple[Settings, RefreshReport]) -> None:
    files = open_reader(refreshed[0]).frame("SELECT * FROM source_file")
    assert files.loc[files["source_id"] == "projections_central", "period"].tolist() == ["2022-32"]
    brought = files[files["via"] == "inbox"]
    assert set(brought["source_id"]) == set(BROUGHT)
    assert brought["url"].str.startswith("inbox:").all()
    assert files.loc[files["via"] == "mirror", "url"].str.startswith("https://").all()
