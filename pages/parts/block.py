"""The parts of a page under its scope bar: title, facts, chart blocks, and the foot with terms and sources."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from charts import words
from charts.chart import Chart, chart_by_id
from charts.facts import Fact
from charts.scope import Scope
from pages.parts import data, plain, save, scope_bar
from pages.parts.theme import is_dark

#: Tables up to this length are real HTML tables; longer ones scroll.
LONGEST_PLAIN_TABLE = 60
TABLE_LABEL = "Table of the chart’s numbers"
#: Tables up to this length stand under their chart on paper too.
LONGEST_PRINTED_TABLE = 20
WIDEST_PRINTED_TABLE = 7
#: What a chart's own controls are called.
CONTROL_LABELS = {
    "online": "Awards of mostly-online colleges",
    "window": "Compared with the months",
    "indicator": "Industries’ shortage by",
}
#: The parts of the scope that a mark can set, within a sentence.
PART_NAMES = {"state": "state", "industry": "industry", "pathway": "pathway"}


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
    """A chart with its finding as headline, the subtitle, what it means, the table of its numbers and the downloads.

    With a second place to compare, a chart that follows the place is drawn for both, side by side.
    """
    chart = chart_by_id(chart_id)
    # A control of the chart's own reruns this chart alone.
    (st.fragment(_block) if chart.controls else _block)(chart, scope)


def _block(chart: Chart, scope: Scope) -> None:
    if st.session_state.pop("page_must_follow", False):
        st.rerun()
    with st.container(border=True, key=f"block-{chart.id}"):
        st.html(f"<p class='question'>{html.escape(chart.question)}</p>")
        scope = _own_controls(chart, scope)
        if scope.compare and scope.compare != scope.state and not chart.nation_only and chart.shape != "tiles":
            for column, state in zip(st.columns(2, gap="medium"), (scope.state, scope.compare), strict=True):
                with column:
                    st.html(f"<p class='place'>{html.escape(data.choices().states[state])}</p>")
                    _one(chart, scope.but(state=state, compare=""))
            _means(chart)
        else:
            _one(chart, scope, means=True)


def _own_controls(chart: Chart, scope: Scope) -> Scope:
    """The controls that belong to this chart, and the scope with what they say."""
    if not chart.controls or scope_bar.is_fixed():
        return scope
    with st.container(horizontal=True):
        for name in chart.controls:
            scope_bar.select(name, CONTROL_LABELS[name], 260)
    return scope.but(**{name: st.session_state[name] for name in chart.controls})


def _means(chart: Chart) -> None:
    st.html(
        f"<p class='means'><b>What this means.</b> {html.escape(chart.means)} <b>What it does not mean.</b> "
        f"{html.escape(chart.means_not)}</p>"
    )


def _one(chart: Chart, scope: Scope, means: bool = False) -> None:
    """A chart for one place: headline to downloads, and ``means`` where it does not stand under several."""
    frame = data.frame(chart.id, scope)
    if frame.empty:
        st.info(chart.nothing(scope))
        if means:
            _means(chart)
        return
    drawn = data.drawn(chart.id, scope, in_the_dark=is_dark(), in_print=scope_bar.is_print_view())
    st.html(
        f"<h2 class='finding'>{html.escape(drawn.finding)}</h2>"
        f"<p class='subtitle'>{html.escape(drawn.subtitle)}</p>{_hint(chart, scope)}"
    )
    _draw(chart, drawn, scope)
    failed_refresh(chart.tables)
    if means:
        _means(chart)
    st.html(f"<p class='badge'><b>How firm.</b> {html.escape(data.badge(chart.id, scope))}</p>")
    if scope_bar.is_print_view():
        table = chart.table(frame)
        if len(table) <= LONGEST_PRINTED_TABLE and len(table.columns) <= WIDEST_PRINTED_TABLE:
            _table(table)
        else:
            st.html(
                f"<p class='hint'>{len(table):,} rows stand behind this chart; the page on a screen shows and saves them.</p>"
            )
        return
    heading = f"The same numbers as a table ({len(frame):,} rows)"
    if len(frame) > LONGEST_PLAIN_TABLE:
        _long_table(heading, chart, scope)
    else:
        with st.expander(heading):
            st.html(_table_of(data.reader().build_id, chart.id, scope))
    if not scope_bar.is_embedded():
        save.save_menu(chart.id, scope)


def failed_refresh(tables: Sequence[str]) -> None:
    """Under a chart: which of its sources could not be refreshed last time, and of when its figures are."""
    for note in data.failed_notes(tuple(tables)):
        st.html(f"<p class='hint failed-refresh'>{html.escape(note)}</p>")


def _draw(chart: Chart, drawn: data.Drawn, scope: Scope) -> None:
    """The figure. Where its marks can be chosen, a click sets that part of the scope and a button takes it back."""
    chosen = getattr(scope, chart.selects) if chart.selects else ""
    # With the choice in its key a chart forgets the click that led to it; the next click on the same mark counts again.
    key = f"chart-{chart.id}-{scope.state}-{chosen}"
    draw = partial(
        st.plotly_chart, drawn.figure, theme=None, key=key, alt=drawn.alt,
        config={"displayModeBar": False, "responsive": True},
    )  # fmt: skip
    if not chart.selects or scope_bar.is_fixed():
        draw()
        return
    draw(on_select=partial(_choose_mark, chart, key), selection_mode="points")
    nothing = getattr(scope_bar.DEFAULTS, chart.selects)
    what, options = PART_NAMES[chart.selects], data.choices().options()[chart.selects]
    if chosen == nothing:
        st.html(f"<p class='hint'>Click a mark to see that {what} alone, or choose it above.</p>")
    else:
        st.button(
            f"Back from {options[chosen]} to {options[nothing]}", key=f"back-{chart.id}-{scope.state}", type="tertiary",
            icon=":material/arrow_back:", on_click=_set, args=(chart, nothing),
        )  # fmt: skip


def _choose_mark(chart: Chart, key: str) -> None:
    points = st.session_state[key].selection.points
    code = str(points[0]["customdata"][-1]) if points else ""
    if points and code in data.choices().options()[chart.selects]:
        _set(chart, code)


def _set(chart: Chart, code: str) -> None:
    """What a mark or its way back sets. In a fragment only the fragment would follow, so the page is told."""
    scope_bar.choose(chart.selects, code)
    st.session_state["page_must_follow"] = bool(chart.controls)


def _hint(chart: Chart, scope: Scope) -> str:
    """What of the scope this chart cannot follow."""
    hints = []
    if chart.nation_only and scope.state != "US":
        hints.append("The publisher gives these figures for the nation only; they do not follow the place.")
    if scope.subcluster and "pathway" in chart.follows and not chart.parts:
        hints.append(f"These figures are of {scope.cluster} as a whole; there are none of {scope.subcluster} alone.")
    return "".join(f"<p class='hint'>{html.escape(hint)}</p>" for hint in hints)


@st.fragment
def _long_table(heading: str, chart: Chart, scope: Scope) -> None:
    """A long table, sent once it is opened: most never are, and some weigh more than the rest of their page."""
    folded = st.expander(heading, key=f"table-{chart.id}-{scope.state}", on_change="rerun")
    if folded.open:
        with folded:
            _table(chart.table(data.frame(chart.id, scope)))


@st.cache_data(max_entries=500, show_spinner=False)
def _table_of(build_id: str, chart_id: str, scope: Scope) -> str:  # noqa: ARG001
    """The table under a chart as HTML, made once for everyone who looks."""
    return plain.table_html(chart_by_id(chart_id).table(data.frame(chart_id, scope)), TABLE_LABEL)


def _table(table: pd.DataFrame) -> None:
    """The numbers as a table that a screen reader reads, or where they are many, as one that scrolls."""
    if len(table) <= LONGEST_PLAIN_TABLE:
        st.html(plain.table_html(table, TABLE_LABEL))
        return
    shown = pd.DataFrame({name: [words.cell(v, name) for v in table[name]] for name in table.columns})
    st.dataframe(shown, hide_index=True)


def foot(chart_ids: Sequence[str], scope: Scope) -> None:
    """The terms the page's charts use, every source with its dates, and the address of the print view."""
    charts = [chart_by_id(c) for c in chart_ids]
    terms = [words.TERMS[t] for t in dict.fromkeys(t for c in charts for t in c.terms)]
    st.html("<h2 class='section'>Terms</h2>")
    items = "".join(f"<li><b>{html.escape(t.name)}</b>: {html.escape(t.meaning)}</li>" for t in terms)
    st.html(f"<ul class='terms'>{items}</ul>")
    st.html("<h2 class='section'>Sources</h2>")
    lines = []
    for c in data.citations(tuple(dict.fromkeys(t for chart in charts for t in chart.tables))):
        period = f" Covers here: {html.escape(c.period_label)}." if c.period_label else ""
        copy = " Read from a stored copy of the publisher’s file." if c.via == "mirror" else ""
        lines.append(
            f"<li><a href='{html.escape(c.landing_url, quote=True)}'>{html.escape(c.short_title)}</a>: {html.escape(c.citation)}"
            f"{period} Retrieved {words.day(c.retrieved_on)}.{copy} {html.escape(c.licence)}.</li>"
        )
    st.html(f"<ul class='sources'>{''.join(lines)}</ul>")
    end(scope)


