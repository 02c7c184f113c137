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

from charts import words
from charts.chart import chart_by_id
from charts.scope import Scope
from etl.settings import ROOT, Settings
from etl.warehouse.read import Reader
from pages.parts import block


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
    # Pages link to other pages, which only the dashboard's navigation knows.
    app = AppTest.from_file(ROOT / "dashboard.py", default_timeout=SECONDS)
    if name != "overview":
        app.switch_page(f"pages/{name}.py")
    for part, value in scope.query().items():
        app.session_state[part] = value
    return app


def html_of(app: AppTest) -> str:
    return "\n".join(block.proto.body for block in app.get("html"))


def inner(tag: str, text: str) -> list[str]:
    return [unescape(found) for found in re.findall(rf"<{tag}\b[^>]*>(.*?)</{tag}>", text, re.DOTALL)]


def findings(app: AppTest) -> list[str]:
    """The charts' headlines; a page has other headings too."""
    return [unescape(found) for found in re.findall(r"<h2 class='finding'>(.*?)</h2>", html_of(app), re.DOTALL)]


def button(app: AppTest, label: str) -> Any:
    return next(b for b in app.button if b.label == label)


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
    said = re.sub(r"<[^>]+>", " ", text)
    assert not re.search(r"\b(nan|NaT)\b|&lt;NA&gt;", said)
    assert f"Build {reader.build_id}" in said
    if not chart_ids:
        return  # what else such a page must have, its own test says
    frames = {chart_id: chart_by_id(chart_id).frame(reader, scope) for chart_id in chart_ids}
    drawn = [chart_by_id(c) for c in chart_ids if not frames[c].empty]
    assert alts(app) == [chart.alt(frames[chart.id], scope) for chart in drawn]
    assert findings(app) == [chart.finding(frames[chart.id], scope) for chart in drawn]
    assert [note.value for note in app.info] == [chart_by_id(c).nothing(scope) for c in chart_ids if frames[c].empty]
    # A table whose rows can be selected (it has an id) is an input of the page, not the table under a chart.
    tables = inner("table", text) + [frame.proto for frame in app.dataframe if not frame.proto.id]
    folded = [c for c in drawn if len(frames[c.id]) > block.LONGEST_PLAIN_TABLE]
    assert len(tables) >= len(drawn) - len(folded), "a table under each chart; a page may have more of its own"
    menus = [b for b in app.get("popover") if b.proto.popover.label == "Save"] if drawn else []
    assert len(menus) == len(drawn), "each can be saved"
    for chart in drawn:
        assert f"{chart.question}</p>" in text.replace("&#x27;", "'")
        assert any(f"({len(frames[chart.id]):,} rows)" in e.label for e in app.expander)
    assert said.count("What it does not mean.") == len(chart_ids)
    assert said.count("How firm.") == len(drawn)
    assert "Terms" in inner("h2", text)
    assert "Retrieved" in said


def test_two_places_stand_side_by_side(served: Settings, reader: Reader) -> None:
    chart = chart_by_id("could-fill")
    app = page("pathways", Scope(state="TX", compare="OH")).run()
    assert not app.exception
    for state in ("TX", "OH"):
        scope = Scope(state=state)
        assert chart.finding(chart.frame(reader, scope), scope) in findings(app)
    assert len(findings(app)) == len(set(findings(app)))
    twice = [c for c in PAGES["industries"][1] if not chart_by_id(c).nation_only and chart_by_id(c).shape != "tiles"]
    both = findings(page("industries", Scope(state="TX", compare="OH")).run())
    assert len(both) == len(PAGES["industries"][1]) + len(twice), "what does not follow the place is drawn once"


def test_neighbours_are_one_click_away(served: Settings) -> None:
    app = page("pathways", Scope(state="ME")).run()
    beside = [b.label for b in app.button if (b.key or "").startswith("neighbour-")]
    assert beside == ["New Hampshire"]
    button(app, "New Hampshire").click().run()
    assert app.selectbox(key="state").value == "NH"
    assert "No state touches Hawaii" in html_of(page("pathways", Scope(state="HI")).run())


def test_a_part_of_a_pathway_says_what_cannot_follow_it(served: Settings, reader: Reader) -> None:
    app = page("pathways", Scope(pathway="Construction: Skilled Trades")).run()
    assert not app.exception
    assert "there are none of Skilled Trades alone" in html_of(app)


def test_a_chosen_mark_has_a_way_back(served: Settings) -> None:
    app = page("pathways", Scope(pathway="Construction")).run()
    button(app, "Back from Construction to All pathways").click().run()
    assert app.selectbox(key="pathway").value == ""
    assert not app.exception


@each_page
def test_the_print_view_has_no_controls_and_no_expander(name: str, served: Settings) -> None:
    app = page(name)
    app.query_params["view"] = "print"
    app.query_params["state"] = "Texas"
    app.run()
    assert not app.exception
    if name == "take_stock":
        return  # a worksheet of the person's own session: another page, as a print view is, would show an empty one
    assert not app.expander
    assert not app.selectbox
    assert not app.get("download_button")
    assert not app.get("popover")
    if findings(app):  # no table of Texas is loaded on the page that shows loaded tables
        assert any("Texas" in f for f in [*findings(app), *re.findall(r"<p class='subtitle'>(.*?)</p>", html_of(app))])


@pytest.mark.parametrize("name", ["pathways", "quality", "partners", "testify", "sources"])
def test_a_page_within_another_has_no_controls_and_nothing_to_save(
    name: str, served: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.parts.scope_bar.is_embedded", lambda: True)
    app = page(name)
    app.query_params["state"] = "Texas"
    app.run()
    assert not app.exception
    assert not [s.label for s in app.selectbox if s.label in ("Place", "Industry", "Pathway")]
    assert not app.get("popover")


@each_page
def test_figures_are_drawn_with_their_source_inside(name: str, served: Settings) -> None:
    app = page(name, Scope(state="TX")).run()
    for chart in app.get("plotly_chart"):
        figure: dict[str, Any] = json.loads(chart.proto.spec)
        assert figure["layout"]["paper_bgcolor"] == "#FFFFFF"
        assert any(a["text"].startswith("Source: ") for a in figure["layout"]["annotations"])
        assert chart.proto.alt


@pytest.mark.parametrize("name", [name for name, (_, chart_ids) in PAGES.items() if chart_ids])
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
        "Compare with",
        "Awards that count",
        "Jobs that count",
    ]
    assert "These are the nation’s figures." in html_of(app)
    app.selectbox(key="state").set_value("OH").run()
    assert any("in Ohio could fill" in f for f in findings(app))
    assert "These are the nation’s figures." not in html_of(app)
    app.selectbox(key="pathway").set_value("Construction").run()
    assert any("openings in Construction" in f for f in findings(app))
    button(app, "Reset").click().run()
    assert [box.value for box in app.selectbox] == ["US", "", "", "", "sub-baccalaureate", "career-prep"]
    assert not app.exception


@pytest.mark.parametrize("said", ["TX", "tx", "Texas", "  texas "])
def test_an_address_may_say_a_code_or_a_name(said: str, served: Settings) -> None:
    app = page("overview")
    app.query_params["state"] = said
    app.run()
    assert app.selectbox(key="state").value == "TX"
    assert any("in Texas could fill" in f for f in findings(app))
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
    assert words.unmarked(said) in app.warning[0].value
    assert [box.value for box in app.selectbox][:2] == ["US", "230000"]
    button(app, "Reset").click().run()
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
