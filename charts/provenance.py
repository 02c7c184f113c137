"""Where the figures come from: the sources and their age, the data dictionary, whole tables as files, and what is missing."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple

import pandas as pd

from charts import words
from charts.facts import Fact
from charts.scope import Scope
from etl.errors import AtlasError
from etl.warehouse.csv_text import csv_text
from etl.warehouse.read import Citation, FailedRefresh, Reader, SourceState
from measures.definitions import FIGURES, MEASURES, NOTATION, Measure

#: Longer tables are left to ``python -m etl export``.
MAX_DOWNLOAD_ROWS = 200_000
FileFormat = Literal["csv", "parquet"]
_CAME = {
    "publisher": "from the publisher",
    "mirror": "stored copy of the publisher’s file",
    "inbox": "file put there by a person",
    "": "not loaded",
}


# ------------------------------------------------------------------ sources


def duration(days: int) -> str:
    """A number of days in words.

    >>> duration(1), duration(45), duration(329), duration(1974)
    ('1 day', '45 days', '11 months', '5 years')
    """
    if days < 60:
        return "1 day" if days == 1 else f"{days} days"
    if days < 730:
        return f"{round(days / 30.44)} months"
    return f"{round(days / 365.25)} years"


def age(days: int) -> str:
    """How long ago, in words.

    >>> age(0), age(45)
    ('today', '45 days ago')
    """
    return f"{duration(days)} ago" if days > 0 else "today"


def freshness(state: SourceState) -> str:
    """When a source was last fetched, against how often it is published: '2 days ago, in time'."""
    if state.age_days is None:
        return "never fetched"
    if state.cadence == "ended":
        return f"{age(state.age_days)}; the series has ended"
    if state.cadence == "when revised":
        return f"{age(state.age_days)}; changes only when revised"
    return f"{age(state.age_days)}; {'due for a new look' if state.is_due else 'in time'}"


def expected(state: SourceState, today: date) -> str:
    """What the publisher is expected to release next, by the source's cadence and its newest period; not an announcement."""
    if state.cadence == "ended":
        return "none: the series has ended"
    if state.cadence == "when revised":
        return "when the publisher revises it"
    if state.cadence == "daily":
        return "a later day, any day"
    if not state.periods:
        return "the next edition; its day is not known"
    newest = state.periods[0]
    if newest.next_after >= today:
        when = f"after {words.day(newest.next_after)}"
    else:
        when = "probably out already" if newest.is_old else "any day"
    return f"{_period(newest.next_label)}; {when}"


def source_table(
    states: Sequence[SourceState], today: date, failing: Mapping[str, FailedRefresh] | None = None
) -> pd.DataFrame:
    """One row per source under its headings, for the page's table; ``failing`` are those whose last refresh failed."""
    return pd.DataFrame(
        [
            {
                "Source": s.short_title,
                "Published": s.cadence,
                "Covers": s.vintage or "not dated",
                "Retrieved": words.day(s.retrieved_on) if s.retrieved_on else "never",
                "Freshness": freshness(s) + ("; the last refresh failed" if s.source_id in (failing or {}) else ""),
                "Next, expected": expected(s, today),
                "How it came": _CAME[s.via],
                "Rows": s.row_count,
            }
            for s in states
        ]
    )


def facts(reader: Reader, states: Sequence[SourceState], table_count: int) -> list[Fact]:
    """The figures that open the page."""
    rows = sum(s.row_count for s in states)
    dated = [s for s in states if s.periods]
    newest = max(dated, key=lambda s: s.periods[0].covered_to)
    return [
        Fact(f"{len(states)}", "sources of publishers", "Each with its licence, citation and dates below"),
        Fact(
            words.short_count(rows), "rows of publishers’ figures", f"In {table_count} tables, those derived included"
        ),
        Fact(
            words.day(newest.periods[0].covered_to),
            "is the newest day that a figure covers",
            f"{newest.short_title}. Others end earlier: see the table",
        ),
        Fact(
            words.day(reader.finished_at.date()),
            "is when this warehouse was built",
            f"Build {reader.build_id}, code {reader.code_version}",
        ),
    ]


def failed(cited: Sequence[Citation], failing: Mapping[str, FailedRefresh]) -> list[str]:
    """What a chart says under it of each of its sources, those of its derived tables included, whose last refresh failed."""
    return [
        f"The newest try to refresh {c.short_title}, on {words.day(failing[c.source_id].tried_on)}, failed; these figures are of "
        f"{words.day(c.retrieved_on)}."
        for c in cited
        if c.source_id in failing
    ]


def failures(states: Sequence[SourceState], failing: Mapping[str, FailedRefresh]) -> list[str]:
    """The same of every source, with what was wrong."""
    return [
        f"{s.short_title}: the newest try to refresh it, on {words.day(failing[s.source_id].tried_on)}, failed; "
        f"{f'its figures of {words.day(s.retrieved_on)} serve on' if s.retrieved_on else 'it has no figures yet'}. "
        f"What was wrong: {failing[s.source_id].error}"
        for s in states
        if s.source_id in failing
    ]


