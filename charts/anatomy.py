"""What surrounds the marks: headline, subtitle and source line, on the screen and in a saved picture.

On a page the headline is a heading of the page and the source line stands inside the picture, so that whoever copies the
picture copies its source. A saved picture carries all of it, at the size of a slide or of a post.
"""

from __future__ import annotations

import html
import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pandas as pd
import plotly.graph_objects as go

from charts import export_cite, export_page, export_stamp, style, words
from charts.chart import Chart
from charts.export_stamp import Stamp
from charts.scope import Choices, Scope
from charts.style import AXIS_PX, GRID, IN_THE_DARK, INK, MARK_DY, QUIET, TEXT
from charts.text_width import text_px, wrapped
from etl.warehouse.read import Citation, Reader

#: Characters in a line of the source text: as many as fit on a phone, so that nothing is cut off there.
SCREEN_CHARACTERS = 58
#: And as many as fit into the print view's one column, whose width is known.
PRINT_CHARACTERS = 104
LINE_PX = 15


def source_text(citations: Sequence[Citation]) -> str:
    """The source line: each source with the newest period it covers, and when it was retrieved.

    Derived from ``table_source``; never typed.
    """
    parts = [f"{c.short_title} ({c.period_label})" if c.period_label else c.short_title for c in citations]
    retrieved = words.day(max(c.retrieved_on for c in citations)).replace(" ", "\N{NO-BREAK SPACE}")
    return f"Source: {'; '.join(parts)}. Retrieved {retrieved}."


#: Points from which on a line's values are sent with seven digits.
LONG_LINE = 100


def on_screen(fig: go.Figure, citations: Sequence[Citation], characters: int = SCREEN_CHARACTERS) -> go.Figure:
    """The figure with its source line inside, under the axis, and lighter to send."""
    _lighten(fig)
    lines = textwrap.wrap(source_text(citations), characters)
    below = int(fig.layout.margin.b)
    # Plotly reads a little HTML in text: whatever stands in a title must stay text.
    fig.add_annotation(
        text="<br>".join(html.escape(line, quote=False) for line in lines), x=0, y=0, xref="paper", yref="paper",
        xanchor="left", yanchor="top", xshift=-int(fig.layout.margin.l), yshift=-below, showarrow=False, align="left",
        font={"size": 11, "color": QUIET},
    )  # fmt: skip
    more = LINE_PX * len(lines) + 6
    fig.update_layout(height=int(fig.layout.height) + more, margin_b=below + more)
    return fig


def _lighten(fig: go.Figure) -> None:
    """What a browser need not be sent: the hours of days, and the digits of long lines beyond the seventh."""
    for trace in fig.data:
        x, y = (pd.Series([] if values is None else values) for values in (trace.x, trace.y))
        if x.dtype.kind == "M":
            trace.x = x.dt.strftime("%Y-%m-%d")
        if y.dtype.kind == "f" and y.size > LONG_LINE:
            trace.y = y.to_numpy(dtype="float32")


def in_the_dark(figure: Any) -> Any:
    """A figure's JSON (or a part of it) in the colours of a dark screen, in the text's own markup too."""
    if isinstance(figure, dict):
        return {key: in_the_dark(value) for key, value in figure.items()}
    if isinstance(figure, list | tuple):
        return [in_the_dark(value) for value in figure]
    if isinstance(figure, str) and "#" in figure:
        for light, dark in IN_THE_DARK.items():
            figure = figure.replace(light, dark)
    return figure


# ------------------------------------------------------------------ what a saved picture says round its marks

#: Tables in which openings are set against awards.
GAP_TABLES = frozenset({"gap_by_state", "gap_by_cluster", "gap_by_occupation", "gap_by_way_in"})


@dataclass(frozen=True)
class Around:
    """The texts of a saved picture: ``firm`` is the badge, ``not_counted`` is empty where nothing needs saying, ``address``
    opens the view again, and ``mark`` names the build and the hash of the figures."""

    finding: str
    subtitle: str
    firm: str
    not_counted: str
    source: str
    address: str
    mark: str


def around(chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope) -> Around:
    """Everything that a picture of this chart says besides its marks."""
    return Around(
        finding=chart.finding(frame, scope),
        subtitle=chart.subtitle(frame, scope),
        firm=chart.badge(reader, scope),
        not_counted=not_counted(chart.tables, scope),
        source=source_text(reader.citations(chart.tables)),
        address=export_cite.address(export_cite.page_of(chart.id), scope, Choices.of(reader)),
        mark=mark_text(stamp_of(chart, reader, frame, scope)),
    )


