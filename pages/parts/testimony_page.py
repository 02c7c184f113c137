"""The parts of the page on which a testimony is prepared."""

from __future__ import annotations

import html
from functools import partial
from typing import Any

import streamlit as st

from charts import anatomy, brief, brief_page, export_cite, slides, testimony, vision
from charts import chart as registry
from charts.actions import PRINCIPLES
from charts.scope import Scope
from charts.testimony import Answer, Script
from pages.parts import block, data, plain, save, scope_bar
from pages.parts import testimony as collection
from pages.parts.theme import is_dark

#: The chart behind the script.
CHART = "could-fill"
#: Keys of the session: the principle whose action closes the script, and a person's own words.
PRINCIPLE, NOTE = "testimony_principle", "testimony_note"


# ------------------------------------------------------------------ what is read, kept per build


@st.cache_data(max_entries=200, show_spinner=False)
def _script(build_id: str, scope: Scope, principle: int) -> Script:  # noqa: ARG001
    return testimony.script(data.reader(), scope, principle)


@st.cache_data(max_entries=200, show_spinner=False)
def _answers(build_id: str, scope: Scope) -> tuple[Answer, ...]:  # noqa: ARG001
    return testimony.answers(data.reader(), scope)


@st.cache_data(max_entries=200, show_spinner=False)
def _available(build_id: str, scope: Scope) -> tuple[str, ...]:  # noqa: ARG001
    return tuple(chart.id for chart in testimony.available(data.reader(), scope))


def script(scope: Scope) -> Script:
    """The script of the place, with the action that is chosen."""
    return _script(data.reader().build_id, scope, st.session_state.get(PRINCIPLE, 1))


# ------------------------------------------------------------------ two minutes


def two_minutes(scope: Scope) -> None:
    """The script with its choice of action, to read, to copy and to save."""
    plain.section(
        "Two minutes",
        f"Under {testimony.WORDS} words, written from the figures of the place and pathway above. Only what holds under every set "
        "of assumptions is called a finding.",
    )
    if not scope_bar.is_fixed():
        st.selectbox(
            "The one thing that industry can do, by principle",
            list(PRINCIPLES),
            format_func=lambda number: f"{number}. {PRINCIPLES[number][1]}",
            key=PRINCIPLE,
            persist_state="session",
            width=320,
        )
    if data.frame(CHART, scope).empty:
        st.html(f"<p class='badge'>{html.escape(registry.chart_by_id(CHART).nothing(scope))}</p>")
        return
    said = script(scope)
    paragraphs = "".join(f"<p>{html.escape(text)}</p>" for text in said.paragraphs)
    st.html(
        f"<div class='script'>{paragraphs}<p class='hint'>{html.escape(said.source)}</p></div>"
        f"<p class='hint'>If asked about the last point: {html.escape(said.about)}</p>"
    )
    if scope_bar.is_fixed():
        return
    with st.expander("Copy the script as text"):
        st.code(said.text(), language=None, wrap_lines=True)
    stem = export_cite.file_stem("testimony", scope)
    with st.container(horizontal=True):
        _download("Save script (TXT)", said.file, f"{stem}.txt", "text/plain")
        if not brief_page.why_not():
            _download("Save brief (PDF, 1 page)", partial(_brief, scope), f"{stem}-brief.pdf", "application/pdf")


def _brief(scope: Scope) -> bytes:
    return brief_page.typeset(brief.brief(data.reader(), scope))


def _download(label: str, made: Any, file_name: str, mime: str) -> None:
    with st.container(width="content"):
        save.download(label, made, file_name, mime)


# ------------------------------------------------------------------ they will ask


def they_will_ask(scope: Scope) -> None:
    """Six questions, each with its answer."""
    plain.section("They will ask", "Six questions that follow, answered with figures of the place where there are any.")
    if data.frame(CHART, scope).empty:
        st.html("<p class='hint'>There are no figures for this view to answer with.</p>")
        return
    for answer in _answers(data.reader().build_id, scope):
        st.html(f"<h3 class='card'>{html.escape(answer.question)}</h3><p class='means'>{html.escape(answer.text)}</p>")


# ------------------------------------------------------------------ collect


def collect(scope: Scope) -> None:
    """Charts to add, put in order, look at and save; and a person's own words."""
    plain.section(
        "Collect your charts",
        "Choose charts here, or press “Add to testimony” in the Save menu of any chart. Headlines, figures and sources are those "
        "of the place above and cannot be changed.",
    )
    one_place = scope.but(compare="")
    available = _available(data.reader().build_id, one_place)
    kept = collection.collected()
    questions = {c: registry.chart_by_id(c).question for c in available if c not in kept}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Charts with figures for this place",
            list(questions),
            format_func=lambda c: questions[c],
            key=collection.CHOSEN,
            placeholder="Choose by question",
        )
        st.button(
            "Add", on_click=collection.add_chosen, disabled=not chosen, icon=":material/add:", key="testimony-add"
        )
    for number, chart_id in enumerate(kept, start=1):
        _collected(number, chart_id, one_place, has_figures=chart_id in available)
    shown = [c for c in kept if c in available]
    if shown:
        _preview(shown[0], one_place)
    note = _own_words()
    st.html(
        "<p class='hint'>What you collect and write is held only while this page is open in your browser. It is not written to the "
        "server’s disk and does not stand in the address.</p>"
    )
    if shown:
        _savers(shown, note, one_place)


