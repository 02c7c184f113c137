"""Which of a place's largest well-paid career-training occupations can be studied in it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.partners import newest_year
from charts.pathway_indicators import COUNTED, award_years, held
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures.alignment import LARGEST
from measures.scopes import AWARD_SCOPES

SHOWN = 14
#: Of the rows shown, so many may be occupations that cannot be studied; the others are the largest that can.
SHOWN_WITHOUT = 8
#: Characters of a title beside which the pay still fits on a phone; the table has it whole.
LONGEST_LABEL = 38
#: How the badge varies what is asked: how many occupations are looked at, and from how many awards a year on one counts.
OTHER_SIZES, LEAST_AWARDS = (25, 50, 75), (1, 10)

#: What the query of the largest occupations compares with: the newest year of a place that has its total, and the nation's median.
COMPARED_WITH = """
    SELECT max(reference_year) FILTER (state_fips = $state_fips AND wage_median_usd IS NOT NULL),
           max_by(wage_median_usd, reference_year) FILTER (state_fips = '00')
    FROM occupation_employment WHERE state_fips IN ('00', $state_fips) AND soc_code = '00-0000'
"""
#: The largest career-training occupations of a place that pay at least the nation's median, most jobs first.
LARGEST_THAT_PAY = """
    paid AS MATERIALIZED (
        SELECT e.soc_code, o.title, e.reference_year, e.employment_count, e.wage_median_usd, x.where_trained
        FROM occupation_employment e JOIN occupation o USING (soc_code) LEFT JOIN trained_outside_record x USING (soc_code)
        WHERE e.state_fips = $state_fips AND e.reference_year = $reference_year
          AND e.occupation_group = 'detailed' AND o.is_career_prep AND o.has_program AND e.employment_count IS NOT NULL
          AND (e.wage_median_usd >= $nation_median_usd OR e.wage_median_usd IS NULL AND e.wage_note LIKE 'at or above%')
        ORDER BY e.employment_count DESC, e.soc_code LIMIT $largest
    )
"""


def _compared_with(reader: Reader, scope: Scope) -> dict[str, Any]:
    """The values that :data:`LARGEST_THAT_PAY` takes; asked for first, so that a query reads one year's rows alone."""
    place = reader.place(scope.state)
    reference_year, nation_median_usd = reader.rows(COMPARED_WITH, {"state_fips": place["state_fips"]})[0]
    return {**place, "reference_year": reference_year, "nation_median_usd": nation_median_usd}


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per occupation, those that cannot be studied here first, each part by yearly openings (NULL last).

    ``institutions_count`` gave at least one award in the newest year, of a program that leads to it; 0 where none did.
    The counts of the headline stand in every row: ``studied_count`` of ``considered_count``, and of those in the chosen
    pathway ``pathway_studied_count`` of ``pathway_count``.
    """
    place = _compared_with(reader, scope)
    return reader.frame(
        f"""
        WITH {LARGEST_THAT_PAY}, award AS (
            SELECT l.soc_code, count(DISTINCT c.unit_id) AS institutions_count, sum(c.awards_count)::BIGINT AS awards_count
            FROM completion c JOIN institution i USING (award_year, unit_id) JOIN occupation_link l USING (cip_code)
            JOIN paid USING (soc_code)
            WHERE c.award_year = $newest AND i.award_year = $newest AND c.awards_count > 0
              AND list_contains($levels, c.award_level) AND i.is_title_iv AND i.state_fips <= '56'
              AND ($state_fips = '00' OR i.state_fips = $state_fips)
            GROUP BY l.soc_code
        ), opening AS (
            SELECT soc_code, floor(openings_annual_count + 0.5)::BIGINT AS openings_annual_count, base_year
            FROM occupation_projection WHERE state_fips = $state_fips AND demand_basis IN ('bls', 'estimated')
        ), counted AS (
            SELECT p.*, o.openings_annual_count, coalesce(a.institutions_count, 0) AS institutions_count,
                   coalesce(a.awards_count, 0) AS awards_count, coalesce(a.institutions_count, 0) > 0 AS is_studied_here,
                   p.soc_code IN (
                       SELECT soc_code FROM occupation_pathway WHERE framework = $framework AND cluster = $pathway
                   ) AS is_in_pathway
            FROM paid p LEFT JOIN award a USING (soc_code) LEFT JOIN opening o USING (soc_code)
        )
        SELECT *, count(*) OVER () AS considered_count, count(*) FILTER (is_studied_here) OVER () AS studied_count,
               count(*) FILTER (is_in_pathway) OVER () AS pathway_count,
               count(*) FILTER (is_in_pathway AND is_studied_here) OVER () AS pathway_studied_count,
               $newest AS award_year, (SELECT any_value(base_year) FROM opening) AS base_year,
               $state_name AS state_name
        FROM counted ORDER BY is_studied_here, openings_annual_count DESC NULLS LAST, soc_code
        """,
        {
            **place,
            "newest": newest_year(reader),
            "largest": LARGEST,
            "levels": list(AWARD_SCOPES["sub-baccalaureate"]),
            "framework": FRAMEWORK,
            "pathway": scope.cluster,
        },
    )


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The first that cannot be studied, then the first that can."""
    without, studied = rows[~rows["is_studied_here"]], rows[rows["is_studied_here"]]
    some = without.head(max(SHOWN_WITHOUT, SHOWN - len(studied)))
    return pd.concat([some, studied.head(SHOWN - len(some))])


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """Bars of yearly openings: hollow where no program in the record leads to the occupation, hatched where it is mostly
    learned outside the record."""
    shown = _shown(rows)
    elsewhere = ~shown["is_studied_here"] & shown["where_trained"].notna()
    labels = [_label(r) for r in words.each(shown)]
    fig = style.rows(labels, top_px=52 if elsewhere.any() else 34, right_px=126)
    y = [i + style.MARK_DY for i in range(len(shown))]
    hover = [_hover(r) for r in words.each(shown)]
    # A bar of no length where openings are not estimated; its label says so.
    openings = shown["openings_annual_count"].astype(float).fillna(0)
    fig.add_trace(
        go.Bar(
            x=openings, y=y, orientation="h", width=0.34, customdata=[[text] for text in hover],
            hovertemplate="%{customdata[0]}<extra></extra>",
            marker={
                "color": [style.MARK if here else style.WHITE for here in shown["is_studied_here"]],
                "line": {"color": [style.MARK if here else style.ACCENT for here in shown["is_studied_here"]], "width": 2},
                "pattern": {
                    "shape": ["/" if yes else "" for yes in elsewhere], "fgcolor": style.ACCENT, "size": 6, "solidity": 0.3,
                },
            },
        )
    )  # fmt: skip
    style.add(
        fig,
        annotations=[
            style.value_label(
                x,
                at,
                f"{_label_count(r.openings_annual_count)} · {_institutions(r.institutions_count)}",
                shift_px=6,
                color=style.TEXT if r.is_studied_here else style.ACCENT,
            )
            for x, at, r in zip(openings, y, words.each(shown), strict=True)
        ],
    )
    fig.add_annotation(
        text=_key(has_hollow=not shown["is_studied_here"].all(), has_hatched=bool(elsewhere.any())), x=0, y=1, xref="paper",
        yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False, align="left", font={"size": 13},
    )  # fmt: skip
    fig.update_xaxes(
        range=[0, max(openings.max(), 1) * 1.02], showgrid=True, gridcolor=style.GRID, nticks=4,
        tickformat="~s",
    )  # fmt: skip
    return fig