def not_counted(tables: Sequence[str], scope: Scope) -> str:
    """What a chart that sets openings against awards leaves out; empty for the others."""
    if not GAP_TABLES & set(tables):
        return ""
    return (
        f"Awards, not people, at colleges in federal student aid. Not counted: {left_out(scope)}. Matches follow the federal "
        "CIP–SOC crosswalk."
    )


def left_out(scope: Scope) -> str:
    """The ways into a job that the awards of this scope do not count, in a row."""
    bachelor = [] if scope.awards in ("bachelor", "all") else ["bachelor’s degrees"]
    return words.listed(["high school CTE", "apprenticeships", "noncredit and employer training", *bachelor])


def stamp_of(chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope) -> Stamp:
    """Which build and which figures a file with this chart shows."""
    figures = export_stamp.data_hash(export_stamp.csv_text(chart.table(frame)))
    return Stamp(what=chart.id, scope=urlencode(scope.query()), build=reader.build_id, data=figures)


def mark_text(stamp: Stamp) -> str:
    """The stamp as it is printed: build and hash of the figures."""
    return f"{export_cite.NAME}, build {stamp.build}, data {stamp.data}"


# ------------------------------------------------------------------ the picture


class Size(NamedTuple):
    """A size to save at, in pixels; files hold twice as many."""

    name: str
    width: int
    height: int

    def drawn_at(self, zoom: float) -> tuple[int, int]:
        """Width and height, of just this shape, at which to draw what is then enlarged about ``zoom`` times."""
        unit = math.gcd(self.width, self.height)
        steps = round(unit / zoom)
        return self.width // unit * steps, self.height // unit * steps


SLIDE = Size("slide", 1600, 900)
SOCIAL = Size("social", 1080, 1350)
SIZES = {size.name: size for size in (SLIDE, SOCIAL)}

#: How much larger than on the screen everything is drawn: the first that leaves the marks room enough.
ZOOMS = (1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1.0)
PAD_PX = 22
FINDING_PX, SUBTITLE_PX, SMALL_PX = 22, 14, 11
#: From one line of an annotation to the next.
LEADING = 1.3
#: How far above its row's middle ``style.rows`` puts a label.
LABEL_DY = 0.1
#: A row with its label beside the marks; with marks on more than one line, so much for each line.
BESIDE_ROW_PX, BESIDE_LINE_PX = 26, 18
#: From the first to the last of a row's lines of marks where its label stands beside them, in rows.
LINES_SHARE = 0.48
#: A shape's marks may be pressed to this share of their height on the screen before the picture is drawn smaller.
PRESSED = {"rows": 0.85, "lines": 0.7, "tiles": 0.8, "matrix": 0.85, "scatter": 0.8, "flow": 0.85}
#: The share of a picture's height that its marks get before its type is drawn larger.
LEAST_SHARE = 0.5
#: Labels stand beside their rows where the widest takes at most this share of the width.
WIDEST_LABELS = 0.36


def picture(chart: Chart, frame: pd.DataFrame, scope: Scope, texts: Around, size: Size = SLIDE) -> go.Figure:
    """The figure as it is saved: headline, subtitle, marks, what is not counted, how firm it is, source, address, build.

    Its layout's width and height are those of ``size`` divided by how much larger than on the screen it is drawn;
    :func:`scale` gives that factor. Marks get all the height that the texts leave. A chart with too much in it for the
    size is taller, never smaller than it is legible.
    """
    fig = chart.figure(frame, scope)
    if size.width > size.height:
        _name_for_a_wide_picture(fig)
    labels = _row_labels(fig)
    for zoom in ZOOMS:
        width, height = size.drawn_at(zoom)
        beside = size.width > size.height and _fit_beside(labels, width)
        head, foot = _head(texts, width), _foot(texts, width)
        needed = _beside_px(fig, labels) if beside else round(int(fig.layout.height) * PRESSED[chart.shape])
        texts_px = _tall(head) + _tall(foot)
        if texts_px + max(needed, LEAST_SHARE * height) <= height:
            break
    else:
        height = max(height, texts_px + needed)
    if beside:
        _set_beside(fig, labels)
    return _set(fig, head, foot, width, height)


def _name_for_a_wide_picture(fig: go.Figure) -> None:
    """Show the names that were placed for a wide plot instead of those that had to fit a phone too."""
    fig.for_each_annotation(lambda a: a.update(visible=True), selector={"name": style.IN_WIDE_PICTURES["name"]})
    fig.for_each_annotation(lambda a: a.update(visible=False), selector={"name": style.ON_SCREENS["name"]})


def scale(fig: go.Figure, size: Size, density: int = 2) -> float:
    """By how much to scale a picture of this size so that a file has ``density`` pixels for each of the size's."""
    return float(density * size.width / fig.layout.width)


