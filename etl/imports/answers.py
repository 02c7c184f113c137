"""What a file cannot say of itself, and a person can: kept as a small TOML file, the map.

```toml
kind = "enrollment"            # or awards, openings
state = "NC"
school_year = "2020-21"
education_level = "secondary"  # or postsecondary
measure = "concentrators"      # or participants, completers
framework = "16 clusters (2002)"
sheet = "Sheet1"
header_row = 1
years = 10                     # openings: how many years a figure covers
period = "2023-2033"           # openings: first and last year of the projection
region = "Piedmont"            # openings: the region's name; none is the whole state
accept = ["sums"]              # load although totals and their parts differ

[columns]                      # heading -> what it holds, or "drop"
"LEA" = "district"

[clusters]                     # name in the file -> cluster, or "drop"; a star ends a beginning
"12*" = "Health Science"
```
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from etl.codes import FRAMEWORK_2002, FRAMEWORK_2024
from etl.errors import UsageError
from etl.imports.names import CLUSTERS, HEADINGS, MEASURES, OTHER

Kind = Literal["enrollment", "awards", "openings"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DROP = "drop"
MAX_MAP_BYTES = 200_000


@dataclass(frozen=True)
class Answers:
    """See the module. '' and 0 say that nothing was answered."""

    kind: Kind = "enrollment"
    state: str = ""
    school_year: str = ""
    education_level: str = ""
    measure: str = ""
    framework: str = ""
    sheet: str = ""
    header_row: int = 0
    years: int = 0
    region: str = ""
    period: str = ""
    accept: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    clusters: dict[str, str] = field(default_factory=dict)

    def cluster_for(self, label: str) -> str:
        """What the map says of a cluster's name: the name itself before the longest beginning; '' where it says nothing."""
        if label in self.clusters:
            return self.clusters[label]
        fitting = [k for k in self.clusters if k.endswith("*") and label.startswith(k[:-1])]
        return self.clusters[max(fitting, key=len)] if fitting else ""


#: Answers that must be one of these.
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "education_level": ("", "secondary", "postsecondary"),
    "measure": ("", *MEASURES),
    "framework": ("", FRAMEWORK_2002, FRAMEWORK_2024),
}
ROLES = (*HEADINGS, DROP)


def checked(answers: Answers, where: str) -> Answers:
    """The same answers, or a ``UsageError`` that names the one that cannot be."""
    for name, offered in CHOICES.items():
        if getattr(answers, name) not in offered:
            known = ", ".join(o for o in offered if o)
            raise UsageError(f"{where} says {name} = {getattr(answers, name)!r}; it is one of {known}.")
    every = {c for of_framework in CLUSTERS.values() for c in of_framework} | {OTHER, "all", DROP}
    for heading, role in answers.columns.items():
        if role not in ROLES and role not in every:
            raise UsageError(
                f"{where} says that column {heading!r} is {role!r}; it is one of {', '.join(ROLES)}, or a cluster."
            )
    for label, cluster in answers.clusters.items():
        if cluster not in every:
            raise UsageError(
                f"{where} maps {label!r} to {cluster!r}; it is 'drop', 'all', or one of {'; '.join(sorted(every - {DROP}))}."
            )
    return answers


def read_map(text: str, where: str = "the map") -> Answers:
    """Answers from TOML. Raises ``UsageError`` for what is no TOML, an unknown name or a value of the wrong kind."""
    if len(text) > MAX_MAP_BYTES:
        raise UsageError(f"{where} is longer than a map can be ({MAX_MAP_BYTES:,} characters).")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where} is not TOML ({error}); write it anew with --dry-run --save-map.") from error
    values: dict[str, Any] = {}
    known = {f.name: f for f in fields(Answers)}
    for name, value in found.items():
        if name not in known:
            raise UsageError(f"{where} has {name!r}, which is no answer; the answers are {', '.join(known)}.")
        wanted: type = {"header_row": int, "years": int, "columns": dict, "clusters": dict, "accept": list}.get(
            name, str
        )
        right = isinstance(value, wanted) and not isinstance(value, bool)
        if right and wanted in {dict, list}:
            right = all(isinstance(v, str) for v in (value.values() if isinstance(value, dict) else value))
        if not right:
            raise UsageError(f"{where} has {name} = {value!r}, which should be {_WORDS[wanted]}.")
        values[name] = tuple(value) if wanted is list else value
    return checked(Answers(**values), where)


_WORDS = {int: "a whole number", str: "text in quotes", dict: "a table of texts", list: "a list of texts"}


def read_map_file(path: Path) -> Answers:
    """Answers from a TOML file."""
    try:
        return read_map(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The map {path} cannot be read ({error}); name the TOML file that --save-map wrote."
        ) from error


def write_map(answers: Answers) -> str:
    """Answers as TOML; what was not answered is left out. ``read_map`` gives them back."""
    lines, tables = [], []
    for f in fields(answers):
        value = getattr(answers, f.name)
        if not value:
            continue
        if isinstance(value, dict):
            tables += ["", f"[{f.name}]", *(f"{_quoted(k)} = {_quoted(v)}" for k, v in sorted(value.items()))]
        elif isinstance(value, tuple):
            lines.append(f"{f.name} = [{', '.join(_quoted(v) for v in value)}]")
        else:
            lines.append(f"{f.name} = {value if isinstance(value, int) else _quoted(value)}")
    return "\n".join([*lines, *tables]) + "\n"


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's is one, but for the delete character, which JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
