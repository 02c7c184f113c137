"""The three doors of the Overview, the five principles at a glance, and links to other pages."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from charts import facts, principles_glance
from charts.principles_glance import Glance
from charts.scope import Scope
from etl.warehouse.read import Citation
from pages.parts import block, data

ROOT = Path(__file__).parents[2]


class Link(NamedTuple):
    """A page, and what a person finds there."""

    page: str
    label: str


class Door(NamedTuple):
    """Who comes in, what for, and where to."""

    who: str
    what: str
    links: tuple[Link, ...]


DOORS = (
    Door(
        "I run a business",
        "See where your industry cannot fill its jobs, which pathways feed it, who trains for it nearby, and what you can support.",
        (
            Link("pages/industries.py", "Which industries cannot fill their jobs?"),
            Link("pages/pathways.py", "Which pathways feed them?"),
            Link("pages/partners.py", "Find partners near you"),
            Link("pages/take_stock.py", "Take stock of what you support"),
        ),
    ),
    Door(
        "I testify",
        "Take a finding with its number, source and date into a hearing: save the picture, send the link, and know what it does "
        "not mean.",
        (
            Link("pages/testify.py", "Prepare what to say, and prove it"),
            Link("pages/pathways.py", "How far could awards go?"),
            Link("pages/industries.py", "Where do jobs stay vacant?"),
            Link("pages/vision.py", "What does the vision ask of industry?"),
        ),
    ),
    Door(
        "I work with data",
        "See where every number comes from, how it is measured and how fresh it is; every chart has its table to save.",
        (Link("pages/sources.py", "Sources and methods"),),
    ),
)


def links(of: Sequence[Link]) -> None:
    """Links to those of these pages that there are."""
    for link in of:
        if (ROOT / link.page).is_file():
            st.page_link(link.page, label=link.label, icon=":material/arrow_forward:")


def doors() -> None:
    """Three cards side by side; on a phone one under the other."""
    for column, door in zip(st.columns(len(DOORS)), DOORS, strict=True):
        with column, st.container(border=True, height="stretch"):
            st.html(f"<h2 class='door'>{html.escape(door.who)}</h2><p class='door'>{html.escape(door.what)}</p>")
            links(door.links)


@st.cache_data(max_entries=4, show_spinner=False)
def _vision_today(build_id: str) -> str:  # noqa: ARG001
    return facts.vision_today(data.reader())


def vision_today() -> None:
    """What the vision cited in 2016, and what today's vacancies say."""
    st.html(
        f"<p class='then-now'>{html.escape(_vision_today(data.reader().build_id))} The one asks employers, the other "
        "counts jobs: they are read side by side, not subtracted.</p>"
    )


@st.cache_data(max_entries=200, show_spinner=False)
def _glance(build_id: str, scope: Scope) -> list[Glance]:  # noqa: ARG001
    return principles_glance.glance(data.reader(), scope)


def principles(scope: Scope) -> None:
    """One row per principle: what it holds, one proxy of the place, what that does not measure, and its page."""
    st.subheader("The five principles, one figure each")
    st.html(
        "<p class='hint'>Equally important, so neither added up nor ranked. Each figure is a proxy from public data, not a score "
        "of anyone’s work.</p>"
    )
    for row in _glance(data.reader().build_id, scope):
        with st.container(key=f"principle-{row.principle}"):
            st.html(_row(row))
            links([Link(row.page, f"{row.name}: see the page")])
    cited: list[Citation] = data.citations(principles_glance.TABLES)
    named = "; ".join(f"{c.short_title} ({c.period_label})" if c.period_label else c.short_title for c in cited)
    st.html(f"<p class='hint'>Source: {html.escape(named)}.</p>")
    block.failed_refresh(principles_glance.TABLES)


def _row(row: Glance) -> str:
    return (
        f"<section class='principle' aria-label='Principle {row.principle}'>"
        f"<div><h3>{row.principle}. {html.escape(row.name)}</h3><p>{html.escape(row.holds)}</p></div>"
        f"<div><div class='value'>{html.escape(row.value)}</div><p>{html.escape(row.label)} "
        f"<span class='note'>({html.escape(row.when)})</span></p></div>"
        f"<div class='note'>{html.escape(row.caveat)}</div></section>"
    )
