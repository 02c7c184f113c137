"""The only door for readers: a read-only view of the warehouse that is safe to share between threads.

A reader is an in-memory DuckDB with the file attached read-only, kept per (inode, modification time): after a refresh
has swapped the file, the next call opens the new one. Each query has a cursor to itself while it runs, because threads
that share a connection get each other's rows.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

import duckdb
import pandas as pd

from etl.archive import FAILING
from etl.errors import AtlasError
from etl.settings import Settings, code_version
from etl.source import CADENCE_DAYS
from etl.warehouse import gap_inputs, schema
from etl.warehouse.changes import Changes, changes_of
from etl.warehouse.periods import period_after, period_end, period_label
from etl.warehouse.sql import literal
from measures.gaps import Network


@dataclass(frozen=True)
class Citation:
    """One source of a table: what a chart's source line and a download's README say."""

    source_id: str
    short_title: str
    publisher: str
    licence: str
    landing_url: str
    citation: str
    period_label: str
    retrieved_on: date
    via: str


@dataclass(frozen=True)
class TablePeriod:
    """The newest period that a base table has from one source. ``covered_to`` is its last day; the next is ``next_label``,
    and no figures of it can be there before ``next_after``."""

    table_name: str
    period_label: str
    covered_to: date
    next_label: str
    next_after: date
    is_old: bool


@dataclass(frozen=True)
class SourceState:
    """One source as it stands in the warehouse on a day: what it covers, how it came, and its age by its cadence.

    ``is_due`` says that it was last fetched longer ago than its cadence allows; ``periods`` are those of its dated tables,
    the newest first. ``retrieved_on`` is None and ``via`` empty for a source of which no file is loaded.
    """

    source_id: str
    title: str
    short_title: str
    publisher: str
    licence: str
    landing_url: str
    cadence: str
    citation: str
    how_to_get: str
    suppression: str
    vintage: str
    retrieved_on: date | None
    via: str
    file_count: int
    row_count: int
    age_days: int | None
    is_due: bool
    periods: tuple[TablePeriod, ...]


@dataclass(frozen=True)
class FailedRefresh:
    """The last try to refresh a source, which failed: its day, and what was wrong in a sentence."""

    source_id: str
    tried_on: date
    error: str


#: So many texts of queries are kept as they were read; the charts have about a hundred.
MOST_PARSED = 1000
#: So many answers are kept, of at most so many rows: some ten megabytes.
MOST_KEPT, LONGEST_KEPT = 400, 400
#: A period is old when its last day lies further back than this many times what the cadence allows for a fetch.
OLD_AFTER = 2


class Reader:
    """Reads one warehouse file. Make it with :func:`open_reader`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # One thread per query: the queries are small, and people who ask at once have the cores to share.
        self._con = duckdb.connect(config={"threads": 1})
        self._con.execute(f"ATTACH {literal(path)} AS w (READ_ONLY)")
        # What is attached now is all that these connections may ever read.
        self._con.execute("SET enable_external_access = false")
        self._con.execute("SET lock_configuration = true")
        self._networks: dict[str, Network] = {}
        self._idle: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()
        self._parsed: dict[str, duckdb.Statement] = {}
        self._kept: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._keeping = threading.Lock()

    def frame(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> pd.DataFrame:
        """The rows of a query as a frame of the caller's own. Values go in as parameters, never as part of the text."""
        found: pd.DataFrame = self._answer(sql, parameters, "df")
        return found.copy(deep=False)  # pandas copies what is written to

    def rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query as tuples."""
        return list(self._answer(sql, parameters, "fetchall"))

    def _answer(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any], fetch: Literal["df", "fetchall"]) -> Any:
        """What a query gives, small answers from memory where they were given before: a finding and its badge, or charts
        that differ in one column, ask the same, and the file that is read never changes. So a query must not ask for what
        does (now(), random())."""
        key = (fetch, sql, *_hashable(parameters))
        with self._keeping:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self._cursor() as cursor:
            found = getattr(self._run(cursor, sql, parameters), fetch)()
        if len(found) <= LONGEST_KEPT:
            with self._keeping:
                self._kept[key] = found
                if len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
        return found

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor that nobody else uses until the rows are fetched; kept for the next query after it."""
        try:
            cursor = self._idle.get_nowait()
        except Empty:
            cursor = self._con.cursor()
            cursor.execute("USE w")  # cursors do not inherit it
        yield cursor
        # After an error it is dropped: its transaction may be in no state to go on.
        self._idle.put(cursor)

    def _run(
        self, cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Sequence[Any] | Mapping[str, Any]
    ) -> duckdb.DuckDBPyConnection:
        found: duckdb.DuckDBPyConnection | None = cursor.execute(self._statement(cursor, sql), parameters or None)
        if found is None:
            raise duckdb.InvalidInputException("there is nothing to run in an empty text")
        return found

    def _statement(self, cursor: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement | str:
        """A query's text, parsed where it was asked before: parsing is a tenth of a small query's time, and the text of a
        chart's query is the same for every scope. A text of none or several statements stays text."""
        known = self._parsed.get(sql)
        if known is not None:
            return known
        statements = cursor.extract_statements(sql)
        if len(statements) != 1:
            return sql
        if len(self._parsed) < MOST_PARSED:
            self._parsed[sql] = statements[0]
        return statements[0]

    def place(self, state_abbr: str) -> dict[str, str | None]:
        """``state_fips`` and ``state_name`` of a postal abbreviation, as values for a query; both None where it is not known.

        A query that is told them reads the place's rows alone, and is planned in less time than one that looks them up.
        """
        found = self.rows("SELECT state_fips, state_name FROM state WHERE state_abbr = ?", [state_abbr])
        state_fips, state_name = found[0] if found else (None, None)
        return {"state_fips": state_fips, "state_name": state_name}

    def network(self, demand: str) -> Network:
        """Which program leads to which occupation of a demand scope; laid out once."""
        if demand not in self._networks:
            self._networks[demand] = gap_inputs.network(self.frame, demand)
        return self._networks[demand]

    def area_openings(self, state_fips: str, demand_basis: str | None = None) -> pd.DataFrame:
        """An area's rows of ``occupation_projection``: on the default basis (bls for the nation, estimated for states),
        or the one named."""
        return gap_inputs.area_openings(self.frame, state_fips, demand_basis)

    def area_wages(self, state_fips: str) -> pd.DataFrame:
        """An area's median wages by occupation, and of all occupations, of the newest year that has the latter."""
        return gap_inputs.area_wages(self.frame, state_fips)

    @cached_property
    def build_id(self) -> str:
        return str(self.rows("SELECT build_id FROM build")[0][0])

    @cached_property
    def code_version(self) -> str:
        return str(self.rows("SELECT code_version FROM build")[0][0])

    @cached_property
    def finished_at(self) -> datetime:
        when: datetime = self.rows("SELECT finished_at FROM build")[0][0]
        return when

    def citations(self, table_names: Sequence[str]) -> list[Citation]:
        """The sources of these tables, each once, in the order of the tables; the period is the latest of any."""
        rows = self.rows(
            """
            SELECT s.source_id, s.short_title, s.publisher, s.licence, s.landing_url, s.citation,
                   coalesce(max_by(t.period_label, t.last_period), any_value(f.edition), ''), max(f.retrieved_on), any_value(f.via)
            FROM (SELECT *, list_position($names, table_name) AS place FROM table_source) t
            JOIN source s USING (source_id)
            JOIN (SELECT source_id, max(retrieved_at)::DATE AS retrieved_on, max(via) AS via, max(period) AS edition
                  FROM source_file GROUP BY source_id) f USING (source_id)
            WHERE t.place IS NOT NULL AND t.place > 0
            GROUP BY ALL ORDER BY min(t.place), s.source_id
            """,
            {"names": list(table_names)},
        )
        return [Citation(*row) for row in rows]

    def last_changes(self) -> Changes | None:
        """What the newest build that changed figures changed; None where the record has no such build."""
        ((number,),) = self.rows("SELECT max(build_number) FROM build_change")
        return changes_of(self.rows, int(number)) if number is not None else None

    def source_states(self, today: date) -> list[SourceState]:
        """Every source as it stands on a day, by id."""
        periods: dict[str, list[TablePeriod]] = {}
        for source_id, cadence, table_name, last in self.rows(
            "SELECT source_id, cadence, table_name, last_period FROM table_source JOIN source USING (source_id) "
            "WHERE row_count IS NOT NULL AND last_period IS NOT NULL"
        ):
            periods.setdefault(source_id, []).append(_table_period(table_name, cadence, last, today))
        rows = self.rows(
            """
            SELECT s.source_id, title, short_title, publisher, licence, landing_url, cadence, citation,
                   coalesce(how_to_get, ''), coalesce(suppression, ''), coalesce(t.vintage, f.edition, ''), f.retrieved_on,
                   coalesce(f.via, ''), coalesce(f.file_count, 0), coalesce(t.row_count, 0)::BIGINT
            FROM source s
            LEFT JOIN (SELECT source_id, max(retrieved_at)::DATE AS retrieved_on, max(via) AS via,
                              count(DISTINCT url) AS file_count, max(period) AS edition
                       FROM source_file GROUP BY source_id) f USING (source_id)
            LEFT JOIN (SELECT source_id, sum(row_count) AS row_count,
                              string_agg(DISTINCT period_label, ', ' ORDER BY period_label)
                              FILTER (row_count IS NOT NULL) AS vintage
                       FROM table_source GROUP BY source_id) t USING (source_id)
            ORDER BY s.source_id
            """
        )
        found = []
        for row in rows:
            source_id, cadence, retrieved = row[0], row[6], row[11]
            age, limit = (today - retrieved).days if retrieved else None, _days_allowed(cadence)
            newest_first = sorted(periods.get(source_id, ()), key=lambda p: (p.covered_to, p.table_name), reverse=True)
            is_due = age is not None and limit is not None and age > limit
            found.append(SourceState(*(*row, age, is_due, tuple(newest_first))))
        return found


def _days_allowed(cadence: str) -> int | None:
    """Days after which a source of that cadence deserves a look; None where it has no rhythm."""
    return {str(name): days for name, days in CADENCE_DAYS.items()}[cadence]


def _table_period(table_name: str, cadence: str, last: str, today: date) -> TablePeriod:
    """What ``table_source`` says of a base table's newest period, with the period that is expected next."""
    field = schema.TABLES[table_name].period
    covered_to, limit = period_end(field, last), _days_allowed(cadence)
    following = period_after(field, last, step_years=2 if cadence == "every two years" else 1)
    is_old = limit is not None and (today - covered_to).days > OLD_AFTER * limit
    return TablePeriod(
        table_name,
        period_label(field, last),
        covered_to,
        period_label(field, following),
        period_end(field, following),
        is_old,
    )


def _hashable(parameters: Sequence[Any] | Mapping[str, Any]) -> Iterator[Any]:
    """The values of a query, with their names where they have any, as the parts of a key."""
    for part in parameters.items() if isinstance(parameters, Mapping) else parameters:
        name, value = part if isinstance(parameters, Mapping) else ("", part)
        # The type too: 1, 1.0 and True are equal, and a query may tell them apart.
        yield name, type(value), tuple(value) if isinstance(value, list) else value


def is_current(settings: Settings) -> bool:
    """Whether there is a warehouse, and it is what today's code would build."""
    return settings.warehouse_path.exists() and open_reader(settings).code_version == code_version()


def failed_refreshes(settings: Settings | None = None) -> dict[str, FailedRefresh]:
    """The sources whose last refresh failed, by id; none once a refresh has gone well. The warehouse does not know it, since
    nothing is built for a source that fails: the archive keeps it, and it is read again when it has changed."""
    path = (settings or Settings.from_environment()).archive_dir / FAILING
    try:
        stat = path.stat()
        stamp = (stat.st_ino, stat.st_mtime_ns)
        with _lock:
            known = _failing.get(path)
        if known and known[0] == stamp:
            return known[1]
        said = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise AtlasError(
            f"data/archive/{path.name} cannot be read; delete it and run `python -m etl refresh`."
        ) from error
    found = {
        source_id: FailedRefresh(source_id, datetime.fromisoformat(check["at"]).date(), check["error"])
        for source_id, check in said.items()
    }
    with _lock:
        _failing[path] = (stamp, found)
    return found


_failing: dict[Path, tuple[tuple[int, int], dict[str, FailedRefresh]]] = {}
_lock = threading.Lock()
_open: dict[Path, tuple[tuple[int, int], Reader]] = {}


def open_reader(settings: Settings | None = None) -> Reader:
    """A reader of the warehouse as it is now. Raises ``AtlasError`` where there is none or it cannot be read."""
    path = (settings or Settings.from_environment()).warehouse_path
    try:
        stat = path.stat()
    except FileNotFoundError as error:
        raise AtlasError(
            f"There is no warehouse at data/{path.name}; run `python -m etl build` to make it from the snapshot."
        ) from error
    stamp = (stat.st_ino, stat.st_mtime_ns)
    with _lock:
        known = _open.get(path)
        if known and known[0] == stamp:
            return known[1]
        try:
            reader = Reader(path)
            _ = reader.build_id
        except duckdb.Error as error:
            raise AtlasError(
                f"The warehouse data/{path.name} cannot be read ({str(error).splitlines()[0]}); run "
                "`python -m etl build`."
            ) from error
        # The old reader is dropped and never closed: another thread may still be in the middle of a query.
        _open[path] = (stamp, reader)
        return reader
