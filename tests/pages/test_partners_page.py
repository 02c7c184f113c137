"""The search for partners as a person uses it: narrow, keep, remove, and prepare a meeting."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from charts import partners
from charts.scope import Scope
from etl.settings import Settings
from etl.warehouse.read import Reader
from pages.parts.partner_search import SAVED
from tests.pages.test_pages import html_of, page, served

__all__ = ["served"]


def labels(app: AppTest) -> list[str]:
    return [button.proto.label for button in app.get("download_button")]


def listed(app: AppTest) -> list[str]:
    """The institutions in the table of results."""
    names: list[str] = app.dataframe[0].value["Institution"].tolist()
    return names


def test_the_nation_asks_for_a_place_and_shows_the_largest(served: Settings) -> None:
    app = page("partners").run()
    assert "Choose a place above to search" in html_of(app)
    assert app.selectbox(key="partner-county").disabled
    assert len(listed(app)) > 100
    assert "High school centers are not listed until a directory is loaded." in html_of(app)


def test_a_city_and_a_distance_narrow_the_list(served: Settings) -> None:
    app = page("partners", Scope(state="MO")).run()
    before = listed(app)
    app.selectbox(key="partner-city").set_value("Kansas City").run()
    near = app.dataframe[0].value
    assert 0 < len(near) < len(before)
    assert near["Miles"].is_monotonic_increasing
    assert near["Miles"].max() <= 25
    app.selectbox(key="partner-miles").set_value(0).run()
    assert set(app.dataframe[0].value["City"]) == {"Kansas City"}
    assert not app.exception


def test_a_county_of_another_state_is_forgotten(served: Settings) -> None:
    app = page("partners", Scope(state="TX")).run()
    app.selectbox(key="partner-county").set_value("Bexar County").run()
    app.selectbox(key="state").set_value("OH").run()
    assert app.selectbox(key="partner-county").value == ""
    assert not app.exception
    assert len(listed(app)) > 10


def test_a_list_is_kept_and_taken_from(served: Settings) -> None:
    app = page("partners", Scope(state="WY"))
    app.session_state[SAVED] = {}
    app.run()
    assert app.button(key="partner-keep").disabled
    row = app.dataframe[0].value.iloc[0]
    kept = {"unit_id": "1", "name": row["Institution"], "city": row["City"]}
    columns = ("state_abbr", "county", "district", "programs", "sector", "website")
    counts = ("distance_miles", "awards_2_before_count", "awards_1_before_count", "awards_count", "programs_count")
    app.session_state[SAVED] = {
        "1": {**kept, **dict.fromkeys(columns, "x"), **dict.fromkeys(counts, 1.0), "is_mostly_online": False}
    }
    app.run()
    assert "Your list (1)" in [s.value for s in app.subheader]
    assert "Save your list (CSV)" in labels(app)
    assert app.button(key="partner-remove").disabled
    assert not app.exception


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(state="TX", pathway="Construction"), Scope(state="DC", pathway="Agriculture")], ids=str
)
def test_a_meeting_sheet_is_shown_and_saved(scope: Scope, served: Settings) -> None:
    app = page("partners", scope).run()
    assert "<article class='sheet'" in html_of(app)
    assert "Save meeting sheet (HTML, prints on one page)" in labels(app)


def test_a_sheet_for_an_institution(served: Settings, reader: Reader) -> None:
    first = partners.search(reader, Scope(state="WY")).iloc[0]
    app = page("partners", Scope(state="WY")).run()
    app.selectbox(key="partner-meeting").set_value(first["unit_id"]).run()
    assert f"<p class='who'>{first['name']}</p>" in html_of(app)
    assert not app.exception
