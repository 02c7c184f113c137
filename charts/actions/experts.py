"""Principle 4, expert teachers: what industry can do so that those who teach know the field."""

from __future__ import annotations

from collections.abc import Iterator

from charts import (
    occupation_and_teacher_pay,
    shortage_and_teachers,
    teacher_and_practitioner_pay,
    teacher_openings,
    teacher_shortage_areas,
)
from charts.actions import Action
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

#: What to do, and the chart whose finding it rests on.
ASKED: tuple[tuple[str, Chart], ...] = (
    (
        "Lend instructors: give skilled workers paid hours to teach a course, or to teach beside a CTE teacher.",
        teacher_and_practitioner_pay.CHART,
    ),
    (
        "Sponsor the difference: pay for summer work, stipends or shared positions where teaching would mean a cut in pay.",
        occupation_and_teacher_pay.CHART,
    ),
    (
        "Host CTE teachers in externships, so that what they teach is what your industry does now; begin where hiring is hardest.",
        shortage_and_teachers.CHART,
    ),
    (
        "Convene colleges, the state agency and employers to open a route into teaching for people from the trade, and send "
        "candidates to it.",
        teacher_openings.CHART,
    ),
    (
        "Speak up for licences that count years in the trade, and for shortage figures that are published every year.",
        teacher_shortage_areas.CHART,
    ),
)


def actions(reader: Reader, scope: Scope) -> Iterator[Action]:
    """The five actions, each with what its chart finds here; where that is nothing, with what it finds for the nation."""
    for what, chart in ASKED:
        yield Action(what, _figure(reader, scope, chart), chart.id)


def _figure(reader: Reader, scope: Scope, chart: Chart) -> str:
    frame = chart.frame(reader, scope)
    if not frame.empty:
        return f"{chart.finding(frame, scope)}."
    nation = scope.but(state="US", pathway=scope.cluster)
    return f"Not available for this place. In the United States: {chart.finding(chart.frame(reader, nation), nation)}."
