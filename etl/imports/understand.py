"""Reading a person's table: which columns hold what, which rows are totals, what must be asked, what cannot be.

Nothing is guessed in silence. What was recognised is listed with its likeness, what was left out with its reason, what is
wrong by row and column; what the file does not say becomes a question, and rows are ready only when none is open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from etl.codes import FIPS_BY_NAME, FRAMEWORK_2002, FRAMEWORK_2024
from etl.errors import AtlasError
from etl.imports import names
from etl.imports.answers import DROP, Answers
from etl.imports.names import MEASURES, Match, Value, heading_role, is_total, letters, match_cluster, measure_named
from etl.imports.suppress import ALL, CELL, GROUP, sums
from etl.imports.table import Sheet, cell_name, clean, read_table

#: Where a heading may stand, and how much of a row is looked at for one.
HEADING_ROWS = 40
#: A kind of sum that holds in so large a part of at least so many cases holds by design, and a case where not is an error.
SUMS_HOLD, SUMS_LEAST = 0.65, 3
MOST_PROBLEMS = 200
_FRAMEWORKS = (FRAMEWORK_2002, FRAMEWORK_2024)
_KEYS = ("state", "school_year", "education_level", "population", "district", "school")
#: Numbers under such headings count nobody.
_NO_COUNTS = re.compile(
    r"\b(id|code|fips|zip|phone|rank|percent|pct|rate|share|latitude|longitude|wages?|earnings|salary|change|exits|transfers|"
    r"estimate|employment)\b|percent|%|\$",
    re.IGNORECASE,
)


class Problem(NamedTuple):
    """What is wrong, and where as a spreadsheet counts: the cell, or the row where ``column`` is ''."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        at = f"row {self.row}" + (f", column {self.column!r}" if self.column else "")
        return f"{at if self.row else 'the file'}: {self.what}"


class Question(NamedTuple):
    """What the file does not say. ``key`` is the answer's name in the map, ``about`` the heading or label where the answer is
    one of a table's; ``options`` are the answers there are (none: any text)."""

    key: str
    text: str
    options: tuple[str, ...] = ()
    about: str = ""


class ColumnUse(NamedTuple):
    """What a column was taken for: a role of ``names.HEADINGS``, 'cluster count', or 'dropped'."""

    column: int
    heading: str
    role: str
    meaning: str


class ClusterUse(NamedTuple):
    """What a cluster's name was taken for."""

    label: str
    cluster: str
    likeness: float


@dataclass(frozen=True)
class Understanding:
    """What a file says. ``rows`` are as the file has them, small cells and all: pass them through ``suppress`` before anyone
    sees them. Columns for enrolment and awards: those of ``suppress.GROUP`` and ``CELL``, ``students_count``, ``is_masked``;
    for openings: region, state_fips, base_year, projection_year, framework, cluster, soc_code, openings_annual_count."""

    name: str
    answers: Answers
    sheet: str = ""
    header_row: int = 0
    layout: str = ""
    columns: tuple[ColumnUse, ...] = ()
    clusters: tuple[ClusterUse, ...] = ()
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def is_ready(self) -> bool:
        return not self.problems and not self.questions and len(self.rows) > 0

    def need_ready(self) -> None:
        """Raise ``AtlasError``, one sentence, unless the rows can be loaded."""
        if self.problems:
            more = f" ({len(self.problems)} such problems)" if len(self.problems) > 1 else ""
            raise AtlasError(f"{self.name}, {self.problems[0]}{more}; correct the file, or its map.")
        if self.questions:
            first = self.questions[0]
            one_of = f" ({' or '.join(first.options[:6])})" if first.options else ""
            more = f" ({len(self.questions)} such questions)" if len(self.questions) > 1 else ""
            raise AtlasError(
                f"{self.name} does not say all that is needed{more}, it is asked: "
                f"{re.sub(r'[.?] ', '; ', first.text).rstrip('?.')}{one_of}; "
                "answer with an option, or in a map (--save-map writes one)."
            )
        if self.rows.empty:
            raise AtlasError(
                f"{self.name} holds no rows with counts; choose the file or the sheet that holds the table."
            )


def understand(data: bytes, name: str, answers: Answers = Answers()) -> Understanding:  # noqa: B008 - frozen
    """What is in a file. Raises ``AtlasError`` where it cannot be opened or holds no table; all else is in the answer."""
    sheets = read_table(data, name)
    sheet, header = _heading(sheets, name, answers)
    reading = _Reading(names.label(clean(name))[:120], sheet, header, answers)
    return reading.openings() if answers.kind == "openings" else reading.enrolment()


# ------------------------------------------------------------------ where the table is


def _score(row: Sequence[str]) -> int:
    """How much a row looks like a heading: roles count twice, clusters once."""
    score = 0
    for cell in row[:150]:
        if not cell or len(cell) > 120 or cell[0].isdigit():
            continue
        if heading_role(cell):
            score += 2
        elif any(match_cluster(cell, f).likeness >= names.LIKENESS for f in _FRAMEWORKS):
            score += 1
    return score


