"""The page of sources and methods, and the one on the vision: what they promise is on them."""

from __future__ import annotations

import pytest

from charts import provenance, vision
from charts.scope import Scope
from etl.settings import Settings
from etl.warehouse.read import Reader
from tests.pages.test_pages import html_of, inner, page


@pytest.fixture(autouse=True)
def served(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))


def test_every_source_table_measure_and_figure_can_be_found(reader: Reader) -> None:
    app = page("sources", Scope(state="TX")).run()
    text = html_of(app)
    for title, licence in reader.rows("SELECT title, licence FROM source"):
        assert title in text.replace("&#x27;", "'")
        assert licence.split(",")[0] in text.replace("&#x27;", "'")
    names = [n for (n,) in reader.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'w' ORDER BY 1")]
    assert app.selectbox(key="dictionary-table").options == names
    assert [e.label for e in app.expander][1:] == [f"{m.name}: {m.answers}" for m in provenance.methods()]
    assert "expected" in text
    assert "Texas: of " in text
    assert provenance.cite(reader) in text


def test_a_search_narrows_the_tables_and_a_choice_shows_the_columns() -> None:
    app = page("sources").run()
    app.text_input(key="dictionary-search").set_value("<b>quits").run()
    assert not app.exception
    assert "“&lt;b&gt;quits”" in html_of(app)
    assert [note.value[:20] for note in app.info] == ["No table or column h"]
    app.text_input(key="dictionary-search").set_value("quits layoffs").run()
    assert "turnover_monthly" in app.selectbox(key="dictionary-table").options
    assert "<td>turnover_monthly</td><td>element</td>" in html_of(app)
    app.selectbox(key="dictionary-table").set_value("turnover_monthly").run()
    assert "QU quits" in html_of(app)
    assert "python -m etl export" in html_of(app), "too long to save from a page"
    assert not app.get("download_button")
    app.text_input(key="dictionary-search").set_value("tile grid").run()
    app.selectbox(key="dictionary-table").set_value("state").run()
    assert [b.proto.label for b in app.get("download_button")] == ["Save table (CSV)", "Save table (Parquet)"]
    assert not app.exception


def test_the_vision_is_told_whole_and_not_as_if_endorsed(reader: Reader) -> None:
    app = page("vision").run()
    text = html_of(app)
    said = text.replace("&#x27;", "'")
    for principle in vision.principles(reader):
        assert all(f"<li>{asked}</li>" in said for asked in principle.asks)
        assert all(proxy.note in said for proxy in principle.proxies)
    for url in (vision.SIGN_ON_URL, vision.WITHOUT_LIMITS_URL, vision.CONNECTED_PATH_URL):
        assert f"href='{url}'" in text
    for words in ("May 2016", "U.S. Chamber of Commerce Foundation", "2016 campaign; may be closed", "our reading"):
        assert words in text
    assert "Advance CTE has not reviewed or endorsed this dashboard" in text
    assert len(inner("table", text)) == 1
    assert [link.proto.page for link in app.get("page_link")], "links to the pages that there are"
