"""A dashboard that runs shows a new build at its next run: nothing that it remembers of the old one is shown again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from etl.settings import Settings
from etl.warehouse.read import Reader, open_reader
from etl.warehouse.sql import literal
from tests.pages.test_pages import html_of, page

#: Synthetic: what a refresh might have left, every rate another than before.
NEW_BUILD = """
    UPDATE build SET build_id = 'feedc0ffee00';
    INSERT INTO build_log SELECT 2, build_id, TIMESTAMP '2026-11-24 10:00:00', code_version FROM build;
    UPDATE turnover_monthly SET rate_pct = 77.7 WHERE element = 'JO';
    INSERT INTO build_change VALUES (2, 'turnover_monthly', 12, 34567, 5);
    INSERT INTO headline_change VALUES (2, 'vacancy rate, %', '<b>Texas</b>, June 2026', 4.1, 4.3);
    INSERT INTO headline_change VALUES (2, 'vacancy rate, %', 'Texas, July 2026', 4.4, NULL);
"""


@pytest.fixture
def swap(warehouse: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], None]:
    """Serve a copy of the warehouse; what is given puts the new build in its place, as a refresh does."""
    served = tmp_path / "warehouse.duckdb"
    shutil.copyfile(warehouse.warehouse_path, served)
    monkeypatch.setenv("TALENTGAP_DATA", str(tmp_path))

    def put_new_build() -> None:
        new = tmp_path / "new.duckdb"
        shutil.copyfile(served, new)
        with duckdb.connect() as con:
            con.execute(f"ATTACH {literal(new)} AS w")
            con.execute("USE w")
            con.execute(NEW_BUILD)
        os.replace(new, served)

    return put_new_build


def shown(app: AppTest) -> str:
    assert not app.exception
    return html_of(app)


def test_the_build_and_the_figures_of_a_chart_follow_the_swap(swap: Callable[[], None], reader: Reader) -> None:
    app = page("industries").run()
    before = shown(app)
    assert f"Build {reader.build_id}" in before
    assert "77.7" not in before
    swap()
    after = shown(app.run())
    assert "Build feedc0ffee00" in after
    assert reader.build_id not in after
    assert "77.7" in after


def test_the_page_of_sources_says_what_changed(swap: Callable[[], None], reader: Reader) -> None:
    app = page("sources").run()
    assert "No refresh has changed a figure here yet" in shown(app)
    swap()
    after = shown(app.run())
    assert f"Build feedc0ffee00 of 24 November 2026, against build {reader.build_id}" in after
    assert "<td>turnover_monthly</td><td class=n>12</td><td class=n>34,567</td><td class=n>5</td>" in after
    assert "<td>&lt;b&gt;Texas&lt;/b&gt;, June 2026</td><td>4.1</td><td>4.3</td>" in after
    assert "<td>Texas, July 2026</td><td>4.4</td><td>withdrawn</td>" in after
    assert "Of the figures that people quote, 2 were revised" in after


def test_a_reader_that_is_open_answers_for_its_own_build(swap: Callable[[], None]) -> None:
    old = open_reader()
    build_id, rates = old.build_id, old.rows("SELECT sum(rate_pct) FROM turnover_monthly")
    swap()
    assert open_reader().build_id == "feedc0ffee00"
    assert (old.build_id, old.rows("SELECT sum(rate_pct) FROM turnover_monthly")) == (build_id, rates)
