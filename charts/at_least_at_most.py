"""From at least to at most: how many of every 100 openings awards could fill, by pathway or by part of one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import stability, style, words
from charts.chart import Chart
from charts.scope import AWARD_LABELS, DEMAND_LABELS, FRAMEWORK, PART_MARK, Scope
from etl.warehouse.read import Reader

#: A verdict in the few letters that stand beside a name on a phone; the table has it whole.
SHORT = {
    "more openings than awards": "more openings",
    "more awards than openings": "more awards",
    "could go either way": "either way",
}
#: A verdict at the end of a headline.
SPOKEN = {"mismatch": "a mismatch, openings are left while awards lack a place"}
LONGEST_LABEL = 46
#: A row's height, for two lines of marks under its label.
ROW_PX = 54
#: Where the two intervals of a row stand below its label, and half their height; in rows.
ALL_DY, WITHOUT_DY, HALF = 0.06, 0.34, 0.055


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway, or for a chosen one a row for it and each of its parts; most openings first.

    Shares are of 100 openings: at least, at most and the point estimate; the suffix ``_growth_and_exits`` is of the
    conservative variant. Empty where the chosen pathway or part has no occupation among the scope's jobs.
    """
    rows = reader.frame(
        """
        WITH gap AS (
            SELECT cluster, subcluster, coalesce(subcluster, '') AS part, demand_variant, award_year, base_year,
                   openings_annual_count, awards_linked_count, at_least_count, at_most_count, gap_low_count, gap_high_count,
                   100.0 * at_least_count / nullif(openings_annual_count, 0) AS at_least_pct,
                   100.0 * at_most_count / nullif(openings_annual_count, 0) AS at_most_pct,
                   100.0 * (openings_annual_count - gap_proportional_count) / nullif(openings_annual_count, 0) AS estimate_pct,
                   verdict, note, $state_name AS state_name
            FROM gap_by_cluster
            WHERE state_fips = $state_fips AND awards = $awards AND demand = $demand AND framework = $framework
              AND CASE WHEN $pathway = '' THEN subcluster IS NULL ELSE cluster = $pathway END
        )
        SELECT a.*, b.openings_annual_count AS openings_growth_and_exits_count,
               b.at_least_count AS at_least_growth_and_exits_count, b.at_most_count AS at_most_growth_and_exits_count,
               b.at_least_pct AS at_least_growth_and_exits_pct, b.at_most_pct AS at_most_growth_and_exits_pct,
               b.estimate_pct AS estimate_growth_and_exits_pct, b.verdict AS verdict_growth_and_exits,
               count(*) FILTER (WHERE a.gap_low_count * 20 >= a.openings_annual_count AND a.openings_annual_count > 0
                    AND b.gap_low_count * 20 >= b.openings_annual_count AND b.openings_annual_count > 0) OVER () AS left_both_count,
               count(*) FILTER (WHERE a.openings_annual_count > 0) OVER () AS compared_count
        FROM gap a JOIN gap b USING (cluster, part)
        WHERE a.demand_variant = 'openings' AND b.demand_variant = 'growth_and_exits'
        ORDER BY a.subcluster IS NOT NULL, a.openings_annual_count DESC, a.cluster, a.subcluster
        """,
        {
            **reader.place(scope.state),
            "awards": scope.awards,
            "demand": scope.demand,
            "framework": FRAMEWORK,
            "pathway": scope.cluster,
        },
    ).drop(columns="part")
    if scope.subcluster and scope.subcluster not in set(rows["subcluster"]):
        return rows.iloc[:0]
    code = [
        c if words.missing(s) else f"{c}{PART_MARK}{s}"
        for c, s in zip(rows["cluster"], rows["subcluster"], strict=True)
    ]
    name = rows["subcluster"].fillna(rows["cluster"])
    return rows.assign(code=code, name=name, kind=["part" if PART_MARK in c else "pathway" for c in code])


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Two thin intervals a row, filled for all openings and hollow without occupation changers, a tick at the estimate."""
    labels = [_label(r, scope) for r in words.each(rows)]
    fig = style.rows(labels, top_px=56, right_px=12, row_px=ROW_PX)
    variants = [("", ALL_DY), ("_growth_and_exits", WITHOUT_DY)]
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for suffix, dy in variants:
        told = [r for r in enumerate(_records(rows)) if _is_told(r[1], suffix)]
        if not told:
            continue
        color = style.INK if suffix else style.ACCENT
        for i, row in told:
            low, high = row[f"at_least{suffix}_pct"], row[f"at_most{suffix}_pct"]
            shapes.append({
                "type": "rect", "x0": low, "x1": max(high, low + 0.4), "y0": i + dy - HALF, "y1": i + dy + HALF, "layer": "above",
                "fillcolor": style.WHITE if suffix else color, "line": {"color": color, "width": 1.5},
            })  # fmt: skip
            notes.append(style.value_label(max(high, low + 0.4), i + dy, _span(low, high), shift_px=8, color=color))
        fig.add_trace(
            go.Scatter(
                x=[row[f"estimate{suffix}_pct"] for _, row in told], y=[i + dy for i, _ in told], mode="markers",
                marker={"symbol": "line-ns", "size": 8, "line": {"color": style.INK, "width": 2.5}},
                customdata=[[_hover(row, suffix), row["code"]] for _, row in told],
                hovertemplate="%{customdata[0]}<extra></extra>",
            )
        )  # fmt: skip
    notes += [
        {
            "x": 0, "y": i + dy, "text": _why_not(row, suffix), "showarrow": False, "xanchor": "left", "yanchor": "middle",
            "font": {"size": 11, "color": style.QUIET},
        }
        for suffix, dy in variants
        for i, row in enumerate(_records(rows))
        if not _is_told(row, suffix) and (suffix == "" or _is_told(row, ""))
    ]  # fmt: skip
    marks = {
        "text": f"<span style='color:{style.ACCENT}'><b>▬ all openings</b></span>&nbsp;&nbsp;&nbsp;<b>▭ without occupation changers"
        "</b><br>from at least to at most; <b>┃</b> shared out in proportion",
        "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 12,
        "align": "left", "showarrow": False, "font": {"size": 12, "color": style.INK},
    }  # fmt: skip
    style.add(fig, shapes=shapes, annotations=[*notes, marks])
    fig.update_xaxes(range=[0, 124], tickvals=[0, 25, 50, 75, 100], showgrid=True, gridcolor=style.GRID)
    return fig


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def _is_told(row: dict[str, Any], suffix: str) -> bool:
    """Whether the row has enough openings and awards for an interval to say something."""
    return row[f"verdict{suffix}"] != "too small"


def _why_not(row: dict[str, Any], suffix: str) -> str:
    if not row[f"openings{suffix}_count" if suffix else "openings_annual_count"]:
        return "no openings"
    return "too small to say" + (" without occupation changers" if suffix else "")


def _span(low: float, high: float) -> str:
    return f"<b>{high:.0f}</b>" if f"{low:.0f}" == f"{high:.0f}" else f"<b>{low:.0f}–{high:.0f}</b>"


def _label(row: Any, scope: Scope) -> str:
    short = SHORT.get(row.verdict, row.verdict)
    name = words.shortened(row.name, LONGEST_LABEL - len(short) - 3)
    label = f"{name} <span style='color:{style.QUIET}'>· {short}</span>"
    return f"<b>{label}</b>" if scope.pathway and row.code == scope.pathway else label


def _hover(row: dict[str, Any], suffix: str) -> str:
    which = "without occupation changers" if suffix else "all openings"
    return (
        f"{row['name']}, {which}<br>at least {row[f'at_least{suffix}_pct']:.0f}, at most {row[f'at_most{suffix}_pct']:.0f} of 100, "
        f"in proportion {row[f'estimate{suffix}_pct']:.0f}<br>{row[f'verdict{suffix}']}"
    )


def _chosen(rows: pd.DataFrame, scope: Scope) -> Any:
    """The row of the chosen pathway or part."""
    return next(r for r in words.each(rows) if r.code == scope.pathway)


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The chosen pathway's interval in both variants; else how many pathways are left with openings in the best case."""
    first = rows.iloc[0]
    place = "" if scope.state == "US" else f" in {words.the(first['state_name'])}"
    if not scope.pathway:
        return (
            f"In {first['left_both_count']} of {first['compared_count']} pathways{place} a twentieth or more of the openings would "
            "be left even if awards went where they fit best, with or without people changing occupation"
        )
    row = _chosen(rows, scope)
    if not row.openings_annual_count:
        return f"There are no yearly openings in {row.name}{place} to set awards against"
    if "too small" in (row.verdict, row.verdict_growth_and_exits):
        return (
            f"{row.name}{place} is too small to say how far awards could go: {words.count(row.openings_annual_count)} openings a "
            f"year and {words.count(row.awards_linked_count)} awards of programs that lead there"
        )
    alike = row.verdict == row.verdict_growth_and_exits
    verdict = f": {SPOKEN.get(row.verdict, row.verdict)}" if alike else ""
    least = "" if round(row.at_least_pct) == round(row.at_most_pct) else f"at least {row.at_least_pct:.0f} and "
    return (
        f"One year’s awards{place} could fill {least}at most {row.at_most_pct:.0f} of every 100 openings in {row.name}, "
        f"{row.at_most_growth_and_exits_pct:.0f} if people changing occupation are left out{verdict}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    row = rows.iloc[0]
    year = int(row["award_year"])
    estimated = "" if scope.state == "US" else ", estimated from the nation’s by employment"
    awards = f"{AWARD_LABELS[scope.awards]} of {year - 1}–{year % 100}"
    return (
        f"Of every 100 yearly openings in {DEMAND_LABELS[scope.demand]} ({row['base_year']}–{(row['base_year'] + 10) % 100}, "
        f"yearly average{estimated}), how many {awards} could fill: at least, when as many awards as possible "
        f"are placed, and at most, if the other jobs wanted nobody. {row['state_name']}."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both intervals of every row, with the verdict."""
    listed = "; ".join(
        f"{r['name']}: {_said(r, '')}, without occupation changers {_said(r, '_growth_and_exits')}"
        for r in _records(rows)
    )
    return f"Intervals of how many of every 100 openings awards could fill. {finding(rows, scope)}. {listed}."


def _said(row: dict[str, Any], suffix: str) -> str:
    if not _is_told(row, suffix):
        return _why_not(row, "")
    return f"{row[f'at_least{suffix}_pct']:.0f} to {row[f'at_most{suffix}_pct']:.0f} ({row[f'verdict{suffix}']})"


def badge(reader: Reader, scope: Scope) -> str:
    """How firm it is that openings are left, and that awards go without a place."""
    of_whole = f"Of the whole pathway {scope.cluster}: " if scope.subcluster else ""
    return of_whole + stability.badge(reader, scope, ("openings left", "awards without a place"))


def nothing(scope: Scope) -> str:
    """Why there is nothing, and where there is."""
    if scope.subcluster:
        return (
            f"{scope.subcluster} has no occupation among {DEMAND_LABELS[scope.demand]}; choose the whole pathway {scope.cluster}, "
            "or all pathways of the United States."
        )
    return f"There are no figures for {scope.cluster or 'this place'}; choose all pathways of the United States."


CHART = Chart(
    id="at-least-at-most",
    question="How few and how many of a pathway’s openings could awards fill?",
    tables=("gap_by_cluster", "gap_stability"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    follows=("pathway",),
    parts=True,
    selects="pathway",
    columns={
        "cluster": "Pathway",
        "name": "Pathway or part",
        "openings_annual_count": "Openings a year",
        "awards_linked_count": "Awards of linked programs",
        "at_least_count": "Could fill at least",
        "at_most_count": "Could fill at most",
        "at_least_pct": "At least, of 100",
        "estimate_pct": "In proportion, of 100",
        "at_most_pct": "At most, of 100",
        "gap_low_count": "Openings left at least",
        "gap_high_count": "Openings left at most",
        "verdict": "In words",
        "openings_growth_and_exits_count": "Growth and exits a year",
        "at_least_growth_and_exits_pct": "At least, of 100 (growth and exits)",
        "estimate_growth_and_exits_pct": "In proportion, of 100 (growth and exits)",
        "at_most_growth_and_exits_pct": "At most, of 100 (growth and exits)",
        "verdict_growth_and_exits": "In words (growth and exits)",
        "note": "Note",
    },
    means="A narrow interval says that the awards have few other places to go; a wide one that it depends on what else the same "
    "programs lead to.",
    means_not="Neither end says where graduates do go: no public record follows them from award to job in every state, and people "
    "also enter these jobs without any award counted here.",
    terms=("yearly opening", "growth and exits", "award", "could fill", "at least", "in words", "pathway"),
)
