"""What a pathway's jobs ask of people: technical, academic and employability skills, beside all career-training jobs."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from charts.ways_in import assumed
from etl.warehouse.read import Reader

KINDS = ("technical", "academic", "employability")
SHOWN_OF_A_KIND = 4
#: O*NET's scale of importance ends here.
SCALE_END = 5


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per skill, by kind and most important first; for the pathway, or for all career-training jobs.

    ``importance`` (1 to 5) is weighted by yearly openings; ``importance_compared`` is that of all career-training jobs, or
    where no pathway is chosen of all occupations with a program. ``is_shown`` marks the most important of each kind.
    """
    rows = reader.frame(
        """
        SELECT k.kind, k.element_name, p.importance, p.importance_compared, p.importance - p.importance_compared AS difference,
               p.level, p.coverage_pct, p.above_count, p.tried_count, p.base_year, s.state_name,
               row_number() OVER (PARTITION BY k.kind ORDER BY p.importance DESC, k.element_name) <= $shown AS is_shown
        FROM pathway_skill p JOIN skill_kind k USING (element_id) JOIN state s USING (state_fips)
        WHERE s.state_abbr = $state AND coalesce(p.cluster, '') = $pathway AND p.importance IS NOT NULL
        ORDER BY list_position($kinds, k.kind), p.importance DESC, k.element_name
        """,
        {"state": scope.state, "pathway": scope.cluster, "kinds": list(KINDS), "shown": SHOWN_OF_A_KIND},
    )
    return rows.assign(unlike=rows["difference"].rank(ascending=False, method="first") == 1)


def _others(scope: Scope) -> str:
    return "all career-training jobs" if scope.cluster else "all occupations with a program"


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """From a hollow dot (what it is compared with) to a filled one (these jobs), per skill; skills by kind."""
    shown = rows[rows["is_shown"]]
    labels = [f"{r.element_name} <span style='color:{style.QUIET}'>· {r.kind}</span>" for r in words.each(shown)]
    fig = style.rows(labels, top_px=56, right_px=40)
    y = [i + style.MARK_DY for i in range(len(shown))]
    own, other = shown["importance"].astype(float), shown["importance_compared"].astype(float)
    style.add(
        fig,
        shapes=[style.joined(a, b, at) for at, a, b in zip(y, own, other, strict=True)],
        annotations=[
            style.value_label(max(a, b), at, f"<b>{a:.1f}</b>", shift_px=12)
            for at, a, b in zip(y, own, other, strict=True)
        ],
    )
    hover = [
        [f"{r.element_name}: {r.importance:.2f} of 5 here, {r.importance_compared:.2f} in {_others(scope)}"]
        for r in words.each(shown)
    ]
    for values, marker in (
        (other, {"size": 11, "color": style.WHITE, "line": {"color": style.INK, "width": 2}}),
        (own, {"size": 13, "color": style.ACCENT}),
    ):
        fig.add_trace(
            go.Scatter(
                x=values,
                y=y,
                mode="markers",
                marker=marker,
                customdata=hover,
                hovertemplate="%{customdata[0]}<extra></extra>",
            )
        )
    here = words.shortened(scope.cluster, 40) if scope.cluster else "career-training jobs"
    marks = {
        "text": f"<span style='color:{style.ACCENT}'><b>● {here}</b></span><br><b>○ {_others(scope)}</b>",
        "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 12,
        "align": "left", "showarrow": False, "font": {"size": 12, "color": style.INK},
    }  # fmt: skip
    style.add(fig, annotations=[marks])
    fig.update_xaxes(
        range=[0, SCALE_END], tickvals=[1, 2, 3, 4, 5], ticktext=["1 not", "2", "3 important", "4", "5"], showgrid=True,
        gridcolor=style.GRID,
    )  # fmt: skip
    return fig


def _leading(rows: pd.DataFrame) -> list[Any]:
    """The most important skill of each kind."""
    return list(words.each(rows[rows["is_shown"]].drop_duplicates("kind")))


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """One skill of each kind with its importance."""
    place = "" if scope.state == "US" else f" in {words.the(rows['state_name'].iloc[0])}"
    what = f"{scope.cluster} jobs" if scope.cluster else "career-training jobs"
    said = [f"{r.element_name.lower()} {r.importance:.1f} ({r.kind})" for r in _leading(rows)]
    return f"On a scale from one to five, {what}{place} ask for {words.listed(said)}, to name one skill of each kind"


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    row = rows.iloc[0]
    return (
        f"Importance of O*NET’s skills in the nation’s occupations, weighted by yearly openings {row['base_year']}–"
        f"{(row['base_year'] + 10) % 100}; {row['state_name']}, beside {_others(scope)} there. The {SHOWN_OF_A_KIND} most "
        f"important of each kind.{assumed(scope)}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both values of the skills shown."""
    listed = "; ".join(
        f"{r.element_name} ({r.kind}) {r.importance:.1f}, against {r.importance_compared:.1f}"
        for r in words.each(rows[rows["is_shown"]])
    )
    return f"Dot plot of the importance of skills, beside {_others(scope)}. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """How firm it is that the skill that sets these jobs apart most does so."""
    rows = frame(reader, scope)
    if rows.empty:
        return "Not tried: no occupation of this view is rated."
    row = rows[rows["unlike"]].iloc[0]
    what = f"{scope.cluster} jobs" if scope.cluster else "career-training jobs"
    return (
        f"“{row['element_name']} counts for more in {what} than in {_others(scope)}” holds under {row['above_count']} of "
        f"{row['tried_count']} (two sets of jobs, both variants of openings as weights, importance and level). Rated occupations "
        f"hold {row['coverage_pct']:.0f} of every 100 openings."
    )


CHART = Chart(
    id="what-jobs-ask",
    question="Which technical, academic and employability skills do these jobs ask for?",
    tables=("pathway_skill",),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    follows=("pathway",),
    columns={
        "kind": "Kind (our reading)",
        "element_name": "Skill",
        "importance": "Importance, 1 to 5",
        "importance_compared": "Importance in what it is set beside",
        "difference": "Difference",
        "level": "Level needed, 0 to 7",
    },
    means="It shows what programs for these jobs have to teach beside the trade itself: most of what employers ask for is common "
    "to all of them.",
    means_not="O*NET rates 35 general skills, not the knowledge of a trade; a rating is an average for an occupation in the "
    "nation, and which skill is technical, academic or employability is our own reading.",
    terms=("importance", "yearly opening", "career-training job", "pathway"),
    nothing=lambda scope: (
        f"No occupation of {scope.cluster or 'this view'} with openings here is rated by O*NET; the United States has ratings for "
        "every pathway."
    ),
)
