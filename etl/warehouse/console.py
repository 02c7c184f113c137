"""Queries that a person writes: read-only, bounded, each in a process of its own; and examples to start from.

What a query may do is given up in ``console_process.py``, which says how. Here it is started, timed, and ended.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from etl.errors import AtlasError, UsageError
from etl.warehouse.sql import literal

PROCESS = Path(__file__).with_name("console_process.py")


@dataclass(frozen=True)
class Limits:
    """The most that a query may have: seconds, memory of DuckDB's in MB, rows, characters of a cell, of the text and of all
    cells; None for no limit."""

    seconds: float | None = 10
    memory_mb: int | None = 500
    rows: int | None = 5_000
    cell: int | None = 2_000
    text: int | None = 20_000
    total: int | None = 5_000_000


#: On a page, where anyone may ask.
PAGE = Limits()
#: On the command line, where a person asks their own machine: only Ctrl-C ends it.
COMMAND = Limits(None, None, None, None, None, None)
#: Queries of pages that may run at the same time on one server.
AT_ONCE = 2
_slots = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Answer:
    """The rows of a query. Numbers are numbers, everything else is text; ``cut_rows`` and ``cut_cells`` say that a limit left
    rows out, or the ends of long texts."""

    frame: pd.DataFrame
    cut_rows: bool
    cut_cells: bool
    seconds: float


def run(sql: str, warehouse: Path, limits: Limits = PAGE) -> Answer:
    """The answer to a query of the warehouse at that path.

    Raises ``UsageError`` where the text is no query that may run, and ``AtlasError`` where it asks for more than the limits
    allow or too many run already.
    """
    if limits.text is not None and len(sql) > limits.text:
        raise UsageError(f"The query cannot be run: it has {len(sql):,} characters, and {limits.text:,} are the most.")
    if limits is COMMAND:
        return _run(sql, warehouse, limits)
    if not _slots.acquire(blocking=False):
        raise AtlasError(f"{AT_ONCE} other queries are running, the most that run at once; try again in some seconds.")
    try:
        return _run(sql, warehouse, limits)
    finally:
        _slots.release()


def _run(sql: str, warehouse: Path, limits: Limits) -> Answer:
    request = {
        "path": str(warehouse), "sql": sql, "rows": limits.rows, "cell": limits.cell, "total": limits.total,
        "memory_mb": limits.memory_mb, "cpu_seconds": None if limits.seconds is None else int(limits.seconds) + 5,
    }  # fmt: skip
    started = time.monotonic()
    try:
        # -P: no module beside the program is taken for one of the same name elsewhere. The environment is empty: a query can
        # read no setting and no key out of it. DuckDB's interrupt() would be heard only between its steps; a kill is not asked.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(PROCESS)],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=limits.seconds,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise AtlasError(
            f"The query was stopped after {limits.seconds:g} seconds, the most it may take; ask for fewer rows or join fewer "
            "tables."
        ) from error
    except OSError as error:
        raise AtlasError(
            f"The query could not be started ({error.strerror}); the server must be able to start {Path(sys.executable).name}."
        ) from error
    seconds = time.monotonic() - started
    if done.returncode:
        raise AtlasError(
            "The query ended without an answer: it asked for more memory or time than it may have, or the warehouse cannot be "
            "read; ask for less, or see `python -m etl status`."
        )
    found: dict[str, Any] = json.loads(done.stdout)
    if "error" in found:
        kind = AtlasError if found["too_much"] else UsageError
        raise kind(f"The query cannot be run: {found['error'].rstrip('.?')}.")
    columns = [_column([row[i] for row in found["rows"]]) for i in range(len(found["columns"]))]
    frame = pd.DataFrame(dict(enumerate(columns))).set_axis(found["columns"], axis=1)
    return Answer(frame, found["cut_rows"], found["cut_cells"], seconds)


def _column(values: Sequence[Any]) -> pd.Series:
    """The values of one column: whole numbers stay whole where some are missing."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int} and all(value is None or -(2**63) <= value < 2**63 for value in values):
        return pd.Series(values, dtype="Int64")
    if kinds == {float}:
        return pd.Series(values, dtype="float64")
    return pd.Series(values, dtype="object")


# ------------------------------------------------------------------ examples


@dataclass(frozen=True)
class Example:
    """A query to start from: what it asks, and its text for a place."""

    asks: str
    sql: str


def examples(state_name: str) -> list[Example]:
    """Queries that an analyst may start from, of one place of the table ``state``."""
    place = literal(state_name)
    return [
        Example(
            "Openings and awards by pathway: check the Pathways page yourself",
            f"""SELECT cluster, demand_variant, openings_annual_count, at_least_count, at_most_count
FROM gap_by_cluster JOIN state USING (state_fips)
WHERE state_name = {place} AND framework = '14 clusters (2024)' AND subcluster IS NULL
  AND awards = 'sub-baccalaureate' AND demand = 'career-prep'
  AND demand_basis = CASE WHEN state_fips = '00' THEN 'bls' ELSE 'estimated' END
  AND award_year = (SELECT max(award_year) FROM gap_by_cluster)
ORDER BY cluster, demand_variant""",
        ),
        Example(
            "The career-training jobs with the most yearly openings, and the usual way in",
            f"""SELECT soc_code, title, openings_annual_count, growth_and_exits_annual_count, way_in
FROM occupation_projection JOIN state USING (state_fips) JOIN occupation USING (soc_code)
WHERE state_name = {place} AND is_career_prep
  AND demand_basis = CASE WHEN state_fips = '00' THEN 'bls' ELSE 'estimated' END
ORDER BY openings_annual_count DESC NULLS LAST LIMIT 25""",
        ),
        Example(
            "Which institutions give the most awards below a bachelor's degree",
            f"""SELECT name, city, sector, sum(awards_count) AS awards_count
FROM completion
JOIN institution USING (unit_id, award_year) JOIN award_level USING (award_level) JOIN state USING (state_fips)
WHERE {place} IN ('United States', state_name) AND award_group IN ('certificate', 'associate')
  AND award_year = (SELECT max(award_year) FROM completion)
GROUP BY ALL ORDER BY awards_count DESC LIMIT 25""",
        ),
        Example(
            "How hard it is for each industry to hire, month by month, of the last year",
            """SELECT month, title, value AS vacancies_per_hire, percentile_since_2001
FROM industry_shortage JOIN industry USING (industry_code)
WHERE indicator = 'vacancies_per_hire' AND month > (SELECT max(month) FROM industry_shortage) - INTERVAL 12 MONTHS
ORDER BY title, month""",
        ),
        Example(
            "Where does a table come from: sources, what they cover, and when each was retrieved",
            """SELECT table_name, short_title, period_label, licence, max(retrieved_at) AS retrieved_at, any_value(via) AS via
FROM table_source JOIN source USING (source_id) JOIN source_file USING (source_id)
GROUP BY ALL ORDER BY table_name, short_title""",
        ),
    ]
