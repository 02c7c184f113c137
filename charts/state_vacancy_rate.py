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
    hover = [
        f"{r.state_name}: {r.vacancy_rate_pct:.1f} percent, {words.count(r.vacancies_thousands)} thousand vacancies"
        for r in words.each(rows)
    ]
    return style.tiles(
        rows, rows["vacancy_rate_pct"].tolist(), hover=hover, decimals=1, chosen={scope.state, scope.compare}
    )


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
    shape="tiles",
    selects="state",
)
