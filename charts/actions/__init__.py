"""What the vision asks of industry under each principle, in our words, each action tied to a figure of the place.

One file per principle; the pages, the stock-taking worksheet and the brief all read from here.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass

from charts.scope import Scope
from etl.errors import AtlasError
from etl.warehouse.read import Reader

#: Principle -> its module in this package, and its short name.
PRINCIPLES = {
    1: ("quality", "Quality programs"),
    2: ("choice", "Real choice"),
    3: ("flexible", "Flexible routes"),
    4: ("experts", "Expert teachers"),
    5: ("systems", "Joined-up systems"),
}


@dataclass(frozen=True)
class Action:
    """One thing an employer or association can do. ``what`` is an imperative sentence, ``figure`` a computed sentence that
    ties it to this place and pathway, ``chart_id`` the chart that shows the figure."""

    what: str
    figure: str
    chart_id: str


def actions(reader: Reader, scope: Scope, principle: int) -> list[Action]:
    """The actions of a principle, most fitting first. Raises ``AtlasError`` for a principle that there is not."""
    return list(_each(reader, scope, principle))


def first(reader: Reader, scope: Scope, principle: int) -> Action:
    """The most fitting action of a principle; the figures of the others are not computed."""
    return next(_each(reader, scope, principle))


def _each(reader: Reader, scope: Scope, principle: int) -> Iterator[Action]:
    if principle not in PRINCIPLES:
        raise AtlasError(f"There is no principle {principle!r}; there are five, 1 to 5.")
    found: Iterator[Action] = importlib.import_module(f"charts.actions.{PRINCIPLES[principle][0]}").actions(
        reader, scope
    )
    return found
