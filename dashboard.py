"""Talent Gap Atlas: page config, the first build, navigation. ``streamlit run dashboard.py`` opens it."""

from pathlib import Path

import streamlit as st

from etl.errors import AtlasError
from etl.settings import Settings
from etl.warehouse.read import is_current
from pages.parts.first_build import build_with_progress

PARTS = Path(__file__).parent / "pages" / "parts"

# The icon is a file of ours: a named symbol or an emoji would be asked for outside this machine.
st.set_page_config(page_title="Talent Gap Atlas", page_icon=str(PARTS / "icon.svg"), layout="wide")
st.html(PARTS / "style.css")
st.logo(str(PARTS / "logo.svg"), size="large")

PAGES = {
    "Start": [st.Page("pages/overview.py", title="Overview", default=True)],
    "The gap": [
        st.Page("pages/industries.py", title="Industries"),
        st.Page("pages/pathways.py", title="Pathways"),
    ],
    "Principles": [st.Page("pages/experts.py", title="Expert teachers")],
    "Act": [st.Page("pages/partners.py", title="Find partners")],
}

page = st.navigation(PAGES, position="top")
st.session_state["page"] = page.url_path
try:
    if not is_current(Settings.from_environment()):
        build_with_progress(Settings.from_environment())
    page.run()
except AtlasError as error:
    st.error(str(error))
