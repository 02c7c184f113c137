"""A person's file on a page: uploaded, understood, asked about, shown and saved. It lives in the session and nowhere else.

Nothing here is cached across sessions or written to disk: what was worked out of a file is kept in the session's own state,
under the file's content and the answers, and replaced with the next.
"""

from __future__ import annotations

import hashlib
import html
import shlex
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from charts import anatomy, loaded_clusters, loaded_mix, own_file, words
from charts.chart import Chart
from charts.export_stamp import csv_text
from charts.scope import Scope
from etl.errors import AtlasError
from etl.imports.answers import KINDS, MAX_MAP_BYTES, Answers, read_map, write_map
from etl.imports.publish import publishable
from etl.imports.report import ROLE_WORDS, suggested, summary
from etl.imports.understand import Question, Understanding, understand
from etl.warehouse.read import Citation
from pages.parts import data, plain
from pages.parts.theme import is_dark

MAX_MB = 20
TAKES = (
    "CSV or XLSX, at most 20 MB, with headings over the columns: exports of the Perkins Data Explorer, or a table of a state, "
    "district or college.",
    "One column per cluster, or one row per cluster; names of the 16 clusters of 2002 or the 14 of 2024, shortened or with typing "
    "errors too. A file is compared with openings in its own framework.",
    "Masked cells (<10, *, --, S), totals, and districts with their schools: totals are recognised, and schools are never added to "
    "their district.",
    "Yearly openings of a state or region, by occupation code or by cluster, to compare districts with once loaded.",
)
KIND_LABELS = {"enrollment": "students", "awards": "awards", "openings": "yearly openings"}
#: Questions asked at once; after those are answered the next are.
MOST_QUESTIONS = 12
MOST_ROWS_SHOWN = 200
_KEPT = "own-file-kept"


def uploaded() -> None:
    """Upload, understanding, questions, and the file's charts."""
    with st.container(horizontal=True):
        file = st.file_uploader(
            "Your table (CSV or XLSX)", type=["csv", "xlsx", "txt", "tsv"], max_upload_size=MAX_MB, key="own-file"
        )
        map_file = st.file_uploader(
            "A map saved from this page, if you have one (TOML)", type=["toml"], max_upload_size=1, key="own-map"
        )
    if file is None:
        st.session_state.pop(_KEPT, None)
        return
    try:
        answers = (
            read_map(map_file.getvalue()[: MAX_MAP_BYTES + 1].decode("utf-8", "replace"), map_file.name)
            if map_file
            else Answers()
        )
        answers = _general(answers)
        found = _understood(file.getvalue(), file.name, answers)
        for _ in range(3):  # an answer may lead to the next question
            asked = _ask(found)
            if asked == found.answers:
                break
            found = _understood(file.getvalue(), file.name, asked)
        _show(found)
        if found.is_ready:
            _use(found, file.name)
        elif not found.questions and not found.problems:
            found.need_ready()
    except AtlasError as error:
        st.error(str(error))


def _understood(content: bytes, name: str, answers: Answers) -> Understanding:
    """What is in the file, worked out once per content and answers, for this session."""
    key = (hashlib.sha256(content).hexdigest(), name, repr(answers))
    kept: dict[Any, Understanding] = st.session_state.setdefault(_KEPT, {})
    if key not in kept:
        if len(kept) > 4:
            kept.clear()
        with st.spinner("Reading the file"):
            kept[key] = understand(content, name, answers)
    return kept[key]


def _general(answers: Answers) -> Answers:
    kind = st.radio(
        "What does it count?", KINDS, format_func=KIND_LABELS.__getitem__, horizontal=True, key="own-kind",
        index=KINDS.index(answers.kind),
    )  # fmt: skip
    return replace(answers, kind=kind)


# ------------------------------------------------------------------ what is asked


