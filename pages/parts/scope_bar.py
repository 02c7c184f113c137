"""The shared scope: the controls above every page, bound to the address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from charts.scope import Scope, parse
from pages.parts import data

DEFAULTS = Scope()
_PARTS = ("state", "industry", "pathway", "awards", "demand")


def scope_bar() -> Scope:
    """Draw the controls and give the scope that they, and so the address, stand for.

    Streamlit keeps a bound control's *label* in the address; a code (``?state=TX``) is understood as well. A value that
    is not offered is named in a notice, and the default shown.
    """
    if PagesManager.uses_pages_directory:
        # A page's address was the first thing asked of a new server: Streamlit took the file for a page of the old kind and
        # left dashboard.py out. Told that there are none, it starts again at the dashboard.
        PagesManager.uses_pages_directory = False
        st.rerun()
    options = data.choices().options()
    if "scope_is_read" not in st.session_state:
        _read_address(options)
    _carry(options)
    with st.container(horizontal=True, key="scope-bar", vertical_alignment="bottom"):
        for name, label, width in (
            ("state", "Place", 190),
            ("industry", "Industry", 265),
            ("pathway", "Pathway", 265),
        ):
            _select(name, label, options[name], width)
        with st.popover("Assumptions", help="What the charts of openings and awards count"):
            _select("awards", "Awards that count", options["awards"], "stretch")
            _select("demand", "Jobs that count", options["demand"], "stretch")
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
        st.warning(notice)
    scope = Scope(**{name: st.session_state[name] for name in _PARTS})
    if scope.state == "US":
        st.html("<p class='hint'>These are the nation’s figures. Choose a place above to see a state’s.</p>")
    return scope


def _select(name: str, label: str, values: Mapping[str, str], width: int | Literal["stretch"]) -> None:
    st.selectbox(
        label, list(values), format_func=lambda value: values[value], key=name, bind="query-params", persist_state="session",
        width=width,
    )  # fmt: skip


def _read_address(options: Mapping[str, Mapping[str, str]]) -> None:
    """Write the first address's values, codes or labels, as the labels that the controls take from it; then start again.

    The controls would drop a code from the address, and the address would no longer open what is shown.
    """
    given = {name: value for name, value in st.query_params.items() if name in _PARTS}
    by_label = {name: {label.casefold(): code for code, label in options[name].items()} for name in given}
    asked = {name: by_label[name].get(value.strip().casefold(), value) for name, value in given.items()}
    scope, notices = parse(asked, data.choices())
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
    for name in _PARTS:
        if name in st.session_state:
            st.session_state[name] = value = st.session_state[name]
            if value != getattr(DEFAULTS, name):
                st.query_params[name] = options[name][value]


def _reset() -> None:
    for name in _PARTS:
        st.session_state[name] = getattr(DEFAULTS, name)
    st.session_state["scope_notices"] = []