def end(scope: Scope | None = None) -> None:
    """A page's last lines: which build this is, what is not ours, and (of a scope) the address of the print view."""
    st.html(
        f"<p class='hint page-foot'>Build {html.escape(data.reader().build_id)}. “National Career Clusters” is a registered mark "
        "of Advance CTE, which has not reviewed or endorsed this dashboard.</p>"
    )
    if scope is not None and not scope_bar.is_fixed():
        address = html.escape(scope_bar.print_address(scope), quote=True)
        st.html(f"<p class='hint'><a href='{address}' target='_blank' rel='noopener'>This page as it prints</a></p>")


def actions(principle: int, scope: Scope) -> None:
    """What the vision asks of industry under a principle, each action beside the figure it rests on."""
    st.html("<h2 class='section'>What industry can do</h2>")
    items = "".join(
        f"<li><b>{html.escape(a.what)}</b> <span class='hint'>{html.escape(a.figure)}</span></li>"
        for a in data.actions(scope, principle)
    )
    st.html(f"<ol class='actions'>{items}</ol>")
    st.html(
        "<p class='hint'>Our reading of what <a href='https://careertech.org/without-limits'>Advance CTE’s vision</a> of 2016 asks "
        "of industry; Advance CTE has not reviewed it.</p>"
    )
