"""``python -m etl`` on the warehouse built from the snapshot: what it prints, and how it ends."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from etl.__main__ import app
from etl.settings import ROOT, Settings
from etl.sources import all_sources
from etl.warehouse.schema import TABLES
from tests.etl.helpers import assert_one_sentence

COMMANDS = sorted(get_command(app).commands)  # type: ignore[attr-defined]


#: Sources that are there without anybody having brought a file.
PUBLISHED = [s.source_id for s in all_sources().values() if not s.is_optional]


def command(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def served(warehouse: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """The warehouse as the command line finds it; a snapshot that it writes goes to a folder of the test's own."""
    settings = replace(warehouse, snapshot_dir=tmp_path / "snapshot")
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: settings))
    return settings


def test_the_commands_are_those_of_the_design() -> None:
    assert set(COMMANDS) >= {"refresh", "build", "status", "check", "sql", "snapshot", "export", "sources", "import"}


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_something_to_a_stranger(name: str) -> None:
    result = command(name, "--help")
    assert result.exit_code == 0
    entry = get_command(app).commands[name]  # type: ignore[attr-defined]
    assert len(entry.help or "") > 20
    for parameter in entry.params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name} has no help"


def test_without_a_command_the_help_is_shown() -> None:
    assert "refresh" in command().output


def test_it_runs_as_a_module(warehouse: Settings, tmp_path: Path) -> None:
    def run(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "etl", *words], cwd=ROOT, env={"TALENTGAP_DATA": str(data), "PATH": ""},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    done = run("sql", "SELECT count(*) AS states FROM state", "--format", "csv", data=warehouse.data_dir)
    assert (done.returncode, done.stdout, done.stderr) == (0, "states\n52\n", "")
    failed = run("status", data=tmp_path)
    assert failed.returncode == 1
    assert_one_sentence(failed.stderr.strip(), "data/warehouse.duckdb", "python -m etl build")


def test_status_as_json_has_every_source(served: Settings) -> None:
    result = command("status", "--json")
    assert result.exit_code == 0
    status = json.loads(result.stdout)
    assert len(status["build_id"]) == 12
    assert [row["source_id"] for row in status["sources"]] == PUBLISHED
    for row in status["sources"]:
        assert row["row_count"] > 0, row
        assert row["age_days"] >= 0, row
        assert row["retrieved_on"], row


def test_status_as_a_table(served: Settings) -> None:
    result = command("status")
    assert result.exit_code == 0
    for source_id in PUBLISHED:
        assert source_id in result.stdout


def test_sources_lists_every_source(served: Settings) -> None:
    result = command("sources")
    assert result.exit_code == 0
    for source in all_sources().values():
        assert source.source_id in result.stdout
        assert source.landing_url in result.stdout


def test_check_passes(served: Settings) -> None:
    result = command("check")
    assert result.exit_code == 0, result.output
    assert "rules hold" in result.stdout


STATES = "SELECT state_fips, state_name, grid_row FROM state WHERE state_fips < '02' ORDER BY 1"


def test_sql_as_csv(served: Settings) -> None:
    rows = list(csv.DictReader(io.StringIO(command("sql", STATES, "--format", "csv").stdout)))
    assert [(r["state_fips"], r["grid_row"]) for r in rows] == [("00", ""), ("01", "6")]


def test_sql_as_json(served: Settings) -> None:
    rows = json.loads(command("sql", STATES, "--format", "json").stdout)
    assert [(r["state_fips"], r["grid_row"]) for r in rows] == [("00", None), ("01", 6)]


def test_sql_as_a_table(served: Settings) -> None:
    lines = command("sql", STATES).stdout.splitlines()
    assert lines[0].split() == ["state_fips", "state_name", "grid_row"]
    assert lines[1].split() == ["00", "United", "States"]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM state",
        "DROP TABLE completion",
        "CREATE TABLE w.added AS SELECT 1 AS a",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY state TO '/tmp/synthetic.csv'",
        "SELEC 1",
        "SELECT * FROM no_such_table",
        "SELECT 'abc'::INTEGER",
        "",
        "/* nothing */",
    ],
)
def test_sql_that_cannot_be_run_is_wrong_usage(served: Settings, query: str) -> None:
    before = served.warehouse_path.stat().st_mtime_ns
    result = command("sql", query)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("error: The query cannot be run: ")
    assert len(result.stderr.strip().splitlines()) == 1
    assert served.warehouse_path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "words",
    [
        ["refres"],
        ["sql"],
        ["sql", "SELECT 1", "--format", "xml"],
        ["build", "--from", "air"],
        ["refresh", "x"],
    ],
)
def test_wrong_usage_ends_with_two(served: Settings, words: list[str]) -> None:
    assert command(*words).exit_code == 2


def test_export_as_parquet(served: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "export"
    result = command("export", str(folder))
    assert result.exit_code == 0, result.output
    files = {path.name for path in folder.iterdir()}
    assert files == {f"{name}.parquet" for name in TABLES} | {"datapackage.json", "CITATIONS.md"}
    for name in ("state", "completion", "gap_by_cluster"):
        written = duckdb.read_parquet(str(folder / f"{name}.parquet")).shape[0]
        with duckdb.connect(str(served.warehouse_path), read_only=True) as con:
            assert con.execute(f"SELECT count(*) FROM {name}").fetchone() == (written,)
    citations = (folder / "CITATIONS.md").read_text(encoding="utf-8")
    for source in (all_sources()[source_id] for source_id in PUBLISHED):
        assert source.citation in citations
        assert source.licence in citations


def test_export_to_a_place_that_cannot_be_written(served: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    result = command("export", str(tmp_path / "file"))
    assert result.exit_code == 1, result.output
    assert_one_sentence(result.stderr.strip(), str(tmp_path / "file"))


def test_a_snapshot_written_twice_is_the_same_to_the_byte(served: Settings) -> None:
    served.snapshot_dir.mkdir()
    (served.snapshot_dir / "no_longer_described.parquet").write_bytes(b"of an older snapshot")
    written = []
    for _ in range(2):
        result = command("snapshot")
        assert result.exit_code == 0, result.output
        written.append({path.name: path.read_bytes() for path in served.snapshot_dir.iterdir()})
    assert written[0] == written[1]
    assert "no_longer_described.parquet" not in written[0]
