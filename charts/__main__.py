"""``python -m charts``: list the charts, and save one without opening the dashboard."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from charts import anatomy
from charts.chart import Chart, all_charts, chart_by_id
from charts.scope import Choices, Scope, parse
from etl.errors import AtlasError, UsageError
from etl.settings import Settings
from etl.warehouse.read import Reader, open_reader

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="List the charts and save them, headless, from the warehouse.",
)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@app.command("list")
def list_command() -> None:
    """Every chart: its id, the question it answers, the tables it reads."""
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "question", "tables"):
        table.add_column(heading, overflow="fold")
    for chart in all_charts().values():
        table.add_row(chart.id, chart.question, ", ".join(chart.tables))
    console = Console(highlight=False)
    (console if console.is_terminal else Console(width=160, highlight=False)).print(table)


@app.command("save")
def save_command(
    chart_id: Annotated[str, typer.Argument(metavar="ID", help="A chart's id; `python -m charts list` shows all.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write: FILE.html or FILE.csv.")],
    state: Annotated[str, typer.Option(help="Postal abbreviation; US is the nation.")] = "US",
    industry: Annotated[str, typer.Option(help="JOLTS industry code.")] = "",
    pathway: Annotated[str, typer.Option(help="Career cluster.")] = "",
    awards: Annotated[str, typer.Option(help="sub-baccalaureate, certificates or associate.")] = "sub-baccalaureate",
    demand: Annotated[str, typer.Option(help="career-prep or middle-skills.")] = "career-prep",
) -> None:
    """Save one chart: a standalone HTML page, or the rows behind it as CSV."""
    asked = {"state": state, "industry": industry, "pathway": pathway, "awards": awards, "demand": demand}
    try:
        if out.suffix not in {".html", ".csv"}:
            raise UsageError(f"A chart can be saved as .html or .csv, not as {out.suffix or 'a file without ending'}.")
        reader, chart = open_reader(Settings.from_environment()), chart_by_id(chart_id)
        scope, notices = parse({k: v for k, v in asked.items() if v}, Choices.of(reader))
        if notices:
            raise UsageError(" ".join(notices))
        save(chart, reader, scope, out)
    except AtlasError as error:
        err.print(f"error: {error}", markup=False)
        raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error
    print(out)


def save(chart: Chart, reader: Reader, scope: Scope, out: Path) -> None:
    """Write a chart to a file. Raises ``AtlasError`` where there is nothing to draw or the file cannot be written."""
    frame = chart.frame(reader, scope)
    if frame.empty:
        raise AtlasError(chart.nothing(scope))
    try:
        if out.suffix == ".csv":
            chart.table(frame).to_csv(out, index=False, quoting=csv.QUOTE_MINIMAL)
        else:
            out.write_text(anatomy.page(chart, reader, scope), encoding="utf-8")
    except OSError as error:
        raise AtlasError(f"{out} cannot be written ({error.strerror}); choose another folder.") from error


if __name__ == "__main__":
    app()