def _beside_px(fig: go.Figure, labels: Sequence[Any]) -> int:
    """The least height of rows whose labels stand beside them, with their axis and what stands above them."""
    row_px = max(BESIDE_ROW_PX, BESIDE_LINE_PX * len(_lines_of_marks(fig)))
    return int(fig.layout.margin.t) + AXIS_PX + len(labels) * row_px


class _Block(NamedTuple):
    """A paragraph: its lines, the size and colour of its type, its weight, and the space above it."""

    lines: list[str]
    px: int
    color: str
    bold: bool
    above: int

    @property
    def tall(self) -> int:
        return self.above + round(self.px * LEADING * len(self.lines))


def _head(texts: Around, width: int) -> list[_Block]:
    inner = width - 2 * PAD_PX
    blocks = [
        _Block(wrapped(texts.finding, FINDING_PX, inner, bold=True), FINDING_PX, INK, True, PAD_PX),
        _Block(wrapped(texts.subtitle, SUBTITLE_PX, inner), SUBTITLE_PX, TEXT, False, 6),
    ]
    return blocks if texts.finding else blocks[1:]  # a slide has its headline as title


def _foot(texts: Around, width: int) -> list[_Block]:
    """Paragraphs under the marks, the last with the space below them."""
    inner = width - 2 * PAD_PX
    said = [texts.not_counted, texts.firm, texts.source]
    last = f"{texts.address} · {texts.mark}"
    said += [last] if text_px(last, SMALL_PX) <= inner else [texts.address, texts.mark]
    blocks = [_Block(wrapped(text, SMALL_PX, inner), SMALL_PX, QUIET, False, 3) for text in said if text]
    return [blocks[0]._replace(above=10), *blocks[1:]]


def _tall(blocks: Sequence[_Block]) -> int:
    """The height of paragraphs with the space between them and the marks, or the picture's edge."""
    return sum(block.tall for block in blocks) + 14


def _set(fig: go.Figure, head: Sequence[_Block], foot: Sequence[_Block], width: int, height: int) -> go.Figure:
    """Make room above and below the marks and put the paragraphs there."""
    top, bottom = _tall(head), _tall(foot)
    left, above, below = (int(fig.layout.margin[side]) for side in "ltb")
    left += PAD_PX
    placed, y = [], 0
    for block in head:
        placed.append(_text(block, left, {"y": 1, "yshift": above + top - y - block.above}))
        y += block.tall
    y = 0
    for block in foot:
        placed.append(_text(block, left, {"y": 0, "yshift": -(below + y + block.above)}))
        y += block.tall
    rule = {
        "type": "line", "xref": "paper", "yref": "paper", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": 0, "yanchor": 0,
        "x0": PAD_PX - left, "x1": width - PAD_PX - left, "y0": -below - 3, "y1": -below - 3, "line": {"color": GRID, "width": 1},
    }  # fmt: skip
    style.add(fig, shapes=[rule], annotations=placed)
    fig.update_layout(
        width=width, height=height, margin_t=above + top, margin_b=below + bottom, margin_l=left,
        margin_r=int(fig.layout.margin.r) + PAD_PX, autosize=False,
    )  # fmt: skip
    return fig


def _text(block: _Block, left: int, place: dict[str, int]) -> dict[str, Any]:
    # Plotly reads a little HTML in text: whatever stands in a title must stay text.
    lines = [html.escape(line, quote=False) for line in block.lines]
    return {
        "text": "<br>".join(f"<b>{line}</b>" if block.bold else line for line in lines), "x": 0, "xref": "paper",
        "yref": "paper", "xanchor": "left", "yanchor": "top", "xshift": PAD_PX - left, "showarrow": False, "align": "left",
        "font": {"size": block.px, "color": block.color}, "borderpad": 0, **place,
    }  # fmt: skip


# ------------------------------------------------------------------ rows with their labels beside them


def _row_labels(fig: go.Figure) -> list[Any]:
    """The annotations that are labels of rows, as :func:`charts.style.rows` places them; none where rows are laid otherwise."""
    labels = [
        a
        for a in fig.layout.annotations
        if (a.xref, a.x, a.xanchor, a.yref, a.yanchor) == ("paper", 0, "left", "y", "bottom")
    ]
    return labels if tuple(fig.layout.yaxis.range or ()) == (len(labels) - 0.5, -0.6) else []


def _label_px(label: Any) -> float:
    plain = html.unescape(re.sub(r"<[^>]+>", "", label.text))
    return text_px(plain, label.font.size, bold="<b>" in label.text)


