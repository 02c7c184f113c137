"""Where is talent short, and what feeds it?"""

from pages.parts import block, data, doors
from pages.parts.doors import Link
from pages.parts.scope_bar import scope_bar

QUESTION = "Where is talent short, and what feeds it?"
CHARTS = ("vacancies-per-hire", "unemployed-per-vacancy", "could-fill")

scope = scope_bar()
block.title(
    QUESTION,
    "Which industries have more vacancies than hires, and how far one year’s certificates and degrees could go towards the "
    "openings of each Career Technical Education pathway.",
)
doors.doors()
block.facts_row(data.overview_facts(scope))
doors.vision_today()
block.chart_block("vacancies-per-hire", scope)
block.chart_block("unemployed-per-vacancy", scope)
doors.links(
    [Link("pages/industries.py", "Which industries cannot fill their jobs? See rates, history, pathways and states")]
)
block.chart_block("could-fill", scope)
doors.links([Link("pages/pathways.py", "Which pathways supply the openings? See parts, occupations and pay")])
doors.principles(scope)
block.foot(CHARTS, scope)
