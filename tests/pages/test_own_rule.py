"""The reader's own thresholds on the page of the first principle."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from charts import own_rule
from charts.quality_questions import QUESTIONS
from charts.scope import Scope
from etl.settings import ROOT, Settings
from etl.warehouse.read import Reader


@pytest.fixture
def app(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    page = AppTest.from_file(ROOT / "pages" / "quality.py", default_timeout=60)
    page.session_state["state"] = "TX"
    return page.run()


def said(app: AppTest) -> str:
    text = "\n".join(block.proto.body for block in app.get("html"))
    found = re.search(r"class='own-finding'[^>]*>(.*?)</p>", text)
    assert found
    return found[1]


def test_thresholds_change_the_sentence_and_nothing_raises(app: AppTest, reader: Reader) -> None:
    assert said(app) == own_rule.own_rule(reader, Scope(state="TX"), {"wage": 50_000}).sentence
    app.number_input(key="own-wage").set_value(80_000)
    app.selectbox(key="own-education").set_value("associate").run()
    wanted = own_rule.own_rule(reader, Scope(state="TX"), {"wage": 80_000, "education": "associate"})
    assert said(app) == wanted.sentence
    app.number_input(key="own-openings").set_value(500_000).run()
    assert said(app).startswith("0 of ")
    assert "Save this list (CSV)" not in [b.proto.label for b in app.get("download_button")], "there is no list to save"
    assert not app.exception


def test_the_checklist_stands_with_the_review(app: AppTest) -> None:
    text = "\n".join(block.proto.body for block in app.get("html"))
    assert all(q.question in text for q in QUESTIONS)
    assert "What the screen cannot answer" in text
