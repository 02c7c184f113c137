"""A tiny synthetic set of files of every source, in its publisher's layout, and ways to spoil them.

The files are those that the tests of each source make. Tables of any kind (text, a workbook, either in a zip) are spoiled
through one door: :func:`edited` hands over the rows with the line of the headings, and writes them back.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from etl.sources import all_sources
from etl.sources.bls_qcew import AREAS
from tests.sources import (
    test_advance_cte,
    test_bls_cps,
    test_bls_jolts,
    test_bls_laus,
    test_bls_oews,
    test_bls_projections,
    test_bls_qcew,
    test_indeed,
    test_nces_cip,
    test_nces_crosswalk,
    test_nces_ipeds,
    test_onet,
    test_perkins,
    test_projections_central,
    test_teacher_shortage,
)

Files = dict[str, bytes]
Rows = list[list[object]]


@dataclass(frozen=True)
class Spoilable:
    """What of a source can be spoiled: the file, a column of it that is needed, and a value that cannot be.

    ``of_state`` tells the cells of a row of a state, in the file ``state_file``; empty where the source has no states that
    must all be there. ``older`` is a file whose content stands for last year's under the name of ``file``: another file's
    name, or what is replaced in the file by what.
    """

    make: Callable[[Path], list[Path]]
    file: str
    column: str
    impossible: object
    state_file: str = ""
    of_state: Callable[[list[object]], bool] | None = None
    older: str | tuple[str, str] = ""

    @property
    def is_packed(self) -> bool:
        return self.file.endswith((".zip", ".xlsx"))

    @property
    def is_workbook(self) -> bool:
        """Whether the table is a workbook's; OEWS has it in a zip."""
        return self.file.endswith(".xlsx") or self.file.startswith("oesm")


def _qcew(folder: Path) -> list[Path]:
    paths = []
    for remote in all_sources()["bls_qcew"].remotes:
        area = remote.url.rsplit("/", 1)[-1].removesuffix(".csv")
        lines = [test_bls_qcew.FULL, test_bls_qcew.full(area, "0", "10", "1,2,3")]
        paths.append(test_bls_qcew.write(folder / remote.name, lines))
    assert len(paths) == len(AREAS)
    return paths


def _cps(folder: Path) -> list[Path]:
    lines = [test_bls_cps.line(series, 2025, "M01", 100) for series in test_bls_cps.MAIN_LEVELS]
    return [test_bls_cps.write(folder / test_bls_cps.DATA, lines)]


def _laus(folder: Path) -> list[Path]:
    lines = [line for fips in test_bls_laus.STATES.values() for line in test_bls_laus.state_lines(fips)]
    return [test_bls_laus.write(folder / test_bls_laus.DATA, lines)]


def _indeed(folder: Path) -> list[Path]:
    test_indeed.write(folder, test_indeed.CONTENT)
    return [folder / name for name in test_indeed.CONTENT]


def _ipeds(folder: Path) -> list[Path]:
    paths = []
    for remote in all_sources()["nces_ipeds"].remotes:
        member = remote.name.removesuffix(".zip").lower()
        content = {"c": test_nces_ipeds.COMPLETIONS, "h": test_nces_ipeds.DIRECTORY, "e": test_nces_ipeds.DISTANCE}
        text = content[member[0]]
        if member[0] == "c":  # no two years are alike
            more = int(member[1:5]) - 2020
            text = text.replace('"R",4,"R",36', f'"R",{4 + more},"R",{36 - more}')
        paths.append(test_nces_ipeds.pack(folder, remote.name, **{member: text}))
    return paths


def _perkins(folder: Path) -> list[Path]:
    rows = [test_perkins.row(counts=[100, 60, 0, None, *[1] * 13, 27])]
    return [test_perkins.write(folder / "synthetic.xlsx", rows)]


def _starts(text: str) -> Callable[[list[object]], bool]:
    return lambda row: str(row[0]).startswith(text)


def _has(place: int, *values: str) -> Callable[[list[object]], bool]:
    return lambda row: str(row[place]) in values


