"""Records that stay in their database: the same counts from every engine, no small cell, no record on the wire.

All records here are synthetic (``bench.records``). The PostgreSQL server is the tests' own.
"""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import etl.sources
from bench import postgres
from bench import records as synthetic_records
from etl.__main__ import app
from etl.connected.bring import Brought, bring
from etl.connected.connect import address_from, public_name, secrets
from etl.connected.maps import RecordMap, read_map
from etl.errors import AtlasError, UsageError
from etl.imports.canonical import csv_to_rows, rows_to_csv
from etl.imports.suppress import exposed_cells
from etl.refresh import refresh
from etl.settings import ROOT
from etl.sources import imported
from etl.warehouse import schema
from etl.warehouse.read import open_reader
from tests.etl import synthetic
from tests.etl.helpers import assert_one_sentence
from tests.etl.synthetic import Synthetic

pytest.importorskip("ibis", reason="Ibis is not installed: pip install -c constraints.txt -e '.[warehouse]'")
psycopg = pytest.importorskip(
    "psycopg", reason="psycopg is not installed: pip install -c constraints.txt -e '.[warehouse]'"
)

COUNT = 60_000
KEYS = ["school_year", "district", "cluster", "population", "measure"]
#: A synthetic role's password, as it is written in an address and as it is meant.
PASSWORD, MEANT = "p%40ss-w0rd", "p@ss-w0rd"


