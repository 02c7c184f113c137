"""Practitioners' pay in each pathway beside the median pay of CTE teachers."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import teachers, words
from charts.chart import Chart
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures.alignment import LEAST_COVERED_PCT


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway, the highest upper-quarter pay first; see :func:`teachers.pay_by_pathway`."""
    return teachers.pay_by_pathway(reader, scope)


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """From practitioners' median to their upper-quarter pay, a tick for each kind of teacher."""
    names = rows["cluster"].tolist()
    return teachers.pay_figure(
        rows,
        names,
        names=names,
        median=rows["practitioner_median_usd"].tolist(),
        p75=rows["practitioner_p75_usd"].tolist(),
        codes=names,
        strong=[scope.cluster],
    )


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """Where the teachers' median lies: for the chosen pathway, or in how many of them it is exceeded."""
    first, place = rows.iloc[0], teachers.in_place(rows, scope)
    secondary, when = first["teacher_secondary_median_usd"], f"in May {first['reference_year']}"
    own = rows[rows["cluster"] == scope.cluster]
    if words.missing(secondary):
        college = f"college CTE teachers’ median of {teachers.pay(first['teacher_postsecondary_median_usd'])}"
        beside = (
            f"{college} stands beside {_earned(own.iloc[0], scope.cluster)}"
            if len(own)
            else f"in {first['above_college_count']} of {first['compared_college_count']} pathways upper-quarter pay is above "
            f"{college}"
        )
        return f"High school CTE teachers’ pay{place} was not published for May {first['reference_year']}; {beside}"
    median = f"High school CTE teachers’ median pay{place}, {teachers.pay(secondary)} {when},"
    if len(own) and pd.notna(own.iloc[0]["practitioner_p75_usd"]) and pd.notna(own.iloc[0]["practitioner_median_usd"]):
        row = own.iloc[0]
        who = f"practitioners in {scope.cluster}"
        return (
            f"{median} {teachers.placed(secondary, row['practitioner_median_usd'], row['practitioner_p75_usd'], who)}"
        )
    if len(own):
        return f"{median} stands beside {_earned(own.iloc[0], scope.cluster)}"
    return (
        f"{median} is below the upper-quarter pay of practitioners in {first['above_count']} of "
        f"{first['compared_count']} pathways"
    )


