"""The page that takes stock: what is loaded is shown as text, holes lead to actions, and nothing leaves the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import charts.actions
from charts import stock
from charts.actions import Action
from charts.scope import Scope
from charts.stock import Activity
from etl.settings import ROOT, Settings
from etl.warehouse.read import Reader
from tests.pages.test_pages import html_of, inner, page

SHEET = (
    Activity("Advisory board <script>alert(1)</script>", 1, "local", "program validation", "aligned"),
    Activity("Internships", 2, "state", "work-based learning", "partly"),
    Activity("A gift", 5, "national", "philanthropy"),
)


@pytest.fixture
def app(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page in Texas, with actions of a principle that say which they are."""
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))

    def actions(reader: Reader, scope: Scope, principle: int) -> list[Action]:
        return [Action(f"Act on {principle}.", f"A figure <b>of</b> {scope.state}.", "could-fill")]

    monkeypatch.setattr(charts.actions, "actions", actions)
    st.cache_data.clear()  # real actions of this place may be kept from another page's test
    yield page("take_stock", Scope(state="TX"))
    st.cache_data.clear()


def load(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader(key="stock-file").set_value((name, content, "application/octet-stream")).run()
    return app


def take_over(app: AppTest) -> AppTest:
    next(b for b in app.button if b.label.startswith("Take over")).click().run()
    return app


def test_an_empty_worksheet_waits_for_the_first_activity(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert "never written to the server" in html_of(app)
    assert [note.value[:18] for note in app.info] == ["The matrix appears"]
    assert not inner("table", html_of(app))


def test_a_saved_worksheet_is_loaded_and_its_holes_lead_to_actions(app: AppTest) -> None:
    app.run()
    load(app, "mine.json", stock.to_json(SHEET))
    assert not inner("table", html_of(app)), "looked at, not yet taken over"
    take_over(app)
    assert not app.exception
    text = html_of(app)
    assert inner("h2", text)[0] == stock.finding(stock.coverage(SHEET))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert text.count("class='hole'") == 13
    assert text.count("class='held'") == 2
    for principle in range(1, 6):
        assert f"<b>Act on {principle}.</b>" in text
    assert "A figure &lt;b&gt;of&lt;/b&gt; TX." in text
    assert "Next steps in Texas" in inner("h2", text)
    assert [s.value for s in app.success] == ["The worksheet holds what is in the file."]
    assert [b.proto.label for b in app.get("download_button")] == ["Save worksheet (JSON)", "Save worksheet (CSV)"]


def test_a_wrong_file_is_named_row_by_row_and_leaves_the_worksheet(app: AppTest) -> None:
    app.run()
    take_over(load(app, "mine.json", stock.to_json(SHEET)))
    load(app, "bad.csv", b"name,level\nFine,local\n<b>x</b>,<i>county</i>\n")
    text = html_of(app)
    assert [e.value.split(".")[0] for e in app.error] == ["Nothing was taken over"]
    assert "Row 2, level: “&lt;i&gt;county&lt;/i&gt;” is none of national, state and local." in text
    assert app.session_state["stock_kept"] == SHEET
    assert not [b for b in app.button if b.label.startswith("Take over")]


def test_questions_add_a_row_for_each_kind_and_emptying_takes_all_away(app: AppTest) -> None:
    app.run()
    take_over(load(app, "mine.csv", stock.to_csv(SHEET)))
    button = {b.label: b for b in app.button}
    button["Start from questions"].click().run()
    assert app.session_state["stock_kept"] == SHEET + stock.questions()
    {b.label: b for b in app.button}["Empty the worksheet"].click().run()
    assert app.session_state["stock_kept"] == ()
    assert not app.exception


def test_the_worksheet_is_there_after_a_visit_to_another_page(app: AppTest) -> None:
    app.run()
    take_over(load(app, "mine.json", stock.to_json(SHEET)))
    app.switch_page("pages/vision.py").run()
    assert not app.exception
    app.switch_page("pages/take_stock.py").run()
    assert app.session_state["stock_kept"] == SHEET
    assert inner("h2", html_of(app))[0] == stock.finding(stock.coverage(SHEET))


def test_nothing_of_it_writes_to_the_disk() -> None:
    for path in ("charts/stock.py", "pages/take_stock.py", "pages/parts/worksheet.py"):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert "open(" not in text
        assert "write_" not in text
        assert "cache_data" not in text