def _heading(sheets: Sequence[Sheet], name: str, answers: Answers) -> tuple[Sheet, int]:
    if answers.sheet:
        sheets = [s for s in sheets if s.name == answers.sheet]
        if not sheets:
            raise AtlasError(f"{name} has no sheet {answers.sheet!r}; name one that it has.")
    if answers.header_row:
        if answers.header_row > len(sheets[0].rows):
            raise AtlasError(
                f"{name} has no row {answers.header_row} for a heading; it has {len(sheets[0].rows)} rows."
            )
        return sheets[0], answers.header_row - 1
    scored = [
        (_score(row), -s, -r) for s, sheet in enumerate(sheets[:20]) for r, row in enumerate(sheet.rows[:HEADING_ROWS])
    ]
    best, s, r = max(scored)
    if best < 4:
        raise AtlasError(
            f"{name} has no heading row that names a district, a year, career clusters or counts; put headings over the columns."
        )
    rivals = {-s2 for score, s2, _ in scored if score == best}
    if len(rivals) > 1:
        found = ", ".join(repr(sheets[i].name) for i in sorted(rivals))
        raise AtlasError(
            f"{name} has several sheets that look like the table ({found}); say which with sheet in a map."
        )
    return sheets[-s], -r


# ------------------------------------------------------------------ reading


class _Count(NamedTuple):
    """A cell that counts, with what its row and column say of it."""

    row: int
    column: str
    keys: tuple[str, ...]
    unit: str
    label: str
    value: Value
    is_mapped: bool


