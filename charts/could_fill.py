"""How many of each pathway's openings the year's awards could fill, under both variants of demand."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import stability, style, words
from charts.chart import Chart
from charts.scope import AWARD_LABELS, DEMAND_LABELS, FRAMEWORK, Scope
from etl.warehouse.read import Reader

KEYS = "awards = $awards AND demand = $demand AND state_fips = $state_fips"


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway (of the nation or the state), and a last one, ``cluster`` 'all', for the area as a whole.

    Counts carry the suffix ``_growth_and_exits`` in the conservative variant. Pathways are ordered by their openings in
    occupations that pay at least the area's median wage.
    """
    return reader.frame(
        f"""
        WITH gap AS (
            SELECT cluster, demand_variant, openings_annual_count, openings_median_wage_count, awards_linked_count,
                   at_least_count, at_most_count, verdict, note, award_year, base_year
            FROM gap_by_cluster WHERE {KEYS} AND framework = $framework AND subcluster IS NULL
            UNION ALL
            SELECT 'all', demand_variant, openings_annual_count, NULL, awards_linked_count, could_fill_count,
                   could_fill_count, '', note, award_year, base_year
            FROM gap_by_state WHERE {KEYS}
        )
        SELECT a.cluster, a.award_year, a.base_year, a.awards_linked_count,
               a.openings_annual_count, a.openings_median_wage_count, a.at_least_count, a.at_most_count, a.verdict,
               b.openings_annual_count AS openings_growth_and_exits_count,
               b.at_least_count AS at_least_growth_and_exits_count,
               b.at_most_count AS at_most_growth_and_exits_count,
               100.0 * a.at_most_count / nullif(a.openings_annual_count, 0) AS at_most_pct,
               100.0 * b.at_most_count / nullif(b.openings_annual_count, 0) AS at_most_growth_and_exits_pct,
               a.note, $state_name AS state_name
        FROM gap a JOIN gap b USING (cluster)
        WHERE a.demand_variant = 'openings' AND b.demand_variant = 'growth_and_exits'
        ORDER BY a.cluster = 'all', a.openings_median_wage_count DESC, a.cluster
        """,
        {"awards": scope.awards, "demand": scope.demand, "framework": FRAMEWORK, **reader.place(scope.state)},
    )


