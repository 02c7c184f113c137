"""The institutions that give the most awards for a pathway's jobs, with how that has changed over three award years."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import partners, style, words
from charts.chart import Chart
from charts.scope import AWARD_LABELS, DEMAND_LABELS, Scope
from etl.warehouse.read import Reader

SHOWN = 12
#: Characters of a name that fit on a phone; the table has it whole.
LONGEST_LABEL = 34


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """The :data:`SHOWN` institutions of the place with most awards; columns as of :func:`partners.search`.

    ``awards_shown_count`` are the newest awards of these rows together.
    """
    rows = partners.search(reader, scope, limit=SHOWN)
    return rows.assign(awards_shown_count=int(rows["awards_count"].sum()), shown_count=len(rows))


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """From a hollow dot (two years before) to a filled one (the newest year), per institution."""
    labels = [_label(r, scope) for r in words.each(rows)]
    fig = style.rows(labels, top_px=34, right_px=64)
    y = [i + style.MARK_DY for i in range(len(rows))]
    before, now = rows["awards_2_before_count"].astype(float), rows["awards_count"].astype(float)
    style.add(
        fig,
        shapes=[style.joined(x0, x1, at) for at, x0, x1 in zip(y, before, now, strict=True)],
        annotations=[
            style.value_label(max(x0, x1), at, f"<b>{words.short_count(x1)}</b>", shift_px=12)
            for at, x0, x1 in zip(y, before, now, strict=True)
        ],
    )
    year = int(rows["award_year"].iloc[0])
    for values, meta, marker in (
        (before, _years(year - 2), {"size": 13, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}}),
        (now, _years(year), {"size": 13, "color": style.ACCENT}),
    ):
        fig.add_trace(
            go.Scatter(
                x=values, y=y, mode="markers", marker=marker, meta=meta, customdata=rows[["name", "city", "state_abbr"]],
                hovertemplate="%{customdata[0]}, %{customdata[1]}, %{customdata[2]}<br>%{meta}: %{x:,.0f} awards<extra></extra>",
            )
        )  # fmt: skip
    fig.add_annotation(
        text=f"<span style='color:{style.ACCENT}'><b>● {_years(year)}</b></span>&nbsp;&nbsp;&nbsp;<b>○ {_years(year - 2)}</b>",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False,
        font={"size": 13, "color": style.INK},
    )  # fmt: skip
    top = max(before.max(), now.max())
    fig.update_xaxes(range=[0, top * 1.03], showgrid=True, gridcolor=style.GRID, nticks=5, tickformat="~s")
    return fig


def _label(row: Any, scope: Scope) -> str:
    """The name with its place (the city; in the nation's list the state), or that it is mostly online."""
    name = words.shortened(row.name, LONGEST_LABEL)
    place = row.state_abbr if scope.state == "US" else row.city
    said = "mostly online" if row.is_mostly_online else place
    return f"{name} <span style='color:{style.QUIET}'>· {said}</span>"


def _years(award_year: int) -> str:
    """An award year by the year it ends in: 2023–24."""
    return f"{award_year - 1}–{award_year % 100:02d}"


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The largest institution, and the share of those shown in all awards."""
    first = rows.iloc[0]
    jobs = (scope.subcluster or scope.cluster) if scope.pathway else DEMAND_LABELS[scope.demand]
    place = "" if scope.state == "US" else f" in {words.the(first['state_name'])}"
    of_all = f"of {words.short_count(first['awards_all_count'])} {AWARD_LABELS[scope.awards]} for {jobs}{place}"
    if len(rows) == 1:
        return f"{first['name']} gave all {words.short_count(first['awards_count'])} {AWARD_LABELS[scope.awards]} for {jobs}{place}"
    if first["institutions_count"] == len(rows):
        return f"{first['name']} gave {words.short_count(first['awards_count'])} {of_all}; {len(rows)} institutions gave any"
    return (
        f"{first['name']} gave {words.short_count(first['awards_count'])} {of_all}; the {len(rows)} largest of "
        f"{words.short_count(first['institutions_count'])} institutions gave {words.short_count(first['awards_shown_count'])}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    first = rows.iloc[0]
    place = "United States" if scope.state == "US" else first["state_name"]
    chosen = " Choose a place above to see its institutions." if scope.state == "US" else ""
    return (
        f"Awards in programs that lead by the federal list to these jobs. {place}, award years "
        f"{_years(int(first['award_year']) - 2)} "
        f"and {_years(int(first['award_year']))}; awards, not people.{chosen}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both years of every institution shown."""
    listed = "; ".join(
        f"{r.name}, {r.city}{', mostly online' if r.is_mostly_online else ''}: {words.count(r.awards_2_before_count)} then, "
        f"{words.count(r.awards_count)} now"
        for r in words.each(rows)
    )
    return f"Dot plot of awards by institution, two years apart. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether the same institution comes first with the other set of jobs."""
    tried = [
        found["unit_id"].iloc[0]
        for demand in ("career-prep", "middle-skills")
        if len(found := partners.search(reader, scope.but(demand=demand), limit=1))
    ]
    own = partners.search(reader, scope, limit=1)
    if own.empty or not tried:
        return "Not tried: no institution gives such awards for career-training jobs here."
    held = sum(unit == own["unit_id"].iloc[0] for unit in tried)
    changes = "" if held == len(tried) else " (changes with assumptions)"
    return (
        f"“{own['name'].iloc[0]} gives the most” holds under {held} of {len(tried)}{changes}. Assumptions varied: "
        "career-training and "
        "middle-skill jobs."
    )


def nothing(scope: Scope) -> str:
    """Why there is nothing to show."""
    return (
        f"No institution in federal student aid here gave {AWARD_LABELS[scope.awards]} for "
        f"{scope.pathway or DEMAND_LABELS[scope.demand]} "
        "in the newest award year; the United States has some for every pathway."
    )


CHART = Chart(
    id="partners-by-awards",
    question="Which institutions train the most people for these jobs?",
    tables=partners.TABLES,
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    follows=("pathway",),
    parts=True,
    columns={
        "unit_id": "IPEDS id",
        "name": "Institution",
        "city": "City",
        "state_abbr": "State",
        "county": "County",
        "district": "Congressional district",
        "sector": "Kind",
        "programs_count": "Programs",
        "programs": "Largest programs",
        "awards_2_before_count": "Awards two years before",
        "awards_1_before_count": "Awards one year before",
        "awards_count": "Awards, newest year",
        "exclusively_distance_pct": "Students in distance courses only, percent",
        "is_mostly_online": "Mostly online",
    },
    means="These are the colleges and schools to talk to first: they give most of the awards that lead to these jobs.",
    means_not="It says nothing of a program’s quality. A large institution may report all campuses at one address, graduates of a "
    "mostly online one may live anywhere, and high school centers and apprenticeships are not listed.",
    terms=("award", "mostly online", "pathway", "career-training job", "CIP"),
)
