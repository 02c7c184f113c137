"""The query console: what it answers, where it stops, and what no text makes it do. Judged by effect, not by words."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb
import pytest

from charts.chart import chart_by_id
from charts.scope import Scope
from etl.errors import AtlasError, UsageError
from etl.settings import ROOT, Settings
from etl.warehouse import console
from etl.warehouse.console import Limits, run
from etl.warehouse.read import Reader, open_reader
from tests.etl.helpers import assert_one_sentence

SHORT = Limits(seconds=1)
#: Each attack in a process of its own, as on the page: 81 processes, some 20 seconds.
FULL = bool(os.environ.get("FULL_ATTACKS"))


@dataclass(frozen=True)
class Small:
    """A synthetic warehouse of one table, in a folder of its own with a file that must stay unread."""

    path: Path
    secret: Path

    def state(self) -> dict[str, tuple[str, int]]:
        """Every file below the folder, with the hash of its bytes and when it was changed."""
        return {
            str(p.relative_to(self.path.parent)): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns)
            for p in sorted(self.path.parent.rglob("*"))
            if p.is_file()
        }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    folder = tmp_path_factory.mktemp("console")
    with duckdb.connect(str(folder / "w.duckdb")) as con:
        con.execute("CREATE TABLE town AS SELECT i AS town_id, 'Town ' || i AS name FROM range(1000) r(i)")
        con.execute(
            "CREATE TABLE build AS SELECT 'synthetic' AS build_id, '0' AS code_version, now()::TIMESTAMP AS finished_at"
        )
    secret = folder / "secret.csv"
    secret.write_text("word\nMARKED-7f3a\n", encoding="utf-8")
    return Small(folder / "w.duckdb", secret)


# ------------------------------------------------------------------ what it answers


def test_numbers_are_numbers_and_everything_else_is_text(small: Small) -> None:
    answer = run(
        "SELECT 1 AS a, 2.5 AS a, NULL AS b, DATE '2026-01-02' AS c, [1, 2] AS d, true AS e, -1::HUGEINT AS f, 'x' AS g, "
        "170141183460469231731687303715884105727::HUGEINT AS h, 'nan'::DOUBLE AS i, TIMESTAMP '2026-01-02 03:04:05' AS j",
        small.path,
    )
    row = answer.frame.iloc[0].to_dict()
    assert list(row) == ["a", "a_1", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    assert (row["a"], row["a_1"], row["b"], row["c"], row["d"], row["e"]) == (
        1,
        2.5,
        None,
        "2026-01-02",
        "[1, 2]",
        True,
    )
    assert (row["f"], row["g"], row["h"]) == (-1, "x", 2**127 - 1)
    assert row["i"] != row["i"]
    assert row["j"] == "2026-01-02 03:04:05"


@pytest.mark.parametrize(
    "sql",
    [
        "WITH a AS (SELECT 1) FROM a",
        "DESCRIBE town",
        "SHOW TABLES",
        "SUMMARIZE town",
        "EXPLAIN SELECT count(*) FROM town",
        "explain analyze FROM town; -- with a note",
        "PIVOT (FROM town LIMIT 3) ON town_id USING count(*)",
        "TABLE town",
        "VALUES (1), (2);;\n",
        "SELECT 1 -- a note",
    ],
)
def test_what_reads_runs(small: Small, sql: str) -> None:
    if sql.endswith("with a note"):
        with pytest.raises(UsageError, match="The query cannot be run"):
            run(sql, small.path)
    else:
        assert len(run(sql, small.path).frame) >= 1


def test_an_order_is_kept_and_more_rows_are_told_of(small: Small) -> None:
    answer = run("SELECT town_id FROM town ORDER BY town_id DESC", small.path, Limits(rows=3))
    assert answer.frame["town_id"].tolist() == [999, 998, 997]
    assert answer.cut_rows
    assert not run("FROM town", small.path, Limits(rows=1000)).cut_rows


def test_long_texts_are_cut_and_said_to_be(small: Small) -> None:
    answer = run("SELECT repeat('x', 100) AS t, 'x' AS u", small.path, Limits(cell=10))
    assert answer.frame.iloc[0].tolist() == ["x" * 10, "x"]
    assert answer.cut_cells
    many = run("SELECT repeat('x', 1000) FROM range(1000)", small.path, Limits(total=50_000))
    assert many.cut_rows
    assert len(many.frame) == 50


@pytest.mark.parametrize("place", ["Texas", "United States"])
def test_every_example_answers(warehouse: Settings, place: str) -> None:
    for example in console.examples(place):
        answer = run(example.sql, warehouse.warehouse_path)
        assert len(answer.frame) > 5, example.asks
        assert not answer.cut_rows


def test_the_first_example_gives_the_figures_of_the_pathways_page(warehouse: Settings, reader: Reader) -> None:
    found = run(console.examples("Texas")[0].sql, warehouse.warehouse_path).frame
    drawn = chart_by_id("could-fill").frame(reader, Scope(state="TX")).set_index("cluster")
    ours = found[found["demand_variant"] == "openings"].set_index("cluster")
    assert len(ours) == 14
    for column in ("openings_annual_count", "at_least_count", "at_most_count"):
        assert ours[column].astype(float).to_dict() == drawn.drop("all")[column].astype(float).to_dict()


def test_a_place_with_a_quote_in_it_stays_text(small: Small) -> None:
    for example in console.examples("x'; DROP TABLE town; --"):
        statements = duckdb.connect().extract_statements(example.sql)
        assert [s.type for s in statements] == [duckdb.StatementType.SELECT]


# ------------------------------------------------------------------ where it stops


def test_a_query_that_would_run_for_hours_is_stopped(small: Small) -> None:
    endless = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = sin(a.range)"
    started = time.monotonic()
    with pytest.raises(AtlasError, match="stopped after 1 seconds") as stopped:
        run(endless, small.path, SHORT)
    assert time.monotonic() - started < 10
    assert_one_sentence(str(stopped.value))
    assert run("SELECT 1", small.path).frame.iloc[0, 0] == 1, "and the next one runs"


@pytest.mark.parametrize(
    "greedy",
    [
        "SELECT repeat('x', 2000000000)",
        "SELECT count(*) FROM (SELECT DISTINCT a.range, b.range FROM range(1000000) a, range(1000) b)",
        "SELECT list_sort(range(900000000))",
    ],
)
def test_a_query_that_asks_for_too_much_memory_ends_and_spills_nothing(small: Small, greedy: str) -> None:
    before = small.state()
    with pytest.raises(AtlasError) as ended:
        run(greedy, small.path, Limits(memory_mb=100))
    assert_one_sentence(str(ended.value))
    assert small.state() == before


def test_a_text_that_is_too_long_is_not_even_started(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: pytest.fail("a process was started"))
    with pytest.raises(UsageError, match="20,000 are the most"):
        run("SELECT 1" + " " * 20_000, small.path)


def test_only_so_many_run_at_once(small: Small) -> None:
    held = threading.Event()
    slow = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = sin(a.range)"

    def one(_: int) -> str:
        try:
            run(slow, small.path, SHORT)
        except AtlasError as error:
            return str(error)
        held.set()
        return "it ended"

    with ThreadPoolExecutor(console.AT_ONCE + 2) as pool:
        said = list(pool.map(one, range(console.AT_ONCE + 2)))
    assert not held.is_set()
    assert sorted("try again" in text for text in said) == [False] * console.AT_ONCE + [True] * 2
    assert run("SELECT 1", small.path).frame.iloc[0, 0] == 1, "the places are free again"


def test_a_process_that_dies_says_so(small: Small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "dies.py"
    program.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", encoding="utf-8")
    monkeypatch.setattr(console, "PROCESS", program)
    with pytest.raises(AtlasError) as ended:
        run("SELECT 1", small.path)
    assert_one_sentence(str(ended.value))


def test_a_process_that_cannot_be_started_says_so(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console.sys, "executable", "/nowhere/python3")
    with pytest.raises(AtlasError) as ended:
        run("SELECT 1", small.path)
    assert_one_sentence(str(ended.value), "python3")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for a process group")
def test_ctrl_c_ends_the_command_and_its_query(warehouse: Settings) -> None:
    query = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range * b.range % 7 = sin(a.range)"
    command = subprocess.Popen(
        [sys.executable, "-m", "etl", "sql", query], cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env={**os.environ, "TALENTGAP_DATA": str(warehouse.data_dir)},
        # Whoever runs the tests in the background may have it ignore the signal, and what it starts inherits that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    child = Path(f"/proc/{command.pid}/task/{command.pid}/children")
    for _ in range(300):
        if child.exists() and (started := child.read_text().split()):
            break
        time.sleep(0.02)
    else:
        command.kill()
        pytest.skip("this system does not list a process's children")
    time.sleep(0.3)
    os.killpg(command.pid, signal.SIGINT)
    try:
        stdout, stderr = command.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(command.pid, signal.SIGKILL)
        raise
    assert command.returncode != 0
    assert stdout == ""
    assert "Traceback" not in stderr
    assert [pid for pid in started if _runs(pid)] == []


def _runs(pid: str) -> bool:
    """Whether a process still does something; one that ended may be listed until it is collected."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# ------------------------------------------------------------------ attacks

