"""What does the vision ask of industry?"""

import html

import pandas as pd
import streamlit as st

from charts import vision
from charts.actions import PRINCIPLES
from pages.parts import block, plain
from pages.parts.scope_bar import scope_bar

QUESTION = "What does the vision ask of industry?"
CHARTS = ()

scope = scope_bar()
block.title(
    QUESTION,
    "This dashboard follows a vision for Career Technical Education (CTE) from 2016: five principles, and four things that "
    "business is called on to do. It is told here in our words; the place chosen above goes along to the pages linked below.",
)
st.html(
    f"<p class='means'><b>{html.escape(vision.TITLE)}</b> came out in May 2016. It is supported by Advance CTE and eleven other "
    "national organizations, and was endorsed more widely; the U.S. Chamber of Commerce Foundation is among the supporters. People "
    "from K-12 and postsecondary education, workforce development and business wrote it together.</p>"
    "<p class='badge'><b>Our reading.</b> Advance CTE has not reviewed or endorsed this dashboard or what it says of the "
    "vision.</p>"
)

plain.section(
    "Four calls to industry", "In the order in which one would answer them, each with the page that helps to do it."
)
for number, (call, column) in enumerate(zip(vision.CALLS, st.columns(2) + st.columns(2), strict=True), start=1):
    with column.container(border=True, key=f"call-{number}", height="stretch"):
        st.html(
            f"<h3 class='card'>{number}. {html.escape(call.name)}</h3><p class='means'>{html.escape(call.asks)}</p>"
        )
        plain.links(call.pages)

plain.section(
    "Five principles, each as important as the others",
    "What each holds, what the vision asks of states and schools under it, and how far public figures go. Every figure set beside "
    "a principle is a proxy: there are no published scores of these principles, and no total is made of them here.",
)
for principle in plain.principles():
    with st.container(border=True, key=f"principle-{principle.number}"):
        asks = "".join(f"<li>{html.escape(text)}</li>" for text in principle.asks)
        st.html(
            f"<h3 class='card'>{principle.number}. {html.escape(principle.name)}</h3><p class='means'><b>"
            f"{html.escape(principle.holds)}.</b> It asks to:</p><ul class='terms'>{asks}</ul>"
        )
        with plain.fold("What our figures can and cannot say"):
            said = "".join(
                f"<li><b>{html.escape('; '.join(p.titles))}</b>: {html.escape(p.note)}</li>" for p in principle.proxies
            )
            st.html(f"<ul class='terms'>{said}</ul>")
        st.html(f"<p class='means'><b>No public figure shows</b> {html.escape(principle.not_measured)}.</p>")
        plain.links({PRINCIPLES[principle.number][0]: f"{principle.name}: the figures and what industry can do"})

plain.section(
    "The visions that came after",
    "Two later visions carry these ideas on. Which principle went where is our reading, and the words are ours.",
)
plain.table(
    pd.DataFrame(
        [
            {
                "Putting Learner Success First (2016)": f"{p.number} {p.name}",
                "CTE Without Limits (2021)": "; ".join(p.later[2021]),
                "The Connected Path (April 2026)": "; ".join(p.later[2026]),
            }
            for p in plain.principles()
        ]
    ),
    "Principles of 2016 and where they went",
    wide=True,
)
st.html(
    "<p class='means'>The sixth principle of 2026, on using new technology well and responsibly, has no forerunner in 2016. The "
    "same vision asks that data be open and easy to understand; this dashboard is an attempt at that. Read them at their source: "
    f"<a href='{vision.WITHOUT_LIMITS_URL}'>CTE Without Limits</a> and <a href='{vision.CONNECTED_PATH_URL}'>The Connected Path"
    "</a>.</p>"
)

plain.section("Sign on, cite, pass it on")
st.html(
    f"<ul class='terms'><li><b>Sign on</b>: <a href='{vision.SIGN_ON_URL}'>careertech.org/shared-vision-sign-on</a> (2016 "
    "campaign; may be closed).</li>"
    f"<li><b>Cite the vision</b>: {html.escape(vision.CITATION)}</li>"
    "<li><b>Pass it on</b>: say which principle you mean, what you do yourself, and one figure of your state with its source and "
    "date. Do not speak for Advance CTE.</li></ul>"
)
block.end(scope)