def _key(*, has_hollow: bool, has_hatched: bool) -> str:
    """What the bars stand for; only what is shown is explained."""
    solid = f"<span style='color:{style.QUIET}'><b>■ can be studied here</b></span>"
    if not has_hollow:
        return solid
    first = f"<span style='color:{style.ACCENT}'><b>□ no program in the record</b></span>&nbsp;&nbsp;&nbsp;{solid}"
    more = f"<br><span style='color:{style.ACCENT}'>▨ of these, mostly trained elsewhere</span>"
    return f"{first}{more}" if has_hatched else first


def _label(row: Any) -> str:
    """The occupation, bold in the chosen pathway, and its pay."""
    title = words.shortened(row.title, LONGEST_LABEL)
    name = f"<b>{title}</b>" if row.is_in_pathway else title
    return f"{name} <span style='color:{style.QUIET}'>· {_short_pay(row.wage_median_usd)}</span>"


def _hover(row: Any) -> str:
    lines = [
        row.title,
        f"{_openings(row.openings_annual_count)}, {words.count(row.employment_count)} jobs, {_pay(row.wage_median_usd)}",
        _institutions(row.institutions_count),
    ]
    if not words.missing(row.where_trained):
        lines.append(f"mostly trained elsewhere: {row.where_trained}")
    return "<br>".join(lines)


def _short_pay(wage: float) -> str:
    return "pay n/a" if words.missing(wage) else words.dollars(wage)


def _pay(wage: float) -> str:
    return "pay above what is published" if words.missing(wage) else f"{words.dollars(wage)} a year at the median"


def _label_count(count: float) -> str:
    return "openings n/a" if words.missing(count) else f"<b>{words.label_count(count)}</b>"


def _openings(count: float) -> str:
    return "openings not estimated" if words.missing(count) else f"{words.count(count)} openings a year"