def _collected(number: int, chart_id: str, scope: Scope, *, has_figures: bool) -> None:
    """A chart's headline with the buttons that move it or take it out."""
    chart = registry.chart_by_id(chart_id)
    with st.container(border=True, key=f"collected-{chart_id}"):
        if has_figures:
            frame = data.frame(chart_id, scope)
            said, under = chart.finding(frame, scope), chart.subtitle(frame, scope)
        else:
            said, under = chart.question, f"Left out when you save: {chart.nothing(scope)}"
        st.html(f"<h3 class='card'>{number}. {html.escape(said)}</h3><p class='hint'>{html.escape(under)}</p>")
        last = len(collection.collected())
        with st.container(horizontal=True, gap="small"):
            st.button(
                "Up", key=f"up-{chart_id}", icon=":material/arrow_upward:", on_click=collection.move, args=(chart_id, -1),
                disabled=number == 1,
            )  # fmt: skip
            st.button(
                "Down", key=f"down-{chart_id}", icon=":material/arrow_downward:", on_click=collection.move, args=(chart_id, 1),
                disabled=number == last,
            )  # fmt: skip
            st.button(
                "Remove", key=f"remove-{chart_id}", icon=":material/close:", on_click=collection.remove, args=(chart_id,),
                type="tertiary",
            )  # fmt: skip


def _preview(chart_id: str, scope: Scope) -> None:
    """The first chart as it opens the slides."""
    chart = registry.chart_by_id(chart_id)
    frame = data.frame(chart_id, scope)
    figure: Any = anatomy.on_screen(chart.figure(frame, scope), data.citations(chart.tables))
    if is_dark():
        figure = anatomy.in_the_dark(figure.to_plotly_json())
    with st.container(border=True, key="testimony-preview"):
        st.html(
            f"<p class='question'>The first chart</p><p class='own-finding'>{html.escape(chart.finding(frame, scope))}</p>"
        )
        st.plotly_chart(
            figure, theme=None, key=f"preview-{chart_id}-{scope.state}", alt=chart.alt(frame, scope),
            config={"displayModeBar": False, "responsive": True},
        )  # fmt: skip
        block.failed_refresh(chart.tables)
        st.html(f"<p class='badge'><b>How firm.</b> {html.escape(data.badge(chart_id, scope))}</p>")


def _own_words() -> str:
    """The field for a person's own words, and how they will stand."""
    typed = st.text_area(
        "Your own words (optional)",
        key=NOTE,
        persist_state="session",
        max_chars=testimony.OWN_CHARACTERS,
        help="Goes on a slide, and into a file of the zip, of its own; as plain text",
    )
    note = testimony.own_words(typed or "")
    if note:
        lines = "<br>".join(html.escape(line) for line in note.split("\n"))
        st.html(
            f"<blockquote class='own-words'><p class='hint'>{testimony.OWN_WORDS}. {testimony.OWN_WORDS_NOTE}</p>"
            f"<p>{lines}</p></blockquote>"
        )
    return note


def _savers(shown: list[str], note: str, scope: Scope) -> None:
    """Slides and a zip of the charts in their order. What needs a program that is not here is not offered."""
    charts, stem = [registry.chart_by_id(c) for c in shown], export_cite.file_stem("testimony", scope)
    with st.container(horizontal=True):
        if not save.no_pictures() and not slides.why_not():
            _download(
                "Save slides (PPTX)",
                lambda: slides.slides(data.reader(), scope, charts, note),
                f"{stem}.pptx",
                save.PPTX,
            )
        said = script(scope) if not data.frame(CHART, scope).empty else None
        _download(
            "Save all (ZIP)",
            lambda: testimony.archive(data.reader(), scope, charts, note, said),
            f"{stem}.zip",
            "application/zip",
        )


# ------------------------------------------------------------------ get the message out


def pass_it_on(scope: Scope) -> None:
    """Link, citation and embed snippet of this view, and where the vision is."""
    plain.section(
        "Get the message out",
        "The link opens this page with its place, pathway and assumptions; what you collected stays with you.",
    )
    if not scope_bar.is_fixed():
        choices = data.choices()
        texts: list[tuple[str, str, str | None]] = [
            ("Link to this view", export_cite.address("testify", scope, choices, save.served_at()), None)
        ]
        frame = data.frame(CHART, scope)
        if not frame.empty:
            title = registry.chart_by_id(CHART).finding(frame, scope)
            snippet = export_cite.embed_snippet(
                export_cite.page_of(CHART), scope, choices, CHART, title, save.served_at()
            )
            texts += [
                ("Cite the figures", save.cited(CHART, scope).plain, None),
                ("Embed the chart in a page", snippet, "html"),
            ]
        for label, text, language in texts:
            st.caption(label)
            st.code(text, language=language, wrap_lines=True)
    st.html(
        f"<ul class='terms'><li><b>Sign on to the vision</b>: <a href='{vision.SIGN_ON_URL}'>careertech.org/shared-vision-sign-on"
        f"</a> (2016 campaign; may be closed).</li><li><b>Cite the vision</b>: {html.escape(vision.CITATION)}</li>"
        f"<li><b>The visions that came after</b>: <a href='{vision.WITHOUT_LIMITS_URL}'>CTE Without Limits</a> and "
        f"<a href='{vision.CONNECTED_PATH_URL}'>The Connected Path</a>.</li></ul>"
        "<p class='badge'><b>Speak for yourself.</b> Do not speak for Advance CTE, and do not say or imply that it endorses what "
        "you say: it has not reviewed this dashboard or your testimony.</p>"
    )
