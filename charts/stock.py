"""Taking stock: what a company or association already supports, set against the five principles on three levels.

Pure functions of what a person writes; nothing here reads or keeps anything. A worksheet leaves as JSON or CSV and comes
back through :func:`read`, which takes nothing over until every row and column of the file is right.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd

from charts import words
from charts.actions import PRINCIPLES

LEVELS = ("national", "state", "local")
#: What an activity can be -> the question that helps to remember one.
KINDS = {
    "program validation": "Do we confirm that a program teaches what the work needs?",
    "quality criteria": "Do we help to set what a good program must have?",
    "work-based learning": "Do we take interns, apprentices or visitors?",
    "classroom lessons": "Do we bring real problems or projects into lessons?",
    "instructors and externships": "Do we lend people who teach, or take teachers in to learn?",
    "equipment": "Do we give or lend machines, software or space?",
    "student organizations": "Do we support career student organizations?",
    "intermediary": "Do we connect schools, colleges and employers, or pay someone who does?",
    "philanthropy": "Do we, or does our foundation, give money?",
    "chamber advocacy": "Does our chamber or association speak up for programs?",
    "public voice": "Do our leaders say in public why this matters?",
}
ALIGNMENTS = ("aligned", "partly", "not", "unknown")
STATUSES = ("idea", "planned", "under way", "done")

MAX_BYTES = 1_000_000
MAX_ROWS = 500
MAX_TEXT = 500
#: A date outside of these is a slip of the pen.
YEARS = range(1990, 2101)
FORMAT = "talent-gap-atlas-stock"

#: A spreadsheet runs a cell that begins with one of these (the wide forms too).
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")


@dataclass(frozen=True)
class Activity:
    """One thing that is supported. Only the name is needed; an empty text or None says: not filled in yet."""

    name: str = ""
    principle: int | None = None
    level: str = ""
    kind: str = ""
    alignment: str = "unknown"
    would_align: str = ""
    owner: str = ""
    due: date | None = None
    status: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether it has a name, a principle and a level, and so a place in the matrix."""
        return bool(self.name and self.principle and self.level)


COLUMNS = tuple(field.name for field in fields(Activity))
#: A file's column -> its heading on the screen.
HEADINGS = {
    "name": "Activity",
    "principle": "Principle",
    "level": "Level",
    "kind": "Kind",
    "alignment": "Aligned?",
    "would_align": "What would align it",
    "owner": "Owner",
    "due": "Date",
    "status": "Status",
}
_ONE_OF = {"level": LEVELS, "kind": tuple(KINDS), "alignment": ALIGNMENTS, "status": STATUSES}


class Problem(NamedTuple):
    """What is wrong with a file: the row (1 is the first activity, 0 the file as a whole), the column, and a sentence."""

    row: int
    column: str
    says: str

    def __str__(self) -> str:
        if not self.row:
            return self.says
        return f"Row {self.row}, {self.column}: {self.says}" if self.column else f"Row {self.row}: {self.says}"


class Loaded(NamedTuple):
    """What a file holds: its activities, or, where anything is wrong with it, none and the problems."""

    activities: tuple[Activity, ...]
    problems: tuple[Problem, ...]


# ------------------------------------------------------------------ one row


def clean(value: object) -> str:
    """A text on one line: no control, invisible or direction-turning characters, no space at its ends."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value is pd.NaT:
        return ""
    return " ".join("".join(c for c in " ".join(str(value).split()) if c.isprintable()).split())


def principle_label(number: int) -> str:
    """A principle as the worksheet offers it: '1 Quality programs'."""
    return f"{number} {PRINCIPLES[number][1]}"


def parse_row(values: Mapping[str, object], row: int) -> tuple[Activity, list[Problem]]:
    """An activity from a row of a file or of the worksheet, and what is wrong with the row."""
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for column in COLUMNS:
        try:
            found[column] = _value(column, values.get(column))
        except ValueError as error:
            problems.append(Problem(row, column, str(error)))
    return (Activity() if problems else Activity(**found)), problems


def _value(column: str, value: object) -> Any:
    """A cell's value. Raises ``ValueError`` with a sentence for a reader."""
    if isinstance(value, dict | list | tuple | set):
        raise ValueError("it must be one text, not a list.")
    if column == "due":
        return _date(value)
    text = clean(value)
    if column == "principle":
        return _principle(text)
    if column in _ONE_OF:
        if not text:
            return "unknown" if column == "alignment" else ""
        offered = {o.casefold(): o for o in _ONE_OF[column]}
        if text.casefold() not in offered:
            raise ValueError(f"“{_quoted(text)}” is none of {words.listed(_ONE_OF[column])}.")
        return offered[text.casefold()]
    if len(text) > MAX_TEXT:
        raise ValueError(f"it has {len(text):,} characters; {MAX_TEXT} are the most.")
    return text


