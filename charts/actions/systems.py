"""Principle 5, joined-up systems: convene, be the intermediary, bring figures, ask for the record."""

from __future__ import annotations

from collections.abc import Iterator

from charts import openings_and_awards_mix, record_completeness, secondary_mix, shortage_and_systems, words
from charts.actions import Action
from charts.scope import Scope
from etl.warehouse.read import Reader


def actions(reader: Reader, scope: Scope) -> Iterator[Action]:
    """What industry can do to join systems up, each tied to a figure of the place or, failing that, the nation."""
    yield Action(
        "Convene schools, colleges and employers of one pathway, and settle together how many should train for it.",
        _widest(reader, scope),
        "openings-and-awards-mix",
    )
    yield Action(
        "Be, or fund, the intermediary that matches employers with schools and colleges, first where hiring is hardest.",
        _hardest(reader, scope),
        "shortage-and-systems",
    )
    yield Action(
        "Bring your hiring plans to the table where middle and high schools choose their programs.",
        _pupils(reader, scope),
        "secondary-mix",
    )
    yield Action(
        "Speak up for one statewide plan and a public record that all systems can plan with.",
        _record(reader, scope),
        "record-completeness",
    )


def _widest(reader: Reader, scope: Scope) -> str:
    """The chosen pathway's two shares; else those of the pathway whose share of openings is furthest above its share of
    awards. It is not called the furthest: that would hang on how awards are shared out."""
    rows = openings_and_awards_mix.frame(reader, scope)
    if scope.cluster:
        return f"{openings_and_awards_mix.finding(rows, scope)}."
    behind = rows["openings_share_pct"] - rows["awards_share_pct"]
    row = rows.iloc[int(behind.to_numpy().argmax())]
    place = words.the(row["state_name"])
    return (
        f"In {place}, {row['cluster']} has {row['openings_share_pct']:.0f} of every 100 yearly openings "
        f"({row['openings_share_growth_and_exits_pct']:.0f} without people changing occupation) and "
        f"{row['awards_share_pct']:.0f} of every 100 awards."
    )


def _hardest(reader: Reader, scope: Scope) -> str:
    return f"{shortage_and_systems.CHART.finding(shortage_and_systems.CHART.frame(reader, scope), scope)}."


def _pupils(reader: Reader, scope: Scope) -> str:
    rows = secondary_mix.frame(reader, scope)
    if len(rows):
        return f"{secondary_mix.finding(rows, scope)}."
    nation = scope.but(state="US")
    found = secondary_mix.finding(secondary_mix.frame(reader, nation), nation)
    return f"This state’s figures are not loaded. {found}."


def _record(reader: Reader, scope: Scope) -> str:
    return f"{record_completeness.finding(record_completeness.frame(reader, scope), scope)}."
