"""Building the warehouse whole: into a new file, checked, then swapped in; a failed build leaves the old one."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import duckdb
import pandas as pd

from etl import sources
from etl.durable import put_in_place
from etl.errors import AtlasError
from etl.progress import Quiet
from etl.settings import Settings, code_version
from etl.source import Frames, RawFiles, Source
from etl.warehouse import changes, checks
from etl.warehouse.periods import period_label
from etl.warehouse.schema import TABLES, Table, tables
from etl.warehouse.sql import literal

#: An analyst's older DuckDB opens files of this storage version.
STORAGE_VERSION = "v1.0.0"


@dataclass(frozen=True)
class Parsed:
    """A source's files, and the frames its parser made of them."""

    files: RawFiles
    frames: Frames


@dataclass
class BuildReport:
    """What a build did."""

    build_id: str
    row_counts: dict[str, int]
    changes: changes.Changes | None = None


def build(
    settings: Settings,
    parsed: Mapping[str, Parsed] | None = None,
    *,
    carry_over: bool = True,
    progress: Quiet | None = None,
) -> BuildReport:
    """Build a warehouse and put it in the place of the one that serves. The caller holds the lock.

    The base tables of a source come from ``parsed`` where it is there; else, with ``carry_over``, from the warehouse
    that serves or from the snapshot, whichever holds the newer files (a warehouse whose tables have other columns than
    today's cannot be carried over). Raises ``AtlasError`` when a source is
    in none of these, when a frame does not fit its table, or when a check fails; the old warehouse then stays as it
    was.
    """
    progress = progress or Quiet()
    parsed = parsed or {}
    started_at = _now()
    new = settings.warehouse_path.with_suffix(f".new-{os.getpid()}")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    for left in settings.data_dir.glob(f"{settings.warehouse_path.stem}.new-*"):  # of builds that were killed
        left.unlink()
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")  # ours is shown instead
    try:
        con.execute(f"ATTACH {literal(new)} AS w (STORAGE_VERSION '{STORAGE_VERSION}')")
        con.execute("USE w")
        previous_counts = _attach_previous(con, settings) if settings.warehouse_path.exists() else {}
        todo = [*tables("reference"), *tables("base"), *tables("mart")]
        con.begin()  # one wait for the disk in place of one for each of some 600 statements
        for table in tables("ledger", "history", "reference", "base", "mart"):
            _create(con, table)
        con.commit()
        origin = {
            s: _origin(con, settings, s, parsed, (carry_over or source.is_optional) and bool(previous_counts))
            for s, source in sources.all_sources().items()
        }
        derived: dict[str, pd.DataFrame] = {}
        ready = _marts_are_ready(con, settings, origin)
        for done, table in enumerate(todo):
            step = partial(progress.step, done=done, total=len(todo) + 1)
            step(table.name.replace("_", " "))
            if table.stage == "reference":
                _load_reference(con, settings, table)
            elif table.stage == "base":
                for source_id in table.sources:
                    _load_base(con, settings, table, source_id, origin[source_id], parsed)
            elif ready:
                con.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM {_parquet(settings, table.name)}")
            else:
                if table.name not in derived:
                    derived |= _derive(con, table, step)
                _insert(con, table, derived.pop(table.name), f"the mart {table.name}")
        progress.step("checking", len(todo), len(todo) + 1)
        report = _write_ledger(con, settings, parsed, origin, started_at)
        report.changes = changes.record(
            con, has_previous=bool(previous_counts), carried=_carried(origin), build_id=report.build_id,
            built_at=_now(), code_version=code_version(),
        )  # fmt: skip
        checks.run(con, has_previous=bool(previous_counts))
        con.execute("USE memory")
        con.execute("DETACH w")
        put_in_place(new, settings.warehouse_path)
        return report
    except (duckdb.IOException, duckdb.FatalException) as error:
        said = " ".join(str(error).split()).replace(". ", "; ")
        raise AtlasError(
            f"The new warehouse could not be written ({said}); free space on the disk and run "
            "it again, the old warehouse serves on until then."
        ) from error
    finally:
        con.close()
        new.unlink(missing_ok=True)
        new.with_name(new.name + ".wal").unlink(missing_ok=True)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _attach_previous(con: duckdb.DuckDBPyConnection, settings: Settings) -> dict[str, int]:
    """Attach the serving warehouse as ``previous``; gives its row counts, or nothing where it cannot be read."""
    try:
        con.execute(f"ATTACH {literal(settings.warehouse_path)} AS previous (READ_ONLY)")
        row = con.execute("SELECT row_counts FROM previous.build").fetchone()
    except duckdb.Error as error:
        raise AtlasError(
            f"The warehouse {settings.warehouse_path.name} cannot be read ({str(error).splitlines()[0]}); "
            "if nothing else has it open, delete it and run `python -m etl build`."
        ) from error
    return dict(json.loads(row[0])) if row else {}


