"""The parts of a page under its scope bar: title, facts, chart blocks, and the foot with terms and sources."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from charts import anatomy, words
from charts.chart import chart_by_id
from charts.facts import Fact
from charts.scope import Scope
from pages.parts import data

#: Tables up to this length are real HTML tables; longer ones scroll.
LONGEST_PLAIN_TABLE = 60


def title(question: str, lead: str) -> None:
    """The page's question and one sentence on what it shows."""
    st.html(f"<header class='page-title'><h1>{html.escape(question)}</h1><p>{html.escape(lead)}</p></header>")


def facts_row(facts: Sequence[Fact]) -> None:
    """Figures side by side; on a phone one under the other."""
    cells = "".join(
        f"<div class='fact'><div class='value'>{html.escape(f.value)}</div><div class='label'>{html.escape(f.label)}</div>"
        f"<div class='note'>{html.escape(f.note)}</div></div>"
        for f in facts
    )
    st.html(f"<section class='facts' aria-label='Key figures'>{cells}</section>")


def chart_block(chart_id: str, scope: Scope) -> None:
    """A chart with its finding as headline, the subtitle, what it means, the table of its numbers and the downloads."""
    chart = chart_by_id(chart_id)
    frame = data.frame(chart_id, scope)
    with st.container(border=True, key=f"block-{chart_id}"):
        if frame.empty:
            st.html(f"<p class='question'>{html.escape(chart.question)}</p>")
            st.info(chart.nothing(scope))
            return
        st.html(
            f"<p class='question'>{html.escape(chart.question)}</p><h2 class='finding'>{html.escape(chart.finding(frame, scope))}"
            f"</h2><p class='subtitle'>{html.escape(chart.subtitle(frame, scope))}</p>"
        )
        if chart.nation_only and scope.state != "US":
            st.html(
                "<p class='hint'>The publisher gives these figures for the nation only; they do not follow the place.</p>"
            )
        cited = data.citations(chart.tables)
        st.plotly_chart(
            anatomy.on_screen(chart.figure(frame, scope), cited),
            theme=None,
            key=f"chart-{chart_id}",
            config={"displayModeBar": False, "responsive": True},
            alt=chart.alt(frame, scope),
        )
        st.html(
            f"<p class='means'><b>What this means.</b> {html.escape(chart.means)} <b>What it does not mean.</b> "
            f"{html.escape(chart.means_not)}</p>"
        )
        badge = data.badge(chart_id, scope)
        if badge:
            st.html(f"<p class='badge'><b>How firm.</b> {html.escape(badge)}</p>")
        table = chart.table(frame)
        with st.expander(f"The same numbers as a table ({len(table):,} rows)"):
            _table(table)
        with st.container(horizontal=True):
            st.download_button(
                "Save numbers (CSV)", data=lambda: table.to_csv(index=False).encode(), file_name=f"{chart_id}-{scope.state}.csv",
                mime="text/csv", key=f"csv-{chart_id}", on_click="ignore", icon=":material/download:",
            )  # fmt: skip
            st.download_button(
                "Save chart (HTML)", data=lambda: anatomy.page(chart, data.reader(), scope).encode(),
                file_name=f"{chart_id}-{scope.state}.html", mime="text/html", key=f"html-{chart_id}", on_click="ignore",
                icon=":material/image:",
            )  # fmt: skip


def _table(table: pd.DataFrame) -> None:
    shown = pd.DataFrame({name: [words.cell(v, name) for v in table[name]] for name in table.columns})
    if len(table) > LONGEST_PLAIN_TABLE:
        st.dataframe(shown, hide_index=True)
        return
    numeric = {name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])}
    head = "".join(f"<th scope='col'{' class=n' if c in numeric else ''}>{html.escape(c)}</th>" for c in shown.columns)
    body = "".join(
        "<tr>"
        + "".join(f"<td{' class=n' if c in numeric else ''}>{html.escape(str(row[c]))}</td>" for c in shown.columns)
        + "</tr>"
        for row in shown.to_dict("records")
    )
    st.html(f"<div class='table' tabindex='0' role='region' aria-label='Table of the chart’s numbers'><table><thead><tr>{head}"
            f"</tr></thead><tbody>{body}</tbody></table></div>")  # fmt: skip


def foot(chart_ids: Sequence[str]) -> None:
    """The terms the page's charts use, and every source with its dates."""
    charts = [chart_by_id(c) for c in chart_ids]
    terms = [words.TERMS[t] for t in dict.fromkeys(t for c in charts for t in c.terms)]
    st.subheader("Terms")
    items = "".join(f"<li><b>{html.escape(t.name)}</b>: {html.escape(t.meaning)}</li>" for t in terms)
    st.html(f"<ul class='terms'>{items}</ul>")
    st.subheader("Sources")
    lines = []
    for c in data.citations(tuple(dict.fromkeys(t for chart in charts for t in chart.tables))):
        period = f" Covers here: {html.escape(c.period_label)}." if c.period_label else ""
        copy = " Read from a stored copy of the publisher’s file." if c.via == "mirror" else ""
        lines.append(
            f"<li><a href='{html.escape(c.landing_url, quote=True)}'>{html.escape(c.short_title)}</a>: {html.escape(c.citation)}"
            f"{period} Retrieved {words.day(c.retrieved_on)}.{copy} {html.escape(c.licence)}.</li>"
        )
    mark = "“National Career Clusters” is a registered mark of Advance CTE, which has not reviewed or endorsed this dashboard."
    st.html(
        f"<ul class='sources'>{''.join(lines)}</ul>"
        f"<p class='hint'>Build {html.escape(data.reader().build_id)}. {mark}</p>"
    )


def actions(principle: int, scope: Scope) -> None:
    """What the vision asks of industry under a principle, each action beside the figure it rests on."""
    st.subheader("What industry can do")
    items = "".join(
        f"<li><b>{html.escape(a.what)}</b> <span class='hint'>{html.escape(a.figure)}</span></li>"
        for a in data.actions(scope, principle)
    )
    st.html(f"<ol class='actions'>{items}</ol>")
    st.html(
        "<p class='hint'>Our reading of what <a href='https://careertech.org/without-limits'>Advance CTE’s vision</a> of 2016 asks "
        "of industry; Advance CTE has not reviewed it.</p>"
    )
