"""What the tests of the import share: the samples that users bring, where they are, and synthetic files like them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from etl.imports.answers import Answers

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "user_files"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of users' files are not here")

#: Two digits of California's program codes -> cluster: a map such as a person writes; the rest is left out.
CALIFORNIA = Answers(
    state="CA",
    education_level="postsecondary",
    measure="participants",
    clusters={
        "01*": "Agriculture, Food & Natural Resources",
        "07*": "Information Technology",
        "12*": "Health Science",
        "13*": "Human Services",
        "*": "drop",
    },
)
CONCENTRATORS = Answers(measure="concentrators")

#: Synthetic: a state's table with every abbreviation and typing error of the real export, sums that hold, masks and blanks.
WIDE = [
    ["State", "Year", "Education Type", "Student Population", "Total Number Of Students", "Agri. Food & Nat. Res.",
     "Arch. & Const.", "Busines Mgmt. & Admin.", "Health Science", "Law,. Public Safety, Cor. & Sec.", "STEM",
     "Other (specify)"],
    ["Ohio", "2021-2022", "Secondary", "Grand Total", "2101", "300", "401", "500", "600", "250", "50", ""],
    ["Ohio", "2021-2022", "Secondary", "Male", "1071", "160", "350", "210", "120", "200", "31", ""],
    ["Ohio", "2021-2022", "Secondary", "Female", "1030", "140", "51", "290", "480", "50", "19", ""],
    ["Ohio", "2021-2022", "Secondary", "Single Parents", "61", "11", "12", "10", "15", "13", "0", ""],
    ["Ohio", "2021-2022", "Secondary", "Migrant Students", "", "", "", "", "", "", "", ""],
]  # fmt: skip
#: Synthetic: districts with their schools, and the state; three clusters and a total.
LONG = [["District Name", "School Name", "Career Cluster", "Concentrators"]] + [
    [district, school, cluster, str(count)]
    for district, school, base in (
        ("Alpha County", "Alpha High", 40),
        ("Alpha County", "Bravo High", 25),
        ("Alpha County", "All Schools", 65),
        ("Delta City", "Delta High", 80),
        ("Statewide", "", 145),
    )
    for cluster, count in (
        ("Finance", base),
        ("Health Science", base * 2),
        ("Human Services", base + (20 if base < 100 else 60)),
        ("Total", base * 4 + (20 if base < 100 else 60)),
    )
]
LONG_ANSWERS = Answers(state="OH", school_year="2022-23", education_level="secondary")


def csv_bytes(rows: Sequence[Sequence[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows as a CSV file."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows: Sequence[Sequence[object]], merged: str = "") -> bytes:
    """Rows as a workbook, numbers as numbers."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([int(c) if isinstance(c, str) and c.isdigit() else c for c in row])
    if merged:
        book.active.merge_cells(merged)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sample_rows(name: str, most: int = 10**6) -> list[list[str]]:
    """The first sheet of a sample as rows of text."""
    path = SAMPLES / name
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [row for _, row in zip(range(most), csv.reader(file), strict=False)]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)][:most]
