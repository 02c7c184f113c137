"""The reader's own thresholds: what is in demand by a rule of their own."""

from __future__ import annotations

import html

import pandas as pd
import streamlit as st

from charts import own_rule, words
from charts.own_rule import OwnRule
from charts.scope import Scope
from etl.warehouse.csv_text import csv_text
from pages.parts import data

#: Rows that are shown; the file has all.
SHOWN = 12


@st.cache_data(max_entries=200, show_spinner=False)
def _own_rule(build_id: str, scope: Scope, thresholds: tuple[tuple[str, float | str], ...]) -> OwnRule:  # noqa: ARG001
    return own_rule.own_rule(data.reader(), scope, dict(thresholds))


@st.fragment
def own_thresholds(scope: Scope) -> None:
    """Inputs for the least pay, openings, growth and education; a sentence, the occupations that meet all, and the file."""
    with st.container(border=True, key="own-rule"):
        st.html(
            "<p class='question'>And by your own rule?</p>"
            "<p class='subtitle'>Say what a job must offer at least. What you leave at nought, or at “Any”, is not asked for. "
            "The link does "
            "not keep these numbers.</p>"
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            wage = st.number_input("Median pay, dollars a year", 0, 300_000, 50_000, 1_000, key="own-wage", width=200)
            openings = st.number_input("Openings a year", 0, 500_000, 0, 50, key="own-openings", width=170)
            growth = st.number_input("Growth, percent a year", 0.0, 20.0, 0.0, 0.1, key="own-growth", width=180)
            education = st.selectbox(
                "Entry education, this or more", list(own_rule.EDUCATION), format_func=lambda value: own_rule.EDUCATION[value],
                key="own-education", width=265,
            )  # fmt: skip
        asked: dict[str, float | str] = {
            "wage": wage,
            "openings": openings,
            "growth_pct": growth,
            "education": education,
        }
        found = _own_rule(data.reader().build_id, scope, tuple((name, value) for name, value in asked.items() if value))
        st.html(f"<p class='own-finding' role='status'>{html.escape(found.sentence)}</p>")
        if found.occupations.empty:
            return
        table = found.table()
        st.html(_table(table.head(SHOWN)))
        more = f"The {SHOWN} with the most openings of {len(table)}; the file has all. " if len(table) > SHOWN else ""
        st.html(
            f"<p class='hint'>{more}In a state, an occupation’s growth rate is the nation’s. Published rules with a dollar "
            "threshold are "
            "not counted.</p>"
        )
        st.download_button(
            "Save this list (CSV)", data=lambda: csv_text(table).encode(), file_name=f"own-rule-{scope.state}.csv",
            mime="text/csv", key="csv-own-rule", on_click="ignore", icon=":material/download:",
        )  # fmt: skip


def _table(table: pd.DataFrame) -> str:
    numeric = {name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])}
    head = "".join(f"<th scope='col'{' class=n' if c in numeric else ''}>{html.escape(c)}</th>" for c in table.columns)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=n' if c in numeric else ''}>{html.escape(words.cell(row[c], c))}</td>" for c in table.columns
        )
        + "</tr>"
        for row in table.to_dict("records")
    )
    return (
        "<div class='table own-table' tabindex='0' role='region' aria-label='Occupations that meet your thresholds'><table><thead>"
        f"<tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
