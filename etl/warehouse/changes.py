"""What a build changed against the one before it, and what that one served: kept, build after build.

How many rows of each table came, went or have other values (``build_change``); which figures that people quote were
revised, from what to what (``headline_change``); and what was served before of turnover, of which five years are
revised every winter (``turnover_vintage``; ``etl.warehouse.vintages`` reads it).

Only what a later build took away is kept, so a refresh that revises nothing adds nothing but its line in
``build_log``. The history tables are part of the warehouse, so that a build and its record are swapped in together.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from etl.errors import AtlasError
from etl.warehouse.schema import TABLES, Table, tables

#: Columns that say where a value comes from: another release that gives the same value has revised nothing.
_ORIGIN = frozenset({"vintage", "level_vintage", "is_preliminary", "origin"})
#: Tables whose superseded values are kept, and where.
VINTAGES: Mapping[str, str] = {"turnover_monthly": "turnover_vintage"}


@dataclass(frozen=True)
class Headline:
    """A series that people quote. ``value`` is an aggregate over the rows of one place, code and period of ``table``.

    ``code`` names the column that tells its series apart, and ``titles`` the table that has their names.
    """

    series: str
    table: str
    value: str
    period: str
    code: str = ""
    titles: str = ""
    where: str = "true"

    def sql(self, database: str) -> str:
        """The rows state_fips, code, period, value in one of the attached databases."""
        place = "state_fips" if "state_fips" in TABLES[self.table].column_names else "'00'"
        period = f"strftime({self.period}, '%B %Y')" if self.period == "month" else f"{self.period}::TEXT"
        return (
            f"SELECT {place} AS state_fips, {self.code or 'NULL'}::TEXT AS code, {period} AS period, "
            f"{self.value}::DOUBLE AS value FROM {database}.{self.table} WHERE {self.where} GROUP BY ALL"
        )

    @property
    def columns(self) -> set[str]:
        """The columns of the table that must be there for it."""
        return {c for c in TABLES[self.table].column_names if c in self.sql("w")}


_ADJUSTED_VACANCIES = "element = 'JO' AND is_seasonally_adjusted"
HEADLINES = (
    Headline("vacancy rate, %", "turnover_monthly", "max(rate_pct)", "month", "industry_code", "industry",
             _ADJUSTED_VACANCIES),
    Headline("vacancies, thousands", "turnover_monthly", "max(level_thousands)", "month", "industry_code", "industry",
             _ADJUSTED_VACANCIES),
    Headline("unemployment rate, %", "unemployment_monthly", "max(rate_pct)", "month", "industry_code", "industry",
             "is_seasonally_adjusted = (industry_code = '000000')"),
    Headline("yearly openings, national projections", "projection_national", "max(openings_annual_count)",
             "projection_year", "soc_code", "projection_national"),
    Headline("yearly openings, the states' own projections", "projection_state", "max(openings_annual_count)",
             "projection_year", where="soc_code = '00-0000'"),
    Headline("yearly openings, estimated for states", "occupation_projection", "round(sum(openings_annual_count))",
             "projection_year", where="demand_basis = 'estimated'"),
    Headline("employment of the occupation survey", "occupation_employment", "max(employment_count)",
             "reference_year", where="soc_code = '00-0000'"),
    Headline("covered employment", "industry_employment", "max(employment_count)", "quarter",
             where="naics_code = '10' AND own_code = '0'"),
    Headline("awards", "program_award", "sum(awards_count)", "award_year"),
)  # fmt: skip


@dataclass(frozen=True)
class TableChange:
    """Rows of a table that a build added, gave other values and dropped, by key; None where its columns are others."""

    table_name: str
    added_count: int | None
    revised_count: int | None
    dropped_count: int | None


@dataclass(frozen=True)
class HeadlineChange:
    """One figure that people quote: what it was and what it is; ``new_value`` is None where it was withdrawn."""

    series: str
    what: str
    old_value: float
    new_value: float | None


@dataclass(frozen=True)
class Changes:
    """What one build changed against the one before it."""

    build_id: str
    built_at: datetime
    compared_with: str
    tables: tuple[TableChange, ...]
    headlines: tuple[HeadlineChange, ...]


# ------------------------------------------------------------------ recording, while a build is made


def record(
    con: duckdb.DuckDBPyConnection,
    *,
    has_previous: bool,
    carried: Collection[str],
    build_id: str,
    built_at: datetime,
    code_version: str,
) -> Changes | None:
    """Write the history tables of the warehouse ``w`` that is being built; None where it replaces none.

    What ``previous`` has recorded is carried over, and what ``w`` changes against it is added. ``carried`` are tables
    that were copied from ``previous`` as they are and need no comparison.
    """
    number = 1 + (_carry_over(con) if has_previous else 0)
    con.execute("INSERT INTO build_log VALUES (?, ?, ?, ?)", [number, build_id, built_at, code_version])
    if not has_previous:
        return None
    changed = [
        change for table in tables("reference", "base", "mart")
        if table.name not in carried and (change := _compare(con, table))
    ]  # fmt: skip
    for change in changed:
        con.execute(
            "INSERT INTO build_change VALUES (?, ?, ?, ?, ?)",
            [number, change.table_name, change.added_count, change.revised_count, change.dropped_count],
        )
        if change.table_name in VINTAGES and change.added_count is not None:
            _keep_vintage(con, TABLES[change.table_name], number)
    names = {change.table_name for change in changed}
    for headline in HEADLINES:
        if headline.table in names and headline.columns <= set(_columns(con, "previous", headline.table)):
            _record_headline(con, headline, number)
    return changes_of(lambda sql, values: con.execute(sql, values).fetchall(), number)


def _carry_over(con: duckdb.DuckDBPyConnection) -> int:
    """Copy what the build before has recorded; gives its number. One that recorded nothing yet is number 1."""
    for table in tables("history"):
        known = _columns(con, "previous", table.name)
        if known and known != table.column_names:
            raise AtlasError(
                f"The record {table.name} of earlier builds has other columns than this version keeps; delete the "
                "warehouse to begin the record anew, and run `python -m etl build`."
            )
        if known:
            con.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM previous.{table.name}")
    if not _columns(con, "previous", "build_log"):
        con.execute("INSERT INTO build_log SELECT 1, build_id, finished_at, code_version FROM previous.build")
    ((newest,),) = con.execute("SELECT max(build_number) FROM build_log").fetchall()
    return int(newest)


def _columns(con: duckdb.DuckDBPyConnection, database: str, table: str) -> tuple[str, ...]:
    """The columns of a table in an attached database; none where there is no such table."""
    rows = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND table_name = ? ORDER BY column_index",
        [database, table],
    ).fetchall()
    return tuple(name for (name,) in rows)


def _values(table: Table) -> tuple[str, ...]:
    """The columns whose change is a revision: neither key nor origin."""
    return tuple(c for c in table.column_names if c not in table.key and c not in _ORIGIN)


def _differ(columns: Sequence[str], old: str = "o", new: str = "n") -> str:
    return " OR ".join(f"{old}.{c} IS DISTINCT FROM {new}.{c}" for c in columns) or "false"


def _compare(con: duckdb.DuckDBPyConnection, table: Table) -> TableChange | None:
    """What became of a table's rows; None where every key has the values that it had."""
    before = _columns(con, "previous", table.name)
    if not before:
        ((count,),) = con.execute(f"SELECT count(*) FROM w.{table.name}").fetchall()
        return TableChange(table.name, count, 0, 0) if count else None
    values = _values(table)
    if not {*table.key, *values} <= set(before):
        return TableChange(table.name, None, None, None)
    # Most tables are as they were, and a sum of hashes tells so many times faster than a join.
    sums = [
        con.execute(f"SELECT count(*), sum(hash({', '.join([*table.key, *values])})) FROM {database}.{table.name}")
        .fetchall() for database in ("previous", "w")
    ]  # fmt: skip
    if sums[0] == sums[1]:
        return None
    ((added, revised, dropped),) = con.execute(
        f"""
        SELECT count(*) FILTER (o.here IS NULL), count(*) FILTER (o.here AND n.here AND ({_differ(values)})),
               count(*) FILTER (n.here IS NULL)
        FROM (SELECT *, true AS here FROM previous.{table.name}) o
        FULL JOIN (SELECT *, true AS here FROM w.{table.name}) n
          ON {" AND ".join(f"o.{c} IS NOT DISTINCT FROM n.{c}" for c in table.key)}
        """
    ).fetchall()
    return TableChange(table.name, added, revised, dropped) if added or revised or dropped else None


