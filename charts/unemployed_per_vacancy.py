"""Unemployed people per vacancy, by industry of the last job."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    """One row per main industry: the newest twelve-month ratio, and whether its series has ended early."""
    return reader.frame(
        """
        SELECT i.industry_code, i.title, max(s.month) AS month, max_by(s.value, s.month) AS unemployed_per_vacancy,
               max_by(s.percentile_since_2001, s.month) AS percentile_since_2001,
               max(s.month) < max(max(s.month)) OVER () AS has_ended
        FROM industry_shortage s JOIN industry i USING (industry_code)
        WHERE s.indicator = 'unemployed_per_vacancy' AND i.display_level = 2 AND i.industry_code NOT LIKE '9%'
        GROUP BY ALL
        ORDER BY has_ended, unemployed_per_vacancy, i.title
        """
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """A dot a row, hollow where the series ended earlier, and a line at one person per job."""
    strong = rows.loc[rows["industry_code"] == scope.industry, "title"].tolist()
    fig = style.rows(rows["title"].tolist(), strong=strong, top_px=30, right_px=20)
    y = [i + style.MARK_DY for i in range(len(rows))]
    top = max(rows["unemployed_per_vacancy"].max() * 1.45, 1.3)
    under = rows["unemployed_per_vacancy"] < 1
    colours = [style.ACCENT if u else style.INK for u in under]
    fig.add_trace(
        go.Scatter(
            x=rows["unemployed_per_vacancy"], y=y, mode="markers", customdata=rows[["title", "industry_code"]],
            hovertemplate="%{customdata[0]}: %{x:.2f} unemployed per vacancy<extra></extra>",
            marker={
                "size": 13,
                "color": [style.WHITE if ended else c for ended, c in zip(rows["has_ended"], colours, strict=True)],
                "line": {"color": colours, "width": 2.5},
            },
        )
    )  # fmt: skip
    shapes, labels = [], []
    for at, row in zip(y, words.each(rows), strict=True):
        ended = f", to {words.month(row.month)}" if row.has_ended else ""
        text = f"<b>{row.unemployed_per_vacancy:.2f}</b>{ended}"
        shapes.append(style.joined(1, row.unemployed_per_vacancy, at))
        labels.append(style.value_label(max(row.unemployed_per_vacancy, 1.0), at, text, shift_px=12))
    style.add(fig, shapes=shapes, annotations=labels)
    fig.add_shape(type="line", x0=1, x1=1, y0=-0.6, y1=len(rows) - 0.5, line={"color": style.INK, "width": 1})
    fig.add_annotation(
        x=1, y=1, yref="paper", text="one person per vacancy", showarrow=False, xanchor="center", yanchor="bottom", yshift=6,
        font={"size": 12, "color": style.INK},
    )  # fmt: skip
    fig.update_xaxes(range=[0, top], showgrid=True, gridcolor=style.GRID, nticks=6)
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The series end month stands in the headline, because it is older than the vacancies'."""
    own = rows[rows["industry_code"] == scope.industry]
    if len(own):
        row = own.iloc[0]
        return (
            f"{row['title']} had {row['unemployed_per_vacancy']:.2f} unemployed people for every vacancy in the twelve months "
            f"to {words.month(row['month'])}"
        )
    current = rows[~rows["has_ended"]]
    under, low = current[current["unemployed_per_vacancy"] < 1], current.iloc[0]
    return (
        f"In {len(under)} of {len(current)} industries there were fewer unemployed people than vacancies in the twelve months to "
        f"{words.month(low['month'])}: {low['unemployed_per_vacancy']:.2f} per vacancy in {words.in_sentence(low['title'])}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    return (
        "Unemployed people whose last job was in the industry for each vacancy in it, means of twelve months. United States, "
        f"to {words.month(rows['month'].max())}. Hollow: the loaded series ended earlier."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every value."""
    listed = "; ".join(
        f"{r.title} {r.unemployed_per_vacancy:.2f}" + (f" (to {words.month(r.month)})" if r.has_ended else "")
        for r in words.each(rows)
    )
    return f"Dot plot of unemployed people per vacancy by industry. {finding(rows, scope)}. {listed}."


CHART = Chart(
    id="unemployed-per-vacancy",
    question="Are there people to fill the vacancies?",
    tables=("industry_shortage", "industry"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "title": "Industry",
        "month": "Twelve months to",
        "unemployed_per_vacancy": "Unemployed per vacancy",
        "percentile_since_2001": "Percentile since 2001",
        "has_ended": "Series has ended",
    },
    means="Under one, there are more vacancies in an industry than people whose last job was in it and who look for work.",
    means_not="People also come from other industries, from school and from outside the labour force; and an unemployed person "
    "need not have the skills or live where the vacancy is.",
    terms=("vacancy", "unemployed"),
    nation_only=True,
    follows=("industry",),
    selects="industry",
)
