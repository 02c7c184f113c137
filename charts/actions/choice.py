"""Real choice: what industry can do so that every learner can enter the pathways that pay."""

from __future__ import annotations

from collections.abc import Iterator

from charts import choice_near_home, institutions_by_pathway, shortage_and_choice, women_and_men, words
from charts.actions import Action
from charts.scope import Scope
from etl.warehouse.read import Reader


def actions(reader: Reader, scope: Scope) -> Iterator[Action]:
    """Four things, each tied to a figure of the place and, where one is chosen, the pathway."""
    yield Action(
        "Open your doors to learners who have not seen the work: host visits, job shadowing and paid work-based learning, "
        "and set out to draw women and men alike.",
        _women_and_men(reader, scope),
        women_and_men.CHART.id,
    )
    yield Action(
        "Sponsor or help to start training for a well-paid occupation that nobody teaches here: lend equipment, an "
        "instructor, or a room at your plant.",
        _near_home(reader, scope),
        choice_near_home.CHART.id,
    )
    yield Action(
        "Sit down with an institution that leads to your pathway and agree how many learners you will take on each year.",
        _institutions(reader, scope),
        institutions_by_pathway.CHART.id,
    )
    yield Action(
        "Lend people to career advisement: tell learners, parents and counselors what the work is like, what it asks and "
        "what it pays, and speak up for advisement for all.",
        f"No public figure says who was advised. What counselors need to know of hiring: {_hiring(reader, scope)}.",
        shortage_and_choice.CHART.id,
    )


def _women_and_men(reader: Reader, scope: Scope) -> str:
    row = women_and_men.spoken_of(women_and_men.CHART.frame(reader, scope), scope)
    if words.missing(row["women_share_pct"]):
        nation = scope.but(state="US")
        own = women_and_men.spoken_of(women_and_men.CHART.frame(reader, nation), nation)
        return f"The record has no such awards in {words.the(row['state_name'])}; in the nation, {_share(own)}."
    return f"In {words.the(row['state_name'])}, {_share(row)}."


def _share(row: object) -> str:
    return f"women received {row['women_share_pct']:.0f} of every 100 awards that lead to {row['cluster']}"  # type: ignore[index]


def _near_home(reader: Reader, scope: Scope) -> str:
    rows = choice_near_home.CHART.frame(reader, scope)
    row = rows.iloc[0]
    place = words.the(row["state_name"])
    known = f"{row['studied_count']} of {row['considered_count']} large well-paid occupations can be studied in {place}"
    without = rows[~rows["is_studied_here"]]
    own = without[without["is_in_pathway"]]
    if len(own):
        return f"{known}; in {scope.cluster} there is no program in the record for {words.in_sentence(own['title'].iloc[0])}."
    if scope.cluster and row["pathway_count"]:
        return f"{known}, and in {scope.cluster} all {row['pathway_count']} of them."
    if len(without):
        return f"{known}; there is none in the record for {words.in_sentence(without['title'].iloc[0])}."
    return f"{known}; choose a state to see which cannot be studied there."


def _institutions(reader: Reader, scope: Scope) -> str:
    chart = institutions_by_pathway.CHART
    own = chart.finding(chart.frame(reader, scope), scope)
    if not own.startswith("There are no "):
        return f"{own}."
    nation = scope.but(state="US")
    return f"{own}; in the nation, {chart.finding(chart.frame(reader, nation), nation)}."


def _hiring(reader: Reader, scope: Scope) -> str:
    nation = scope.but(state="US")
    return shortage_and_choice.CHART.finding(shortage_and_choice.CHART.frame(reader, nation), nation).split("; ")[0]
