"""Who can enter the pathways that pay?"""

from pages.parts import block
from pages.parts.scope_bar import scope_bar

QUESTION = "Who can enter the pathways that pay?"
CHARTS = ("shortage-and-choice", "choice-near-home", "women-and-men", "institutions-by-pathway")

scope = scope_bar()
block.title(
    QUESTION,
    "The vision asks that every learner can choose an education and a career that mean something to them. The public record shows "
    "where well-paid work can be studied and who earns the awards that lead to it. It does not show who was advised, or how well: "
    "career advisement is not measured.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
block.actions(2, scope)
block.foot(CHARTS, scope)
