"""How long the awards of each pathway take, beside its yearly openings."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.pathway_indicators import (
    COUNTED,
    NO_FIGURE,
    VARIED,
    award_years,
    awards_by_assumption,
    by_pathway,
    held,
    pathways,
    spoken_of,
)
from charts.scope import Scope
from etl.warehouse.read import Reader


class Length(NamedTuple):
    """An award length: its column, its name, and how its part of a bar is filled."""

    column: str
    name: str
    colour: str
    pattern: str


#: From shortest to longest, from light to dark; neighbours differ by a pattern too.
LENGTHS = (
    Length("length_under_12_weeks_pct", "under 12 weeks", style.STEPS[0], ""),
    Length("length_12_weeks_to_1_year_pct", "12 weeks to 1 year", style.STEPS[1], "/"),
    Length("length_1_to_2_years_pct", "1 to 2 years", style.STEPS[2], ""),
    Length("length_2_to_4_years_pct", "2 to 4 years", style.STEPS[4], "\\"),
    Length("length_associate_pct", "associate degree", style.STEPS[5], ""),
)
#: A part of a bar this wide carries its value.
LEAST_LABELLED = 9
KEY_PX = 20


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway, most openings first, and a last one, ``cluster`` 'all', for the place as a whole.

    The lengths are percent of the pathway's awards and add up to 100; ``under_one_year_pct`` is the two shortest together.
    """
    rows = by_pathway(reader, scope, [length.column for length in LENGTHS])
    short = rows["length_under_12_weeks_pct"] + rows["length_12_weeks_to_1_year_pct"]
    return rows.assign(under_one_year_pct=short)


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Bars of 100, a part per length, with its value where there is room."""
    shown = pathways(rows)
    labels = [
        f"{f'<b>{r.cluster}</b>' if r.cluster == scope.cluster else r.cluster} "
        f"<span style='color:{style.QUIET}'>· {words.label_count(r.openings_annual_count)} openings</span>"
        for r in words.each(shown)
    ]
    fig = style.rows(labels, top_px=3 * KEY_PX + 16)
    at = pd.Series([i + style.MARK_DY + 0.02 for i in range(len(shown))], index=shown.index)
    known = shown[LENGTHS[0].column].notna()
    for length in LENGTHS:
        fig.add_trace(
            go.Bar(
                x=shown.loc[known, length.column].astype(float), y=at[known], orientation="h", width=0.44, meta=length.name,
                customdata=shown.loc[known, ["cluster"]],
                hovertemplate="%{customdata[0]}<br>%{meta}: %{x:.0f} of 100 awards<extra></extra>", marker=_filled(length),
            )
        )  # fmt: skip
    values = [text for row, y in zip(words.each(shown), at, strict=True) for text in _values(row, y)]
    style.add(fig, annotations=[*values, *_key()], shapes=_swatches())
    fig.update_layout(barmode="stack", bargap=0)
    # A hair over 100, for the parts are not whole numbers.
    fig.update_xaxes(range=[0, 100.5], tickvals=[0, 25, 50, 75, 100])
    return fig


def _filled(length: Length) -> dict[str, object]:
    marker: dict[str, object] = {"color": length.colour, "line": {"color": style.MARK, "width": 1}}
    if length.pattern:
        marker["pattern"] = {
            "shape": length.pattern, "size": 7, "fgcolor": style.WHITE, "bgcolor": length.colour, "solidity": 0.18,
        }  # fmt: skip
    return marker


def _values(row: pd.Series, y: float) -> list[dict[str, object]]:
    """The values of a bar's wider parts, each in its middle; or that there is nothing."""
    if words.missing(row.under_one_year_pct):
        return [style.value_label(0, y, "no awards in the record", shift_px=4)]
    texts, left = [], 0.0
    for length in LENGTHS:
        value = getattr(row, length.column)
        if value >= LEAST_LABELLED:
            texts.append({
                "x": left + value / 2, "y": y, "text": f"<b>{value:.0f}</b>", "showarrow": False,
                "font": {"size": 12, "color": style.ink_on(length.colour)},
                **({"bgcolor": length.colour, "borderpad": 1} if length.pattern else {}),
            })  # fmt: skip
        left += value
    return texts


