"""What pages read: the warehouse, and frames kept per build so that a rerun does no work twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import charts.actions
from charts import anatomy, facts, provenance
from charts.actions import Action
from charts.chart import chart_by_id
from charts.facts import Fact
from charts.scope import Choices, Scope
from etl.warehouse.read import Citation, FailedRefresh, Reader, failed_refreshes, open_reader


def reader() -> Reader:
    """The warehouse as it is now; a refresh is picked up by the next rerun."""
    return open_reader()


# Every key carries the build, so that figures of an old build are never shown beside those of a new one.
@st.cache_data(max_entries=500, show_spinner=False)
def _frame(build_id: str, chart_id: str, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    return chart_by_id(chart_id).frame(reader(), scope)


class Ready(go.Figure):
    """A figure that will not change any more, so that what is sent of it is put together once."""

    def __init__(self, figure: go.Figure | dict[str, Any]) -> None:
        super().__init__(figure)
        self._sent: dict[str, Any] = super().to_dict()

    def to_dict(self) -> dict[str, Any]:
        return self._sent


@dataclass(frozen=True)
class Drawn:
    """A chart as a page shows it. The figure is shared by everyone who looks at it."""

    finding: str
    subtitle: str
    alt: str
    figure: Ready


# Drawing takes longer than all else that a page does, and is the same for everyone who looks.
@st.cache_resource(max_entries=500, show_spinner=False)
def _drawn(build_id: str, chart_id: str, scope: Scope, in_the_dark: bool, in_print: bool) -> Drawn:  # noqa: ARG001
    chart, rows = chart_by_id(chart_id), frame(chart_id, scope)
    characters = anatomy.PRINT_CHARACTERS if in_print else anatomy.SCREEN_CHARACTERS
    figure = anatomy.on_screen(chart.figure(rows, scope), citations(chart.tables), characters)
    ready = Ready(anatomy.in_the_dark(figure.to_plotly_json()) if in_the_dark else figure)
    return Drawn(chart.finding(rows, scope), chart.subtitle(rows, scope), chart.alt(rows, scope), ready)


@st.cache_data(max_entries=200, show_spinner=False)
def _citations(build_id: str, tables: tuple[str, ...]) -> list[Citation]:  # noqa: ARG001
    return reader().citations(tables)


@st.cache_data(max_entries=4, show_spinner=False)
def _choices(build_id: str) -> Choices:  # noqa: ARG001
    return Choices.of(reader())


@st.cache_data(max_entries=200, show_spinner=False)
def _facts(build_id: str, scope: Scope) -> list[Fact]:  # noqa: ARG001
    return facts.overview(reader(), scope)


@st.cache_data(max_entries=500, show_spinner=False)
def _badge(build_id: str, chart_id: str, scope: Scope) -> str:  # noqa: ARG001
    return chart_by_id(chart_id).badge(reader(), scope)


@st.cache_data(max_entries=500, show_spinner=False)
def _actions(build_id: str, scope: Scope, principle: int) -> list[Action]:  # noqa: ARG001
    return charts.actions.actions(reader(), scope, principle)


def actions(scope: Scope, principle: int) -> list[Action]:
    """What industry can do under a principle, tied to this place."""
    return _actions(reader().build_id, scope, principle)


def badge(chart_id: str, scope: Scope) -> str:
    """Under how many sets of assumptions a chart's finding holds; empty where it depends on none."""
    return _badge(reader().build_id, chart_id, scope)


def frame(chart_id: str, scope: Scope) -> pd.DataFrame:
    """A chart's rows."""
    return _frame(reader().build_id, chart_id, scope)


def drawn(chart_id: str, scope: Scope, *, in_the_dark: bool = False, in_print: bool = False) -> Drawn:
    """A chart that has rows, as a page shows it on a light or dark screen or in its print view."""
    return _drawn(reader().build_id, chart_id, scope, in_the_dark, in_print)


def citations(tables: tuple[str, ...]) -> list[Citation]:
    """The sources of these tables."""
    return _citations(reader().build_id, tables)


def failing() -> dict[str, FailedRefresh]:
    """The sources whose last refresh failed; known without a new build, so that it is kept with none."""
    return failed_refreshes()


def failed_notes(tables: tuple[str, ...]) -> list[str]:
    """What to say of the sources of these tables whose last refresh failed."""
    return provenance.failed(citations(tables), failing())


def choices() -> Choices:
    """What each part of a scope may be."""
    return _choices(reader().build_id)


def overview_facts(scope: Scope) -> list[Fact]:
    """The figures that open the Overview."""
    return _facts(reader().build_id, scope)
