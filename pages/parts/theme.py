"""The colours of the app's own texts, light or dark, and what differs in the print view and within another page."""

from __future__ import annotations

import streamlit as st

from charts import style
from pages.parts.scope_bar import is_embedded, is_print_view

NAMES = {
    "ink": style.INK,
    "text": style.TEXT,
    "quiet": style.QUIET,
    "ground": style.WHITE,
    "grid": style.GRID,
    "accent": style.ACCENT,
}
#: On paper the page must not scroll in a box of the window's height, and a chart stays on one sheet.
PRINTED = """
[data-testid=stMainBlockContainer] { max-width: 640px; padding: 1rem 0; }
[data-testid=stHeader], [data-testid=stToolbar], [data-testid=stStatusWidget] { display: none; }
@page { size: letter; margin: 15mm; }
@media print {
  html, body, #root, [data-testid=stApp], [data-testid=stAppViewContainer], [data-testid=stMain] {
    position: static !important; height: auto !important; overflow: visible !important; display: block !important;
  }
  .finding, .question, .place, .section { break-after: avoid; }
  /* So that a chart with its headline and what it means stands whole on one sheet. */
  [data-testid=stMainBlockContainer] { zoom: 0.78; }
  [class*=st-key-block-] { break-inside: avoid; }
  /* But for one right under the page's title, which would else stand alone: what it means may go on to the second sheet. */
  :has(.page-title) + * [class*=st-key-block-] { break-inside: auto !important; }
  [data-testid=stPlotlyChart], .badge, .means, tr, .fact { break-inside: avoid; }
}
"""

#: Within another page there is no bar above, and that page has margins of its own.
EMBEDDED = """
[data-testid=stMainBlockContainer] { padding: .3rem .3rem 1rem; }
"""


def is_dark() -> bool:
    """Whether to draw for a dark screen; paper is white."""
    return st.context.theme.type == "dark" and not is_print_view()


def theme_style() -> str:
    """A style element with the house's colours as CSS names for the theme that the person's browser shows."""
    names = ";".join(f"--{name}:{style.IN_THE_DARK[colour] if is_dark() else colour}" for name, colour in NAMES.items())
    more = PRINTED if is_print_view() else EMBEDDED if is_embedded() else ""
    return f"<style>:root{{{names}}} {more}</style>"