# ------------------------------------------------------------------ what changed

#: Revisions of each series that a table shows.
SHOWN_REVISIONS = 5


def changed_lead(reader: Reader) -> str:
    """The sentence over what changed: which build against which, or that no build has changed a figure yet."""
    changes = reader.last_changes()
    if changes is None:
        return "No refresh has changed a figure here yet: the warehouse is as it was first built."
    quoted = len(changes.headlines)
    said = (
        f" Of the figures that people quote, {quoted:,} were revised; the largest revisions are named."
        if quoted
        else ""
    )
    return (
        f"Build {changes.build_id} of {words.day(changes.built_at.date())}, against build {changes.compared_with} before it. Rows "
        f"are told apart by their keys.{said}"
    )


def changed_tables(reader: Reader) -> pd.DataFrame:
    """Rows that the newest change added, revised and dropped, by table, under their headings."""
    changes = reader.last_changes()
    columns = {"table_name": "Table", "added_count": "Added", "revised_count": "Revised", "dropped_count": "Dropped"}
    rows = [vars(change) for change in changes.tables] if changes else []
    counts = [c for c in columns if c != "table_name"]
    return pd.DataFrame(rows, columns=list(columns)).astype(dict.fromkeys(counts, "Int64")).rename(columns=columns)


def changed_headlines(reader: Reader) -> pd.DataFrame:
    """The largest revisions of each series that people quote, under their headings."""
    changes = reader.last_changes()
    shown: dict[str, list[dict[str, object]]] = {}
    for change in changes.headlines if changes else ():
        rows = shown.setdefault(change.series, [])
        if len(rows) < SHOWN_REVISIONS:
            new = "withdrawn" if change.new_value is None else f"{change.new_value:,.10g}"
            rows.append({"Series": change.series, "What": change.what, "Was": f"{change.old_value:,.10g}", "Is": new})
    return pd.DataFrame([row for rows in shown.values() for row in rows], columns=["Series", "What", "Was", "Is"])


# ------------------------------------------------------------------ what is missing


def missing(reader: Reader, states: Sequence[SourceState], scope: Scope, today: date) -> list[str]:
    """What a reader might expect and does not find, each in a sentence: old periods, series that ended, stored copies, and
    what the chosen place's record lacks."""
    return [*_old(states, today), *_copies(states), *_withheld(reader, scope), *_record(reader, scope)]


def _old(states: Sequence[SourceState], today: date) -> list[str]:
    said = []
    for s in states:
        if s.cadence == "ended" and s.periods:
            said.append(f"{s.short_title}: the series ended; its last period is {_period(s.periods[0].period_label)}.")
        by_period: dict[tuple[str, date], list[str]] = {}
        for p in s.periods:
            if p.is_old:
                by_period.setdefault((_period(p.period_label), p.covered_to), []).append(p.table_name)
        said += [
            f"{s.short_title}, published {s.cadence}: the newest figures here ({words.listed(names)}) are of {period}: "
            f"{duration((today - end).days)} old."
            for (period, end), names in by_period.items()
        ]
    return said


def _period(label: str) -> str:
    return label.removeprefix("to ")


def _copies(states: Sequence[SourceState]) -> list[str]:
    copies = [s.short_title for s in states if s.via == "mirror"]
    if not copies:
        return []
    return [
        f"{len(copies)} of {len(states)} sources were read from stored copies of the publishers’ files; the command python -m "
        "etl refresh asks the publishers themselves."
    ]


def _withheld(reader: Reader, scope: Scope) -> list[str]:
    rows = reader.rows(
        """
        SELECT state_name, any_value(reference_year), count(*), count(*) FILTER (employment_count IS NULL),
               count(*) FILTER (wage_median_usd IS NULL)
        FROM occupation_employment JOIN state USING (state_fips)
        WHERE state_abbr = ? AND reference_year = (SELECT max(reference_year) FROM occupation_employment)
        GROUP BY state_name
        """,
        [scope.state],
    )
    return [
        f"{name}: of {count:,} occupations that the survey of May {year} lists here, {jobs:,} have no published employment and "
        f"{wages:,} no published median wage; the publisher withheld them, and they are missing here, never zero."
        for name, year, count, jobs, wages in rows
    ]


def _record(reader: Reader, scope: Scope) -> list[str]:
    """What the completeness of the public record says of a state; the nation's is counted over states."""
    lacks = {
        "record_own_projections": (
            "the state’s own projections are not fit to be offered; its openings are estimated from the nation’s",
            "have no projections of their own that are fit to be offered; their openings are estimated from the nation’s",
        ),
        "record_concentrators": (
            "no CTE concentrators of secondary schools are loaded",
            "have no CTE concentrators of secondary schools loaded",
        ),
    }
    rows = reader.rows(
        """
        SELECT indicator, count(*), count(*) FILTER (value = 0), any_value(state_name)
        FROM principle_indicator JOIN state USING (state_fips)
        WHERE list_contains($names, indicator) AND state_fips <> '00' AND cluster IS NULL AND ($state IN ('US', state_abbr))
        GROUP BY indicator ORDER BY indicator
        """,
        {"names": list(lacks), "state": scope.state},
    )
    said = []
    for indicator, tried, without, name in rows:
        one, many = lacks[indicator]
        if without:
            said.append(f"{name}: {one}." if scope.state != "US" else f"{without} of {tried} states and DC {many}.")
    return said