def _ask(found: Understanding) -> Answers:
    """Controls for the open questions; gives the answers with what was chosen."""
    answers = found.answers
    open_questions = found.questions[:MOST_QUESTIONS]
    if not open_questions:
        return answers
    with st.container(border=True, key=f"own-questions-{len(open_questions)}-{open_questions[0].key}"):
        st.html("<h3 class='card'>The file does not say</h3>")
        for question in open_questions:
            said = _answer(question)
            if said:
                answers = _with(answers, question, said)
        more = len(found.questions) - len(open_questions)
        if more:
            st.html(f"<p class='hint'>And {more} more after these; a map (below) answers many names at once.</p>")
    return answers


def _answer(question: Question) -> str:
    key = f"own-{question.key}-{hashlib.sha256(question.about.encode()).hexdigest()[:8]}"
    if question.options:
        return st.selectbox(question.text, question.options, index=None, key=key, placeholder="Choose") or ""
    return st.text_input(question.text, key=key, max_chars=40).strip()


def _with(answers: Answers, question: Question, said: str) -> Answers:
    if question.key == "columns":
        return replace(answers, columns=answers.columns | {question.about: said})
    if question.key == "clusters":
        return replace(answers, clusters=answers.clusters | {question.about: said})
    if question.key == "years":
        return replace(answers, years=int(said)) if said.isdigit() and len(said) < 3 else answers
    return replace(answers, **{question.key: said})  # type: ignore[arg-type]


# ------------------------------------------------------------------ what was understood


def _show(found: Understanding) -> None:
    """Columns, clusters, what was left out and why, and what is wrong where."""
    for line in summary(found):
        st.html(f"<p class='means'><b>What it holds.</b> {html.escape(line)}.</p>")
    if found.problems:
        st.error(f"{len(found.problems):,} things are wrong in the file; correct them and upload it again.")
        wrong = [(str(p.row or ""), p.column, p.what) for p in found.problems[:20]]
        plain.table(
            pd.DataFrame(wrong, columns=["Row", "Column", "What is wrong"]),
            "What is wrong, by row and column",
            wide=True,
        )
    with plain.fold("What was understood"):
        where = f"sheet {found.sheet}, " if found.sheet else ""
        st.html(f"<p class='hint'>{html.escape(where)}headings in row {found.header_row}, one column per "
                f"{'cluster' if found.layout == 'wide' else 'quantity'}.</p>")  # fmt: skip
        read = {use.label: use for use in found.clusters}
        rows = [
            (u.heading, ROLE_WORDS[u.role], read[u.heading].cluster if u.heading in read else u.meaning)
            for u in found.columns
        ]
        plain.table(
            pd.DataFrame(rows, columns=["Column", "Read as", "Which"]), "Columns and what they were read as", wide=True
        )
        if found.layout == "long" and found.clusters:
            named = [(u.label, u.cluster, f"{u.likeness:.2f}") for u in found.clusters[:60]]
            plain.table(
                pd.DataFrame(named, columns=["Name in the file", "Cluster", "Likeness"]),
                "Names and their clusters",
                wide=True,
            )
    if found.dropped or found.notes:
        with plain.fold("What was left out, and what to know"):
            plain.bullets([*(f"Left out: {d}" for d in found.dropped[:40]), *found.notes])
    st.download_button(
        "Save this reading as a map (TOML)", data=lambda: write_map(suggested(found)).encode(), file_name="map.toml",
        mime="application/toml", key="own-map-save", on_click="ignore", icon=":material/download:",
    )  # fmt: skip


# ------------------------------------------------------------------ what it says


def _use(found: Understanding, name: str) -> None:
    """The rows that may be shown: charts, table, files, and the command that loads them for good."""
    kept = st.session_state[_KEPT]
    key = ("rows", id(found))
    if key not in kept:
        with st.spinner("Withholding small cells"):
            kept[key] = publishable(found)
    rows: pd.DataFrame = kept[key]
    if found.answers.kind != "openings":
        _charts(rows, found)
        withheld = int(rows["is_suppressed"].sum())
        st.html(f"<p class='hint'>{withheld:,} of {len(rows):,} counts are withheld, masked or not reported.</p>")
    with st.expander(f"The rows as they may be shown ({len(rows):,})"):
        st.dataframe(rows.head(MOST_ROWS_SHOWN), hide_index=True)
    st.download_button(
        "Save the cleaned rows (CSV)", data=lambda: csv_text(rows).encode(), file_name="cleaned.csv", mime="text/csv",
        key="own-rows-save", on_click="ignore", icon=":material/download:",
    )  # fmt: skip
    st.html("<p class='means'>To load them for good on a computer of your own, save the map and run</p>")
    st.code(f"python -m etl import {shlex.quote(name)} --map map.toml", language="bash")


