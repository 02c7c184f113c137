"""Which industries cannot fill their jobs?"""

from pages.parts import block
from pages.parts.scope_bar import scope_bar

QUESTION = "Which industries cannot fill their jobs?"
CHARTS = (
    "vacancies-against-hires",
    "beveridge",
    "shortage-heatmap",
    "industry-pathway-matrix",
    "unemployed-per-vacancy",
    "vacancy-rate-history",
    "state-vacancy-rate",
    "postings-index",
    "postings-by-sector",
    "state-industry-vacancies",
)

scope = scope_bar()
block.title(
    QUESTION,
    "Vacancies are jobs that stand open at a month’s end. Set against hires and against people looking for work they show where "
    "employers have a hard time; they do not show why.",
)
for chart_id in CHARTS:
    block.chart_block(chart_id, scope)
block.foot(CHARTS, scope)
