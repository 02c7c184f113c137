"""The look: colours, type, and the row layout that reads the same at 1440 and at 390 pixels."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from copy import deepcopy
from functools import cache
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio

from charts.text_width import text_px

ACCENT = "#C4451C"  # the one accent
SURPLUS = "#2F6DB5"  # only where awards exceed openings
INK = "#1B1F27"
TEXT = "#3A404B"
QUIET = "#5A6270"  # 6.2 to 1 on white
MARK = "#9AA3AF"
BAND = "#D8DCE1"
GRID = "#E8EAED"
WHITE = "#FFFFFF"
#: Text on a coloured tile. Almost ink and white, but names of their own: a dark screen turns those two round, not these.
ON_LIGHT = "#1B1F28"
ON_DARK = "#FFFFFE"
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"

#: What each colour of the house becomes on a dark screen; saved pictures keep their white ground.
IN_THE_DARK = {
    WHITE: "#14171D",
    INK: "#F2F4F7",
    TEXT: "#D5DAE1",
    QUIET: "#A9B1BD",
    MARK: "#6F7986",
    BAND: "#3B424D",
    GRID: "#2A3038",
    ACCENT: "#F0794F",
    SURPLUS: "#6FA3E0",
}

#: One hue from light to dark, for values cut into up to six classes.
STEPS = ("#F8E3DA", "#EFC2AE", "#E49A79", "#D26E43", "#B4451F", "#7C2A0E")

ROW_PX = 46
TILE_PX = 52
#: Where a row's marks stand, below its label and well away from the row above.
MARK_DY = 0.16
TOP_PX = 12
AXIS_PX = 34


def _template() -> go.layout.Template:
    """Plotly's own template without the kinds of marks and plots that no chart here has: every figure carries it."""
    own = pio.templates["plotly"].to_plotly_json()
    foreign = ("geo", "map", "polar", "scene", "smith", "ternary", "coloraxis", "colorscale")
    return go.layout.Template(
        data={kind: own["data"][kind] for kind in ("bar", "scatter")},
        layout={name: value for name, value in own["layout"].items() if name not in foreign},
    )


@cache
def _ground() -> go.Figure:
    """What every figure begins as; put together once, for plotly checks each value that it is given."""
    axis = {
        "showgrid": False, "zeroline": False, "fixedrange": True, "automargin": False, "tickfont": {"size": 12, "color": QUIET},
    }  # fmt: skip
    return go.Figure(
        layout={
            "template": _template(),
            "paper_bgcolor": WHITE,
            "plot_bgcolor": WHITE,
            "font": {"family": FONT, "size": 13, "color": TEXT},
            "showlegend": False,
            "hoverlabel": {
                "bgcolor": WHITE, "bordercolor": BAND, "font": {"family": FONT, "size": 13, "color": INK},
            },
            "dragmode": False,
            "separators": ".,",
            "xaxis": axis,
            "yaxis": axis,
        }
    )  # fmt: skip


def base(height_px: int, *, right_px: int = 16, left_px: int = 4, top_px: int = TOP_PX) -> go.Figure:
    """An empty figure with our type and ground. Deterministic: no dates, no random ids."""
    fig = deepcopy(_ground())
    fig.layout.height = height_px
    fig.layout.margin = {"l": left_px, "r": right_px, "t": top_px, "b": AXIS_PX, "pad": 0, "autoexpand": False}
    return fig


def rows(
    labels: Sequence[str], *, top_px: int = TOP_PX, right_px: int = 16, strong: Sequence[str] = (), row_px: int = ROW_PX
) -> go.Figure:
    """A figure of one row per label, the label above its marks, the first row on top.

    A label beside its row would take half of a phone's width. Marks of row ``i`` go at ``y = i``; labels stand above.
    ``strong`` are labels to set in bold.
    """
    fig = base(len(labels) * row_px + top_px + AXIS_PX, top_px=top_px, right_px=right_px)
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