def _keep_vintage(con: duckdb.DuckDBPyConnection, table: Table, number: int) -> None:
    """Keep what ``previous`` said of every key whose values are others now, or which had no row before."""
    rest = [c for c in table.column_names if c not in table.key]
    con.execute(
        f"""
        INSERT INTO {VINTAGES[table.name]} BY NAME
        SELECT {", ".join(f"coalesce(o.{c}, n.{c}) AS {c}" for c in table.key)}, {number} AS replaced_in,
               o.here IS NOT NULL AS was_served, {", ".join(f"o.{c}" for c in rest)}
        FROM (SELECT *, true AS here FROM previous.{table.name}) o
        FULL JOIN (SELECT *, true AS here FROM w.{table.name}) n USING ({", ".join(table.key)})
        WHERE o.here IS NULL OR n.here IS NULL OR {_differ(_values(table))}
        """
    )


def _record_headline(con: duckdb.DuckDBPyConnection, headline: Headline, number: int) -> None:
    titles = "SELECT NULL::TEXT AS code, NULL::TEXT AS title"
    if headline.titles:
        titles = f"SELECT {headline.code} AS code, any_value(title) AS title FROM w.{headline.titles} GROUP BY ALL"
    con.execute(
        f"""
        INSERT INTO headline_change
        SELECT $number, $series,
               concat_ws(', ', coalesce(s.state_name, o.state_fips), coalesce(t.title, o.code), o.period),
               o.value, n.value
        FROM ({headline.sql("previous")}) o
        LEFT JOIN ({headline.sql("w")}) n
          ON o.state_fips = n.state_fips AND o.period = n.period AND o.code IS NOT DISTINCT FROM n.code
        LEFT JOIN w.state s ON s.state_fips = o.state_fips
        LEFT JOIN ({titles}) t ON t.code = o.code
        WHERE o.value IS NOT NULL AND o.value IS DISTINCT FROM n.value
        """,
        {"number": number, "series": headline.series},
    )