def read(wages: str = "wage", **changes: object) -> RecordMap:
    return replace(read_map(synthetic_records.map_text(wages), "map.toml"), **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return synthetic_records.write_parquet(tmp_path_factory.mktemp("records"), COUNT)


@pytest.fixture(scope="module")
def server(parquet: tuple[Path, Path]) -> Iterator[postgres.Server]:
    """A server with the records, a role that may read them, and one that may not."""
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL's server is not installed (Debian: apt-get install postgresql)")
    with postgres.server() as running, psycopg.connect(running.url(), autocommit=True) as con:
        synthetic_records.copy_to_postgres(con, *parquet)
        con.execute(f"CREATE ROLE analyst LOGIN PASSWORD '{MEANT}'")
        con.execute(f"CREATE ROLE stranger LOGIN PASSWORD '{MEANT}'")
        con.execute("CREATE VIEW slow_record AS SELECT r.* FROM record r, (SELECT pg_sleep(120)) s")
        con.execute("GRANT SELECT ON record, wage, slow_record TO analyst")
        yield running


@pytest.fixture(scope="module")
def from_parquet(parquet: tuple[Path, Path]) -> Brought:
    """What DuckDB says of the Parquet files."""
    return bring("duckdb://", str(parquet[0]), read(str(parquet[1])), {})


@pytest.fixture(scope="module")
def truth(parquet: tuple[Path, Path]) -> pd.DataFrame:
    return duckdb.sql(synthetic_records.TRUTH.format(records=f"'{parquet[0]}'")).df()


def assert_same(left: Brought, right: Brought) -> None:
    assert left.rows.keys() == right.rows.keys() == {"enrollment", "earnings"}
    for kind, rows in left.rows.items():
        pd.testing.assert_frame_equal(rows.drop(columns="origin"), right.rows[kind].drop(columns="origin"))


# ------------------------------------------------------------------ the counts


def test_what_is_shown_is_what_a_plain_query_counts_and_small_cells_are_withheld(
    from_parquet: Brought, truth: pd.DataFrame
) -> None:
    rows = from_parquet.rows["enrollment"]
    both = rows.merge(truth, on=KEYS, how="outer", indicator=True)
    assert not (both["_merge"] == "right_only").any(), "every cell with students has a row"
    nobody = both["truth"].isna()
    assert (both.loc[nobody, "is_suppressed"]).all(), "a row without students is there only to be withheld"
    shown = both[~both["is_suppressed"]]
    assert (shown["students_count"].astype(int) == shown["truth"].astype(int)).all()
    assert shown["truth"].min() >= 10
    assert 0.1 < len(shown) / len(truth) < 0.95
    districts = shown[(shown["district"] != "all") & (shown["cluster"] != "all")]
    assert len(districts) > 100, "there is something left to see"


def test_a_student_with_several_records_counts_once(from_parquet: Brought, truth: pd.DataFrame) -> None:
    rows = from_parquet.rows["enrollment"]
    one = rows[(rows["cluster"] == "all") & (rows["district"] == "all") & (rows["population"] == "all")]
    students = one[one["measure"] == "participants"]["students_count"].sum()
    assert students == COUNT / 2, "two records of each student lie in one school year"


def as_attacked(rows: pd.DataFrame, truth: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """The rows as ``exposed_cells`` takes them: with the true counts, and why each is withheld."""
    both = rows.merge(truth, on=KEYS, how="left")
    count = both["truth"].fillna(0).astype("Int64")
    why = pd.Series("", index=both.index)
    why[both["is_suppressed"]] = "would give a small one away"
    why[both["is_suppressed"] & count.between(1, threshold - 1)] = "small"
    return both.assign(students_count=count, why=why)


@pytest.mark.parametrize(("count", "threshold"), [(900, 10), (6_000, 5)])
def test_no_total_gives_a_small_cell_away(tmp_path: Path, count: int, threshold: int) -> None:
    """The attack of the file import, by linear programs, on tables from nearly all small to mostly shown."""
    path, wages = synthetic_records.write_parquet(tmp_path, count)
    found = replace(read(str(wages)), threshold=threshold, wages=None)
    rows = bring("duckdb://", str(path), found, {}).rows["enrollment"]
    truth = duckdb.sql(synthetic_records.TRUTH.format(records=f"'{path}'")).df()
    rows = rows[rows["school_year"].isin(["2019-20", "2021-22"]) & (rows["measure"] != "concentrators")]
    attacked = as_attacked(rows.reset_index(drop=True), truth, threshold)
    assert (attacked["why"] == "small").sum() > 100
    exposed = attacked.iloc[exposed_cells(attacked, threshold)]
    assert exposed[exposed["why"] == "small"].empty


def test_the_attack_finds_what_is_not_protected(from_parquet: Brought, truth: pd.DataFrame) -> None:
    """The same attack on rows of which only the small cells were withheld: a check that cannot fail would be none."""
    rows = from_parquet.rows["enrollment"]
    one = rows[(rows["school_year"] == "2021-22") & (rows["measure"] == "completers")].reset_index(drop=True)
    attacked = as_attacked(one, truth, 10)
    attacked.loc[attacked["why"] != "small", "why"] = ""
    assert len(exposed_cells(attacked)) > 10


def test_earnings_are_the_median_of_those_paid(parquet: tuple[Path, Path], from_parquet: Brought) -> None:
    said = duckdb.sql(f"""
        WITH paid AS (SELECT student_id, quarter, sum(wages_usd) AS usd FROM '{parquet[1]}' GROUP BY ALL),
             who AS (SELECT DISTINCT student_id, school_year, cluster FROM '{parquet[0]}' WHERE is_concentrator = 'Y')
        SELECT school_year, cluster, count(*) AS n, floor(median(usd)) AS usd
        FROM who JOIN paid USING (student_id)
        WHERE (school_year, quarter) IN (('2022-23', '2023Q4'), ('2023-24', '2024Q4')) GROUP BY ALL""").df()
    rows = from_parquet.rows["earnings"]
    both = rows[(rows["measure"] == "concentrators") & (rows["cluster"] != "all")].merge(
        said, on=["school_year", "cluster"]
    )
    shown = both[~both["is_suppressed"]]
    assert len(both) == 28
    assert len(shown) > 20
    assert (shown["employed_count"] == shown["n"]).all()
    assert (shown["earnings_quarter_median_usd"].astype(int) - shown["usd"].astype(int)).abs().max() <= 1
    assert rows["earnings_quarter_median_usd"].isna().eq(rows["is_suppressed"]).all()


TINY = """
state = "37"
threshold = 2
year_is = "its end"
[columns]
student = "who"
school_year = "year"
{program}
[measures]
participants = {{ rows = "every" }}
concentrators = {{ courses = "course", at_least = 2 }}
{more}
"""


def tiny(tmp_path: Path, program: str, more: str = "", clusters: Mapping[str, list[str]] | None = None) -> pd.DataFrame:
    """Records of a few pupils, counted with nothing small enough to withhold but one."""
    path = str(tmp_path / "tiny.duckdb")
    with duckdb.connect(path) as con:
        con.execute("CREATE OR REPLACE TABLE r (who INT, year INT, program TEXT, course TEXT, paid DOUBLE, q TEXT)")
        pupils = [
            (p, 2022 + later, code, course)
            for p in range(8)
            for later, code, course in (
                (0, "11.0701", "a"),
                (0, "11.0701", "a"),
                (1, "11.0701", "b"),
                (1, "51.3801", "c"),
            )
        ]
        con.executemany("INSERT INTO r (who, year, program, course) VALUES (?, ?, ?, ?)", pupils)
    found = read_map(TINY.format(program=program, more=more), "map.toml")
    return bring(f"duckdb://{path}", "r", found, clusters or {}).rows["enrollment"]


def test_codes_are_put_into_their_clusters_and_courses_add_up_over_the_years(tmp_path: Path) -> None:
    clusters = {"11.0701": ["Digital Technology", "Advanced Manufacturing"], "51.3801": ["Healthcare & Human Services"]}
    rows = tiny(tmp_path, 'cip = "program"', clusters=clusters).set_index(["school_year", "measure", "cluster"])
    counts = rows["students_count"].to_dict()
    assert counts["2021-22", "participants", "Digital Technology"] == 8
    assert counts["2022-23", "concentrators", "Advanced Manufacturing"] == 8, "the second course came a year later"
    assert ("2021-22", "concentrators", "Digital Technology") not in counts, "one course twice is one"
    assert ("2022-23", "concentrators", "Healthcare & Human Services") not in counts
    assert counts["2022-23", "participants", "all"] == 8


def test_a_code_without_a_cluster_is_other(tmp_path: Path) -> None:
    rows = tiny(tmp_path, 'cip = "program"', clusters={"11.0701": ["Digital Technology"]})
    assert set(rows["cluster"]) == {"all", "Digital Technology", "Other"}


def test_names_of_clusters_are_those_of_the_map(tmp_path: Path) -> None:
    more = '[clusters]\n"11.0701" = "Digital Technology"\n"51.3801" = "Digital Technology"'
    rows = tiny(tmp_path, 'cluster = "program"', more)
    assert set(rows["cluster"]) == {"all", "Digital Technology"}
    with pytest.raises(AtlasError) as caught:
        tiny(tmp_path, 'cluster = "program"')
    assert_one_sentence(str(caught.value), "11.0701", "[clusters]")


# ------------------------------------------------------------------ PostgreSQL and Spark


def test_spark_says_the_same(parquet: tuple[Path, Path], from_parquet: Brought) -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed: pip install -c constraints.txt -e '.[spark]'")
    address = "pyspark://?spark.master=local[2]&spark.ui.enabled=false&spark.sql.shuffle.partitions=2"
    assert_same(bring(address, str(parquet[0]), read(str(parquet[1])), {}), from_parquet)


@dataclass
class Wire:
    """A relay between a client and a server that keeps what the server says."""

    to: int
    said: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._relay, daemon=True).start()

    def _relay(self) -> None:
        client, _address = self.listener.accept()
        upstream = socket.create_connection(("127.0.0.1", self.to))
        threading.Thread(target=self._pump, args=(client, upstream, False), daemon=True).start()
        self._pump(upstream, client, True)

    def _pump(self, source: socket.socket, sink: socket.socket, keeps: bool) -> None:
        while data := source.recv(65536):
            if keeps:
                self.said += data
            sink.sendall(data)
        sink.close()


def test_postgresql_says_the_same_and_only_counts_cross_the_wire(
    server: postgres.Server, from_parquet: Brought, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the server says, byte by byte, and every fetch of the driver: the catalog's few rows, then one result per table."""
    fetched: list[tuple[list[str], list[tuple[object, ...]]]] = []

    def spy(kind: type, name: str) -> None:
        original = getattr(kind, name)

        def keeping(cursor: object, *words: object) -> object:
            rows = original(cursor, *words)
            columns = [c.name for c in cursor.description or ()]  # type: ignore[attr-defined]
            fetched.append((columns, rows if isinstance(rows, list) else [rows] if rows else []))
            return rows

        monkeypatch.setattr(kind, name, keeping)

    for kind in (psycopg.Cursor, psycopg.ServerCursor):
        for name in ("fetchone", "fetchmany", "fetchall"):
            spy(kind, name)
    wire = Wire(server.port)
    address = server.url("analyst", PASSWORD, wire.port) + "?sslmode=disable&gssencmode=disable"
    brought = bring(address, "public.record", read("public.wage"), {})
    assert_same(brought, from_parquet)
    assert b"Healthcare & Human Services" in wire.said, "the relay sees text as it is"
    assert b"stu-" not in wire.said, "no student's id was sent"
    assert b"course-" not in wire.said
    assert len(wire.said) < 250 * sum(len(rows) for rows in brought.rows.values())
    results = [(columns, rows) for columns, rows in fetched if {"school_year", "measure"} <= set(columns)]
    counts = [rows for columns, rows in results if "students_count" in columns and rows]
    paid = [rows for columns, rows in results if "employed_count" in columns and rows]
    assert [len(rows) for rows in counts] == [len(brought.rows["enrollment"])]
    assert [len(rows) for rows in paid] == [len(brought.rows["earnings"])]
    others = [rows for columns, rows in fetched if not {"school_year", "measure"} <= set(columns)]
    assert sum(map(len, others)) < 100, "the catalog's description of two tables"
    for columns, _rows in fetched:
        assert "student_id" not in columns
    at = next(columns for columns, rows in results if "students_count" in columns).index("students_count")
    assert min(row[at] for row in counts[0] if row[at] is not None) >= 10, "withheld before it left"
    at = next(columns for columns, rows in results if "employed_count" in columns).index("employed_count")
    assert all(row[at] is None or row[at] >= 10 for row in paid[0])


def test_nothing_can_be_written_over_the_connection(server: postgres.Server) -> None:
    from etl.connected.connect import connected

    with connected(server.url()) as engine, pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        engine.backend.raw_sql("CREATE TABLE t (x INT)")


# ------------------------------------------------------------------ what goes wrong


OWN = tuple(replace(schema.TABLES[name], sources=(imported.SOURCE.source_id,)) for name in imported.SOURCE.tables)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Synthetic:
    """The synthetic warehouse of four tiny sources, with the source of imported rows beside them."""
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


def command(world: Synthetic, address: str, table: str = "record", *words: str, map_text: str = "") -> Result:
    path = world.settings.data_dir / "map.toml"
    path.write_text(map_text or synthetic_records.map_text("wage"), encoding="utf-8")
    return CliRunner().invoke(app, ["import", "--connect", address, "--table", table, "--map", str(path), *words])


def test_counts_land_like_a_file(
    world: Synthetic, server: postgres.Server, from_parquet: Brought, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = server.url("analyst", PASSWORD)
    before = world.settings.warehouse_path.read_bytes()
    dry = command(world, address, "record", "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "are withheld" in dry.output
    assert "115 districts" in dry.output
    assert world.settings.warehouse_path.read_bytes() == before
    done = command(world, address)
    assert done.exit_code == 0, done.output
    reader = open_reader(world.settings)
    for kind, table in (("enrollment", "cte_enrollment"), ("earnings", "cte_earnings")):
        rows = reader.rows(f"SELECT count(*), count(*) FILTER (is_suppressed) FROM {table}")
        expected = from_parquet.rows[kind]
        assert rows == [(len(expected), int(expected["is_suppressed"].sum()))]
    assert MEANT not in done.output + dry.output
    ledger = reader.frame("SELECT * FROM source_file").to_csv() + reader.frame("SELECT * FROM build").to_csv()
    everything = ledger.encode() + b"".join(
        p.read_bytes() for p in world.settings.data_dir.rglob("*") if p.is_file() and p.name != "map.toml"
    )
    for secret in (PASSWORD, MEANT, "stu-"):
        assert secret.encode() not in everything, "neither the password nor a student's id is anywhere"


def test_both_tables_survive_the_canonical_file(from_parquet: Brought) -> None:
    for kind, rows in from_parquet.rows.items():
        found, back = csv_to_rows(rows_to_csv(kind, rows), "x.csv")
        assert found == kind
        pd.testing.assert_frame_equal(back, rows, check_dtype=False)


def failing(server: postgres.Server) -> dict[str, tuple[str, str, str, str]]:
    """Case -> address, table, a change of the map (from => to), and a word of the sentence."""
    good = server.url("analyst", PASSWORD)
    return {
        "nobody listens": (server.url("analyst", PASSWORD, postgres.free_port()), "record", "", "cannot be reached"),
        "wrong password": (server.url("analyst", "wr0ng-s3cret"), "record", "", "password authentication failed"),
        "no such scheme": (f"nonsense://analyst:{PASSWORD}@127.0.0.1/x", "record", "", "nonsense"),
        "a port that is none": (f"postgres://analyst:{PASSWORD}@127.0.0.1:port/x", "record", "", "cannot be reached"),
        "no scheme": (f"analyst:{PASSWORD}@127.0.0.1", "record", "", "address"),
        "no driver": (f"snowflake://analyst:{PASSWORD}@account/x", "record", "", "ibis-framework[snowflake]"),
        "no such table": (good, "recrod", "", "recrod"),
        "no such schema": (good, "nowhere.record", "", "nowhere"),
        "no such column": (good, "record", '"student_id"=>"pupil_id"', "'pupil_id'"),
        "a wage table that is not there": (good, "record", 'table = "wage"=>table = "wages"', "wages"),
        "no rights": (server.url("stranger", PASSWORD), "record", "", "SELECT"),
        "a column that holds no number": (
            good,
            "record",
            'earnings = "wages_usd"=>earnings = "quarter"',
            "correct the map",
        ),
    }


CASES = (
    "nobody listens", "wrong password", "no such scheme", "a port that is none", "no scheme", "no driver", "no such table",
    "no such schema", "no such column", "a wage table that is not there", "no rights", "a column that holds no number",
)  # fmt: skip


def test_what_fails_says_so_in_a_sentence_and_loads_nothing(world: Synthetic, server: postgres.Server) -> None:
    before = hashlib.sha256(world.settings.warehouse_path.read_bytes()).hexdigest()
    cases = failing(server)
    assert set(CASES) == set(cases)
    for case in CASES:
        address, table, change, word = cases[case]
        old, _, new = change.partition("=>")
        text = synthetic_records.map_text("wage")
        assert not old or old in text
        result = command(world, address, table, map_text=text.replace(old, new) if old else text)
        assert result.exit_code == 1, f"{case}: {result.output}"
        assert result.exception is None or isinstance(result.exception, SystemExit), case
        assert_one_sentence(result.output.strip().splitlines()[-1].removeprefix("error: "), word)
        for secret in (PASSWORD, MEANT, "wr0ng-s3cret"):
            assert secret not in result.output, case
    assert hashlib.sha256(world.settings.warehouse_path.read_bytes()).hexdigest() == before
    assert not list(world.settings.inbox_dir.glob("imported/*"))


def test_a_connection_lost_in_the_middle_loads_nothing(world: Synthetic, server: postgres.Server) -> None:
    before = world.settings.warehouse_path.read_bytes()

    def end_it() -> None:
        with psycopg.connect(server.url(), autocommit=True) as con:
            for _attempt in range(600):
                ended = con.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE usename = 'analyst' AND state = 'active' AND wait_event = 'PgSleep'"
                ).fetchall()
                if ended:
                    return
                time.sleep(0.1)

    killer = threading.Thread(target=end_it)
    killer.start()
    result = command(world, server.url("analyst", PASSWORD), "slow_record")
    killer.join()
    assert result.exit_code == 1, result.output
    assert_one_sentence(result.output.strip().splitlines()[-1].removeprefix("error: "), "connection was lost")
    assert MEANT not in result.output
    assert world.settings.warehouse_path.read_bytes() == before
    assert not list(world.settings.inbox_dir.glob("imported/*"))


def test_without_ibis_the_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ibis", None)
    with pytest.raises(AtlasError) as caught:
        bring("postgres://a@b/c", "t", read(), {})
    assert_one_sentence(str(caught.value), ".[warehouse]")


def test_the_address_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALENTGAP_CONNECT", "postgres://a:b@c/d")
    assert address_from("") == "postgres://a:b@c/d"
    monkeypatch.delenv("TALENTGAP_CONNECT")
    with pytest.raises(UsageError):
        address_from("")


@pytest.mark.parametrize(
    ("address", "name", "hidden"),
    [
        ("postgres://u:p%40x@h:5432/d", "postgres://h:5432/d", {"p%40x", "p@x"}),
        ("postgres://h/d", "postgres://h/d", set()),
        ("databricks://h/p?access_token=abc", "databricks://h/p", {"abc"}),
        ("postgres://u:p@h:notaport/d", "The address", {"p"}),
    ],
)
def test_what_may_be_said_of_an_address(address: str, name: str, hidden: set[str]) -> None:
    assert public_name(address) == name
    assert set(secrets(address)) - {address} == hidden


# ------------------------------------------------------------------ maps


GOOD = synthetic_records.map_text("wage")


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ('state = "NC"', 'stat = "NC"', "'stat'"),
        ('state = "NC"', "", "state once"),
        ('district = "district"', 'distrct = "district"', "'distrct'"),
        ('student = "student_id"\nschool', "school", "'student'"),
        ('cluster = "cluster"', "", "one of cluster and cip"),
        ('cluster = "cluster"', 'cluster = "cluster"\ncip = "cip"', "one of cluster and cip"),
        ('{ rows = "every" }', '{ rows = "some" }', "'every'"),
        ('{ rows = "every" }', '{ column = "x" }', "rows"),
        ('{ rows = "every" }', '{ courses = "x", at_least = 0 }', "from 1 to 50"),
        ("participants =", "participant =", "'participant'"),
        ('M = "Male"', 'M = "all"', "'all'"),
        ('M = "Male"', 'M = "Asian"', "'Asian'"),
        ("[columns]", "[clusters]\nX = 'Nonsense'\n[columns]", "'Nonsense'"),
        ('quarter = "quarter"', "", "'quarter'"),
        ('table = "wage"', 'table = "wage"\nby = "cip"', "cip"),
        ("[columns]", "threshold = 1\n[columns]", "from 2"),
        ("[columns]", "framework = '12 clusters'\n[columns]", "'12 clusters'"),
        ("[columns]", "[columns", "TOML"),
    ],
)
def test_a_wrong_map_is_refused_in_a_sentence(old: str, new: str, word: str) -> None:
    assert old in GOOD
    with pytest.raises(UsageError) as caught:
        read_map(GOOD.replace(old, new, 1), "map.toml")
    assert_one_sentence(str(caught.value), "map.toml", word)


def test_the_map_of_the_readme_is_whole() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## When your records live in a warehouse")[2]
    found = read_map(section.partition("```toml\n")[2].partition("```")[0], "README.md")
    assert found.wages is not None
    assert found.populations
