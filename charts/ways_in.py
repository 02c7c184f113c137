"""How people usually get into career-training jobs, and the most that awards could fill of each route."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

#: The routes that people learn on the job.
ON_THE_JOB = ("Apprenticeship or long training", "Shorter on-the-job training")
DEFAULT = Scope()


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per usual way in, most openings first; certificates and associate degrees in career-training jobs.

    Counts are a year; the suffix ``_growth_and_exits`` is of the conservative variant. ``on_the_job_…`` are the same in
    every row: how many of every 100 openings are in jobs learned on the job, and the most that awards could fill of these.
    """
    rows = reader.frame(
        """
        SELECT a.way_in, a.award_year, a.base_year, s.state_name, a.openings_annual_count, a.at_most_count,
               b.openings_annual_count AS openings_growth_and_exits_count,
               b.at_most_count AS at_most_growth_and_exits_count,
               a.openings_annual_count - b.openings_annual_count AS changers_annual_count,
               100.0 * a.openings_annual_count / sum(a.openings_annual_count) OVER () AS openings_pct,
               100.0 * b.openings_annual_count / sum(b.openings_annual_count) OVER () AS openings_growth_and_exits_pct,
               100.0 * a.at_most_count / nullif(a.openings_annual_count, 0) AS at_most_pct,
               100.0 * b.at_most_count / nullif(b.openings_annual_count, 0) AS at_most_growth_and_exits_pct
        FROM gap_by_way_in a JOIN gap_by_way_in b USING (award_year, state_fips, awards, demand, demand_basis, way_in)
        JOIN state s USING (state_fips)
        WHERE s.state_abbr = ? AND a.demand_variant = 'openings' AND b.demand_variant = 'growth_and_exits'
        ORDER BY a.openings_annual_count DESC, a.way_in
        """,
        [scope.state],
    )
    learned = rows[rows["way_in"].isin(ON_THE_JOB)]
    # The most that two routes get together is no more than what each gets alone.
    return rows.assign(
        on_the_job_pct=learned["openings_pct"].sum(),
        on_the_job_growth_and_exits_pct=learned["openings_growth_and_exits_pct"].sum(),
        on_the_job_at_most_pct=_share(learned["at_most_count"], learned["openings_annual_count"]),
        on_the_job_at_most_growth_and_exits_pct=_share(
            learned["at_most_growth_and_exits_count"], learned["openings_growth_and_exits_count"]
        ),
    )


