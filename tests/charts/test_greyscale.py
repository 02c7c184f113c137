"""What a chart says without its hues: marks that differ in colour alone differ in lightness, so a black-and-white print of the
testimony says the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import plotly.graph_objects as go
import pytest

from charts import style
from charts.chart import Chart, all_charts
from charts.scope import Scope
from etl.warehouse.read import Reader
from tests.charts.test_charts import contrast

CHARTS = list(all_charts().values())
#: Between neighbouring classes of a scale, each of whose marks also says its value; and between any other two meanings.
LEAST_OF_SCALE, LEAST = 1.3, 1.4
SCOPES = (
    Scope(),
    Scope(state="TX", pathway="Construction", industry="230000"),
    Scope(state="WY"),
    Scope(state="NC", awards="all", demand="middle-skills"),
)
Mark = tuple[Any, ...]


def over_white(colour: str, opacity: float) -> str:
    """A colour as it looks on the white ground."""
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - opacity * (255 - c)):02X}" for c in channels)


def each(value: Any, count: int) -> list[Any]:
    """A trace's attribute for each of its points."""
    return [value] * count if isinstance(value, str | int | float) or value is None else list(value)


def seen(fill: str | None, edge: str | None) -> tuple[bool, str]:
    """Whether a mark is filled, and its colour: of what is hollow, the edge's."""
    hollow = fill in (None, style.WHITE, "rgba(0,0,0,0)")
    return not hollow, str(edge if hollow else fill).upper()


def marks(fig: go.Figure) -> Iterator[tuple[Mark, str]]:
    """What is drawn: all that tells a mark from others but its colour, and its colour on white. Text is told by what it says."""
    for trace in fig.data:
        opacity = 1.0 if trace.opacity is None else trace.opacity
        if trace.type == "bar":
            count = len(trace.x)
            hatches = each(trace.marker.pattern.shape, count)
            for colour, hatch in zip(each(trace.marker.color, count), hatches, strict=True):
                yield ("bar", hatch or ""), over_white(colour, opacity)
            continue
        assert trace.type == "scatter", f"say here how a {trace.type} is told without colour"
        if "lines" in trace.mode:
            yield ("line", trace.line.dash or "solid"), over_white(trace.line.color, opacity)
        if "markers" in trace.mode and trace.marker.opacity != 0:
            count, line = len(trace.x), trace.marker.line
            symbols = each(trace.marker.symbol, count)
            for symbol, fill, edge in zip(
                symbols, each(trace.marker.color, count), each(line.color, count), strict=True
            ):
                strokes = "line" in str(symbol)
                is_filled, colour = seen(None if strokes else fill, edge)
                yield ("marker", symbol or "circle", is_filled), over_white(colour, opacity)
    for shape in fig.layout.shapes:
        opacity = 1.0 if shape.opacity is None else shape.opacity
        if shape.type == "line" or (shape.type == "path" and not shape.fillcolor):
            if shape.line.color in (style.GRID, style.WHITE):
                continue  # the grid, and gaps between marks: they carry no meaning
            yield ("rule", shape.line.dash or "solid", shape.type), over_white(shape.line.color, opacity)
            continue
        is_filled, colour = seen(shape.fillcolor, shape.line.color if shape.line.width else None)
        if colour != "NONE":
            yield (shape.type, is_filled), over_white(colour, opacity)


def by_hue_alone(fig: go.Figure) -> list[tuple[Mark, str, str, float]]:
    """Pairs of colours that two marks alike in all else have, too near in lightness to be told apart in greyscale."""
    colours: dict[Mark, set[str]] = defaultdict(set)
    for mark, colour in marks(fig):
        colours[mark].add(colour)
    found = []
    for mark, own in colours.items():
        for one, other in combinations(sorted(own), 2):
            least = LEAST_OF_SCALE if {one, other} <= set(style.STEPS) else LEAST
            if contrast(one, other) < least:
                found.append((mark, one, other, round(contrast(one, other), 2)))
    return found


@pytest.mark.parametrize("chart", CHARTS, ids=[c.id for c in CHARTS])
def test_no_chart_rests_on_hue_alone(chart: Chart, reader: Reader) -> None:
    drawn = 0
    for scope in SCOPES:
        frame = chart.frame(reader, scope)
        if frame.empty:
            continue
        fig = chart.figure(frame, scope)
        assert len(list(marks(fig))) > 0
        assert by_hue_alone(fig) == [], scope
        drawn += 1
    assert drawn


# ------------------------------------------------------------------ the check itself, on synthetic figures

BLUE, RED = style.SURPLUS, style.ACCENT


def bars(**second: Any) -> go.Figure:
    """Synthetic: two rows of bars, the first in the accent."""
    return go.Figure([go.Bar(x=[1, 2], y=[0, 1], marker_color=RED), go.Bar(x=[2, 1], y=[0, 1], **second)])


def lines(**second: Any) -> go.Figure:
    """Synthetic: two lines, the first in the accent."""
    line = {"x": [0, 1], "y": [0, 1], "mode": "lines"}
    return go.Figure([go.Scatter(**line, line_color=RED), go.Scatter(**line, **second)])


def boxes(*fills: str) -> go.Figure:
    """Synthetic: tiles side by side."""
    return go.Figure(
        layout={"shapes": [{"type": "rect", "fillcolor": f, "line": {"color": RED, "width": 1}} for f in fills]}
    )


@pytest.mark.parametrize(
    "fig",
    [
        bars(marker_color=BLUE),
        lines(line_color=BLUE),
        boxes(BLUE, RED),
        boxes(style.STEPS[0], style.WHITE, "#F4DFE8"),
        go.Figure(go.Scatter(x=[0, 1], y=[0, 1], mode="markers", marker={"color": [RED, BLUE]})),
    ],
)
def test_a_figure_that_rests_on_hue_alone_is_found(fig: go.Figure) -> None:
    assert len(by_hue_alone(fig)) == 1


@pytest.mark.parametrize(
    "fig",
    [
        bars(marker={"color": BLUE, "pattern": {"shape": "/"}}),
        bars(marker_color=style.MARK),
        lines(line={"color": BLUE, "dash": "dot"}),
        lines(line_color=style.INK),
        boxes(style.WHITE, BLUE),
        boxes(*style.STEPS),
        go.Figure(
            go.Scatter(
                x=[0, 1], y=[0, 1], mode="markers", marker={"color": [RED, BLUE], "symbol": ["circle", "square"]}
            )
        ),
    ],
)
def test_a_hatch_a_dash_a_shape_or_lightness_will_do(fig: go.Figure) -> None:
    assert by_hue_alone(fig) == []