def _principle(text: str) -> int | None:
    """Of '1', '1.0', '1 Quality programs' or 'Quality programs' the number."""
    if not text:
        return None
    labels = {name.casefold(): number for number, (_, name) in PRINCIPLES.items()}
    known = {f"{n}": n for n in PRINCIPLES} | {f"{n}.0": n for n in PRINCIPLES} | labels
    known |= {principle_label(n).casefold(): n for n in PRINCIPLES}
    if text.casefold() not in known:
        raise ValueError(f"“{_quoted(text)}” is no principle; give its number, 1 to {max(PRINCIPLES)}.")
    return known[text.casefold()]


def _date(value: object) -> date | None:
    """Of a date, '2026-11-25' or, as spreadsheets in the United States rewrite it, '11/25/2026' the day."""
    if isinstance(value, datetime | date) and value is not pd.NaT:
        return value.date() if isinstance(value, datetime) else value
    text = clean(value)
    if not text:
        return None
    for form in ("%Y-%m-%d", "%Y-%m-%d 00:00:00", "%m/%d/%Y"):
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        if day.year in YEARS:
            return day
    raise ValueError(f"“{_quoted(text)}” is no date from {YEARS.start} to {YEARS.stop - 1}; write it as 2026-11-25.")


def _quoted(text: str) -> str:
    return words.shortened(text, 40)


# ------------------------------------------------------------------ files


def to_json(activities: Sequence[Activity]) -> bytes:
    """The worksheet as JSON, to be loaded again."""
    rows = [{name: _plain(value) for name, value in asdict(a).items()} for a in activities]
    return (json.dumps({"format": FORMAT, "activities": rows}, indent=1, ensure_ascii=False) + "\n").encode()


def to_csv(activities: Sequence[Activity]) -> bytes:
    """The worksheet as CSV for a spreadsheet; a text that a spreadsheet would run as a formula gets an apostrophe in front."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for activity in activities:
        writer.writerow([defused(str(_plain(v) or "")) for v in asdict(activity).values()])
    return out.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets that it is UTF-8


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> defused("=1+1"), defused("Open house"), defused("'=1")
    ("'=1+1", 'Open house', "''=1")
    """
    return f"'{text}" if _FORMULA.match(text) else text


def armed(text: str) -> str:
    """The text that :func:`defused` was given.

    >>> armed("'=1+1"), armed("'tis the season")
    ('=1+1', "'tis the season")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def read(file_name: str, content: bytes) -> Loaded:
    """The activities of a saved file, JSON or CSV by its name; nothing where anything in it is wrong."""
    if len(content) > MAX_BYTES:
        return _refused(f"The file has {len(content):,} bytes; {MAX_BYTES:,} are the most.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refused("The file is not UTF-8 text; save it as “CSV UTF-8”, or as JSON from this page.")
    try:
        rows = _json_rows(text) if file_name.casefold().endswith(".json") else _csv_rows(text)
    except ValueError as error:
        return _refused(str(error))
    if len(rows) > MAX_ROWS:
        return _refused(f"The file has {len(rows):,} activities; {MAX_ROWS} are the most.")
    activities, problems = [], []
    for number, row in enumerate(rows, start=1):
        unknown = [str(name) for name in row if name not in COLUMNS]
        problems += [Problem(number, _quoted(clean(name)), "there is no such column.") for name in unknown]
        activity, wrong = parse_row(row, number)
        problems += wrong
        activities.append(activity)
    return Loaded((), tuple(problems)) if problems else Loaded(tuple(a for a in activities if a != Activity()), ())


def _refused(says: str) -> Loaded:
    return Loaded((), (Problem(0, "", says),))


def _json_rows(text: str) -> list[dict[str, object]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError("The file is not JSON; load one that this page saved.") from None
    rows = found.get("activities") if isinstance(found, dict) and found.get("format") == FORMAT else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("The file is JSON, but no worksheet; load one that this page saved.")
    return rows


def _csv_rows(text: str) -> list[dict[str, object]]:
    """The rows under the headings; separated by commas or, as some spreadsheets write it, semicolons."""
    csv.field_size_limit(MAX_BYTES)  # one limit for the whole process; a cell's own length is judged row by row
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    try:
        head, *body = [row for row in reader if any(cell.strip() for cell in row)] or [[]]
    except csv.Error as error:
        raise ValueError(f"The file cannot be read as CSV ({error}); save it again.") from None
    names = [clean(name).casefold() for name in head]
    unknown = sorted({_quoted(name) or "without a name" for name in names} - set(COLUMNS))
    if "name" not in names or unknown or len(set(names)) < len(names):
        raise ValueError(
            f"The first row must name the columns, each once: {', '.join(COLUMNS)}"
            + (f"; not known: {', '.join(unknown)}." if unknown else ".")
        )
    for number, row in enumerate(body, start=1):
        if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
            raise ValueError(f"Row {number} has more cells than there are columns; put texts with commas into quotes.")
    return [dict(zip(names, map(armed, row), strict=False)) for row in body]


# ------------------------------------------------------------------ the worksheet


def to_frame(activities: Sequence[Activity]) -> pd.DataFrame:
    """The worksheet's rows under their headings, principles as labels, as the editor wants them."""
    rows = [
        {
            **asdict(a),
            "principle": principle_label(a.principle) if a.principle else None,
            **{name: getattr(a, name) or None for name in ("level", "kind", "status")},
        }
        for a in activities
    ]
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype(object)
    frame["due"] = pd.to_datetime(frame["due"])
    return frame.rename(columns=HEADINGS)


