"""The map of a table of records: which column holds what, kept as a small TOML file.

```toml
origin = "Course records"           # how the figures are named in the dashboard; the table's name by default
framework = "14 clusters (2024)"    # or 16 clusters (2002)
education_level = "secondary"       # or postsecondary
threshold = 10                      # the smallest count that is shown
state = "NC"                        # where no column holds it
year_is = "its end"                 # where the school year is one number: the year in which it ends, or "its start"

[columns]
student = "student_id"              # counted, never fetched
school_year = "school_year"
state = "state"                     # postal abbreviation, FIPS code or name
district = "lea_name"               # may be left out
cluster = "cluster"                 # either this or
cip = "cip_code"                    # the program, put into every cluster that it belongs to

[clusters]                          # what the table calls a cluster -> the framework's name
"01" = "Agriculture"

[measures]                          # at least one
participants = { rows = "every" }                              # whoever has a record
concentrators = { column = "is_concentrator", values = ["Y"] }
completers = { courses = "course_id", at_least = 3 }           # so many courses in one program, up to that year

[populations.sex]                   # any name; its values divide the students
column = "sex"
values = { F = "Female", M = "Male" }

[wages]                             # may be left out
table = "wage_record"
student = "student_id"
quarter = "quarter"
earnings = "wages_usd"
by = "cluster"                      # or cip
[wages.quarters]                    # school year as the records have it -> quarter as the wage table has it
"2022-23" = "2023Q4"
```
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

from etl.codes import FRAMEWORK_2002, FRAMEWORK_2024
from etl.errors import UsageError
from etl.imports.names import CLUSTERS, MEASURES, OTHER
from etl.imports.suppress import ALL, THRESHOLD

MAX_MAP_BYTES = 200_000
LEVELS = ("secondary", "postsecondary")
#: Whoever has none of the values that a population's map names: counted to protect the others, never shown.
OTHERS = "(others)"


@dataclass(frozen=True)
class Rule:
    """Who is counted: everyone with a record (no ``column``); records whose ``column`` holds one of ``values``; or, with
    ``at_least``, students with so many different values of ``column`` in one program up to that school year."""

    column: str = ""
    values: tuple[str, ...] = ()
    at_least: int = 0


@dataclass(frozen=True)
class Population:
    """A division of the students by the values of a column; those of no value that is named are :data:`OTHERS`."""

    column: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Wages:
    """A table of quarterly earnings, one or more rows per person and quarter, in dollars. ``quarters``: school year as the
    records have it -> quarter as this table has it."""

    table: str
    student: str
    quarter: str
    earnings: str
    quarters: Mapping[str, str]
    by: Literal["cluster", "cip"] = "cluster"


@dataclass(frozen=True)
class RecordMap:
    """See the module."""

    columns: Mapping[str, str]
    measures: Mapping[str, Rule]
    framework: str = FRAMEWORK_2024
    education_level: str = "secondary"
    threshold: int = THRESHOLD
    state: str = ""
    origin: str = ""
    year_is: str = ""
    clusters: Mapping[str, str] = field(default_factory=dict)
    populations: Mapping[str, Population] = field(default_factory=dict)
    wages: Wages | None = None

    @property
    def record_columns(self) -> list[str]:
        """Every column of the table that is read."""
        named = [*self.columns.values(), *(r.column for r in self.measures.values() if r.column)]
        return list(dict.fromkeys([*named, *(p.column for p in self.populations.values())]))


def read_map_file(path: Path) -> RecordMap:
    """The map in a TOML file. Raises ``UsageError``, one sentence, where it is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The map {path} cannot be read ({error}); name a TOML file that says what the columns hold."
        ) from error
    return read_map(text, path.name)


def read_map(text: str, where: str) -> RecordMap:
    """The map in a text, checked. Raises ``UsageError``: what is wrong, where, and what there is to choose from."""
    if len(text) > MAX_MAP_BYTES:
        raise UsageError(f"{where} is longer than a map can be ({MAX_MAP_BYTES:,} characters).")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where} is not TOML ({error}); the README shows a whole map.") from error
    top = _table(found, where, "", _TOP, required=("columns", "measures"))
    for key in ("origin", "framework", "education_level", "state", "year_is"):
        _text(top, where, key, empty=True)
    columns = {
        k: _text(top["columns"], where, k)
        for k in _table(top["columns"], where, "columns", _COLUMNS, ("student", "school_year"))
    }
    framework = _one_of(top.get("framework", FRAMEWORK_2024), where, "framework", (FRAMEWORK_2024, FRAMEWORK_2002))
    record_map = RecordMap(
        columns=columns,
        measures={m: _rule(r, where, m) for m, r in _table(top["measures"], where, "measures", MEASURES).items()},
        framework=framework,
        education_level=_one_of(top.get("education_level", "secondary"), where, "education_level", LEVELS),
        threshold=_whole(top.get("threshold", THRESHOLD), where, "threshold", 2, 1000),
        state=top.get("state", ""),
        origin=top.get("origin", ""),
        year_is=_one_of(top.get("year_is", ""), where, "year_is", ("", "its end", "its start")),
        clusters=_clusters(top.get("clusters", {}), where, framework),
        populations=_populations(top.get("populations", {}), where),
        wages=_wages(top["wages"], where) if "wages" in top else None,
    )
    _need_whole(record_map, where)
    return record_map


_TOP = ("origin", "framework", "education_level", "threshold", "state", "year_is", "columns", "clusters", "measures",
        "populations", "wages")  # fmt: skip
_COLUMNS = ("student", "school_year", "state", "district", "cluster", "cip")
_WAGES = ("table", "student", "quarter", "earnings", "by", "quarters")