#: Each tries to write, read or change something. {db} is the warehouse's path, {dir} its folder, {secret} a file beside it.
ATTACKS = (
    # what the warehouse's own name opens: DuckDB 2.0 lets these through when it alone stands guard
    "COPY (SELECT 1) TO '{db}'",
    "COPY (SELECT 1) TO '{db}.wal'",
    "WITH x AS (COPY (SELECT 1) TO '{db}.wal.recovery') SELECT * FROM x",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{db}.wal.checkpoint'",
    "EXPLAIN ANALYZE WITH x AS (COPY (SELECT 1) TO '{db}.wal') FROM x",
    "SELECT content FROM read_blob('{db}')",
    "FROM read_text('{db}')",
    # writing
    "CREATE TABLE added AS SELECT 1",
    "CREATE TEMP TABLE filled AS SELECT * FROM range(100)",
    "CREATE OR REPLACE VIEW town AS SELECT 1",
    "CREATE MACRO town() AS TABLE SELECT 1",
    "CREATE SECRET s (TYPE s3, KEY_ID 'a', SECRET 'b')",
    "INSERT INTO town VALUES (1, 'x')",
    "WITH x AS (INSERT INTO town VALUES (1, 'x') RETURNING *) FROM x",
    "WITH x AS (DELETE FROM town RETURNING *) FROM x",
    "UPDATE town SET name = 'x'",
    "DELETE FROM town",
    "TRUNCATE town",
    "DROP TABLE town",
    "ALTER TABLE town RENAME TO city",
    "COMMENT ON TABLE town IS 'x'",
    "MERGE INTO town USING (SELECT 1 AS town_id) s USING (town_id) WHEN MATCHED THEN DELETE",
    "COPY town TO '{dir}/stolen.csv'",
    "COPY town TO '{dir}/stolen.parquet' (FORMAT parquet)",
    "COPY town FROM '{secret}'",
    "EXPORT DATABASE '{dir}/stolen'",
    "IMPORT DATABASE '{dir}'",
    "VACUUM",
    "CHECKPOINT",
    "BEGIN TRANSACTION",
    # reading what is not ours
    "SELECT * FROM read_csv('{secret}')",
    "SELECT * FROM read_csv_auto('{secret}')",
    "SELECT * FROM '{secret}'",
    "FROM read_text('{secret}')",
    "FROM read_json('{secret}')",
    "FROM read_parquet('{dir}/*.parquet')",
    "FROM glob('{dir}/*')",
    "FROM sniff_csv('{secret}')",
    "FROM parquet_metadata('{secret}')",
    "FROM read_text('/etc/passwd')",
    "FROM read_text('/proc/self/environ')",
    "FROM read_csv('https://127.0.0.1:9/x.csv')",
    "FROM read_csv('s3://bucket/x.csv')",
    "SELECT getenv('MARKED_KEY')",
    "FROM duckdb_secrets()",
    "FROM query('SELECT * FROM read_text(''{secret}'')')",
    "FROM query_table('{secret}')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''{secret}'')'))",
    # settings, other databases, extensions, code
    "SET memory_limit = '100GB'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_paths = ['{secret}']",
    "SET VARIABLE x = 1",
    "RESET memory_limit",
    "PRAGMA enable_profiling",
    "PRAGMA database_list",
    "CALL enable_logging('QueryLog', storage = 'file', storage_path = '{dir}/log')",
    "ATTACH '{dir}/other.duckdb' AS other",
    "ATTACH ':memory:' AS other",
    "DETACH w",
    "USE memory",
    "INSTALL httpfs",
    "LOAD '{dir}/evil.duckdb_extension'",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "DEALLOCATE p",
    # several at once, and ways out of the bracket
    "SELECT 1; DROP TABLE town",
    "SELECT 1; SELECT 2",
    "SELECT 1) AS x; COPY town TO '{dir}/stolen.csv'; SELECT * FROM (SELECT 1",
    "SELECT 1) TO '{dir}/stolen.csv'; --",
    "EXPLAIN SELECT 1; COPY town TO '{dir}/stolen.csv'",
    "EXPLAIN /* */ ANALYZE COPY town TO '{dir}/stolen.csv'",
    "EXPLAIN (FORMAT json) COPY town TO '{dir}/stolen.csv'",
    "/* SELECT */ COPY town TO '{dir}/stolen.csv'",
    "SELECT 1\x00; DROP TABLE town",
    "ＳＥＬＥＣＴ 1; DROP TABLE town",
    "",
    ";",
    "-- nothing",
)


