"""Do awards keep step with openings: each pathway's share of the openings beside its share of the awards."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader

#: Room for half of a dot that stands at nought.
LEFT_PX = 9
WHOLE = ("misalignment_pct", "misalignment_equal_split_pct", "unlinked_awards_pct")


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway, the largest share of openings first; the area's own figures stand in every row.

    Shares are percent of all career-training openings and of all awards that lead to one; ``_growth_and_exits`` is the
    variant without people changing occupation. ``misalignment_low_pct`` and ``misalignment_high_pct`` are the interval where
    the figure rests on under 500 awards.
    """
    return reader.frame(
        """
        WITH own AS (
            SELECT i.*, s.state_name FROM principle_indicator i JOIN state s USING (state_fips)
            WHERE s.state_abbr = $state AND i.demand = 'career-prep' AND list_contains($indicators, i.indicator)
              AND (i.framework IS NULL OR i.framework = $framework)
        ), whole AS (
            SELECT max(value) FILTER (WHERE indicator = 'misalignment_pct' AND demand_variant = 'openings') AS misalignment_pct,
                   max(value_low) FILTER (WHERE indicator = 'misalignment_pct' AND demand_variant = 'openings')
                       AS misalignment_low_pct,
                   max(value_high) FILTER (WHERE indicator = 'misalignment_pct' AND demand_variant = 'openings')
                       AS misalignment_high_pct,
                   max(value) FILTER (WHERE indicator = 'misalignment_pct' AND demand_variant = 'growth_and_exits')
                       AS misalignment_growth_and_exits_pct,
                   max(value) FILTER (WHERE indicator = 'misalignment_equal_split_pct' AND demand_variant = 'openings')
                       AS misalignment_equal_split_pct,
                   max(value) FILTER (WHERE indicator = 'misalignment_equal_split_pct' AND demand_variant = 'growth_and_exits')
                       AS misalignment_equal_split_growth_and_exits_pct,
                   max(value) FILTER (WHERE indicator = 'unlinked_awards_pct') AS unlinked_awards_pct
            FROM own WHERE cluster IS NULL
        )
        SELECT cluster, state_name, reference_year,
               max(value) FILTER (WHERE indicator = 'openings_share_pct' AND demand_variant = 'openings') AS openings_share_pct,
               max(value) FILTER (WHERE indicator = 'awards_share_pct' AND demand_variant = 'openings') AS awards_share_pct,
               max(value) FILTER (WHERE indicator = 'openings_share_pct' AND demand_variant = 'growth_and_exits')
                   AS openings_share_growth_and_exits_pct,
               max(value) FILTER (WHERE indicator = 'awards_share_pct' AND demand_variant = 'growth_and_exits')
                   AS awards_share_growth_and_exits_pct,
               whole.*,
               (SELECT max(base_year) FROM occupation_projection WHERE demand_basis IN ('bls', 'estimated')) AS base_year
        FROM own CROSS JOIN whole WHERE cluster IS NOT NULL
        GROUP BY ALL ORDER BY openings_share_pct DESC, cluster
        """,
        {
            "state": scope.state,
            "framework": FRAMEWORK,
            "indicators": ["openings_share_pct", "awards_share_pct", *WHOLE],
        },
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """From a filled dot (openings) to a hollow one (awards), per pathway."""
    strong = rows.loc[rows["cluster"] == scope.cluster, "cluster"].tolist()
    fig = style.rows(rows["cluster"].tolist(), top_px=34, right_px=20, strong=strong)
    fig.update_layout(margin_l=LEFT_PX)
    y = [i + style.MARK_DY for i in range(len(rows))]
    openings, awards = rows["openings_share_pct"].astype(float), rows["awards_share_pct"].astype(float)
    ends = list(zip(y, openings, awards, strict=True))
    style.add(
        fig,
        shapes=[style.joined(a, b, at) for at, a, b in ends],
        annotations=[style.value_label(max(a, b), at, _gap_label(a, b), shift_px=12) for at, a, b in ends],
    )
    hover = "%{customdata[0]}<br>%{meta}: %{x:.1f} of 100<extra></extra>"
    shared: dict[str, Any] = {
        "y": y,
        "mode": "markers",
        "customdata": rows[["cluster"]],
        "hovertemplate": hover,
        "cliponaxis": False,
    }
    fig.add_trace(go.Scatter(x=openings, meta="yearly openings", marker={"size": 13, "color": style.ACCENT}, **shared))
    hollow = {"size": 13, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}}
    fig.add_trace(go.Scatter(x=awards, meta="awards", marker=hollow, **shared))
    fig.add_annotation(
        text=f"<span style='color:{style.ACCENT}'><b>● of 100 yearly openings</b></span>&nbsp;&nbsp;&nbsp;<b>○ of 100 awards</b>",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False,
        font={"size": 13, "color": style.INK},
    )  # fmt: skip
    most = float(max(openings.max(), awards.max()))
    fig.update_xaxes(
        range=[0, most * 1.38], showgrid=True, gridcolor=style.GRID, tickvals=list(range(0, int(most) + 1, 10))
    )
    return fig


