"""The query console: a text, its answer as a table and as CSV, and the tables that can be asked.

The text comes from the person's keyboard or from an example, and never from the address.
"""

from __future__ import annotations

import html
import math
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from charts import provenance, words
from charts.scope import Scope
from etl.errors import AtlasError
from etl.warehouse.console import PAGE, Answer, Example, examples, run
from etl.warehouse.csv_text import csv_text
from pages.parts import block, data, plain

#: Keys of the session: the text, the example chosen, that example's number and text as it was offered, whether to run the
#: text, and what came of it.
TEXT, EXAMPLE, OFFERED, ASKED, OUTCOME = "query_text", "query_example", "query_offered", "query_asked", "query_outcome"
#: Rows that stand on the page as a table that every reader can hear; all rows are in the table that scrolls, and in the file.
SHOWN = block.LONGEST_PLAIN_TABLE


def limits() -> None:
    """What a query may do, and have."""
    st.html(
        "<p class='badge'><b>It can only read.</b> A query runs by itself, away from the pages, and reaches neither files nor "
        f"the network. It has {PAGE.seconds:g} seconds and {PAGE.memory_mb} MB of memory, and shows at most {PAGE.rows:,} rows. "
        "What you ask is not kept.</p>"
    )


def question(scope: Scope) -> None:
    """The examples, the text, and the button that runs it; Ctrl+Enter in the text does the same."""
    known = _examples(scope)
    place = data.choices().states[scope.state]
    number, text = st.session_state.get(OFFERED, (0, ""))
    if st.session_state.get(TEXT, "") == text:  # an example that was not touched follows the place
        _offer(number, known)
    st.selectbox(
        f"Start from an example for {words.the(place)}",
        range(len(known)),
        format_func=lambda i: known[i].asks,
        index=None,
        key=EXAMPLE,
        placeholder="Choose an example; it takes the place of the text below",
        on_change=_take_over,
        args=(known,),
    )
    with st.form("query"):
        st.text_area("Query, in DuckDB’s SQL", key=TEXT, height=250, max_chars=PAGE.text, persist_state="session")
        st.form_submit_button("Run (Ctrl+Enter)", on_click=_ask)
    if st.session_state.pop(ASKED, False):
        with st.spinner("The query is running"):
            _run()


def _examples(scope: Scope) -> list[Example]:
    return examples(data.choices().states[scope.state])  # a name of our own table; what the address says is not in it


def _take_over(known: list[Example]) -> None:
    chosen = st.session_state[EXAMPLE]
    if chosen is not None:
        _offer(chosen, known)
        st.session_state.pop(OUTCOME, None)


def _offer(number: int, known: list[Example]) -> None:
    st.session_state[OFFERED] = number, known[number].sql
    st.session_state[TEXT] = known[number].sql


def _ask() -> None:
    st.session_state[ASKED] = True


def _run() -> None:
    reader = data.reader()
    try:
        outcome: Answer | str = run(st.session_state[TEXT], reader.path)
    except AtlasError as error:
        outcome = str(error)
    st.session_state[OUTCOME] = (outcome, reader.build_id)


def answer() -> None:
    """What came of the last query: its rows, with what was left out; or why there are none."""
    if OUTCOME not in st.session_state:
        return
    outcome, build_id = st.session_state[OUTCOME]
    plain.section("Answer")
    if isinstance(outcome, str):
        st.error(words.unmarked(outcome))
        return
    frame, count = outcome.frame, len(outcome.frame)
    more = "; there are more, which are left out" if outcome.cut_rows else ""
    cut = f". Texts are cut after {PAGE.cell:,} characters" if outcome.cut_cells else ""
    st.html(
        f"<p class='means' role='status'><b>{count:,} {'row' if count == 1 else 'rows'}</b>{more}{cut}. "
        f"{outcome.seconds:.1f} seconds, build {html.escape(build_id)}.</p>"
    )
    if not count:
        return
    if count <= SHOWN:
        plain.table(frame, "Answer to the query", wide=len(frame.columns) > block.WIDEST_PRINTED_TABLE, cell=_exact)
    else:
        st.dataframe(
            frame, hide_index=True, alt=f"Answer to the query: {count:,} rows; save it as CSV to read all of it"
        )
    st.download_button(
        "Save answer (CSV)", data=lambda: csv_text(frame).encode(), file_name=f"query-{datetime.now(UTC):%Y-%m-%d}.csv",
        mime="text/csv", key="query-csv", on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _exact(value: object, heading: str) -> str:  # noqa: ARG001
    """A value as the warehouse has it: no rounding, and no comma in a year."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return "NULL"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def tables() -> None:
    """Every table with its columns, to look up while writing."""
    plain.section("Tables and columns", "As the warehouse itself describes them.")
    dictionary = plain.dictionary()
    sought = st.text_input("Search tables and columns", placeholder="openings", key="query-search")
    found = provenance.search(dictionary, sought)
    listed = provenance.tables(found)
    if listed.empty:
        st.info("No table or column has all of these words; try one of them, or a part of a word.")
        return
    if sought:
        st.html(f"<p class='hint'>{len(found):,} columns in {len(listed):,} tables.</p>")
    chosen = st.selectbox("Table", listed["table_name"].tolist(), key="query-table")
    about = listed.set_index("table_name").loc[chosen]
    st.html(
        f"<p class='means'><b>{html.escape(about['table_says'])}.</b> {about['row_count']:,} rows. Figures of: "
        f"{html.escape(about['sources'])}.</p>"
    )
    plain.table(provenance.columns(dictionary, chosen), f"Columns of {chosen}")


def printed(scope: Scope) -> None:
    """On paper: the examples, to be typed, and the tables."""
    plain.section("Examples")
    for example in _examples(scope):
        st.html(f"<h3 class='card'>{html.escape(example.asks)}</h3><pre class='query'>{html.escape(example.sql)}</pre>")
    plain.section("Tables")
    listed = provenance.tables(plain.dictionary())
    plain.bullets([f"{t.table_name}: {t.table_says}" for t in listed.itertuples()])
