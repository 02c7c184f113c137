"""Every page, run by Streamlit's own test runner: no exception, its question, its charts with alt text, tables, downloads.

The runner knows no browser. What becomes of an address across pages is tested in ``tests/e2e``.
"""

from __future__ import annotations

import ast
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from charts.chart import chart_by_id
from charts.scope import Scope
from etl.settings import ROOT, Settings
from etl.warehouse.read import Reader


def constant(path: Path, name: str) -> Any:
    """What a page's file says of itself in a constant."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            return ast.literal_eval(node.value)
    raise AssertionError(f"{path.name} does not say its {name}")


#: File -> the page's question, and its charts in order.
PAGES: dict[str, tuple[str, tuple[str, ...]]] = {
    path.stem: (constant(path, "QUESTION"), constant(path, "CHARTS"))
    for path in sorted((ROOT / "pages").glob("*.py"))
    if path.stem != "__init__"
}
SCOPES = (
    Scope(),
    Scope(state="TX", industry="230000", pathway="Construction"),
    Scope(state="DC", pathway="Agriculture"),
    Scope(state="WY", industry="900000", awards="certificates", demand="middle-skills"),
    Scope(industry="510099", pathway="Education", awards="associate"),
)
SECONDS = 60

each_page = pytest.mark.parametrize("name", PAGES)


@pytest.fixture
def served(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    return warehouse


def page(name: str, scope: Scope = Scope()) -> AppTest:  # noqa: B008
    """A page as a person with this scope finds it."""
    # The Overview links to other pages, which only the dashboard's navigation knows.
    file = "dashboard.py" if name == "overview" else f"pages/{name}.py"
    app = AppTest.from_file(ROOT / file, default_timeout=SECONDS)
    for part, value in scope.query().items():
        app.session_state[part] = value
    return app


def html_of(app: AppTest) -> str:
    return "\n".join(block.proto.body for block in app.get("html"))


def inner(tag: str, text: str) -> list[str]:
    return [unescape(found) for found in re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", text, re.DOTALL)]


def alts(app: AppTest) -> list[str]:
    return [chart.proto.alt for chart in app.get("plotly_chart")]


@each_page
@pytest.mark.parametrize("scope", SCOPES, ids=lambda s: "-".join(s.query().values()) or "nation")
def test_a_page_has_its_parts(name: str, scope: Scope, served: Settings, reader: Reader) -> None:
    question, chart_ids = PAGES[name]
    app = page(name, scope).run()
    assert not app.exception
    assert not app.error
    assert not app.warning
    text = html_of(app)
    assert inner("h1", text) == [question]
    frames = {chart_id: chart_by_id(chart_id).frame(reader, scope) for chart_id in chart_ids}
    drawn = [chart_by_id(c) for c in chart_ids if not frames[c].empty]
    assert alts(app) == [chart.alt(frames[chart.id], scope) for chart in drawn]
    assert inner("h2", text) == [chart.finding(frames[chart.id], scope) for chart in drawn]
    assert [note.value for note in app.info] == [chart_by_id(c).nothing(scope) for c in chart_ids if frames[c].empty]
    tables = inner("table", text) + [frame.proto for frame in app.dataframe]
    assert len(tables) >= len(drawn), "a table under each chart; a page may have more of its own"
    of_charts = [b.proto.label for b in app.get("download_button") if b.proto.id.endswith(chart_ids)]
    assert of_charts == ["Save numbers (CSV)", "Save chart (HTML)"] * len(drawn)
    for chart in drawn:
        assert f"{chart.question}</p>" in text.replace("&#x27;", "'")
        assert any(f"({len(frames[chart.id]):,} rows)" in e.label for e in app.expander)
    said = re.sub(r"<[^>]+>", " ", text)
    assert not re.search(r"\b(nan|NaT)\b|&lt;NA&gt;", said)
    assert "What it does not mean." in said
    assert "Terms" in [s.value for s in app.subheader]
    assert "Retrieved" in said
    assert f"Build {reader.build_id}" in said


@each_page
def test_figures_are_drawn_with_their_source_inside(name: str, served: Settings) -> None:
    app = page(name, Scope(state="TX")).run()
    for chart in app.get("plotly_chart"):
        figure: dict[str, Any] = json.loads(chart.proto.spec)
        assert figure["layout"]["paper_bgcolor"] == "#FFFFFF"
        assert any(a["text"].startswith("Source: ") for a in figure["layout"]["annotations"])
        assert chart.proto.alt


@each_page
def test_the_terms_are_those_of_its_charts(name: str, served: Settings) -> None:
    terms = [item for item in inner("li", html_of(page(name).run())) if item.startswith("<b>")]
    assert len(terms) == len(set(terms)), "no term twice"
    assert terms


def test_the_controls_set_the_scope(served: Settings) -> None:
    app = page("overview").run()
    assert [box.label for box in app.selectbox] == [
        "Place",
        "Industry",
        "Pathway",
        "Awards that count",
        "Jobs that count",
    ]
    assert "These are the nation’s figures." in html_of(app)
    app.selectbox(key="state").set_value("OH").run()
    assert "in Ohio could fill" in inner("h2", html_of(app))[1]
    assert "These are the nation’s figures." not in html_of(app)
    app.selectbox(key="pathway").set_value("Construction").run()
    assert "openings in Construction" in inner("h2", html_of(app))[1]
    app.button[0].click().run()
    assert [box.value for box in app.selectbox] == ["US", "", "", "sub-baccalaureate", "career-prep"]
    assert not app.exception


@pytest.mark.parametrize("said", ["TX", "tx", "Texas", "  texas "])
def test_an_address_may_say_a_code_or_a_name(said: str, served: Settings) -> None:
    app = page("overview")
    app.query_params["state"] = said
    app.run()
    assert app.selectbox(key="state").value == "TX"
    assert "in Texas could fill" in inner("h2", html_of(app))[1]
    assert app.query_params == {"state": "Texas"}, "the address still opens what is shown"
    assert not app.warning


@pytest.mark.parametrize("said", ["zz", "<script>alert(1)</script>", "'; DROP TABLE state; --", ""])
def test_an_address_that_is_not_understood_says_so(said: str, served: Settings) -> None:
    app = page("overview")
    app.query_params["state"] = said
    app.query_params["industry"] = "construction"
    app.run()
    assert not app.exception
    assert len(app.warning) == 1
    assert said in app.warning[0].value
    assert [box.value for box in app.selectbox][:2] == ["US", "230000"]
    app.button[0].click().run()
    assert not app.warning, "Reset takes the notice away"


def test_the_dashboard_opens_on_the_overview_and_knows_its_pages(served: Settings) -> None:
    app = AppTest.from_file(ROOT / "dashboard.py", default_timeout=SECONDS).run()
    assert not app.exception
    assert inner("h1", html_of(app)) == [PAGES["overview"][0]]
    for name in PAGES:
        app.switch_page(f"pages/{name}.py").run()
        assert inner("h1", html_of(app)) == [PAGES[name][0]]
        assert not app.exception


# ------------------------------------------------------------------ when something is missing


def one_sentence(app: AppTest) -> str:
    """What the dashboard says instead of its pages."""
    assert not app.exception, "no traceback"
    assert not app.get("plotly_chart")
    assert len(app.error) == 1
    said: str = app.error[0].value
    assert said.endswith(".")
    assert "Traceback" not in said
    assert len(said.splitlines()) == 1
    return said


def test_without_warehouse_and_snapshot_the_dashboard_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Settings(data_dir=tmp_path, snapshot_dir=tmp_path / "snapshot")
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls, environment=None: nothing))
    said = one_sentence(AppTest.from_file(ROOT / "dashboard.py", default_timeout=SECONDS).run())
    assert "snapshot" in said
    assert "python -m etl" in said


def test_a_warehouse_that_is_not_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"<!doctype html>" * 1000)
    nothing = Settings(data_dir=tmp_path, snapshot_dir=tmp_path / "snapshot")
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls, environment=None: nothing))
    said = one_sentence(AppTest.from_file(ROOT / "dashboard.py", default_timeout=SECONDS).run())
    assert "warehouse.duckdb" in said
