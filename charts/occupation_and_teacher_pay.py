"""Practitioners' pay in the largest occupations of a pathway beside the median pay of CTE teachers."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import teachers, words
from charts.chart import Chart
from charts.scope import DEMAND_LABELS, FRAMEWORK, Scope
from etl.warehouse.read import Reader

SHOWN = 12
LONGEST_LABEL = 46
VARIANTS = {"openings": "openings_annual_count", "growth_and_exits": "growth_and_exits_annual_count"}


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row for each of the occupations with most openings in the pathway (or of all), at most :data:`SHOWN`."""
    return largest(reader, scope, scope.demand, "openings")


def largest(reader: Reader, scope: Scope, demand: str, variant: str) -> pd.DataFrame:
    """The largest occupations of one set of jobs by one variant of openings, with pay of the year of the teachers' pay.

    ``is_p75_top_coded`` says that the upper-quarter pay is above what the publisher gives; it is above every teacher's.
    """
    rows = reader.frame(
        f"""
        WITH teacher AS (
            SELECT p.state_fips, $state_name AS state_name, p.reference_year,
                   max(p.value) FILTER (indicator = 'teacher_secondary_median_usd') AS teacher_secondary_median_usd,
                   max(p.value) FILTER (indicator = 'teacher_postsecondary_median_usd') AS teacher_postsecondary_median_usd
            FROM principle_indicator p
            WHERE p.state_fips = $state_fips AND p.indicator IN ('teacher_secondary_median_usd', 'teacher_postsecondary_median_usd')
            GROUP BY ALL
        )
        SELECT p.soc_code, o.title, floor(p.openings_annual_count + 0.5)::BIGINT AS openings_annual_count,
               floor(p.growth_and_exits_annual_count + 0.5)::BIGINT AS growth_and_exits_annual_count,
               w.wage_median_usd, w.wage_p75_usd,
               w.wage_p75_usd IS NULL AND coalesce(w.wage_note LIKE 'at or above%', FALSE) AS is_p75_top_coded,
               t.teacher_secondary_median_usd, t.teacher_postsecondary_median_usd, t.reference_year, p.base_year, t.state_name
        FROM occupation_projection p JOIN occupation o USING (soc_code) JOIN teacher t USING (state_fips)
        LEFT JOIN occupation_employment w ON w.state_fips = p.state_fips AND w.soc_code = p.soc_code
             AND w.reference_year = t.reference_year
        WHERE p.state_fips = $state_fips AND p.demand_basis IN ('bls', 'estimated') AND p.openings_annual_count >= 0.5
          AND o.has_program AND CASE $demand WHEN 'career-prep' THEN o.is_career_prep WHEN 'middle-skills' THEN o.is_middle_skills
              WHEN 'bachelor' THEN o.is_bachelor WHEN 'all' THEN o.is_projected END
          AND ($pathway = '' OR p.soc_code IN (
                SELECT soc_code FROM occupation_pathway WHERE framework = $framework AND cluster = $pathway
                AND ($part = '' OR subcluster = $part)))
        ORDER BY p.{VARIANTS[variant]} DESC, o.title LIMIT {SHOWN}
        """,
        {
            **reader.place(scope.state),
            "demand": demand,
            "pathway": scope.cluster,
            "part": scope.subcluster,
            "framework": FRAMEWORK,
        },
    )
    above_all = rows["wage_p75_usd"].astype(float).mask(rows["is_p75_top_coded"].astype(bool), float("inf"))
    return teachers.with_counts(rows, above_all)


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """From the occupation's median to its upper-quarter pay, a tick for each kind of teacher."""
    return teachers.pay_figure(
        rows,
        [words.shortened(title, LONGEST_LABEL) for title in rows["title"]],
        names=rows["title"].tolist(),
        median=rows["wage_median_usd"].tolist(),
        p75=rows["wage_p75_usd"].tolist(),
        codes=rows["soc_code"].tolist(),
    )


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """In how many of the largest occupations the upper-quarter pay is above the teachers' median."""
    first, place = rows.iloc[0], teachers.in_place(rows, scope)
    where = f"in {scope.subcluster or scope.cluster}" if scope.pathway else f"among {DEMAND_LABELS[scope.demand]}"
    secondary = first["teacher_secondary_median_usd"]
    if words.missing(secondary):
        college = teachers.pay(first["teacher_postsecondary_median_usd"])
        return (
            f"High school CTE teachers’ pay{place} was not published for May {first['reference_year']}; among the largest "
            f"occupations {where}, {first['above_college_count']} of {len(rows)} "
            f"{_have(first['above_college_count'])} upper-quarter "
            f"pay above college CTE teachers’ median of {college}"
        )
    if len(rows) == 1:
        return (
            f"{first['title']} is the one occupation with an estimate of openings {where}{place}; high school CTE teachers earned "
            f"{teachers.pay(secondary)} at the median in May {first['reference_year']}"
        )
    return (
        f"Of the {len(rows)} occupations with the most openings {where}{place}, {first['above_count']} "
        f"{_have(first['above_count'])} upper-quarter pay above high school CTE teachers’ median of "
        f"{teachers.pay(secondary)} in May {first['reference_year']}"
    )


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    first = rows.iloc[0]
    estimated = "" if scope.state == "US" else ", estimated from the nation’s by employment"
    unpublished = len(rows) - int(first["compared_count"])
    not_all = f" For {unpublished} of them one side is not published." if unpublished else ""
    return (
        f"Median and upper-quarter pay a year beside CTE teachers’ median. {first['state_name']}, May {first['reference_year']}; "
        f"ordered by yearly openings {first['base_year']}–{(first['base_year'] + 10) % 100}{estimated}.{not_all}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both values of every occupation shown."""
    listed = "; ".join(
        f"{r.title} {_said(r.wage_median_usd, False)} to {_said(r.wage_p75_usd, r.is_p75_top_coded)}"
        for r in words.each(rows)
    )
    return f"Dot plot of median and upper-quarter pay by occupation. {finding(rows, scope)}. {listed}."


def _said(value: float, top_coded: bool) -> str:
    if words.missing(value):
        return "above what is published" if top_coded else "not published"
    return teachers.pay(value)


def badge(reader: Reader, scope: Scope) -> str:
    """Whether most of the largest occupations lie above the teachers' median under other sets of jobs and orders."""
    tried = [
        found.iloc[0]
        for demand in ("career-prep", "middle-skills")
        for variant in VARIANTS
        if len(found := largest(reader, scope, demand, variant)) and found["compared_count"].iloc[0]
    ]
    if not tried:
        return "Not tried: the pay of high school CTE teachers or of these occupations is not published for this place."
    holds = [bool(2 * row["above_count"] > row["compared_count"]) for row in tried]
    return teachers.firmness(
        "Most of the largest occupations have upper-quarter pay above high school CTE teachers’ median",
        "At least half of the largest occupations have upper-quarter pay no higher than high school CTE teachers’ median",
        holds,
        "career-training and middle-skill jobs, ordered with and without people changing occupation",
    )


def nothing(scope: Scope) -> str:
    """Why there is nothing to "
    "show."""
    return (
        f"No occupation of {scope.pathway or 'this view'} among {DEMAND_LABELS[scope.demand]} has an estimate of "
        "yearly openings for "
        "this place; the United States has one for every occupation."
    )


CHART = Chart(
    id="occupation-and-teacher-pay",
    question="In which occupations would teaching mean a cut in pay?",
    tables=teachers.TABLES,
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    follows=("pathway",),
    parts=True,
    columns={
        "soc_code": "SOC",
        "title": "Occupation",
        "openings_annual_count": "Openings a year",
        "growth_and_exits_annual_count": "of these growth and exits",
        "wage_median_usd": "Median pay, dollars a year",
        "wage_p75_usd": "Upper-quarter pay, dollars a year",
        "is_p75_top_coded": "Upper-quarter pay above what is published",
        "teacher_secondary_median_usd": "High school CTE teachers’ median, dollars a year",
        "teacher_postsecondary_median_usd": "College CTE teachers’ median, dollars a year",
        "reference_year": "May of",
    },
    means="It names the trades in which an experienced person is likely to earn more on the job than in front of a "
    "class, and those "
    "in which teaching pays as well.",
    means_not=teachers.MEANS_NOT,
    terms=("upper-quarter pay", "CTE teacher", "yearly opening", "growth and exits", "career-training job", "SOC"),
)