class _Reading:
    """One file while it is read; the methods fill the lists that an understanding shows."""

    def __init__(self, name: str, sheet: Sheet, header: int, answers: Answers) -> None:
        self.name, self.sheet, self.header, self.answers = name, sheet, header, answers
        self.headings = sheet.rows[header]
        self.body = sheet.rows[header + 1 :]
        self.dropped: list[str] = []
        self.notes: list[str] = []
        self.problems: list[Problem] = []
        self.questions: list[Question] = []
        self.uses: list[ColumnUse] = []
        self.by_role: dict[str, int] = {}
        self.matches: dict[str, ClusterUse] = {}

    def done(self, layout: str, rows: pd.DataFrame, answers: Answers) -> Understanding:
        problems = self.problems[:MOST_PROBLEMS]
        return Understanding(
            self.name, answers, self.sheet.name, self.header + 1, layout, tuple(self.uses), tuple(self.matches.values()),
            rows, tuple(self.dropped), tuple(self.notes), tuple(problems), tuple(dict.fromkeys(self.questions)),
        )  # fmt: skip

    def problem(self, row: int, column: str, what: str) -> None:
        """``row`` counts from 0 in the body."""
        self.problems.append(Problem(row + self.header + 2, column[:60], what))

    def shown(self, text: str) -> str:
        return repr(text if len(text) <= 60 else text[:57] + "...")

    # ---- columns

    def assign(self, wanted: Callable[[str], bool]) -> list[tuple[int, str]]:
        """Give every column its role; gives the columns that may be clusters, with their headings, where ``wanted``."""
        open_columns = []
        for c, heading in enumerate(self.headings):
            cells = [row[c] for row in self.body]
            if not heading:
                filled = [r for r, cell in enumerate(cells) if cell]
                if len(filled) > 1 or any(re.fullmatch(r"[<\d.,%*-]+", cells[r]) for r in filled):
                    what = f"column {cell_name(0, c)[:-1]} holds {self.shown(cells[filled[0]])} under no heading"
                    self.problem(filled[0], "", what)
                elif filled:
                    self.dropped.append(f"cell {cell_name(filled[0] + self.header + 1, c)}: words under no heading")
                continue
            said = self.answers.columns.get(heading, "")
            role = said if said in names.HEADINGS or said == DROP else heading_role(heading)
            if said and said not in names.HEADINGS and said != DROP:
                open_columns.append((c, heading))
            elif role == DROP:
                self.use(c, heading, "dropped", "the map says so")
            elif role and wanted(role):
                if role == "metric" and not said and any(re.fullmatch(r"-?[\d.,]+", cell) for cell in cells[:20]):
                    role = "count"  # the numbers of the measure that another column names
                self.take(c, heading, role)
            else:
                open_columns.append((c, heading))
        return open_columns

    def take(self, c: int, heading: str, role: str) -> None:
        several = role == "count" and measure_named(heading) and self.answers.kind == "enrollment"
        if role in self.by_role and not several:
            other = self.headings[self.by_role[role]]
            self.problems.append(
                Problem(
                    self.header + 1,
                    heading[:60],
                    f"it holds the {role.replace('_', ' ')}, as {self.shown(other)} does; drop one",
                )
            )
            return
        self.by_role.setdefault(role, c)
        self.use(c, heading, role, "")

    def use(self, c: int, heading: str, role: str, meaning: str) -> None:
        self.uses.append(ColumnUse(c, heading, role, meaning))
        if role == "dropped":
            self.dropped.append(f"column {self.shown(heading)}: {meaning}")

    def leave(self, c: int, heading: str) -> None:
        """What becomes of a column that nothing is known of: text is left out, numbers are asked about."""
        cells = [row[c] for row in self.body if row[c]]
        counts = sum(names.value(cell).number is not None for cell in cells)
        if not cells:
            self.use(c, heading, "dropped", "it is empty")
        elif _NO_COUNTS.search(heading) or counts * 2 < len(cells):
            self.use(c, heading, "dropped", "it holds no counts of anyone")
        else:
            fits = tuple(dict.fromkeys(x for f in self.frameworks() for x in match_cluster(heading, f).candidates))
            options = fits or tuple(x for f in self.frameworks() for x in names.CLUSTERS[f])
            self.questions.append(
                Question(
                    "columns",
                    f"Which cluster do the numbers under {self.shown(heading)} count?",
                    (*options, DROP),
                    heading,
                )
            )

    def frameworks(self) -> tuple[str, ...]:
        return (self.answers.framework,) if self.answers.framework else _FRAMEWORKS

    # ---- clusters

    def framework_of(self, labels: Sequence[str]) -> str:
        """The framework whose clusters the labels are; asks where two fit alike. '' where none does."""
        if self.answers.framework:
            return self.answers.framework
        mapped = [self.answers.cluster_for(label) or self.answers.columns.get(label, "") for label in labels]
        known = [m for m in mapped if m and m not in {DROP, ALL, names.OTHER}]
        for framework in _FRAMEWORKS:
            if known and all(m in names.CLUSTERS[framework] for m in known):
                other = next(f for f in _FRAMEWORKS if f != framework)
                if not all(m in names.CLUSTERS[other] for m in known):
                    return framework
        scores = {}
        for framework in _FRAMEWORKS:
            found = [match_cluster(label, framework) for label in labels]
            likely = [m for m in found if m.cluster and m.cluster != names.OTHER]
            scores[framework] = (len(likely), sum(m.likeness for m in likely))
        first, second = sorted(_FRAMEWORKS, key=lambda f: scores[f], reverse=True)
        if not scores[first][0]:
            return ""
        if scores[first][0] == scores[second][0] and scores[first][1] - scores[second][1] < 0.5:
            self.questions.append(
                Question("framework", "Which clusters are these, the 16 of 2002 or the 14 of 2024?", _FRAMEWORKS)
            )
        return first

    def cluster_of(self, label: str, framework: str) -> tuple[str, bool]:
        """The cluster that a label means, and whether a person said so; '' where that must be asked, or it is dropped."""
        said = self.answers.cluster_for(label) or self.answers.columns.get(label, "")
        if said:
            if said == DROP:
                self.matches[label] = ClusterUse(label, DROP, 1.0)
                return "", True
            if said not in (*names.CLUSTERS[framework], names.OTHER, ALL):
                self.questions.append(
                    Question("clusters", f"{self.shown(said)} is no cluster of {framework}; what is {self.shown(label)}?",
                             (*names.CLUSTERS[framework], names.OTHER, ALL, DROP), label)
                )  # fmt: skip
                return "", True
            self.matches[label] = ClusterUse(label, said, 1.0)
            return said, True
        if is_total(label):
            self.matches[label] = ClusterUse(label, ALL, 1.0)
            return ALL, False
        match: Match = match_cluster(label, framework)
        if match.cluster:
            self.matches[label] = ClusterUse(label, match.cluster, match.likeness)
            return match.cluster, False
        options = (*(match.candidates or names.CLUSTERS[framework]), names.OTHER, DROP)
        why = f"it could be {' or '.join(match.candidates)}" if match.candidates else "no cluster's name is like it"
        self.questions.append(Question("clusters", f"Which cluster is {self.shown(label)} ({why})?", options, label))
        return "", False

    # ---- rows

    def is_note(self, r: int, counting: Sequence[int]) -> bool:
        """Whether a row is blank, or a note: words in one cell and nothing where counts stand."""
        row = self.body[r]
        filled = [c for c, cell in enumerate(row) if cell]
        if not filled:
            return True
        if len(filled) == 1 and not any(row[c] for c in counting) and len(self.headings) > 2:
            self.dropped.append(f"row {r + self.header + 2}: a note ({self.shown(row[filled[0]])})")
            return True
        lengths = self.sheet.lengths
        if lengths and lengths[r + self.header + 1] < lengths[self.header]:
            self.problem(
                r,
                "",
                f"it ends after {lengths[r + self.header + 1]} of {lengths[self.header]} cells, as in "
                "a file that was cut short",
            )
        return False

    def state(self, r: int) -> str:
        text = self.cell(r, "state")
        code = names.state_fips(text, FIPS_BY_NAME)
        if text and not code:
            self.problem(r, self.heading("state"), f"{self.shown(text)} is no state")
        if text and self.said_state and code and code != self.said_state:
            self.problem(r, self.heading("state"), f"{self.shown(text)} is another state than the one that was named")
        if "state" in self.by_role and not text:
            self.problem(r, self.heading("state"), "the state is missing")
        return code or self.said_state

    @property
    def said_state(self) -> str:
        code = names.state_fips(self.answers.state, FIPS_BY_NAME) if self.answers.state else ""
        if self.answers.state and not code:
            raise AtlasError(f"{self.answers.state!r} is no state; name it as NC or North Carolina.")
        return code

    def cell(self, r: int, role: str) -> str:
        return self.body[r][self.by_role[role]] if role in self.by_role else ""

    def heading(self, role: str) -> str:
        return self.headings[self.by_role[role]] if role in self.by_role else role

    def title(self) -> str:
        """What stands over the heading, and the names of sheet and file."""
        above = [cell for row in self.sheet.rows[: self.header] for cell in row if cell]
        return " | ".join([*above[:40], self.sheet.name, self.name])

    def state_in_title(self) -> str:
        above = {cell for row in self.sheet.rows[: self.header] for cell in row if cell}
        found = {FIPS_BY_NAME[cell] for cell in above if cell in FIPS_BY_NAME}
        return found.pop() if len(found) == 1 else ""

    # ---- enrolment and awards

    def enrolment(self) -> Understanding:
        """Counts of students or awards by cluster."""
        awards = self.answers.kind == "awards"
        open_columns = self.assign(lambda role: not role.startswith(("soc", "openings")))
        label_column = self.by_role.get("cluster", self.by_role.get("program"))
        count_columns = [u.column for u in self.uses if u.role == "count"]
        is_long = label_column is not None and bool(count_columns)
        if is_long:
            for c, heading in open_columns:
                self.leave(c, heading)
            at = label_column or 0
            self._restore_noughts(at)
            labels = list(dict.fromkeys(row[at] for row in self.body if row[at]))
        else:
            labels = self._wide_labels(open_columns)
        framework = self.framework_of(labels)
        if not framework:
            if labels and is_long:
                self.questions += self._unknown_programs(labels)
            elif not self.questions:
                raise AtlasError(
                    f"{self.name} names no career cluster in its heading and has no column of clusters with a column of counts; "
                    "name the columns in a map."
                )
            return self.done("long" if is_long else "wide", pd.DataFrame(), self.answers)
        found = self._long(label_column or 0, count_columns, framework) if is_long else self._wide(framework)
        cells = list(found)
        rows = self._frame(cells, framework, awards)
        answers = replace(self.answers, framework=framework)
        if not rows.empty and not self.problems:
            self._check_sums(rows)
        return self.done("long" if is_long else "wide", rows, answers)

    def _restore_noughts(self, column: int) -> None:
        """Put back the leading noughts that a spreadsheet took from codes of one length."""
        codes = {row[column] for row in self.body if row[column]}
        most = max(map(len, codes), default=0)
        short = {c for c in codes if len(c) < most}
        if not short or most < 4 or not all(c.isascii() and c.isdigit() for c in codes):
            return
        self.body = tuple(
            (*row[:column], row[column].zfill(most), *row[column + 1 :]) if row[column] else row for row in self.body
        )
        self.notes.append(
            f"{len(short):,} codes under {self.shown(self.headings[column])} got their leading noughts "
            f"back ({most} digits)."
        )

    def _unknown_programs(self, labels: Sequence[str]) -> Iterator[Question]:
        shown = ", ".join(labels[:4])
        yield Question(
            "clusters",
            f"Which clusters do the {len(labels)} names such as {shown} under "
            f"{self.shown(self.heading('cluster' if 'cluster' in self.by_role else 'program'))} belong to? "
            "Say it in the map; a star ends a beginning that many share.",
            (*names.CLUSTERS[FRAMEWORK_2002], names.OTHER, DROP),
            labels[0],
        )

    def _wide_labels(self, open_columns: Sequence[tuple[int, str]]) -> list[str]:
        """The headings of columns that count a cluster each, of those open; what is left is dropped or asked about."""
        labels: list[str] = []
        for c, heading in open_columns:
            said = self.answers.columns.get(heading, "") or self.answers.cluster_for(heading)
            likely = any(match_cluster(heading, f).cluster for f in self.frameworks())
            if said or likely:
                labels.append(heading)
                self.use(c, heading, "cluster count", said)
            else:
                self.leave(c, heading)
        twice = [h for h, n in Counter(h for _, h in open_columns if h in labels).items() if n > 1]
        for heading in twice:
            self.problems.append(
                Problem(self.header + 1, heading[:60], "the heading stands over two columns; rename or remove one")
            )
        return labels

    def _wide(self, framework: str) -> Iterator[_Count]:
        columns: dict[str, list[tuple[int, bool]]] = {}
        for use in [u for u in self.uses if u.role == "cluster count"]:
            cluster, mapped = self.cluster_of(use.heading, framework)
            if cluster:
                columns.setdefault(cluster, []).append((use.column, mapped))
        if "total" in self.by_role:
            columns.setdefault(ALL, []).append((self.by_role["total"], False))
        elif "count" in self.by_role and ALL not in columns:
            columns[ALL] = [(self.by_role["count"], False)]
        counting = [c for places in columns.values() for c, _ in places]
        for r in range(len(self.body)):
            if self.is_note(r, counting):
                continue
            keys, unit = self._keys(r, "")
            for cluster, places in columns.items():
                for c, mapped in places:
                    value = self._value(r, c)
                    yield _Count(r, self.headings[c], (*keys, cluster), unit, self.headings[c], value, mapped)

    def _long(self, label_column: int, count_columns: Sequence[int], framework: str) -> Iterator[_Count]:
        metric = self.by_role.get("metric")
        wanted = self._metrics(metric) if metric is not None else {}
        skipped: Counter[str] = Counter()
        for r, row in enumerate(self.body):
            if self.is_note(r, count_columns):
                continue
            if metric is not None and row[metric] not in wanted:
                skipped[row[metric]] += 1
                continue
            label = row[label_column]
            if not label:
                self.problem(r, self.headings[label_column], "the cluster is missing")
                continue
            cluster, mapped = self.cluster_of(label, framework)
            if not cluster:
                if self.matches.get(label, ClusterUse("", "", 0)).cluster == DROP:
                    skipped[f"cluster {label}"] += 1
                continue
            for c in count_columns:
                named = measure_named(self.headings[c]) or (wanted[row[metric]] if metric is not None else "")
                keys, unit = self._keys(r, named)
                yield _Count(r, self.headings[c], (*keys, cluster), unit, label, self._value(r, c), mapped)
        for what, count in list(skipped.items())[:30]:
            said = "the map drops it" if what.startswith("cluster ") else "the rows count something else"
            self.dropped.append(f"{count:,} rows of {self.shown(what)}: {said}")

    def _metrics(self, metric: int) -> dict[str, str]:
        """Which values of the column of measures count students (or awards), and which measure each names."""
        found = {}
        for text in dict.fromkeys(row[metric] for row in self.body):
            if self.answers.kind == "awards":
                if re.search(
                    r"\b(awards?|credentials?|certificates?|degrees?) ?(count|conferred|number)?\b$",
                    text,
                    re.IGNORECASE,
                ):
                    found[text] = ""
            elif measure_named(text) or letters(text) in {
                "students",
                "enrollment",
                "enrolment",
                "count",
                "headcount",
                "studentcount",
            }:
                found[text] = measure_named(text)
        if not found:
            self.questions.append(
                Question("columns", f"No value of the column {self.shown(self.headings[metric])} counts "
                         f"{'awards' if self.answers.kind == 'awards' else 'students'}; drop the column if all its "
                         f"rows do.", (DROP,),
                         self.headings[metric])
            )  # fmt: skip
        return found

    def _value(self, r: int, c: int) -> Value:
        value = names.value(self.body[r][c])
        if value.mark == "wrong":
            text = self.body[r][c]
            self.problem(
                r, self.headings[c], f"{self.shown(text)} is neither a whole number of people nor a known mark"
            )
        return value

    def _keys(self, r: int, measure: str) -> tuple[tuple[str, ...], str]:
        """school_year, state_fips, education_level, measure, district, population of a row; and the school, '' for none."""
        year_text, level_text = self.cell(r, "school_year"), self.cell(r, "education_level")
        year = names.school_year(year_text) if year_text else self.answers.school_year
        if year_text and not year:
            self.problem(r, self.heading("school_year"), f"{self.shown(year_text)} is no school year like 2020-21")
        if "school_year" in self.by_role and not year_text:
            self.problem(r, self.heading("school_year"), "the school year is missing")
        level = names.education_level(level_text) if level_text else self.answers.education_level
        if level_text and not level:
            self.problem(
                r, self.heading("education_level"), f"{self.shown(level_text)} is neither secondary nor postsecondary"
            )
        if "education_level" in self.by_role and not level_text:
            self.problem(r, self.heading("education_level"), "the education level is missing")
        district, school = self._place(r)
        population = self.cell(r, "population")
        if "population" in self.by_role and not population:
            self.problem(r, self.heading("population"), "the population is missing")
        population = ALL if not population or is_total(population) else names.label(population)
        return (year, self.state(r), level, measure, district, population), school

    def _place(self, r: int) -> tuple[str, str]:
        district, school = self.cell(r, "district"), self.cell(r, "school")
        state_names = {letters(name) for name in FIPS_BY_NAME}
        if not district or is_total(district) or letters(district) in state_names:
            if not district and "district" in self.by_role:
                self.problem(r, self.heading("district"), "the district is missing")
            return ALL, ""
        return names.label(district), "" if not school or is_total(school) or letters(school) == letters(
            district
        ) else school

    def _frame(self, cells: Sequence[_Count], framework: str, awards: bool) -> pd.DataFrame:
        """Cells as rows; schools added up where their district has no row of its own."""
        if not cells:
            return pd.DataFrame()
        if "school" in self.by_role and "district" not in self.by_role:
            self.questions.append(
                Question("columns", "Rows are of schools but no column names the district; what is "
                "{self.shown(self.heading('school'))}?",
                         ("district", DROP), self.heading("school"))
            )  # fmt: skip
        measure = "awards" if awards else self.answers.measure or self._measure_in_file()
        self._ask(cells, measure)
        cells = self._without_schools(cells)
        found: dict[tuple[str, ...], _Count] = {}
        for cell in cells:
            key = cell.keys
            known = found.get(key)
            if known is None:
                found[key] = cell
            elif (known.label != cell.label and known.is_mapped and cell.is_mapped) or (
                known.unit and cell.unit and known.unit != cell.unit
            ):
                found[key] = known._replace(value=_added(known.value, cell.value))
            elif known.label != cell.label:
                self.questions.append(
                    Question("clusters", f"{self.shown(known.label)} and {self.shown(cell.label)} both read as "
                    "{key[-1]}; what is the second?",
                             (*names.CLUSTERS[framework], names.OTHER, DROP), cell.label)
                )  # fmt: skip
            else:
                of = ", ".join(k for k in key if k)
                self.problem(
                    cell.row, cell.column, f"the same count as in row {known.row + self.header + 2} ({of}); remove one"
                )
        if self.answers.clusters and len(found) < len(cells):
            self.notes.append(
                f"{len(cells):,} counts were added up into {len(found):,} by the map; who is in two programs of a "
                f"cluster counts twice."
            )
        index = ["school_year", "state_fips", "education_level", "measure", "district", "population", "cluster"]
        rows = pd.DataFrame(list(found), columns=index)
        rows["measure"] = [m or measure for m in rows["measure"]]
        rows["students_count"] = pd.array([c.value.number for c in found.values()], dtype="Int64")
        rows["is_masked"] = [c.value.mark == "withheld" for c in found.values()]
        rows["framework"] = framework
        self._check_totals(rows, list(found.values()))
        return rows[[*GROUP, *CELL, "students_count", "is_masked"]]

    def _without_schools(self, cells: Sequence[_Count]) -> list[_Count]:
        own = {cell.keys for cell in cells if not cell.unit}
        kept = [cell for cell in cells if not cell.unit or cell.keys not in own]
        schools = {(cell.keys[4], cell.unit) for cell in cells if cell.unit}
        if len(kept) < len(cells):
            self.dropped.append(
                f"{len(cells) - len(kept):,} counts of schools whose district has a row of its own: added, they would count twice"
            )
        if any(cell.unit for cell in kept):
            self.notes.append(
                f"Districts without a row of their own are the sum of their schools ({len(schools):,} in the file)."
            )
        return kept

    def _measure_in_file(self) -> str:
        heads = [u.heading for u in self.uses if u.role in {"count", "total"}]
        return next((m for m in map(measure_named, [*heads, self.title()]) if m), "")

    def _ask(self, cells: Sequence[_Count], measure: str) -> None:
        """Questions for what neither the file nor the answers say."""
        whose = "awards" if self.answers.kind == "awards" else "students"
        if any(not c.keys[0] for c in cells) and "school_year" not in self.by_role:
            self.questions.append(Question("school_year", f"Which school year are the {whose} of, as 2023-24?"))
        if any(not c.keys[1] for c in cells) and "state" not in self.by_role:
            self.questions.append(Question("state", f"Which state are the {whose} of, as NC?"))
        if any(not c.keys[2] for c in cells) and "education_level" not in self.by_role:
            self.questions.append(
                Question("education_level", f"Are the {whose} in school or after it?", ("secondary", "postsecondary"))
            )
        if not measure and any(not c.keys[3] for c in cells):
            self.questions.append(
                Question(
                    "measure",
                    "Whom does the file count: all who take part, those who concentrate, or those who complete?",
                    MEASURES,
                )
            )
        if self.answers.school_year and not names.school_year(self.answers.school_year):
            raise AtlasError(f"{self.answers.school_year!r} is no school year; write it as 2023-24.")

    def _check_totals(self, rows: pd.DataFrame, cells: Sequence[_Count]) -> None:
        """No count is above the total of its row."""
        key = [c for c in [*GROUP, *CELL] if c != "cluster"]
        totals = rows[rows["cluster"] == ALL].set_index(key)["students_count"]
        if not totals.index.is_unique:
            return
        of_row = rows.join(totals.rename("total"), on=key)["total"]
        for at in np.flatnonzero((rows["students_count"] > of_row).fillna(False).to_numpy()).tolist():
            self.problem(
                cells[at].row,
                cells[at].column,
                f"{rows['students_count'].iloc[at]:,} is more than its total {of_row.iloc[at]:,}",
            )

    def _check_sums(self, rows: pd.DataFrame) -> None:
        """Where totals and parts agree nearly everywhere, they should everywhere: a single case is an error."""
        counts = rows["students_count"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
        masked = rows["is_masked"].to_numpy(dtype=bool)
        by_kind: dict[str, list[tuple[int, float]]] = {}
        for kind, total, parts in sums(rows):
            if not np.isnan(counts[total]) and not masked[parts].any():
                by_kind.setdefault(kind, []).append((total, float(np.nansum(counts[parts]))))
        by_kind.pop("populations", None)  # these may overlap
        for kind, checked in by_kind.items():
            off = [(at, added) for at, added in checked if counts[at] != added]
            if not off:
                continue
            says = f"{len(off):,} of {len(checked):,} totals ({kind}) differ from the sum of their parts"
            if (
                len(checked) >= SUMS_LEAST
                and len(checked) - len(off) >= SUMS_HOLD * len(checked)
                and "sums" not in self.answers.accept
            ):
                for at, added in off[:20]:
                    row = rows.iloc[at]
                    where = ", ".join(f"{row[c]}" for c in CELL if row[c] != ALL) or "the whole state"
                    self.problems.append(
                        Problem(0, "", f"the {kind} of {self.shown(where)} add up to {added:,.0f}, but their total "
                        f"says {counts[at]:,.0f} "
                                "(all other totals agree); correct it, or say accept = [\"sums\"] in a map")
                    )  # fmt: skip
            else:
                self.notes.append(f"{says}; both are kept as they are.")

    # ---- openings

    def openings(self) -> Understanding:
        """Openings by occupation or by cluster."""
        allowed = {"state", "cluster", "soc_code", "soc_title", "soc_level", "openings", "count", "district"}
        open_columns = self.assign(lambda role: role in allowed)
        counted = self.by_role.get("openings", self.by_role.get("count"))
        if counted is None:
            for c, heading in open_columns:
                self.leave(c, heading)
            options = tuple(h for _, h in open_columns)[:20]
            raise AtlasError(
                f"{self.name} has no column of openings (it has {', '.join(map(self.shown, options))}); name it under "
                f"[columns] in a map."
            )
        parts = {
            p: c for c, h in open_columns for p in ("numericchange", "exits", "transfers") if letters(h).startswith(p)
        }
        for c, heading in open_columns:
            self.use(c, heading, "dropped", "openings need only the code and the count")
        label_role = "soc_code" if "soc_code" in self.by_role else "cluster"
        if label_role not in self.by_role:
            raise AtlasError(
                f"{self.name} has neither a column of occupation codes nor one of clusters; name it in a map."
            )
        first, last = self._period()
        years = self._years(parts, counted, first, last)
        state = self.said_state or ("" if "state" in self.by_role else self.state_in_title())
        if not state and "state" not in self.by_role:
            self.questions.append(Question("state", "Which state are the openings in, as CA?"))
        found: list[tuple[int, str, str, Value]] = []
        levels = {self.cell(r, "soc_level") for r in range(len(self.body))}
        deepest = max((level for level in levels if level.isdigit()), key=int, default="")
        groups = 0
        for r, row in enumerate(self.body):
            if self.is_note(r, [counted]):
                continue
            label = row[self.by_role[label_role]]
            if deepest and self.cell(r, "soc_level") != deepest:
                groups += 1
                continue
            if not label:
                self.problem(r, self.heading(label_role), "the occupation or cluster is missing")
                continue
            found.append((r, self.state(r) if "state" in self.by_role else state, label, self._value(r, counted)))
        if groups:
            self.dropped.append(
                f"{groups:,} rows of occupation groups, which hold the occupations of level {deepest} again"
            )
        make = self._by_occupation if label_role == "soc_code" else self._by_cluster
        rows = make(found)
        if rows.empty:
            return self.done("long", rows, self.answers)
        withheld = int(rows["openings_annual_count"].isna().sum())
        if withheld:
            self.notes.append(f"{withheld:,} openings are withheld or missing in the file; their rows are left out.")
            rows = rows.dropna(subset=["openings_annual_count"])
        if years > 1:
            self.notes.append(f"Openings are totals of {years} years; a year's are a {years}th part, rounded.")
            rows["openings_annual_count"] = (
                (rows["openings_annual_count"].astype("float64") / years).add(0.5).floordiv(1).astype("Int64")
            )
        rows = rows.assign(region=names.label(self.answers.region or ALL), base_year=first, projection_year=last)
        return self.done("long", rows, replace(self.answers, years=years))

    def _period(self) -> tuple[int, int]:
        said = self.answers.period
        texts = [said] if said else [self.title(), *self.headings]
        spans = Counter(
            (int(a), int(b))
            for text in texts
            for a, b in re.findall(r"((?:19|20)\d\d)\s*[-–—]\s*((?:19|20)\d\d)", text)
            if 0 < int(b) - int(a) <= 15
        )
        if spans and (len(spans) == 1 or spans.most_common(2)[0][1] > spans.most_common(2)[1][1]):
            return spans.most_common(1)[0][0]
        if said:
            raise AtlasError(f"{said!r} is no period of a projection; write its first and last year as 2023-2033.")
        self.questions.append(Question("period", "From which year to which do the projections run, as 2023-2033?"))
        return 0, 0

    def _years(self, parts: dict[str, int], counted: int, first: int, last: int) -> int:
        """How many years a figure of openings covers: what the map says, what the heading says, or what its parts add up to."""
        if self.answers.years:
            return self.answers.years
        if re.search(r"annual|per year|yearly", self.headings[counted], re.IGNORECASE):
            return 1
        span = last - first
        if len(parts) == 3 and span > 0:
            whole, yearly = 0, 0
            for row in self.body:
                openings, out, moved = (
                    names.value(row[c]).number for c in (counted, parts["exits"], parts["transfers"])
                )
                grown = re.fullmatch(r"-?\d{1,9}", row[parts["numericchange"]].replace(",", ""))
                if openings is None or out is None or moved is None or not grown or not int(grown[0]):
                    continue
                off_whole = abs(openings - (int(grown[0]) + out + moved))
                off_yearly = abs(openings - (int(grown[0]) / span + out + moved))
                whole, yearly = whole + (off_whole < off_yearly), yearly + (off_yearly < off_whole)
            if whole > 10 * yearly and whole >= 3:
                return span
            if yearly > 10 * whole and yearly >= 3:
                return 1
        self.questions.append(
            Question(
                "years",
                f"How many years do the openings under {self.shown(self.headings[counted])} cover (1 for yearly ones)?",
            )
        )
        return 1

    def _by_occupation(self, found: Sequence[tuple[int, str, str, Value]]) -> pd.DataFrame:
        """One row per occupation; groups of which the file has the members are left out."""
        codes: dict[tuple[str, str], tuple[int, Value]] = {}
        for r, state, label, value in found:
            form = re.fullmatch(r"(\d{2})-?(\d{4})(?:\.00)?", label.replace(" ", ""))
            if not form:
                self.problem(r, self.heading("soc_code"), f"{self.shown(label)} is no occupation code like 29-1141")
                continue
            key = (state, f"{form[1]}-{form[2]}")
            if key in codes:
                self.problem(
                    r,
                    self.heading("soc_code"),
                    f"{key[1]} stands in row {codes[key][0] + self.header + 2} too; remove one",
                )
            codes[key] = (r, value)
        ordered = sorted(codes)
        members = {(s, code[:n]) for s, code in ordered for n in (0, *range(2, 7)) if not code.endswith("0")}
        kept = [k for k in ordered if not k[1].endswith("0") or (k[0], _stem(k[1])) not in members]
        if len(kept) < len(ordered):
            self.dropped.append(
                f"{len(ordered) - len(kept):,} rows of occupation groups whose members have rows of their own"
            )
        return pd.DataFrame(
            {
                "state_fips": [s for s, _ in kept],
                "framework": None,
                "cluster": None,
                "soc_code": [c for _, c in kept],
                "openings_annual_count": pd.array([codes[k][1].number for k in kept], dtype="Int64"),
            }
        )

    def _by_cluster(self, found: Sequence[tuple[int, str, str, Value]]) -> pd.DataFrame:
        framework = self.framework_of([label for _, _, label, _ in found])
        if not framework:
            self.questions += self._unknown_programs([label for _, _, label, _ in found][:1])
            return pd.DataFrame()
        rows = []
        seen: dict[tuple[str, str], int] = {}
        for r, state, label, value in found:
            cluster, _ = self.cluster_of(label, framework)
            if not cluster or cluster == ALL:
                if cluster:
                    self.dropped.append(f"row {r + self.header + 2}: the total {self.shown(label)}")
                continue
            if (state, cluster) in seen:
                self.problem(
                    r,
                    self.heading("cluster"),
                    f"{cluster} stands in row {seen[state, cluster] + self.header + 2} too; remove one",
                )
            seen[state, cluster] = r
            rows.append(
                {
                    "state_fips": state,
                    "framework": framework,
                    "cluster": cluster,
                    "soc_code": None,
                    "openings_annual_count": value.number,
                }
            )
        frame = pd.DataFrame(rows)
        if len(frame):
            frame["openings_annual_count"] = frame["openings_annual_count"].astype("Int64")
        return frame


def _stem(code: str) -> str:
    """A group's code without the noughts that stand for its members, at least the major group: '13-10' of '13-1000'."""
    stem = code.rstrip("0")
    return stem if len(stem) > 3 else code[:2] if code != "00-0000" else ""


def _added(first: Value, second: Value) -> Value:
    """The sum of two cells; unknown where one is."""
    if first.number is not None and second.number is not None:
        return Value(first.number + second.number)
    return Value(None, "withheld" if "withheld" in (first.mark, second.mark) else "not reported")
