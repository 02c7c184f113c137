"""Do schools, colleges and employers pull together? The fifth principle."""

from pages.parts import block
from pages.parts.scope_bar import scope_bar

QUESTION = "Do schools, colleges and employers pull together?"
CHARTS = ("shortage-and-systems", "openings-and-awards-mix", "secondary-mix", "record-completeness")

scope = scope_bar()
block.title(
    QUESTION,
    "The vision asks that all systems work together for the learner. Whether they do shows, in part, in whether awards and school "
    "programs are in the fields that jobs open in, and in whether the public can see it.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
block.actions(5, scope)
block.foot(CHARTS, scope)
