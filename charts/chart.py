"""What a chart is. Pages, downloads and the command line all walk the same registry of these."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import pandas as pd
import plotly.graph_objects as go

import charts
from charts.scope import Scope
from etl.errors import AtlasError
from etl.warehouse.read import Reader

#: What the badge of a chart says whose figures are a publisher's own.
PUBLISHED = "These are the publisher’s own figures; no assumption of ours enters them."

#: *rows*: one row per label, values on one axis from nought. *lines*: over time. *tiles*: states on the tile grid.
#: *matrix*: cells with a value each. *scatter*: two measures, marks labelled. *flow*: bands between columns.
Shape = Literal["rows", "lines", "tiles", "matrix", "scatter", "flow"]
Part = Literal["industry", "pathway"]


@dataclass(frozen=True)
class Chart:
    """A chart, defined once.

    ``frame`` gives tidy rows, units in the column names; ``figure``, ``finding``, ``subtitle``, ``alt`` and ``nothing``
    are pure functions of that frame and the scope. ``columns`` names the columns of the table under the chart, in order.
    ``means`` and ``means_not`` are one plain sentence each. ``terms`` are the words a reader may not know.
    ``tables`` are those whose sources the figures come from: a chart of the table ``principle_indicator`` names what its own
    indicators are made of, not every source of that table. ``nothing`` says why the frame is empty and what to look at instead.
    ``nation_only`` charts do not follow the state. ``follows`` names the parts of the scope, 'industry' or 'pathway',
    whose chosen value the finding names; ``parts`` says that a part of a pathway is followed too, else its whole pathway
    stands for it. ``controls`` are the parts of the scope whose controls stand beside this chart. ``selects`` is the part of
    the scope that a click on a mark sets: the last value of the mark's ``customdata`` is the code.
    ``shape`` says which rules of the look hold: see :data:`Shape`. ``badge`` says under how many sets of assumptions the
    finding holds, or that it rests on none.
    """

    id: str
    question: str
    tables: tuple[str, ...]
    frame: Callable[[Reader, Scope], pd.DataFrame]
    figure: Callable[[pd.DataFrame, Scope], go.Figure]
    finding: Callable[[pd.DataFrame, Scope], str]
    subtitle: Callable[[pd.DataFrame, Scope], str]
    alt: Callable[[pd.DataFrame, Scope], str]
    columns: Mapping[str, str]
    means: str
    means_not: str
    terms: tuple[str, ...] = ()
    nation_only: bool = False
    follows: tuple[Part, ...] = ()
    parts: bool = False
    controls: tuple[str, ...] = ()
    selects: str = ""
    shape: Shape = "rows"
    badge: Callable[[Reader, Scope], str] = lambda reader, scope: PUBLISHED  # noqa: ARG005
    nothing: Callable[[Scope], str] = lambda scope: "There are no figures for this view; choose the United States."  # noqa: ARG005

    def table(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows under the chart: the columns that ``columns`` names, with their headings."""
        return frame[list(self.columns)].rename(columns=dict(self.columns))


@cache
def all_charts() -> dict[str, Chart]:
    """Every chart by id: each module of this package that defines ``CHART``."""
    found = {}
    for module in pkgutil.iter_modules(charts.__path__):
        if module.name.startswith("_"):
            continue
        chart = getattr(importlib.import_module(f"charts.{module.name}"), "CHART", None)
        if chart is not None:
            found[chart.id] = chart
    return dict(sorted(found.items()))


def chart_by_id(chart_id: str) -> Chart:
    """The chart of this id. Raises ``AtlasError`` where there is none."""
    try:
        return all_charts()[chart_id]
    except KeyError:
        raise AtlasError(f"There is no chart {chart_id!r}; `python -m charts list` shows all of them.") from None
