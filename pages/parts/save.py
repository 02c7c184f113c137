"""What carries a chart out of the dashboard: files, link, embed snippet and citation. Nothing is made before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlsplit

import streamlit as st

from charts import brief, brief_page, export, export_browser, export_cite, slides, workbook
from charts.chart import chart_by_id
from charts.export_cite import Cited
from charts.scope import Scope
from pages.parts import data, testimony

#: How long it is remembered that pictures can, or cannot, be drawn on this machine.
REMEMBERED_SECONDS = 600
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@st.fragment
def save_menu(chart_id: str, scope: Scope) -> None:
    """The menu under a chart: its numbers, its picture in every kind that this machine can make, its link and citation.

    What stands in it is sent only once it is opened: a page has many of these, and few are.
    """
    menu = st.popover("Save", icon=":material/download:", key=f"save-{chart_id}-{scope.state}", on_change="rerun")
    if menu.open:
        with menu:
            _kinds(chart_id, scope)
            _words(chart_id, scope)
            testimony.add_button(chart_id, scope)


def _kinds(chart_id: str, scope: Scope) -> None:
    """A button for every kind of file."""
    kinds = [
        ("Save numbers (CSV)", "csv", "text/csv", "slide", None),
        (
            "Save chart (HTML)", "html", "text/html", "slide",
            "A page that opens anywhere, without internet; its buttons save the picture as PNG or SVG.",
        ),
        ("Save all (ZIP)", "zip", "application/zip", "slide", "Numbers, picture, method and sources."),
    ]  # fmt: skip
    if no_pictures():
        st.caption("For a PNG or SVG, save the chart (HTML), open it, and press its button.")
    else:
        kinds += [
            ("Save slide (PNG)", "png", "image/png", "slide", "1600 × 900, at twice the pixels"),
            ("Save post (PNG)", "png", "image/png", "social", "1080 × 1350, at twice the pixels"),
            ("Save drawing (SVG)", "svg", "image/svg+xml", "slide", None),
            ("Save picture (PDF)", "pdf", "application/pdf", "slide", None),
        ]
    for label, file_format, mime, size, help_text in kinds:
        stem = export_cite.file_stem(chart_id, scope) + ("" if size == "slide" else f"-{size}")
        download(
            label, partial(_made, chart_id, scope, file_format, size), f"{stem}.{file_format}", mime, help_text=help_text
        )  # fmt: skip


def _made(chart_id: str, scope: Scope, file_format: str, size: str) -> bytes:
    return export.made(chart_by_id(chart_id), data.reader(), scope, file_format, size)


def save_place(scope: Scope, chart_ids: Sequence[str] = ()) -> None:
    """What can be saved of a whole place: the brief, the workbook, and slides of these charts. What needs a program that is
    not here is not offered."""
    stem = export_cite.file_stem("brief", scope)
    if not brief_page.why_not():
        for pages, label in ((1, "Save brief (PDF, 1 page)"), (2, "Save brief with methods (PDF, 2 pages)")):
            download(
                label, lambda pages=pages: brief_page.typeset(brief.brief(data.reader(), scope), pages), f"{stem}-{pages}.pdf",  # type: ignore[misc]
                "application/pdf",
            )  # fmt: skip
    if not workbook.why_not():
        download("Save workbook (XLSX)", lambda: workbook.workbook(data.reader(), scope), f"{stem}.xlsx", XLSX)
    if chart_ids and not no_pictures() and not slides.why_not():
        charts = [chart_by_id(c) for c in chart_ids]
        download("Save slides (PPTX)", lambda: slides.slides(data.reader(), scope, charts), f"{stem}.pptx", PPTX)


def download(
    label: str,
    made: Callable[[], bytes],
    file_name: str,
    mime: str,
    help_text: str | None = None,
) -> None:
    """A button that makes a file when it is pressed."""
    st.download_button(
        label,
        data=made,
        file_name=file_name,
        mime=mime,
        key=file_name,
        on_click="ignore",
        help=help_text,
        width="stretch",
    )


def _words(chart_id: str, scope: Scope) -> None:
    """Link, embed snippet and citation, each with its button to copy it."""
    choices, page = data.choices(), st.session_state.get("page", export_cite.page_of(chart_id))
    title = chart_by_id(chart_id).finding(data.frame(chart_id, scope), scope)
    cite = cited(chart_id, scope)
    for label, text, language in (
        ("Link to this view", export_cite.address(page, scope, choices, served_at()), None),
        ("Embed in a page", export_cite.embed_snippet(page, scope, choices, chart_id, title, served_at()), "html"),
        ("Cite: plain", cite.plain, None),
        ("Cite: APA", cite.apa, None),
        ("Cite: BibTeX", cite.bibtex, "latex"),
    ):
        st.caption(label)
        st.code(text, language=language, wrap_lines=True)


def served_at() -> str:
    """Scheme and host of the address at which the reader sees this page; empty where that is not known."""
    seen = urlsplit(st.context.url or "")
    return f"{seen.scheme}://{seen.netloc}" if seen.netloc else ""


@st.cache_data(max_entries=500, show_spinner=False)
def _cited(build_id: str, chart_id: str, scope: Scope) -> Cited:  # noqa: ARG001
    reader, chart = data.reader(), chart_by_id(chart_id)
    return export_cite.cite(chart, data.frame(chart_id, scope), reader, scope, data.choices())


def cited(chart_id: str, scope: Scope) -> Cited:
    """How to cite a chart of a view."""
    return _cited(data.reader().build_id, chart_id, scope)


@st.cache_data(ttl=REMEMBERED_SECONDS, show_spinner=False)
def no_pictures() -> str:
    """Why no picture can be drawn on this machine, as a sentence; empty where one can."""
    return export_browser.why_not()