def _charts(rows: pd.DataFrame, found: Understanding) -> None:
    reader = data.reader()
    everyone = rows[rows["population"] == "all"].rename(columns={"awards_count": "students_count"})
    if "measure" not in everyone:
        everyone = everyone.assign(measure="awards")
    there = sorted({r for state in everyone["state_fips"].unique() for r in own_file.regions(reader, str(state))})
    region = ""
    if there:
        region = st.selectbox(
            "Openings of", ["", *there], format_func=lambda r: r or "the whole state", key="own-region"
        )
    mix = own_file.mixes(reader, everyone, region)
    if mix.empty:
        st.info("All counts by cluster are withheld or not reported, so that no mix can be compared.")
        return
    cited = _cited(found.name)
    _draw(loaded_mix.CHART, mix, cited)
    places = everyone[own_file.PLACE].drop_duplicates().reset_index(drop=True)
    chosen = 0
    if len(places) > 1:
        labels = [
            f"{'The whole state' if p.district == 'all' else p.district}, {p.school_year}, {p.education_level} {p.measure}"
            for p in words.each(places)
        ]
        chosen = st.selectbox("Place", range(len(labels)), format_func=labels.__getitem__, key="own-place")
    clusters = own_file.clusters(reader, everyone.merge(places.iloc[[chosen]], on=own_file.PLACE), region)
    if clusters.empty:
        st.info("All counts of this place are withheld or not reported; choose another.")
        return
    _draw(loaded_clusters.CHART, clusters, cited)


def _cited(name: str) -> list[Citation]:
    """The file itself, and where the openings are from."""
    own = Citation("", f"your file {words.shortened(name, 40)}", "", "", "", "", "", plain.today(), "inbox")
    return [own, *data.citations(("framework_openings",))]


def _draw(chart: Chart, frame: pd.DataFrame, cited: list[Citation]) -> None:
    """A registered chart on the session's rows."""
    scope = Scope()
    with st.container(border=True, key=f"own-{chart.id}"):
        st.html(
            f"<p class='question'>{html.escape(chart.question)}</p><h2 "
            f"class='finding'>{html.escape(chart.finding(frame, scope))}</h2>"
            f"<p class='subtitle'>{html.escape(chart.subtitle(frame, scope))}</p>"
        )
        figure: Any = anatomy.on_screen(chart.figure(frame, scope), cited)
        if is_dark():
            figure = anatomy.in_the_dark(figure.to_plotly_json())
        st.plotly_chart(
            figure, theme=None, key=f"own-figure-{chart.id}", alt=chart.alt(frame, scope),
            config={"displayModeBar": False, "responsive": True},
        )  # fmt: skip
        st.html(
            f"<p class='means'><b>What this means.</b> {html.escape(chart.means)} <b>What it does not mean.</b> "
            f"{html.escape(chart.means_not)}</p>"
        )
        st.html(f"<p class='badge'><b>How firm.</b> {html.escape(loaded_mix.firmness(frame.head(1)))}</p>")
        table = chart.table(frame)
        with st.expander(f"The same numbers as a table ({len(table):,} rows)"):
            plain.table(table, "The chart’s numbers", wide=True)
        st.download_button(
            "Save numbers (CSV)", data=lambda: csv_text(table).encode(), file_name=f"{chart.id}.csv", mime="text/csv",
            key=f"own-save-{chart.id}", on_click="ignore", icon=":material/download:",
        )  # fmt: skip