#: The real program, asked one after the other: a process for each attack would take a tenth of a second more each.
MANY = """
import json, sys
sys.path.insert(0, sys.argv[1])
import console_process as p
con = p.attached(sys.argv[2], 500)
p.seal(500, 60)
for line in sys.stdin:
    try:
        print(json.dumps(p.answer(con, {"sql": json.loads(line), "rows": 10, "cell": 1000, "total": 10000})))
    except (p.RefusedError, p.duckdb.Error) as error:
        print(json.dumps({"error": p.said(error)}))
"""


def filled(attack: str, small: Small) -> str:
    return attack.format(db=small.path, dir=small.path.parent, secret=small.secret)


@pytest.fixture(scope="module")
def outcomes(small: Small) -> dict[str, str]:
    """What became of each attack, once: the error's sentence, or the rows as text behind 'rows: '."""
    if FULL:
        return {attack: alone(filled(attack, small), small) for attack in ATTACKS}
    done = subprocess.run(
        [sys.executable, "-P", "-c", MANY, str(console.PROCESS.parent), str(small.path)],
        input="\n".join(json.dumps(filled(attack, small)) for attack in ATTACKS),
        capture_output=True, text=True, timeout=60, env={}, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {
        attack: f"The query cannot be run: {a['error'].rstrip('.?')}." if "error" in a else f"rows: {a['rows']}"
        for attack, a in zip(ATTACKS, answers, strict=True)
    }


def alone(text: str, small: Small) -> str:
    """One attack as the page runs it."""
    try:
        return f"rows: {run(text, small.path).frame.to_csv()}"
    except UsageError as error:
        return str(error)


def test_a_query_inherits_no_environment(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a query could read of its own process, were it let: nothing of the server's settings or keys is there."""
    monkeypatch.setenv("MARKED_KEY", "MARKED-7f3a")
    given: list[object] = []
    real = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda *args, **kwargs: given.append(kwargs["env"]) or real(*args, **kwargs))
    assert alone("SELECT getenv('MARKED_KEY')", small).startswith("The query cannot be run: ")
    assert given == [{}]


def test_no_attack_leaves_a_trace(small: Small, request: pytest.FixtureRequest) -> None:
    reader = Reader(small.path)
    settings = reader.rows("SELECT name, value FROM duckdb_settings() ORDER BY name")
    before = small.state()
    outcomes = request.getfixturevalue("outcomes")
    assert small.state() == before, "no file was made, changed or touched"
    assert reader.rows("SELECT name, value FROM duckdb_settings() ORDER BY name") == settings
    assert reader.rows("SELECT count(*), min(name) FROM town") == [(1000, "Town 0")]
    assert not (ROOT / ".tmp").exists()
    assert len(outcomes) == len(ATTACKS) >= 60


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_ends_in_one_sentence(outcomes: dict[str, str], attack: str) -> None:
    said = outcomes[attack]
    assert not said.startswith("rows: "), said
    assert said.startswith("The query cannot be run: ")
    assert said.endswith((".", "..."))
    assert "\n" not in said
    assert "MARKED-7f3a" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="the third fence is the kernel's, and Windows has none of the kind")
