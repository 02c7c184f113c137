"""The shared scope: the controls above every page, bound to the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from charts import words
from charts.scope import Scope, parse
from pages.parts import data

DEFAULTS = Scope()
#: The parts of the scope that stand in the address; the award year is set on the command line alone.
PARTS = ("state", "compare", "industry", "pathway", "awards", "demand", "online", "window", "indicator")
#: What the address says to show a page as it prints: one narrow column, no controls.
PRINT_VIEW = "print"


def scope_bar() -> Scope:
    """Draw the controls and give the scope that they, and so the address, stand for.

    Streamlit keeps a bound control's *label* in the address; a code (``?state=TX``) is understood as well. A value that
    is not offered is named in a notice, and the default shown. A view that is fixed has no controls, only the scope.
    """
    if PagesManager.uses_pages_directory:
        # A page's address was the first thing asked of a new server: Streamlit took the file for a page of the old kind and
        # left dashboard.py out. Told that there are none, it starts again at the dashboard.
        PagesManager.uses_pages_directory = False
        st.rerun()
    options = data.choices().options()
    if is_fixed():
        return _asked(options)[0]
    if "scope_is_read" not in st.session_state:
        _read_address(options)
    _carry(options)
    with st.container(horizontal=True, key="scope-bar", vertical_alignment="bottom"):
        for name, label, width in (
            ("state", "Place", 170),
            ("industry", "Industry", 225),
            ("pathway", "Pathway", 225),
        ):
            select(name, label, width)
        with st.popover("Compare", help="A second place beside the first"):
            select("compare", "Compare with", "stretch")
            st.caption("Charts that follow the place are drawn for both, side by side.")
        with st.popover("Assumptions", help="What the charts of openings and awards count"):
            select("awards", "Awards that count", "stretch")
            select("demand", "Jobs that count", "stretch")
            st.caption(
                "Certificates and associate degrees against career-training jobs is what the pages open with. Both variants of "
                "yearly openings are always shown."
            )
        st.button(
            "Reset",
            on_click=_reset,
            type="tertiary",
            help="Back to the nation, all industries and all pathways",
        )
    for notice in st.session_state.get("scope_notices", []):
        st.warning(words.unmarked(notice))
    scope = Scope(**{name: st.session_state.get(name, getattr(DEFAULTS, name)) for name in PARTS})
    if scope.state == "US":
        st.html("<p class='hint'>These are the nation’s figures. Choose a place above to see a state’s.</p>")
    else:
        _neighbours(scope)
    return scope


def is_print_view() -> bool:
    """Whether the address asks for the page as it prints."""
    return st.query_params.get("view") == PRINT_VIEW


def is_embedded() -> bool:
    """Whether the page is shown within another one (``?embed=true``)."""
    return bool(st.context.is_embedded)


def is_fixed() -> bool:
    """Whether the view is only read, on paper or within another page: no menu, no controls, no files to save."""
    return is_print_view() or is_embedded()


def print_address(scope: Scope) -> str:
    """The address, relative to this page, of the same view as it prints."""
    options = data.choices().options()
    labels = {name: options[name][value] for name, value in scope.query().items()}
    return f"?{urlencode({**labels, 'view': PRINT_VIEW})}"


def select(name: str, label: str, width: int | Literal["stretch"]) -> None:
    """The control of one part of the scope, bound to the address."""
    values = data.choices().options()[name]
    st.selectbox(
        label, list(values), format_func=lambda value: values[value], key=name, bind="query-params", persist_state="session",
        width=width,
    )  # fmt: skip


def choose(name: str, value: str) -> None:
    """Set one part of the scope, as its control would. For callbacks: they run before the controls are drawn."""
    st.session_state[name] = value


def _neighbours(scope: Scope) -> None:
    """The states that touch the chosen one, each a click away."""
    choices = data.choices()
    beside = choices.neighbours.get(scope.state, ())
    if not beside:
        st.html(f"<p class='hint'>No state touches {choices.states[scope.state]} on land.</p>")
        return
    with st.container(horizontal=True, key="neighbours", gap="small", vertical_alignment="center"):
        st.html("<p class='hint'>Neighbours</p>", width="content")
        for state in beside:
            st.button(
                choices.states[state], key=f"neighbour-{state}", on_click=choose, args=("state", state), type="tertiary"
            )  # fmt: skip


def _asked(options: Mapping[str, Mapping[str, str]]) -> tuple[Scope, list[str], dict[str, str]]:
    """The scope that the address asks for, by codes or labels; a sentence for each value that is not known; what was given."""
    given = {name: value for name, value in st.query_params.items() if name in PARTS}
    by_label = {name: {label.casefold(): code for code, label in options[name].items()} for name in given}
    asked = {name: by_label[name].get(value.strip().casefold(), value) for name, value in given.items()}
    return *parse(asked, data.choices()), given


def _read_address(options: Mapping[str, Mapping[str, str]]) -> None:
    """Write the first address's values, codes or labels, as the labels that the controls take from it; then start again.

    The controls would drop a code from the address, and the address would no longer open what is shown.
    """
    scope, notices, given = _asked(options)
    st.session_state["scope_notices"] = notices
    st.session_state["scope_is_read"] = True
    labels = {name: options[name][value] for name, value in scope.query().items()}
    if labels != given:
        for name in given.keys() - labels.keys():
            del st.query_params[name]
        st.query_params.update(labels)
        st.rerun()


def _carry(options: Mapping[str, Mapping[str, str]]) -> None:
    """Take the scope along to another page.

    Streamlit 1.67 does so by itself, except on a session's first change of page: there a bound control falls back to its
    default and leaves the address, so controls and address are told once more.
    """
    page = st.session_state.get("page", "")
    if st.session_state.setdefault("scope_page", page) == page or "scope_is_carried" in st.session_state:
        return
    st.session_state["scope_is_carried"] = True
    for name in PARTS:
        if name in st.session_state:
            st.session_state[name] = value = st.session_state[name]
            if value != getattr(DEFAULTS, name):
                st.query_params[name] = options[name][value]


def _reset() -> None:
    for name in PARTS:
        st.session_state[name] = getattr(DEFAULTS, name)
    st.session_state["scope_notices"] = []
