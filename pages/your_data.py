"""What do your own figures say? A table that a person brings, in their session alone; and what is loaded here."""

import streamlit as st

from pages.parts import block, own_file, plain
from pages.parts.scope_bar import is_print_view, scope_bar

QUESTION = "What do your own figures say?"
CHARTS = ("loaded-mix", "loaded-clusters")

scope = scope_bar()
block.title(
    QUESTION,
    "Bring a state’s or district’s table of students by career cluster and see how its mix stands beside where openings are. The "
    "page shows first what it understands, what it leaves out and why, and asks what the file does not say.",
)
st.html(
    "<p class='badge'><b>It stays with you.</b> A file is held only while this page is open in your browser, is never written to "
    "the server’s disk, and nobody else sees it. Counts under 10 are withheld in everything shown and saved, and others with them "
    "where a total would give one away.</p>"
)
if not is_print_view():
    own_file.uploaded()
with plain.fold("Which files it takes"):
    plain.bullets(own_file.TAKES)
plain.section(
    "Tables that are loaded here",
    "These are in the warehouse, for everyone who uses it. An analyst loads more with one command, which this page writes.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
block.foot(CHARTS, scope)
