"""Taking stock: a worksheet comes back as it was saved, hostile text stays text, and the matrix counts what is there."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charts import stock
from charts.actions import PRINCIPLES
from charts.stock import Activity, Problem

#: Text that begins as a formula does, or is none of a spreadsheet's business.
HOSTILE = (
    "=1+1",
    "'=1+1",
    "''=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    "＝1+1",
    "\t=1",
    " =1",
    "<script>alert(1)</script>",
    '"; DROP TABLE state; --',
    "a\r\nb",
    "\x00\x1b[31m",
    "\u202eright to left",
    "\u2028=1",
    "1,2;3",
    "'tis",
)

texts = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE)).map(stock.clean)
activities = st.builds(
    Activity,
    name=texts,
    principle=st.sampled_from([None, *PRINCIPLES]),
    level=st.sampled_from(["", *stock.LEVELS]),
    kind=st.sampled_from(["", *stock.KINDS]),
    alignment=st.sampled_from(stock.ALIGNMENTS),
    would_align=texts,
    owner=texts,
    due=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2100, 12, 31))),
    status=st.sampled_from(["", *stock.STATUSES]),
)
worksheets = st.lists(activities.filter(lambda a: a != Activity()), max_size=8).map(tuple)


# ------------------------------------------------------------------ files


@given(worksheets)
def test_a_worksheet_comes_back_as_it_was_saved(sheet: tuple[Activity, ...]) -> None:
    assert stock.read("mine.json", stock.to_json(sheet)) == (sheet, ())
    assert stock.read("mine.CSV", stock.to_csv(sheet)) == (sheet, ())
    assert stock.from_frame(stock.to_frame(sheet)) == (sheet, ())


@given(worksheets)
def test_no_cell_of_a_saved_csv_is_a_formula(sheet: tuple[Activity, ...]) -> None:
    for row in csv.reader(io.StringIO(stock.to_csv(sheet).decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠")]


@given(st.text(max_size=60))
def test_what_is_defused_can_be_armed_again(text: str) -> None:
    assert stock.armed(stock.defused(text)) == text


@given(st.text(max_size=80))
def test_cleaned_text_is_one_printable_line(text: str) -> None:
    said = stock.clean(text)
    assert said.isprintable()
    assert said == stock.clean(said) == said.strip()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_in_any_column_is_text_or_a_problem(hostile: str) -> None:
    for column in stock.COLUMNS:
        content = json.dumps({"format": stock.FORMAT, "activities": [{"name": "x", column: hostile}]}).encode()
        loaded = stock.read("x.json", content)
        if column in {"name", "would_align", "owner"}:
            assert getattr(loaded.activities[0], column, None) == stock.clean(hostile)
        else:
            assert [p.column for p in loaded.problems] == [column] or not stock.clean(hostile)


@given(st.binary(max_size=300), st.sampled_from(["x.json", "x.csv", "x"]))
def test_no_bytes_raise(content: bytes, name: str) -> None:
    loaded = stock.read(name, content)
    assert not (loaded.activities and loaded.problems)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(stock.COLUMNS), inner, max_size=4),
    )
)
def test_no_json_raises(value: object) -> None:
    for content in (
        value,
        {"format": stock.FORMAT, "activities": value},
        {"format": stock.FORMAT, "activities": [value]},
    ):
        loaded = stock.read("x.json", json.dumps(content).encode())
        assert not (loaded.activities and loaded.problems)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.json", b"[" * 100_000, "The file is not JSON; load one that this page saved."),
        ("x.json", b'{"format": "other", "activities": []}', "The file is JSON, but no worksheet"),
        ("x.csv", b"\xff\xfe", "The file is not UTF-8 text"),
        ("x.csv", b"", "The first row must name the columns"),
        ("x.csv", b"level,kind\nlocal,equipment\n", "The first row must name the columns"),
        ("x.csv", b"name,name\na,b\n", "The first row must name the columns"),
        ("x.csv", b"name,colour\na,red\n", "not known: colour."),
        ("x.csv", b"name,level\na,local,b\n", "Row 1 has more cells than there are columns"),
        ("x.csv", b"name\n" + b"a" * 200_000, "500"),
        ("x.csv", b"name\n" + b"a\n" * 501, "The file has 501 activities; 500 are the most."),
        ("x.csv", b"a" * 1_000_001, "The file has 1,000,001 bytes; 1,000,000 are the most."),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(name: str, content: bytes, said: str) -> None:
    loaded = stock.read(name, content)
    assert loaded.activities == ()
    assert len(loaded.problems) == 1
    assert said in str(loaded.problems[0])


def test_each_wrong_cell_is_named_and_nothing_is_taken_over() -> None:
    table = (
        "name,principle,level,kind,alignment,due,owner\n"
        "Good one,1,local,equipment,aligned,2026-12-01,Ann\n"
        "Wrong,6,county,gift,maybe,soon,Ben\n"
        f"Long,2,state,equipment,not,,{'x' * 501}\n"
    )
    loaded = stock.read("x.csv", table.encode())
    assert loaded.activities == ()
    assert [(p.row, p.column) for p in loaded.problems] == [
        (2, "principle"),
        (2, "level"),
        (2, "kind"),
        (2, "alignment"),
        (2, "due"),
        (3, "owner"),
    ]
    assert str(loaded.problems[1]) == "Row 2, level: “county” is none of national, state and local."


def test_a_spreadsheets_ways_of_writing_are_understood() -> None:
    table = "\ufeffName;Principle;Level;Due\nOpen house;3.0;STATE;11/25/2026\nVisits;2 Real choice;local;2026-11-25 00:00:00\n;;;\n"
    loaded = stock.read("x.csv", table.encode())
    assert loaded.problems == ()
    assert loaded.activities == (
        Activity("Open house", 3, "state", due=date(2026, 11, 25)),
        Activity("Visits", 2, "local", due=date(2026, 11, 25)),
    )


def test_a_problem_of_a_row_is_a_sentence() -> None:
    assert str(Problem(0, "", "It is empty.")) == "It is empty."
    assert str(Problem(4, "", "It is empty.")) == "Row 4: It is empty."


# ------------------------------------------------------------------ the matrix


@given(worksheets)
def test_the_matrix_counts_what_is_there(sheet: tuple[Activity, ...]) -> None:
    matrix = stock.coverage(sheet)
    assert len(matrix) == len(PRINCIPLES) * len(stock.LEVELS)
    counted = Counter((a.principle, a.level, a.alignment) for a in sheet if a.name and a.principle and a.level)
    for row in matrix.to_dict("records"):
        for alignment in stock.ALIGNMENTS:
            assert row[f"{alignment}_count"] == counted[row["principle"], row["level"], alignment]
        assert row["is_hole"] == (row["aligned_count"] + row["partly_count"] == 0)
    placed = sum(counted.values())
    assert placed == matrix["activities_count"].sum()
    assert placed + stock.not_placed(sheet) == sum(bool(a.name) for a in sheet)
    assert sum(len(stock.names_in(sheet, p, level)) for p in PRINCIPLES for level in stock.LEVELS) == placed
    said = stock.holes(matrix)
    assert set(said) == set(matrix.loc[matrix["is_hole"], "principle"])
    for principle, sentence in said.items():
        levels = matrix.loc[matrix["is_hole"] & (matrix["principle"] == principle), "level"]
        assert all(level in sentence for level in levels)
        assert sentence.endswith(".")


def test_what_an_example_says() -> None:
    sheet = (
        Activity("Advisory board", 1, "local", "program validation", "aligned"),
        Activity("Internships", 2, "state", "work-based learning", "partly"),
        Activity("Gift", 5, "national", "philanthropy", "unknown"),
        Activity("Machines", kind="equipment"),
    )
    matrix = stock.coverage(sheet)
    assert stock.finding(matrix) == (
        "3 activities; 13 of the 15 places in the matrix have nothing known to be aligned, even in part: nothing on any level for "
        "Flexible routes, Expert teachers and Joined-up systems"
    )
    assert stock.holes(matrix) == {
        1: "Nothing yet on the national and state levels.",
        2: "Nothing yet on the national and local levels.",
        3: "Nothing yet on the national, state and local levels.",
        4: "Nothing yet on the national, state and local levels.",
        5: "Nothing yet on the state and local levels; something, but nothing known to be aligned, on the national level.",
    }
    cells = {(c.principle, c.level): stock.cell_says(c) for c in matrix.itertuples(index=False)}
    assert cells[1, "local"] == "1 activity: 1 aligned"
    assert cells[5, "national"] == "1 activity: 1 not known"
    assert cells[3, "state"] == "Nothing yet"
    assert "equipment" not in stock.kinds_missing(sheet)
    assert len(stock.kinds_missing(sheet)) == len(stock.KINDS) - 4
    assert stock.not_placed(sheet) == 1


def test_a_full_matrix_has_no_hole() -> None:
    sheet = [Activity("x", p, level, alignment="partly") for p in PRINCIPLES for level in stock.LEVELS]
    matrix = stock.coverage(sheet)
    assert stock.holes(matrix) == {}
    assert stock.finding(matrix) == (
        "15 activities, and each principle has something aligned, at least in part, on each of the 3 levels"
    )


def test_questions_are_one_for_each_kind_and_hold_no_activity() -> None:
    assert [a.kind for a in stock.questions()] == list(stock.KINDS)
    assert stock.coverage(stock.questions())["activities_count"].sum() == 0
    assert all(question.endswith("?") for question in stock.KINDS.values())


def test_the_editors_blanks_are_blanks() -> None:
    frame = pd.DataFrame([dict.fromkeys(stock.HEADINGS.values())] * 2)
    frame["Date"] = pd.NaT
    frame.loc[0, "Activity"] = "Visits"
    assert stock.from_frame(frame) == ((Activity("Visits"),), ())
    assert stock.to_frame(()).columns.tolist() == list(stock.HEADINGS.values())
    assert tuple(stock.HEADINGS) == stock.COLUMNS
