"""Workbooks and slides, opened by calamine, openpyxl and python-pptx."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from charts import anatomy, slides, words, workbook
from charts.__main__ import app
from charts.chart import all_charts, chart_by_id
from charts.scope import Scope
from charts.verify import verify
from etl.errors import AtlasError
from etl.settings import Settings
from etl.warehouse.read import Reader
from tests.charts.test_export import HOSTILE, hostile_chart

CHARTS = list(all_charts().values())
TEXAS = Scope(state="TX", pathway="Construction")
needs_xlsx = pytest.mark.skipif(bool(workbook.why_not()), reason=workbook.why_not() or "xlsxwriter is here")
needs_slides = pytest.mark.skipif(
    bool(slides.why_not()), reason=slides.why_not() or "python-pptx and a browser are here"
)


@pytest.fixture
def charts(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    return CliRunner()


# ------------------------------------------------------------------ workbook


@needs_xlsx
def test_a_workbook_reads_back_as_the_tables(reader: Reader, tmp_path: Path) -> None:
    data = workbook.workbook(reader, TEXAS)
    assert data == workbook.workbook(reader, TEXAS), "the same to the byte"
    (tmp_path / "tx.xlsx").write_bytes(data)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    held = [c for c in CHARTS if not c.frame(reader, TEXAS).empty]
    assert book.sheet_names == ["Contents", *(c.id[:31] for c in held), "Definitions", "Sources"]
    assert len(set(book.sheet_names)) == len(book.sheet_names)
    for chart in held:
        frame = chart.frame(reader, TEXAS)
        table = chart.table(frame)
        rows = book.get_sheet_by_name(chart.id[:31]).to_python()
        assert rows[0][0] == chart.finding(frame, TEXAS)
        assert rows[2][0] == chart.badge(reader, TEXAS)
        assert reader.build_id in rows[3][0]
        assert [h for h in rows[5] if h][: len(table.columns)] == list(table.columns)
        assert len(rows) == 6 + len(table)
        for column, name in enumerate(table.columns):
            values = [row[column] for row in rows[6:]]
            if pd.api.types.is_numeric_dtype(table[name]) and not pd.api.types.is_bool_dtype(table[name]):
                read = np.array([np.nan if v == "" else v for v in values], dtype=float)
                np.testing.assert_allclose(read, table[name].astype(float).to_numpy(), err_msg=name)
            if name == "SOC":
                assert all(isinstance(v, str) for v in values)
                assert values == table[name].tolist(), "codes are text"
    sources = "".join(str(cell) for row in book.get_sheet_by_name("Sources").to_python() for cell in row)
    for c in reader.citations(tuple({t for chart in held for t in chart.tables})):
        assert c.citation in sources
    contents = str(book.get_sheet_by_name("Contents").to_python())
    assert "Texas" in contents
    assert "Construction" in contents
    verdict = verify(reader, tmp_path / "tx.xlsx")
    assert verdict.is_current
    assert len(verdict.sentences) == len(held)


@needs_xlsx
def test_no_cell_of_a_workbook_is_a_formula(reader: Reader) -> None:
    book = load_workbook(io.BytesIO(workbook.workbook(reader, Scope(), [hostile_chart()])))
    sheet = book["hostile"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    assert HOSTILE in {c.value for c in cells}
    assert -1.5 in {c.value for c in cells}
    assert sheet.freeze_panes is not None
    assert sheet["B7"].number_format == sheet["B8"].number_format == "#,##0.00", "one format for all of a column"


@needs_xlsx
def test_a_year_has_no_thousands_and_a_sheet_prints_on_letter(reader: Reader) -> None:
    book = load_workbook(io.BytesIO(workbook.workbook(reader, TEXAS, [chart_by_id("teacher-pay-by-state")])))
    sheet = book["teacher-pay-by-state"]
    column = next(cell.column for cell in sheet[6] if cell.value in words.YEARS)
    assert sheet.cell(7, column).number_format == "0"
    for each in book.worksheets:
        assert (each.page_setup.orientation, each.page_setup.fitToHeight) == ("landscape", 0), "all columns on a sheet"
        assert each.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$6:$6"


def test_no_workbook_of_nothing(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charts.export_extra.find_spec", lambda _: None)
    with pytest.raises(AtlasError, match="extra"):
        workbook.workbook(reader, TEXAS)
    monkeypatch.undo()
    if not workbook.why_not():
        with pytest.raises(AtlasError, match="United States"):
            workbook.workbook(reader, Scope(state="ZZ"), [chart_by_id("could-fill")])


# ------------------------------------------------------------------ slides


@needs_slides
def test_slides_hold_headline_picture_notes_and_table(reader: Reader, tmp_path: Path) -> None:
    from PIL import Image
    from pptx import Presentation
    from pptx.enum.text import PP_ALIGN

    chosen = [chart_by_id("could-fill"), chart_by_id("vacancy-rate-history")]
    out = tmp_path / "x.pptx"
    out.write_bytes(slides.slides(reader, TEXAS, chosen))
    deck = Presentation(str(out))
    assert len(deck.slides) == 4
    for i, chart in enumerate(chosen):
        frame = chart.frame(reader, TEXAS)
        shown, numbers = deck.slides[2 * i], deck.slides[2 * i + 1]
        assert shown.shapes.title.text_frame.text == chart.finding(frame, TEXAS)
        picture = next(s for s in shown.shapes if s.name == chart.id)
        with Image.open(io.BytesIO(picture.image.blob)) as image:
            assert image.size == (3200, 1520)
        assert picture._element.nvPicPr.cNvPr.get("descr") == chart.alt(frame, TEXAS)
        notes = shown.notes_slide.notes_text_frame.text
        for text in (chart.means, chart.means_not, chart.badge(reader, TEXAS), reader.build_id):
            assert text in notes
        grid = next(s for s in numbers.shapes if s.has_table).table
        assert 2 <= len(grid.rows) <= 13
        assert len(grid.columns) <= 7
        headings = [grid.cell(0, c).text for c in range(len(grid.columns))]
        assert headings == list(chart.table(frame).columns)[: len(headings)]
        for shape in (*shown.shapes, *numbers.shapes):
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height
    first = next(s for s in deck.slides[1].shapes if s.has_table).table
    assert first.cell(1, 1).text_frame.paragraphs[0].alignment == PP_ALIGN.RIGHT, "numbers stand one under another"
    assert first.cell(1, 0).text_frame.paragraphs[0].alignment == PP_ALIGN.LEFT
    row = chosen[0].frame(reader, TEXAS).iloc[0]
    assert first.cell(1, 0).text == row["cluster"]
    assert first.cell(1, 1).text == words.count(row["openings_annual_count"])
    assert verify(reader, out).is_current


def test_a_slides_table_has_the_chosen_pathway_among_its_rows(reader: Reader) -> None:
    chart = chart_by_id("shortage-and-systems")
    frame = chart.frame(reader, TEXAS)
    shown = slides._shown_rows(frame, TEXAS)
    assert len(shown) == slides.TABLE_ROWS < len(frame)
    assert "Construction" in set(shown["cluster"])
    assert slides._shown_rows(frame, Scope(state="TX"))["cluster"].tolist() == frame["cluster"].head(12).tolist()


@needs_slides
def test_strange_text_stays_text_on_slides(reader: Reader) -> None:
    from pptx import Presentation

    deck = Presentation(io.BytesIO(slides.slides(reader, Scope(), [hostile_chart()])))
    assert deck.slides[0].shapes.title.text_frame.text == HOSTILE
    assert slides._printable("a\x00b\x0bc\n") == "abc\n"


def test_a_slides_picture_leaves_the_headline_to_the_title(reader: Reader) -> None:
    from dataclasses import replace

    chart = chart_by_id("could-fill")
    frame = chart.frame(reader, TEXAS)
    texts = anatomy.around(chart, reader, frame, TEXAS)
    fig = anatomy.picture(chart, frame, TEXAS, replace(texts, finding=""), slides.BODY)
    assert fig.layout.width * slides.BODY.height == fig.layout.height * slides.BODY.width
    assert not [a for a in fig.layout.annotations if "could fill at most" in a.text]


# ------------------------------------------------------------------ how they end


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["workbook", "TX", "--out", "x.xls"], 2),
        (["workbook", "zz", "--out", "x.xlsx"], 2),
        (["workbook", "TX", "--charts", "no-such", "--out", "x.xlsx"], 1),
        (["slides", "TX", "--charts", "could-fill", "--out", "x.ppt"], 2),
        (["slides", "TX", "--charts", ",", "--out", "x.pptx"], 2),
        (["slides", "TX", "--charts", "no-such", "--out", "x.pptx"], 1),
    ],
)
def test_wrong_usage_ends_as_it_should(args: list[str], code: int, charts: CliRunner) -> None:
    result = charts.invoke(app, args)
    assert result.exit_code == code, result.output
    assert len(result.stderr.strip().splitlines()) == 1
