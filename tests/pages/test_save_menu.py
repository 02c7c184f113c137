"""The menu that saves a chart, run by Streamlit's own test runner: what it offers, and that nothing is made unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from charts import export, export_browser, export_cite
from charts.scope import Choices, Scope
from etl.settings import Settings
from etl.warehouse.read import Reader

SCRIPT = """
from charts.scope import Scope
from pages.parts import save

scope = Scope(state="TX", pathway="Construction")
save.save_menu("could-fill", scope)
save.save_place(scope, ("could-fill",))
"""
SERVERLESS = ["Save numbers (CSV)", "Save chart (HTML)", "Save all (ZIP)"]
DRAWN = ["Save slide (PNG)", "Save post (PNG)", "Save drawing (SVG)", "Save picture (PDF)"]


@pytest.fixture
def app(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    monkeypatch.setenv("TALENTGAP_ADDRESS", "https://atlas.example.org")

    def unasked(*_: object) -> bytes:
        raise AssertionError("made before it was asked for")

    monkeypatch.setattr(export, "made", unasked)
    opened = AppTest.from_string(SCRIPT, default_timeout=60)
    opened.session_state["save-could-fill-TX"] = True
    return opened


def test_what_is_not_opened_is_not_sent(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    shut = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not shut.exception
    assert not set(labels(shut)) & {*SERVERLESS, *DRAWN}


def labels(app: AppTest) -> list[str]:
    return [b.proto.label for b in app.get("download_button")]


def test_it_offers_what_this_machine_can_make(app: AppTest) -> None:
    app.run()
    assert not app.exception
    offered = labels(app)
    assert offered[:3] == SERVERLESS
    assert all((label in offered) is not bool(export_browser.why_not()) for label in DRAWN)


def test_without_a_browser_pictures_are_not_offered(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import streamlit as st

    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "nowhere"))
    st.cache_data.clear()
    app.run()
    assert not app.exception
    assert not set(labels(app)) & {*DRAWN, "Save slides (PPTX)"}
    assert any("press its button" in c.value for c in app.caption)
    st.cache_data.clear()


def test_link_snippet_and_citation_are_of_the_view(app: AppTest, reader: Reader) -> None:
    app.run()
    link, snippet, plain, apa, bibtex = (c.value for c in app.code)
    scope = Scope(state="TX", pathway="Construction")
    assert link == export_cite.address("pathways", scope, Choices.of(reader))
    assert link == "https://atlas.example.org/pathways?state=Texas&pathway=Construction"
    assert snippet.startswith('<iframe src="https://atlas.example.org/pathways?state=Texas')
    assert reader.build_id in plain
    assert "[Chart; build" in apa
    assert bibtex.startswith("@misc{could-fill-tx-")
