"""One query of somebody else's, in a process that can do nothing but compute: ``python -P console_process.py``.

It is a program of its own and imports nothing of the project, so that it starts in a tenth of a second and holds nothing
worth having. It reads one request as JSON, opens the warehouse read-only, and then gives up what it could do harm with before
it looks at the query. DuckDB alone would not do: of a database that is attached read-only, with external access off and the
configuration locked, DuckDB 2.0 still lets ``COPY`` write the write-ahead log beside it, and ``WITH x AS (COPY ...)`` counts as a
SELECT. So there are three fences, each of which holds alone:

1. The text becomes a table in a query of ours, ``SELECT ... FROM (text)``: whatever is no query does not parse there.
2. DuckDB: read-only, no external access, no extensions, locked, a ceiling for memory and no place to spill.
3. The kernel, where it can (Linux, macOS): no file and no socket can be opened any more, not a byte be written to a file, and
   memory and processor time have an end. Its environment is empty and its priority low; who started it ends it.

Request: ``path``, ``sql``, ``rows``, ``cell`` and ``total`` (characters), ``memory_mb``, ``cpu_seconds``, None for no limit.
Answer: ``columns`` and ``rows``, ``cut_rows``, ``cut_cells``; or ``error``, and ``too_much`` where a limit was met.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any

import duckdb

try:
    import resource
except ImportError:  # Windows has none: the first two fences hold there
    resource = None  # type: ignore[assignment]

READS_ONLY = "only one query that reads is run: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE, PIVOT or EXPLAIN"
#: Types that stay as they are; a DECIMAL becomes a DOUBLE, everything else text.
AS_IT_IS = re.compile(r"BOOLEAN|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE")
MOST_COLUMNS = 200
FETCHED_AT_ONCE = 500
#: What the process may have besides what DuckDB may: its own code, stacks, and the answer in Python.
BESIDES_MB = 1000


class RefusedError(Exception):
    """The text is no query that may run; the message says why."""


def attached(path: str, memory_mb: int | None) -> duckdb.DuckDBPyConnection:
    """A connection of its own to the warehouse, that can read it and reach nothing else."""
    con = duckdb.connect(
        config={
            "threads": 1 if memory_mb else 2,
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        }
    )
    quoted = path.replace("'", "''")
    con.execute(f"ATTACH '{quoted}' AS w (READ_ONLY)")
    con.execute("USE w")
    if memory_mb:
        con.execute(f"SET memory_limit = '{int(memory_mb)}MB'")
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")
    return con


def seal(memory_mb: int | None, cpu_seconds: int | None) -> None:
    """Give up, for good, what a query has no use for."""
    if resource is None:
        return
    lowest_free = os.dup(0)
    os.close(lowest_free)
    limits = {"RLIMIT_NOFILE": lowest_free, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0, "RLIMIT_CPU": cpu_seconds}
    if sys.platform == "linux" and memory_mb:
        limits["RLIMIT_AS"] = (memory_mb + BESIDES_MB) * 1_000_000
    for name, most in limits.items():
        if most is not None:
            resource.setrlimit(getattr(resource, name), (most, most))
    if cpu_seconds:
        os.nice(10)


def as_table(con: duckdb.DuckDBPyConnection, sql: str) -> tuple[str, str]:
    """What stands before the query, and the query as a table of a query of ours. Raises ``RefusedError`` and ``duckdb.Error``."""
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", sql):
        raise RefusedError("it has a control character; type it again")
    statements = con.extract_statements(sql)
    if not statements:
        raise RefusedError("there is nothing to run in an empty text")
    kind = statements[0].type
    may_run = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI)
    if len(statements) > 1 or kind not in may_run:
        raise RefusedError(READS_ONLY)
    before = ""
    if kind == duckdb.StatementType.EXPLAIN:
        found = re.match(r"\s*EXPLAIN(\s+ANALYZE)?\b", sql, re.IGNORECASE)
        if not found:
            raise RefusedError("EXPLAIN, or EXPLAIN ANALYZE, must stand first")
        before, sql = found[0], sql[found.end() :]
    inner = re.sub(r"[;\s]+\Z", "", sql)
    table = f"(\n{inner}\n)"
    wrapped = con.extract_statements(f"SELECT * FROM {table}")
    if len(wrapped) != 1 or wrapped[0].type not in may_run:
        raise RefusedError(READS_ONLY)
    return before, table


def selected(name: str, sql_type: str, cell: int | None) -> str:
    """The expression that gives a column as a number, a truth or a text of bounded length."""
    if AS_IT_IS.fullmatch(sql_type):
        return name
    if sql_type.startswith("DECIMAL"):
        return f"CAST({name} AS DOUBLE)"
    text = f"CAST({name} AS VARCHAR)"
    return f"left({text}, {int(cell) + 1})" if cell else text


def answer(con: duckdb.DuckDBPyConnection, request: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a query, cut where a limit says so."""
    most, cell, total = request["rows"], request["cell"], request["total"]
    before, table = as_table(con, request["sql"])
    if before:
        columns, types = ["plan", "text"], ["VARCHAR", "VARCHAR"]
        con.execute(f"{before} SELECT * FROM {table}")
    else:
        described = con.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
        if len(described) > MOST_COLUMNS:
            raise RefusedError(f"it has {len(described):,} columns, and {MOST_COLUMNS} are the most")
        columns, types = [row[0] for row in described], [row[1] for row in described]
        names = [f"c{i}" for i in range(len(columns))]
        chosen = ", ".join(selected(name, kind, cell) for name, kind in zip(names, types, strict=True))
        limit = "" if most is None else f" LIMIT {int(most) + 1}"
        con.execute(f"SELECT {chosen} FROM {table} AS r({', '.join(names)}){limit}")
    if cell is None and total is None:
        return {"columns": columns, "rows": con.fetchall(), "cut_rows": False, "cut_cells": False}
    rows: list[list[Any]] = []
    size, cut_rows, cut_cells = 0, False, False
    while (batch := con.fetchmany(FETCHED_AT_ONCE)) and not cut_rows:
        for row in batch:
            cells = list(row)
            if cell:
                for i, value in enumerate(cells):
                    if isinstance(value, str) and len(value) > cell:
                        cells[i], cut_cells = value[:cell], True
            size += sum(len(value) if isinstance(value, str) else 8 for value in cells)
            if (most is not None and len(rows) == most) or (total and size > total):
                cut_rows = True
                break
            rows.append(cells)
    return {"columns": columns, "rows": rows, "cut_rows": cut_rows, "cut_cells": cut_cells}


def said(error: Exception) -> str:
    """An error of DuckDB's on one line, without the excerpt of our own query around the text."""
    whole = " ".join(str(error).split("\n\nLINE ")[0].split())
    return whole if len(whole) <= 300 else f"{whole[:300]}..."


def main() -> None:
    """Answer the one request."""
    request = json.load(sys.stdin)
    con = attached(request["path"], request["memory_mb"])
    seal(request["memory_mb"], request["cpu_seconds"])
    try:
        found = answer(con, request)
    except (duckdb.OutOfMemoryException, MemoryError):
        found = {"error": "it needs more memory than a query may have", "too_much": True}
    except (RefusedError, duckdb.Error) as error:
        found = {"error": said(error), "too_much": False}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