# ------------------------------------------------------------------ dictionary and downloads


def dictionary(reader: Reader) -> pd.DataFrame:
    """Every column of every table: table_name, table_says, row_count, sources, column_name, type, required, column_says.

    Tables and columns are described in the warehouse itself.
    """
    return reader.frame(
        """
        SELECT t.table_name, t.comment AS table_says, t.estimated_size AS row_count,
               coalesce(s.sources, 'kept by hand, about the build itself, or of files that were not brought yet') AS sources,
               c.column_name, c.data_type AS type, NOT c.is_nullable AS required, c.comment AS column_says
        FROM duckdb_tables() t
        JOIN duckdb_columns() c USING (database_name, schema_name, table_name)
        LEFT JOIN (SELECT table_name, string_agg(short_title, ', ' ORDER BY short_title) AS sources
                   FROM table_source JOIN source USING (source_id) GROUP BY table_name) s USING (table_name)
        WHERE database_name = 'w'
        ORDER BY t.table_name, c.column_index
        """
    )


def tables(dictionary: pd.DataFrame) -> pd.DataFrame:
    """One row per table: table_name, table_says, row_count, sources."""
    return dictionary[["table_name", "table_says", "row_count", "sources"]].drop_duplicates("table_name")


def search(dictionary: pd.DataFrame, text: str) -> pd.DataFrame:
    """The columns whose table, name or description has every word of a text, in any order and any case; all for none."""
    columns = ["table_name", "table_says", "column_name", "column_says"]
    whole = dictionary[columns].agg(" ".join, axis=1).str.casefold()
    found = pd.Series(data=True, index=dictionary.index)
    for word in text.casefold().split():
        found &= whole.str.contains(word, regex=False)
    return dictionary[found]


def matches(found: pd.DataFrame) -> pd.DataFrame:
    """The columns that a search found, under their headings."""
    return found[["table_name", "column_name", "column_says"]].rename(
        columns={"table_name": "Table", "column_name": "Column", "column_says": "What it is"}
    )


def columns(dictionary: pd.DataFrame, table: str) -> pd.DataFrame:
    """A table's columns under their headings."""
    own = dictionary[dictionary["table_name"] == table]
    return own[["column_name", "type", "required", "column_says"]].rename(
        columns={"column_name": "Column", "type": "Type", "required": "Always there", "column_says": "What it is"}
    )


def may_download(row_count: int) -> bool:
    """Whether a table is short enough to be saved from a page."""
    return row_count <= MAX_DOWNLOAD_ROWS


def table_file(reader: Reader, table: str, file_format: FileFormat) -> bytes:
    """A whole table as a file, its rows in a fixed order. Raises ``AtlasError`` for a table that there is not, or one too
    long."""
    known = tables(dictionary(reader)).set_index("table_name")["row_count"]
    if table not in known.index:
        raise AtlasError(f"There is no table {table!r}; the data dictionary lists them all.")
    if not may_download(int(known[table])):
        raise AtlasError(f"{table} has {known[table]:,} rows; `python -m etl export DIR` writes it.")
    rows = reader.frame(f"SELECT * FROM {table} ORDER BY ALL")  # the name is one of the warehouse's own
    if file_format == "csv":
        return csv_text(rows).encode()
    out = io.BytesIO()
    rows.to_parquet(out, index=False)
    return out.getvalue()


def cite(reader: Reader) -> str:
    """How this dashboard is cited; a figure is cited by its publisher."""
    built = reader.finished_at.date()
    return f"Talent Gap Atlas, build {reader.build_id} of {words.day(built)}. Figures: [the publisher’s citation, as listed]."


# ------------------------------------------------------------------ methods


class Method(NamedTuple):
    """A measure in words: its name, the question it answers, and what there is to say of it under a heading each."""

    name: str
    answers: str
    parts: tuple[tuple[str, str], ...]


def methods() -> list[Method]:
    """Every measure, from the definitions that the tests hold the code to."""
    return [Method(m.name, m.answers, _parts(m)) for m in MEASURES]


def _parts(measure: Measure) -> tuple[tuple[str, str], ...]:
    return (
        ("Formula", f"{measure.formula.removesuffix('.')}."),
        ("Source tables", ", ".join(measure.source)),
        ("Result tables", ", ".join(measure.found_in) or "computed when asked for"),
        ("Beware", measure.caveat),
        ("Code", ", ".join(f"measures.{name}" for name in measure.functions)),
        ("Tests", ", ".join(measure.tests)),
    )


def notation() -> str:
    """What the letters in the formulas stand for."""
    return NOTATION


def reproduced() -> pd.DataFrame:
    """The published figures that the snapshot gives to the digit, with the test that compares each."""
    return pd.DataFrame([{"Figure": f.what, "Value": f.value, "Test": f.test.split("::")[1]} for f in FIGURES])