def _share(part: pd.Series, whole: pd.Series) -> float:
    return float(100 * part.sum() / whole.sum()) if whole.sum() else 0.0


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """Bars of openings, growth and exits solid, people changing occupation hatched; a tick for what awards could fill."""
    fig = style.rows(rows["way_in"].tolist(), top_px=56, right_px=104)
    y = [i + style.MARK_DY for i in range(len(rows))]
    hover = pd.DataFrame(
        {
            "openings": [
                f"{r.way_in}<br>{words.count(r.openings_growth_and_exits_count)} from growth and exits, "
                f"{words.count(r.changers_annual_count)} from people changing occupation"
                for r in words.each(rows)
            ],
            "awards": [
                f"{r.way_in}<br>awards could fill at most {words.count(r.at_most_count)}; "
                f"{words.count(r.at_most_growth_and_exits_count)} of growth and exits"
                for r in words.each(rows)
            ],
        }
    )
    hatch = {"shape": "/", "size": 6, "fgcolor": style.MARK, "solidity": 0.25}
    for column, fill in (
        ("openings_growth_and_exits_count", {"color": style.MARK}),
        ("changers_annual_count", {"color": style.GRID, "pattern": hatch}),
    ):
        fig.add_trace(
            go.Bar(
                x=rows[column].astype(float), y=y, orientation="h", width=0.34, marker=fill,
                customdata=hover[["openings"]], hovertemplate="%{customdata[0]}<extra></extra>",
            )
        )  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=rows["at_most_count"].astype(float), y=y, mode="markers", customdata=hover[["awards"]],
            marker={"symbol": "line-ns", "size": 13, "line": {"color": style.ACCENT, "width": 4}},
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )  # fmt: skip
    values = [
        style.value_label(
            float(r.openings_annual_count), at,
            f"<b>{words.label_count(r.openings_annual_count)}</b> · <span style='color:{style.ACCENT}'><b>"
            f"{words.label_count(r.at_most_count)}</b></span>",
        )
        for at, r in zip(y, words.each(rows), strict=True)
    ]  # fmt: skip
    marks = {
        "text": f"<b>■ growth and exits</b>&nbsp;&nbsp;&nbsp;▨ people changing occupation<br><span style='color:{style.ACCENT}'>"
        "<b>┃ most that awards could fill of this route alone</b></span>",
        "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 12,
        "align": "left", "showarrow": False, "font": {"size": 12, "color": style.QUIET},
    }  # fmt: skip
    style.add(fig, annotations=[*values, marks])
    fig.update_layout(barmode="stack", bargap=0)
    fig.update_xaxes(
        range=[0, max(1.0, float(rows["openings_annual_count"].max())) * 1.01], showgrid=True, gridcolor=style.GRID, nticks=4,
        tickformat="~s",
    )  # fmt: skip
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """How much is learned on the job, and how far awards could go there, under both variants."""
    row = rows.iloc[0]
    place = "" if scope.state == "US" else f" in {words.the(row['state_name'])}"
    return (
        f"{row['on_the_job_pct']:.0f} of every 100 career-training openings{place} are in jobs people usually learn on the job; "
        f"one year’s awards could fill at most {row['on_the_job_at_most_pct']:.0f} of every 100 of these, "
        f"{row['on_the_job_at_most_growth_and_exits_pct']:.0f} if people changing occupation are left out"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period; and which assumptions stand behind it."""
    row = rows.iloc[0]
    year = int(row["award_year"])
    estimated = "" if scope.state == "US" else ", estimated from the nation’s by employment"
    return (
        f"Yearly openings {row['base_year']}–{(row['base_year'] + 10) % 100} (yearly average{estimated}) by usual way in, and the "
        f"most that certificates and associate degrees of {year - 1}–{year % 100} could fill of each route alone. "
        f"{row['state_name']}.{assumed(scope)}"
    )


def assumed(scope: Scope) -> str:
    """Says so where the scope asks for other assumptions than the ones that a table is worked out for."""
    if (scope.awards, scope.demand) == (DEFAULT.awards, DEFAULT.demand):
        return ""
    return " Worked out for the default assumptions alone: certificates and associate degrees, career-training jobs."


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Openings and awards of every route."""
    listed = "; ".join(
        f"{r.way_in}: {words.count(r.openings_annual_count)} openings a year, {words.count(r.openings_growth_and_exits_count)} of "
        f"them growth and exits; awards could fill at most {words.count(r.at_most_count)}"
        for r in words.each(rows)
    )
    return f"Bar chart of yearly openings by usual way in. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether each route has more openings than awards could fill, in both variants."""
    rows = reader.rows(
        """
        SELECT count(*) FILTER (WHERE at_most_count < openings_annual_count), count(*)
        FROM gap_by_way_in JOIN state USING (state_fips) WHERE state_abbr = ? AND openings_annual_count > 0
        """,
        [scope.state],
    )
    held, tried = rows[0]
    return (
        f"“A route has more openings than awards could fill” holds under {held} of {tried} cases: every route, with and without "
        "people changing occupation. Each route is taken alone, so what awards could fill of all together is less."
    )


CHART = Chart(
    id="ways-in",
    question="How do people usually get into these jobs?",
    tables=("gap_by_way_in",),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    columns={
        "way_in": "Usual way in",
        "openings_annual_count": "Openings a year",
        "openings_pct": "of every 100 openings",
        "at_most_count": "Awards could fill at most",
        "at_most_pct": "At most, of 100",
        "openings_growth_and_exits_count": "Growth and exits a year",
        "openings_growth_and_exits_pct": "of every 100 growth and exits",
        "at_most_growth_and_exits_count": "Awards could fill at most (growth and exits)",
        "at_most_growth_and_exits_pct": "At most, of 100 (growth and exits)",
        "changers_annual_count": "People changing occupation a year",
    },
    means="It shows that college awards are one way in among several: many of these jobs are learned by working in them, which is "
    "where employers’ own training and apprenticeships count.",
    means_not="The usual way in is what the Bureau of Labor Statistics gives for the whole occupation; people in it came by every "
    "route, and apprenticeships, high school CTE and employer training are not counted as awards.",
    terms=("yearly opening", "growth and exits", "award", "career-training job", "could fill"),
)
