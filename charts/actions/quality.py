"""Principle 1, quality programs: validate, scale, transform, and help to say what quality is."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from charts import in_demand, program_review, served_openings, words
from charts.actions import Action
from charts.scope import Scope
from etl.warehouse.read import Reader


def actions(reader: Reader, scope: Scope) -> Iterator[Action]:
    """What industry can do for the quality of programs, each tied to a figure of the place or, failing that, the nation."""
    yield Action(
        "Validate: go through what the largest programs teach, and say in writing whom you would interview.",
        _largest(reader, scope),
        "program-review",
    )
    yield Action(
        "Scale what pays and has room: offer placements, equipment and instructors where more students could start.",
        _of_group(reader, scope, "candidate to scale"),
        "program-review",
    )
    yield Action(
        "Transform what has room but leads to low pay: ask what credential or skill would lift it, or raise what you pay.",
        _of_group(reader, scope, "candidate to transform"),
        "program-review",
    )
    yield Action(
        "Help the state to write one rule of what is in demand, with employers at the table.",
        _rules(reader, scope),
        "in-demand",
    )
    yield Action(
        "Speak up for programs that do not exist yet, with a number.",
        f"{served_openings.finding(served_openings.frame(reader, scope), scope)}.",
        "served-openings",
    )


def _reviewed(reader: Reader, scope: Scope) -> tuple[pd.DataFrame, str]:
    """The reviewed programs, and how a sentence begins: with the reason where they are the nation's instead."""
    rows = program_review.frame(reader, scope)
    if len(rows):
        return rows, ""
    return program_review.frame(reader, scope.but(state="US")), "No program is reviewed here; in the nation, "


def _largest(reader: Reader, scope: Scope) -> str:
    rows, start = _reviewed(reader, scope)
    top = rows.iloc[0]
    return (
        f"{start}{top['title']} gives the most awards of the programs reviewed, {words.count(top['awards_mean_count'])} a year; "
        "its jobs "
        f"pay {top['wage_ratio']:.2f} times the area’s median."
    )


def _of_group(reader: Reader, scope: Scope, review: str) -> str:
    rows, start = _reviewed(reader, scope)
    group = rows[rows["review"] == review]
    if group.empty:
        return f"{start}0 of {len(rows)} programs reviewed are {review.replace('candidate', 'candidates')}."
    names = [program_review.short_title(title) for title in group["title"].head(3)]
    is_what = f"is a {review}" if len(group) == 1 else f"are {review.replace('candidate', 'candidates')}"
    return f"{start}{len(group)} of {len(rows)} programs reviewed {is_what}, the largest {words.listed(names)}."


def _rules(reader: Reader, scope: Scope) -> str:
    rows = in_demand.frame(reader, scope)
    if len(rows):
        return f"{in_demand.finding(rows, scope)}."
    nation = scope.but(state="US")
    return f"No estimate here, so the nation’s. {in_demand.finding(in_demand.frame(reader, nation), nation)}."
