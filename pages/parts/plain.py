"""What pages are made of besides charts: headings, links to other pages, tables, and a foot; and what they read."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from charts import provenance, vision, words
from charts.scope import Scope
from charts.vision import Principle
from etl.warehouse.read import SourceState
from pages.parts import data, scope_bar

PAGES = Path(__file__).resolve().parents[1]


# ------------------------------------------------------------------ what they draw


def section(heading: str, lead: str = "") -> None:
    """A section's heading, and a sentence under it."""
    said = f"<p>{html.escape(lead)}</p>" if lead else ""
    st.html(f"<div class='section'><h2>{html.escape(heading)}</h2>{said}</div>")


def links(pages: Mapping[str, str]) -> None:
    """Links to other pages, name of the page's file -> the link's words; a page that there is not is left out."""
    for name, label in pages.items():
        if (PAGES / f"{name}.py").is_file():
            st.page_link(f"pages/{name}.py", label=label, icon=":material/arrow_forward:")


def table(
    frame: pd.DataFrame, label: str, *, wide: bool = False, cell: Callable[[object, str], str] = words.cell
) -> None:
    """A frame as a real HTML table, drawn."""
    st.html(table_html(frame, label, wide=wide, cell=cell))


def table_html(
    frame: pd.DataFrame, label: str, *, wide: bool = False, cell: Callable[[object, str], str] = words.cell
) -> str:
    """A frame as a real HTML table. ``label`` says to a screen reader what it is; a ``wide`` one scrolls within itself on a
    phone, where its columns would else be a word wide. ``cell`` writes a value under a heading."""
    numeric = {c for c in frame.columns if words.is_number(frame[c])}
    head = "".join(f"<th scope='col'{' class=n' if c in numeric else ''}>{html.escape(c)}</th>" for c in frame.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=n' if c in numeric else ''}>{html.escape(cell(v, c))}</td>"
            for c, v in zip(frame.columns, row, strict=True)
        )
        + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return (
        f"<div class='table{' wide' if wide else ''}' tabindex='0' role='region' aria-label='{html.escape(label, quote=True)}'>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def bullets(items: Sequence[str], css: str = "terms") -> None:
    """A list of sentences."""
    st.html(f"<ul class='{css}'>{''.join(f'<li>{html.escape(item)}</li>' for item in items)}</ul>")


def fold(label: str) -> AbstractContextManager[object]:
    """What opens with a click on a screen, and stands open under its label on paper."""
    if not scope_bar.is_print_view():
        return st.expander(label)
    st.html(f"<h3 class='card'>{html.escape(label)}</h3>")
    return st.container()


def today() -> date:
    """The day that ages are counted to."""
    return datetime.now(UTC).date()


@st.cache_data(max_entries=4, show_spinner=False)
def _principles(build_id: str) -> list[Principle]:  # noqa: ARG001
    return vision.principles(data.reader())


@st.cache_data(max_entries=4, show_spinner=False)
def _source_states(build_id: str, day: date) -> list[SourceState]:  # noqa: ARG001
    return data.reader().source_states(day)


@st.cache_data(max_entries=4, show_spinner=False)
def _dictionary(build_id: str) -> pd.DataFrame:  # noqa: ARG001
    return provenance.dictionary(data.reader())


@st.cache_data(max_entries=200, show_spinner=False)
def _missing(build_id: str, scope: Scope, day: date) -> list[str]:  # noqa: ARG001
    return provenance.missing(data.reader(), source_states(), scope, day)


def principles() -> list[Principle]:
    """The five principles in our words."""
    return _principles(data.reader().build_id)


def source_states() -> list[SourceState]:
    """Every source as it stands today."""
    return _source_states(data.reader().build_id, today())


def dictionary() -> pd.DataFrame:
    """Every column of every table, described."""
    return _dictionary(data.reader().build_id)


def missing(scope: Scope) -> list[str]:
    """What a reader might expect and does not find."""
    return _missing(data.reader().build_id, Scope(state=scope.state), today())
