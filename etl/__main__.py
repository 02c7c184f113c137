"""``python -m etl``: refresh, build, what changed, status, check, sql, turnover as it was served, snapshot and export.

Exit codes: 0 done; 1 the data or a source failed, and the old warehouse serves on; 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import asdict, replace
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec, TypeVar

import duckdb
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from etl import landing
from etl.codes import FRAMEWORK_2002, FRAMEWORK_2024
from etl.connected.bring import bring, clusters_by_cip
from etl.connected.connect import address_from
from etl.connected.maps import read_map_file as read_record_map
from etl.errors import AtlasError, UsageError
from etl.imports.answers import Answers, checked, read_map_file, write_map
from etl.imports.publish import publishable
from etl.imports.report import report_lines, suggested
from etl.imports.suppress import THRESHOLD
from etl.imports.understand import understand
from etl.progress import Terminal
from etl.refresh import RefreshReport, ensure_warehouse, failed_last_time, rebuild, refresh, status
from etl.settings import Settings
from etl.sources import all_sources
from etl.warehouse import vintages
from etl.warehouse.build import BuildReport
from etl.warehouse.changes import Changes, HeadlineChange, TableChange
from etl.warehouse.checks import all_rules, run
from etl.warehouse.console import COMMAND
from etl.warehouse.console import run as answer_to
from etl.warehouse.csv_text import csv_text
from etl.warehouse.export import export_all, write_snapshot
from etl.warehouse.read import open_reader
from etl.warehouse.sql import literal

#: Revisions of each series that a refresh prints; ``changes`` shows more.
SHOWN_AFTER_REFRESH = 3

P = ParamSpec("P")
T = TypeVar("T")

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Fetch the publishers' figures, build the warehouse, look into it and write it out.",
)
out, err = Console(highlight=False, soft_wrap=True), Console(stderr=True, highlight=False, soft_wrap=True)


class Origin(StrEnum):
    """What a build starts from."""

    SNAPSHOT = "snapshot"
    ARCHIVE = "archive"


class RowFormat(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class FileFormat(StrEnum):
    """How tables are written."""

    PARQUET = "parquet"
    CSV = "csv"


def one_sentence(command: Callable[P, T]) -> Callable[P, T]:
    """Print an ``AtlasError`` as its sentence, and exit with 1 (2 for wrong usage)."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except UsageError as error:
            err.print(f"error: {error}", markup=False)
            raise typer.Exit(2) from error
        except AtlasError as error:
            err.print(f"error: {error}", markup=False)
            raise typer.Exit(1) from error

    return wrapped


@app.command("refresh")
@one_sentence
def refresh_command(
    sources: Annotated[list[str] | None, typer.Argument(help="Sources to refresh; all by default.")] = None,
    from_: Annotated[
        str,
        typer.Option(
            "--from",
            metavar="DIR_OR_URL",
            help="A folder or address put in front of the publishers' addresses: https://host/x is read at "
            "DIR_OR_URL/host/x. TALENTGAP_MIRROR does the same.",
        ),
    ] = "",
    failed: Annotated[
        bool, typer.Option("--failed", help="Only the sources whose last refresh failed; nothing where none did.")
    ] = False,
) -> None:
    """Fetch what changed, build, check and swap in the new warehouse; say what changed."""
    settings = Settings.from_environment()
    if failed:
        if sources:
            raise UsageError("Give the names of sources or --failed, not both.")
        sources = failed_last_time(settings)
        if not sources:
            out.print("No source failed last time; nothing was asked again.")
            return
    if from_:
        settings = replace(settings, mirror=from_)
    with Terminal(err) as progress:
        if (settings.snapshot_dir / "datapackage.json").exists():
            ensure_warehouse(settings, progress)
        report = refresh(settings, sources or (), progress)
    _print_refresh(report)
    if report.failed:
        raise typer.Exit(1)


def _print_refresh(report: RefreshReport) -> None:
    for source_id, rows in report.loaded.items():
        out.print(f"loaded     {source_id}: {rows:,} rows parsed")
    for source_id, how in report.waiting.items():
        out.print(f"no file    {source_id}: keeps the figures it has. {how}")
    for note in report.notes:
        out.print(f"note       {note}", markup=False)
    if report.unchanged:
        out.print(f"unchanged  {', '.join(report.unchanged)}")
    for error in report.failed.values():
        err.print(f"error: {error}", markup=False)
    if report.build:
        _print_build(report.build)
    elif report.failed:
        out.print("Nothing was rebuilt: the warehouse serves on with the figures it has.")
    else:
        out.print(
            f"Nothing changed: the files are those the warehouse was built from (same SHA-256), "
            f"{report.downloaded_bytes / 1e6:,.1f} MB were new to the archive, nothing was rebuilt."
        )


