"""What do we already support, does it align, and where is the hole?"""

import html

import streamlit as st

from charts import stock, words
from charts.actions import PRINCIPLES
from pages.parts import block, data, plain, worksheet
from pages.parts.scope_bar import scope_bar

QUESTION = "What do we already support, does it align, and where is the hole?"
CHARTS = ()

scope = scope_bar()
block.title(
    QUESTION,
    "Write down what your company or association does for education, one activity a row, and say which principle it serves and "
    "where. The matrix below then shows where nothing is, and what could be done about it in the place chosen above.",
)
st.html(
    "<p class='badge'><b>It stays with you.</b> What you write is held only while this page is open in your browser, is never "
    "written to the server’s disk, and is gone when you close or reload it. Save it as a file to keep it.</p>"
)

with st.container(horizontal=True, key="stock-tools"):
    st.button(
        "Start from questions",
        on_click=worksheet.add_questions,
        icon=":material/playlist_add:",
        help="Adds one row for each kind of support, to be filled in or deleted",
    )
    st.button("Empty the worksheet", on_click=worksheet.replace, args=((),), type="tertiary")
activities = worksheet.editor()
worksheet.savers(activities)
with st.expander("Load a saved worksheet"):
    worksheet.loader()
with st.expander("Questions that help to remember"):
    plain.bullets([f"{kind.capitalize()}: {question}" for kind, question in stock.KINDS.items()])
with st.expander("When is something aligned? What each principle asks"):
    for principle in plain.principles():
        st.html(f"<h3 class='card'>{principle.number}. {html.escape(principle.name)}</h3>")
        st.html(f"<p class='means'>{html.escape(principle.holds)}.</p>")
        plain.bullets(principle.asks)

coverage = stock.coverage(activities)
if not coverage["activities_count"].sum():
    st.info(
        "The matrix appears with the first activity that has a name, a principle and a level. Nothing comes to mind? “Start from "
        "questions” adds a row for each kind of support."
    )
else:
    st.html(f"<h2 class='finding'>{html.escape(stock.finding(coverage))}</h2>")
    worksheet.matrix(activities)
    waiting = stock.not_placed(activities)
    if waiting:
        st.html(f"<p class='hint'>Not in the matrix, for want of a principle or a level: {waiting} with a name.</p>")
    kinds = stock.kinds_missing(activities)
    if kinds:
        st.html(f"<p class='means'><b>No activity yet of these kinds:</b> {html.escape(words.listed(kinds))}.</p>")

    holes = stock.holes(coverage)
    place = words.the(data.choices().states[scope.state])
    if holes:
        plain.section(
            f"Next steps in {place}",
            "For each hole, what the vision asks of industry, beside a figure of this place. A hole is a place to look, not a "
            "duty: no company does everything.",
        )
    for number, where in holes.items():
        with st.container(border=True, key=f"hole-{number}"):
            st.html(
                f"<h3 class='card'>{number}. {PRINCIPLES[number][1]}</h3><p class='means'><b>{html.escape(where)}</b></p>"
            )
            steps = "".join(
                f"<li><b>{html.escape(step.what)}</b> <span class='hint'>{html.escape(step.figure)}</span></li>"
                for step in data.actions(scope, number)
            )
            st.html(f"<ol class='actions'>{steps}</ol>")
            plain.links({PRINCIPLES[number][0]: f"{PRINCIPLES[number][1]}: the figures behind this"})
block.end()
