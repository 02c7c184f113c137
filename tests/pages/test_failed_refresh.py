"""A source whose last refresh failed: its charts and the page of sources say so, and others do not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from charts import words
from charts.chart import chart_by_id
from etl.settings import Settings
from etl.sources import all_sources
from etl.warehouse.read import Reader, failed_refreshes
from tests.pages.test_pages import PAGES, html_of, inner, page

ERROR = "jt.series of <b>some source</b> answered 503 Service Unavailable; try again later."


@pytest.fixture
def failing(warehouse: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Reader) -> str:
    """The name of the source that failed: the one of vacancies."""
    settings = Settings(data_dir=tmp_path)
    settings.archive_dir.mkdir()
    settings.warehouse_path.symlink_to(warehouse.warehouse_path)
    (source_id,) = (s.source_id for s in all_sources().values() if "turnover_monthly" in s.tables)
    said = {source_id: {"at": "2026-11-25T09:30:00+00:00", "error": ERROR}}
    (settings.archive_dir / "failing.json").write_text(json.dumps(said), encoding="utf-8")
    monkeypatch.setenv("TALENTGAP_DATA", str(settings.data_dir))
    assert list(failed_refreshes()) == [source_id]
    return all_sources()[source_id].short_title


def test_each_chart_of_the_source_says_so_and_no_other(failing: str, reader: Reader) -> None:
    name = "industries"
    cited = [reader.citations(chart_by_id(chart_id).tables) for chart_id in PAGES[name][1]]
    of_source = [c for each in cited for c in each if c.short_title == failing]
    assert 0 < len(of_source) < len(cited), "this page should have charts of the source and others"
    app = page(name).run()
    assert not app.exception
    notes = [text for text in inner("p", html_of(app)) if "newest try to refresh" in text]
    assert notes == [
        f"The newest try to refresh {failing}, on 25 November 2026, failed; these figures are of {words.day(c.retrieved_on)}."
        for c in of_source
    ]


def test_the_page_of_sources_says_what_was_wrong(failing: str) -> None:
    text = html_of(page("sources").run())
    assert "The last refresh failed" in text
    assert text.count("; the last refresh failed") == 1
    (note,) = [item for item in inner("li", text) if "newest try to refresh" in item]
    assert note.startswith(f"{failing}: the newest try to refresh it, on 25 November 2026, failed; its figures of ")
    assert ERROR in note
    assert "<b>some source" not in text