def _print_build(report: BuildReport) -> None:
    if report.changes:
        _print_changes(report.changes, SHOWN_AFTER_REFRESH)
    out.print(
        f"Build {report.build_id} serves: {sum(report.row_counts.values()):,} rows in {len(report.row_counts)} tables."
    )


def _print_changes(changes: Changes, limit: int) -> None:
    """A line per table, then the largest revisions of each series that people quote."""
    for table in changes.tables:
        out.print(f"rows       {table.table_name}: {_counted(table)}", markup=False)
    by_series: dict[str, list[HeadlineChange]] = {}
    for change in changes.headlines:
        by_series.setdefault(change.series, []).append(change)
    for series, revised in by_series.items():
        for change in revised[:limit]:
            new = "withdrawn" if change.new_value is None else f"{change.new_value:,.10g}"
            out.print(f"revised    {series}: {change.what}: {change.old_value:,.10g} -> {new}", markup=False)
        if len(revised) > limit:
            more = f"and {len(revised) - limit:,} more; `python -m etl changes --json` has them all"
            out.print(f"revised    {series}: {more}", markup=False)


def _counted(table: TableChange) -> str:
    if table.added_count is None:
        return "its columns are others than before, so its rows were not compared"
    return f"{table.added_count:,} added, {table.revised_count:,} revised, {table.dropped_count:,} dropped"


@app.command("build")
@one_sentence
def build_command(
    from_: Annotated[
        Origin, typer.Option("--from", help="The committed snapshot, or the archived files parsed again.")
    ] = Origin.SNAPSHOT,
) -> None:
    """Build the warehouse without any network."""
    with Terminal(err) as progress:
        report = rebuild(Settings.from_environment(), from_.value, progress)
    _print_build(report)


@app.command("status")
@one_sentence
def status_command(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for other programs.")] = False,
) -> None:
    """Each source's vintage, when it was retrieved, its age against its cadence, its rows and its last error."""
    settings = Settings.from_environment()
    rows = status(settings)
    if as_json:
        print(json.dumps({"build_id": open_reader(settings).build_id, "sources": rows}, indent=1))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("source", "vintage", "retrieved", "age", "cadence", "rows", "last error"):
        table.add_column(heading, justify="right" if heading in {"age", "rows"} else "left", overflow="fold")
    for row in rows:
        age = "" if row["age_days"] is None else f"{row['age_days']} d{' (due)' if row['is_due'] else ''}"
        retrieved = f"{row['retrieved_on'] or 'never'} ({row['via']})" if row["via"] else "never"
        table.add_row(
            row["source_id"], row["vintage"] or "", retrieved, age, row["cadence"], f"{row['row_count']:,}",
            row["last_error"] or "",
        )  # fmt: skip
    console = out if out.is_terminal else Console(width=200, highlight=False)
    console.print(table)


@app.command("changes")
@one_sentence
def changes_command(
    limit: Annotated[int, typer.Option("--limit", min=0, help="How many revisions of each series to print.")] = 20,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON for other programs, with every revision.")
    ] = False,
) -> None:
    """Show what the last build that changed figures changed: rows by table, and what was revised from what to what."""
    changes = open_reader(Settings.from_environment()).last_changes()
    if as_json:
        print(json.dumps(asdict(changes) if changes else None, indent=1, default=str))
    elif changes is None:
        out.print("No build has changed a figure since the record began.")
    else:
        out.print(f"Build {changes.build_id} of {changes.built_at:%Y-%m-%d}, against build {changes.compared_with}:")
        _print_changes(changes, limit)