def test_the_kernel_alone_holds(small: Small) -> None:
    """With DuckDB's fences away (no lock, external access on, the text run as it is) nothing can be opened or written."""
    program = """
import sys, duckdb
sys.path.insert(0, sys.argv[1])
import console_process as p
con = duckdb.connect(config={"threads": 1, "temp_directory": ""})
con.execute(f"ATTACH '{sys.argv[2]}' AS w (READ_ONLY)")
con.execute("USE w")
p.seal(500, 20)
assert con.execute("SELECT count(*) FROM town").fetchone() == (1000,)
for sql in sys.argv[3:]:
    try:
        print("DONE", con.execute(sql).fetchall())
    except duckdb.Error as error:
        print("held", str(error).splitlines()[0])
try:
    import socket
    socket.socket()
    print("DONE")
except OSError as error:
    print("held", error)
"""
    wild = [a.format(db=small.path, dir=small.path.parent, secret=small.secret) for a in ATTACKS[:7]]
    wild += [f"COPY town TO '{small.path.parent}/stolen.csv'", f"FROM read_text('{small.secret}')"]
    before = small.state()
    arguments = [sys.executable, "-P", "-c", program, str(console.PROCESS.parent), str(small.path), *wild]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=60, env={}, check=False)
    said = done.stdout.splitlines()
    assert [line.split()[0] for line in said] == ["held"] * (len(wild) + 1), done.stdout + done.stderr
    assert small.state() == before


def test_the_command_is_held_by_the_same_fences(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """It once could write a write-ahead log beside the warehouse, which the next start would have taken for its own."""
    path = open_reader(warehouse).path
    with pytest.raises(UsageError):
        run(f"COPY (SELECT 1) TO '{path}.wal'", path, console.COMMAND)
    with pytest.raises(UsageError):
        run(f"WITH x AS (COPY (SELECT 1) TO '{path}.wal') FROM x", path, console.COMMAND)
    assert not path.with_name(path.name + ".wal").exists()
