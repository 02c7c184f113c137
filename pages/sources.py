"""Where does every number come from?"""

import html

import streamlit as st

from charts import provenance
from pages.parts import block, data, plain
from pages.parts.scope_bar import is_fixed, scope_bar

QUESTION = "Where does every number come from?"
CHARTS = ()

scope = scope_bar()
block.title(
    QUESTION,
    "Every figure is parsed from a file that its publisher gives out, and every derived figure from those. Here is each source "
    "with its age, what is missing, every table to look up and save, and how each measure is computed.",
)
states, dictionary = plain.source_states(), plain.dictionary()
tables = provenance.tables(dictionary)
block.facts_row(provenance.facts(data.reader(), states, len(tables)))

plain.section(
    "Sources",
    "“Next, expected” follows from how often a source is published and the newest period here; it is no announcement of the "
    "publisher.",
)
plain.table(
    provenance.source_table(states, plain.today(), data.failing()),
    "Sources, what they cover and how old they are",
    wide=True,
)
with plain.fold("Licence, citation and withheld values of each source"):
    cited = "".join(
        f"<li><a href='{html.escape(s.landing_url, quote=True)}'>{html.escape(s.title)}</a> ({html.escape(s.publisher)}). "
        f"<b>Licence:</b> {html.escape(s.licence)}. <b>Cite:</b> {html.escape(s.citation)} <b>Withheld values:</b> "
        f"{html.escape(s.suppression)} {f'<b>How to get it:</b> {html.escape(s.how_to_get)}' if s.how_to_get else ''}</li>"
        for s in states
    )
    st.html(f"<ul class='sources'>{cited}</ul>")
failures = provenance.failures(states, data.failing())
if failures:
    plain.section("The last refresh failed", "These sources keep the figures they had; the next refresh tries again.")
    plain.bullets(failures)

plain.section("What changed at the last refresh", provenance.changed_lead(data.reader()))
for changed, label in (
    (provenance.changed_tables(data.reader()), "Rows added, revised and dropped, by table"),
    (provenance.changed_headlines(data.reader()), "Figures that were revised"),
):
    if not changed.empty:
        plain.table(changed, label)

plain.section(
    "What is missing or old",
    "Computed from the sources and the place chosen above. A period counts as old when it ended more than twice as long ago as a "
    "source of its rhythm may rest before it is looked at again.",
)
plain.bullets(plain.missing(scope))


def dictionary_search() -> None:
    """Look up a table or column, and save a whole table."""
    plain.section("Data dictionary", "Every table and column as the warehouse itself describes them.")
    words_sought = st.text_input("Search tables and columns", placeholder="median wage", key="dictionary-search")
    found = provenance.search(dictionary, words_sought)
    if words_sought:
        st.html(
            f"<p class='hint'>{len(found)} of {len(dictionary)} columns have “{html.escape(words_sought)}” in their table, name or "
            "description.</p>"
        )
        if 0 < len(found) <= block.LONGEST_PLAIN_TABLE:
            plain.table(provenance.matches(found), "Columns that were found")
    names = provenance.tables(found)["table_name"].tolist()
    if names:
        chosen = st.selectbox("Table", names, key="dictionary-table")
        about = tables.set_index("table_name").loc[chosen]
        st.html(
            f"<p class='means'><b>{html.escape(about['table_says'])}.</b> {about['row_count']:,} rows. Figures of: "
            f"{html.escape(about['sources'])}.</p>"
        )
        plain.table(provenance.columns(dictionary, chosen), f"Columns of {chosen}")
        if provenance.may_download(int(about["row_count"])):
            with st.container(horizontal=True):
                st.download_button(
                    "Save table (CSV)", data=lambda: provenance.table_file(data.reader(), chosen, "csv"), file_name=f"{chosen}.csv",
                    mime="text/csv", key="table-csv", on_click="ignore", icon=":material/download:",
                )  # fmt: skip
                st.download_button(
                    "Save table (Parquet)", data=lambda: provenance.table_file(data.reader(), chosen, "parquet"),
                    file_name=f"{chosen}.parquet", mime="application/octet-stream", key="table-parquet", on_click="ignore",
                    icon=":material/download:",
                )  # fmt: skip
        else:
            st.html(
                "<p class='means'>Too long to save from here: the command <code>python -m etl export DIR --format csv</code> "
                "writes every table, with its description and citations.</p>"
            )
    else:
        st.info("No table or column has all of these words; try one of them, or a part of a word.")


if not is_fixed():
    dictionary_search()
plain.section(
    "How each measure is computed",
    "From the same definitions that the project’s tests hold the code to.",
)
st.html(f"<p class='means'>{html.escape(provenance.notation())}</p>")
for method in provenance.methods():
    with plain.fold(f"{method.name}: {method.answers}"):
        parts = "".join(f"<li><b>{html.escape(name)}</b>: {html.escape(text)}</li>" for name, text in method.parts)
        st.html(f"<ul class='terms'>{parts}</ul>")

plain.section(
    "Published figures that come out again",
    "Each is printed by its publisher or was found by an independent hand; the committed snapshot gives the same, and a test "
    "compares.",
)
plain.table(provenance.reproduced(), "Figures that reproduce")

plain.section("How to cite")
st.html(
    f"<p class='means'>{html.escape(provenance.cite(data.reader()))}</p><p class='hint'>A build id names the files and the code "
    "that a figure came from; two builds of the same id hold the same figures.</p>"
)
block.end(scope)