def tiles(
    states: pd.DataFrame,
    values: Sequence[float | None],
    *,
    hover: Sequence[str],
    decimals: int = 0,
    chosen: Collection[str] = (),
    hatched: Collection[str] = (),
    legend: str = "",
) -> go.Figure:
    """The states on the tile grid, one hue cut on the *displayed* values, the value on each tile.

    ``states`` has ``state_abbr``, ``grid_row`` and ``grid_column``, a row per value and per text of ``hover``; a value of
    None is shown as missing. ``chosen`` states have a frame, ``hatched`` ones are crossed by lines. ``legend`` is the
    line above the classes. A tile's code is the last value of its ``customdata``.
    """
    said = [None if v is None or v != v else round(float(v), decimals) for v in values]
    known = [v for v in said if v is not None]
    edges = cut(known, least=10.0**-decimals) if known else [0, 1]
    colours = step_colours(len(edges) - 1)
    tall, top = int(states["grid_row"].max()) + 1, 78 if legend else 60
    fig = base(tall * TILE_PX + top + 8, top_px=top, right_px=4)
    fig.update_layout(margin_b=8)
    shapes, texts = [], []
    places = zip(states["grid_column"], states["grid_row"], states["state_abbr"], said, strict=True)
    for x, y, code, value in places:
        colour = WHITE if value is None else colours[step_of(value, edges)]
        ink = ink_on(colour)
        frame = 3 if code in chosen else 1 if value is None else 0
        shapes.append({
            "type": "rect", "x0": x - 0.47, "x1": x + 0.47, "y0": y - 0.47, "y1": y + 0.47, "fillcolor": colour,
            "line": {"color": INK if code in chosen else MARK, "width": frame},
        })  # fmt: skip
        if code in hatched:
            shapes.append(
                {
                    "type": "path",
                    "path": _hatch(float(x), float(y)),
                    "line": {"color": ink, "width": 1},
                    "opacity": 0.45,
                }
            )
        text = "n/a" if value is None else f"{value:,.{decimals}f}"
        texts.append({
            "x": x, "y": y, "text": f"<b>{code}</b><br>{text}", "showarrow": False, "font": {"size": 11, "color": ink},
        })  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=states["grid_column"], y=states["grid_row"], mode="markers", marker={"size": 30, "opacity": 0},
            customdata=pd.DataFrame({"hover": list(hover), "code": states["state_abbr"].to_numpy()}),
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )  # fmt: skip
    if legend:
        texts.append({
            "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 56,
            "text": legend, "showarrow": False, "font": {"size": 12, "color": TEXT},
        })  # fmt: skip
    for i, colour in enumerate(colours if known else ()):
        left, right = i / len(colours), (i + 1) / len(colours)
        shapes.append({
            "type": "rect", "xref": "paper", "yref": "paper", "x0": left, "x1": right - 0.008, "ysizemode": "pixel",
            "yanchor": 1, "y0": 34, "y1": 46, "fillcolor": colour, "line": {"width": 0},
        })  # fmt: skip
        low, high = edges[i], edges[i + 1] - 10.0**-decimals
        same = high - low < 10.0**-decimals / 2
        texts.append({
            "x": left, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 14,
            "text": f"{low:,.{decimals}f}" if same else f"{low:,.{decimals}f}–{high:,.{decimals}f}", "showarrow": False,
            "font": {"size": 11, "color": TEXT},
        })  # fmt: skip
    add(fig, shapes=shapes, annotations=texts)
    fig.update_xaxes(visible=False, range=[states["grid_column"].min() - 0.5, states["grid_column"].max() + 0.5])
    fig.update_yaxes(visible=False, range=[tall - 0.5, -0.5])
    return fig


def _hatch(x: float, y: float, half: float = 0.47, lines: int = 5) -> str:
    """Slanted lines across a tile, as an SVG path."""
    steps = [2 * half * i / lines for i in range(1, 2 * lines)]
    parts = []
    for s in steps:
        x0, y0 = x - half + max(0.0, s - 2 * half), y - half + min(s, 2 * half)
        x1, y1 = x - half + min(s, 2 * half), y - half + max(0.0, s - 2 * half)
        parts.append(f"M {x0:.3f} {y0:.3f} L {x1:.3f} {y1:.3f}")
    return " ".join(parts)


#: The width of a phone’s plot, where labels stand closest across; and about the smallest plot of a saved picture, which is flatter.
NARROW_PX = 310
PICTURE_PLOT_PX = (560.0, 320.0)
LABEL_PX = 12
LABEL_TALL_PX = 14.0
DOT_PX = 7.0
#: A label may come so near to another mark's middle, and no nearer.
SEEN_PX = 6.0
Box = tuple[float, float, float, float]
_SWEEPS = 4


#: What an annotation carries that stands on a screen, which may be a phone's, or instead of these in a picture wider than high.
ON_SCREENS = {"name": "on screens"}
IN_WIDE_PICTURES = {"name": "in wide pictures", "visible": False}


