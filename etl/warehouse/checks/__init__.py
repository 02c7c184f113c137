"""The rules that the warehouse must meet before it is published.

Each ``*.sql`` file here is one rule: a query that gives the rows that break it, under a first comment line that says
what must hold. A file whose name starts with ``previous_`` compares with the warehouse that serves (attached as
``previous``) and is left out where there is none. Keys and required columns are checked from the schema itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from etl.errors import AtlasError
from etl.warehouse.schema import tables


@dataclass(frozen=True)
class Rule:
    """A named rule: ``says`` is what must hold, ``sql`` gives the rows that break it."""

    name: str
    says: str
    sql: str


def all_rules() -> list[Rule]:
    """The rules of the schema (keys), then those in the files, in order of name."""
    keys = []
    for table in tables("ledger", "history", "reference", "base", "mart"):
        columns = ", ".join(table.key)
        keys.append(
            Rule(
                f"key_{table.name}",
                f"no two rows of {table.name} share {columns}",
                f"SELECT {columns}, count(*) AS row_count FROM {table.name} GROUP BY ALL HAVING count(*) > 1",
            )
        )
    return keys + [_from_file(path) for path in sorted(Path(__file__).parent.glob("*.sql"))]


def _from_file(path: Path) -> Rule:
    sql = path.read_text(encoding="utf-8")
    first = sql.splitlines()[0]
    if not first.startswith("-- "):
        raise AtlasError(f"The check {path.name} must begin with a comment that says what must hold.")
    return Rule(path.stem, first.removeprefix("-- "), sql)


def offence(con: duckdb.DuckDBPyConnection, rule: Rule) -> str | None:
    """A sentence that says how the attached warehouse breaks a rule; None where it holds."""
    found = con.execute(rule.sql)
    columns = [d[0] for d in found.description or []]
    rows = found.fetchall()
    if not rows:
        return None
    first = ", ".join(f"{c} {v}" for c, v in zip(columns, rows[0], strict=True))
    return f"The rule {rule.name} ({rule.says}) is broken by {len(rows):,} rows, the first: {first}."


def broken(con: duckdb.DuckDBPyConnection, has_previous: bool) -> list[str]:
    """A sentence for every rule that the attached warehouse breaks."""
    rules = [rule for rule in all_rules() if has_previous or not rule.name.startswith("previous_")]
    return [sentence for rule in rules if (sentence := offence(con, rule))]


def run(con: duckdb.DuckDBPyConnection, has_previous: bool) -> int:
    """Check every rule; gives how many there were. Raises ``AtlasError`` with a sentence for each that is broken."""
    sentences = broken(con, has_previous)
    if sentences:
        raise AtlasError(
            " ".join(sentences) + " The old warehouse keeps serving; look at the source named, or report it."
        )
    return len(all_rules())
