"""The Beveridge curve: vacancies against unemployed people, year by year, for an industry or the private industries together."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

#: All private industries of JOLTS: what is shown when no industry is chosen, or none with unemployed of its own.
PRIVATE = "100000"
#: Years at the end of the path that are drawn dark; those before stand behind in grey.
RECENT_YEARS = 6
PLOT_PX = 400


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per year of twelve months, the last ending with the newest month that has both figures; oldest first.

    ``vacancy_rate_pct`` and ``unemployed_count`` (persons) are means over the months that have both: the household survey
    was not taken in October 2025, so one year has eleven. ``is_own`` says whether the rows are of the chosen industry.
    """
    return reader.frame(
        """
        WITH unemployed AS (
            SELECT industry_code, month, unemployed_count FROM unemployment_monthly
            WHERE state_fips = '00' AND NOT is_seasonally_adjusted AND unemployed_count IS NOT NULL
        ), main AS (
            SELECT u.* FROM unemployed u JOIN industry USING (industry_code) WHERE display_level = 2
        ), counted AS (
            SELECT * FROM main
            UNION ALL
            SELECT $private, month, sum(unemployed_count) FROM main GROUP BY month
            HAVING count(*) = (SELECT count(DISTINCT industry_code) FROM main)
        ), shown AS (
            SELECT coalesce(max(industry_code) FILTER (industry_code = $industry), $private) AS industry_code FROM counted
        ), paired AS (
            SELECT t.month, t.industry_code, t.rate_pct, c.unemployed_count,
                   date_diff('month', t.month, max(t.month) OVER ()) // 12 AS years_before
            FROM turnover_monthly t JOIN counted c USING (industry_code, month)
            WHERE t.industry_code = (FROM shown) AND t.state_fips = '00' AND t.element = 'JO' AND t.is_seasonally_adjusted
              AND t.rate_pct IS NOT NULL AND t.month >= DATE '2001-01-01'
        )
        SELECT p.industry_code, i.title, max(p.month) AS month, count(*) AS months_count, avg(p.rate_pct) AS vacancy_rate_pct,
               avg(p.unemployed_count) AS unemployed_count, p.industry_code = $industry AS is_own,
               (SELECT title FROM industry WHERE industry_code = $industry) AS asked_title,
               (SELECT count(DISTINCT industry_code) FROM main) AS industries_count
        FROM paired p JOIN industry i USING (industry_code)
        GROUP BY p.industry_code, i.title, p.years_before HAVING count(*) >= 11
        ORDER BY month
        """,
        {"industry": scope.industry, "private": PRIVATE},
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """The path of the years from nought: old ones grey, recent ones dark, the newest in the accent."""
    fig = style.base(PLOT_PX + 34 + 48, top_px=34, left_px=40, right_px=12)
    fig.update_layout(margin_b=48)
    x, y = rows["unemployed_count"].astype(float), rows["vacancy_rate_pct"].astype(float)
    x1, y1 = float(x.max()) * 1.12, float(y.max()) * 1.12
    hover = "%{customdata[0]}: %{y:.1f} percent of jobs vacant, %{x:,.0f} unemployed<extra></extra>"
    years = [f"Twelve months to {words.month(m)}" for m in rows["month"]]
    split = max(0, len(rows) - RECENT_YEARS)
    for start, stop, colour in ((0, split + 1, style.MARK), (split, len(rows), style.INK)):
        own = slice(start, stop)
        colours = [style.ACCENT if i == len(rows) - 1 else colour for i in range(len(rows))[own]]
        fig.add_trace(
            go.Scatter(
                x=x[own], y=y[own], mode="lines+markers", line={"color": colour, "width": 1.4 if colour == style.MARK else 2.4},
                marker={"color": colours, "size": [14 if c == style.ACCENT else 7 for c in colours], "opacity": 1},
                customdata=[[name] for name in years[own]], hovertemplate=hover,
            )
        )  # fmt: skip
    # Labels are placed round all marks: those without a name follow with an empty one.
    named = _labelled(rows)
    order = [*named, *(i for i in range(len(rows)) if i not in named)]
    texts = [str(rows["month"].iloc[i].year) if i in named else "" for i in order]
    places = style.beside(
        [float(x.iloc[i]) / x1 for i in order],
        [1 - float(y.iloc[i]) / y1 for i in order],
        texts,
        [(style.NARROW_PX - 52.0, PLOT_PX), style.PICTURE_PLOT_PX],
        covers=1,
    )
    labels = [
        {
            "x": float(x.iloc[i]), "y": float(y.iloc[i]), "text": f"<b>{text}</b>", "showarrow": False, "xanchor": at.xanchor,
            "yanchor": "middle", "xshift": at.dx, "yshift": -at.dy, "bgcolor": style.WHITE, "borderpad": 0,
            "font": {"size": 13, "color": style.ACCENT if i == len(rows) - 1 else style.INK if i >= split else style.QUIET},
        }
        for i, text, at in zip(order, texts, places, strict=True)
        if at
    ]  # fmt: skip
    titles = [
        {
            "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 8, "xshift": -34,
            "text": "↑ vacancies, percent of jobs and vacancies", "showarrow": False, "font": {"size": 12, "color": style.QUIET},
        },
        {
            "x": 1, "y": 0, "xref": "paper", "yref": "paper", "xanchor": "right", "yanchor": "top", "yshift": -24,
            "text": "unemployed people from the industry →", "showarrow": False, "font": {"size": 12, "color": style.QUIET},
        },
    ]  # fmt: skip
    style.add(fig, annotations=[*labels, *titles])
    fig.update_xaxes(range=[0, x1], showgrid=True, gridcolor=style.GRID, nticks=5, tickformat="~s")
    fig.update_yaxes(range=[0, y1], showgrid=True, gridcolor=style.GRID, nticks=6, ticksuffix=" %")
    return fig


def _labelled(rows: pd.DataFrame) -> list[int]:
    """The years that tell the story, the newest first: the extremes of both measures, and where the path begins."""
    x, y = rows["unemployed_count"].to_numpy(dtype=float), rows["vacancy_rate_pct"].to_numpy(dtype=float)
    return list(dict.fromkeys([len(rows) - 1, int(y.argmax()), int(x.argmax()), int(y.argmin()), int(x.argmin()), 0]))


def finding(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """The newest year beside the one with the highest vacancy rate."""
    last, peak = rows.iloc[-1], rows.iloc[int(rows["vacancy_rate_pct"].argmax())]
    without = (
        "" if last["is_own"] or words.missing(last["asked_title"]) else f" ({last['asked_title']} alone: not published)"
    )
    who = last["title"] if last["is_own"] else f"Private industries together{without}"
    start = f"{who}: {_values(last)} in the twelve months to {words.month(last['month'])}"
    if peak["month"] == last["month"]:
        return f"{start}, the highest vacancy rate since 2001"
    return f"{start}; in the year of the highest rate, to {words.month(peak['month'])}, {_values(peak, short=True)}"


def _values(row: pd.Series, *, short: bool = False) -> str:
    people = words.short_count(row["unemployed_count"])
    if short:
        return f"{row['vacancy_rate_pct']:.1f} percent and {people}"
    return f"{row['vacancy_rate_pct']:.1f} percent of jobs vacant and {people} people unemployed"


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period, and what the private industries leave out."""
    last = rows.iloc[-1]
    left_out = (
        ""
        if last["is_own"]
        else f" Vacancies of all private industries; unemployed of the {last['industries_count']} whose unemployed are loaded."
    )
    return (
        "Vacancy rate against unemployed people whose last job was in the industry, means of twelve months. United States, years "
        f"to {words.month(rows['month'].iloc[0])} up to {words.month(last['month'])}.{left_out}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every year's two values."""
    listed = "; ".join(
        f"{r.month.year} {r.vacancy_rate_pct:.1f} percent and {words.short_count(r.unemployed_count)}"
        for r in words.each(rows)
    )
    return (
        f"Path of the years by unemployed people and vacancy rate. {finding(rows, scope)}. By year, vacancy rate and "
        f"unemployed people: {listed}."
    )


CHART = Chart(
    id="beveridge",
    question="Are jobs vacant for want of people who look for work?",
    # Of unemployment_monthly only the household survey's part is read, which is cited with the industries' shortage; the table
    # itself would cite the states' unemployment too.
    tables=("turnover_monthly", "industry_shortage", "industry"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "title": "Industry",
        "month": "Twelve months to",
        "vacancy_rate_pct": "Vacancy rate, percent (mean)",
        "unemployed_count": "Unemployed people (mean)",
        "months_count": "Months in the mean",
    },
    means="Up and to the left, more jobs wait for fewer people who look for work; a path that moves outward has more of both, so "
    "people and jobs match less well than before.",
    means_not="It does not say why they do not match: place, pay, hours and skills all play a part; people also come from other "
    "industries and from school; and the numbers are not scaled by the size of the industry, which changes over the years.",
    terms=("vacancy rate", "unemployed"),
    nation_only=True,
    follows=("industry",),
    shape="scatter",
)
