"""What can I say before a committee, and prove?"""

from pages.parts import block, testimony_page
from pages.parts.scope_bar import is_fixed, scope_bar

QUESTION = "What can I say before a committee, and prove?"
CHARTS = ("could-fill",)

scope = scope_bar()
block.title(
    QUESTION,
    "Choose a place, and a pathway if you like: a statement of two minutes, the chart behind it, answers to what will be asked, "
    "and slides of the charts that you collect.",
)
testimony_page.two_minutes(scope)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
testimony_page.they_will_ask(scope)
if not is_fixed():
    testimony_page.collect(scope)
testimony_page.pass_it_on(scope)
block.foot(CHARTS, scope)
