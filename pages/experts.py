"""Can schools hire people who know the trade?"""

from pages.parts import block
from pages.parts.scope_bar import scope_bar

QUESTION = "Can schools hire people who know the trade?"
CHARTS = (
    "shortage-and-teachers",
    "teacher-and-practitioner-pay",
    "occupation-and-teacher-pay",
    "teacher-pay-by-state",
    "teacher-openings",
    "teacher-shortage-areas",
)

scope = scope_bar()
block.title(
    QUESTION,
    "The fourth principle asks that those who teach know the field. Public figures do not show what a teacher knows; they show "
    "what schools pay beside what the trade pays, and how many teachers must be found each year. Proxies, not scores.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
block.actions(4, scope)
block.foot(CHARTS, scope)
