"""The vacancy rate against the hires rate, industry by industry."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    """One row per main industry for the newest month in which all have both rates."""
    return reader.frame(
        """
        WITH paired AS (
            SELECT t.month, t.industry_code, i.title,
                   any_value(t.rate_pct) FILTER (t.element = 'JO') AS vacancy_rate_pct,
                   any_value(t.rate_pct) FILTER (t.element = 'HI') AS hires_rate_pct,
                   any_value(t.vintage) FILTER (t.element = 'JO') AS vintage,
                   bool_or(t.is_preliminary) AS is_preliminary
            FROM turnover_monthly t JOIN industry i USING (industry_code)
            WHERE t.state_fips = '00' AND t.is_seasonally_adjusted
              AND (i.industry_code = '900000' OR i.display_level = 2 AND i.industry_code NOT LIKE '9%')
            GROUP BY ALL
            HAVING vacancy_rate_pct IS NOT NULL AND hires_rate_pct IS NOT NULL
        ), complete AS (
            SELECT month FROM paired GROUP BY month
            HAVING count(*) = (SELECT count(DISTINCT industry_code) FROM paired) ORDER BY month DESC LIMIT 1
        )
        SELECT *, vacancy_rate_pct - hires_rate_pct AS difference_points FROM paired SEMI JOIN complete USING (month)
        ORDER BY difference_points DESC, title
        """
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Two dots a row, joined: filled for vacancies, hollow for hires."""
    strong = rows.loc[rows["industry_code"] == scope.industry, "title"].tolist()
    fig = style.rows(rows["title"].tolist(), strong=strong, top_px=34, right_px=20)
    y = [i + style.MARK_DY for i in range(len(rows))]
    shown = "%{customdata[0]}<br>%{meta} %{x:.1f} percent<extra></extra>"
    fig.add_trace(
        go.Scatter(
            x=rows["hires_rate_pct"], y=y, mode="markers", customdata=rows[["title", "industry_code"]], meta="hires rate",
            hovertemplate=shown, marker={"size": 13, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}},
        )
    )  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=rows["vacancy_rate_pct"], y=y, mode="markers", customdata=rows[["title", "industry_code"]], meta="vacancy rate",
            hovertemplate=shown, marker={"size": 13, "color": style.ACCENT},
        )
    )  # fmt: skip
    shapes, labels = [], []
    for at, vacancies, hires in zip(y, rows["vacancy_rate_pct"], rows["hires_rate_pct"], strict=True):
        text = f"{vacancies:.1f} vacant, {hires:.1f} hired"
        shapes.append(style.joined(vacancies, hires, at))
        labels.append(style.value_label(max(vacancies, hires), at, text, shift_px=12))
    style.add(fig, shapes=shapes, annotations=labels)
    fig.add_annotation(
        text=f"<span style='color:{style.ACCENT}'><b>● vacancy rate</b></span>&nbsp;&nbsp;&nbsp;<b>○ hires rate</b>",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False,
        font={"size": 13, "color": style.INK},
    )  # fmt: skip
    fig.update_xaxes(
        range=[0, rows[["vacancy_rate_pct", "hires_rate_pct"]].max().max() * 1.65], showgrid=True, gridcolor=style.GRID,
        ticksuffix=" %", nticks=6,
    )  # fmt: skip
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """How many industries had a higher vacancy rate than hires rate, and where the difference was largest."""
    when = words.month(rows["month"].iloc[0])
    own = rows[rows["industry_code"] == scope.industry]
    if len(own):
        row = own.iloc[0]
        return (
            f"{row['title']}: {row['vacancy_rate_pct']:.1f} percent of jobs were vacant at the end of {when}, "
            f"and hires during the month came to {row['hires_rate_pct']:.1f} percent of jobs"
        )
    more, top = rows[rows["difference_points"] > 0], rows.iloc[0]
    return (
        f"In {len(more)} of {len(rows)} industries the vacancy rate was above the hires rate in {when}: "
        f"in {words.in_sentence(top['title'])} {top['vacancy_rate_pct']:.1f} against {top['hires_rate_pct']:.1f} percent"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period, and that the newest month is preliminary."""
    preliminary = " Preliminary." if rows["is_preliminary"].any() else ""
    return (
        "Vacancies in percent of jobs and vacancies; hires in percent of jobs; seasonally adjusted. United States, "
        f"{words.month(rows['month'].iloc[0])}.{preliminary} Ordered by the difference."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both rates of every industry."""
    listed = "; ".join(f"{r.title} {r.vacancy_rate_pct:.1f} and {r.hires_rate_pct:.1f}" for r in words.each(rows))
    return f"Dot plot of vacancy rate and hires rate by industry, in percent. {finding(rows, scope)}. {listed}."


CHART = Chart(
    id="vacancies-against-hires",
    question="Which industries cannot fill their jobs?",
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
        "hires_rate_pct": "Hires rate, percent",
        "difference_points": "Difference, points",
        "is_preliminary": "Preliminary",
        "vintage": "Release",
    },
    means="Where the vacancy rate is above the hires rate, more jobs were waiting at the month’s end than were filled in the "
    "whole month.",
    means_not="It is a survey estimate for the nation: small differences between industries may be chance, and the survey "
    "publishes no industry by state.",
    terms=("vacancy rate", "hire"),
    nation_only=True,
    follows=("industry",),
    selects="industry",
)
