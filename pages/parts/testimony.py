"""Charts that a person collects for a testimony: they live in the session of that person, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from charts.chart import all_charts, chart_by_id
from charts.scope import Scope

#: Keys of the session: the ids of the charts in their order, and the control that chooses some to add.
KEPT, CHOSEN = "testimony_charts", "testimony_chosen"


def collected() -> tuple[str, ...]:
    """The ids of the charts that are collected, in order."""
    kept: tuple[str, ...] = st.session_state.get(KEPT, ())
    return kept


def add(chart_ids: Sequence[str]) -> None:
    """Put these charts at the end, each once."""
    known = [c for c in chart_ids if c in all_charts()]
    st.session_state[KEPT] = tuple(dict.fromkeys([*collected(), *known]))


def add_chosen() -> None:
    """Put the charts at the end that the control names, and empty it."""
    add(st.session_state[CHOSEN])
    st.session_state[CHOSEN] = []


def remove(chart_id: str) -> None:
    """Take a chart out."""
    st.session_state[KEPT] = tuple(c for c in collected() if c != chart_id)


def move(chart_id: str, by: Literal[-1, 1]) -> None:
    """Put a chart one place up (-1) or down (1)."""
    kept = list(collected())
    here = kept.index(chart_id)
    there = min(max(here + by, 0), len(kept) - 1)
    kept[here], kept[there] = kept[there], kept[here]
    st.session_state[KEPT] = tuple(kept)


def add_button(chart_id: str, scope: Scope) -> None:
    """A button that adds a chart to the testimony, or takes it out again. The testimony shows it for its own place."""
    inside = chart_by_id(chart_id).id in collected()
    if inside:
        st.caption("In your testimony, which is under Act, Testify.")
    st.button(
        "Take out of testimony" if inside else "Add to testimony",
        key=f"testimony-{chart_id}-{scope.state}",
        on_click=remove if inside else _add_one,
        args=(chart_id,),
        icon=":material/remove:" if inside else ":material/add:",
        help="Collected charts are under Act, Testify, for the place chosen there",
        width="stretch",
    )


def _add_one(chart_id: str) -> None:
    add((chart_id,))