def _gap_label(openings: float, awards: float) -> str:
    return f"<b>{openings:.0f}</b> and <b>{awards:.0f}</b>"


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """How many of 100 awards would need to be elsewhere, under both variants; for a pathway its two shares."""
    first = rows.iloc[0]
    place = "" if scope.state == "US" else f" in {words.the(first['state_name'])}"
    if scope.cluster:
        row = rows[rows["cluster"] == scope.cluster].iloc[0]
        return (
            f"{row['cluster']} has {row['openings_share_pct']:.0f} of every 100 yearly openings{place} and "
            f"{row['awards_share_pct']:.0f} of every 100 awards; without people changing occupation, "
            f"{row['openings_share_growth_and_exits_pct']:.0f} and {row['awards_share_growth_and_exits_pct']:.0f}"
        )
    low, high = first["misalignment_low_pct"], first["misalignment_high_pct"]
    interval = "" if words.missing(low) else f" ({low:.0f} to {high:.0f}, as there are few)"
    return (
        f"{first['misalignment_pct']:.0f} of every 100 awards{place}{interval} would need to be in another pathway to match the "
        "mix "
        f"of openings, {first['misalignment_growth_and_exits_pct']:.0f} if people changing occupation are left out"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period; what the figure hangs on."""
    first = rows.iloc[0]
    year, base = int(first["reference_year"]), int(first["base_year"])
    return (
        f"Shares of career-training openings and of awards that lead to them. {first['state_name']}, openings {base}–"
        f"{(base + 10) % 100} (yearly average), certificates and associate degrees {year - 1}–{year % 100:02d}. With awards "
        "shared out "
        f"equally over occupations: {first['misalignment_equal_split_pct']:.0f}. Awards that lead to no such job: "
        f"{first['unlinked_awards_pct']:.0f} percent, left out."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both shares of every pathway."""
    listed = "; ".join(
        f"{r.cluster} {r.openings_share_pct:.0f} of openings, {r.awards_share_pct:.0f} of awards"
        for r in words.each(rows)
    )
    return f"Dot plot of each pathway’s share of openings and of awards. {finding(rows, scope)}. Of 100: {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether a fifth or more of the awards, or the pathway's side, stays so under both variants and both ways of sharing."""
    rows = frame(reader, scope)
    if rows.empty:
        return "Not tried: there are no shares for this place."
    if scope.cluster:
        row = rows[rows["cluster"] == scope.cluster].iloc[0]
        tried = [
            row["awards_share_pct"] < row["openings_share_pct"],
            row["awards_share_growth_and_exits_pct"] < row["openings_share_growth_and_exits_pct"],
        ]
        held = sum(bool(t) for t in tried)
        return (
            f"“{scope.cluster} has a smaller share of awards than of openings” holds under {held} of 2"
            f"{'' if held in (0, 2) else ' (changes with assumptions)'}. Assumptions varied: with and without people changing "
            "occupation."
        )
    first = rows.iloc[0]
    values = [
        first[f"{name}{variant}_pct"]
        for name in ("misalignment", "misalignment_equal_split")
        for variant in ("", "_growth_and_exits")
    ]
    held = sum(bool(v >= 20) for v in values)
    return (
        f"“At least 20 of every 100 awards would need to be in another pathway” holds under {held} of {len(values)}"
        f"{'' if held in (0, len(values)) else ' (changes with assumptions)'}; the figure runs from {min(values):.0f} to "
        f"{max(values):.0f}. Assumptions varied: with and without people changing occupation, and awards shared out over "
        "occupations by "
        "their openings or equally."
    )


CHART = Chart(
    id="openings-and-awards-mix",
    question="Are awards in the pathways that the openings are in?",
    tables=("gap_by_cluster", "occupation_projection"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=lambda scope: (
        f"There are no shares of awards for {scope.pathway or 'this place'}; choose the United States."
    ),
    follows=("pathway",),
    selects="pathway",
    columns={
        "cluster": "Pathway",
        "openings_share_pct": "Of 100 yearly openings",
        "awards_share_pct": "Of 100 awards",
        "openings_share_growth_and_exits_pct": "Of 100 from growth and exits",
        "awards_share_growth_and_exits_pct": "Of 100 awards (shared out by growth and exits)",
        "misalignment_pct": "All pathways: of 100 awards, to be elsewhere",
        "misalignment_low_pct": "The same, 5th percentile where under 500 awards",
        "misalignment_high_pct": "The same, 95th percentile where under 500 awards",
        "misalignment_growth_and_exits_pct": "The same, growth and exits",
        "misalignment_equal_split_pct": "The same, awards shared out equally",
        "unlinked_awards_pct": "Awards that lead to none of these jobs, percent",
    },
    means="A pathway whose hollow dot stands left of its filled one has a smaller share of the awards than of the openings; where "
    "all systems plan together, the two would come closer.",
    means_not="It compares mixes, not numbers, so it says nothing of how many openings are left; a good match is no sign of "
    "quality, and people also enter without an award, by apprenticeship or from other jobs.",
    terms=("yearly opening", "growth and exits", "award", "career-training job", "pathway"),
)
