"""What carries a chart out of the dashboard: files, link, embed snippet and citation. Nothing is made before it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from charts import brief, brief_page, export, export_browser, export_cite, slides, workbook
from charts.chart import chart_by_id
from charts.export_cite import Cited
from charts.scope import Scope
from pages.parts import data

#: How long it is remembered that pictures can, or cannot, be drawn on this machine.
REMEMBERED_SECONDS = 600
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def save_menu(chart_id: str, frame: pd.DataFrame, scope: Scope) -> None:
    """The menu under a chart: its numbers, its picture in every kind that this machine can make, its link and citation."""
    with st.popover("Save", icon=":material/download:", key=f"save-{chart_id}"):
        _file(chart_id, scope, "Save numbers (CSV)", "csv", "text/csv")
        _file(
            chart_id, scope, "Save chart (HTML)", "html", "text/html",
            help_text="A page that opens anywhere, without internet; its buttons save the picture as PNG or SVG.",
        )  # fmt: skip
        _file(
            chart_id,
            scope,
            "Save all (ZIP)",
            "zip",
            "application/zip",
            help_text="Numbers, picture, method and sources.",
        )
        reason = _no_pictures()
        if reason:
            st.caption("For a PNG or SVG, save the chart (HTML), open it, and press its button.")
        else:
            _file(chart_id, scope, "Save slide (PNG)", "png", "image/png", help_text="1600 × 900, at twice the pixels")
            _file(
                chart_id,
                scope,
                "Save post (PNG)",
                "png",
                "image/png",
                "social",
                help_text="1080 × 1350, at twice the pixels",
            )
            _file(chart_id, scope, "Save drawing (SVG)", "svg", "image/svg+xml")
            _file(chart_id, scope, "Save picture (PDF)", "pdf", "application/pdf")
        _words(chart_id, frame, scope)


def save_place(scope: Scope, chart_ids: Sequence[str] = ()) -> None:
    """What can be saved of a whole place: the brief, the workbook, and slides of these charts. What needs a program that is
    not here is not offered."""
    stem = export_cite.file_stem("brief", scope)
    if not brief_page.why_not():
        for pages, label in ((1, "Save brief (PDF, 1 page)"), (2, "Save brief with methods (PDF, 2 pages)")):
            _button(
                label, lambda pages=pages: brief_page.typeset(brief.brief(data.reader(), scope), pages), f"{stem}-{pages}.pdf",  # type: ignore[misc]
                "application/pdf",
            )  # fmt: skip
    if not workbook.why_not():
        _button("Save workbook (XLSX)", lambda: workbook.workbook(data.reader(), scope), f"{stem}.xlsx", XLSX)
    if chart_ids and not _no_pictures() and not slides.why_not():
        charts = [chart_by_id(c) for c in chart_ids]
        _button("Save slides (PPTX)", lambda: slides.slides(data.reader(), scope, charts), f"{stem}.pptx", PPTX)


def _file(
    chart_id: str,
    scope: Scope,
    label: str,
    file_format: str,
    mime: str,
    size: str = "slide",
    help_text: str | None = None,
) -> None:
    """A button for one kind of file, named after the view; made only when it is pressed."""
    stem = export_cite.file_stem(chart_id, scope) + ("" if size == "slide" else f"-{size}")
    _button(
        label, lambda: export.made(chart_by_id(chart_id), data.reader(), scope, file_format, size), f"{stem}.{file_format}",
        mime, key=f"{file_format}-{chart_id}" + ("" if size == "slide" else f"-{size}"), help_text=help_text,
    )  # fmt: skip


def _button(
    label: str,
    made: Callable[[], bytes],
    file_name: str,
    mime: str,
    key: str | None = None,
    help_text: str | None = None,
) -> None:
    st.download_button(
        label,
        data=made,
        file_name=file_name,
        mime=mime,
        key=key or file_name,
        on_click="ignore",
        help=help_text,
        width="stretch",
    )


def _words(chart_id: str, frame: pd.DataFrame, scope: Scope) -> None:
    """Link, embed snippet and citation, each with its button to copy it."""
    choices, page = data.choices(), st.session_state.get("page", export_cite.page_of(chart_id))
    title = chart_by_id(chart_id).finding(frame, scope)
    cited = _cited(data.reader().build_id, chart_id, scope)
    for label, text, language in (
        ("Link to this view", export_cite.address(page, scope, choices, _served_at()), None),
        ("Embed in a page", export_cite.embed_snippet(page, scope, choices, title, _served_at()), "html"),
        ("Cite: plain", cited.plain, None),
        ("Cite: APA", cited.apa, None),
        ("Cite: BibTeX", cited.bibtex, "latex"),
    ):
        st.caption(label)
        st.code(text, language=language, wrap_lines=True)


def _served_at() -> str:
    """Scheme and host of the address at which the reader sees this page; empty where that is not known."""
    seen = urlsplit(st.context.url or "")
    return f"{seen.scheme}://{seen.netloc}" if seen.netloc else ""


@st.cache_data(max_entries=500, show_spinner=False)
def _cited(build_id: str, chart_id: str, scope: Scope) -> Cited:  # noqa: ARG001
    reader, chart = data.reader(), chart_by_id(chart_id)
    return export_cite.cite(chart, data.frame(chart_id, scope), reader, scope, data.choices())


@st.cache_data(ttl=REMEMBERED_SECONDS, show_spinner=False)
def _no_pictures() -> str:
    return export_browser.why_not()
