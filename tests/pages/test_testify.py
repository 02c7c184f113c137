"""The page for a testimony: charts are added, ordered and taken out; own words are text; other pages can add to it."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from charts import testimony
from charts.chart import chart_by_id
from charts.scope import Scope
from etl.settings import ROOT, Settings
from etl.warehouse.read import Reader
from pages.parts import testimony as collection
from tests.pages.test_pages import alts, button, html_of, inner, page

TEXAS = Scope(state="TX")
NOTE = "<script>alert(1)</script> We hire <b>20</b> a year.\nThank you."
ADD_SCRIPT = """
from charts.scope import Scope
from pages.parts import save

save.save_menu("ways-in", Scope(state="TX"))
"""


@pytest.fixture
def app(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    return page("testify", TEXAS)


def add(app: AppTest, *chart_ids: str) -> AppTest:
    app.multiselect(key=collection.CHOSEN).set_value(list(chart_ids)).run()
    app.button(key="testimony-add").click().run()
    assert not app.exception
    return app


def headlines(app: AppTest) -> list[str]:
    """The collected charts' headlines, in their order."""
    return [h.partition(". ")[2] for h in inner("h3", html_of(app)) if h[:1].isdigit()]


def test_script_and_answers_are_of_the_place(app: AppTest, reader: Reader) -> None:
    app.run()
    said = testimony.script(reader, TEXAS)
    assert said.text() in [code.value for code in app.code]
    assert len(said.text().split()) < testimony.WORDS
    questions = [a.question for a in testimony.answers(reader, TEXAS)]
    assert len(questions) == 6
    assert [h for h in inner("h3", html_of(app)) if h in questions] == questions
    assert "Do not speak for Advance CTE" in html_of(app)
    labels = [b.proto.label for b in app.get("download_button")]
    assert "Save script (TXT)" in labels
    assert "Save all (ZIP)" not in labels, "nothing is collected yet"
    app.selectbox(key="testimony_principle").set_value(4).run()
    assert testimony.script(reader, TEXAS, 4).text() in [code.value for code in app.code]


def test_charts_are_added_ordered_and_taken_out(app: AppTest, reader: Reader) -> None:
    app.run()
    ids = ["ways-in", "could-fill", "women-and-men"]
    said = {c: chart_by_id(c).finding(chart_by_id(c).frame(reader, TEXAS), TEXAS) for c in ids}
    add(app, *ids)
    assert headlines(app) == [said[c] for c in ids]
    assert app.multiselect(key=collection.CHOSEN).value == []
    assert "secondary-mix" not in app.multiselect(key=collection.CHOSEN).options
    assert chart_by_id("ways-in").alt(chart_by_id("ways-in").frame(reader, TEXAS), TEXAS) in alts(app)
    assert "Save all (ZIP)" in [b.proto.label for b in app.get("download_button")]
    app.button(key="up-women-and-men").click().run()
    assert headlines(app) == [said[c] for c in ("ways-in", "women-and-men", "could-fill")]
    app.button(key="down-ways-in").click().run()
    assert headlines(app) == [said[c] for c in ("women-and-men", "ways-in", "could-fill")]
    app.button(key="remove-ways-in").click().run()
    assert headlines(app) == [said[c] for c in ("women-and-men", "could-fill")]
    app.selectbox(key="state").set_value("WY").run()
    assert len(headlines(app)) == 2
    assert headlines(app) != [said[c] for c in ("women-and-men", "could-fill")], "for the place chosen now"
    app.switch_page("pages/vision.py").run()
    app.switch_page("pages/testify.py").run()
    assert len(headlines(app)) == 2, "and after a visit to another page"


def test_a_chart_without_figures_here_says_so(app: AppTest) -> None:
    app.session_state[collection.KEPT] = ("secondary-mix",)
    app.run()
    assert not app.exception
    assert headlines(app) == [chart_by_id("secondary-mix").question]
    assert "Left out when you save" in html_of(app)
    assert "Save all (ZIP)" not in [b.proto.label for b in app.get("download_button")]


def test_own_words_are_text_and_labelled(app: AppTest) -> None:
    app.run()
    before = headlines(add(app, "could-fill"))
    app.text_area(key="testimony_note").set_value(NOTE).run()
    text = html_of(app)
    assert not app.exception
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; We hire &lt;b&gt;20&lt;/b&gt; a year.<br>Thank you." in text
    assert testimony.OWN_WORDS in text
    assert headlines(app) == before
    assert app.text_area(key="testimony_note").proto.max_chars == 1000
    assert not {"note", "testimony_note", "testimony_charts"} & set(app.query_params)
    app.switch_page("pages/vision.py").run()
    app.switch_page("pages/testify.py").run()
    assert app.text_area(key="testimony_note").value == NOTE


def test_any_charts_menu_adds_it(warehouse: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALENTGAP_DATA", str(warehouse.data_dir))
    menu = AppTest.from_string(ADD_SCRIPT, default_timeout=60)
    menu.session_state["save-ways-in-TX"] = True
    menu.run()
    button(menu, "Add to testimony").click().run()
    assert not menu.exception
    assert menu.session_state[collection.KEPT] == ("ways-in",)
    button(menu, "Take out of testimony").click().run()
    assert menu.session_state[collection.KEPT] == ()


def test_nothing_of_it_writes_to_the_disk() -> None:
    for path in (
        "charts/testimony.py",
        "pages/testify.py",
        "pages/parts/testimony.py",
        "pages/parts/testimony_page.py",
    ):
        text = (ROOT / path).read_text(encoding="utf-8")
        assert "open(" not in text
        assert "write_" not in text
