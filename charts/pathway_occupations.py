"""The occupations with the most yearly openings in a pathway, with pay, usual entry and awards."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import DEMAND_LABELS, FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures.scopes import AWARD_SCOPES

SHOWN = 12
#: Characters of a title that fit on a phone; the table has it whole.
LONGEST_LABEL = 46
#: After the name of an occupation that is often trained where no award is counted.
ELSEWHERE = "†"


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per linked occupation of the pathway (or of all) with openings in the area, most openings first.

    ``awards_linked_count`` are the newest awards of the scope's levels. ``at_most_count`` is what awards could fill of the
    occupation alone: as many openings as it has, and no more than there are awards of programs that lead to it.
    """
    ((award_year,),) = reader.rows("SELECT max(award_year) FROM program_award")
    ((wage_year,),) = reader.rows("SELECT max(reference_year) FROM occupation_employment")
    return reader.frame(
        """
        WITH linked AS (
            SELECT soc_code, sum(awards_count)::BIGINT AS awards_count
            FROM program_award JOIN occupation_link USING (cip_code)
            WHERE award_year = $award_year AND state_fips = $state_fips
              AND list_contains($levels, award_level)
            GROUP BY soc_code
        )
        SELECT p.soc_code, o.title, coalesce(o.way_in, o.entry_education) AS way_in, o.entry_education, o.on_the_job_training,
               floor(p.openings_annual_count + 0.5)::BIGINT AS openings_annual_count,
               floor(p.growth_and_exits_annual_count + 0.5)::BIGINT AS growth_and_exits_annual_count,
               floor(p.openings_annual_count + 0.5)::BIGINT - floor(p.growth_and_exits_annual_count + 0.5)::BIGINT
                   AS changers_annual_count,
               coalesce(l.awards_count, 0) AS awards_linked_count,
               least(floor(p.openings_annual_count + 0.5)::BIGINT, coalesce(l.awards_count, 0)) AS at_most_count,
               x.where_trained IS NOT NULL AS is_trained_elsewhere,
               $award_year AS award_year, p.base_year, $state_name AS state_name, p.note, w.wage_median_usd, x.where_trained,
               $wage_year AS wage_year
        FROM occupation_projection p JOIN occupation o USING (soc_code)
        LEFT JOIN linked l USING (soc_code) LEFT JOIN trained_outside_record x USING (soc_code)
        LEFT JOIN (FROM occupation_employment WHERE state_fips = $state_fips AND reference_year = $wage_year) w
             ON w.soc_code = p.soc_code
        WHERE p.state_fips = $state_fips AND p.demand_basis IN ('bls', 'estimated') AND p.openings_annual_count >= 0.5
          AND o.has_program AND CASE $demand
              WHEN 'career-prep' THEN o.is_career_prep WHEN 'middle-skills' THEN o.is_middle_skills
              WHEN 'bachelor' THEN o.is_bachelor WHEN 'all' THEN o.is_projected END
          AND ($pathway = '' OR p.soc_code IN (
                SELECT soc_code FROM occupation_pathway WHERE framework = $framework AND cluster = $pathway
                AND ($part = '' OR subcluster = $part)))
        ORDER BY openings_annual_count DESC, o.title
        """,
        {
            **reader.place(scope.state),
            "award_year": award_year,
            "wage_year": wage_year,
            "levels": list(AWARD_SCOPES.get(scope.awards, ())),
            "demand": scope.demand,
            "pathway": scope.cluster,
            "part": scope.subcluster,
            "framework": FRAMEWORK,
        },
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """Bars from zero: growth and exits solid, people changing occupation hatched; a tick for what awards could fill."""
    shown = rows.head(SHOWN)
    fig = style.rows([_label(r) for r in words.each(shown)], top_px=74, right_px=116)
    y = [i + style.MARK_DY for i in range(len(shown))]
    hover = "%{customdata[0]}<br>%{meta}: %{x:,.0f} a year<br>usual way in: %{customdata[1]}<extra></extra>"
    for column, meta, fill in (
        ("growth_and_exits_annual_count", "growth and exits", {"color": style.MARK}),
        (
            "changers_annual_count",
            "people changing occupation",
            {
                "color": style.GRID,
                "pattern": {"shape": "/", "size": 6, "fgcolor": style.MARK, "solidity": 0.25},
            },
        ),
    ):
        fig.add_trace(
            go.Bar(
                x=shown[column].astype(float), y=y, orientation="h", width=0.34, marker=fill, meta=meta,
                customdata=shown[["title", "way_in"]], hovertemplate=hover,
            )
        )  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=shown["at_most_count"].astype(float), y=y, mode="markers", meta="awards could fill at most",
            marker={"symbol": "line-ns", "size": 13, "line": {"color": style.ACCENT, "width": 4}},
            customdata=shown[["title", "way_in"]], hovertemplate="%{customdata[0]}<br>%{meta} %{x:,.0f} a year<extra></extra>",
        )
    )  # fmt: skip
    style.add(
        fig,
        annotations=[
            style.value_label(
                float(r.openings_annual_count),
                at,
                f"<b>{words.label_count(r.openings_annual_count)}</b> · {_short_pay(r.wage_median_usd)}",
                shift_px=10,
            )
            for at, r in zip(y, words.each(shown), strict=True)
        ],
    )
    fig.add_annotation(
        text="<b>■ growth and exits</b>&nbsp;&nbsp;&nbsp;▨ people changing occupation<br>"
        f"<span style='color:{style.ACCENT}'><b>┃ most that awards could fill of this job alone</b></span><br>"
        f"{ELSEWHERE} often trained where no award is counted",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=12, showarrow=False, align="left",
        font={"size": 12, "color": style.QUIET},
    )  # fmt: skip
    fig.update_layout(barmode="stack", bargap=0)
    fig.update_xaxes(
        range=[0, shown["openings_annual_count"].astype(float).max() * 1.02], showgrid=True, gridcolor=style.GRID, nticks=5,
        tickformat="~s",
    )  # fmt: skip
    return fig


