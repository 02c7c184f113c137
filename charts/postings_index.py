"""Online job postings since February 2020: the place against the nation."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

NATION = "United States"
#: About how tall the lines are drawn at the least, and how far apart two values beside them must stand to be read.
PLOT_PX, LABEL_PX = 280, 16


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per month of the place and of the nation: the mean of the days' index.

    The newest month may be incomplete; ``days_count`` says how many days it rests on.
    """
    return reader.frame(
        """
        SELECT s.state_abbr, s.state_name, date_trunc('month', p.date)::TIMESTAMP AS month, avg(p.postings_index) AS postings_index,
               count(*) AS days_count, (SELECT min(date) FROM postings_index)::TIMESTAMP AS base
        FROM postings_index p JOIN state s USING (state_fips)
        WHERE p.sector = 'all' AND p.variable = 'total postings' AND p.is_seasonally_adjusted AND p.postings_index IS NOT NULL
          AND s.state_abbr IN ('US', $state) AND $state IN (SELECT state_abbr FROM state)
        GROUP BY ALL ORDER BY state_abbr, month
        """,
        {"state": scope.state},
    )


def _own(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    return rows[rows["state_abbr"] == scope.state]


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """The place in the accent, the nation in black beside it, and the level of February 2020."""
    fig = style.base(400, right_px=62, left_px=34, top_px=34)
    own = _own(rows, scope)
    lines = [(rows[rows["state_abbr"] == "US"], style.INK)] if scope.state != "US" else []
    for part, colour in [*lines, (own, style.ACCENT)]:
        fig.add_trace(
            go.Scatter(
                x=part["month"], y=part["postings_index"], mode="lines", name=part["state_name"].iloc[0],
                line={"color": colour, "width": 2.4}, hovertemplate="%{x|%B %Y}: %{y:.0f}<extra>%{fullData.name}</extra>",
            )
        )  # fmt: skip
    last = own.iloc[-1]
    fig.add_trace(
        go.Scatter(x=[last["month"]], y=[last["postings_index"]], mode="markers", hoverinfo="skip",
                   marker={"size": 9, "color": style.ACCENT})
    )  # fmt: skip
    key = f"<span style='color:{style.ACCENT}'><b>━ {own['state_name'].iloc[0]}</b></span>"
    if scope.state != "US":
        key += f"&nbsp;&nbsp;&nbsp;<span style='color:{style.INK}'><b>━ {NATION}</b></span>"
    fig.add_hline(y=100, line={"color": style.MARK, "width": 1, "dash": "dot"}, layer="below")
    style.add(
        fig,
        annotations=[
            {
                "text": key, "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
                "xshift": -34, "yshift": 10, "showarrow": False, "font": {"size": 12, "color": style.INK},
            },
            *_ends([part.iloc[-1] for part, _ in [*lines, (own, "")]], float(rows["postings_index"].max()), scope),
        ],
    )  # fmt: skip
    fig.update_yaxes(rangemode="tozero", showgrid=True, gridcolor=style.GRID, nticks=6)
    fig.update_xaxes(type="date", tickformat="%Y", nticks=7)
    return fig


def _ends(ends: list[pd.Series], highest: float, scope: Scope) -> list[dict[str, object]]:
    """The newest value at each line's end, the place's last; with the name of its line where there are two, and never on one
    another."""
    own, apart = ends[-1], [0.0 for _ in ends]
    if len(ends) > 1:
        between_px = PLOT_PX * (own["postings_index"] - ends[0]["postings_index"]) / highest
        lacking = max(0.0, LABEL_PX - abs(between_px)) / 2
        apart = [-lacking, lacking] if between_px >= 0 else [lacking, -lacking]
    return [
        {
            "x": end["month"], "y": end["postings_index"],
            "text": f"<b>{end['postings_index']:.0f}</b>" + (f" {end['state_abbr']}" if len(ends) > 1 else ""),
            "showarrow": False, "xanchor": "left", "yanchor": "middle", "xshift": 9, "yshift": shift,
            "font": {"size": 13, "color": style.ACCENT if end["state_abbr"] == scope.state else style.INK},
        }
        for end, shift in zip(ends, apart, strict=True)
    ]  # fmt: skip


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The newest month's level, the nation's beside it, and the peak."""
    own = _own(rows, scope)
    last, peak = own.iloc[-1], own.iloc[int(own["postings_index"].argmax())]
    place = "" if scope.state == "US" else f" in {words.the(last['state_name'])}"
    nation = rows[(rows["state_abbr"] == "US") & (rows["month"] == last["month"])]
    beside = f" ({nation['postings_index'].iloc[0]:.0f} in the nation)" if scope.state != "US" and len(nation) else ""
    return (
        f"Online job postings{place} stood at {last['postings_index']:.0f}{beside} in {words.month(last['month'])}, where "
        f"{words.month(last['base'])} is 100; the highest month was {words.month(peak['month'])}, at {peak['postings_index']:.0f}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period, and how many days the newest month has."""
    own = _own(rows, scope)
    last = own.iloc[-1]
    return (
        f"Index of job postings on Indeed, {words.day(last['base'])} = 100, monthly means, seasonally adjusted. "
        f"{last['state_name']}, {words.month(own['month'].iloc[0])} to {words.month(last['month'])} (its first "
        f"{last['days_count']} days)."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The course of the place's line, year by year."""
    own = _own(rows, scope)
    yearly = own.groupby(own["month"].dt.year)["postings_index"].mean()
    course = ", ".join(f"{year} {value:.0f}" for year, value in yearly.items())
    return f"Line chart of online job postings by month. {finding(rows, scope)}. Yearly means: {course}."


CHART = Chart(
    id="postings-index",
    question="Do employers here advertise more jobs than before?",
    tables=("postings_index", "state"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "state_name": "Place",
        "month": "Month",
        "postings_index": "Index, February 2020 = 100",
        "days_count": "Days in the mean",
    },
    means="Above 100, more jobs are advertised on one large site than in February 2020, before the pandemic; it is newer than any "
    "survey of a state’s vacancies.",
    means_not="Postings are not vacancies: one posting can stand for many jobs or for none, and not every employer advertises "
    "online.",
    shape="lines",
)
