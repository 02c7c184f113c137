"""Charts as PPTX slides: the headline as title, the picture, notes with method and citation, and a native table after each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from charts import anatomy, export, export_browser, export_cite, export_extra, export_stamp, testimony, words
from charts.anatomy import Size
from charts.chart import Chart
from charts.export_stamp import Stamp
from charts.scope import Choices, Scope
from charts.text_width import wrapped
from etl.errors import AtlasError, UsageError
from etl.warehouse.read import Reader

#: What a slide's title leaves of a slide of 1600 x 900.
BODY = Size("body", 1600, 760)
INCH, POINT = 914_400, 12_700
WIDE, TALL = round(13.333 * INCH), round(7.5 * INCH)
TITLE_TALL = TALL - WIDE * BODY.height // BODY.width
TABLE_ROWS, TABLE_COLUMNS, TABLE_PT = 12, 7, 12
#: Characters of a cell; what is longer is shortened, and whole in the CSV.
LONGEST_CELL = 44
#: Sizes of type to try for a person's own words.
NOTE_PT = (28, 24, 20, 18, 16, 14, 12)
#: A longer title is set smaller.
LONG_TITLE = 150


def why_not() -> str:
    """Why no slides can be made here, as a sentence; empty where they can."""
    return export_extra.lacking("Slides", "pptx") or export_browser.why_not()


def slides(reader: Reader, scope: Scope, charts: Sequence[Chart], note: str = "") -> bytes:
    """Two slides per chart, in the order given, and a last one with a person's own words where there are any. The same
    figures and words give the same bytes.

    Raises ``AtlasError`` where one has no figures for the view, or no picture can be drawn here.
    """
    if why_not():
        raise AtlasError(why_not())
    from pptx import Presentation
    from pptx.util import Emu

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(WIDE), Emu(TALL)
    properties = deck.core_properties
    properties.title, properties.author = f"{export_cite.NAME}: {scope.state}", export_cite.NAME
    properties.comments = f"Build {reader.build_id}"
    properties.created = properties.modified = reader.finished_at
    for chart in charts:
        frame = chart.frame(reader, scope)
        if frame.empty:
            raise AtlasError(chart.nothing(scope))
        notes = _notes(chart, reader, frame, scope)
        _chart_slide(deck, chart, reader, frame, scope, notes)
        _table_slide(deck, chart, frame, scope, notes)
    if testimony.own_words(note):
        _note_slide(deck, testimony.own_words(note))
    out = io.BytesIO()
    deck.save(out)
    with zipfile.ZipFile(out) as archive:  # written anew without the time of writing
        return export.zipped({name: archive.read(name) for name in archive.namelist()})


def stamps(data: bytes) -> list[Stamp]:
    """The stamps of the pictures in a deck. Raises ``UsageError`` where there is none of ours."""
    lacking = export_extra.lacking("Slides", "pptx")
    if lacking:
        raise AtlasError(lacking)
    from pptx import Presentation
    from pptx.enum.shapes import MSO_SHAPE_TYPE

    try:
        deck = Presentation(io.BytesIO(data))
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise UsageError("The slides cannot be read; are they whole?") from error
    blobs = [s.image.blob for slide in deck.slides for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    texts = [export_stamp.text_in(blob, ".png") for blob in blobs]
    if not any(texts):
        raise UsageError("The slides carry no picture of this dashboard, so their figures cannot be traced to a build.")
    return [Stamp.read(text) for text in texts if text]


def _notes(chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope) -> str:
    """What the speaker should know: the measure, how firm, what it does not mean, and the citation."""
    texts = anatomy.around(chart, reader, frame, scope)
    cited = export_cite.cite(chart, frame, reader, scope, Choices.of(reader))
    parts = (
        texts.subtitle,
        f"How firm: {texts.firm}",
        chart.means,
        chart.means_not,
        texts.not_counted,
        cited.plain,
        texts.mark,
    )
    return "\n\n".join(part for part in parts if part)


def _slide(deck: Any, title: str, notes: str) -> Any:
    """A slide with a title, left-aligned in our type, and notes."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    slide = deck.slides.add_slide(deck.slide_layouts[5])  # "Title Only"
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = INCH * 2 // 10, INCH // 10, WIDE - INCH * 4 // 10, TITLE_TALL
    shape.text_frame.text = _printable(title)
    shape.text_frame.word_wrap, shape.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    font = paragraph.runs[0].font
    font.name, font.bold, font.size = "Arial", True, Pt(18 if len(title) > LONG_TITLE else 22)
    font.color.rgb = RGBColor(0x1B, 0x1F, 0x27)
    slide.notes_slide.notes_text_frame.text = _printable(notes)
    return slide


def _printable(text: str) -> str:
    """Text without the control characters that the file format has no place for."""
    return "".join(c for c in text if c.isprintable() or c == "\n")


