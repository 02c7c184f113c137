"""The look: colours, type, and the row layout that reads the same at 1440 and at 390 pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import plotly.graph_objects as go

ACCENT = "#C4451C"  # the one accent
SURPLUS = "#2F6DB5"  # only where awards exceed openings
INK = "#1B1F27"
TEXT = "#3A404B"
QUIET = "#5A6270"  # 6.2 to 1 on white
MARK = "#9AA3AF"
BAND = "#D8DCE1"
GRID = "#E8EAED"
WHITE = "#FFFFFF"
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"

#: One hue from light to dark, for values cut into up to six classes.
STEPS = ("#F8E3DA", "#EFC2AE", "#E49A79", "#D26E43", "#B4451F", "#7C2A0E")

ROW_PX = 46
#: Where a row's marks stand, below its label and well away from the row above.
MARK_DY = 0.16
TOP_PX = 12
AXIS_PX = 34


def base(height_px: int, *, right_px: int = 16, left_px: int = 4, top_px: int = TOP_PX) -> go.Figure:
    """An empty figure with our type and ground. Deterministic: no dates, no random ids."""
    fig = go.Figure()
    fig.update_layout(
        height=height_px,
        margin={"l": left_px, "r": right_px, "t": top_px, "b": AXIS_PX, "pad": 0, "autoexpand": False},
        paper_bgcolor=WHITE,
        plot_bgcolor=WHITE,
        font={"family": FONT, "size": 13, "color": TEXT},
        showlegend=False,
        hoverlabel={
            "bgcolor": WHITE,
            "bordercolor": BAND,
            "font": {"family": FONT, "size": 13, "color": INK},
        },
        dragmode=False,
        separators=".,",
    )
    fig.update_xaxes(
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=False,
        tickfont={"size": 12, "color": QUIET},
    )
    fig.update_yaxes(
        showgrid=False,
        zeroline=False,
        fixedrange=True,
        automargin=False,
        tickfont={"size": 12, "color": QUIET},
    )
    return fig


def rows(labels: Sequence[str], *, top_px: int = TOP_PX, right_px: int = 16, strong: Sequence[str] = ()) -> go.Figure:
    """A figure of one row per label, the label above its marks, the first row on top.

    A label beside its row would take half of a phone's width. Marks of row ``i`` go at ``y = i``; labels stand above.
    ``strong`` are labels to set in bold.
    """
    fig = base(len(labels) * ROW_PX + top_px + AXIS_PX, top_px=top_px, right_px=right_px)
    fig.update_yaxes(range=[len(labels) - 0.5, -0.6], showticklabels=False)
    between = [
        {
            "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": i - 0.53, "y1": i - 0.53, "layer": "below",
            "line": {"color": GRID, "width": 1},
        }
        for i in range(1, len(labels))
    ]  # fmt: skip
    above = [
        {
            "x": 0, "xref": "paper", "xanchor": "left", "y": i - 0.1, "yref": "y", "yanchor": "bottom", "showarrow": False,
            "text": f"<b>{label}</b>" if label in strong else label, "font": {"size": 13, "color": INK}, "align": "left",
        }
        for i, label in enumerate(labels)
    ]  # fmt: skip
    return add(fig, shapes=between, annotations=above)


def add(fig: go.Figure, *, shapes: Iterable[Any] = (), annotations: Iterable[Any] = ()) -> go.Figure:
    """Add many shapes and annotations at once; added one by one, each would copy and check all before it."""
    return fig.update_layout(
        shapes=[*fig.layout.shapes, *shapes], annotations=[*fig.layout.annotations, *annotations], overwrite=True
    )


def value_label(x: float, y: float, text: str, *, shift_px: int = 9, color: str = TEXT) -> dict[str, Any]:
    """A value beside its mark, as an annotation to ``add``."""
    return {
        "x": x, "y": y, "text": text, "showarrow": False, "xanchor": "left", "yanchor": "middle", "xshift": shift_px,
        "font": {"size": 12, "color": color},
    }  # fmt: skip


def joined(x0: float, x1: float, y: float) -> dict[str, Any]:
    """The grey line between two marks of a row, as a shape to ``add``."""
    return {
        "type": "line", "x0": x0, "x1": x1, "y0": y, "y1": y, "line": {"color": BAND, "width": 6}, "layer": "below"
    }  # fmt: skip


def cut(values: Sequence[float], steps: int = 6) -> list[float]:
    """Edges that cut the *displayed* values into at most ``steps`` classes of round width.

    >>> cut([3.1, 4.0, 6.2])
    [3.0, 4.0, 5.0, 6.0, 7.0]
    """
    low, high = min(values), max(values)
    for width in (0.1, 0.2, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 500, 1000):
        start = width * (low // width)
        edges = [round(start + width * i, 10) for i in range(steps + 1)]
        if edges[-1] > high:
            last = next(i for i, edge in enumerate(edges) if edge > high)
            return edges[: last + 1]
    return [low, high + 1]


def step_of(value: float, edges: Sequence[float]) -> int:
    """The class a value falls into."""
    return max(0, min(sum(value >= e for e in edges[1:-1]), len(edges) - 2))


def step_colours(classes: int) -> list[str]:
    """Colours of that many classes, spread over the scale so that neighbours stay apart in greyscale."""
    if classes <= 1:
        return [STEPS[3]]
    return [STEPS[round(i * (len(STEPS) - 1) / (classes - 1))] for i in range(classes)]


def ink_on(colour: str) -> str:
    """Black or white text, whichever has more contrast on a hex colour (WCAG relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return INK if (luminance + 0.05) / 0.062 > 1.05 / (luminance + 0.05) else WHITE