def _earned(row: pd.Series, cluster: str) -> str:
    """The practitioners' pay of one pathway as far as it is known."""
    known = [
        f"{label} of {teachers.pay(value)}"
        for label, value in (
            ("a median", row["practitioner_median_usd"]),
            ("upper-quarter pay", row["practitioner_p75_usd"]),
        )
        if pd.notna(value)
    ]
    return (
        f"{words.listed(known)} of practitioners in {cluster}"
        if known
        else f"pay of practitioners in {cluster} that is too thinly published to be averaged"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    first = rows.iloc[0]
    return (
        "Median pay a year of CTE teachers, and median and upper-quarter pay of practitioners in career-training "
        "jobs (means of the "
        f"occupations’, weighted by yearly openings). {first['state_name']}, May {first['reference_year']}."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both values of every pathway."""
    listed = "; ".join(
        f"{r.cluster} {_said(r.practitioner_median_usd)} to {_said(r.practitioner_p75_usd)}" for r in words.each(rows)
    )
    return f"Dot plot of practitioners’ median and upper-quarter pay by pathway. {finding(rows, scope)}. {listed}."


def _said(value: float) -> str:
    return "not available" if words.missing(value) else teachers.pay(value)


def badge(reader: Reader, scope: Scope) -> str:
    """Whether upper-quarter pay is above the teachers' median under other sets of jobs and other weights."""
    tried = pathways_above(reader, scope)
    if tried.empty:
        return (
            "Not tried: the pay of high school CTE teachers or of these practitioners is not published for this place."
        )
    if scope.cluster:
        who = f"Practitioners in {scope.cluster} have upper-quarter pay"
        claim, opposite = (
            f"{who} above high school CTE teachers’ median",
            f"{who} no higher than high school CTE teachers’ median",
        )
    else:
        claim = "In most pathways upper-quarter pay is above high school CTE teachers’ median"
        opposite = (
            "In at least half of the pathways upper-quarter pay is no higher than high school CTE teachers’ median"
        )
    return teachers.firmness(
        claim,
        opposite,
        (2 * tried["above"] > tried["compared"]).tolist(),
        "career-training and middle-skill jobs, and weights with and without people changing occupation",
    )


def pathways_above(reader: Reader, scope: Scope) -> pd.DataFrame:
    """Per set of jobs and variant of the weights, the defaults first: of ``compared`` pathways how many lie ``above``."""
    return reader.frame(
        """
        WITH place AS (SELECT state_fips FROM state WHERE state_abbr = $state), teacher AS (
            SELECT state_fips, value, reference_year FROM principle_indicator JOIN place USING (state_fips)
            WHERE indicator = 'teacher_secondary_median_usd' AND value IS NOT NULL
        ), job AS (
            SELECT DISTINCT w.cluster, v.demand, v.demand_variant, p.soc_code, e.wage_p75_usd, t.value AS teacher_usd,
                   CASE v.demand_variant WHEN 'openings' THEN p.openings_annual_count
                   ELSE p.growth_and_exits_annual_count END AS weight
            FROM occupation_projection p JOIN teacher t USING (state_fips) JOIN occupation o USING (soc_code)
            JOIN occupation_pathway w USING (soc_code)
            CROSS JOIN (VALUES ('career-prep', 'openings'), ('career-prep', 'growth_and_exits'), ('middle-skills', 'openings'),
                               ('middle-skills', 'growth_and_exits')) v(demand, demand_variant)
            LEFT JOIN occupation_employment e ON e.state_fips = p.state_fips AND e.soc_code = p.soc_code
                 AND e.reference_year = t.reference_year
            WHERE p.demand_basis IN ('bls', 'estimated') AND o.has_program AND w.framework = $framework
              AND CASE v.demand WHEN 'career-prep' THEN o.is_career_prep ELSE o.is_middle_skills END
              AND ($pathway = '' OR w.cluster = $pathway)
        ), mean AS (
            SELECT cluster, demand, demand_variant, any_value(teacher_usd) AS teacher_usd,
                   sum(weight * wage_p75_usd) / nullif(sum(weight) FILTER (wage_p75_usd IS NOT NULL), 0) AS p75_usd
            FROM job WHERE weight > 0 GROUP BY ALL
            HAVING 100 * sum(weight) FILTER (wage_p75_usd IS NOT NULL) >= $least * sum(weight)
        )
        SELECT demand, demand_variant, count(*) FILTER (p75_usd > teacher_usd) AS above, count(*) AS compared
        FROM mean GROUP BY ALL ORDER BY demand, demand_variant DESC
        """,
        {"state": scope.state, "framework": FRAMEWORK, "pathway": scope.cluster, "least": LEAST_COVERED_PCT},
    )


CHART = Chart(
    id="teacher-and-practitioner-pay",
    question="Does teaching pay as much as the trade?",
    tables=teachers.TABLES,
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    follows=("pathway",),
    selects="pathway",
    columns={
        "cluster": "Pathway",
        "practitioner_median_usd": "Practitioners’ median, dollars a year",
        "practitioner_p75_usd": "Practitioners’ upper-quarter pay, dollars a year",
        "teacher_secondary_median_usd": "High school CTE teachers’ median, dollars a year",
        "teacher_postsecondary_median_usd": "College CTE teachers’ median, dollars a year",
        "reference_year": "May of",
    },
    means="Where the ticks stand left of the filled dot, a school’s median pay is less than what the best-paid quarter of "
    "practitioners exceed.",
    means_not=teachers.MEANS_NOT,
    terms=("upper-quarter pay", "CTE teacher", "career-training job", "pathway"),
)
