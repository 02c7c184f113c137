"""Opening a person's file: CSV or XLSX by content, within bounds, as sheets of text cells.

Bounds hold before anything is unpacked into memory: a workbook's members are counted as they unpack, and a sheet whose
cells lie so far apart that a reader would allocate more than :data:`MAX_CELLS` is refused.
"""

from __future__ import annotations

import csv
import io
import re
import statistics
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import python_calamine

from etl.errors import AtlasError

MAX_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 150_000_000
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 200_000, 400, 1_500_000
MAX_SHEETS = 60
#: No name, mark or count is longer.
MAX_CELL_LENGTH = 2_000
DELIMITERS = ",;\t|"

_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,9})[\"']")
_EMPTY_FORMULA = re.compile(
    rb"<c\b[^>]*?\br=\"([A-Z]+\d+)\"[^>]*>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)


@dataclass(frozen=True)
class Sheet:
    """Rows of text cells, all of one width; ``name`` is '' for a text file. Row and column numbers count from 0 here, and
    from 1 in what a person reads."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    lengths: tuple[int, ...] = ()
    """How many cells each row of a text file has of itself; empty for a workbook's sheet."""


def read_table(data: bytes, name: str) -> tuple[Sheet, ...]:
    """The sheets of a CSV or XLSX file that hold anything. Raises ``AtlasError`` (one sentence: what, where, what to do)."""
    if not data.strip():
        raise AtlasError(f"{name} is empty; choose the file that holds the table.")
    if len(data) > MAX_BYTES:
        raise AtlasError(
            f"{name} has {len(data):,} bytes, and {MAX_BYTES:,} are the most; split it or leave out columns."
        )
    if data.startswith(b"PK"):
        sheets = _workbook(data, name)
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        raise AtlasError(f"{name} is an old Excel file or is encrypted; save it as .xlsx or .csv without a password.")
    elif data.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"\x1f\x8b")):
        raise AtlasError(f"{name} is no table; save it as .xlsx or .csv.")
    else:
        sheets = (_text_table(data, name),)
    full = tuple(s for s in sheets if any(any(cell for cell in row) for row in s.rows))
    if not full:
        raise AtlasError(f"{name} holds no cells; choose the file that holds the table.")
    return full


