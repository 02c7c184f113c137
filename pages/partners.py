"""Who trains for these jobs near us?"""

from pages.parts import block
from pages.parts.partner_search import links, partner_search
from pages.parts.scope_bar import is_fixed, scope_bar

QUESTION = "Who trains for these jobs near us?"
CHARTS = ("partners-by-awards",)

scope = scope_bar()
block.title(
    QUESTION,
    "Colleges and schools whose certificates and degrees lead to the jobs of a pathway or an occupation: how many "
    "they give, how that has changed, where they are, and a sheet to take to the first meeting.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
if not is_fixed():  # a search is of the screen; its meeting sheet prints by itself
    partner_search(scope)
links()
block.foot(CHARTS, scope)
