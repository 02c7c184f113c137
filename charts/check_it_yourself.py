"""Two sums that anyone can redo: what some occupations need, and what all programs that lead to any of them gave."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from charts.ways_in import assumed
from etl.warehouse.read import Reader

SHOWN = 10
LONGEST_LABEL = 46
VARIANTS = {"openings": "all openings", "growth_and_exits": "without occupation changers"}
#: Above the rows: where each variant's sums and their bar stand, in pixels over the plot.
SUMS_PX = {"openings": (140, 118), "growth_and_exits": (92, 70)}
BAR_PX = 18
TOP_PX = 164


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per occupation and program of the check, in each variant of demand; occupations first, the largest first.

    ``count``: openings a year of the occupation, or awards of the program. The variant's sums stand in each of its rows:
    ``needed_count`` less ``given_count`` is ``left_count``, what no placing of awards can fill.
    """
    return reader.frame(
        """
        SELECT c.demand_variant, if(c.demand_variant = 'openings', $all, $without) AS counted, c.side, c.code,
               coalesce(o.title, p.title) AS title, c.count, c.award_year, c.base_year, s.state_name,
               sum(c.count) FILTER (WHERE side = 'occupation') OVER v AS needed_count,
               coalesce(sum(c.count) FILTER (WHERE side = 'program') OVER v, 0) AS given_count,
               sum(if(side = 'occupation', c.count, -c.count)) OVER v AS left_count,
               count(*) FILTER (WHERE side = 'occupation') OVER v AS occupations_count,
               count(*) FILTER (WHERE side = 'program') OVER v AS programs_count
        FROM gap_check c JOIN state s USING (state_fips)
        LEFT JOIN occupation o ON c.side = 'occupation' AND o.soc_code = c.code
        LEFT JOIN program p ON c.side = 'program' AND p.cip_code = c.code
        WHERE s.state_abbr = $state
        WINDOW v AS (PARTITION BY c.demand_variant)
        ORDER BY c.demand_variant <> 'openings', c.side, c.count DESC, c.code
        """,
        {"state": scope.state, "all": VARIANTS["openings"], "without": VARIANTS["growth_and_exits"]},
    )


def _sums(rows: pd.DataFrame) -> dict[str, Any]:
    """The first row of each variant: it has the sums."""
    return {str(r.demand_variant): r for r in words.each(rows.drop_duplicates("demand_variant"))}


