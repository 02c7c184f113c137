"""The vacancy rate since 2001: one industry against all."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

BEFORE = (pd.Timestamp("2001-01-01"), pd.Timestamp("2019-12-01"))


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    """One row per main industry and month since January 2001."""
    return reader.frame(
        """
        SELECT t.month, t.industry_code, i.title, t.rate_pct AS vacancy_rate_pct, t.vintage
        FROM turnover_monthly t JOIN industry i USING (industry_code)
        WHERE t.state_fips = '00' AND t.is_seasonally_adjusted AND t.element = 'JO' AND t.rate_pct IS NOT NULL
          AND t.month >= DATE '2001-01-01'
          AND (i.industry_code IN ('000000', '900000') OR i.display_level = 2 AND i.industry_code NOT LIKE '9%')
        ORDER BY t.industry_code, t.month
        """
    )


def _chosen(rows: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    return rows[rows["industry_code"] == (scope.industry or "000000")]


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Every industry in grey, all industries in black, the chosen one in the accent."""
    fig = style.base(430, right_px=58, left_px=34, top_px=34)
    chosen = scope.industry or "000000"
    order = [c for c in rows["industry_code"].unique() if c not in {"000000", chosen}] + ["000000", chosen]
    for code in dict.fromkeys(order):
        own = rows[rows["industry_code"] == code]
        marked = code in {"000000", chosen}
        colour = style.ACCENT if code == chosen else style.INK if marked else style.BAND
        fig.add_trace(
            go.Scatter(
                x=own["month"], y=own["vacancy_rate_pct"], mode="lines", name=own["title"].iloc[0],
                line={"color": colour, "width": 2.4 if marked else 1}, hoverinfo="all" if marked else "skip",
                hovertemplate="%{x|%B %Y}: %{y:.1f} percent<extra>%{fullData.name}</extra>" if marked else None,
            )
        )  # fmt: skip
    own = _chosen(rows, scope)
    key = f"<span style='color:{style.ACCENT}'><b>━ {own['title'].iloc[0]}</b></span>"
    if scope.industry:
        key += f"&nbsp;&nbsp;&nbsp;<span style='color:{style.INK}'><b>━ Total nonfarm</b></span>"
    key += f"&nbsp;&nbsp;&nbsp;<span style='color:{style.QUIET}'>━ other industries</span>"
    fig.add_annotation(
        text=key, x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", xshift=-34, yshift=10,
        showarrow=False, font={"size": 12, "color": style.INK},
    )  # fmt: skip
    last = own.iloc[-1]
    fig.add_trace(
        go.Scatter(x=[last["month"]], y=[last["vacancy_rate_pct"]], mode="markers", hoverinfo="skip",
                   marker={"size": 9, "color": style.ACCENT})
    )  # fmt: skip
    fig.add_annotation(
        x=last["month"], y=last["vacancy_rate_pct"], text=f"<b>{last['vacancy_rate_pct']:.1f} %</b>", showarrow=False,
        xanchor="left", yanchor="middle", xshift=9, font={"size": 13, "color": style.ACCENT},
    )  # fmt: skip
    fig.update_yaxes(rangemode="tozero", showgrid=True, gridcolor=style.GRID, ticksuffix=" %", nticks=6)
    fig.update_xaxes(type="date", tickformat="%Y", nticks=7)
    return fig


def average_before_2020(own: pd.DataFrame) -> float:
    """The mean vacancy rate of 2001 to 2019, in percent, of one industry's rows."""
    return float(own[own["month"].between(BEFORE[0], BEFORE[1])]["vacancy_rate_pct"].mean())


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The newest rate beside the average before 2020 and the peak."""
    own = _chosen(rows, scope)
    last, peak = own.iloc[-1], own.sort_values("vacancy_rate_pct", kind="stable").iloc[-1]
    before = average_before_2020(own)
    who = "all industries together" if not scope.industry else words.in_sentence(own["title"].iloc[0])
    return (
        f"{last['vacancy_rate_pct']:.1f} percent of jobs in {who} were vacant in {words.month(last['month'])}; the average of "
        f"2001–2019 was {before:.1f}, the peak {peak['vacancy_rate_pct']:.1f} in {words.month(peak['month'])}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    return (
        "Vacancies in percent of jobs and vacancies, monthly, seasonally adjusted. United States, January 2001 to "
        f"{words.month(rows['month'].max())}."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The course of the chosen line, year by year."""
    own = _chosen(rows, scope)
    yearly = own.groupby(own["month"].dt.year)["vacancy_rate_pct"].mean()
    course = ", ".join(f"{year} {value:.1f}" for year, value in yearly.items())
    return f"Line chart of the vacancy rate by month. {finding(rows, scope)}. Yearly averages in percent: {course}."


CHART = Chart(
    id="vacancy-rate-history",
    question="Is it harder to fill jobs than it used to be?",
    tables=("turnover_monthly", "industry"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "title": "Industry",
        "month": "Month",
        "vacancy_rate_pct": "Vacancy rate, percent",
        "vintage": "Release",
    },
    means="The level today can be read against two decades of the same survey.",
    means_not="A change from one month to the next is not called a rise or a fall here: it may be within sampling error, and "
    "older months come from earlier releases.",
    terms=("vacancy rate",),
    nation_only=True,
    follows=("industry",),
    shape="lines",
)
