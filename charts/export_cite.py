"""How a view is named outside: its address, the frame that embeds it, and its citation in three styles."""

from __future__ import annotations

import ast
import html
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode, urlsplit

import pandas as pd

from charts import words
from charts.chart import Chart
from charts.scope import Choices, Scope
from etl.settings import ROOT, Settings
from etl.warehouse.read import Citation, Reader

NAME = "Talent Gap Atlas"
#: The page that opens at the bare address.
OPENING_PAGE = "overview"
#: What names, in an embedded view's address, the one chart to show.
EMBEDDED_CHART = "chart"


@cache
def page_of(chart_id: str) -> str:
    """The page that shows a chart, as its address names it; '' for the opening page, and for a chart on no page.

    Read from the pages' own lists: each page has a literal tuple ``CHARTS``.
    """
    shown_on = []
    for path in sorted((ROOT / "pages").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "CHARTS":
                shown_on += [path.stem] if chart_id in ast.literal_eval(node.value) else []
    return next((page for page in shown_on if page != OPENING_PAGE), "")


def base_address() -> str:
    """Where this dashboard is served, from TALENTGAP_ADDRESS, without a slash at its end; '' where that is not set."""
    address = Settings.from_environment().address.rstrip("/")
    return address if urlsplit(address).scheme in {"http", "https"} else ""


def address(page: str, scope: Scope, choices: Choices, base: str = "", **more: str) -> str:
    """The address that opens this view again; only its path where it is not known where the dashboard is served.

    As Streamlit writes it: with the labels that the controls show. ``base`` is where the dashboard is served, if
    TALENTGAP_ADDRESS does not say so.
    """
    options = choices.options()
    labels = {name: options[name].get(value, value) for name, value in scope.query().items()}
    query = urlencode({**labels, **more})
    return f"{base_address() or base}/{page}" + (f"?{query}" if query else "")


def embed_snippet(page: str, scope: Scope, choices: Choices, chart_id: str, title: str, base: str = "") -> str:
    """The HTML that shows this view's chart, without the dashboard's own bars, inside another page."""
    where = html.escape(address(page, scope, choices, base, embed="true", **{EMBEDDED_CHART: chart_id}), quote=True)
    return (
        f'<iframe src="{where}" title="{html.escape(title, quote=True)}" width="100%" height="900" style="border:0" '
        'loading="lazy"></iframe>'
    )


@dataclass(frozen=True)
class Cited:
    """One view's citation in three styles."""

    plain: str
    apa: str
    bibtex: str


def cite(chart: Chart, frame: pd.DataFrame, reader: Reader, scope: Scope, choices: Choices) -> Cited:
    """How to cite a chart: the finding, this dashboard and its build, the address, and whose figures they are."""
    finding, sources = chart.finding(frame, scope), reader.citations(chart.tables)
    where = address(page_of(chart.id), scope, choices)
    year, build = reader.finished_at.year, reader.build_id
    figures = "; ".join(_dated(c) for c in sources)
    retrieved = words.day(max(c.retrieved_on for c in sources))
    plain = f"“{finding}.” {NAME}, build {build}, {where}. Figures: {figures}; retrieved {retrieved}."
    apa = f"{NAME}. ({year}). {finding} [Chart; build {build}]. {where}. Figures: {figures}, retrieved {retrieved}."
    return Cited(
        plain, apa, _bibtex(chart.id, scope, finding, year, build, where, f"Figures: {figures}. Retrieved {retrieved}")
    )


def _dated(c: Citation) -> str:
    return f"{c.short_title} ({c.period_label})" if c.period_label else c.short_title


def _bibtex(chart_id: str, scope: Scope, title: str, year: int, build: str, url: str, note: str) -> str:
    entries = {
        "author": f"{{{NAME}}}",
        "title": f"{{{_tex(title)}}}",
        "year": str(year),
        "howpublished": f"\\url{{{url}}}",
        "note": f"Build {_tex(build)}. {_tex(note)}",
    }
    body = ",\n".join(f"  {key} = {{{value}}}" for key, value in entries.items())
    return f"@misc{{{chart_id}-{scope.state.lower()}-{year},\n{body}\n}}"


_TEX: Mapping[int, str] = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


def _tex(text: str) -> str:
    """Text with what TeX would read as commands taken literally."""
    return text.translate(_TEX)


def file_stem(chart_id: str, scope: Scope) -> str:
    """The name of a saved file without its ending: the chart, the place and what else is chosen.

    >>> file_stem("could-fill", Scope(state="TX", pathway="Marketing & Sales"))
    'could-fill-TX-marketing-sales'
    """
    chosen = [str(v) for k, v in scope.query().items() if k != "state"]
    parts = ["".join(c if c.isalnum() else " " for c in text).split() for text in chosen]
    return "-".join([chart_id, scope.state, *("-".join(p).lower() for p in parts)])
