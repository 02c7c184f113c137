"""The questions on a program's quality that no public figure answers."""

from __future__ import annotations

import html

import streamlit as st

from charts.quality_questions import QUESTIONS


def quality_checklist() -> None:
    """Each question with what a good answer looks like, and whom to ask."""
    cards = "".join(
        f"<li><b>{html.escape(q.question)}</b> {html.escape(q.good_answer)} <span class='hint'>Ask "
        f"{html.escape(q.ask)}.</span></li>"
        for q in QUESTIONS
    )
    st.html(
        "<section class='checklist' aria-label='What the screen cannot answer'><h3>What the screen cannot answer</h3>"
        "<p>No public figure says whether a program is good. Before you act on a dot above, ask:</p>"
        f"<ul>{cards}</ul></section>"
    )
