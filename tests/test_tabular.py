"""Opening tables: what is read, and the one sentence for what cannot be."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.errors import AtlasError
from etl.tabular import (
    need_unique,
    numbers,
    open_member,
    open_workbook,
    read_delimited,
    read_sheet,
)
from tests.sources.helpers import raw

MARKS = {"*": "withheld", "#": "at or above the top code"}


def text(*values: str | None) -> pd.Series:
    return pd.Series(values, dtype="str")


def test_numbers_and_marks() -> None:
    value, note = numbers(text("1,234.5", "*", None, "0", "#"), where="synthetic", marks=MARKS)
    assert value.isna().tolist() == [False, True, True, False, True]
    assert value.dropna().tolist() == [1234.5, 0.0]
    assert note.isna().tolist() == [True, False, True, True, False]
    assert note.dropna().tolist() == ["withheld", "at or above the top code"]
    assert (value.dtype, note.dtype) == ("Float64", "str")


def test_numbers_without_marks_have_no_notes() -> None:
    value, note = numbers(text("1", None), where="synthetic", integer=True)
    assert value.dtype == "Int64"
    assert value.iloc[0] == 1
    assert note.isna().all()
    assert note.dtype == "str"


def test_numbers_keep_the_index_of_the_column() -> None:
    column = text("5", "*").set_axis([7, 3])
    value, note = numbers(column, where="synthetic", marks=MARKS)
    assert value.index.tolist() == note.index.tolist() == [7, 3]
    assert note[3] == "withheld"


@pytest.mark.parametrize("odd", ["*", "n/a", "-", "1.2.3", "two"])
def test_other_text_is_never_read_as_zero(odd: str) -> None:
    with pytest.raises(AtlasError, match=r"EMP of synthetic has 1 values that are neither") as error:
        numbers(text("1", odd), where="EMP of synthetic")
    assert repr(odd) in str(error.value)


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**9), st.sampled_from(sorted(MARKS))), max_size=20))
def test_every_cell_is_a_number_a_note_or_blank(cells: list[int | str | None]) -> None:
    column = text(*(None if c is None else str(c) for c in cells))
    value, note = numbers(column, where="synthetic", marks=MARKS, integer=True)
    for cell, v, n in zip(cells, value, note, strict=True):
        assert (None if pd.isna(v) else v) == (cell if isinstance(cell, int) else None)
        assert (None if pd.isna(n) else n) == (MARKS[cell] if isinstance(cell, str) else None)


def test_rows_that_share_a_key_are_refused() -> None:
    frame = pd.DataFrame({"code": ["01", "02", "01"], "year": [2024, 2024, 2024]})
    need_unique(frame.head(2), ["code", "year"], "synthetic.csv")
    with pytest.raises(AtlasError, match=r"synthetic\.csv has 01 2024 twice \(code, year\)"):
        need_unique(frame, ["code", "year"], "synthetic.csv")


def test_delimited_text_keeps_zeros_and_strips_blanks() -> None:
    frame = read_delimited("\ufeff code , name \n01, Café \n,x\n".encode(), columns=["name", "code"])
    assert list(frame.columns) == ["name", "code"]
    assert frame["code"].iloc[0] == "01"
    assert frame["name"].iloc[0] == "Café"
    assert frame["code"].isna().iloc[1]


def test_delimited_text_of_windows() -> None:
    assert read_delimited("name\nCafé\n".encode("cp1252"), columns=["name"])["name"].tolist() == ["Café"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "synthetic"),
        (b"code\n", "no rows"),
        (b"other\n1\n", "no column code"),
        (b'code,b\n"1,2\n3,4\n', "cannot be read as a table"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, says: str) -> None:
    with pytest.raises(AtlasError, match=says) as error:
        read_delimited(content, where="synthetic", columns=["code"])
    assert str(error.value).startswith("synthetic")


def pack(path: Path, **members: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.CSV", content)
    return path


def test_the_revised_member_is_preferred_in_any_letter_case(tmp_path: Path) -> None:
    file = raw(pack(tmp_path / "synthetic.zip", hd="first", hd_RV="revised"))
    assert open_member(file, ".csv", prefer="_rv") == ("hd_RV.CSV", b"revised")


def test_a_zip_with_none_or_two_members_is_refused(tmp_path: Path) -> None:
    file = raw(pack(tmp_path / "synthetic.zip", a="1", b="2"))
    for ending in (".csv", ".xlsx"):
        with pytest.raises(AtlasError, match=r"synthetic\.zip should hold one"):
            open_member(file, ending)


def test_a_cut_zip_and_a_text_are_no_zip_and_no_workbook(tmp_path: Path) -> None:
    path = pack(tmp_path / "synthetic.zip", a="1" * 100)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(AtlasError, match=r"synthetic\.zip is not a whole zip file"):
        open_member(raw(path), ".csv")
    with pytest.raises(AtlasError, match=r"synthetic\.zip is not an Excel workbook"):
        open_workbook(raw(path))


def test_sheets_keep_codes_and_whole_numbers(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "Data"
    for row in (["Code", "Number  of\njobs"], ["01", 1200.0], [None, None], ["02", 0.5]):
        workbook.active.append(row)
    path = tmp_path / "synthetic.xlsx"
    workbook.save(path)
    opened = open_workbook(raw(path))
    columns = {"Code": "code", "Number of jobs": "jobs_count"}
    frame = read_sheet(opened, "Data", where="synthetic.xlsx", columns=columns)
    assert frame.values.tolist() == [["01", "1200"], ["02", "0.5"]]
    with pytest.raises(AtlasError, match=r"synthetic\.xlsx has no sheet 'Other' \(it has Data\)"):
        read_sheet(opened, "Other", where="synthetic.xlsx", columns=columns)
    with pytest.raises(AtlasError, match=r"no column Wages"):
        read_sheet(opened, "Data", where="synthetic.xlsx", columns=["Wages"])
