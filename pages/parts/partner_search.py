"""The search for partners: what narrows it, the list it gives, the list a person keeps, and the sheet for a first meeting."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from charts import meeting_sheet, partner_links, partners
from charts.actions import Action
from charts.meeting_sheet import Sheet
from charts.partners import Options, Search
from charts.scope import Scope
from etl.warehouse.csv_text import csv_text
from pages.parts import data

#: Column -> heading of the list, in order; what is exported has the same.
HEADINGS = {
    "name": "Institution",
    "city": "City",
    "state_abbr": "State",
    "county": "County",
    "district": "District",
    "distance_miles": "Miles",
    "awards_2_before_count": "Awards two years before",
    "awards_1_before_count": "One year before",
    "awards_count": "Newest year",
    "programs_count": "Programs",
    "programs": "Largest programs",
    "is_mostly_online": "Mostly online",
    "sector": "Kind",
    "website": "Website",
}
SAVED = "saved_partners"
ANY = ""


@st.cache_data(max_entries=100, show_spinner=False)
def _options(build_id: str, scope: Scope) -> Options:  # noqa: ARG001
    return partners.options(data.reader(), scope)


@st.cache_data(max_entries=200, show_spinner=False)
def _found(build_id: str, scope: Scope, where: Search) -> pd.DataFrame:  # noqa: ARG001
    return partners.search(data.reader(), scope, where)


@st.cache_data(max_entries=200, show_spinner=False)
def _offers(build_id: str, scope: Scope) -> list[Action]:  # noqa: ARG001
    return meeting_sheet.offers(data.reader(), scope)


@st.cache_data(max_entries=200, show_spinner=False)
def _sheet(build_id: str, scope: Scope, unit_id: str, offer: int) -> Sheet:  # noqa: ARG001
    return meeting_sheet.sheet(data.reader(), scope, unit_id, offer)


@st.fragment
def partner_search(scope: Scope) -> None:
    """The search, the kept list and the meeting sheet; only this part is drawn again when one of its controls changes."""
    build_id = data.reader().build_id
    st.subheader("Search institutions")
    where = _controls(_options(build_id, scope), scope)
    found = _found(build_id, scope, where)
    _result(found, where, scope)
    _saved()
    st.html("<p class='hint'>High school centers are not listed until a directory is loaded.</p>")
    _meeting(build_id, scope, found)


def _controls(options: Options, scope: Scope) -> Search:
    nation = scope.state == "US"
    if nation:
        st.html(
            "<p class='hint'>Choose a place above to search by county, district, city and distance; below are the largest of the "
            "nation.</p>"
        )
    with st.container(horizontal=True, key="partner-search", vertical_alignment="bottom"):
        county = _choose("County", {name: name for name in options.counties}, "any county", "partner-county", nation)
        district = _choose("Congressional district", options.districts, "any district", "partner-district", nation)
        city = _choose("City", {name: name for name in options.cities}, "any city", "partner-city", nation)
        miles = st.selectbox(
            "Distance", partners.MILES, format_func=lambda m: f"within {m} miles" if m else "in the city itself", index=2,
            key="partner-miles", disabled=not city, width=170, help="From the middle of the city’s institutions, "
            "across state borders",
        )  # fmt: skip
        occupation = _choose("Occupation", options.occupations, "any occupation", "partner-occupation", False, 300)
    return Search(county, district, city, miles if city else 0, occupation)


def _choose(label: str, values: Mapping[str, str], of_all: str, key: str, disabled: bool, width: int = 200) -> str:
    """A select box of the values and "any"; a value that this place does not have falls back to any."""
    if st.session_state.get(key) not in (None, ANY, *values):
        st.session_state[key] = ANY
    offered = {ANY: of_all, **values}
    chosen: str = st.selectbox(
        label,
        list(offered),
        format_func=lambda value: offered.get(value, of_all),
        key=key,
        disabled=disabled,
        width=width,
    )
    return ANY if disabled else chosen


def _result(found: pd.DataFrame, where: Search, scope: Scope) -> None:
    if found.empty:
        st.html(
            "<p class='hint'>No institution in federal student aid gives such awards there; take away a condition "
            "or widen the distance, "
            "or look at the United States.</p>"
        )
        return
    count = int(found["institutions_count"].iloc[0])
    shown = "" if count == len(found) else f" The {len(found):,} largest are listed."
    st.html(
        f"<p class='subtitle' role='status'>{count:,} {'institution gives' if count == 1 else 'institutions give'} "
        "awards that lead to "
        f"these jobs.{shown} Select rows to keep them in your list.</p>"
    )
    listed = found.sort_values("distance_miles", kind="stable") if where.city else found
    chosen = _table(listed, "partner-result")
    with st.container(horizontal=True):
        if st.button("Keep selected", key="partner-keep", disabled=not chosen, icon=":material/bookmark_add:"):
            kept = _kept()
            st.session_state[SAVED] = {
                **kept,
                **{row["unit_id"]: row for row in listed.iloc[chosen].to_dict("records")},
            }
        st.download_button(
            "Save this list (CSV)", data=lambda: _csv(listed), file_name=f"partners-{scope.state}.csv", mime="text/csv",
            key="partner-csv", on_click="ignore", icon=":material/download:",
        )  # fmt: skip


def _table(rows: pd.DataFrame, key: str) -> list[int]:
    """The rows as a table whose rows can be selected; gives the places of those that are."""
    known = [column for column in HEADINGS if column != "distance_miles" or rows[column].notna().any()]
    event = st.dataframe(
        rows[known].rename(columns=HEADINGS),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=key,
        column_config={
            "Website": st.column_config.LinkColumn("Website", display_text="open"),
            "Miles": st.column_config.NumberColumn("Miles", format="%.1f"),
        },
    )
    return [place for place in event["selection"]["rows"] if place < len(rows)]


def _csv(rows: pd.DataFrame) -> bytes:
    """The list for a spreadsheet; a text that begins like a formula is kept from being one."""
    table = rows[["unit_id", *HEADINGS]].rename(columns={"unit_id": "IPEDS id", **HEADINGS})
    return csv_text(table).encode()


def _kept() -> dict[str, dict[str, object]]:
    kept: dict[str, dict[str, object]] = st.session_state.setdefault(SAVED, {})
    return kept


def _saved() -> None:
    """The list that the person keeps in this session."""
    kept = _kept()
    if not kept:
        return
    st.subheader(f"Your list ({len(kept)})")
    st.html(
        "<p class='hint'>Kept in this session only, with the figures of the search that found them: save it as a file.</p>"
    )
    rows = pd.DataFrame(list(kept.values()))
    chosen = _table(rows, "partner-saved")
    with st.container(horizontal=True):
        st.button(
            "Remove selected", key="partner-remove", disabled=not chosen, icon=":material/bookmark_remove:", on_click=_remove,
            args=(rows.iloc[chosen]["unit_id"].tolist(),),
        )  # fmt: skip
        st.download_button(
            "Save your list (CSV)", data=lambda: _csv(rows), file_name="my-partners.csv", mime="text/csv", key="saved-csv",
            on_click="ignore", icon=":material/download:",
        )  # fmt: skip


def _remove(unit_ids: Sequence[str]) -> None:
    st.session_state[SAVED] = {unit: row for unit, row in _kept().items() if unit not in unit_ids}


def _meeting(build_id: str, scope: Scope, found: pd.DataFrame) -> None:
    """The sheet for an institution of the list, or for the place, as preview and download."""
    st.subheader("Meeting sheet")
    st.html("<p class='hint'>One page for a first talk: three figures, three questions, one offer.</p>")
    names = {str(k): f"{v['name']}, {v['city']}" for k, v in _kept().items()}
    names |= {r["unit_id"]: f"{r['name']}, {r['city']}" for r in found.to_dict("records")}
    offers: Sequence[Action] = _offers(build_id, scope)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit_id = _choose("Meeting with", names, "the whole place", "partner-meeting", False, 420)
        offer = st.selectbox(
            "What you offer", range(len(offers)), format_func=lambda i: offers[i].what, key="partner-offer", width=420
        )
    sheet = _sheet(build_id, scope, unit_id, offer)
    st.html(meeting_sheet.body(sheet))
    st.download_button(
        "Save meeting sheet (HTML, prints on one page)", data=lambda: meeting_sheet.page(sheet).encode(),
        file_name=f"meeting-{unit_id or scope.state}.html", mime="text/html", key="sheet-html", on_click="ignore",
        icon=":material/print:",
    )  # fmt: skip


def links() -> None:
    """Where the state's CTE office and the workforce boards are found."""
    st.subheader("State offices and workforce boards")
    items = "".join(
        f"<li><a href='{html.escape(link.url, quote=True)}' rel='noopener'>{html.escape(link.name)}</a>: "
        f"{html.escape(link.what)}</li>"
        for link in partner_links.LINKS
    )
    st.html(f"<ul class='sources'>{items}</ul><p class='hint'>{html.escape(partner_links.CHECKED)}</p>")
