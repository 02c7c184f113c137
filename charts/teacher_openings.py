"""Yearly openings for CTE teachers, with and without people who change occupation."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, teachers, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

LEVELS = {"secondary": "High school", "postsecondary": "College"}


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """A row for high school and one for college CTE teachers of the area, beside the nation's; nothing where neither is known.

    Openings of a state share out the nation's by employment; missing where too little of that is published.
    """
    rows = reader.frame(
        """
        WITH flow AS (
            SELECT s.state_abbr, s.state_name, p.demand_variant, p.reference_year AS base_year, p.value, p.note,
                   split_part(p.indicator, '_', 2) AS level
            FROM principle_indicator p JOIN state s USING (state_fips)
            WHERE p.indicator IN ('teacher_secondary_openings_count', 'teacher_postsecondary_openings_count')
              AND s.state_abbr IN ($state, 'US')
        )
        SELECT level, any_value(state_name) FILTER (state_abbr = $state) AS state_name, max(base_year) AS base_year,
               max(value) FILTER (state_abbr = $state AND demand_variant = 'openings') AS openings_annual_count,
               max(value) FILTER (state_abbr = $state AND demand_variant = 'growth_and_exits') AS growth_and_exits_annual_count,
               max(value) FILTER (state_abbr = 'US' AND demand_variant = 'openings') AS nation_openings_annual_count,
               max(value) FILTER (state_abbr = 'US' AND demand_variant = 'growth_and_exits')
                   AS nation_growth_and_exits_annual_count,
               any_value(note) FILTER (state_abbr = $state) AS note
        FROM flow GROUP BY level ORDER BY level DESC
        """,
        {"state": scope.state},
    )
    counts = [c for c in rows.columns if c.endswith("_count")]
    rows[counts] = rows[counts].astype(float).round()
    return rows.iloc[:0] if rows["openings_annual_count"].isna().all() else rows


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Bars from zero: growth and exits solid, people changing occupation hatched."""
    nation = "" if scope.state == "US" else " <span style='color:{}'>· nation {}</span>"
    labels = [
        f"{LEVELS[r.level]} CTE teachers{nation.format(style.QUIET, words.short_count(r.nation_openings_annual_count))}"
        for r in words.each(rows)
    ]
    fig = style.rows(labels, top_px=34, right_px=74)
    y = [i + style.MARK_DY for i in range(len(rows))]
    solid = rows["growth_and_exits_annual_count"].fillna(0.0)
    changers = (rows["openings_annual_count"] - rows["growth_and_exits_annual_count"]).fillna(0.0)
    for values, meta, fill in (
        (solid, "growth and exits", {"color": style.ACCENT}),
        (
            changers,
            "people changing occupation",
            {"color": style.GRID, "pattern": {"shape": "/", "size": 6, "fgcolor": style.MARK, "solidity": 0.25}},
        ),
    ):
        fig.add_trace(
            go.Bar(
                x=values, y=y, orientation="h", width=0.34, marker=fill, meta=meta,
                customdata=[[LEVELS[level]] for level in rows["level"]],
                hovertemplate="%{customdata[0]} CTE teachers<br>%{meta}: %{x:,.0f} a year<extra></extra>",
            )
        )  # fmt: skip
    labels_of_bars = [
        style.value_label(0.0 if words.missing(total) else total, at, _label(total), shift_px=6)
        for at, total in zip(y, rows["openings_annual_count"], strict=True)
    ]
    style.add(fig, annotations=labels_of_bars)
    fig.add_annotation(
        text=f"<span style='color:{style.ACCENT}'><b>■ growth and exits</b></span>&nbsp;&nbsp;&nbsp;"
        f"<span style='color:{style.QUIET}'>▨ people changing occupation</span>",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False,
        font={"size": 13},
    )  # fmt: skip
    fig.update_layout(barmode="stack", bargap=0)
    fig.update_xaxes(
        range=[0, max(1.0, float(rows["openings_annual_count"].max()) * 1.02)], showgrid=True, gridcolor=style.GRID, nticks=5,
        tickformat=",d",
    )  # fmt: skip
    return fig


