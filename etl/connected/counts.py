"""What is asked of an engine: distinct students by year, state, district, cluster and population, as Ibis expressions.

Nothing here runs anything. The expressions are the same for every backend; only what they yield ever leaves one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
from ibis import _

from etl.connected.maps import OTHERS, Population, RecordMap, Rule, Wages
from etl.connected.protect import protect
from etl.imports.names import CLUSTERS, OTHER
from etl.imports.suppress import ALL

PLACE = ("school_year", "state")
#: The employed among those counted, as a division of them: whoever is not is in :data:`OTHERS`.
EMPLOYED = "employed"
_NONE = ""


def enrolment(records: ibis.Table, found: RecordMap, clusters_of: Mapping[str, Sequence[str]]) -> ibis.Table:
    """Counts that may be shown: school_year, state, district, cluster, population, measure, students_count (NULL: withheld).

    ``clusters_of``: CIP code -> its clusters. A cell of nobody has no row, unless it is withheld.
    """
    students = _students(records, found)
    by_cluster = _in_clusters(students, found, clusters_of)
    divisions = {f"division_{i}": p for i, p in enumerate(found.populations.values())}
    measures = list(found.measures)
    tables = [("", students), ("C", by_cluster)]
    if "district" in found.columns:
        tables += [("D", students.filter(_.district.notnull())), ("DC", by_cluster.filter(_.district.notnull()))]
    views = {}
    for view, table in tables:
        units = {unit: unit for letter, unit in (("D", "district"), ("C", "cluster")) if letter in view}
        views[view or "A", _NONE] = _distinct(table, measures, view or "A", _NONE, units)
        if view != "DC":
            for column in divisions:
                views[f"{view}P", column] = _distinct(
                    table, measures, f"{view}P", column, units | {"population": column}
                )
    cells = _long(_with_nobody(views, divisions, found), measures)
    shown = protect(cells, found.threshold).filter((_.population != OTHERS) & ((_.n > 0) | (_.is_hidden == 1)))
    return shown.select(
        *PLACE, "district", "cluster", "population", "measure", students_count=ibis.ifelse(_.is_hidden == 1, None, _.n)
    )


def earnings(
    records: ibis.Table, wages: ibis.Table, asked: Wages, found: RecordMap, clusters_of: Mapping[str, Sequence[str]]
) -> ibis.Table:
    """Students of each program who were paid in the quarter that the map names, and the median of what they were paid.

    Students without a program are left out.

    Columns: school_year, state, unit (a cluster or CIP code, or 'all'), measure, employed_count,
    earnings_quarter_median_usd. Both are NULL where the count is withheld: a count from 1 to ``threshold - 1`` of people who
    are employed *or* who are not, and others that would give one away. What several employers paid is added up. The median
    of an even number is the mean of the two in the middle, in whole dollars, the rest cut off: sorted and counted, so that
    every engine agrees.
    """
    students = _students(records, found).filter(_.program.notnull())
    by_cip = asked.by == "cip"
    students = students.mutate(cluster=_.program) if by_cip else _in_clusters(students, found, clusters_of)
    students = students.group_by(*PLACE, "student", "cluster").agg(**{m: _[m].max() for m in found.measures})
    quarter = ibis.cases(*((_.school_year == year, q) for year, q in asked.quarters.items()), else_=_NONE)
    students = students.mutate(quarter=quarter).filter(_.quarter != _NONE)
    paid = students.left_join(_paid(wages, asked), ["student", "quarter"])
    paid = paid.select(*PLACE, "student", "cluster", *found.measures, "cents")
    paid = paid.mutate(division_0=ibis.ifelse(_.cents > 0, EMPLOYED, OTHERS).fill_null(OTHERS))
    measures = list(found.measures)
    column, by = "division_0", {"cluster": "cluster"}
    views = {
        ("A", _NONE): _distinct(paid, measures, "A", _NONE, {}),
        ("C", _NONE): _distinct(paid, measures, "C", _NONE, by),
        ("P", column): _distinct(paid, measures, "P", column, {"population": column}),
        ("CP", column): _distinct(paid, measures, "CP", column, by | {"population": column}),
    }
    cells = _long(_with_nobody(views, {column: Population("", {EMPLOYED: EMPLOYED})}, found), measures)
    shown = protect(cells, found.threshold).filter((_.population == EMPLOYED) & ((_.n > 0) | (_.is_hidden == 1)))
    shown = shown.select(*PLACE, "cluster", "measure", "n", "is_hidden")
    medians = _medians(paid.filter(_.division_0 == EMPLOYED), measures)
    keys = [*PLACE, "cluster", "measure"]
    both = shown.left_join(medians, keys).select(*(shown[k] for k in keys), shown.n, shown.is_hidden, medians.median)
    return both.select(
        *PLACE,
        "measure",
        unit="cluster",
        employed_count=ibis.ifelse(_.is_hidden == 1, None, _.n),
        earnings_quarter_median_usd=ibis.ifelse(_.is_hidden == 1, None, _.median),
    )


# ------------------------------------------------------------------ who is counted where


def _students(records: ibis.Table, found: RecordMap) -> ibis.Table:
    """One row per student, year, place, program and population, with 0 or 1 for every measure."""
    columns = found.columns
    program = columns.get("cip") or columns["cluster"]
    rows = records.select(
        student=_text(_[columns["student"]]),
        school_year=_text(_[columns["school_year"]]),
        state=_text(_[columns["state"]]) if "state" in columns else ibis.literal(found.state),
        district=_text(_[columns["district"]]).nullif(_NONE) if "district" in columns else ibis.literal(ALL),
        program=_text(_[program]).nullif(_NONE),
        **{f"division_{i}": _division(p) for i, p in enumerate(found.populations.values())},
        **{m: _rule(rule) for m, rule in found.measures.items()},
        **{f"{m}_course": _text(_[r.column]) for m, r in found.measures.items() if r.at_least},
    ).filter(_.student.notnull() & _.school_year.notnull() & _.state.notnull())
    for measure, rule in found.measures.items():
        if rule.at_least:
            rows = _with_courses(rows, measure, rule.at_least)
    divisions = [f"division_{i}" for i in range(len(found.populations))]
    keys = [*PLACE, "student", "district", "program", *divisions]
    return rows.group_by(keys).agg(**{m: _[m].max() for m in found.measures})


def _text(column: Any) -> Any:
    return column.cast("string")


def _division(population: Population) -> Any:
    value = _text(_[population.column])
    return ibis.cases(*((value == raw, label) for raw, label in population.values.items()), else_=OTHERS)


def _rule(rule: Rule) -> Any:
    if not rule.values:
        return ibis.literal(1)
    return ibis.ifelse(_text(_[rule.column]).isin(list(rule.values)).fill_null(False), 1, 0)


def _with_courses(rows: ibis.Table, measure: str, at_least: int) -> ibis.Table:
    """1 in ``measure`` from the year on in which a student has had so many different courses of a program."""
    course = f"{measure}_course"
    who = ["student", "program"]
    first = rows.filter(_[course].notnull()).group_by([*who, course]).agg(year=_.school_year.min())
    at = ibis.row_number().over(ibis.window(group_by=who, order_by=["year", course]))
    reached = first.mutate(at=at).filter(_.at == at_least - 1).select(*who, since="year")
    joined = rows.left_join(reached, who).select(*(rows[c] for c in rows.columns if c != measure), reached.since)
    return joined.mutate(**{measure: ibis.ifelse(_.since <= _.school_year, 1, 0).fill_null(0)}).drop("since")


def _in_clusters(students: ibis.Table, found: RecordMap, clusters_of: Mapping[str, Sequence[str]]) -> ibis.Table:
    """One row per student and cluster; a program of several clusters is in each, and one of none in 'Other'."""
    students = students.filter(_.program.notnull())
    if "cip" in found.columns:
        by_clusters: dict[tuple[str, ...], list[str]] = {}
        for code, clusters in sorted(clusters_of.items()):
            by_clusters.setdefault(tuple(clusters), []).append(code)
        branches = [(_.program.isin(codes), ibis.array(list(clusters))) for clusters, codes in by_clusters.items()]
        return students.mutate(cluster=ibis.cases(*branches, else_=ibis.array([OTHER])).unnest())
    if not found.clusters:
        return students.mutate(cluster=_.program)
    by_name: dict[str, list[str]] = {}
    for label, name in found.clusters.items():
        by_name.setdefault(name, []).append(label)
    branches = [(_.program.isin(labels), name) for name, labels in by_name.items()]
    return students.mutate(cluster=ibis.cases(*branches, else_=_.program))


# ------------------------------------------------------------------ counting


def _distinct(
    table: ibis.Table, measures: Sequence[str], view: str, division: str, units: Mapping[str, str]
) -> ibis.Table:
    """Distinct students of every measure by place and by the columns that ``units`` names; the other units are 'all'."""
    keys = [*PLACE, *units.values()]
    each = table.group_by([*keys, "student"]).agg(**{m: _[m].max() for m in measures})
    sums = each.group_by(keys).agg(**{m: _[m].sum().cast("int64") for m in measures})
    every = ("district", "cluster", "population")
    unit = {name: _[units[name]] if name in units else ibis.literal(ALL) for name in every}
    return sums.select(
        *PLACE, kind=ibis.literal(view), division=ibis.literal(division), **unit, **{m: _[m] for m in measures}
    )


def _with_nobody(
    views: Mapping[tuple[str, str], ibis.Table], divisions: Mapping[str, Population], found: RecordMap
) -> ibis.Table:
    """The views together, with cells of nobody: every district by every cluster, and both by every population."""
    clusters = [*CLUSTERS[found.framework], OTHER]
    populations = {column: [*dict.fromkeys(p.values.values()), OTHERS] for column, p in divisions.items()}
    empty = []
    for view in ("D", "C"):
        if (view, _NONE) in views:
            rows = views[view, _NONE].mutate(**dict.fromkeys(found.measures, ibis.literal(0, "int64")))
            if view == "D":
                empty.append(rows.mutate(kind=ibis.literal("DC"), cluster=ibis.array(clusters).unnest()))
            empty += [
                rows.mutate(
                    kind=ibis.literal(f"{view}P"), division=ibis.literal(column), population=ibis.array(named).unnest()
                )
                for column, named in populations.items()
            ]
    keys = [*PLACE, "kind", "division", "district", "cluster", "population"]
    together = ibis.union(*(v.select(*keys, *found.measures) for v in [*views.values(), *empty]))
    return together.group_by(keys).agg(**{m: _[m].sum().cast("int64") for m in found.measures})


def _long(cells: ibis.Table, measures: Sequence[str]) -> ibis.Table:
    """A row per measure."""
    each = cells.mutate(measure=ibis.array(list(measures)).unnest())
    return each.mutate(n=ibis.cases(*((_.measure == m, _[m]) for m in measures))).drop(*measures)


def _medians(paid: ibis.Table, measures: Sequence[str]) -> ibis.Table:
    """Median pay of those counted, by cluster and of all, in whole dollars."""
    parts = []
    for measure in measures:
        here = paid.filter(_[measure] == 1).mutate(measure=ibis.literal(measure))
        everyone = (
            here.group_by([*PLACE, "measure", "student"]).agg(cents=_.cents.max()).mutate(cluster=ibis.literal(ALL))
        )
        columns = [*PLACE, "measure", "cluster", "student", "cents"]
        parts += [here.select(*columns), everyone.select(*columns)]
    rows = ibis.union(*parts)
    of = [*PLACE, "measure", "cluster"]
    rows = rows.mutate(
        at=ibis.row_number().over(ibis.window(group_by=of, order_by=["cents", "student"])),
        among=_.cents.count().over(ibis.window(group_by=of)),
    )
    middle = rows.filter((2 * _.at == _.among - 1) | (2 * _.at == _.among) | (2 * _.at == _.among - 2))
    both = middle.group_by(of).agg(low=_.cents.min(), high=_.cents.max())
    return both.select(*of, median=((_.low + _.high) / 200).floor().cast("int64"))


def _paid(wages: ibis.Table, asked: Wages) -> ibis.Table:
    """What each person was paid in a quarter, in cents."""
    cents = (_[asked.earnings].cast("decimal(18, 2)") * 100).cast("int64")
    rows = wages.select(student=_text(_[asked.student]), quarter=_text(_[asked.quarter]), cents=cents)
    return (
        rows.filter(_.quarter.isin(sorted(set(asked.quarters.values()))))
        .group_by(["student", "quarter"])
        .agg(cents=_.cents.sum())
    )