def _create(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    con.execute(table.ddl())
    con.execute(f"COMMENT ON TABLE {table.name} IS {literal(table.description)}")
    for column in table.fields:
        con.execute(f"COMMENT ON COLUMN {table.name}.{column.name} IS {literal(column.description)}")


def _carried(origin: Mapping[str, str]) -> set[str]:
    """The base tables that were copied whole from the warehouse that serves."""
    return {t.name for t in tables("base") if {origin[source_id] for source_id in t.sources} == {"previous"}}


def _parquet(settings: Settings, name: str) -> str:
    """A table of the snapshot, as a query names it."""
    return f"read_parquet({literal(settings.snapshot_dir / f'{name}.parquet')})"


def _columns_of(con: duckdb.DuckDBPyConnection, relation: str) -> tuple[str, ...]:
    return tuple(r[0] for r in con.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall())


def _origin(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    source_id: str,
    parsed: Mapping[str, Parsed],
    may_carry: bool,
) -> str:
    """Where a source's base tables are to come from: all of them from one place."""
    source = sources.all_sources()[source_id]
    if source_id in parsed:
        missing = set(source.tables) - set(parsed[source_id].frames)
        if missing:
            raise AtlasError(
                f"The parser of {source_id} gave no table {', '.join(sorted(missing))}; it must be mended."
            )
        return "parsed"
    can_carry = may_carry and all(_can_carry(con, TABLES[name], source_id) for name in source.tables)
    if all((settings.snapshot_dir / f"{name}.parquet").exists() for name in ("source_file", *source.tables)):
        # The snapshot of a newer version of the project may be ahead of a warehouse that was never refreshed.
        if can_carry and _retrieved(con, "previous.source_file", source_id) > _retrieved(
            con, _parquet(settings, "source_file"), source_id
        ):
            return "previous"
        return "snapshot"
    if can_carry:
        return "previous"
    if source.is_optional:
        return "none"
    raise AtlasError(
        f"There are no figures of {source_id} in the warehouse or in data/snapshot; run "
        f"`python -m etl refresh {source_id}`" + (f", after this: {source.how_to_get}" if source.how_to_get else ".")
    )


def _retrieved(con: duckdb.DuckDBPyConnection, files: str, source_id: str) -> datetime:
    """When the newest of a source's files was fetched; long ago where there is none."""
    ((when,),) = con.execute(f"SELECT max(retrieved_at) FROM {files} WHERE source_id = ?", [source_id]).fetchall()
    return when or datetime.min


def _can_carry(con: duckdb.DuckDBPyConnection, table: Table, source_id: str) -> bool:
    known = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE database_name = 'previous' AND table_name = ?", [table.name]
    ).fetchall()
    if not known or _columns_of(con, f"previous.{table.name}") != table.column_names:
        return False
    # A result that is not read to its end blocks the connection: fetchall, here and wherever rows may follow.
    return bool(con.execute("SELECT url FROM previous.source_file WHERE source_id = ?", [source_id]).fetchall())