def _fit_beside(labels: Sequence[Any], width: int) -> bool:
    return bool(labels) and max(map(_label_px, labels)) <= WIDEST_LABELS * width


def _lines_of_marks(fig: go.Figure) -> list[float]:
    """How far below its label's place each line of marks of a row stands, in rows; told by the values written beside them."""
    return sorted(
        {round(a.y % 1, 2) for a in fig.layout.annotations if a.yref in (None, "y") and a.yanchor == "middle"}
    )


def _spread(fig: go.Figure) -> None:
    """Set a row's several lines of marks apart: on the screen they share the row's height with its label."""
    lines = _lines_of_marks(fig)
    if len(lines) < 2:
        return
    middle, apart = (lines[0] + lines[-1]) / 2, LINES_SHARE / (lines[-1] - lines[0])

    def moved(y: float) -> float:
        row = round(y - middle)
        return row + MARK_DY + (y - row - middle) * apart

    for trace in fig.data:
        trace.update(y=[moved(float(y)) for y in trace.y])
    for note in fig.layout.annotations:
        if note.yref in (None, "y") and note.yanchor == "middle":
            note.update(y=moved(float(note.y)))
    for mark in fig.layout.shapes:
        if mark.type == "rect" and mark.yref in (None, "y"):
            by = moved((mark.y0 + mark.y1) / 2) - (mark.y0 + mark.y1) / 2
            mark.update(y0=mark.y0 + by, y1=mark.y1 + by)


def _set_beside(fig: go.Figure, labels: Sequence[Any]) -> None:
    """Put the labels of rows to the left of their marks, and the marks into the middle of their rows."""
    _spread(fig)
    for label in labels:
        label.update(xanchor="right", yanchor="middle", xshift=-10, y=label.y + LABEL_DY + MARK_DY)
    for line in fig.layout.shapes:
        if (line.type, line.xref, line.x0, line.x1) == ("line", "paper", 0, 1) and line.y0 == line.y1:
            line.update(y0=line.y0 + MARK_DY + 0.03, y1=line.y1 + MARK_DY + 0.03)
    fig.update_yaxes(range=[len(labels) - 0.5 + MARK_DY, MARK_DY - 0.5])
    fig.update_layout(margin_l=round(1.02 * max(map(_label_px, labels))) + 14)


# ------------------------------------------------------------------ the page


def page(chart: Chart, reader: Reader, scope: Scope) -> str:
    """A standalone HTML page: the chart, buttons that save it as a picture, its text alternative, the table, what it means,
    how firm it is, how to cite it, and the full citations. It loads nothing."""
    frame = chart.frame(reader, scope)
    citations, texts = reader.citations(chart.tables), around(chart, reader, frame, scope)
    stamp = stamp_of(chart, reader, frame, scope)
    fig = on_screen(chart.figure(frame, scope), citations)
    drawn = fig.to_html(
        full_html=False, include_plotlyjs=True, div_id=chart.id, config={"displayModeBar": False, "responsive": True}
    )
    pictures = {size: picture(chart, frame, scope, texts, SIZES[size]) for size in SIZES}
    cited = export_cite.cite(chart, frame, reader, scope, Choices.of(reader))
    sources = "".join(
        f"<li>{html.escape(c.citation)} {html.escape(c.licence)}. Retrieved {c.retrieved_on.isoformat()}.</li>"
        for c in citations
    )
    rows = chart.table(frame)
    shown = pd.DataFrame({name: [words.cell(v, name) for v in rows[name]] for name in rows.columns})
    table = shown.to_html(index=False, border=0, justify="left", escape=True)
    left_out = f"<p>{html.escape(texts.not_counted)}</p>" if texts.not_counted else ""
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"{export_stamp.html_meta(stamp)}<title>{html.escape(texts.finding)}</title><style>{export_page.STYLE}</style>"
        f"<h1>{html.escape(texts.finding)}</h1><p>{html.escape(texts.subtitle)}</p>"
        f"{export_page.buttons(pictures, SIZES, stamp, export_cite.file_stem(chart.id, scope))}"
        f'<figure role=img aria-label="{html.escape(chart.alt(frame, scope))}">{drawn}</figure>'
        f"<p><strong>How firm.</strong> {html.escape(texts.firm)}</p>{left_out}"
        f"<p>{html.escape(chart.means)} {html.escape(chart.means_not)}</p>"
        f"<h2>The numbers</h2><div class=table>{table}</div><h2>How to cite</h2><p>{html.escape(cited.plain)}</p>"
        f"<h2>Sources</h2><ul>{sources}</ul>"
        f"<p>Build {html.escape(stamp.build)}, data {stamp.data}. {html.escape(texts.address)}</p></html>\n"
    )
