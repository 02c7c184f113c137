"""Talent Gap Atlas: page config, the first build, navigation. ``streamlit run dashboard.py`` opens it."""

from pathlib import Path

import streamlit as st

from etl.errors import AtlasError
from etl.settings import Settings
from etl.warehouse.read import is_current
from pages.parts.first_build import build_with_progress
from pages.parts.scope_bar import is_print_view
from pages.parts.theme import is_dark, theme_style

PARTS = Path(__file__).parent / "pages" / "parts"

# The icon is a file of ours: a named symbol or an emoji would be asked for outside this machine.
st.set_page_config(page_title="Talent Gap Atlas", page_icon=str(PARTS / "icon.svg"), layout="wide")
st.html(PARTS / "style.css")
st.html(theme_style())
st.html(PARTS / "menu.js.html", unsafe_allow_javascript=True)
st.logo(str(PARTS / ("logo_dark.svg" if is_dark() else "logo.svg")), size="large")

PAGES = {
    "Start": [
        st.Page("pages/overview.py", title="Overview", default=True),
        st.Page("pages/vision.py", title="The vision"),
    ],
    "The gap": [
        st.Page("pages/industries.py", title="Industries"),
        st.Page("pages/pathways.py", title="Pathways"),
    ],
    "Principles": [
        st.Page("pages/quality.py", title="Quality programs"),
        st.Page("pages/choice.py", title="Real choice"),
        st.Page("pages/flexible.py", title="Flexible routes"),
        st.Page("pages/experts.py", title="Expert teachers"),
        st.Page("pages/systems.py", title="Joined-up systems"),
    ],
    "Act": [
        st.Page("pages/partners.py", title="Find partners"),
        st.Page("pages/take_stock.py", title="Take stock"),
        st.Page("pages/testify.py", title="Testify"),
    ],
    "Data": [
        st.Page("pages/your_data.py", title="Your data"),
        st.Page("pages/sources.py", title="Sources and methods"),
    ],
}

page = st.navigation(PAGES, position="hidden" if is_print_view() else "top")
st.session_state["page"] = page.url_path
try:
    if not is_current(Settings.from_environment()):
        build_with_progress(Settings.from_environment())
    page.run()
except AtlasError as error:
    st.error(str(error))
