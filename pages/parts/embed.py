"""One chart within another page: its headline, marks, source and how firm it is, and the way back to the dashboard."""

from __future__ import annotations

import html

import streamlit as st

from charts import export_cite
from pages.parts import block, data, save, scope_bar


def chart_asked() -> str:
    """The chart that an embedding page asks for alone; empty where it asks for the whole page, or nobody embeds this one."""
    return st.query_params.get(export_cite.EMBEDDED_CHART, "") if scope_bar.is_embedded() else ""


def show(chart_id: str) -> None:
    """Draw one chart of the view in the address. Raises ``AtlasError`` for a chart that there is not."""
    scope = scope_bar.scope_bar()
    block.chart_block(chart_id, scope)
    whole = export_cite.address(st.session_state.get("page", ""), scope, data.choices(), save.served_at())
    st.html(
        f"<p class='hint'><a href='{html.escape(whole, quote=True)}' target='_blank' rel='noopener'>Open this view in "
        f"{export_cite.NAME}</a></p>"
    )
    block.end()
