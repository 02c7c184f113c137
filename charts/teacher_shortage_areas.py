"""In how many states CTE was reported as a teacher shortage area, school year by school year."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per school year: of ``listed_count`` states, ``states_count`` reported CTE.

    ``is_reported`` is the chosen state's own report, missing for the nation and for a place that is not in the list;
    ``own_years_count`` of ``years_count`` are the years in which it did. ``begins_on`` is the school year's September.
    """
    rows = reader.frame(
        """
        SELECT make_date(p.reference_year - 1, 9, 1)::TIMESTAMP AS begins_on,
               concat(p.reference_year - 1, '-', lpad((p.reference_year % 100)::TEXT, 2, '0')) AS school_year,
               sum(p.value) AS states_count, count(*)::DOUBLE AS listed_count,
               (max(p.value) FILTER (s.state_abbr = $state)) AS own, place.state_name
        FROM principle_indicator p JOIN state s USING (state_fips)
        JOIN (SELECT state_name FROM state WHERE state_abbr = $state) place ON TRUE
        WHERE p.indicator = 'cte_shortage_reported'
        GROUP BY ALL ORDER BY begins_on
        """,
        {"state": scope.state},
    )
    reported = rows.pop("own")
    said = reported.map({1.0: "yes", 0.0: "no"}).astype("object").where(reported.notna(), None)
    return rows.assign(
        first_states_count=rows["states_count"].iloc[:1].sum(),
        last_year=rows["begins_on"].dt.year.max() if len(rows) else 0,
        is_reported=said,
        own_years_count=int((reported == 1).sum()),
        years_count=len(rows),
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """The number of states as a line; the chosen state's years as filled dots on it, its other years hollow."""
    fig = style.base(330, right_px=58, left_px=34, top_px=52)
    fig.add_trace(
        go.Scatter(
            x=rows["begins_on"], y=rows["states_count"], mode="lines", line={"color": style.INK, "width": 2.4},
            customdata=rows[["school_year", "listed_count"]],
            hovertemplate="%{customdata[0]}: %{y:.0f} of %{customdata[1]:.0f} states<extra></extra>",
        )
    )  # fmt: skip
    own = rows[rows["is_reported"].notna()]
    if len(own):
        reported = own["is_reported"] == "yes"
        fig.add_trace(
            go.Scatter(
                x=own["begins_on"], y=own["states_count"], mode="markers", customdata=own[["school_year", "is_reported"]],
                marker={"size": 10, "color": [style.ACCENT if r else style.WHITE for r in reported],
                        "line": {"color": [style.ACCENT if r else style.MARK for r in reported], "width": 2}},
                hovertemplate="%{customdata[0]}: reported here, %{customdata[1]}<extra></extra>",
            )
        )  # fmt: skip
    lines = ["<b>━ states that reported CTE</b>"]
    if len(own):
        name = rows["state_name"].iloc[0]
        lines.append(
            f"<span style='color:{style.ACCENT}'><b>● {name} did</b></span>&nbsp;&nbsp;&nbsp;"
            f"<span style='color:{style.QUIET}'>○ it did not</span>"
        )
    fig.add_annotation(
        text="<br>".join(lines), x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", xshift=-34, yshift=8,
        showarrow=False, align="left", font={"size": 12, "color": style.INK},
    )  # fmt: skip
    last = rows.iloc[-1]
    fig.add_annotation(
        x=last["begins_on"], y=last["states_count"], text=f"<b>{last['states_count']:.0f}</b> of {last['listed_count']:.0f}",
        showarrow=False, xanchor="left", yanchor="middle", xshift=9, font={"size": 12, "color": style.INK},
    )  # fmt: skip
    fig.update_yaxes(rangemode="tozero", showgrid=True, gridcolor=style.GRID, nticks=6)
    fig.update_xaxes(type="date", tickformat="%Y", nticks=7)
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """How many states reported CTE in the last year, or how often the chosen one did; where the series ends."""
    first, last = rows.iloc[0], rows.iloc[-1]
    states = f"{last['states_count']:.0f} of {last['listed_count']:.0f} states"
    ends = f"{last['school_year']}, where the series ends"
    if scope.state == "US":
        return (
            f"{states} reported CTE as a teacher shortage area in {ends}; in {first['school_year']} it was "
            f"{first['states_count']:.0f}"
        )
    name = words.the(last["state_name"])
    if words.missing(last["is_reported"]):
        return (
            f"{name[0].upper()}{name[1:]} is not in the list of teacher shortage areas; {states} reported CTE in {ends}"
        )
    return (
        f"{name[0].upper()}{name[1:]} reported CTE as a teacher shortage area in {last['own_years_count']} of "
        f"{last['years_count']} "
        f"school years up to {ends}; in that year {states} did"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    first, last = rows.iloc[0], rows.iloc[-1]
    place = "United States" if scope.state == "US" else f"{last['state_name']} and the United States"
    return (
        "States that reported Career and Technical Education to the U.S. Department of Education as a subject "
        "lacking teachers. "
        f"{place}, school years {first['school_year']} to {last['school_year']} by the year they begin; no later "
        "year is in the list."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every year's "
    "count."""
    listed = ", ".join(f"{r.school_year} {r.states_count:.0f}" for r in words.each(rows))
    drawn = "Line chart of the number of states that reported CTE as a teacher shortage area"
    return f"{drawn}. {finding(rows, scope)}. By year: {listed}."


CHART = Chart(
    id="teacher-shortage-areas",
    question="How often have states said that they lack CTE teachers?",
    tables=("teacher_shortage_area",),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "school_year": "School year",
        "states_count": "States that reported CTE",
        "listed_count": "States in the list",
        "is_reported": "Reported by the chosen state",
    },
    means="It is the states’ own word that CTE teachers were hard to find, over three decades.",
    means_not="A state reports when it asks for it, so none reported is not none lacking; subjects were grouped by "
    "those who compiled "
    "the list; nothing is known after its last year.",
    terms=("teacher shortage area", "CTE teacher"),
    shape="lines",
)
