"""``python -m charts``: list the charts, and save them, a brief, a workbook or slides without opening the dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from charts import export
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


State = Annotated[str, typer.Option(help="Postal abbreviation; US is the nation.")]
Industry = Annotated[str, typer.Option(help="JOLTS industry code.")]
Pathway = Annotated[str, typer.Option(help="Career cluster.")]
Awards = Annotated[str, typer.Option(help="sub-baccalaureate, certificates or associate.")]
Demand = Annotated[str, typer.Option(help="career-prep or middle-skills.")]


@app.command("save")
def save_command(
    chart_id: Annotated[str, typer.Argument(metavar="ID", help="A chart's id; `python -m charts list` shows all.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write: FILE.png, .svg, .pdf, .html, .csv or .zip.")
    ],
    state: State = "US",
    industry: Industry = "",
    pathway: Pathway = "",
    awards: Awards = "sub-baccalaureate",
    demand: Demand = "career-prep",
    size: Annotated[
        str, typer.Option(help="slide (1600 x 900) or social (1080 x 1350); files have twice the pixels.")
    ] = "slide",
) -> None:
    """Save one chart: a picture, a standalone HTML page, the rows behind it as CSV, or all of it as a zip."""
    with _ended():
        reader, chart = open_reader(Settings.from_environment()), chart_by_id(chart_id)
        scope = _scope(reader, state=state, industry=industry, pathway=pathway, awards=awards, demand=demand)
        export.save(chart, reader, scope, out, size)
    print(out)


@app.command("verify")
def verify_command(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A saved picture, page, table, brief, workbook or slides.")
    ],
) -> None:
    """Say whether a saved file's figures are those of the current warehouse, or which build they came from."""
    from charts.verify import verify

    with _ended():
        verdict = verify(open_reader(Settings.from_environment()), file)
    for sentence in verdict.sentences:
        print(sentence)
    if not verdict.is_current:
        raise typer.Exit(1)


@app.command("brief")
def brief_command(
    state: Annotated[str, typer.Argument(help="Postal abbreviation; US is the nation. Left out with --all.")] = "US",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Where to write: FILE.pdf.")] = None,
    every: Annotated[
        Path | None, typer.Option("--all", metavar="DIR", help="Write the briefs of all 50 states and DC into DIR.")
    ] = None,
    pathway: Pathway = "",
    awards: Awards = "sub-baccalaureate",
    demand: Demand = "career-prep",
    pages: Annotated[int, typer.Option(min=1, max=2, help="2 adds a page with the methods.")] = 1,
) -> None:
    """Set the one-page brief of a state, or of all of them, as PDF."""
    from charts import brief_page

    with _ended():
        if (out is None) == (every is None):
            raise UsageError("Say where to write: --out FILE.pdf for one brief, or --all DIR for all of them.")
        if out is not None and out.suffix != ".pdf":
            raise UsageError(f"A brief is saved as .pdf, not as {out.suffix or 'a file without ending'}.")
        reader = open_reader(Settings.from_environment())
        scope = _scope(reader, state=state, pathway=pathway, awards=awards, demand=demand)
        if out is not None:
            brief_page.save(reader, scope, out, pages)
        if every is not None:
            scopes = [scope.but(state=name) for name in Choices.of(reader).states if name != "US"]
            with Progress(console=err, transient=True, disable=not err.is_terminal) as bar:
                task = bar.add_task("Briefs", total=len(scopes))
                brief_page.save_all(
                    reader,
                    scopes,
                    every,
                    pages,
                    lambda what, done, _: bar.update(task, description=what, completed=done),
                )
    print(out or every)


@app.command("workbook")
def workbook_command(
    state: Annotated[str, typer.Argument(help="Postal abbreviation; US is the nation.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write: FILE.xlsx.")],
    ids: Annotated[
        str, typer.Option("--charts", metavar="A,B", help="Charts whose tables to hold; all where left out.")
    ] = "",
    industry: Industry = "",
    pathway: Pathway = "",
    awards: Awards = "sub-baccalaureate",
    demand: Demand = "career-prep",
) -> None:
    """Write the tables of a place as one XLSX workbook, with definitions and sources."""
    from charts.workbook import workbook

    with _ended():
        if out.suffix != ".xlsx":
            raise UsageError(f"A workbook is saved as .xlsx, not as {out.suffix or 'a file without ending'}.")
        reader = open_reader(Settings.from_environment())
        scope = _scope(reader, state=state, industry=industry, pathway=pathway, awards=awards, demand=demand)
        export.write(out, workbook(reader, scope, _charts(ids) or None))
    print(out)


@app.command("slides")
def slides_command(
    state: Annotated[str, typer.Argument(help="Postal abbreviation; US is the nation.")],
    ids: Annotated[str, typer.Option("--charts", metavar="A,B", help="Charts, in their order on the slides.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write: FILE.pptx.")],
    industry: Industry = "",
    pathway: Pathway = "",
    awards: Awards = "sub-baccalaureate",
    demand: Demand = "career-prep",
) -> None:
    """Make PPTX slides of charts, each followed by its table."""
    from charts.slides import slides

    with _ended():
        if out.suffix != ".pptx":
            raise UsageError(f"Slides are saved as .pptx, not as {out.suffix or 'a file without ending'}.")
        if not _charts(ids):
            raise UsageError("Name the charts to show: --charts could-fill,pathway-occupations.")
        reader = open_reader(Settings.from_environment())
        scope = _scope(reader, state=state, industry=industry, pathway=pathway, awards=awards, demand=demand)
        export.write(out, slides(reader, scope, _charts(ids)))
    print(out)


def _charts(ids: str) -> list[Chart]:
    """The charts that a comma-separated list names."""
    return [chart_by_id(part.strip()) for part in ids.split(",") if part.strip()]


@contextmanager
def _ended() -> Iterator[None]:
    """End with one sentence on standard error, and with 2 for wrong usage or 1 for anything else that a person can mend."""
    try:
        yield
    except AtlasError as error:
        err.print(f"error: {error}", markup=False)
        raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error


def _scope(reader: Reader, **asked: str) -> Scope:
    """The scope that the options name. Raises ``UsageError`` for a value that is not known."""
    scope, notices = parse({name: value for name, value in asked.items() if value}, Choices.of(reader))
    if notices:
        raise UsageError(" ".join(notices))
    return scope


if __name__ == "__main__":
    app()