def _places() -> list[tuple[float, int]]:
    """Where the key's entries stand, as share of the width and line from the top; two a line, as on a phone."""
    return [(0.5 * (i % 2), i // 2) for i in range(len(LENGTHS))]


def _key() -> list[dict[str, object]]:
    return [
        {
            "x": x, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "middle", "xshift": 20,
            "yshift": KEY_PX * (2.5 - line) + 10, "text": length.name, "showarrow": False,
            "font": {"size": 12, "color": style.TEXT},
        }
        for (x, line), length in zip(_places(), LENGTHS, strict=True)
    ]  # fmt: skip


def _swatches() -> list[dict[str, object]]:
    """A square per length before its name, framed so that the light ones can be seen; crossed where the bar is."""
    shapes: list[dict[str, object]] = []
    for (x, line), length in zip(_places(), LENGTHS, strict=True):
        middle = KEY_PX * (2.5 - line) + 10
        box = {
            "xref": "paper", "yref": "paper", "xsizemode": "pixel", "ysizemode": "pixel", "xanchor": x, "yanchor": 1,
            "x0": 1, "x1": 14, "y0": middle - 6, "y1": middle + 6,
        }  # fmt: skip
        shapes.append({**box, "type": "rect", "fillcolor": length.colour, "line": {"color": style.QUIET, "width": 1}})
        if length.pattern:
            up = length.pattern == "/"
            ends = {"y0": middle - 6, "y1": middle + 6} if up else {"y0": middle + 6, "y1": middle - 6}
            shapes.append({**box, **ends, "type": "line", "line": {"color": style.WHITE, "width": 2}})
    return shapes


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """How many take under a year and how many are degrees; for all awards, that of the pathway with the first row too."""
    row = spoken_of(rows, scope)
    place = "" if scope.state == "US" else f" in {words.the(row['state_name'])}"
    jobs = row["cluster"] if scope.cluster else "career-training jobs"
    if words.missing(row["under_one_year_pct"]):
        return f"There are no awards{place} that lead to {jobs}, in the record"
    return (
        f"Of every 100 awards{place} that lead to {jobs}, {row['under_one_year_pct']:.0f} take under a year and "
        f"{row['length_associate_pct']:.0f} are associate degrees; these jobs have "
        f"{words.short_count(row['openings_annual_count'])} yearly openings"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    row = rows.iloc[0]
    estimated = "" if scope.state == "US" else ", estimated from the nation’s by employment"
    return (
        f"{COUNTED.capitalize()} by their length, of every 100 of the pathway. {row['state_name']}, awards "
        f"{award_years(int(row['award_year']))}. In grey: yearly openings {row['base_year']}–{(row['base_year'] + 10) % 100} "
        f"in career-training jobs{estimated}; most openings first."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The mix of every pathway."""
    listed = "; ".join(
        f"{r.cluster} no awards"
        if words.missing(r.under_one_year_pct)
        else f"{r.cluster} {', '.join(f'{getattr(r, part.column):.0f} {part.name}' for part in LENGTHS)}"
        for r in words.each(pathways(rows))
    )
    return f"Stacked bars of award lengths, of every 100 awards, by pathway. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether it is at least half under a year under other assumptions too."""
    own = spoken_of(frame(reader, scope), scope)["under_one_year_pct"]
    if words.missing(own):
        return NO_FIGURE
    tried = awards_by_assumption(reader, scope)
    if scope.cluster:
        tried = tried[tried["cluster"] == scope.cluster]
    sums = tried.groupby(["award_year", "demand", "is_split_alike"])[["under_one_year_count", "awards_count"]].sum()
    is_most = own >= 50
    jobs = scope.cluster or "career-training jobs"
    return held(
        f"{'At least' if is_most else 'Under'} half of the awards that lead to {jobs} take under a year",
        (sums["under_one_year_count"] >= sums["awards_count"] / 2) == is_most,
        VARIED,
    )


CHART = Chart(
    id="award-length",
    question="How long do the awards of each pathway take?",
    tables=("gap_by_cluster",),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    follows=("pathway",),
    selects="pathway",
    columns={
        "cluster": "Pathway",
        **{length.column: f"{length.name[0].upper()}{length.name[1:]}, of 100" for length in LENGTHS},
        "openings_annual_count": "Openings a year",
        "openings_growth_and_exits_count": "Growth and exits a year",
    },
    means="Short awards are first steps that can be taken beside a job; a pathway with several lengths lets people go on in steps.",
    means_not="Shorter is not better or worse: what a short award is worth to employers is for them to say. Lengths are as the "
    "institution classes full-time study; part-time students take longer. Awards that lead to several occupations are shared "
    "out by their openings.",
    terms=("award", "career-training job", "pathway", "yearly opening", "growth and exits"),
)