SPOILABLE: dict[str, Spoilable] = {
    "advance_cte": Spoilable(test_advance_cte.write, test_advance_cte.SOC_FILE, "SOC Code", "19-10"),
    "bls_cps": Spoilable(_cps, test_bls_cps.DATA, "value", "-5"),
    "bls_jolts": Spoilable(
        lambda folder: [raw.path for raw in test_bls_jolts.Synthetic(folder).files().values()],
        test_bls_jolts.DATA, "value", "-5", test_bls_jolts.DATA, _starts("JTS00000056"),
    ),
    "bls_laus": Spoilable(_laus, test_bls_laus.DATA, "value", "-5", test_bls_laus.DATA, _starts("LASST56")),
    "bls_oews": Spoilable(
        test_bls_oews.files, "oesm25nat.zip", "A_MEDIAN", 5, "oesm25st.zip", _has(0, "56"), "oesm24nat.zip"
    ),
    "bls_projections": Spoilable(
        lambda folder: [test_bls_projections.workbook(folder)], "occupation.xlsx", "Employment, 2026", -5.0
    ),
    "bls_qcew": Spoilable(
        _qcew, all_sources()["bls_qcew"].remotes[0].name, "month1_emplvl", "-5",
        all_sources()["bls_qcew"].remotes[-1].name, _has(0, "56000"), ('"2024","4"', '"2023","4"'),
    ),
    "indeed": Spoilable(
        _indeed, test_indeed.BY_STATE, "indeed_job_postings_index", "-5", test_indeed.BY_STATE, _has(1, "wy")
    ),
    "nces_cip": Spoilable(
        lambda folder: [test_nces_cip.write(folder, test_nces_cip.SYNTHETIC)], "CIPCode2020.csv", "CIPCode", "1.1004"
    ),
    "nces_crosswalk": Spoilable(
        lambda folder: [test_nces_crosswalk.write(folder, test_nces_crosswalk.PAIRS, test_nces_crosswalk.PAIRS)],
        "CIP2020_SOC2018_Crosswalk.xlsx", "SOC2018Code", "29-114",
    ),
    "nces_ipeds": Spoilable(_ipeds, "C2024_A.zip", "CTOTALT", "-5", older="C2023_A.zip"),
    "onet": Spoilable(test_onet.files, "Job Zones.xlsx", "Job Zone", 9.0),
    "perkins": Spoilable(_perkins, "synthetic.xlsx", "Total Number Of Students", -5),
    "projections_central": Spoilable(
        lambda folder: [test_projections_central.written(folder, test_projections_central.LINES)],
        "longterm.csv", "Base", "-5", "longterm.csv", _has(5, "54", "55", "56"),
    ),
    "teacher_shortage": Spoilable(
        lambda folder: [test_teacher_shortage.write(folder, test_teacher_shortage.SYNTHETIC)],
        "synthetic.csv", "State", "Wyomng",
    ),
}  # fmt: skip


# ------------------------------------------------------------------ spoiling


def is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK") and "[Content_Types].xml" in members(content)


def is_zip(content: bytes) -> bool:
    return content.startswith(b"PK") and not is_workbook(content)


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return data.getvalue()


def edited(content: bytes, column: str, edit: Callable[[Rows, int], Rows]) -> bytes:
    """The file with the rows of its table that has ``column`` as ``edit`` gives them back.

    ``edit`` is given the rows from the headings on, and the place of the column.
    """
    if is_workbook(content):
        return _edited_workbook(content, column, edit)
    if is_zip(content):
        inside = members(content)
        name = next(n for n, c in inside.items() if column.encode() in c or is_workbook(c))
        return packed(inside | {name: edited(inside[name], column, edit)})
    text = content.decode("utf-8-sig")
    if "\t" in text.split("\n", 1)[0]:
        rows: Rows = [list(line.split("\t")) for line in text.splitlines()]
        rows = edit(rows, [str(h).strip() for h in rows[0]].index(column))
        return ("\r\n".join("\t".join(map(str, row)) for row in rows) + "\r\n").encode()
    rows = [list(row) for row in csv.reader(io.StringIO(text))]
    rows = edit(rows, [str(h).strip() for h in rows[0]].index(column))
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _edited_workbook(content: bytes, column: str, edit: Callable[[Rows, int], Rows]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        rows: Rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        top = next((n for n, row in enumerate(rows[:3]) if column in row), None)
        if top is None:
            continue
        changed = edit(rows[top:], rows[top].index(column))
        sheet.delete_rows(top + 1, len(rows))
        for row in changed:
            sheet.append(row)
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()
    raise AssertionError(f"no sheet has the column {column}")


def without_sheet(content: bytes, column: str) -> bytes:
    """A workbook whose sheet with the column has another name; a zip whose member is another."""
    if is_zip(content):
        return packed({f"synthetic/{n}.txt": member for n, member in enumerate(members(content).values())})
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        if any(column in row for row in sheet.iter_rows(max_row=3, values_only=True)):
            sheet.title = "Renamed"
            break
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A text file, or the text file in a zip, with other bytes."""
    if is_zip(content):
        return packed({name: change(member) for name, member in members(content).items()})
    return change(content)
