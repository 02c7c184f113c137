"""Vacancies by industry in a state, which nobody publishes: modelled from what is published of each."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

REST = "rest"


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per industry of the place, most vacancies first; the industries without a level that month last, together.

    For the nation the states are added up, which gives back the published national figures of each industry, brought to the
    published total. ``vacancies_per_100_jobs`` is of vacancies and covered jobs together.
    """
    return reader.frame(
        """
        WITH place AS (SELECT state_fips, state_name FROM state WHERE state_abbr = $state),
        own AS (
            SELECT month, industry_code, industry_title, sum(vacancies_count) AS vacancies_count,
                   sum(employment_count)::BIGINT AS employment_count, max(note) AS note
            FROM state_industry_vacancies v
            WHERE month = (SELECT max(month) FROM state_industry_vacancies)
              AND ($state = 'US' OR v.state_fips = (SELECT state_fips FROM place))
            GROUP BY ALL
        )
        SELECT month::TIMESTAMP AS month, industry_code, industry_title, vacancies_count, employment_count,
               100 * vacancies_count / nullif(vacancies_count + employment_count, 0) AS vacancies_per_100_jobs,
               sum(vacancies_count) OVER () AS all_vacancies_count, CASE WHEN $state <> 'US' THEN note END AS note, state_name
        FROM own CROSS JOIN place
        ORDER BY industry_code = 'rest', vacancies_count DESC, industry_title
        """,
        {"state": scope.state},
    )


def _label(row: Any) -> str:
    """An industry's name for a row; of the rest, that it is the rest."""
    return "All other industries together" if row.industry_code == REST else str(row.industry_title)


def _measure(scope: Scope) -> str:
    """What the bars are: the nation's vacancies are published, a state's are not."""
    return "vacancies" if scope.state == "US" else "modelled vacancies"


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Bars from nought, hatched because a state's are modelled; the chosen industry in the accent."""
    strong = rows.loc[rows["industry_code"] == scope.industry, "industry_title"].tolist()
    fig = style.rows([_label(r) for r in words.each(rows)], top_px=34, right_px=150, strong=strong)
    y = [i + style.MARK_DY for i in range(len(rows))]
    colours = [style.ACCENT if code == scope.industry else style.MARK for code in rows["industry_code"]]
    fig.add_trace(
        go.Bar(
            x=rows["vacancies_count"], y=y, orientation="h", width=0.34,
            marker={
                "color": style.WHITE,
                "pattern": {"shape": "/", "size": 6, "fgcolor": colours, "solidity": 0.5},
                "line": {"color": colours, "width": 1.5},
            },
            customdata=pd.DataFrame({
                "hover": [f"{r.industry_title}: about {words.count(r.vacancies_count)} vacancies" for r in words.each(rows)],
                "code": rows["industry_code"].replace(REST, ""),
            }),
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )  # fmt: skip
    style.add(
        fig,
        annotations=[
            *(
                style.value_label(
                    float(r.vacancies_count),
                    at,
                    f"<b>{words.label_count(r.vacancies_count)}</b> · {r.vacancies_per_100_jobs:.1f} of 100",
                    shift_px=6,
                )
                for at, r in zip(y, words.each(rows), strict=True)
            ),
            {
                "text": f"<b>▨ {_measure(scope)}</b> · of 100 jobs and vacancies", "x": 0, "y": 1, "xref": "paper",
                "yref": "paper",
                "xanchor": "left", "yanchor": "bottom", "yshift": 10, "showarrow": False,
                "font": {"size": 12, "color": style.QUIET},
            },
        ],
    )  # fmt: skip
    fig.update_layout(bargap=0)
    fig.update_xaxes(
        range=[0, float(rows["vacancies_count"].max()) * 1.02],
        showgrid=True,
        gridcolor=style.GRID,
        nticks=4,
        tickformat="~s",
    )
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The chosen industry's modelled vacancies, or the industry with most; that it is modelled, and the month."""
    own = rows[rows["industry_code"] == scope.industry]
    row = (own if len(own) else rows).iloc[0]
    place = "" if scope.state == "US" else f" in {words.the(row['state_name'])}"
    how = "By the national survey," if scope.state == "US" else "Modelled, not published:"
    industry, vacancies = words.in_sentence(row["industry_title"]), words.short_count(row["vacancies_count"])
    return (
        f"{how} {industry}{place} had about {vacancies} vacancies at the end of {words.month(row['month'])}, "
        f"{row['vacancies_per_100_jobs']:.1f} of every 100 jobs and vacancies in it; "
        f"all industries had about {words.short_count(row['all_vacancies_count'])}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period, and what is modelled."""
    row = rows.iloc[0]
    how = (
        "published vacancies of the nation’s industries, brought to its published total"
        if scope.state == "US"
        else "modelled from the nation’s vacancies by industry and the state’s total, over covered jobs"
    )
    rest = rows[rows["industry_code"] == REST]
    others = f" All other: {rest['industry_title'].iloc[0].removeprefix('The rest: ').casefold()}." if len(rest) else ""
    return (
        f"Vacancies by industry, {how}; seasonally adjusted. {row['state_name']}, {words.month(row['month'])}, the newest month "
        f"with every state’s total.{others}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every industry's vacancies."""
    listed = "; ".join(f"{_label(r)} {words.count(r.vacancies_count)}" for r in words.each(rows))
    return f"Bar chart of vacancies by industry. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """The order of industries under the model's one choice that can be varied here: the month it is made for."""
    rows = reader.rows(
        """
        SELECT month, max_by(industry_title, vacancies_count) FROM (
            SELECT month, industry_title, sum(vacancies_count) AS vacancies_count
            FROM state_industry_vacancies v JOIN state s USING (state_fips)
            WHERE industry_code <> 'rest' AND ($state = 'US' OR s.state_abbr = $state) GROUP BY ALL
        ) GROUP BY month ORDER BY month DESC
        """,
        {"state": scope.state},
    )
    if not rows:
        return "Modelled figures, not a finding of any survey."
    first = rows[0][1]
    held = sum(title == first for _, title in rows)
    changes = "" if held == len(rows) else " (changes with assumptions)"
    months = words.listed([words.month(month) for month, _ in rows])
    return (
        f"“{first} has the most vacancies” holds under {held} of {len(rows)}{changes}. Assumptions varied: the month that the "
        f"model is made for ({months})."
    )


CHART = Chart(
    id="state-industry-vacancies",
    question="Which industries have the vacancies here?",
    tables=("state_industry_vacancies", "state"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    columns={
        "industry_title": "Industry",
        "month": "Month",
        "vacancies_count": "Vacancies (of a state: modelled)",
        "vacancies_per_100_jobs": "of 100 jobs and vacancies",
        "employment_count": "Covered jobs",
        "note": "Note",
    },
    means="It shows where a state’s vacancies would be if each industry there had its share of the state’s total by its jobs and "
    "by how many vacancies the industry has in the nation.",
    means_not="No survey publishes vacancies by industry and state: an industry that finds it harder to hire here than elsewhere "
    "does not show. Take the order of size, not the digits.",
    terms=("vacancy",),
    follows=("industry",),
    selects="industry",
)
