"""How many students of each state's institutions study at a distance, on a tile grid."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    """One row per state, most wholly online first; the nation's two shares stand in every row."""
    return reader.frame(
        """
        WITH share AS (
            SELECT state_fips, reference_year AS fall_year,
                   any_value(value) FILTER (indicator = 'distance_wholly_pct') AS wholly_pct,
                   any_value(value) FILTER (indicator = 'distance_partly_pct') AS partly_pct
            FROM principle_indicator WHERE indicator IN ('distance_wholly_pct', 'distance_partly_pct') GROUP BY ALL
        )
        SELECT s.state_abbr, s.state_name, s.grid_row, s.grid_column, h.*, h.wholly_pct + h.partly_pct AS any_pct,
               n.wholly_pct AS nation_wholly_pct, n.partly_pct AS nation_partly_pct
        FROM state s JOIN share h USING (state_fips) JOIN share n ON n.state_fips = '00' AND n.fall_year = h.fall_year
        WHERE s.state_fips <> '00' ORDER BY h.wholly_pct DESC NULLS LAST, s.state_name
        """
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Tiles in one hue, cut on the displayed values, with the value on each."""
    hover = [
        f"{r.state_name}: no students reported"
        if words.missing(r.wholly_pct)
        else f"{r.state_name}: {r.wholly_pct:.0f} of 100 wholly online, {r.partly_pct:.0f} partly"
        for r in words.each(rows)
    ]
    return style.tiles(
        rows, rows["wholly_pct"].tolist(), hover=hover,
        chosen={scope.state, scope.compare}, legend="Students wholly online, of every 100"
    )  # fmt: skip


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The chosen state's shares beside the nation's; else the nation's and the range. The fall stands in the headline,
    because the series is not current."""
    known = rows[rows["wholly_pct"].notna()]
    high, low = known.iloc[0], known.iloc[-1]
    own = known[known["state_abbr"] == scope.state]
    when = f"In fall {high['fall_year']}"
    if len(own):
        row = own.iloc[0]
        return (
            f"{when}, {row['wholly_pct']:.0f} of every 100 students at institutions in {words.the(row['state_name'])} studied "
            f"wholly online and {row['partly_pct']:.0f} partly; in the United States {row['nation_wholly_pct']:.0f} and "
            f"{row['nation_partly_pct']:.0f}"
        )
    return (
        f"{when}, {high['nation_wholly_pct']:.0f} of every 100 students in the United States studied wholly online; by state "
        f"of the institution it ran from {low['wholly_pct']:.0f} in {words.the(low['state_name'])} to "
        f"{high['wholly_pct']:.0f} in {words.the(high['state_name'])}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    return (
        "Students wholly online, of every 100 at institutions in federal student aid, all levels of study, by the state of the "
        f"institution. Fall {rows['fall_year'].iloc[0]}, the newest loaded. Not known by pathway."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The range and each state's value."""
    listed = ", ".join(
        f"{r.state_name} {'not available' if words.missing(r.wholly_pct) else f'{r.wholly_pct:.0f}'}"
        for r in words.each(rows)
    )
    return f"Tile map of students wholly online. {finding(rows, scope)}. Of every 100: {listed}."


CHART = Chart(
    id="distance-by-state",
    question="How many students study at a distance?",
    # The indicator's own input, so that the picture cites it and not the sources of every other indicator.
    tables=("distance_enrollment",),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "state_name": "State",
        "fall_year": "Fall",
        "wholly_pct": "Wholly online, of 100",
        "partly_pct": "Partly online, of 100",
        "any_pct": "Wholly or partly, of 100",
    },
    means="Study at a distance lets people learn who live far from an institution or work while they study.",
    means_not="It counts students by where their institution is seated: a state with large online universities stands high "
    "although most of their students live elsewhere. It covers bachelor’s and graduate study too, and says nothing of any pathway.",
    terms=("institution",),
    shape="tiles",
    selects="state",
)