def _institutions(count: int) -> str:
    if not count:
        return "no program"
    return f"{words.count(count)} institution{'' if count == 1 else 's'}"


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """How many of the largest well-paid occupations can be studied, and how many of those in the chosen pathway."""
    row = rows.iloc[0]
    place = words.the(row["state_name"])
    start = (
        f"Of the {row['considered_count']} largest career-training occupations in {place} that pay at least the nation’s "
        f"median, {row['studied_count']} can be studied there"
    )
    if not scope.cluster:
        return f"{start} at an institution in federal student aid"
    if not row["pathway_count"]:
        return f"{start}; not one of the {row['considered_count']} belongs to {scope.cluster}"
    return f"{start}, among them {row['pathway_studied_count']} of the {row['pathway_count']} in {scope.cluster}"


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    row, shown = rows.iloc[0], _shown(rows)
    without, all_without = int((~shown["is_studied_here"]).sum()), int((~rows["is_studied_here"]).sum())
    some = f"{without} of the {all_without}" if without < all_without else f"the {without}"
    order = f"{some[0].upper() + some[1:]} without a program, then some that have one" if without else "Some of them"
    bold = f" In bold: {scope.cluster}." if scope.cluster and row["pathway_count"] else ""
    estimated = "" if scope.state == "US" else " (estimated from the nation’s by employment)"
    return (
        f"Yearly openings {row['base_year']}–{(row['base_year'] + 10) % 100}{estimated}, median pay of May "
        f"{row['reference_year']}, and institutions that gave {COUNTED} in a program leading there, "
        f"{award_years(int(row['award_year']))}. {row['state_name']}. {order}, most openings first.{bold}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Pay and institutions of the shown occupations."""
    listed = "; ".join(
        f"{r.title} {_openings(r.openings_annual_count)}, {_pay(r.wage_median_usd)}, {_institutions(r.institutions_count)}"
        for r in words.each(_shown(rows))
    )
    return f"Bar chart of large well-paid occupations by yearly openings. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether at least half can be studied when fewer or more are looked at, in other years, and at ten awards or more."""
    rows = reader.frame(
        f"""
        WITH {LARGEST_THAT_PAY}, year AS (SELECT DISTINCT award_year FROM program_award ORDER BY 1 DESC LIMIT 3),
        award AS (
            SELECT award_year, l.soc_code, sum(a.awards_count) AS awards_count
            FROM program_award a SEMI JOIN year USING (award_year) JOIN occupation_link l USING (cip_code)
            WHERE a.state_fips = $state_fips AND list_contains($levels, a.award_level) GROUP BY ALL
        ), ranked AS (SELECT soc_code, row_number() OVER (ORDER BY employment_count DESC, soc_code) AS place_no FROM paid)
        SELECT award_year, size, least, avg((coalesce(awards_count, 0) >= least)::INTEGER) AS share
        FROM ranked CROSS JOIN year CROSS JOIN (SELECT unnest($sizes) AS size) CROSS JOIN (SELECT unnest($least) AS least)
        LEFT JOIN award USING (award_year, soc_code)
        WHERE place_no <= size GROUP BY ALL ORDER BY ALL
        """,
        {
            **{name: value for name, value in _compared_with(reader, scope).items() if name != "state_name"},
            "largest": max(OTHER_SIZES),
            "levels": list(AWARD_SCOPES["sub-baccalaureate"]),
            "sizes": list(OTHER_SIZES),
            "least": list(LEAST_AWARDS),
        },
    )
    own = rows[(rows["size"] == LARGEST) & (rows["least"] == 1)].sort_values("award_year")["share"].iloc[-1]
    sentence = "At least half of them can be studied here" if own >= 0.5 else "Under half of them can be studied here"
    return held(
        sentence,
        (rows["share"] >= 0.5) == (own >= 0.5),
        "Assumptions varied: the 25, 50 or 75 largest, three award years, and any award or at least 10 a year.",
    )


def nothing(scope: Scope) -> str:  # noqa: ARG001
    """Why there is nothing to show."""
    return (
        "No career-training occupation here has published employment and pay at or above the nation’s median; the United "
        "States has 50."
    )


CHART = Chart(
    id="choice-near-home",
    question="Can the well-paid jobs of this place be studied in it?",
    tables=("occupation_employment", "completion", "occupation_link", "occupation_projection"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    follows=("pathway",),
    columns={
        "soc_code": "SOC",
        "title": "Occupation",
        "is_studied_here": "Can be studied here",
        "institutions_count": "Institutions that gave an award leading there",
        "awards_count": "Awards of linked programs",
        "employment_count": "People employed",
        "openings_annual_count": "Openings a year",
        "wage_median_usd": "Median pay, dollars a year",
        "where_trained": "Mostly trained elsewhere",
    },
    means="Where no program in the record leads to a large well-paid occupation, people must leave, or find training that is "
    "not in the record, to enter it.",
    means_not="A program may be far away or have few places; one award in the year is enough to count, and one program counts "
    "for every occupation on the federal list. Police and fire academies, truck-driving schools, apprenticeships and high "
    "schools are not in the record, and neither is career advisement.",
    terms=("yearly opening", "award", "career-training job", "institution", "SOC"),
)