# ------------------------------------------------------------------ reading


def changes_of(rows: Callable[[str, Sequence[int]], list[tuple[Any, ...]]], number: int) -> Changes:
    """What the build of that number changed; ``rows`` runs a query. The largest revisions of a series come first."""
    ((build_id, built_at, compared_with),) = rows(
        "SELECT b.build_id, b.built_at, p.build_id FROM build_log b JOIN build_log p "
        "ON p.build_number = b.build_number - 1 WHERE b.build_number = ?",
        [number],
    )
    counted = rows(
        "SELECT table_name, added_count, revised_count, dropped_count FROM build_change WHERE build_number = ? "
        "ORDER BY table_name",
        [number],
    )
    order = {headline.series: place for place, headline in enumerate(HEADLINES)}
    revised = [
        HeadlineChange(*row)
        for row in rows(
            "SELECT series, what, old_value, new_value FROM headline_change WHERE build_number = ? "
            "ORDER BY abs(new_value - old_value) / greatest(abs(old_value), 1e-9) DESC NULLS FIRST, what",
            [number],
        )
    ]
    revised.sort(key=lambda change: order.get(change.series, len(order)))  # stable: the largest stay first
    return Changes(build_id, built_at, compared_with, tuple(TableChange(*row) for row in counted), tuple(revised))
