"""What is understood of the tables that people have, what is asked, and what is refused, by row and column."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pandas as pd
import pytest

from etl.codes import FRAMEWORK_2002, FRAMEWORK_2024
from etl.errors import AtlasError, UsageError
from etl.imports.answers import Answers, read_map, write_map
from etl.imports.canonical import csv_to_rows, rows_to_csv
from etl.imports.names import CLUSTERS, match_cluster, school_year, value
from etl.imports.publish import publishable
from etl.imports.report import report_lines, suggested
from etl.imports.table import read_table
from etl.imports.understand import Understanding, understand
from measures.alignment import enrolment_mix
from tests.etl.helpers import assert_one_sentence
from tests.etl.import_files import (
    CALIFORNIA,
    CONCENTRATORS,
    LONG,
    LONG_ANSWERS,
    SAMPLES,
    WIDE,
    csv_bytes,
    needs_samples,
    xlsx_bytes,
)

DISTRICT = Answers(state="WV", school_year="2023-24", education_level="secondary", measure="concentrators")
#: The district table of the methods: enrolled and yearly openings by cluster.
FIGURES = {
    "Ag": (820, 635), "Architecture": (89, 959), "Arts": (382, 36), "Business": (328, 3098), "Education": (28, 630),
    "Finance": (82, 462), "Health": (877, 1316), "Hospitality": (110, 3092), "Human Services": (340, 540), "IT": (80, 156),
    "Law": (336, 368), "Manufacturing": (238, 2108), "Marketing": (431, 1763), "STEM": (180, 178),
}  # fmt: skip


def sample(name: str, answers: Answers) -> Understanding:
    return understand((SAMPLES / name).read_bytes(), name, answers)


def cell(understood: Understanding, **where: str) -> object:
    rows = understood.rows
    for column, wanted in ({"population": "all", "district": "all"} | where).items():
        rows = rows[rows[column] == wanted]
    assert len(rows) == 1
    return None if pd.isna(rows["students_count"].iloc[0]) else int(rows["students_count"].iloc[0])


def refused(data: bytes, *parts: str, answers: Answers = DISTRICT, name: str = "file.csv") -> str:
    with pytest.raises(AtlasError) as caught:
        understand(data, name, answers).need_ready()
    assert_one_sentence(str(caught.value).replace("U.S.", ""), *parts)
    return str(caught.value)


# ------------------------------------------------------------------ the samples


@needs_samples
def test_north_carolina_secondary_loads_exactly() -> None:
    found = sample("ncSecondary.xlsx", CONCENTRATORS)
    assert (found.layout, found.header_row, found.problems, found.questions) == ("wide", 1, (), ())
    assert cell(found, cluster="all") == 54_075
    assert cell(found, cluster="Health Science") == 10_012
    rows = publishable(found)
    shown = rows[rows["population"] == "all"].set_index("cluster")["students_count"]
    assert (shown["all"], shown["Health Science"], shown["Education & Training"]) == (54_075, 10_012, 128)
    assert shown.isna().sum() == 2, "only what the state did not report is missing of all students"
    assert not ((rows["students_count"] > 0) & (rows["students_count"] < 10)).any()


@needs_samples
def test_north_carolina_postsecondary_keeps_its_total() -> None:
    rows = publishable(sample("ncPostSecondary.xlsx", CONCENTRATORS))
    shown = rows[rows["population"] == "all"].set_index("cluster")["students_count"]
    assert (shown["all"], shown["Health Science"]) == (62_641, 14_450)
    assert pd.isna(shown["Marketing"]), "six students"
    assert shown.isna().sum() == 2, "and one other, that the total does not give them away"


@needs_samples
def test_whom_a_file_counts_is_asked() -> None:
    found = sample("ncSecondary.xlsx", Answers())
    assert [q.key for q in found.questions] == ["measure"]
    assert found.questions[0].options == ("participants", "concentrators", "completers")


@needs_samples
def test_california_programs_load_by_a_map() -> None:
    found = sample("ca_datavista_statewide.csv", CALIFORNIA)
    raw = pd.read_csv(SAMPLES / "ca_datavista_statewide.csv", dtype=str)
    students = raw[raw["METRIC_MENU_NAME"] == "Students"]
    health = students[students["PROGRAM"].str.startswith("12") & (students["YEAR_ID"] == "2022-2023")]
    rows = found.rows[(found.rows["cluster"] == "Health Science") & (found.rows["school_year"] == "2022-23")]
    assert rows["students_count"].sum() == health["metric"].astype(float).sum() > 100_000
    assert len(found.rows) == 16
    assert any("counts twice" in note for note in found.notes)
    asked = sample("ca_datavista_statewide.csv", Answers(state="CA"))
    assert [q.key for q in asked.questions] == ["clusters"]
    assert "404 names" in asked.questions[0].text


@needs_samples
def test_california_openings_are_ten_year_totals() -> None:
    found = sample("california_edd_long_term_2023-2033.xlsx", Answers(kind="openings"))
    assert (found.sheet, found.header_row, found.answers.years) == ("Occupational", 4, 10)
    rows = found.rows.set_index("soc_code")
    assert len(rows) == 676
    assert set(rows["state_fips"]) == {"06"}
    assert (rows.loc["11-1011", "openings_annual_count"], rows.loc["11-1021", "openings_annual_count"]) == (
        4_058,
        27_102,
    )
    assert set(zip(rows["base_year"], rows["projection_year"], strict=True)) == {(2023, 2033)}


# ------------------------------------------------------------------ layouts


def test_the_district_table_of_the_methods() -> None:
    for data in (csv_bytes([["Cluster", "Enrolled"], *([k, str(v[0])] for k, v in FIGURES.items())]),
                 csv_bytes([list(FIGURES), [str(v[0]) for v in FIGURES.values()]])):  # fmt: skip
        found = understand(data, "district.csv", DISTRICT)
        assert found.is_ready, (found.problems, found.questions)
        assert set(found.rows["framework"]) == {FRAMEWORK_2002}
        enrolled = found.rows.set_index("cluster")["students_count"]
        openings = understand(
            csv_bytes([["Cluster", "Annual openings"], *([k, str(v[1])] for k, v in FIGURES.items())]),
            "openings.csv", Answers(kind="openings", state="WV", region="Piedmont", period="2022-2032"),
        ).rows.set_index("cluster")["openings_annual_count"]  # fmt: skip
        mix = enrolment_mix(enrolled, openings)
        assert mix.misalignment_pct == pytest.approx(48.73, abs=0.005)
        assert mix.gaps["Hospitality & Tourism"] == 2_982


def test_a_state_table_with_sums_masks_and_blanks() -> None:
    found = understand(xlsx_bytes(WIDE), "state.xlsx", CONCENTRATORS)
    assert found.is_ready
    assert cell(found, cluster="Business Management & Administration") == 500, "a typing error is read through"
    assert cell(found, cluster="Other") is None
    assert set(found.rows["population"]) == {"all", "Male", "Female", "Single Parents", "Migrant Students"}


def test_schools_are_never_added_to_their_district() -> None:
    found = understand(csv_bytes(LONG), "districts.csv", LONG_ANSWERS)
    assert found.is_ready, (found.problems, found.questions)
    assert cell(found, district="Alpha County", cluster="Health Science") == 130
    assert cell(found, district="Delta City", cluster="all") == 340, (
        "a district without a row of its own is the sum of its schools"
    )
    assert cell(found, cluster="all") == 640
    assert any("8 counts of schools" in d for d in found.dropped)
    assert len(found.rows) == 12


def test_merged_districts_are_read_and_merged_numbers_refused() -> None:
    rows = [["District", "Cluster", "Concentrators"], ["Alpha", "Finance", "40"], ["", "Marketing", "50"]]
    found = understand(xlsx_bytes(rows, "A2:A3"), "merged.xlsx", LONG_ANSWERS)
    assert cell(found, district="Alpha", cluster="Marketing") == 50
    refused(
        xlsx_bytes([*rows[:2], ["Alpha", "Marketing", ""]], "C2:C3"), "merged over one number", answers=LONG_ANSWERS
    )


def test_several_measures_side_by_side_stay_apart() -> None:
    rows = [
        ["Cluster", "Participants", "Concentrators"],
        ["Health Science", "90", "40"],
        ["Human Services", "70", "30"],
    ]
    found = understand(
        csv_bytes(rows), "two.csv", Answers(state="OH", school_year="2022-23", education_level="secondary")
    )
    assert found.is_ready, (found.problems, found.questions)
    assert found.rows.groupby("measure")["students_count"].sum().to_dict() == {"concentrators": 70, "participants": 160}


def test_awards_load_by_cluster() -> None:
    rows = [
        ["College", "Cluster", "Awards"],
        *([c, k, "40"] for c in ("all",) for k in ("Health Science", "Finance", "STEM")),
    ]
    answers = Answers(
        kind="awards",
        state="OH",
        school_year="2022-23",
        education_level="postsecondary",
        columns={"College": "district"},
    )
    found = publishable(understand(csv_bytes(rows), "awards.csv", answers))
    assert found["awards_count"].tolist() == [40, 40, 40]
    assert "measure" not in found


# ------------------------------------------------------------------ names


@pytest.mark.parametrize("framework", CLUSTERS)
def test_every_cluster_is_read_from_its_name_whole_shortened_or_misspelt(framework: str) -> None:
    for cluster in CLUSTERS[framework]:
        assert match_cluster(cluster.upper(), framework).cluster == cluster
        assert match_cluster(cluster.replace("&", "and").replace(",", ""), framework).cluster == cluster
        word = max(cluster.split(), key=len)
        if len(word) > 7:
            assert match_cluster(cluster.replace(word, word[:3] + word[4:]), framework).cluster == cluster


@pytest.mark.parametrize(
    "label", ["Services", "Technology", "Science", "Administration", "Basket weaving", "", "Grade 9", "CTE"]
)
def test_what_could_be_several_or_none_is_not_guessed(label: str) -> None:
    assert match_cluster(label, FRAMEWORK_2002).cluster == ""


def test_two_frameworks_that_fit_alike_are_asked_about() -> None:
    data = csv_bytes([["Cluster", "Students"], ["Agriculture", "40"], ["Marketing", "50"]])
    found = understand(data, "few.csv", DISTRICT)
    assert [q.key for q in found.questions] == ["framework"]
    newer = csv_bytes([["Cluster", "Students"], ["Digital Technology", "40"], ["Construction", "50"]])
    assert set(understand(newer, "new.csv", DISTRICT).rows["framework"]) == {FRAMEWORK_2024}


@pytest.mark.parametrize("mark", ["<10", "< 5", "n<10", "*", "**", "--", "S", "PS", "fewer than 10", "1-9", "‡", "≤10"])
def test_masks_are_known(mark: str) -> None:
    assert value(mark).mark == "withheld"


@pytest.mark.parametrize("text", ["-5", "12.5", "12%", "1e5", "=1", "abc", "٣", "99999999999", "1,23", "0x1", "5."])
def test_what_is_no_count_is_no_count(text: str) -> None:
    assert value(text).mark == "wrong"


@pytest.mark.parametrize("text", ["2020", "2020-22", "20-21", "2020-2020", "next year", "3020-3021"])
def test_what_is_no_school_year_is_none(text: str) -> None:
    assert school_year(text) == ""


# ------------------------------------------------------------------ what is refused, and where

WEST = [["District", "Cluster", "Students"], ["Alpha", "Health Science", "40"], ["Alpha", "Finance", "50"]]


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        (["Alpha", "Marketing", "-5"], ("row 4, column 'Students'", "'-5'", "neither a whole number")),
        (["Alpha", "Finance", "51"], ("row 4", "same count as in row 3")),
        (["Alpha", "", "51"], ("row 4, column 'Cluster'", "missing")),
        (["", "Marketing", "51"], ("row 4, column 'District'", "missing")),
        (["Alpha", "Basket weaving", "51"], ("Which cluster is 'Basket weaving'",)),
        (["Alpha", "Total", "49"], ("row 3", "50 is more than its total 49")),
        (["Alpha", "Marketing"], ("row 4", "ends after 2 of 3 cells")),
        (["Alpha", "Marketing", "51", "52"], ("row 2", "under no heading")),
    ],
)  # fmt: skip
def test_errors_name_row_and_column(row: list[str], parts: tuple[str, ...]) -> None:
    data = csv_bytes([*WEST, row])
    if "row 2" in parts:
        parts = ("under no heading",)
    refused(data, *parts)


def test_a_total_that_alone_disagrees_is_an_error_and_can_be_accepted() -> None:
    rows = [list(row) for row in WIDE]
    rows[2][5] = "161"
    refused(csv_bytes(rows), "add up to", answers=CONCENTRATORS)
    found = understand(csv_bytes(rows), "file.csv", Answers(measure="concentrators", accept=("sums",)))
    assert found.is_ready
    assert any("differ from the sum" in note for note in found.notes)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"%PDF-1.7 ...", "no table"),
        (b"\xd0\xcf\x11\xe0" + bytes(99), "old Excel"),
        (b"PK\x03\x04" + bytes(40), "not a whole Excel workbook"),
        (bytes(range(1, 255)) + b"\x00\x81", "neither a workbook nor text"),
        (b"a,b\n1,2\n", "no heading row"),
        (b'District,Cluster,Students\nA,"Finance,1\nB,Marketing,2\n', "cannot be read as a table"),
        (b"District,Cluster,Students\n" + b"x" * 3000 + b",Finance,1\n", "3,000 characters"),
        (b"District,Cluster,Students\n" + b"," * 500 + b"\n", "columns"),
        (b"x" * 20_000_001, "20,000,000 are the most"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_cannot_be_read_is_said_in_a_sentence(data: bytes, part: str) -> None:
    refused(data, part)


def test_a_zip_bomb_is_counted_while_it_unpacks() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 160_000_000)
    assert len(out.getvalue()) < 1_000_000
    refused(out.getvalue(), "unpacks to more than", name="bomb.xlsx")


def test_a_sheet_with_one_far_cell_is_not_allocated() -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    out = io.BytesIO()
    book.save(out)
    refused(out.getvalue(), "1,048,576 rows", name="far.xlsx")


def test_a_formula_without_its_result_is_no_blank() -> None:
    refused(
        xlsx_bytes([*WEST[:2], ["Alpha", "Finance", "=C2+1"]]), "C3", "formula without its result", name="formula.xlsx"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '=HYPERLINK("http://x")',
        "'; DROP TABLE state; --",
        "@SUM(1)",
        "\u202eevil\u0000",
        "{{7*7}}",
    ],
)
def test_text_of_a_file_stays_text(text: str) -> None:
    """A district may be called anything: it is stored as it is, without what cannot be seen."""
    rows = [["District", "Cluster", "Students"], [text, "Health Science", "40"], [text, "Finance", "50"]]
    data = csv_bytes(rows) if "\0" not in text else csv_bytes(rows).replace(b"\0", b"\x07")
    frame = publishable(understand(data, "file.csv", Answers(**{**DISTRICT.__dict__, "framework": FRAMEWORK_2002})))
    [district] = set(frame["district"])
    assert district == text.replace("\u202e", "").replace("\0", "").lstrip("=@'"), (
        "and starts no formula, wherever it goes"
    )
    kind, back = csv_to_rows(rows_to_csv("enrollment", frame), "back.csv")
    assert (kind, set(back["district"])) == ("enrollment", {district})


# ------------------------------------------------------------------ maps


def test_a_map_answers_and_is_written_back_alike() -> None:
    answers = Answers(
        state="NC",
        header_row=2,
        accept=("sums",),
        columns={'a "quoted"\nname': "drop"},
        clusters={"12*": "Finance", "é😀": "drop"},
    )
    assert read_map(write_map(answers)) == answers


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("state = ", "is not TOML"),
        ("colour = 'red'", "'colour'"),
        ("kind = 'x'", "enrollment, awards, openings"),
        ("header_row = '1'", "a whole number"),
        ("[clusters]\nA = 'Healthcraft'", "'Healthcraft'"),
        ("[columns]\nA = 'colour'", "'colour'"),
        ("x" * 300_000, "longer"),
    ],
)
def test_a_map_that_cannot_be_is_refused(text: str, part: str) -> None:
    with pytest.raises(UsageError, match=part):
        read_map(text)


def test_a_map_names_columns_and_clusters() -> None:
    rows = [["Bezirk", "Fach", "Zahl"], ["Alpha", "Pflege", "40"], ["Alpha", "Geld", "50"], ["Alpha", "Sport", "60"]]
    text = (
        'state = "OH"\nschool_year = "2022-23"\neducation_level = "secondary"\nmeasure = "completers"\nheader_row = 1\n'
        + (
            '[columns]\nBezirk = "district"\nFach = "cluster"\nZahl = "count"\n[clusters]\nPflege = "Health Science"\n'
            'Geld = "Finance"\nSport = "drop"\n'
        )
    )
    found = understand(csv_bytes(rows), "other.csv", read_map(text))
    assert found.is_ready, (found.problems, found.questions)
    assert found.rows["students_count"].tolist() == [40, 50]


def test_the_report_says_it_all_and_the_map_that_it_suggests_loads() -> None:
    found = understand(csv_bytes([*WEST, ["Alpha", "Basket weaving", "51"]]), "file.csv", DISTRICT)
    lines = "\n".join(report_lines(found))
    for part in ("District = the district", "Health Science -> Health Science", "Which cluster is 'Basket weaving'"):
        assert part in lines
    again = understand(csv_bytes([*WEST, ["Alpha", "Basket weaving", "51"]]), "file.csv", suggested(found))
    assert again.is_ready
    assert len(again.rows) == 2


def test_sheets_hold_text_only() -> None:
    [sheet] = read_table(xlsx_bytes([["a", "b"], [1.0, None]]), "x.xlsx")
    assert sheet.rows == (("a", "b"), ("1", ""))