def _pathways(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["cluster"] != "all") & (rows["openings_annual_count"] > 0)]


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """From a filled dot (all openings) to a hollow one (without occupation changers), per pathway."""
    shown = _pathways(rows)
    strong = shown.loc[shown["cluster"] == scope.cluster, "cluster"].tolist()
    labels = [
        f"{r.cluster} <span style='color:{style.QUIET}'>· {words.label_count(r.openings_annual_count)} openings</span>"
        for r in words.each(shown)
    ]
    fig = style.rows(labels, top_px=34, right_px=20)
    for annotation in fig.layout.annotations:
        if any(annotation.text.startswith(name) for name in strong):
            annotation.text = f"<b>{annotation.text}</b>"
    y = [i + style.MARK_DY for i in range(len(shown))]
    low, high = (
        shown["at_most_pct"].astype(float),
        shown["at_most_growth_and_exits_pct"].astype(float).fillna(0),
    )
    style.add(
        fig,
        shapes=[style.joined(x0, x1, at) for at, x0, x1 in zip(y, low, high, strict=True)],
        annotations=[
            style.value_label(max(x0, x1), at, f"<b>{x0:.0f} to {x1:.0f}</b> of 100", shift_px=12)
            for at, x0, x1 in zip(y, low, high, strict=True)
        ],
    )
    hover = (
        "%{customdata[2]}<br>%{meta}: at most %{x:.0f} of 100<br>%{customdata[0]:,.0f} of %{customdata[1]:,.0f} openings"
        "<extra></extra>"
    )
    fig.add_trace(
        go.Scatter(
            x=high, y=y, mode="markers", meta="without occupation changers", hovertemplate=hover,
            customdata=shown[["at_most_growth_and_exits_count", "openings_growth_and_exits_count", "cluster"]],
            marker={"size": 13, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}},
        )
    )  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=low, y=y, mode="markers", meta="all openings", hovertemplate=hover,
            customdata=shown[["at_most_count", "openings_annual_count", "cluster"]],
            marker={"size": 13, "color": style.ACCENT},
        )
    )  # fmt: skip
    fig.add_annotation(
        text=f"<span style='color:{style.ACCENT}'><b>● all openings</b></span>&nbsp;&nbsp;&nbsp;<b>○ without occupation "
        "changers</b>",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False,
        font={"size": 13, "color": style.INK},
    )  # fmt: skip
    fig.update_xaxes(range=[0, 138], tickvals=[0, 25, 50, 75, 100], showgrid=True, gridcolor=style.GRID)
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """Both variants in one sentence, for the chosen pathway or the area."""
    chosen = scope.cluster or "all"
    row = rows[rows["cluster"] == chosen].iloc[0]
    label, jobs = AWARD_LABELS[scope.awards], DEMAND_LABELS[scope.demand]
    awards = f"{label.capitalize()} of one year" if scope.awards == "all" else f"One year’s {label}"
    what = f"openings in {jobs}" if chosen == "all" else f"openings in {chosen}"
    place = "" if scope.state == "US" else f" in {words.the(row['state_name'])}"
    if not row["openings_annual_count"]:
        return f"There are no yearly openings in {chosen} to set awards against{place}"
    return (
        f"{awards}{place} could fill at most {row['at_most_pct']:.0f} of every 100 {what}, "
        f"{row['at_most_growth_and_exits_pct']:.0f} if people changing occupation are left out"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    row = rows.iloc[-1]
    year = int(row["award_year"])
    estimated = "" if scope.state == "US" else " estimated from the nation’s by employment"
    return (
        f"At most how many of every 100 yearly openings the awards could fill, no award used twice. {row['state_name']}, "
        f"openings {row['base_year']}–{(row['base_year'] + 10) % 100} (yearly average){estimated}, awards {year - 1}–{year % 100}. "
        "Ordered by openings that pay at least the median wage."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both values of every pathway."""
    listed = "; ".join(
        f"{r.cluster} {r.at_most_pct:.0f} to {r.at_most_growth_and_exits_pct:.0f}" for r in words.each(_pathways(rows))
    )
    return f"Dot plot of how many of every 100 openings awards could fill at most, by pathway. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """How firm the two findings are that a reader takes away."""
    return stability.badge(reader, scope, ("openings left", "fills under half"))


CHART = Chart(
    id="could-fill",
    question="How many of a pathway’s openings could awards fill?",
    tables=("gap_by_cluster", "gap_stability"),
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
        "openings_annual_count": "Openings a year",
        "openings_median_wage_count": "of these paying at least the median",
        "awards_linked_count": "Awards of linked programs",
        "at_least_count": "Could fill at least",
        "at_most_count": "Could fill at most",
        "at_most_pct": "At most, of 100",
        "openings_growth_and_exits_count": "Growth and exits a year",
        "at_least_growth_and_exits_count": "Could fill at least (growth and exits)",
        "at_most_growth_and_exits_count": "Could fill at most (growth and exits)",
        "at_most_growth_and_exits_pct": "At most, of 100 (growth and exits)",
        "verdict": "In words",
        "note": "Note",
    },
    means="Even if every award led to a job in its field, and none were used twice, this many openings would be filled; the rest "
    "need other ways in.",
    means_not="It is not a count of missing workers: high school CTE, apprenticeships, noncredit and employer training and "
    "(unless chosen) bachelor’s degrees are not counted, people also change occupation, move to another state or study on, "
    "and the matches follow a federal list that is expert judgement.",
    terms=("yearly opening", "growth and exits", "award", "career-training job", "pathway", "could fill"),
)