def _label(value: float) -> str:
    return "no estimate" if words.missing(value) else f"<b>{words.short_count(value)}</b>"


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """Both kinds of teachers, both variants."""
    place = teachers.in_place(rows, scope)
    known = rows[rows["openings_annual_count"].notna()]
    total = _both(known["openings_annual_count"], known["level"])
    kept = words.listed([words.short_count(v) for v in known["growth_and_exits_annual_count"]])
    missing = [
        f"; for {teachers_of(level)} there is no estimate"
        for level in rows["level"]
        if level not in set(known["level"])
    ]
    return f"There are about {total} a year{place}, {kept} without people changing occupation{''.join(missing)}"


def _both(counts: pd.Series, levels: pd.Series) -> str:
    """'1,800 openings for high school CTE teachers and 974 for college CTE teachers'."""
    parts = [f"{words.short_count(v)} for {teachers_of(level)}" for v, level in zip(counts, levels, strict=True)]
    return words.listed([parts[0].replace(" for", " openings for", 1), *parts[1:]])


def teachers_of(level: str) -> str:
    """'high school CTE teachers' or 'college CTE teachers'."""
    return f"{LEVELS[level].lower()} CTE teachers"


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    first = rows.iloc[0]
    estimated = "" if scope.state == "US" else ", estimated from the nation’s by employment"
    return (
        f"Yearly openings {first['base_year']}–{(first['base_year'] + 10) % 100} (yearly average){estimated}. "
        f"{first['state_name']}. "
        "Openings to be filled, not vacancies that nobody fills."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The nation's values beside the area's."""
    listed = "; ".join(
        f"{teachers_of(r.level)} in the United States {words.count(r.nation_openings_annual_count)}, "
        f"{words.count(r.nation_growth_and_exits_annual_count)} from growth and exits"
        for r in words.each(rows)
    )
    return f"Bar chart of yearly openings for CTE teachers. {finding(rows, scope)}. For comparison: {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether one level has more openings than the other under both variants."""
    rows = frame(reader, scope)
    if rows.empty or rows["openings_annual_count"].isna().any():
        return "Not tried for this place: only one kind of CTE teacher, or none, has an estimate of openings here."
    of = {level: rows[rows["level"] == level].iloc[0] for level in LEVELS}
    more = [
        bool(of["postsecondary"][column] > of["secondary"][column])
        for column in ("openings_annual_count", "growth_and_exits_annual_count")
    ]
    return teachers.firmness(
        "More of these openings are at colleges than at high schools",
        "At least as many of these openings are at high schools as at colleges",
        more,
        "with and without people changing occupation",
    )


def nothing(scope: Scope) -> str:  # noqa: ARG001
    """Why there is nothing to show."""
    return (
        "Too little of this place’s employment of CTE teachers is published to estimate their openings; the United States has the "
        "publisher’s own figures."
    )


CHART = Chart(
    id="teacher-openings",
    question="How many CTE teachers must be found each year?",
    tables=("occupation_projection",),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    columns={
        "level": "Level",
        "openings_annual_count": "Openings a year",
        "growth_and_exits_annual_count": "of these growth and exits",
        "nation_openings_annual_count": "Nation: openings a year",
        "nation_growth_and_exits_annual_count": "Nation: growth and exits",
        "note": "Note",
    },
    means="So many people must be won for teaching each year, from industry or from elsewhere, to keep the "
    "classrooms "
    "staffed.",
    means_not="It is an average over ten years, not this year’s vacancies. A state’s figure shares out the "
    "nation’s by employment, so "
    "it does not show whether teachers leave sooner in one state than in another.",
    terms=("CTE teacher", "yearly opening", "growth and exits"),
)
