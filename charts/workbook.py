"""The tables of a place as one XLSX workbook: a sheet per chart, with contents, definitions and sources."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd

from charts import anatomy, export, export_cite, export_extra, words
from charts.chart import Chart, all_charts
from charts.export_stamp import Stamp
from charts.scope import Choices, Scope
from etl.errors import AtlasError, UsageError
from etl.warehouse.read import Reader

CONTENTS = "Contents"
STAMP_HEADING = "Stamp"
#: Characters that Excel allows in a sheet's name.
SHEET_NAME = 31
WIDEST_COLUMN = 48
NARROWEST_COLUMN = 9
_HEAD_ROWS = 5
#: From here on decimals are noise; the cell keeps them.
LARGE = 1000
#: Height of a line of a heading, in points.
LINE_PT = 13


def why_not() -> str:
    """Why no workbook can be written here, as a sentence; empty where one can."""
    return export_extra.lacking("Workbooks", "xlsxwriter")


def workbook(reader: Reader, scope: Scope, charts: Sequence[Chart] | None = None) -> bytes:
    """The tables of these charts, or of all, for one view. Charts without figures there are left out.

    Numbers are numbers, codes are text, what is missing is an empty cell, and no text is ever a formula. The same tables
    give the same bytes. Raises ``AtlasError`` where the extra is not installed or no chart has figures.
    """
    if why_not():
        raise AtlasError(why_not())
    import xlsxwriter

    chosen = list(all_charts().values()) if charts is None else list(charts)
    held = [(chart, frame) for chart in chosen if not (frame := chart.frame(reader, scope)).empty]
    if not held:
        raise AtlasError("None of these charts has figures for this view; choose the United States.")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {
                "title": f"{export_cite.NAME}: {_place(reader, scope)}",
                "author": export_cite.NAME,
                "comments": f"Build {reader.build_id}",
                "created": reader.finished_at,
            }
        )
        book.set_custom_property("build", reader.build_id)
        styles = _Styles(book)
        names = [chart.id[:SHEET_NAME] for chart, _ in held]
        stamps_of = [anatomy.stamp_of(chart, reader, frame, scope) for chart, frame in held]
        _contents(book.add_worksheet(CONTENTS), styles, reader, scope, held, names, stamps_of)
        for (chart, frame), name, stamp in zip(held, names, stamps_of, strict=True):
            _table(book.add_worksheet(name), styles, reader, scope, chart, frame, stamp)
        _definitions(book.add_worksheet("Definitions"), styles, [chart for chart, _ in held])
        _sources(book.add_worksheet("Sources"), styles, reader, [chart for chart, _ in held])
    return out.getvalue()


def stamps(data: bytes) -> list[Stamp]:
    """The stamps in a workbook, one per chart. Raises ``UsageError`` where it is none of ours."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(CONTENTS).to_python()
    except CalamineError as error:
        raise UsageError(f"The workbook is not one of this dashboard ({error}); save it again.") from error
    found = [cell for row in rows for cell in row if isinstance(cell, str) and cell.startswith('{"what"')]
    if not found:
        raise UsageError("The workbook carries no stamp of this dashboard, so its figures cannot be traced to a build.")
    return [Stamp.read(text) for text in found]


