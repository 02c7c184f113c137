"""Which programs should we look at first? The first principle."""

from pages.parts import block
from pages.parts.checklist import quality_checklist
from pages.parts.own_rule import own_thresholds
from pages.parts.scope_bar import is_fixed, scope_bar

QUESTION = "Which programs should we look at first?"
CHARTS = ("shortage-and-quality", "program-review", "in-demand", "served-openings")
scope = scope_bar()
block.title(
    QUESTION,
    "The vision asks that every program meet the highest standard, and that industry help to say what that is. Figures can show "
    "where pay and room for more awards lie; whether a program is good, they cannot.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
    if chart_id == "program-review":
        quality_checklist()
    elif chart_id == "in-demand" and not is_fixed():
        own_thresholds(scope)
block.actions(1, scope)
block.foot(CHARTS, scope)
