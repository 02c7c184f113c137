"""In each state, of 100 yearly openings in in-demand occupations, how many a program in the state leads to."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per state, of all pathways or the chosen one; a value is missing where there is no in-demand opening."""
    return reader.frame(
        """
        SELECT s.state_abbr, s.state_name, s.grid_row, s.grid_column, i.reference_year,
               max(i.value) FILTER (WHERE i.indicator = 'served_openings_pct' AND i.demand_variant = 'openings')
                   AS served_openings_pct,
               max(i.value) FILTER (WHERE i.indicator = 'served_openings_pct' AND i.demand_variant = 'growth_and_exits')
                   AS served_growth_and_exits_pct,
               max(i.value) FILTER (WHERE i.indicator = 'served_programs_pct') AS served_programs_pct
        FROM principle_indicator i JOIN state s USING (state_fips)
        WHERE i.indicator IN ('served_openings_pct', 'served_programs_pct') AND s.state_fips <> '00'
          AND coalesce(i.cluster, '') = $pathway
        GROUP BY ALL ORDER BY served_openings_pct DESC NULLS LAST, s.state_name
        """,
        {"pathway": scope.cluster},
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Tiles in one hue, cut on the displayed values, with the value on each."""
    hover = [
        f"{r.state_name}: not available"
        if words.missing(r.served_openings_pct)
        else f"{r.state_name}: {r.served_openings_pct:.0f} of 100, {r.served_growth_and_exits_pct:.0f} without people changing "
        "occupation"
        for r in words.each(rows)
    ]
    return style.tiles(
        rows,
        rows["served_openings_pct"].tolist(),
        hover=hover,
        chosen={scope.state},
        legend="of 100 in-demand yearly openings",
    )


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The chosen state's value, or the range; both variants."""
    known = rows[rows["served_openings_pct"].notna()]
    in_pathway = f" in {scope.cluster}" if scope.cluster else ""
    own = rows[rows["state_abbr"] == scope.state]
    span = f"{known['served_openings_pct'].min():.0f} to {known['served_openings_pct'].max():.0f}"
    what = f"of every 100 yearly openings in in-demand occupations{in_pathway}"
    if not len(own):
        spared = known["served_growth_and_exits_pct"]
        return (
            f"Programs in the same state lead to {span} {what}, depending on the state; {spared.min():.0f} to {spared.max():.0f} "
            "if people changing occupation are left out"
        )
    row = own.iloc[0]
    if words.missing(row["served_openings_pct"]):
        return (
            f"{row['state_name']} has no openings in in-demand occupations{in_pathway} on record; elsewhere programs lead to "
            f"{span} of 100"
        )
    return (
        f"Programs in {words.the(row['state_name'])} lead to {row['served_openings_pct']:.0f} {what}, "
        f"{row['served_growth_and_exits_pct']:.0f} if people changing occupation are left out"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    year = int(rows["reference_year"].iloc[0])
    return (
        "Yearly openings in in-demand career-training jobs to which at least one program of the state leads, by state; awards "
        "below "
        f"the bachelor’s degree {year - 1}–{year % 100:02d}. In demand: by at least half of the published rules."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The range and each state's value."""
    listed = ", ".join(
        f"{r.state_name} {'not available' if words.missing(r.served_openings_pct) else format(r.served_openings_pct, '.0f')}"
        for r in words.each(rows)
    )
    return f"Tile map of the states. {finding(rows, scope)}. Of 100: {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether most states serve nine of ten openings under both variants."""
    rows = frame(reader, scope)
    columns = [rows["served_openings_pct"].dropna(), rows["served_growth_and_exits_pct"].dropna()]
    tried = [values >= line for values in columns if len(values) for line in (50, 75, 90)]
    held = sum(bool(served.mean() > 0.5) for served in tried)
    return (
        f"“In most states programs lead to most of these openings” holds under {held} of {len(tried)}"
        f"{'' if held in (0, len(tried)) else ' (changes with assumptions)'}. Assumptions varied: with and without people changing "
        "occupation, and most taken as 50, 75 and 90 of 100."
    )


CHART = Chart(
    id="served-openings",
    question="Is there a program in the state that leads to its in-demand jobs?",
    tables=("in_demand", "program_award", "occupation_link"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    follows=("pathway",),
    shape="tiles",
    selects="state",
    columns={
        "state_name": "State",
        "served_openings_pct": "Of 100 in-demand openings, a program leads to",
        "served_growth_and_exits_pct": "The same, growth and exits",
        "served_programs_pct": "Of 100 programs, lead to an in-demand occupation",
    },
    means="Where the number is low, people must leave the state or learn outside colleges to enter many of its in-demand jobs.",
    means_not="It says that a program exists somewhere in the state, not that it has places, is near, or is valued by employers.",
    terms=("yearly opening", "growth and exits", "career-training job", "award"),
)
