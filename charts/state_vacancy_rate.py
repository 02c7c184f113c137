"""The vacancy rate of every state, on a tile grid."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    """One row per state for the newest month that all 51 have."""
    return reader.frame(
        """
        WITH rates AS (
            SELECT t.month, s.state_abbr, s.state_name, s.grid_row, s.grid_column, t.rate_pct AS vacancy_rate_pct,
                   t.level_thousands AS vacancies_thousands, t.vintage
            FROM turnover_monthly t JOIN state s USING (state_fips)
            WHERE t.state_fips <> '00' AND t.element = 'JO' AND t.is_seasonally_adjusted AND t.rate_pct IS NOT NULL
        )
        SELECT * FROM rates WHERE month = (SELECT month FROM rates GROUP BY month HAVING count(*) = 51
                                           ORDER BY month DESC LIMIT 1)
        ORDER BY vacancy_rate_pct DESC, state_name
        """
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Tiles in one hue, cut on the displayed values, with the value on each."""
    edges = style.cut(rows["vacancy_rate_pct"].round(1).tolist())
    colours = style.step_colours(len(edges) - 1)
    tall = int(rows["grid_row"].max()) + 1
    fig = style.base(tall * 52 + 60 + style.AXIS_PX, top_px=60, right_px=4)
    shapes, texts = [], []
    for row in words.each(rows):
        colour = colours[style.step_of(round(row.vacancy_rate_pct, 1), edges)]
        x, y = row.grid_column, row.grid_row
        chosen = row.state_abbr == scope.state
        shapes.append({
            "type": "rect", "x0": x - 0.47, "x1": x + 0.47, "y0": y - 0.47, "y1": y + 0.47, "fillcolor": colour,
            "line": {"color": style.INK, "width": 3 if chosen else 0},
        })  # fmt: skip
        texts.append({
            "x": x, "y": y, "text": f"<b>{row.state_abbr}</b><br>{row.vacancy_rate_pct:.1f}", "showarrow": False,
            "font": {"size": 11, "color": style.ink_on(colour)},
        })  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=rows["grid_column"], y=rows["grid_row"], mode="markers", marker={"size": 30, "opacity": 0},
            customdata=rows[["state_name", "vacancy_rate_pct", "vacancies_thousands"]],
            hovertemplate="%{customdata[0]}: %{customdata[1]:.1f} percent, %{customdata[2]:,.0f} thousand vacancies"
            "<extra></extra>",
        )
    )  # fmt: skip
    for i, colour in enumerate(colours):
        left, right = i / len(colours), (i + 1) / len(colours)
        shapes.append({
            "type": "rect", "xref": "paper", "yref": "paper", "x0": left, "x1": right - 0.008, "ysizemode": "pixel",
            "yanchor": 1, "y0": 34, "y1": 46, "fillcolor": colour, "line": {"width": 0},
        })  # fmt: skip
        low, high = edges[i], edges[i + 1]
        text = f"{low:.1f}–{high - 0.1:.1f}" if round(high - low, 6) > 0.1 else f"{low:.1f}"
        texts.append({
            "x": left, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 14,
            "text": text, "showarrow": False, "font": {"size": 11, "color": style.TEXT},
        })  # fmt: skip
    style.add(fig, shapes=shapes, annotations=texts)
    fig.update_xaxes(visible=False, range=[rows["grid_column"].min() - 0.5, rows["grid_column"].max() + 0.5])
    fig.update_yaxes(visible=False, range=[tall - 0.5, -0.5])
    fig.update_layout(margin_b=8, height=tall * 52 + 60 + 8)
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The range, or the chosen state's rate within it; the month in the headline, because the series is not current."""
    high, low, when = rows.iloc[0], rows.iloc[-1], words.month(rows["month"].iloc[0])
    own = rows[rows["state_abbr"] == scope.state]
    if len(own):
        row = own.iloc[0]
        return (
            f"{row['vacancy_rate_pct']:.1f} percent of jobs in {words.the(row['state_name'])} were vacant in {when}; across the "
            f"states it ran from {low['vacancy_rate_pct']:.1f} to {high['vacancy_rate_pct']:.1f}"
        )
    span = f"{low['vacancy_rate_pct']:.1f} and {high['vacancy_rate_pct']:.1f} percent"
    return f"Between {span} of a state’s jobs were vacant in {when}"


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    return (
        "Vacancies in percent of jobs and vacancies, all industries, seasonally adjusted, by state. "
        f"{words.month(rows['month'].iloc[0])}, the newest month loaded for all states."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The range and each state's value."""
    listed = ", ".join(f"{r.state_name} {r.vacancy_rate_pct:.1f}" for r in words.each(rows))
    return f"Tile map of the states’ vacancy rates. {finding(rows, scope)}. In percent: {listed}."


CHART = Chart(
    id="state-vacancy-rate",
    question="In which states do jobs stay vacant?",
    tables=("turnover_monthly", "state"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "state_name": "State",
        "month": "Month",
        "vacancy_rate_pct": "Vacancy rate, percent",
        "vacancies_thousands": "Vacancies, thousands",
        "vintage": "Release",
    },
    means="It shows where employers had the most jobs open for their size.",
    means_not="State figures rest on small samples and a model, so neighbouring values may not truly differ; since 2026 the "
    "states are published once a year.",
    terms=("vacancy rate",),
)