@app.command("turnover")
@one_sentence
def turnover_command(
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE_OR_BUILD", help="A day such as 2026-10-31 (UTC), or a build's id.")
    ] = "",
    state: Annotated[str, typer.Option("--state", help="A state's postal abbreviation; US is the nation.")] = "US",
    industry: Annotated[str, typer.Option("--industry", help="A JOLTS industry's code; 000000 is all.")] = "000000",
    element: Annotated[
        str, typer.Option("--element", help="JO vacancies, HI hires, TS separations, QU quits, LD layoffs, OS, UO.")
    ] = "JO",
    unadjusted: Annotated[bool, typer.Option("--unadjusted", help="Values that are not seasonally adjusted.")] = False,
    file_format: Annotated[RowFormat, typer.Option("--format", help="How to print the rows.")] = RowFormat.TABLE,
) -> None:
    """Turnover as it was served on a day or in a build, beside what is served now: a figure quoted then comes again."""
    served = vintages.turnover(
        open_reader(Settings.from_environment()), as_of, state=state, industry_code=industry, element=element,
        is_seasonally_adjusted=not unadjusted,
    )  # fmt: skip
    revised = int(served.rows["replaced_on"].notna().sum())
    err.print(
        f"As build {served.build_id} of {served.built_at:%Y-%m-%d} served it; "
        f"{revised:,} of {len(served.rows):,} months have other values now."
    )
    _print_frame(served.rows.assign(month=served.rows["month"].dt.strftime("%Y-%m")), file_format)


@app.command("check")
@one_sentence
def check_command() -> None:
    """Test the warehouse against the data rules."""
    path = open_reader(Settings.from_environment()).path
    con = duckdb.connect()
    con.execute(f"ATTACH {literal(path)} AS w (READ_ONLY)")
    con.execute("USE w")
    try:
        count = run(con, has_previous=False)
    finally:
        con.close()
    compared = sum(rule.name.startswith("previous_") for rule in all_rules())
    out.print(f"{count - compared} rules hold; {compared} more compare a new build with the one before it.")


@app.command("sql")
@one_sentence
def sql_command(
    query: Annotated[str, typer.Argument(help="A query in DuckDB's SQL; it can read the warehouse and nothing else.")],
    file_format: Annotated[RowFormat, typer.Option("--format", help="How to print the rows.")] = RowFormat.TABLE,
) -> None:
    """Query the warehouse, read-only, in a process that can open and write nothing; Ctrl-C ends it."""
    frame = answer_to(query, open_reader(Settings.from_environment()).path, COMMAND).frame
    _print_frame(frame, file_format)


def _print_frame(frame: pd.DataFrame, file_format: RowFormat) -> None:
    if file_format is RowFormat.CSV:
        sys.stdout.write(csv_text(frame))
    elif file_format is RowFormat.JSON:
        print(frame.to_json(orient="records", date_format="iso", indent=1))
    else:
        _print_rows(frame.astype(object).where(frame.notna(), None).to_dict("records"), list(frame.columns))


def _print_rows(rows: Sequence[Mapping[Hashable, Any]], columns: Sequence[str]) -> None:
    table = Table(box=None, pad_edge=False)
    for column in columns:
        numeric = any(isinstance(row[column], int | float) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if row[c] is None else str(row[c]) for c in columns))
    (out if out.is_terminal else Console(width=200, highlight=False)).print(table)


@app.command("snapshot")
@one_sentence
def snapshot_command() -> None:
    """Rewrite data/snapshot from the warehouse."""
    sizes = write_snapshot(Settings.from_environment())
    out.print(f"{len(sizes)} tables, {sum(sizes.values()) / 1e6:.1f} MB, in data/snapshot.")


@app.command("export")
@one_sentence
def export_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it is not there.")],
    file_format: Annotated[FileFormat, typer.Option("--format", help="Parquet or CSV.")] = FileFormat.PARQUET,
) -> None:
    """Write every table, with datapackage.json and the citations."""
    sizes = export_all(Settings.from_environment(), folder, file_format.value)
    out.print(f"{len(sizes)} tables, {sum(sizes.values()) / 1e6:.1f} MB, in {folder}.")


class Brought(StrEnum):
    """What an imported file counts."""

    ENROLLMENT = "enrollment"
    AWARDS = "awards"
    OPENINGS = "openings"


