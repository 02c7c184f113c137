"""The page of the query console: an example, a text, an answer, and what it says when there is none."""

from __future__ import annotations

import pytest

from charts.scope import Scope
from etl.settings import Settings
from etl.warehouse import console
from pages.parts import ask
from tests.pages.test_pages import html_of, inner, page


@pytest.fixture(autouse=True)
def served(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))


def test_a_query_is_answered_in_a_table_and_a_fault_in_a_sentence() -> None:
    app = page("query", Scope(state="TX")).run()
    assert app.text_area(key=ask.TEXT).value == console.examples("Texas")[0].sql
    app.text_area(key=ask.TEXT).set_value(
        "SELECT '<b>x</b>' AS \"<i>\", 2024 AS award_year, NULL AS nothing, -1.5 AS less, '=1' AS formula"
    )
    app.button[-1].click().run()
    text = html_of(app)
    assert "<th scope='col'>&lt;i&gt;</th>" in text
    assert "<td>&lt;b&gt;x&lt;/b&gt;</td><td class=n>2024</td><td>NULL</td><td class=n>-1.5</td>" in text
    assert "<b>1 row</b>" in text
    assert [b.proto.label for b in app.get("download_button")] == ["Save answer (CSV)"]
    app.text_area(key=ask.TEXT).set_value("DROP TABLE state")
    app.button[-1].click().run()
    assert len(app.error) == 1
    assert app.error[0].value.startswith("The query cannot be run\\: ")
    assert not app.get("download_button"), "the old answer does not stand under a new question"


def test_more_rows_than_can_be_shown_are_told_of() -> None:
    app = page("query").run()
    app.text_area(key=ask.TEXT).set_value("FROM completion")
    app.button[-1].click().run()
    assert "<b>5,000 rows</b>; there are more, which are left out" in html_of(app)
    assert len(app.dataframe) == 1


def test_an_example_follows_the_place_until_it_is_touched() -> None:
    app = page("query").run()
    app.selectbox(key=ask.EXAMPLE).set_value(2).run()
    assert app.text_area(key=ask.TEXT).value == console.examples("United States")[2].sql
    app.selectbox(key="state").set_value("OH").run()
    assert app.text_area(key=ask.TEXT).value == console.examples("Ohio")[2].sql
    app.text_area(key=ask.TEXT).set_value("SELECT 1")
    app.button[-1].click().run()
    app.selectbox(key="state").set_value("ME").run()
    assert app.text_area(key=ask.TEXT).value == "SELECT 1"
    assert not app.exception


def test_tables_are_found_by_words() -> None:
    app = page("query").run()
    app.text_input(key="query-search").set_value("quits layoffs").run()
    assert "turnover_monthly" in app.selectbox(key="query-table").options
    app.text_input(key="query-search").set_value("<b>nowhere").run()
    assert len(app.info) == 1


@pytest.mark.parametrize("parameter", ["query", "sql", ask.TEXT, "query_outcome"])
def test_an_address_asks_nothing(parameter: str) -> None:
    app = page("query")
    app.query_params[parameter] = "SELECT 42"
    app.run()
    assert app.text_area(key=ask.TEXT).value == console.examples("United States")[0].sql
    assert "Answer" not in inner("h2", html_of(app))
