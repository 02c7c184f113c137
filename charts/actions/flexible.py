"""Flexible routes: what industry can do so that people get there in steps, and while they work."""

from __future__ import annotations

from collections.abc import Iterator

from charts import award_length, distance_by_state, pathway_indicators, shortage_and_flexibility, stackable, words
from charts.actions import Action
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def actions(reader: Reader, scope: Scope) -> Iterator[Action]:
    """Four things, each tied to a figure of the place and, where one is chosen, the pathway."""
    yield Action(
        "Ask the institutions whose certificates you value to let their credit count towards the degree, and say in "
        "writing which step you hire and promote for.",
        _finding(reader, scope, stackable.CHART, "stackable_awards_pct"),
        stackable.CHART.id,
    )
    yield Action(
        "Validate short awards: say which of them earn an interview and a wage, and drop degree requirements that the job "
        "does not need.",
        _finding(reader, scope, award_length.CHART, "under_one_year_pct"),
        award_length.CHART.id,
    )
    yield Action(
        "Let people learn while they earn: shifts that fit classes, tuition paid in advance, and a place with a "
        "connection to study online.",
        _distance(reader, scope),
        distance_by_state.CHART.id,
    )
    yield Action(
        "Convene colleges, high schools and your trade association on what a learner must be able to do, so that what is "
        "learned on the job earns credit and need not be learned twice.",
        _axis(reader, scope),
        shortage_and_flexibility.CHART.id,
    )


def _finding(reader: Reader, scope: Scope, chart: Chart, column: str) -> str:
    """A chart's finding for the place; where the place has no figure, that it has none, and the nation's."""
    rows = chart.frame(reader, scope)
    own = f"{chart.finding(rows, scope)}."
    if not words.missing(pathway_indicators.spoken_of(rows, scope)[column]):
        return own
    nation = scope.but(state="US")
    return f"{own} In the nation: {words.in_sentence(chart.finding(chart.frame(reader, nation), nation))}."


def _distance(reader: Reader, scope: Scope) -> str:
    return f"{distance_by_state.CHART.finding(distance_by_state.CHART.frame(reader, scope), scope)}."


def _axis(reader: Reader, scope: Scope) -> str:
    """The axis chart's finding, the nation's where the place has no value."""
    chart = shortage_and_flexibility.CHART
    rows = chart.frame(reader, scope)
    if len(rows):
        return f"{chart.finding(rows, scope)}."
    nation = scope.but(state="US")
    return f"There is no figure of {scope.cluster} here; in the nation, {chart.finding(chart.frame(reader, nation), nation)}."