def _largest(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["demand_variant"] == "openings") & (rows["side"] == "occupation")].head(SHOWN)


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """The sums of both variants as two bars on one scale, and under them the largest occupations of the set."""
    shown, sums = _largest(rows), _sums(rows)
    fig = style.rows([words.shortened(t, LONGEST_LABEL) for t in shown["title"]], top_px=TOP_PX, right_px=52)
    y = [i + style.MARK_DY for i in range(len(shown))]
    fig.add_trace(
        go.Bar(
            x=shown["count"].astype(float), y=y, orientation="h", width=0.34, marker={"color": style.MARK},
            customdata=[[f"{r.title} ({r.code}): {words.count(r.count)} openings a year"] for r in words.each(shown)],
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )  # fmt: skip
    widest = max(float(row.needed_count) for row in sums.values())
    shapes, notes = [], []
    for variant, row in sums.items():
        text_px, bar_px = SUMS_PX[variant]
        shapes += _bar(float(row.needed_count) / widest, float(row.given_count) / widest, bar_px)
        notes.append(_above(_sum_text(row), text_px, style.INK))
    count = int(shown["occupations_count"].iloc[0])
    notes.append(_above(f"The {len(shown)} largest of the {count} occupations, openings a year:", 26, style.QUIET))
    values = [
        style.value_label(float(r.count), at, f"<b>{words.label_count(r.count)}</b>")
        for at, r in zip(y, words.each(shown), strict=True)
    ]  # fmt: skip
    style.add(fig, shapes=shapes, annotations=[*notes, *values])
    fig.update_layout(bargap=0)
    fig.update_xaxes(
        range=[0, max(1.0, float(shown["count"].max())) * 1.01],
        showgrid=True,
        gridcolor=style.GRID,
        nticks=4,
        tickformat="~s",
    )
    return fig


def _sum_text(row: Any) -> str:
    which = "All openings" if row.demand_variant == "openings" else "Without changers"
    given = f"<span style='color:{style.ACCENT}'><b>{words.label_count(row.given_count)} awards</b></span>"
    return f"{which}: {words.label_count(row.needed_count)} − {given} = <b>{words.label_count(row.left_count)} left</b>"


def _above(text: str, px: int, color: str) -> dict[str, Any]:
    """A line of text this far above the rows."""
    return {
        "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "middle", "yshift": px, "text": text,
        "showarrow": False, "font": {"size": 12, "color": color},
    }  # fmt: skip


def _bar(needed: float, given: float, px: int) -> list[dict[str, Any]]:
    """What is needed as an outline, what was given filled; lengths as shares of the width."""
    place = {"type": "rect", "xref": "paper", "yref": "paper", "ysizemode": "pixel", "yanchor": 1, "y0": px - BAR_PX / 2,
             "y1": px + BAR_PX / 2, "x0": 0}  # fmt: skip
    return [
        {**place, "x1": needed, "fillcolor": style.GRID, "line": {"color": style.MARK, "width": 1}},
        {**place, "x1": given, "fillcolor": style.ACCENT, "line": {"width": 0}},
    ]


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The two sums, and what is left in both variants."""
    sums = _sums(rows)
    row, without = sums["openings"], sums["growth_and_exits"]
    place = "" if scope.state == "US" else f" in {words.the(row.state_name)}"
    return (
        f"These {row.occupations_count} occupations have {words.short_count(row.needed_count)} openings a year{place}; all "
        f"{row.programs_count} programs that can lead to any of them gave {words.short_count(row.given_count)} awards: at least "
        f"{words.short_count(row.left_count)} are left, {words.short_count(without.left_count)} without people changing occupation"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    row = rows.iloc[0]
    year = int(row["award_year"])
    estimated = "" if scope.state == "US" else ", estimated from the nation’s by employment"
    return (
        f"Yearly openings {row['base_year']}–{(row['base_year'] + 10) % 100} (yearly average{estimated}) of the smallest set of "
        f"occupations that shows what must be left, and all certificates and associate degrees of {year - 1}–{year % 100} in "
        f"programs that lead to any of them. {row['state_name']}.{assumed(scope)}"
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The sums of both variants and the largest occupations."""
    sums = "; ".join(
        f"{VARIANTS[variant]}: {words.count(row.needed_count)} openings less {words.count(row.given_count)} awards leaves "
        f"{words.count(row.left_count)}"
        for variant, row in _sums(rows).items()
    )
    listed = "; ".join(f"{r.title} {words.count(r.count)}" for r in words.each(_largest(rows)))
    return f"Two sums, and a bar chart of the largest occupations. {finding(rows, scope)}. {sums}. Largest occupations: {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether openings are left in both variants."""
    rows = reader.rows(
        """
        SELECT count(*) FILTER (WHERE left_count > 0), count(*) FROM gap_by_state JOIN state USING (state_fips)
        WHERE state_abbr = ? AND awards = 'sub-baccalaureate' AND demand IN ('career-prep', 'middle-skills')
        """,
        [scope.state],
    )
    held, tried = rows[0]
    return (
        f"“Openings are left however the awards are placed” holds under {held} of {tried} (with and without people changing "
        "occupation, two sets of jobs). The two sums need no model: add up the table."
    )


CHART = Chart(
    id="check-it-yourself",
    question="How can anyone check that so many openings are left?",
    tables=("gap_check", "gap_by_state"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    columns={
        "counted": "Openings counted",
        "side": "Side of the sum",
        "code": "SOC or CIP",
        "title": "Occupation or program",
        "count": "Openings a year, or awards",
    },
    means="These are all programs with an award that the federal list links to these occupations, so even if every one of their "
    "awards led to a job there, the difference would stay open; other occupations could be filled whole.",
    means_not="What is left is not a count of missing workers: people also get in by apprenticeship, high school CTE, employer "
    "training or from another occupation or state, and none of these is an award counted here.",
    terms=("yearly opening", "growth and exits", "award", "career-training job", "SOC", "CIP"),
    nothing=lambda scope: (  # noqa: ARG005
        "Here awards could fill every opening, so there is nothing to add up; the United States has both sums."
    ),
)
