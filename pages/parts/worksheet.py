"""The stock-taking worksheet: it lives in the session of the person who writes it, and nowhere else.

The editor keeps what was changed as differences from the rows it was given. So it is given the same rows as long as it
stands on the page, and other ones only under a new key: when rows are added or loaded, or a person comes back to the page.
"""

from __future__ import annotations

import html
from typing import Any

import streamlit as st

from charts import stock, words
from charts.actions import PRINCIPLES
from charts.stock import Activity

#: Keys of the session: the activities as last written, the rows the editor was given, and how often these were replaced.
KEPT, GIVEN, TIMES = "stock_kept", "stock_given", "stock_times"


def editor() -> tuple[Activity, ...]:
    """Draw the worksheet and give what is written in it."""
    kept: tuple[Activity, ...] = st.session_state.setdefault(KEPT, ())
    key = f"stock-{st.session_state.setdefault(TIMES, 0)}"
    if key not in st.session_state:
        st.session_state[GIVEN] = stock.to_frame(kept)
    edited = st.data_editor(
        st.session_state[GIVEN],
        key=key,
        num_rows="dynamic",
        hide_index=True,
        placeholder="",
        column_config=_columns(),
        alt="Worksheet: one row per activity that is supported, with its principle, level, kind, alignment, owner, date and status",
    )
    loaded = stock.from_frame(edited)
    for problem in loaded.problems:
        st.warning(f"Left out: {problem}")
    st.session_state[KEPT] = loaded.activities
    return loaded.activities


def _columns() -> dict[str, Any]:
    heading, config, longest = stock.HEADINGS, st.column_config, stock.MAX_TEXT
    return {
        heading["name"]: config.TextColumn(
            heading["name"], width=220, help="What you do or give, in your words", max_chars=longest
        ),
        heading["principle"]: config.SelectboxColumn(
            heading["principle"], options=[stock.principle_label(n) for n in PRINCIPLES], width=150
        ),
        heading["level"]: config.SelectboxColumn(heading["level"], options=list(stock.LEVELS), width=85),
        heading["kind"]: config.SelectboxColumn(heading["kind"], options=list(stock.KINDS), width=150),
        heading["alignment"]: config.SelectboxColumn(
            heading["alignment"],
            options=list(stock.ALIGNMENTS),
            width=125,
            default="unknown",
            help="Does it do what the principle asks?",
        ),
        heading["would_align"]: config.TextColumn(heading["would_align"], width=170, max_chars=longest),
        heading["owner"]: config.TextColumn(heading["owner"], width=85, max_chars=longest),
        heading["due"]: config.DateColumn(heading["due"], width=100, format="YYYY-MM-DD"),
        heading["status"]: config.SelectboxColumn(heading["status"], options=list(stock.STATUSES), width=90),
    }


def replace(activities: tuple[Activity, ...]) -> None:
    """Put these in the place of what is written."""
    st.session_state[KEPT] = activities
    st.session_state[TIMES] += 1


def add_questions() -> None:
    """Add a row for each kind, to be filled in or deleted."""
    replace(st.session_state[KEPT] + stock.questions())


def loader() -> None:
    """Load a saved worksheet: first look into the file, then take it over."""
    file = st.file_uploader(
        "A worksheet saved from this page (JSON, or CSV)", type=["json", "csv"], max_upload_size=1, key="stock-file"
    )
    if file is None:
        return
    loaded = stock.read(file.name, file.getvalue())
    if loaded.problems:
        shown = "".join(f"<li>{html.escape(str(problem))}</li>" for problem in loaded.problems[:20])
        more = len(loaded.problems) - 20
        shown += f"<li>and {more} more.</li>" if more > 0 else ""
        st.error("Nothing was taken over. Mend the file and load it again; row 1 is the first activity.")
        st.html(f"<ul class='terms'>{shown}</ul>")
        return
    kept: tuple[Activity, ...] = st.session_state[KEPT]
    if loaded.activities == kept:
        st.success("The worksheet holds what is in the file.")
        return
    instead = f", in the place of the {len(kept)} in the worksheet" if kept else ""
    st.button(
        f"Take over {_rows(len(loaded.activities))}{instead}",
        on_click=replace,
        args=(loaded.activities,),
        type="primary",
    )


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def savers(activities: tuple[Activity, ...]) -> None:
    """Buttons that save the worksheet as a file."""
    with st.container(horizontal=True):
        st.download_button(
            "Save worksheet (JSON)", data=lambda: stock.to_json(activities), file_name="take-stock.json",
            mime="application/json", key="stock-json", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
        st.download_button(
            "Save worksheet (CSV)", data=lambda: stock.to_csv(activities), file_name="take-stock.csv", mime="text/csv",
            key="stock-csv", on_click="ignore", icon=":material/download:",
        )  # fmt: skip


def matrix(activities: tuple[Activity, ...]) -> None:
    """The coverage matrix as a table: principles down, levels across, each cell in words."""
    cells = {(cell.principle, cell.level): cell for cell in words.each(stock.coverage(activities))}
    head = "".join(f"<th scope='col'>{level.capitalize()}</th>" for level in stock.LEVELS)
    body = ""
    for principle in PRINCIPLES:
        row = f"<th scope='row'>{html.escape(stock.principle_label(principle))}</th>"
        for level in stock.LEVELS:
            cell = cells[principle, level]
            names = "".join(f"<li>{html.escape(n)}</li>" for n in stock.names_in(activities, principle, level))
            listed = f"<ul>{names}</ul>" if names else ""
            row += f"<td class='{'hole' if cell.is_hole else 'held'}'>{stock.cell_says(cell)}{listed}</td>"
        body += f"<tr>{row}</tr>"
    st.html(
        "<div class='table coverage' tabindex='0' role='region' aria-label='Activities by principle and level'><table><thead><tr>"
        f"<th scope='col'>Principle</th>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
