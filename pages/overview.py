"""Where is talent short, and which pathways feed it?"""

import streamlit as st

from pages.parts import block, data
from pages.parts.scope_bar import scope_bar

QUESTION = "Where is talent short, and which pathways feed it?"
CHARTS = ("vacancies-per-hire", "could-fill")

scope = scope_bar()
block.title(
    QUESTION,
    "Which industries have more vacancies than hires, and how far one year’s certificates and degrees could go towards the "
    "openings of each Career Technical Education pathway.",
)
block.facts_row(data.overview_facts(scope))
block.chart_block("vacancies-per-hire", scope)
st.page_link(
    "pages/industries.py",
    label="Which industries cannot fill their jobs? See rates, history and states",
    icon=":material/factory:",
)
block.chart_block("could-fill", scope)
st.page_link(
    "pages/pathways.py",
    label="Which pathways supply the openings? See parts, occupations and pay",
    icon=":material/route:",
)
block.foot(CHARTS, scope)
