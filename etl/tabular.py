"""Opening publishers' tables: every way in which a file can be wrong ends in one sentence that names it.

Parsers read everything as text (``dtype=str``), so that a code never loses a leading zero, and turn measures into
numbers with :func:`numbers`, which knows which marks stand for a suppressed value.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import IO

import pandas as pd
import python_calamine

from etl.errors import AtlasError
from etl.source import RawFile

#: A zip (or workbook, which is one) that unpacks to more than this is refused: the largest true one is under 500 MB.
MAX_UNPACKED_BYTES = 2_000_000_000
#: So is one whose members unpack to more than this many times their size, once that is much: true tables shrink 5 to 30 times.
MAX_RATIO, MUCH_BYTES = 200, 50_000_000
#: What Python raises for a zip that is damaged, cut short, or marked as encrypted or of a method that nobody knows.
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
#: What to do about a file that is not as it should be; ends an error's sentence.
AGAIN = "fetch it again with `python -m etl refresh`, and if it stays so the publisher has changed its format"


def need_columns(frame: pd.DataFrame, columns: Iterable[str], where: str) -> None:
    """Raise ``AtlasError`` unless every one of ``columns`` is in ``frame``."""
    missing = [c for c in columns if c not in frame.columns]
    if missing:
        have = ", ".join(map(str, list(frame.columns)[:12]))
        raise AtlasError(f"{where} has no column {', '.join(missing)} (it has {have}); {AGAIN}.")


def need_unique(frame: pd.DataFrame, key: Sequence[str], where: str) -> None:
    """Raise ``AtlasError`` when two rows of ``frame`` share the columns of ``key``."""
    twice = frame.duplicated(list(key))
    if twice.any():
        first = " ".join(map(str, frame.loc[twice, list(key)].iloc[0]))
        raise AtlasError(f"{where} has {first} twice ({', '.join(key)}); {AGAIN}.")


def read_delimited(
    content: RawFile | bytes,
    *,
    where: str = "",
    columns: Iterable[str],
    sep: str = ",",
    encodings: tuple[str, ...] = ("utf-8-sig", "cp1252"),
) -> pd.DataFrame:
    """A delimited text file as a frame of stripped text; blank cells are missing values.

    Headings are stripped of blanks. ``encodings`` are tried in order (IPEDS: cp1252 to 2022, UTF-8 with a mark since).
    Only ``columns`` are read. Raises ``AtlasError`` for a missing column, an empty file or text that is no table.
    """
    where = where or (content.name if isinstance(content, RawFile) else "the file")
    data = content.path.read_bytes() if isinstance(content, RawFile) else content
    wanted = list(columns)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise AtlasError(f"{where} is not text in any of {', '.join(encodings)}; {AGAIN}.")
    header = text[: text.find("\n") + 1] or text
    try:
        heading = pd.read_csv(io.StringIO(header), sep=sep, dtype=str, nrows=0)
        heading.columns = heading.columns.str.strip()
        need_columns(heading, wanted, where)
        positions = [list(heading.columns).index(c) for c in wanted]
        frame = pd.read_csv(
            io.StringIO(text),
            sep=sep,
            dtype=str,
            usecols=positions,
            keep_default_na=False,
            skipinitialspace=True,
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise AtlasError(f"{where} cannot be read as a table ({str(error).splitlines()[0]}); {AGAIN}.") from error
    frame.columns = frame.columns.str.strip()
    frame = frame[wanted].apply(lambda column: column.str.strip())
    frame = frame.mask(frame == "")
    if frame.empty:
        raise AtlasError(f"{where} has a heading but no rows; {AGAIN}.")
    return frame


def guard_zip(archive: zipfile.ZipFile, where: str) -> None:
    """Raise ``AtlasError`` for a zip that would unpack to more than a publisher's file could hold.

    Python reads no more of a member than its entry declares, so what is declared bounds what is read.
    """
    for member in archive.infolist():
        if member.file_size > max(MUCH_BYTES, MAX_RATIO * member.compress_size):
            raise AtlasError(
                f"{where} is not used: its member {member.filename!r} would unpack to {member.file_size:,} bytes, more than "
                f"{MAX_RATIO} times its size; {AGAIN}."
            )
    total = sum(member.file_size for member in archive.infolist())
    if total > MAX_UNPACKED_BYTES:
        raise AtlasError(f"{where} is not used: it would unpack to {total:,} bytes; {AGAIN}.")


def open_member(raw: RawFile, ends_with: str, prefer: str = "") -> tuple[str, bytes]:
    """The name and bytes of the one member of a zip whose name ends with ``ends_with``, in any letter case.

    Where several do, the one whose stem ends with ``prefer`` (``_rv``, a revised file) is taken; without such a one
    it is an error, as is an archive that is cut short or unpacks to more than it could rightly hold.
    """
    try:
        with zipfile.ZipFile(raw.path) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith(ends_with.lower())]
            revised = [n for n in names if prefer and n.lower().removesuffix(ends_with.lower()).endswith(prefer)]
            chosen = revised or names
            if len(chosen) != 1:
                held = ", ".join(archive.namelist()[:6]) or "nothing"
                raise AtlasError(f"{raw.name} should hold one {ends_with} file, but holds {held}; {AGAIN}.")
            guard_zip(archive, raw.name)
            return chosen[0], archive.read(chosen[0])
    except BROKEN_ZIP as error:
        raise AtlasError(f"{raw.name} is not a whole zip file ({error}); {AGAIN}.") from error


def open_workbook(content: RawFile | bytes, where: str = "") -> python_calamine.CalamineWorkbook:
    """An Excel workbook, from a raw file or from the bytes of a zip's member."""
    where = where or (content.name if isinstance(content, RawFile) else "the workbook")
    source: IO[bytes] = io.BytesIO(content.path.read_bytes() if isinstance(content, RawFile) else content)
    try:
        if zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as archive:
                guard_zip(archive, where)
            source.seek(0)
        return python_calamine.CalamineWorkbook.from_filelike(source)
    except (python_calamine.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise AtlasError(f"{where} is not an Excel workbook ({str(error).splitlines()[0]}); {AGAIN}.") from error


def _cell(value: object) -> str | None:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text or None


def read_sheet(
    workbook: python_calamine.CalamineWorkbook,
    sheet: str,
    *,
    where: str,
    columns: Iterable[str] | Mapping[str, str],
    header_row: int = 0,
) -> pd.DataFrame:
    """One sheet as a frame of stripped text, blank cells missing, whole numbers without a decimal point.

    ``columns`` are the headings to keep, or a mapping from heading to new name. Headings are matched after their
    white space is folded. Raises ``AtlasError`` for a missing sheet or column, or a sheet without rows.
    """
    if sheet not in workbook.sheet_names:
        raise AtlasError(f"{where} has no sheet {sheet!r} (it has {', '.join(workbook.sheet_names)}); {AGAIN}.")
    rows = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    if len(rows) <= header_row + 1:
        raise AtlasError(f"sheet {sheet!r} of {where} has no rows; {AGAIN}.")
    heading = [" ".join(str(h).split()) for h in rows[header_row]]
    wanted = dict(columns) if isinstance(columns, Mapping) else {c: c for c in columns}
    need_columns(pd.DataFrame(columns=heading), wanted, f"sheet {sheet!r} of {where}")
    positions = [heading.index(c) for c in wanted]
    body = [[_cell(row[p]) for p in positions] for row in rows[header_row + 1 :]]
    return pd.DataFrame(body, columns=list(wanted.values()), dtype="str").dropna(how="all").reset_index(drop=True)


def numbers(
    column: pd.Series, *, where: str, marks: Mapping[str, str] | None = None, integer: bool = False
) -> tuple[pd.Series, pd.Series]:
    """A text column as numbers, and a note for each value that is a mark and not a number.

    ``marks`` maps a publisher's mark to what it means ("*": "wage not released"). A mark gives NULL and its note; a
    blank gives NULL and no note. Any other text that is no number raises ``AtlasError``: it is never read as 0.
    """
    text = column.astype("str").str.replace(",", "", regex=False)
    note = text.map(dict(marks)) if marks else pd.Series(None, index=text.index, dtype="str")
    value = pd.to_numeric(text.mask(note.notna()), errors="coerce")
    odd = value.isna() & column.notna() & note.isna()
    if odd.any():
        raise AtlasError(
            f"{where} has {int(odd.sum()):,} values that are neither numbers nor known marks, the first is "
            f"{column[odd].iloc[0]!r}; {AGAIN}."
        )
    return (value.round().astype("Int64") if integer else value.astype("Float64")), note.astype("str")