def beside(
    xs: Sequence[float],
    ys: Sequence[float],
    names: Sequence[str],
    plots: Sequence[tuple[float, float]],
    *,
    blocked: Callable[[float, float], Sequence[Box]] | None = None,
    covers: int = 0,
) -> list[Anchor | None]:
    """Where each mark's label stands so that labels and marks overlap least in plots of these widths and heights; None for one
    that would cover another label, the plot's edge, what is ``blocked`` in a plot, or more than ``covers`` other marks.

    The first names are placed first and kept where two cannot both stay. Then each is placed again among all the others,
    until none moves. ``xs`` and ``ys`` are shares of the plot, from its left and its top; a mark without a name is only kept
    clear of. Deterministic.
    """
    if not names:
        return []
    points = [np.array([(x * wide, y * tall) for x, y in zip(xs, ys, strict=True)]) for wide, tall in plots]
    fixed = [np.array([*(blocked(wide, tall) if blocked else ())], dtype=float).reshape(-1, 4) for wide, tall in plots]
    # [plot][mark, anchor, side]
    boxes = [
        np.array(
            [[a.box(x, y, text_px(name, LABEL_PX)) for a in _ANCHORS] for (x, y), name in zip(at, names, strict=True)]
        )
        for at in points
    ]
    own = [_cost(box, at, hard, plot) for box, at, hard, plot in zip(boxes, points, fixed, plots, strict=True)]
    alone = np.sum(own, axis=0) + np.array([0.01 * (abs(a.dx) + abs(a.dy)) for a in _ANCHORS])
    named = [i for i, name in enumerate(names) if name]
    placed: dict[int, int] = {}
    for _ in range(_SWEEPS):
        before = dict(placed)
        for i in named:
            others = [(j, at) for j, at in placed.items() if j != i]
            cost = alone[i].copy()
            for box in boxes:
                cost += _shared(box[i], np.array([box[j, at] for j, at in others]).reshape(-1, 4)).sum(axis=1)
            placed[i] = int(cost.argmin())
        if placed == before:
            break
    kept: dict[int, int] = {}
    for i in named:
        for at in (placed[i], *np.argsort(alone[i], kind="stable").tolist()):
            if all(_is_clear(i, at, kept, *plot, covers) for plot in zip(boxes, points, fixed, plots, strict=True)):
                kept[i] = at
                break
    return [_ANCHORS[kept[i]] if i in kept else None for i in range(len(names))]


def _shared(boxes: Any, others: Any) -> Any:
    """[box, other] the area that two boxes share, in square pixels."""
    across = np.minimum(boxes[:, None, 2], others[None, :, 2]) - np.maximum(boxes[:, None, 0], others[None, :, 0])
    down = np.minimum(boxes[:, None, 3], others[None, :, 3]) - np.maximum(boxes[:, None, 1], others[None, :, 1])
    return across.clip(0) * down.clip(0)


def _outside(boxes: Any, plot: tuple[float, float]) -> Any:
    """By how many pixels boxes stick out of a plot."""
    over = boxes[..., 2:] - np.array(plot)
    return (-boxes[..., :2]).clip(0).sum(axis=-1) + over.clip(0).sum(axis=-1)


def _cost(boxes: Any, points: Any, fixed: Any, plot: tuple[float, float]) -> Any:
    """[mark, anchor] how bad a place is: what it covers of the marks, and what lies outside or on what is blocked."""
    flat = boxes.reshape(-1, 4)
    dots = np.hstack([points - DOT_PX, points + DOT_PX])
    cost = _shared(flat, dots).sum(axis=1) + 40 * _outside(flat, plot) + 40 * _shared(flat, fixed).sum(axis=1)
    return cost.reshape(boxes.shape[:2])


def _is_clear(
    i: int, at: int, kept: dict[int, int], boxes: Any, points: Any, fixed: Any, plot: tuple[float, float], covers: int
) -> bool:
    """Whether a label can stand at that anchor in one plot, beside those that are kept."""
    box = boxes[i, at][None]
    taken = np.array([*(boxes[j, k] for j, k in kept.items()), *fixed]).reshape(-1, 4)
    hidden = ((points + SEEN_PX > box[:, :2]) & (points - SEEN_PX < box[:, 2:])).all(axis=1)
    return not (_outside(box, plot).any() or _shared(box, taken).any() or hidden.sum() > covers)


class Anchor(NamedTuple):
    """A label's place beside its mark, in pixels to the right and down."""

    dx: float
    dy: float
    xanchor: Literal["left", "center", "right"]

    def box(self, x_px: float, y_px: float, wide_px: float) -> Box:
        """What a label of this width covers: left, top, right, bottom."""
        left = x_px + self.dx - {"left": 0, "center": wide_px / 2, "right": wide_px}[self.xanchor]
        middle = y_px + self.dy
        return left, middle - LABEL_TALL_PX / 2, left + wide_px, middle + LABEL_TALL_PX / 2


_SIDES: tuple[tuple[float, Literal["left", "center", "right"]], ...] = ((10, "left"), (-10, "right"), (0, "center"))
_ANCHORS = tuple(
    Anchor(dx, dy, side)
    for dy in (0.0, -15.0, 15.0, -9.0, 9.0, -28.0, 28.0)
    for dx, side in _SIDES
    if side != "center" or abs(dy) > 10
)  # fmt: skip


def cut(values: Sequence[float], steps: int = 6, least: float = 0.1) -> list[float]:
    """Edges that cut the *displayed* values into at most ``steps`` classes of round width, none under ``least``.

    >>> cut([3.1, 4.0, 6.2])
    [3.0, 4.0, 5.0, 6.0, 7.0]
    """
    low, high = min(values), max(values)
    for width in (0.1, 0.2, 0.5, 1, 2, 2.5, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000):
        if width < least or (least >= 1 and width % 1):
            continue
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
    """Dark or light text, whichever has more contrast on a hex colour (WCAG relative luminance); ink on white."""
    if colour == WHITE:
        return INK
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return ON_LIGHT if (luminance + 0.05) / 0.062 > 1.05 / (luminance + 0.05) else ON_DARK