@app.command("import")
@one_sentence
def import_command(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A CSV or XLSX file.")] = None,
    kind: Annotated[
        Brought | None,
        typer.Option(help="What it counts: students (enrollment), awards, or a region's yearly openings."),
    ] = None,
    state: Annotated[str, typer.Option(help="The state it is of, where it does not say, as NC.")] = "",
    year: Annotated[str, typer.Option(help="The school year, where it does not say, as 2023-24.")] = "",
    level: Annotated[str, typer.Option(help="secondary or postsecondary, where it does not say.")] = "",
    measure: Annotated[str, typer.Option(help="Whom it counts: participants, concentrators or completers.")] = "",
    framework: Annotated[
        str, typer.Option(help="Which clusters: 16 (of 2002) or 14 (of 2024), where names fit both.")
    ] = "",
    region: Annotated[str, typer.Option(help="The region that openings are of; none is the whole state.")] = "",
    map_file: Annotated[
        Path | None, typer.Option("--map", help="A TOML file with answers, columns and clusters.")
    ] = None,
    save_map: Annotated[Path | None, typer.Option(help="Write what was understood as a map to be edited.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what is understood and load nothing.")] = False,
    threshold: Annotated[int, typer.Option(help="The smallest count that is shown.")] = THRESHOLD,
    everyone_only: Annotated[bool, typer.Option("--everyone-only", help="Leave out subgroups of students.")] = False,
    remove: Annotated[str, typer.Option(help="Take an imported file out again, by its name in data/inbox.")] = "",
    list_files: Annotated[bool, typer.Option("--list", help="List the files that are imported.")] = False,
    connect: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="A database with records of students, as postgres://user@host/database: they are counted there, and only counts "
            "come back. TALENTGAP_CONNECT does the same, and stays out of the shell's history.",
        ),
    ] = "",
    table: Annotated[str, typer.Option(help="The table of records, as schema.table; --map says what it holds.")] = "",
) -> None:
    """Load a table that people have: show what is understood, withhold small cells, build, check and swap."""
    settings = Settings.from_environment()
    if connect or table:
        _import_records(settings, connect, table, map_file, threshold, everyone_only, dry_run)
        return
    if list_files or remove or file is None:
        if remove:
            with Terminal(err) as progress:
                _print_build(landing.remove(settings, remove, progress))
        elif list_files:
            out.print("\n".join(landing.imported(settings)) or "No file is imported.", markup=False)
        else:
            raise UsageError("Name the FILE to import, or --list those that are.")
        return
    try:
        data = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read ({error.strerror}); name a CSV or XLSX file.") from error
    answers = read_map_file(map_file) if map_file else Answers()
    given = {
        "kind": kind.value if kind else "", "state": state, "school_year": year, "education_level": level, "measure": measure,
        "region": region, "framework": {"16": FRAMEWORK_2002, "14": FRAMEWORK_2024}.get(framework, framework),
    }  # fmt: skip
    answers = checked(replace(answers, **{k: v for k, v in given.items() if v}), "the command")  # type: ignore[arg-type]
    understood = understand(data, file.name, answers)
    for line in report_lines(understood):
        out.print(line, markup=False)
    if save_map:
        save_map.write_text(write_map(suggested(understood)), encoding="utf-8")
        out.print(f"Map written to {save_map}.", markup=False)
    rows = publishable(understood, threshold, everyone_only)
    if "is_suppressed" in rows:
        out.print(
            f"withheld   {int(rows['is_suppressed'].sum()):,} of {len(rows):,} counts are missing, masked, small, or "
            f"would give a small one away"
        )
    if dry_run:
        out.print("Nothing was loaded (--dry-run).")
        return
    with Terminal(err) as progress:
        _print_refresh(landing.land(settings, answers.kind, rows, progress))


def _import_records(
    settings: Settings,
    connect: str,
    table: str,
    map_file: Path | None,
    threshold: int,
    everyone_only: bool,
    dry_run: bool,
) -> None:
    """Count records where they are, and load the counts."""
    if not table or map_file is None:
        raise UsageError(
            "Records in a database need --table NAME and --map FILE beside --connect URL; the README shows a map."
        )
    found = read_record_map(map_file)
    if threshold != THRESHOLD:
        found = replace(found, threshold=threshold)
    if everyone_only:
        found = replace(found, populations={})
    address = address_from(connect)
    with Terminal(err) as progress:
        ensure_warehouse(settings, progress)
    clusters = clusters_by_cip(open_reader(settings)) if "cip" in found.columns else {}
    brought = bring(address, table, found, clusters)
    for line in brought.lines():
        out.print(line, markup=False)
    if dry_run:
        out.print("Nothing was loaded (--dry-run).")
        return
    with Terminal(err) as progress:
        _print_refresh(landing.land_all(settings, brought.rows, progress))


@app.command("sources")
@one_sentence
def sources_command() -> None:
    """The sources: id, title, cadence and where a person finds each."""
    _print_rows(
        [
            {"source_id": s.source_id, "title": s.title, "cadence": s.cadence, "landing_url": s.landing_url}
            for s in all_sources().values()
        ],
        ["source_id", "title", "cadence", "landing_url"],
    )


if __name__ == "__main__":
    app()
