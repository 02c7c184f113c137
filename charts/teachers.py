"""What the charts of CTE teachers share: the pay of teachers and of practitioners, and the rows that set one against the other.

*Practitioners* are the people who work in a pathway's career-training jobs. *Upper-quarter pay* is what a quarter of an
occupation's workers exceed (the 75th percentile); a pathway's is the mean of its occupations', weighted by yearly openings.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader

#: What pay by pathway rests on, for the source line.
TABLES = ("occupation_employment", "occupation_projection", "occupation_pathway")
#: How much of the axis a row's label takes on a phone.
LABEL_SHARE = 0.34

#: What a reader must know of these figures, whichever way a chart turns them.
MEANS_NOT = (
    "Pay is one reason among many to teach or not, a school year is shorter than a working year, benefits are left out, and "
    "many at colleges teach part of their time. Teachers’ pay is often above a pathway’s median."
)


def pay_by_pathway(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway: practitioners' median and upper-quarter pay and CTE teachers' median pay, dollars a year.

    All are of ``reference_year``, the newest May estimates that have the area's total. Missing where the publisher gives none
    or wages cover too few of the openings. Counts as in :func:`with_counts`.
    """
    rows = reader.frame(
        """
        WITH own AS (
            SELECT p.indicator, p.cluster, p.framework, p.value, p.reference_year, s.state_name
            FROM principle_indicator p JOIN state s USING (state_fips)
            WHERE s.state_abbr = $state AND p.principle = 4 AND p.unit = 'dollars a year'
        ), teacher AS (
            SELECT max(value) FILTER (indicator = 'teacher_secondary_median_usd') AS teacher_secondary_median_usd,
                   max(value) FILTER (indicator = 'teacher_postsecondary_median_usd') AS teacher_postsecondary_median_usd
            FROM own
        )
        SELECT cluster, reference_year, state_name,
               max(value) FILTER (indicator = 'practitioner_median_usd') AS practitioner_median_usd,
               max(value) FILTER (indicator = 'practitioner_p75_usd') AS practitioner_p75_usd,
               any_value(teacher_secondary_median_usd) AS teacher_secondary_median_usd,
               any_value(teacher_postsecondary_median_usd) AS teacher_postsecondary_median_usd
        FROM own CROSS JOIN teacher WHERE framework = $framework AND cluster IS NOT NULL
        GROUP BY cluster, reference_year, state_name ORDER BY practitioner_p75_usd DESC NULLS LAST, cluster
        """,
        {"state": scope.state, "framework": FRAMEWORK},
    )
    return with_counts(rows, rows["practitioner_p75_usd"])


def with_counts(rows: pd.DataFrame, p75: pd.Series) -> pd.DataFrame:
    """The rows with counts: in ``above_count`` of ``compared_count`` of them ``p75`` is above the high school teachers' median,
    in ``above_college_count`` of ``compared_college_count`` above the college teachers'."""
    counts = {}
    for name, kind in (("", "secondary"), ("_college", "postsecondary")):
        teacher = rows[f"teacher_{kind}_median_usd"]
        both = p75.notna() & teacher.notna()
        counts[f"above{name}_count"] = int((p75[both] > teacher[both]).sum())
        counts[f"compared{name}_count"] = int(both.sum())
    return rows.assign(**counts)


def pay(value: float) -> str:
    """A yearly pay, three figures kept: $66,300, $103,000."""
    return f"${words.short_count(value)}"


def label_pay(value: float) -> str:
    """A yearly pay for a tight place: $66k."""
    return f"${value / 1000:.0f}k"


def in_place(rows: pd.DataFrame, scope: Scope) -> str:
    """' in Texas' for a sentence; nothing for the nation, whose name stands in the subtitle."""
    return "" if scope.state == "US" else f" in {words.the(rows['state_name'].iloc[0])}"


def placed(teacher: float, median: float, p75: float, who: str) -> str:
    """Where the teachers' median lies beside the practitioners' pay: below both, between, or above both."""
    pair = f"the median ({pay(median)}) and the upper-quarter pay ({pay(p75)}) of {who}"
    if teacher < median:
        return f"is below both {pair}"
    return f"is above both {pair}" if teacher > p75 else f"lies between {pair}"


