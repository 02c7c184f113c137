"""Refreshing, on a synthetic warehouse: what changed is loaded, what failed keeps its figures, all the while served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner, Result

from etl.__main__ import app
from etl.errors import AtlasError, UsageError
from etl.refresh import ensure_warehouse, rebuild, refresh, status
from etl.settings import Settings
from etl.warehouse.build import build
from etl.warehouse.export import write_snapshot
from etl.warehouse.read import open_reader
from tests.etl.helpers import WEB_PAGE, Answer, assert_one_sentence, publisher, workbook, zipped
from tests.etl.synthetic import COLUMNS, LETTERS, Synthetic, install


@pytest.fixture
def synthetic(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Synthetic:
    """Four sources and their files, and no warehouse yet."""
    found = install(monkeypatch, tmp_path)
    found.publish_all()
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: found.settings))
    return found


@pytest.fixture
def loaded(synthetic: Synthetic) -> Synthetic:
    """The same after a first refresh."""
    refresh(synthetic.settings)
    synthetic.parsed.clear()
    return synthetic


def command(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def identity(settings: Settings) -> tuple[bytes, int, int]:
    """What changes when the warehouse is written again: its bytes, its inode, its time."""
    stat = settings.warehouse_path.stat()
    return settings.warehouse_path.read_bytes(), stat.st_ino, stat.st_mtime_ns


def values(settings: Settings, table: str) -> list[tuple[str, int]]:
    return open_reader(settings).rows(f"SELECT code, value_count FROM {table} ORDER BY code")


def test_the_first_refresh_loads_every_source(synthetic: Synthetic) -> None:
    report = refresh(synthetic.settings)
    assert report.loaded == {"alpha": 3, "beta": 3, "gamma": 3, "delta": 3}
    assert (report.failed, report.waiting, report.unchanged) == ({}, {}, [])
    for table in ("letter", "digit", "word", "note"):
        assert values(synthetic.settings, table) == [("01", 1), ("02", 2), ("03", 3)]
    files = open_reader(synthetic.settings).frame("SELECT * FROM source_file ORDER BY source_id")
    assert files["via"].tolist() == ["mirror", "mirror", "inbox", "mirror"]
    assert files["url"].iloc[2] == "inbox:brought.csv"
    assert all(row["row_count"] == 3 and row["last_error"] is None for row in status(synthetic.settings))


def test_a_second_refresh_does_nothing_and_says_so(loaded: Synthetic) -> None:
    before = identity(loaded.settings)
    result = command("refresh")
    assert result.exit_code == 0
    assert "Nothing changed" in result.stdout
    assert "0.0 MB" in result.stdout
    assert loaded.parsed == []
    assert identity(loaded.settings) == before
    report = refresh(loaded.settings)
    assert (sorted(report.unchanged), report.build) == (["alpha", "beta", "delta", "gamma"], None)
    assert report.downloaded_bytes == 0


def test_a_publisher_that_says_not_modified_sends_no_file_again(synthetic: Synthetic) -> None:
    with publisher() as site:
        for path in synthetic.publishers.iterdir():
            site.says(
                f"/publisher.example/{path.name}",
                Answer(path.read_bytes(), headers={"ETag": f'"{path.name}"'}),
            )
        settings = replace(synthetic.settings, mirror=site.address)
        refresh(settings)
        before, asked = identity(settings), len(site.requests)
        assert refresh(settings).build is None
        assert identity(settings) == before
        assert [headers["If-None-Match"] for _, headers in site.requests[asked:]] == [
            '"letter.csv"', '"digit.zip"', '"word.xlsx"',
        ]  # fmt: skip


def test_only_what_changed_is_parsed(loaded: Synthetic) -> None:
    loaded.publish("letter.csv", LETTERS.replace("03,3", "03,30"))
    result = command("refresh")
    assert result.exit_code == 0
    assert loaded.parsed == ["alpha"]
    assert values(loaded.settings, "letter")[-1] == ("03", 30)
    assert values(loaded.settings, "digit")[-1] == ("03", 3)
    assert "loaded     alpha: 3 rows parsed" in result.stdout


def test_only_the_named_source_is_looked_at(loaded: Synthetic) -> None:
    loaded.publish("letter.csv", LETTERS + "04,4\n")
    assert refresh(loaded.settings, ["beta"]).build is None
    assert refresh(loaded.settings, ["alpha"]).loaded == {"alpha": 4}


#: What may become of a publisher's file, and what must then be said: the file, what is wrong, the remedy.
DAMAGE: dict[str, tuple[str, Callable[[Path], object], tuple[str, ...]]] = {
    "missing file": (
        "letter.csv",
        lambda path: path.unlink(),
        ("letter.csv of alpha", "404", "data/inbox/alpha/"),
    ),
    "web page instead of a workbook": (
        "word.xlsx",
        lambda path: path.write_bytes(WEB_PAGE),
        ("word.xlsx of gamma", "is a web page", "data/inbox/gamma/"),
    ),
    "missing column": (
        "letter.csv",
        lambda path: path.write_text("code,value\n01,1\n", encoding="utf-8"),
        ("letter.csv has no column value_count", "python -m etl refresh"),
    ),
    "missing column in a sheet": (
        "word.xlsx",
        lambda path: path.write_bytes(workbook(("code", "value"), ("01", 1))),
        ("word.xlsx has no column value_count", "python -m etl refresh"),
    ),
    "truncated zip": (
        "digit.zip",
        lambda path: path.write_bytes(zipped(digit=LETTERS * 100)[:-40]),
        ("digit.zip of beta", "is not a whole zip file", "data/inbox/beta/"),
    ),
    "a word where a number should be": (
        "letter.csv",
        lambda path: path.write_text("code,value_count\n01,many\n", encoding="utf-8"),
        ("letter.csv", "'many'", "python -m etl refresh"),
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_ends_in_one_sentence_and_the_old_warehouse_serves_on(loaded: Synthetic, damage: str) -> None:
    name, spoil, parts = DAMAGE[damage]
    open_before = open_reader(loaded.settings)
    before = identity(loaded.settings)
    spoil(loaded.publishers / name)
    result = command("refresh")
    assert result.exit_code == 1
    assert_one_sentence(result.stderr.strip(), "error: ", *parts)
    assert "Traceback" not in result.output
    assert identity(loaded.settings) == before
    assert open_before.rows("SELECT count(*) FROM letter") == [(3,)]
    assert open_reader(loaded.settings) is open_before
    assert [row["last_error"] for row in status(loaded.settings) if row["last_error"]] == [
        result.stderr.strip().removeprefix("error: ")
    ]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_source_that_fails_does_not_hold_up_the_others(loaded: Synthetic, damage: str) -> None:
    name, spoil, parts = DAMAGE[damage]
    spoil(loaded.publishers / name)
    brought = loaded.settings.inbox_dir / "delta" / "brought.csv"
    brought.write_text(LETTERS + "04,4\n", encoding="utf-8")
    result = command("refresh")
    assert result.exit_code == 1
    assert_one_sentence(result.stderr.strip(), *parts)
    assert values(loaded.settings, "note")[-1] == ("04", 4)
    for table in ("letter", "digit", "word"):
        assert values(loaded.settings, table) == [("01", 1), ("02", 2), ("03", 3)]


def test_a_mended_file_is_loaded_and_the_error_is_gone(loaded: Synthetic) -> None:
    loaded.publish("letter.csv", WEB_PAGE)
    assert command("refresh").exit_code == 1
    loaded.publish("letter.csv", LETTERS + "04,4\n")
    assert command("refresh").exit_code == 0
    assert not any(row["last_error"] for row in status(loaded.settings))


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (LETTERS + "03,3\n", "The rule key_letter (no two rows of letter share code) is broken by 1 rows"),
        ("code,value_count\n01,1\n", "The rule previous_coverage_not_shrinking"),
        (LETTERS + ",4\n", "letter as parsed from alpha does not fit its table"),
    ],
)
def test_figures_that_break_a_rule_are_not_published(loaded: Synthetic, lines: str, says: str) -> None:
    before = identity(loaded.settings)
    loaded.publish("letter.csv", lines)
    result = command("refresh")
    assert result.exit_code == 1
    assert says in result.stderr
    assert "Traceback" not in result.output
    assert identity(loaded.settings) == before
    assert {p.name for p in loaded.settings.data_dir.iterdir()} == {
        "archive", "inbox", "warehouse.duckdb", "warehouse.lock",
    }  # fmt: skip


def test_a_first_refresh_that_cannot_build_says_every_reason(synthetic: Synthetic) -> None:
    synthetic.publish("word.xlsx", WEB_PAGE)
    result = command("refresh")
    assert result.exit_code == 1
    assert "word.xlsx of gamma" in result.stderr
    assert "There are no figures of gamma in the warehouse or in data/snapshot" in result.stderr
    assert not synthetic.settings.warehouse_path.exists()


def test_a_source_that_waits_for_a_person_keeps_its_figures(loaded: Synthetic) -> None:
    write_snapshot(loaded.settings)
    fresh = replace(loaded.settings, data_dir=loaded.settings.data_dir.with_name("fresh"))
    ensure_warehouse(fresh)
    report = refresh(fresh)
    assert report.waiting == {"delta": "put a file into data/inbox/delta/."}
    assert values(fresh, "note") == [("01", 1), ("02", 2), ("03", 3)]


def test_what_the_archive_holds_can_be_built_again(loaded: Synthetic) -> None:
    before = open_reader(loaded.settings).build_id
    loaded.settings.warehouse_path.unlink()
    report = rebuild(loaded.settings, "archive")
    assert (report.build_id, sorted(loaded.parsed)) == (before, ["alpha", "beta", "delta", "gamma"])


def test_an_empty_archive_and_no_snapshot_say_what_to_do(synthetic: Synthetic) -> None:
    for origin in ("archive", "snapshot"):
        result = command("build", "--from", origin)
        assert result.exit_code == 1
        assert_one_sentence(result.stderr.strip(), "python -m etl refresh")


def test_an_unknown_source_is_wrong_usage(loaded: Synthetic) -> None:
    with pytest.raises(UsageError, match=r"There is no source omega; the sources are alpha, beta"):
        refresh(loaded.settings, ["omega"])
    result = command("refresh", "omega")
    assert result.exit_code == 2
    assert_one_sentence(result.stderr.strip(), "omega")


def test_two_cannot_write_at_once(loaded: Synthetic) -> None:
    before = identity(loaded.settings)
    with FileLock(loaded.settings.lock_path):
        result = command("refresh")
        with pytest.raises(AtlasError, match="wait until it has finished"):
            rebuild(loaded.settings, "archive")
    assert result.exit_code == 1
    assert_one_sentence(result.stderr.strip(), "data/warehouse.lock", "wait until it has finished")
    assert identity(loaded.settings) == before


def test_a_reader_follows_the_swap(loaded: Synthetic) -> None:
    old = open_reader(loaded.settings)
    loaded.publish("letter.csv", f"{','.join(COLUMNS)}\n01,10\n02,20\n03,30\n")
    refresh(loaded.settings)
    new = open_reader(loaded.settings)
    assert new is not old
    assert new.build_id != old.build_id
    assert new.rows("SELECT sum(value_count) FROM letter") == [(60,)]
    assert old.rows("SELECT sum(value_count) FROM letter") == [(6,)]


def test_a_warehouse_that_is_no_warehouse(loaded: Synthetic) -> None:
    loaded.settings.warehouse_path.write_bytes(b"not a database" * 100)
    for words in (["status"], ["check"], ["sql", "SELECT 1"], ["refresh"]):
        result = command(*words)
        assert result.exit_code == 1
        assert_one_sentence(result.stderr.strip(), "warehouse.duckdb cannot be read", "python -m etl build")


def test_a_build_takes_whichever_is_newer_the_warehouse_or_the_snapshot(
    loaded: Synthetic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new version of the project may bring a newer snapshot than a warehouse that was never refreshed since."""
    write_snapshot(loaded.settings)
    changed = LETTERS.replace("03,3", "03,33")
    loaded.publish("letter.csv", changed)
    moment = datetime.now(UTC).replace(microsecond=0)
    monkeypatch.setattr("etl.fetch.now", lambda: moment + timedelta(days=1))
    refresh(loaded.settings, ["alpha"])
    build(loaded.settings)
    assert values(loaded.settings, "letter")[-1] == ("03", 33)  # the warehouse is newer: its figures stay

    write_snapshot(loaded.settings)
    rebuild(loaded.settings, "snapshot")
    loaded.publish("letter.csv", LETTERS)
    monkeypatch.setattr("etl.fetch.now", lambda: moment)
    refresh(loaded.settings, ["alpha"])
    build(loaded.settings)
    assert values(loaded.settings, "letter")[-1] == ("03", 33)  # the snapshot is newer than that warehouse