def _derive(con: duckdb.DuckDBPyConnection, table: Table, say: Callable[[str], None]) -> dict[str, pd.DataFrame]:
    """A mart's rows, and those of the marts that the same module derives with it."""
    derive = importlib.import_module(f"etl.warehouse.marts.{table.made_by or table.name}").rows
    if "step" in inspect.signature(derive).parameters:  # one that takes long says how far it is
        name = table.name.replace("_", " ")
        rows = derive(con, step=lambda done, total: say(f"{name}, {done} of {total}"))
    else:
        rows = derive(con)
    return rows if isinstance(rows, dict) else {table.name: rows}


def _load_reference(con: duckdb.DuckDBPyConnection, settings: Settings, table: Table) -> None:
    path = settings.reference_dir / f"{table.name}.csv"
    if not path.exists():
        raise AtlasError(f"data/reference/{path.name} is missing; restore it from the repository.")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, comment="#")
    _insert(con, table, frame.mask(frame == ""), f"data/reference/{path.name}")


def _load_base(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    table: Table,
    source_id: str,
    origin: str,
    parsed: Mapping[str, Parsed],
) -> None:
    if origin == "parsed":
        _insert(con, table, parsed[source_id].frames[table.name], f"{table.name} as parsed from {source_id}")
        return
    if origin == "none":
        return
    relation = f"previous.{table.name}"
    if origin == "snapshot":
        relation = _parquet(settings, table.name)
    of_source = f" WHERE source_id = '{source_id}'" if len(table.sources) > 1 else ""
    try:
        con.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM {relation}{of_source}")
    except (duckdb.IOException, duckdb.FatalException):  # the disk's fault, not the rows'
        raise
    except duckdb.Error as error:
        raise AtlasError(
            f"The {origin}'s {table.name} does not fit the warehouse ({str(error).splitlines()[0]}); run "
            "`python -m etl build --from archive`, or restore data/snapshot from the repository."
        ) from error


def _insert(con: duckdb.DuckDBPyConnection, table: Table, frame: pd.DataFrame, what: str) -> None:
    """Insert a frame by column name; an unknown column or a value that does not fit is an error."""
    unknown = set(frame.columns) - set(table.column_names)
    if unknown:
        raise AtlasError(f"{what} has columns the schema does not know: {', '.join(sorted(unknown))}; describe them.")
    con.register("incoming", frame)
    try:
        con.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM incoming")
    except (duckdb.IOException, duckdb.FatalException):  # the disk's fault, not the rows'
        raise
    except duckdb.Error as error:
        raise AtlasError(f"{what} does not fit its table ({str(error).splitlines()[0]}); mend the parser.") from error
    finally:
        con.unregister("incoming")


def _write_ledger(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    parsed: Mapping[str, Parsed],
    origin: Mapping[str, str],
    started_at: datetime,
) -> BuildReport:
    for source_id, place in origin.items():
        if place == "parsed":
            _insert(con, TABLES["source_file"], file_rows(parsed[source_id]), f"the files of {source_id}")
        elif place != "none":
            files = "previous.source_file" if place == "previous" else _parquet(settings, "source_file")
            con.execute(f"INSERT INTO source_file BY NAME SELECT * FROM {files} WHERE source_id = ?", [source_id])
    have_files = {s for (s,) in con.execute("SELECT DISTINCT source_id FROM source_file").fetchall()}
    # A source of brought files is one only where some were brought.
    listed = {s: source for s, source in sources.all_sources().items() if not source.is_optional or s in have_files}
    _insert(con, TABLES["source"], _source_rows(con, listed), "the list of sources")
    counts: dict[str, int] = {}
    for table in tables("reference", "base", "mart"):
        (counts[table.name],) = con.execute(f"SELECT count(*) FROM {table.name}").fetchone() or (0,)
        _write_table_sources(con, table)
    build_id = _build_id(con, "source_file")
    con.execute(
        "INSERT INTO build VALUES (?, ?, ?, ?, ?)",
        [build_id, started_at, _now(), code_version(), json.dumps(counts, sort_keys=True)],
    )
    return BuildReport(build_id, counts)


