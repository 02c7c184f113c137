"""Tables as CSV that no spreadsheet runs: the one writer of every CSV that leaves the project."""

from __future__ import annotations

import re

import pandas as pd

from etl.warehouse.sql import literal

#: Characters with which a cell of text would be run as a formula by a spreadsheet; the last four by those of East Asia.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Ten figures: more than any source has, and fewer than the last ones of a mean, which vary with the order of adding up.
FLOAT_FORMAT = "%.10g"
#: A carriage return alone is not put between quotes by the writer, and would break the row.
_LINE_END = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def csv_text(table: pd.DataFrame) -> str:
    """A table as CSV: numbers stay numbers, and text that a spreadsheet would run as a formula is led by an apostrophe."""
    safe = table.rename(columns=lambda name: defused(str(name)))
    for i, dtype in enumerate(table.dtypes):
        if pd.api.types.is_string_dtype(dtype) or pd.api.types.is_object_dtype(dtype):
            safe.isetitem(i, [defused(value) for value in table.iloc[:, i]])
    return str(safe.to_csv(index=False, lineterminator="\n", float_format=FLOAT_FORMAT))


def defused(value: object) -> object:
    """A cell that no spreadsheet runs: text that starts like a formula is led by an apostrophe, and a control character, with
    which no spreadsheet opens the file, is shown as what it is; anything but text is as it was.

    >>> defused("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    >>> defused(-3.5)
    -3.5
    """
    if not isinstance(value, str):
        return value
    readable = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", _LINE_END.sub("\n", value))
    return f"'{readable}" if readable.startswith(FORMULA) else readable


def defused_sql(column: str) -> str:
    """The same for a column of text, as SQL; ``column`` is a name of the schema's."""
    starts = " OR ".join(f"starts_with({column}, {literal(start)})" for start in FORMULA)
    return f"CASE WHEN {starts} THEN '''' || {column} ELSE {column} END AS {column}"
