"""Can people get there in steps, or at a distance?"""

from pages.parts import block
from pages.parts.scope_bar import scope_bar

QUESTION = "Can people get there in steps, or at a distance?"
CHARTS = ("shortage-and-flexibility", "stackable", "award-length", "distance-by-state")

scope = scope_bar()
block.title(
    QUESTION,
    "The vision asks that learning be personal and flexible, and that schools and colleges fit together without a seam. The public "
    "record shows which steps exist and how long they take. It does not show whether credit carries on from one step to the next.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
block.actions(3, scope)
block.foot(CHARTS, scope)