def _build_id(con: duckdb.DuckDBPyConnection, files: str) -> str:
    """What identifies a build: the files it was made from and the code that made it, on any day or machine."""
    digest = hashlib.sha256(code_version().encode())
    for row in con.execute(f"SELECT source_id, url, sha256 FROM {files} ORDER BY ALL").fetchall():
        digest.update("|".join(row).encode())
    return digest.hexdigest()[:12]


def _marts_are_ready(con: duckdb.DuckDBPyConnection, settings: Settings, origin: Mapping[str, str]) -> bool:
    """Whether the snapshot's marts are what would be derived: the same files went in, and the same code would run.

    Deriving them takes most of a build's time, and the first visit waits for it.
    """
    package = settings.snapshot_dir / "datapackage.json"
    if not set(origin.values()) <= {"snapshot", "none"} or not package.exists():
        return False
    made_by = json.loads(package.read_text(encoding="utf-8")).get("build_id")
    return bool(made_by == _build_id(con, _parquet(settings, "source_file")))


def _write_table_sources(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Where a table's figures come from: a base table's own sources; a mart's are those of what it is derived from."""
    for source_id in table.sources:
        period = f"CAST({table.period} AS TEXT)" if table.period else "NULL"
        own = f"WHERE source_id = '{source_id}'" if len(table.sources) > 1 else ""
        row = con.execute(f"SELECT count(*), min({period}), max({period}) FROM {table.name} {own}").fetchone()
        count, first, last = row or (0, None, None)
        if not count and sources.all_sources()[source_id].is_optional:
            continue
        label = period_label(table.period, last) if last else None
        con.execute(
            "INSERT INTO table_source VALUES (?, ?, ?, ?, ?, ?)",
            [table.name, source_id, count, first, last, label],
        )
    if table.inputs:
        con.execute(
            """
            INSERT INTO table_source
            SELECT $table, source_id, NULL, min(first_period), max(last_period), max_by(period_label, last_period)
            FROM table_source
            WHERE list_contains($inputs, table_name) OR list_contains($inputs, table_name || ':' || source_id)
            GROUP BY source_id ORDER BY source_id
            """,
            {"table": table.name, "inputs": list(table.inputs)},
        )


def _source_rows(con: duckdb.DuckDBPyConnection, all_of_them: Mapping[str, Source]) -> pd.DataFrame:
    """The sources, each cited by the periods of its files that are loaded."""
    fields = TABLES["source"].column_names
    periods: dict[str, list[str]] = {}
    for source_id, period in con.execute(
        "SELECT source_id, period FROM source_file WHERE period IS NOT NULL"
    ).fetchall():
        periods.setdefault(source_id, []).append(period)
    return pd.DataFrame(
        [
            {name: getattr(s, name) or None for name in fields}
            | {"citation": s.citation_of(periods.get(source_id, []))}
            for source_id, s in all_of_them.items()
        ]
    )


def file_rows(parsed: Parsed) -> pd.DataFrame:
    """The rows of ``source_file`` for a source's files."""
    return pd.DataFrame(
        [
            {
                "source_id": parsed.files.source_id,
                "url": raw.url,
                "retrieved_at": raw.retrieved_at.replace(tzinfo=None),
                "etag": raw.etag,
                "last_modified": raw.last_modified,
                "sha256": raw.sha256,
                "bytes": raw.size_bytes,
                "period": raw.period or None,
                "released_on": raw.last_modified_on,
                "via": raw.via,
            }
            for raw in parsed.files.values()
        ],
        columns=list(TABLES["source_file"].column_names),
    )
