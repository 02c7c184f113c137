"""At most how many of every 100 openings a state's own awards could fill, on a tile grid; with or without online colleges."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import stability, style, words
from charts.chart import Chart
from charts.scope import AWARD_LABELS, DEMAND_LABELS, FRAMEWORK, Scope
from etl.warehouse.read import Reader

#: A state is hatched where mostly-online colleges gave more than this percent of its awards.
HATCHED_FROM_PCT = 10
#: The legend has one line more than the house's.
LINE_PX = 18


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per state, the highest share first; the suffix ``_growth_and_exits`` is of the conservative variant.

    ``awards_online_pct``: of certificates and associate degrees (of those that lead to the pathway, where one is chosen),
    the percent that mostly-online colleges gave. Where the scope leaves these out and has the default assumptions, shares
    are without them; ``is_left_out`` says so. ``highest_…`` and ``lowest_…`` are the two ends, the same in every row.
    """
    return reader.frame(
        """
        WITH gap AS (
            SELECT award_year, base_year, state_fips, demand_variant, openings_annual_count, could_fill_count AS at_most_count,
                   awards, demand
            FROM gap_by_state WHERE $pathway = ''
            UNION ALL
            SELECT award_year, base_year, state_fips, demand_variant, openings_annual_count, at_most_count, awards, demand
            FROM gap_by_cluster WHERE cluster = $pathway AND subcluster IS NULL AND framework = $framework
        ), online AS (
            SELECT state_fips, demand_variant, could_fill_count, awards_online_count, awards_online_pct, fall_year, awards, demand
            FROM gap_without_online WHERE coalesce(cluster, '') = $pathway
        ), both_variants AS (
            SELECT g.*, o.fall_year, o.awards_online_count, o.awards_online_pct,
                   $online = 'left-out' AND (g.awards, g.demand) = (o.awards, o.demand) AS is_left_out,
                   if(is_left_out, o.could_fill_count, g.at_most_count) AS could_fill_count
            FROM gap g LEFT JOIN online o USING (state_fips, demand_variant)
            WHERE g.awards = $awards AND g.demand = $demand AND g.state_fips <> '00'
        )
        SELECT s.state_abbr, s.state_name, s.grid_row, s.grid_column, a.award_year, a.base_year, a.fall_year,
               a.openings_annual_count, a.could_fill_count AS at_most_count,
               100.0 * a.could_fill_count / nullif(a.openings_annual_count, 0) AS at_most_pct,
               b.openings_annual_count AS openings_growth_and_exits_count,
               b.could_fill_count AS at_most_growth_and_exits_count,
               100.0 * b.could_fill_count / nullif(b.openings_annual_count, 0) AS at_most_growth_and_exits_pct,
               a.awards_online_count, a.awards_online_pct, a.is_left_out,
               coalesce(a.awards_online_pct > $limit, FALSE) AS is_mostly_online
        FROM both_variants a JOIN both_variants b USING (state_fips) JOIN state s USING (state_fips)
        WHERE a.demand_variant = 'openings' AND b.demand_variant = 'growth_and_exits'
        ORDER BY at_most_pct DESC NULLS LAST, s.state_name
        """,
        {
            "pathway": scope.cluster,
            "framework": FRAMEWORK,
            "awards": scope.awards,
            "demand": scope.demand,
            "online": scope.online,
            "limit": HATCHED_FROM_PCT,
        },
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Tiles in one hue, cut on the displayed values; hatched where mostly-online colleges gave many of the awards."""
    hover = [_hover(r) for r in words.each(rows)]
    fig = style.tiles(
        rows,
        [None if words.missing(v) else float(v) for v in rows["at_most_pct"]],
        hover=hover,
        chosen={scope.state, scope.compare},
        hatched=set(rows.loc[rows["is_mostly_online"], "state_abbr"]),
        legend=f"▨ over {HATCHED_FROM_PCT} of 100 awards are of mostly-online colleges",
    )
    fig.update_layout(height=fig.layout.height + LINE_PX, margin_t=fig.layout.margin.t + LINE_PX)
    first_line = {
        "text": "At most how many of every 100 openings", "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left",
        "yanchor": "bottom", "yshift": 56 + LINE_PX, "showarrow": False, "font": {"size": 12, "color": style.TEXT},
    }  # fmt: skip
    return style.add(fig, annotations=[first_line])


def _hover(row: Any) -> str:
    share, without, online = row.at_most_pct, row.at_most_growth_and_exits_pct, row.awards_online_pct
    name = row.state_name
    if words.missing(share):
        return f"{name}: no openings have an estimate"
    told = f"{name}: at most {share:.0f} of 100 openings"
    if not words.missing(without):
        told += f", {without:.0f} without people changing occupation"
    return told if words.missing(online) else f"{told}<br>{online:.1f} of 100 awards of mostly-online colleges"


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The chosen state's share in both variants, or those of the two ends."""
    known = rows[rows["at_most_growth_and_exits_pct"].notna()]
    own = rows[rows["state_abbr"] == scope.state]
    what = f"openings in {scope.cluster}" if scope.cluster else f"openings in {DEMAND_LABELS[scope.demand]}"
    awards = "In-state awards of one year"
    if rows["is_left_out"].any():
        awards += ", those of mostly-online colleges left out,"
    if len(own):
        name = words.the(own["state_name"].iloc[0])
        if own["at_most_growth_and_exits_pct"].isna().any():
            return f"There are no yearly {what} in {name} to set awards against"
        row = own.iloc[0]
        return (
            f"{awards} could fill at most {row['at_most_pct']:.0f} of every 100 {what} in {name}, "
            f"{row['at_most_growth_and_exits_pct']:.0f} if people changing occupation are left out"
        )
    high, low = known.iloc[0], known.iloc[-1]
    return (
        f"{awards} could fill at most {high['at_most_pct']:.0f} of every 100 {what} in {words.the(high['state_name'])}, "
        f"{high['at_most_growth_and_exits_pct']:.0f} if people changing occupation are left out, but {low['at_most_pct']:.0f} and "
        f"{low['at_most_growth_and_exits_pct']:.0f} in {words.the(low['state_name'])}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, period, and what the hatching rests on."""
    row = rows.iloc[0]
    year = int(row["award_year"])
    not_left_out = (
        " For these assumptions the awards of mostly-online colleges cannot be left out here; the default ones can."
        if scope.online and not row["is_left_out"]
        else ""
    )
    fall = f", by enrolment of fall {int(row['fall_year'])}" if not words.missing(row["fall_year"]) else ""
    return (
        f"At most how many of every 100 yearly openings {row['base_year']}–{(row['base_year'] + 10) % 100} (yearly average, "
        f"estimated from the nation’s by employment) {AWARD_LABELS[scope.awards]} of {year - 1}–{year % 100} from colleges in the "
        f"state could fill. Mostly-online: over 80 of 100 students wholly online{fall}.{not_left_out}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The headline and each state's value."""
    listed = ", ".join(
        f"{r.state_name} {'no estimate' if words.missing(r.at_most_pct) else f'{r.at_most_pct:.0f}'}"
        for r in words.each(rows)
    )
    return f"Tile map of the states. {finding(rows, scope)}. Of every 100 openings at most: {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """How firm the two findings are that a reader takes away, for the chosen place."""
    return stability.badge(reader, scope, ("openings left", "fills under half"))


CHART = Chart(
    id="could-fill-by-state",
    question="How far could awards given in each state go?",
    tables=("gap_by_state", "gap_by_cluster", "gap_without_online"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    shape="tiles",
    follows=("pathway",),
    controls=("online",),
    selects="state",
    columns={
        "state_name": "State",
        "openings_annual_count": "Openings a year",
        "at_most_count": "Could fill at most",
        "at_most_pct": "At most, of 100",
        "openings_growth_and_exits_count": "Growth and exits a year",
        "at_most_growth_and_exits_count": "Could fill at most (growth and exits)",
        "at_most_growth_and_exits_pct": "At most, of 100 (growth and exits)",
        "awards_online_count": "Awards of mostly-online colleges",
        "awards_online_pct": "the same, of 100 awards",
    },
    means="It shows where colleges of the state give many or few awards beside the openings of the state’s employers.",
    means_not="It is no measure of how well a state does: people commute and move across its borders, graduates of online colleges "
    "live anywhere, and high school CTE, apprenticeships and employer training are not counted.",
    terms=("yearly opening", "growth and exits", "award", "could fill", "mostly online", "pathway"),
    nothing=lambda scope: (
        f"There are no figures by state for {scope.cluster or 'this view'}; choose all pathways of the United States."
    ),
)