def _chart_slide(deck: Any, chart: Chart, reader: Reader, frame: pd.DataFrame, scope: Scope, notes: str) -> None:
    """The headline as title, under it the picture with all that it says but the headline."""
    texts = anatomy.around(chart, reader, frame, scope)
    fig = anatomy.picture(chart, frame, scope, replace(texts, finding=""), BODY)
    png = export_browser.draw(fig, "png", anatomy.scale(fig, BODY))
    stamp = anatomy.stamp_of(chart, reader, frame, scope)
    slide = _slide(deck, texts.finding, notes)
    stamped = io.BytesIO(export_stamp.into_png(png, {export_stamp.KEY: stamp.text()}))
    shown = slide.shapes.add_picture(stamped, 0, TITLE_TALL, height=TALL - TITLE_TALL)
    shown.left = (WIDE - shown.width) // 2
    shown.name = chart.id
    shown._element.nvPicPr.cNvPr.set("descr", _printable(chart.alt(frame, scope)))


def _shown_rows(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The first rows, the last of them the chosen pathway's where that would else be left out."""
    first = frame.iloc[:TABLE_ROWS]
    own = frame[frame["cluster"] == scope.cluster] if "cluster" in frame else frame.iloc[:0]
    if len(own) and own.index[0] not in first.index:
        return pd.concat([first.iloc[:-1], own.iloc[:1]])
    return first


def _table_slide(deck: Any, chart: Chart, frame: pd.DataFrame, scope: Scope, notes: str) -> None:
    """The first rows and columns of the chart's table, as a table that can be edited; the newest month of a line chart."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    newest = frame[frame["month"] == frame["month"].max()] if chart.shape == "lines" and "month" in frame else frame
    whole = chart.table(newest)
    table = chart.table(_shown_rows(newest, scope)).iloc[:, :TABLE_COLUMNS]
    cut = (
        ""
        if table.shape == whole.shape
        else f" ({len(table)} of {len(whole)} rows, {table.shape[1]} of {whole.shape[1]} columns)"
    )
    slide = _slide(deck, f"The numbers: {chart.question}{cut}", notes)
    rows, columns = table.shape[0] + 1, table.shape[1]
    margin = INCH * 2 // 10
    size = (
        margin,
        TITLE_TALL + INCH // 10,
        WIDE - 2 * margin,
        min(rows * INCH * 4 // 10, TALL - TITLE_TALL - INCH * 3 // 10),
    )
    grid = slide.shapes.add_table(rows, columns, *size).table
    weights = [_longest(table, column) for column in range(columns)]
    for column, heading in enumerate(table.columns):
        grid.columns[column].width = size[2] * weights[column] // sum(weights)
        ink, white = RGBColor(0x1B, 0x1F, 0x27), RGBColor(0xFF, 0xFF, 0xFF)
        is_number = words.is_number(table.iloc[:, column])
        _fill(grid.cell(0, column), str(heading), Pt(TABLE_PT), white, ink, right=is_number)
        for row, value in enumerate(table.iloc[:, column], 1):
            shade = white if row % 2 else RGBColor(0xF5, 0xF6, 0xF8)
            text = words.cell(value, str(heading))
            _fill(grid.cell(row, column), text, Pt(TABLE_PT), ink, shade, right=is_number)


def _note_slide(deck: Any, note: str) -> None:
    """A person's own words as text, under a title that says whose they are; the largest type with which they fit."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    slide = _slide(deck, testimony.OWN_WORDS, testimony.OWN_WORDS_NOTE)
    margin = INCH * 2 // 10
    box = slide.shapes.add_textbox(margin, TITLE_TALL, WIDE - 2 * margin, TALL - TITLE_TALL - INCH * 4 // 10)
    box.name, box.text_frame.word_wrap = "own-words", True
    wide, tall = (box.width - margin) / POINT, (box.height - margin) / POINT
    size = next((pt for pt in NOTE_PT if _lines(note, pt, wide) * pt * anatomy.LEADING <= tall), NOTE_PT[-1])
    box.text_frame.text = f"{note}\n({testimony.OWN_WORDS_NOTE})"
    for paragraph in box.text_frame.paragraphs:
        paragraph.font.size, paragraph.font.name = Pt(size), "Arial"
        paragraph.font.color.rgb = RGBColor(0x1B, 0x1F, 0x27)


def _lines(note: str, pt: int, wide: float) -> int:
    """How many lines a note and the remark under it take at that size of type."""
    return 1 + sum(len(wrapped(line, pt, wide)) for line in note.split("\n"))


def _longest(table: pd.DataFrame, column: int) -> int:
    """How many characters a column should be wide: those of its longest cell, within reason, and of its heading's words."""
    heading = str(table.columns[column])
    cells = [len(words.cell(v, heading)) for v in table.iloc[:, column]]
    return min(max([*cells, *(len(word) + 2 for word in heading.split()), 11]), LONGEST_CELL)


def _fill(cell: Any, text: str, size: Any, ink: Any, ground: Any, *, right: bool) -> None:
    from pptx.enum.text import PP_ALIGN

    cell.text = words.shortened(_printable(text), LONGEST_CELL)
    cell.margin_left = cell.margin_right = INCH // 20
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    font = paragraph.font
    font.size, font.name, font.color.rgb = size, "Arial", ink
    cell.fill.solid()
    cell.fill.fore_color.rgb = ground