class _Styles:
    """The formats of cells."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "Arial", "font_size": 10, "valign": "top"}
        self.title = book.add_format({**font, "bold": True, "font_size": 14})
        self.plain = book.add_format({**font})
        self.wrapped = book.add_format({**font, "text_wrap": True})
        self.text = book.add_format({**font, "align": "left", "indent": 1})  # so that it stands off a number before it
        self.quiet = book.add_format({**font, "font_color": "#5A6270"})
        self.heading = book.add_format(
            {
                **font,
                "bold": True,
                "text_wrap": True,
                "bottom": 1,
                "bg_color": "#F5F6F8",
                "valign": "bottom",
                "indent": 1,
            }
        )
        self.number_heading = book.add_format(
            {
                **font,
                "bold": True,
                "text_wrap": True,
                "bottom": 1,
                "bg_color": "#F5F6F8",
                "valign": "bottom",
                "align": "right",
            }
        )
        self.whole = book.add_format({**font, "num_format": "#,##0"})
        self.year = book.add_format({**font, "num_format": "0"})
        self.decimal = book.add_format({**font, "num_format": "#,##0.00"})
        self.day = book.add_format({**font, "num_format": "yyyy-mm-dd"})

    def number(self, values: pd.Series, heading: str) -> Any:
        """One format for all numbers of a column: with decimals where any has them and they say something; a year without
        thousands."""
        if heading in words.YEARS:
            return self.year
        if not words.is_number(values):
            return self.whole
        known = values.dropna().astype(float)
        return self.decimal if (known % 1 != 0).any() and known.abs().max() < LARGE else self.whole


def _place(reader: Reader, scope: Scope) -> str:
    return Choices.of(reader).states.get(scope.state, scope.state)


def _contents(
    sheet: Any,
    styles: _Styles,
    reader: Reader,
    scope: Scope,
    held: Sequence[tuple[Chart, pd.DataFrame]],
    names: Sequence[str],
    stamps_of: Sequence[Stamp],
) -> None:
    sheet.write_string(0, 0, f"{export_cite.NAME}: {_place(reader, scope)}", styles.title)
    row = 2
    for name, value in export.filters(scope, Choices.of(reader)).items():
        sheet.write_string(row, 0, name, styles.quiet)
        sheet.write_string(row, 1, value, styles.plain)
        row += 1
    sheet.write_string(row, 0, "Build", styles.quiet)
    sheet.write_string(row, 1, f"{reader.build_id} of {reader.finished_at:%Y-%m-%d}", styles.plain)
    row += 2
    for column, heading in enumerate(("Sheet", "Question", "Rows", "Follows the place", STAMP_HEADING)):
        sheet.write_string(row, column, heading, styles.heading)
    for i, ((chart, frame), name, stamp) in enumerate(zip(held, names, stamps_of, strict=True), row + 1):
        sheet.write_url(i, 0, f"internal:'{name}'!A1", styles.plain, name)
        sheet.write_string(i, 1, chart.question, styles.plain)
        sheet.write_number(i, 2, len(frame), styles.whole)
        sheet.write_string(i, 3, "no, the nation’s" if chart.nation_only else "yes", styles.plain)
        sheet.write_string(i, 4, stamp.text(), styles.quiet)
    for column, wide in enumerate((30, 70, 9, 18, 60)):
        sheet.set_column(column, column, wide)
    _on_paper(sheet)


def _table(
    sheet: Any, styles: _Styles, reader: Reader, scope: Scope, chart: Chart, frame: pd.DataFrame, stamp: Stamp
) -> None:
    """Headline, what is measured, how firm it is and the mark; then the table with its head kept in view."""
    head = (
        chart.finding(frame, scope),
        chart.subtitle(frame, scope),
        chart.badge(reader, scope),
        anatomy.mark_text(stamp),
    )
    for row, (text, style) in enumerate(
        zip(head, (styles.title, styles.plain, styles.plain, styles.quiet), strict=True)
    ):
        sheet.write_string(row, 0, text, style)
    table = chart.table(frame)
    lines = 1
    for column, name in enumerate(table.columns):
        values = table.iloc[:, column]
        heading = styles.number_heading if words.is_number(values) else styles.heading
        sheet.write_string(_HEAD_ROWS, column, str(name), heading)
        number = styles.number(values, str(name))
        for row, value in enumerate(values, _HEAD_ROWS + 1):
            _cell(sheet, styles, number, row, column, value)
        longest = max(
            [len(words.cell(v, str(name))) for v in values.head(200)] + [len(word) for word in str(name).split()]
        )
        wide = min(max(longest + 2, NARROWEST_COLUMN), WIDEST_COLUMN)
        sheet.set_column(column, column, wide)
        lines = max(lines, len(textwrap.wrap(str(name), wide + 1)))
    sheet.set_row(_HEAD_ROWS, LINE_PT * lines + 3)
    sheet.freeze_panes(_HEAD_ROWS + 1, 1)
    _on_paper(sheet)
    sheet.repeat_rows(_HEAD_ROWS)
    sheet.autofilter(_HEAD_ROWS, 0, _HEAD_ROWS + len(table), table.shape[1] - 1)


def _cell(sheet: Any, styles: _Styles, number: Any, row: int, column: int, value: object) -> None:
    """A value as its own kind: what is missing stays empty, a number is a number, everything else is text."""
    if words.missing(value):
        return
    if isinstance(value, bool):
        sheet.write_string(row, column, "yes" if value else "no", styles.text)
    elif isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.to_pydatetime(), styles.day)
    elif isinstance(value, int | float) or hasattr(value, "dtype"):
        sheet.write_number(row, column, float(value), number)  # type: ignore[arg-type]
    else:
        sheet.write_string(row, column, str(value), styles.text)


def _definitions(sheet: Any, styles: _Styles, charts: Sequence[Chart]) -> None:
    """The terms of these charts, then what each chart means and does not mean."""
    rows = [(words.TERMS[t].name, words.TERMS[t].meaning) for t in dict.fromkeys(t for c in charts for t in c.terms)]
    rows += [(chart.id, f"{chart.question} {chart.means} {chart.means_not}") for chart in charts]
    _pairs(sheet, styles, ("Term or sheet", "Meaning"), rows)


def _sources(sheet: Any, styles: _Styles, reader: Reader, charts: Sequence[Chart]) -> None:
    """Every source in full."""
    tables = tuple(dict.fromkeys(t for chart in charts for t in chart.tables))
    rows = [
        (
            c.short_title,
            f"{c.citation} Covers here: {c.period_label or 'see the source'}. Retrieved {c.retrieved_on}. {c.licence}.",
        )
        for c in reader.citations(tables)
    ]
    rows.append(
        (
            "Advance CTE",
            "“National Career Clusters” is a registered mark of Advance CTE, which has not reviewed or endorsed this workbook.",
        )
    )
    _pairs(sheet, styles, ("Source", "Citation, period, retrieval and licence"), rows)


def _on_paper(sheet: Any) -> None:
    """A sheet prints on Letter, across, all its columns on one page's width."""
    sheet.set_landscape()
    sheet.set_paper(1)
    sheet.fit_to_pages(1, 0)


def _pairs(sheet: Any, styles: _Styles, headings: tuple[str, str], rows: Sequence[tuple[str, str]]) -> None:
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, styles.heading)
    for row, pair in enumerate(rows, 1):
        for column, text in enumerate(pair):
            sheet.write_string(row, column, text, styles.wrapped)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, 1, 110)
    _on_paper(sheet)
    sheet.freeze_panes(1, 0)
