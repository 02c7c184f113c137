"""What surrounds the marks: headline, subtitle and source line, on the screen and in a saved picture.

On a page the headline is a heading of the page and the source line stands inside the picture, so that whoever copies the
picture copies its source. A saved picture carries all of it.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import words
from charts.chart import Chart
from charts.scope import Scope
from charts.style import IN_THE_DARK, INK, QUIET, TEXT
from etl.warehouse.read import Citation, Reader

#: Characters in a line of the source text: as many as fit on a phone, so that nothing is cut off there.
SCREEN_CHARACTERS = 58
LINE_PX = 15


def source_text(citations: Sequence[Citation]) -> str:
    """The source line: each source with the newest period it covers, and when it was retrieved.

    Derived from ``table_source``; never typed.
    """
    parts = [f"{c.short_title} ({c.period_label})" if c.period_label else c.short_title for c in citations]
    retrieved = words.day(max(c.retrieved_on for c in citations)).replace(" ", "\N{NO-BREAK SPACE}")
    return f"Source: {'; '.join(parts)}. Retrieved {retrieved}."


def on_screen(fig: go.Figure, citations: Sequence[Citation], characters: int = SCREEN_CHARACTERS) -> go.Figure:
    """The figure with its source line inside, under the axis."""
    lines = textwrap.wrap(source_text(citations), characters)
    below = int(fig.layout.margin.b)
    # Plotly reads a little HTML in text: whatever stands in a title must stay text.
    fig.add_annotation(
        text="<br>".join(html.escape(line, quote=False) for line in lines), x=0, y=0, xref="paper", yref="paper",
        xanchor="left", yanchor="top", xshift=-int(fig.layout.margin.l), yshift=-below, showarrow=False, align="left",
        font={"size": 11, "color": QUIET},
    )  # fmt: skip
    more = LINE_PX * len(lines) + 6
    fig.update_layout(height=int(fig.layout.height) + more, margin_b=below + more)
    return fig


def in_the_dark(figure: Any) -> Any:
    """A figure's JSON (or a part of it) in the colours of a dark screen, in the text's own markup too."""
    if isinstance(figure, dict):
        return {key: in_the_dark(value) for key, value in figure.items()}
    if isinstance(figure, list | tuple):
        return [in_the_dark(value) for value in figure]
    if isinstance(figure, str) and "#" in figure:
        for light, dark in IN_THE_DARK.items():
            figure = figure.replace(light, dark)
    return figure


def picture(
    chart: Chart, frame: pd.DataFrame, scope: Scope, citations: Sequence[Citation], width_px: int = 1000
) -> go.Figure:
    """The figure as it is saved: headline, subtitle, marks and source line, at a fixed width."""
    fig = chart.figure(frame, scope)
    head = textwrap.wrap(chart.finding(frame, scope), width_px // 11)
    sub = textwrap.wrap(chart.subtitle(frame, scope), width_px // 8)
    top = 24 + 27 * len(head) + 20 * len(sub) + 16
    above = int(fig.layout.margin.t)
    text = "<br>".join(f"<b>{html.escape(line, quote=False)}</b>" for line in head)
    fig.add_annotation(
        text=text, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="top", xshift=-int(fig.layout.margin.l),
        yshift=above + top - 24, showarrow=False, align="left", font={"size": 21, "color": INK},
    )  # fmt: skip
    fig.add_annotation(
        text="<br>".join(html.escape(line, quote=False) for line in sub), x=0, y=1, xref="paper", yref="paper",
        xanchor="left", yanchor="top", xshift=-int(fig.layout.margin.l), yshift=above + top - 24 - 27 * len(head) - 6,
        showarrow=False, align="left", font={"size": 14, "color": TEXT},
    )  # fmt: skip
    fig.update_layout(
        width=width_px, height=int(fig.layout.height) + top, margin_t=above + top, margin_l=int(fig.layout.margin.l) + 20,
        margin_r=int(fig.layout.margin.r) + 20,
    )  # fmt: skip
    return on_screen(fig, citations, width_px // 7)


def page(chart: Chart, reader: Reader, scope: Scope) -> str:
    """A standalone HTML page: the picture, its text alternative, the table, what it means, and the full citations."""
    frame = chart.frame(reader, scope)
    citations = reader.citations(chart.tables)
    fig = picture(chart, frame, scope, citations)
    drawn = fig.to_html(full_html=False, include_plotlyjs=True, div_id=chart.id, config={"displayModeBar": False})
    cited = "".join(
        f"<li>{html.escape(c.citation)} {html.escape(c.licence)}. Retrieved {c.retrieved_on.isoformat()}.</li>"
        for c in citations
    )
    rows = chart.table(frame)
    shown = pd.DataFrame({name: [words.cell(v, name) for v in rows[name]] for name in rows.columns})
    table = shown.to_html(index=False, border=0, justify="left", escape=True)
    finding = html.escape(chart.finding(frame, scope))
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{finding}</title>"
        "<style>body{font:16px/1.5 Arial,Helvetica,sans-serif;max-width:1040px;margin:2rem auto;padding:0 1rem;color:#1B1F27}"
        "table{border-collapse:collapse;font-size:14px}th,td{text-align:left;padding:.25rem .75rem .25rem 0;"
        "border-bottom:1px solid #E8EAED}</style>"
        f'<h1>{finding}</h1><figure role=img aria-label="{html.escape(chart.alt(frame, scope))}">{drawn}</figure>'
        f"<p>{html.escape(chart.means)} {html.escape(chart.means_not)}</p>{table}<h2>Sources</h2><ul>{cited}</ul>"
        f"<p>Build {html.escape(reader.build_id)}. {html.escape(chart.question)}</p></html>\n"
    )