def firmness(claim: str, opposite: str, holds: Sequence[bool], varied: str) -> str:
    """Under how many assumptions the claim holds; its opposite is stated where that is what the defaults, the first, say."""
    stated, held = (claim, sum(holds)) if holds[0] else (opposite, len(holds) - sum(holds))
    changes = "" if held == len(holds) else " (changes with assumptions)"
    return f"“{stated}” holds under {held} of {len(holds)}{changes}. Assumptions varied: {varied}."


def pay_figure(
    rows: pd.DataFrame,
    labels: Sequence[str],
    *,
    names: Sequence[str],
    median: Sequence[float],
    p75: Sequence[float],
    codes: Sequence[str],
    strong: Sequence[str] = (),
) -> go.Figure:
    """Rows from practitioners' median (hollow) to their upper-quarter pay (filled), with a tick for each kind of teacher.

    ``names`` are whole names for the pointer, ``codes`` what a click sets. Ticks and not lines through all rows, because a line
    would cross the labels.
    """
    teachers = [rows[f"teacher_{kind}_median_usd"].iloc[0] for kind in ("secondary", "postsecondary")]
    fig = style.rows(labels, top_px=72, right_px=88, strong=strong)
    y = [i + style.MARK_DY for i in range(len(labels))]
    highest = max((v for v in (*median, *p75, *teachers) if not words.missing(v)), default=1.0)
    ticks = [
        {"type": "line", "x0": x, "x1": x, "y0": at - 0.2, "y1": at + 0.2, "line": line, "layer": "above"}
        for x, line in zip(
            teachers, ({"color": style.ACCENT, "width": 3}, {"color": style.INK, "width": 2, "dash": "dot"}), strict=True
        )
        if not words.missing(x)
        for at in y
    ]  # fmt: skip
    between = [
        style.joined(low, high, at)
        for low, high, at in zip(median, p75, y, strict=True)
        if not words.missing(low) and not words.missing(high)
    ]
    values = [
        style.value_label(
            _clear_of((low, high), teachers, LABEL_SHARE * highest), at, _range_label(low, high), shift_px=12
        )
        for low, high, at in zip(median, p75, y, strict=True)
    ]
    style.add(fig, shapes=[*between, *ticks], annotations=[*values, _key(*teachers)])
    for series, meta, marker in (
        (median, "median pay", {"size": 12, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}}),
        (p75, "upper-quarter pay", {"size": 13, "color": style.INK}),
    ):
        known = [i for i, v in enumerate(series) if not words.missing(v)]
        fig.add_trace(
            go.Scatter(
                x=[float(series[i]) for i in known], y=[y[i] for i in known], mode="markers", marker=marker, meta=meta,
                customdata=[[names[i], codes[i]] for i in known],
                hovertemplate="%{customdata[0]}<br>%{meta}: $%{x:,.0f} a year<extra></extra>",
            )
        )  # fmt: skip
    fig.update_xaxes(
        range=[0, highest * 1.03], showgrid=True, gridcolor=style.GRID, nticks=5, tickprefix="$", tickformat="~s"
    )
    return fig


def _clear_of(dots: Sequence[float], ticks: Sequence[float], span: float) -> float:
    """Where a row's label begins: right of its dots, and of the ticks that it would otherwise run into."""
    known = [v for v in dots if not words.missing(v)]
    edge = max(known, default=0.0)
    return max([edge, *(t for t in ticks if not words.missing(t) and edge < t < edge + span)])


def _range_label(low: float, high: float) -> str:
    if words.missing(low) and words.missing(high):
        return "pay n/a"
    if words.missing(high):
        return f"<b>{label_pay(low)}</b> – n/a"
    return f"n/a – <b>{label_pay(high)}</b>" if words.missing(low) else f"<b>{label_pay(low)} – {label_pay(high)}</b>"


def _key(secondary: float, postsecondary: float) -> dict[str, object]:
    """What the marks are, with the teachers' values, above the rows."""
    said = ["not published" if words.missing(v) else pay(v) for v in (secondary, postsecondary)]
    lines = (
        f"<span style='color:{style.ACCENT}'><b>| high school CTE teachers: {said[0]}</b></span>",
        f"<span style='color:{style.INK}'>⋮ college CTE teachers: {said[1]}</span>",
        f"<span style='color:{style.INK}'>○ practitioners’ median&nbsp;&nbsp;&nbsp;● upper-quarter pay</span>",
    )
    return {
        "text": "<br>".join(lines), "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom",
        "yshift": 8, "showarrow": False, "align": "left", "font": {"size": 13},
    }  # fmt: skip
