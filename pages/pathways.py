"""How do people get into these jobs, and how far could awards go?"""

from pages.parts import block
from pages.parts.scope_bar import scope_bar

QUESTION = "How do people get into these jobs, and how far could awards go?"
CHARTS = (
    "ways-in",
    "could-fill",
    "at-least-at-most",
    "check-it-yourself",
    "pathway-occupations",
    "program-flows",
    "what-jobs-ask",
    "could-fill-by-state",
)

scope = scope_bar()
block.title(
    QUESTION,
    "Yearly openings of each pathway’s occupations against one year’s certificates and degrees in programs that lead to them. No "
    "award is used twice. Fewer awards than openings is not by itself a shortage: people also enter in other ways.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
block.foot(CHARTS, scope)