def from_frame(frame: pd.DataFrame) -> Loaded:
    """What the editor holds. Its columns offer only what is right, so a problem is rare; the row is then left out."""
    names = {heading: name for name, heading in HEADINGS.items()}
    activities, problems = [], []
    for number, row in enumerate(frame.rename(columns=names).to_dict("records"), start=1):
        activity, wrong = parse_row({str(k): v for k, v in row.items()}, number)
        problems += wrong
        if not wrong and activity != Activity():
            activities.append(activity)
    return Loaded(tuple(activities), tuple(problems))


def questions() -> tuple[Activity, ...]:
    """One row per kind, to be filled in or deleted."""
    return tuple(Activity(kind=kind) for kind in KINDS)


# ------------------------------------------------------------------ what it says


def coverage(activities: Sequence[Activity]) -> pd.DataFrame:
    """The placed activities counted: a row per principle and level, with how many are aligned, partly, not, unknown."""
    rows = []
    for principle in PRINCIPLES:
        for level in LEVELS:
            there = [a.alignment for a in activities if a.is_placed and (a.principle, a.level) == (principle, level)]
            counts = {f"{alignment}_count": there.count(alignment) for alignment in ALIGNMENTS}
            is_hole = not counts["aligned_count"] + counts["partly_count"]
            rows.append(
                {"principle": principle, "level": level, "activities_count": len(there), **counts, "is_hole": is_hole}
            )
    return pd.DataFrame(rows)


def cell_says(cell: Any) -> str:
    """A cell of the matrix in words: '2 activities: 1 aligned, 1 not'."""
    if not cell.activities_count:
        return "Nothing yet"
    parts = [(getattr(cell, f"{alignment}_count"), alignment) for alignment in ALIGNMENTS]
    said = ", ".join(f"{count} {'not known' if name == 'unknown' else name}" for count, name in parts if count)
    return f"{cell.activities_count} {'activity' if cell.activities_count == 1 else 'activities'}: {said}"


def finding(matrix: pd.DataFrame) -> str:
    """Where the holes are, in one sentence."""
    total, holes = int(matrix["activities_count"].sum()), matrix[matrix["is_hole"]]
    what = "1 activity" if total == 1 else f"{total} activities"
    if holes.empty:
        return (
            f"{what}, and each principle has something aligned, at least in part, on each of the {len(LEVELS)} levels"
        )
    empty = [name for p, (_, name) in PRINCIPLES.items() if matrix.loc[matrix["principle"] == p, "is_hole"].all()]
    sentence = (
        f"{what}; {len(holes)} of the {len(matrix)} places in the matrix have nothing known to be aligned, even in part"
    )
    return f"{sentence}: nothing on any level for {words.listed(empty)}" if empty else sentence


def holes(matrix: pd.DataFrame) -> dict[int, str]:
    """Principle -> a sentence that says on which levels it has a hole; principles without one are left out."""
    said = {}
    for principle in PRINCIPLES:
        part = matrix[matrix["is_hole"] & (matrix["principle"] == principle)]
        if part.empty:
            continue
        none = part.loc[part["activities_count"] == 0, "level"].tolist()
        misaligned = part.loc[part["activities_count"] > 0, "level"].tolist()
        clauses = [f"nothing yet on the {_levels(none)}"] if none else []
        clauses += [f"something, but nothing known to be aligned, on the {_levels(misaligned)}"] if misaligned else []
        sentence = "; ".join(clauses)
        said[principle] = f"{sentence[0].upper()}{sentence[1:]}."
    return said


def _levels(names: Sequence[str]) -> str:
    return f"{words.listed(names)} level{'' if len(names) == 1 else 's'}"


def kinds_missing(activities: Sequence[Activity]) -> list[str]:
    """The kinds of which there is no activity with a name."""
    there = {a.kind for a in activities if a.name}
    return [kind for kind in KINDS if kind not in there]


def not_placed(activities: Sequence[Activity]) -> int:
    """How many named activities lack a principle or a level, and so are not in the matrix."""
    return sum(bool(a.name) and not a.is_placed for a in activities)


def names_in(activities: Sequence[Activity], principle: int, level: str) -> list[str]:
    """The names of the activities in one cell of the matrix."""
    return [a.name for a in activities if a.is_placed and (a.principle, a.level) == (principle, level)]