def _label(row: Any) -> str:
    """The occupation's name, marked where people are often trained elsewhere."""
    name = words.shortened(row.title, LONGEST_LABEL - 2)
    return f"{name} <b>{ELSEWHERE}</b>" if row.is_trained_elsewhere else name


def _short_pay(wage: float) -> str:
    return "pay n/a" if words.missing(wage) else words.dollars(wage)


def _pay(wage: float) -> str:
    return "pay not published" if words.missing(wage) else f"{words.dollars(wage)} a year"


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The largest occupation, with both variants."""
    top = rows.iloc[0]
    where = f"in {scope.subcluster or scope.cluster}" if scope.pathway else f"among {DEMAND_LABELS[scope.demand]}"
    place = "" if scope.state == "US" else f" in {words.the(top['state_name'])}"
    openings = words.short_count(top["openings_annual_count"])
    without = words.short_count(top["growth_and_exits_annual_count"])
    counts = f"{openings}, {without} of them from growth and people leaving work"
    if not _is_first_in_both(rows):
        counts = f"{openings} if people changing occupation are counted, {without} if not"
    elsewhere = "; many train where no award is counted" if top["is_trained_elsewhere"] else ""
    return f"{top['title']} have the most yearly openings {where}{place}: about {counts}{elsewhere}"


def _is_first_in_both(rows: pd.DataFrame) -> bool:
    """Whether the occupation with the most openings has the most without people changing occupation too."""
    without = rows["growth_and_exits_annual_count"]
    return bool(without.iloc[0] >= without.max())


def badge(reader: Reader, scope: Scope) -> str:
    """Under how many variants of openings the largest occupation is the largest."""
    rows = frame(reader, scope)
    if rows.empty:
        return "Not tried: there is no estimate of openings here."
    held = 1 + _is_first_in_both(rows)
    return (
        f"“{rows['title'].iloc[0]} have the most yearly openings” holds under {held} of 2 (with and without people changing "
        f"occupation){'' if held == 2 else ' and so changes with assumptions'}. What awards could fill follows the federal list of "
        "programs and occupations, each occupation taken alone."
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    top = rows.iloc[0]
    estimated = "" if scope.state == "US" else ", estimated from the nation’s by employment"
    return (
        f"Yearly openings {top['base_year']}–{(top['base_year'] + 10) % 100} (yearly average){estimated}, "
        f"and median yearly pay of May {top['wage_year']}. "
        f"{top['state_name']}. The {min(SHOWN, len(rows))} largest of {len(rows)} occupations; awards as in the scope, newest year."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Openings and pay of the shown occupations."""
    listed = "; ".join(
        f"{r.title} {words.count(r.openings_annual_count)} openings a year, {_pay(r.wage_median_usd)}, awards could fill at most "
        f"{words.count(r.at_most_count)}{', often trained elsewhere' if r.is_trained_elsewhere else ''}"
        for r in words.each(rows.head(SHOWN))
    )
    return f"Bar chart of yearly openings by occupation. {finding(rows, scope)}. {listed}."


def nothing(scope: Scope) -> str:
    """Why there is nothing to show."""
    if scope.subcluster:
        return (
            f"No occupation of {scope.subcluster} among {DEMAND_LABELS[scope.demand]} has an estimate of yearly openings here; "
            f"choose the whole pathway {scope.cluster}, or the United States."
        )
    return (
        f"No occupation of {scope.pathway or 'this view'} has an estimate of yearly openings for this place; the United States "
        "has one for every occupation."
    )


CHART = Chart(
    id="pathway-occupations",
    question="Which occupations are the openings in, and what do they pay?",
    tables=(
        "occupation_projection",
        "occupation_employment",
        "program_award",
        "occupation_link",
        "trained_outside_record",
    ),
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
        "way_in": "Usual way in",
        "entry_education": "Entry education",
        "on_the_job_training": "Training on the job",
        "awards_linked_count": "Awards of linked programs",
        "at_most_count": "Awards could fill at most",
        "where_trained": "Mostly trained elsewhere",
    },
    means="It shows where a pathway leads: how many places come free each year, and at what pay.",
    means_not="Openings are a ten-year average, not this year’s vacancies; linked awards also serve other occupations, so they are "
    "not to be subtracted from one row.",
    terms=("yearly opening", "growth and exits", "award", "career-training job", "SOC"),
)
