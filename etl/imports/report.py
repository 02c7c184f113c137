"""What was understood of a file, in lines that a person reads, and as a map that a person edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from etl.imports.answers import DROP, Answers
from etl.imports.suppress import ALL
from etl.imports.understand import Understanding

MOST_LINES = 12
#: Roles as a person reads them.
ROLE_WORDS = {
    "state": "the state", "school_year": "the school year", "education_level": "secondary or postsecondary",
    "population": "the student population", "district": "the district", "school": "the school",
    "metric": "what a row counts", "cluster": "the career cluster", "program": "the program, mapped to a cluster",
    "total": "the total of all clusters", "count": "the count", "soc_code": "the occupation code",
    "soc_title": "the occupation's name, not needed", "soc_level": "the level of the occupation group",
    "openings": "the openings", "cluster count": "a cluster", "dropped": "left out",
}  # fmt: skip


def report_lines(understood: Understanding) -> Iterator[str]:
    """One line per finding, led by its kind."""
    where = f"sheet {understood.sheet!r}, " if understood.sheet else ""
    yield f"read       {understood.name}: {where}headings in row {understood.header_row}, {understood.layout or 'no'} layout"
    columns = [
        f"{u.heading} = {ROLE_WORDS[u.role]}" for u in understood.columns if u.role not in {"dropped", "cluster count"}
    ]
    if columns:
        yield f"columns    {'; '.join(columns)}"
    for use in understood.clusters[: 4 * MOST_LINES]:
        sure = "" if use.likeness > 0.99 else f" (likeness {use.likeness:.2f})"
        yield f"cluster    {use.label} -> {use.cluster}{sure}"
    yield from _some("cluster", [""] * max(len(understood.clusters) - 4 * MOST_LINES, 0), 0)
    yield from (f"holds      {line}" for line in summary(understood))
    yield from _some("dropped", list(understood.dropped))
    yield from _some("note", list(understood.notes))
    yield from _some("problem", [str(p) for p in understood.problems])
    yield from _some("asked", [f"{q.text}{_options(q.options)}" for q in understood.questions])


def summary(understood: Understanding) -> list[str]:
    """Which years, places and measures the rows are of, without any count of people under a threshold."""
    rows = understood.rows
    if rows.empty:
        return []
    if understood.answers.kind == "openings":
        by = "occupations" if rows["soc_code"].notna().any() else "clusters"
        total = int(rows["openings_annual_count"].sum())
        return [
            f"{len(rows):,} {by}, {total:,} openings a year, {rows['base_year'].iloc[0]}-{rows['projection_year'].iloc[0]}"
        ]
    districts = rows.loc[rows["district"] != ALL, "district"].nunique()
    parts = [
        f"{', '.join(sorted(set(map(str, rows[c]))))}"
        for c in ("school_year", "education_level", "measure", "framework")
    ]
    return [
        f"{len(rows):,} counts: {'; '.join(p for p in parts if p)}; {districts:,} districts, "
        f"{rows['population'].nunique():,} populations"
    ]


def suggested(understood: Understanding) -> Answers:
    """The answers given, and every cluster and open question as understood so far: a map to be edited."""
    answers = understood.answers
    clusters = {use.label: use.cluster for use in understood.clusters if use.cluster} | answers.clusters
    columns = dict(answers.columns)
    for question in understood.questions:
        if question.key == "clusters":
            clusters.setdefault(question.about, DROP)
        elif question.key == "columns":
            columns.setdefault(question.about, DROP)
    return replace(answers, clusters=clusters, columns=columns)


def _options(options: tuple[str, ...]) -> str:
    return f" [{' | '.join(options[:MOST_LINES])}{' | ...' if len(options) > MOST_LINES else ''}]" if options else ""


def _some(kind: str, lines: list[str], most: int = MOST_LINES) -> Iterator[str]:
    yield from (f"{kind:<10} {line}" for line in lines[:most])
    if len(lines) > most:
        yield f"{kind:<10} and {len(lines) - most:,} more"