def clean(text: str) -> str:
    """A cell's text: no control or invisible characters, white space folded."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", kept).split())


def cell_name(row: int, column: int) -> str:
    """A cell as spreadsheets name it, from positions that count from 0.

    >>> cell_name(0, 0), cell_name(11, 27)
    ('A1', 'AB12')
    """
    letters, at = "", column + 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _bounded(name: str, rows: int, columns: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise AtlasError(
            f"{name} reaches over {rows:,} rows and {columns:,} columns, and {MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns and "
            f"{MAX_CELLS:,} cells are the most; delete what is not part of the table."
        )


def _squared(name: str, rows: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    width = max((len(row) for row in rows), default=0)
    _bounded(name, len(rows), width)
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if len(cell) > MAX_CELL_LENGTH:
                raise AtlasError(
                    f"Cell {cell_name(r, c)} of {name} holds {len(cell):,} characters, which is no name, mark or count; "
                    "empty it."
                )
    return tuple(tuple(row) + ("",) * (width - len(row)) for row in rows)


# ------------------------------------------------------------------ text


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise AtlasError(
        f"{name} is neither a workbook nor text in UTF-8 or Windows-1252; save it as .xlsx or .csv (UTF-8)."
    )


def _records(text: str, delimiter: str, most: int) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for count, record in enumerate(reader):
        if count > most:
            return
        yield record


def _delimiter(text: str) -> str:
    """The delimiter that gives the most columns in the first rows."""

    def width(delimiter: str) -> float:
        widths = [0]
        try:
            widths += [len(record) for record in _records(text[:200_000], delimiter, 60) if record]
        except csv.Error:
            widths.append(
                text.count(delimiter, 0, text.find("\n")) + 1
            )  # a quotation mark is amiss: the first line tells
        return statistics.fmean(widths)

    return max(DELIMITERS, key=width)


def _text_table(data: bytes, name: str) -> Sheet:
    text = _decoded(data, name)
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml")):
        raise AtlasError(f"{name} is a web page and no table; save the table as .csv or .xlsx.")
    rows: list[list[str]] = []
    try:
        delimiter = _delimiter(text)
        swallowed = re.compile(
            rf"[\r\n].*{re.escape(delimiter)}[ \"]*\d|\d[ \"]*{re.escape(delimiter)}.*[\r\n]", re.DOTALL
        )
        for record in _records(text, delimiter, MAX_ROWS + 1):
            # A heading may be written over two lines; counts in it mean that a quotation mark has swallowed whole rows.
            if any(("\n" in cell or "\r" in cell) and swallowed.search(cell) for cell in record):
                raise AtlasError(
                    f"Row {len(rows) + 1} of {name} has a line break inside a cell, as a missing quotation mark would make; "
                    "mend the row."
                )
            rows.append([clean(cell) for cell in record])
    except csv.Error as error:
        raise AtlasError(f"{name} cannot be read as a table after row {len(rows)} ({error}); mend that row.") from error
    return Sheet("", _squared(name, rows), tuple(map(len, rows)))


# ------------------------------------------------------------------ workbooks


def _workbook(data: bytes, name: str) -> tuple[Sheet, ...]:
    _check_members(data, name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        if len(book.sheet_names) > MAX_SHEETS:
            raise AtlasError(
                f"{name} has {len(book.sheet_names)} sheets, and {MAX_SHEETS} are the most; keep the table's."
            )
        return tuple(_sheet(book, sheet, name) for sheet in book.sheet_names)
    except (AtlasError, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # the library's parser panics on some damaged files, outside the tree of Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        detail = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise AtlasError(f"{name} is not a whole Excel workbook ({detail}); save it again as .xlsx.") from error


def _check_members(data: bytes, name: str) -> None:
    """Unpack every member once, counting: sizes that a zip states of itself may lie."""
    unpacked = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise AtlasError(f"{name} is a zip file but no Excel workbook; unpack it and choose the table in it.")
            for member in archive.infolist():
                with archive.open(member) as stream:
                    content = stream.read(MAX_UNPACKED_BYTES - unpacked + 1)
                unpacked += len(content)
                if unpacked > MAX_UNPACKED_BYTES:
                    raise AtlasError(f"{name} unpacks to more than {MAX_UNPACKED_BYTES:,} bytes; it is not opened.")
                if "/worksheets/" in member.filename and member.filename.endswith(".xml"):
                    _check_sheet(content, name)
    except (zipfile.BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, RuntimeError, ValueError) as error:
        raise AtlasError(f"{name} is not a whole Excel workbook ({error}); save it again as .xlsx.") from error


def _check_sheet(content: bytes, name: str) -> None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise AtlasError(f"{name} has a sheet in an encoding that is not read; save it again as .xlsx.")
    rows, columns = 0, 0
    for letters, digits in _CELL.findall(content):
        at = 0
        for letter in letters.upper():
            at = at * 26 + letter - 64
        rows, columns = max(rows, int(digits)), max(columns, at)
    _bounded(name, rows, columns)
    unsaved = [found.decode() for found in _EMPTY_FORMULA.findall(content)]
    if unsaved:
        raise AtlasError(
            f"Cell {unsaved[0]} of {name} holds a formula without its result ({len(unsaved)} such cells); open the file in a "
            "spreadsheet program and save it, or paste values over the formulas."
        )


def _sheet(book: python_calamine.CalamineWorkbook, sheet: str, name: str) -> Sheet:
    found = book.get_sheet_by_name(sheet)
    rows = [[_text(value) for value in row] for row in found.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in found.merged_cell_ranges or ():
        value = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        if not value or bottom == top or right > left:
            continue  # nothing there, or a title over several columns: it stands in its first cell
        if re.fullmatch(r"[\d.,]+", value):
            raise AtlasError(
                f"Cells {cell_name(top, left)} to {cell_name(bottom, right)} of {name} are merged over one number, which can "
                "belong to any of their rows; unmerge them."
            )
        for r in range(top + 1, min(bottom + 1, len(rows))):
            rows[r][left] = value  # a district's name merged over its rows is the name of each
    return Sheet(clean(sheet), _squared(f"Sheet {clean(sheet)!r} of {name}", rows))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return clean(str(value))
