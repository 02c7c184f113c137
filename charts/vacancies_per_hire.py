"""Vacancies per hire by industry, beside what has been usual for each."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    """One row per main industry, and total nonfarm: the newest month, and the quartiles of its months since 2001."""
    return reader.frame(
        """
        SELECT i.industry_code, i.title, i.industry_code = '000000' AS is_total,
               max(s.month) AS month, max_by(s.value, s.month) AS vacancies_per_hire,
               quantile_cont(s.value, 0.25) AS usual_low, quantile_cont(s.value, 0.75) AS usual_high,
               max_by(s.percentile_since_2001, s.month) AS percentile_since_2001,
               max_by(s.percentile_since_2021, s.month) AS percentile_since_2021
        FROM industry_shortage s JOIN industry i USING (industry_code)
        WHERE s.indicator = 'vacancies_per_hire'
          AND (i.industry_code IN ('000000', '900000') OR i.display_level = 2 AND i.industry_code NOT LIKE '9%')
        GROUP BY ALL
        ORDER BY is_total, vacancies_per_hire DESC
        """
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """A dot for the newest month on a band for the middle half of all months."""
    chosen = rows["industry_code"] == (scope.industry or rows["industry_code"].iloc[0])
    fig = style.rows(rows["title"].tolist(), strong=rows.loc[chosen, "title"].tolist(), right_px=70, top_px=30)
    positions = list(range(len(rows)))
    middle = [
        {
            "type": "rect", "x0": low, "x1": high, "y0": y + style.MARK_DY - 0.13, "y1": y + style.MARK_DY + 0.13,
            "fillcolor": style.BAND, "line": {"width": 0}, "layer": "below",
        }
        for y, low, high in zip(positions, rows["usual_low"], rows["usual_high"], strict=True)
    ]  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=rows["vacancies_per_hire"], y=[y + style.MARK_DY for y in positions], mode="markers",
            marker={"size": 13, "color": [style.ACCENT if c else style.INK for c in chosen]},
            customdata=rows[["title", "usual_low", "usual_high"]].assign(code=rows["industry_code"].replace("000000", "")),
            hovertemplate="%{customdata[0]}: %{x:.2f} vacancies per hire<br>middle half of months since 2001: "
            "%{customdata[1]:.2f} to %{customdata[2]:.2f}<extra></extra>",
        )
    )  # fmt: skip
    values = [
        style.value_label(value, y + style.MARK_DY, f"<b>{value:.2f}</b>", shift_px=10)
        for y, value in zip(positions, rows["vacancies_per_hire"], strict=True)
    ]
    style.add(fig, shapes=middle, annotations=values)
    fig.add_shape(
        type="line",
        x0=1,
        x1=1,
        y0=-0.6,
        y1=len(rows) - 0.5,
        line={"color": style.MARK, "width": 1, "dash": "dot"},
    )
    fig.add_annotation(
        x=1, y=1, yref="paper", text="one vacancy per hire", showarrow=False, xanchor="center", yanchor="bottom", yshift=6,
        font={"size": 12, "color": style.QUIET},
    )  # fmt: skip
    fig.update_xaxes(
        range=[0, rows[["vacancies_per_hire", "usual_high"]].max().max() * 1.04],
        showgrid=True,
        gridcolor=style.GRID,
    )
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The chosen industry's figure beside all industries'; else the industry with the most."""
    total = rows[rows["industry_code"] == "000000"].iloc[0]
    parts = rows[rows["industry_code"] != "000000"]
    when = words.month(total["month"])
    if scope.industry:
        own = rows[rows["industry_code"] == scope.industry].iloc[0]
        return (
            f"{own['title']} had {own['vacancies_per_hire']:.2f} vacancies for every hire in {words.month(own['month'])}; "
            f"all industries had {total['vacancies_per_hire']:.2f}"
        )
    top = parts.iloc[0]
    over = int((parts["vacancies_per_hire"] > 1).sum())
    return (
        f"In {over} of {len(parts)} industries vacancies outnumbered hires in {when}: "
        f"{words.in_sentence(top['title'])} had {top['vacancies_per_hire']:.1f} for every hire"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    return (
        "Vacancies at the month’s end for each hire during the month, seasonally adjusted. United States, "
        f"{words.month(rows['month'].max())}. Grey band: the middle half of all months since January 2001."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The order and the extremes, in words."""
    parts = rows[rows["industry_code"] != "000000"]
    listed = "; ".join(f"{r.title} {r.vacancies_per_hire:.2f}" for r in words.each(parts))
    return f"Dot plot of vacancies per hire by industry. {finding(rows, scope)}. From most to least: {listed}."


CHART = Chart(
    id="vacancies-per-hire",
    question="Which industries have more vacancies than hires?",
    tables=("industry_shortage", "industry"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "title": "Industry",
        "month": "Month",
        "vacancies_per_hire": "Vacancies per hire",
        "usual_low": "Quarter of months since 2001 below",
        "usual_high": "Quarter of months since 2001 above",
        "percentile_since_2001": "Percentile since 2001",
        "percentile_since_2021": "Percentile since 2021",
    },
    means="The more vacancies there are for each hire, the longer jobs stay open.",
    means_not="It does not say why: pay, place, hours and skills all play a part, and a vacancy is not a missing graduate.",
    terms=("vacancy", "hire"),
    nation_only=True,
    follows=("industry",),
    selects="industry",
)