def _need_whole(found: RecordMap, where: str) -> None:
    """What no single answer shows."""
    if not found.measures:
        raise UsageError(f"{where} counts nobody; name at least one of {', '.join(MEASURES)} under [measures].")
    if ("state" in found.columns) == bool(found.state):
        raise UsageError(f"{where} should say the state once; name a column under [columns] or set state, not both.")
    if ("cluster" in found.columns) == ("cip" in found.columns):
        raise UsageError(
            f"{where} should name one of cluster and cip under [columns], the column that holds the program."
        )
    if "cip" in found.columns and found.framework != FRAMEWORK_2024:
        raise UsageError(
            f"{where} maps CIP codes, which belong to clusters of {FRAMEWORK_2024!r} only; set framework so."
        )
    if "cip" in found.columns and found.clusters:
        raise UsageError(
            f"{where} has [clusters] and a column of CIP codes; a code's clusters are known, leave [clusters] out."
        )
    if found.wages and found.wages.by == "cip" and "cip" not in found.columns:
        raise UsageError(f'{where} asks for earnings by cip, and no column holds CIP codes; set by = "cluster".')
    labels = [label for p in found.populations.values() for label in p.values.values()]
    twice = {label for label in labels if labels.count(label) > 1 and not _in_one(found, label)}
    if twice or {ALL, OTHERS} & set(labels):
        raise UsageError(
            f"{where} names the population {min(twice or {ALL, OTHERS} & set(labels))!r} twice; give each its own name."
        )


def _in_one(found: RecordMap, label: str) -> bool:
    return sum(label in p.values.values() for p in found.populations.values()) == 1


def _rule(rule: object, where: str, measure: str) -> Rule:
    place = f"measures.{measure}"
    found = _table(rule, where, place, ("rows", "column", "values", "courses", "at_least"))
    kinds = {("rows",), ("column", "values"), ("at_least", "courses")}
    if tuple(sorted(found)) not in kinds:
        raise UsageError(
            f'{where} has [{place}] with {", ".join(found) or "nothing"}; write rows = "every", or column and values, or '
            "courses and at_least."
        )
    if "rows" in found:
        _one_of(found["rows"], where, f"{place}.rows", ("every",))
        return Rule()
    if "values" in found:
        values = found["values"]
        if not isinstance(values, list) or not values or not all(isinstance(v, str | int) for v in values):
            raise UsageError(f'{where} has {place}.values = {values!r}, which should be a list such as ["Y"].')
        return Rule(_text(found, where, "column"), tuple(map(_as_text, values)))
    return Rule(_text(found, where, "courses"), at_least=_whole(found["at_least"], where, f"{place}.at_least", 1, 50))


def _as_text(value: str | int) -> str:
    """As a column's value reads once it is text: a boolean is true or false in every engine."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _clusters(table: object, where: str, framework: str) -> dict[str, str]:
    names = _texts(table, where, "clusters")
    for label, name in names.items():
        if name not in (*CLUSTERS[framework], OTHER):
            raise UsageError(
                f"{where} maps {label!r} to {name!r}, which is no cluster of {framework}; use one of its names, or {OTHER!r}."
            )
    return names


def _populations(table: object, where: str) -> dict[str, Population]:
    found = {}
    for name, division in _table(table, where, "populations", None).items():
        place = f"populations.{name}"
        one = _table(division, where, place, ("column", "values"), ("column", "values"))
        found[name] = Population(
            _text(one, where, "column"), _texts(one["values"], where, f"{place}.values", needed=True)
        )
    return found


def _wages(table: object, where: str) -> Wages:
    found = _table(table, where, "wages", _WAGES, tuple(k for k in _WAGES if k != "by"))
    return Wages(
        _text(found, where, "table"),
        _text(found, where, "student"),
        _text(found, where, "quarter"),
        _text(found, where, "earnings"),
        _texts(found["quarters"], where, "wages.quarters", needed=True),
        cast(Literal["cluster", "cip"], _one_of(found.get("by", "cluster"), where, "wages.by", ("cluster", "cip"))),
    )


# ------------------------------------------------------------------ one answer


def _table(
    value: object, where: str, place: str, known: tuple[str, ...] | None, required: tuple[str, ...] = ()
) -> dict[str, Any]:
    at = f"[{place}]" if place else "the map"
    if not isinstance(value, dict):
        raise UsageError(f"{where} has {place} = {value!r}, which should be a table.")
    for key in value:
        if known is not None and key not in known:
            raise UsageError(f"{where} has {key!r} in {at}, which is not known; there may be {', '.join(known)}.")
    for key in required:
        if key not in value:
            raise UsageError(f"{where} has no {key!r} in {at}, which is needed; the README shows a whole map.")
    return value


def _text(table: Mapping[str, Any], where: str, key: str, empty: bool = False) -> str:
    value = table.get(key, "")
    if not isinstance(value, str) or not (value or empty) or len(value) > 200:
        raise UsageError(f"{where} has {key} = {value!r}, which should be text in quotes.")
    return value


def _texts(value: object, where: str, place: str, needed: bool = False) -> dict[str, str]:
    found = _table(value, where, place, None)
    if needed and not found:
        raise UsageError(f"{where} has nothing in [{place}]; name at least one value.")
    return {k: _text(found, where, k) for k in found}


def _one_of(value: object, where: str, key: str, options: tuple[str, ...]) -> str:
    if value not in options:
        raise UsageError(f"{where} has {key} = {value!r}; it may be {' or '.join(repr(o) for o in options if o)}.")
    return str(value)


def _whole(value: object, where: str, key: str, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise UsageError(f"{where} has {key} = {value!r}, which should be a whole number from {least} to {most:,}.")
    return value
