"""Which programs to look at first: room for more awards, and the pay of the jobs they lead to."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader

#: Dots drawn, largest programs first; the table has all.
DRAWN = 150
#: Labels tried, largest programs of each group in turn; those that would cover another are left out.
LABELLED = 12
LONGEST_LABEL = 27
PLOT_PX = 520
#: The share of the plot's height, from the top, that programs with room take.
ROOM_SHARE = 0.62
#: What the region's names take at the top of a band.
HEAD = 0.045
#: Area of a dot, in square pixels, of the largest program drawn; the smallest is not below the second.
LARGEST_PX2, SMALLEST_PX2 = 900.0, 30.0
#: What the badge varies: the line between pay that is and is not enough, times the median, and the least awards a year.
LINES, LEAST_AWARDS = (0.9, 1.0, 1.1), (10, 25, 50)


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per reviewed program of the area (that leads to an occupation of the pathway), most awards first.

    The counts of each group stand in every row: ``scale_count``, ``sustain_count``, ``transform_count``, ``examine_count``.
    """
    return reader.frame(
        """
        WITH leads AS (
            SELECT DISTINCT cip_code FROM occupation_link
            WHERE $pathway = '' OR soc_code IN (SELECT soc_code FROM occupation_pathway WHERE framework = $framework
                                                AND cluster = $pathway)
        )
        SELECT r.cip_code, p.title, r.awards_mean_count, r.openings_linked_count, r.has_room, r.wage_linked_usd, r.wage_ratio,
               r.review, r.reason, r.award_year, s.state_name, count(*) OVER () AS reviewed_count,
               count(*) FILTER (WHERE review = 'candidate to scale') OVER () AS scale_count,
               count(*) FILTER (WHERE review = 'sustain') OVER () AS sustain_count,
               count(*) FILTER (WHERE review = 'candidate to transform') OVER () AS transform_count,
               count(*) FILTER (WHERE review = 'examine') OVER () AS examine_count
        FROM program_review r JOIN leads USING (cip_code) JOIN program p USING (cip_code) JOIN state s USING (state_fips)
        WHERE s.state_abbr = $state AND r.review <> 'not reviewed'
        ORDER BY r.awards_mean_count DESC, r.cip_code
        """,
        {"state": scope.state, "pathway": scope.cluster, "framework": FRAMEWORK},
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """Pay across, room up: filled above the line where one more award could be placed, hollow below it where not."""
    shown = rows.head(DRAWN)
    ratio = shown["wage_ratio"].astype(float)
    low, high = min(0.55, float(ratio.min())), max(1.6, float(ratio.max()))
    pad = 0.06 * (high - low)
    x0, x1 = low - pad, high + pad
    height = _height(shown)
    under = ratio < 1
    fig = style.base(PLOT_PX + 96, top_px=44, left_px=4, right_px=8)
    fig.update_layout(margin_b=style.AXIS_PX + 24)
    colours = [style.ACCENT if bad else style.TEXT for bad in under]
    size = _diameter_px(shown)
    fig.add_trace(
        go.Scatter(
            x=ratio, y=height, mode="markers",
            marker={
                "size": size,
                "color": [k if room else style.WHITE for k, room in zip(colours, shown["has_room"], strict=True)],
                "line": {"color": [style.WHITE if room else k for k, room in zip(colours, shown["has_room"], strict=True)],
                         "width": [1 if room else 2 for room in shown["has_room"]]},
                "opacity": 0.85,
            },
            customdata=[[f"{r.title}<br>{r.review}: {words.count(r.awards_mean_count)} awards a year, jobs pay "
                         f"{r.wage_ratio:.2f} times the median"] for r in words.each(shown)],
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )  # fmt: skip
    style.add(
        fig,
        shapes=[
            *({"type": "line", "x0": 1, "x1": 1, "y0": bottom, "y1": top - HEAD, "line": {"color": style.INK, "width": 1},
               "layer": "below"} for bottom, top in ((0, 1 - ROOM_SHARE), (1 - ROOM_SHARE, 1))),
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 1 - ROOM_SHARE, "y1": 1 - ROOM_SHARE,
             "line": {"color": style.INK, "width": 1}, "layer": "below"},
        ],
        annotations=[*_regions(rows), *_labels(shown, ratio, height, size, x0, x1), *_axis_texts()],
    )  # fmt: skip
    fig.update_xaxes(range=[x0, x1], tickvals=[t for t in (0.5, 1, 1.5, 2, 2.5, 3, 4) if x0 < t < x1], tickangle=0)
    fig.update_yaxes(range=[0, 1], showticklabels=False)
    return fig


def _diameter_px(shown: pd.DataFrame) -> pd.Series:
    """[program] diameter of its dot, whose area is its awards a year."""
    area = shown["awards_mean_count"].astype(float) / float(shown["awards_mean_count"].max()) * LARGEST_PX2
    return (area.clip(lower=SMALLEST_PX2) * 4 / np.pi) ** 0.5


def _height(shown: pd.DataFrame) -> pd.Series:
    """[program] place up the plot, 0 to 1: in the upper band where there is room, in the lower where not; within a band by
    the rank of its linked openings per award."""
    per_award = shown["openings_linked_count"].astype(float) / shown["awards_mean_count"].astype(float)
    rank = per_award.groupby(shown["has_room"]).rank(method="first")
    share = (rank - 0.5) / shown.groupby("has_room")["has_room"].transform("size")
    edge, gap = 1 - ROOM_SHARE, 0.05
    above = edge + gap + share * (ROOM_SHARE - 2.4 * gap)
    below = gap + share * (edge - 2.4 * gap)
    return above.where(shown["has_room"].astype(bool), below).astype(float)


def _regions(rows: pd.DataFrame) -> list[dict[str, object]]:
    """The names of the four regions with their counts, in their corners."""
    first = rows.iloc[0]
    corners = (
        ("candidates to transform", first["transform_count"], 0, 1, style.ACCENT),
        ("candidates to scale", first["scale_count"], 1, 1, style.TEXT),
        ("to examine", first["examine_count"], 0, 1 - ROOM_SHARE, style.ACCENT),
        ("to sustain", first["sustain_count"], 1, 1 - ROOM_SHARE, style.TEXT),
    )
    return [
        {
            "text": f"<b>{count} {name}</b>", "x": x, "xref": "paper", "xanchor": "right" if x else "left", "y": y, "yref": "y",
            "yanchor": "top", "showarrow": False, "font": {"size": 12, "color": colour},
        }
        for name, count, x, y, colour in corners
    ]  # fmt: skip


def short_title(title: str) -> str:
    """A program's title for a tight place: its first name where it has two, and no "General"; more than a word where it has.

    >>> short_title("Welding Technology/Welder"), short_title("Medical/Clinical Assistant")
    ('Welding Technology', 'Medical/Clinical Assistant')
    >>> short_title("Heating, Ventilation, Air Conditioning and Refrigeration Engineering")
    'Heating, Ventilation'
    """
    name, *more = title.split(" (")[0].split(", ")
    if more and not set(name) & {" ", "/"} and more[0] != "General":
        name = f"{name}, {more[0]}"
    first, _, second = name.partition("/")
    short = words.shortened(first if len(second.split()) <= len(first.split()) else name, LONGEST_LABEL)
    return f"{first} …" if len(short.split()) == 2 and short.endswith("…") else short


def _labels(
    shown: pd.DataFrame, x: pd.Series, y: pd.Series, size: pd.Series, x0: float, x1: float
) -> list[dict[str, object]]:
    """Names of the largest programs, the groups taking turns; one that would cover another's name, or several dots, is left
    out."""
    turn = shown.groupby("review").cumcount()
    order = turn.sort_values(kind="stable").index[:LABELLED]
    order = order.append(shown.index.difference(order))
    names = [short_title(str(shown.at[i, "title"])) if n < LABELLED else "" for n, i in enumerate(order)]
    across, down = (x[order] - x0) / (x1 - x0), 1 - y[order]
    plots = [(style.NARROW_PX - 12.0, float(PLOT_PX)), style.PICTURE_PLOT_PX]
    places = style.beside(across.tolist(), down.tolist(), names, plots, blocked=_region_boxes, covers=1)
    return [
        {
            "x": x[i], "y": y[i], "text": name, "showarrow": False, "xanchor": at.xanchor, "yanchor": "middle",
            "xshift": at.dx + np.sign(at.dx) * max(0.0, size[i] / 2 - 7), "yshift": -at.dy,
            "font": {"size": 12, "color": style.INK},
        }
        for i, name, at in zip(order, names, places, strict=True)
        if at
    ]  # fmt: skip


def _region_boxes(width: float, height: float) -> list[style.Box]:
    """Where the names of the regions, and the line between the bands, stand in a plot."""
    line = ROOM_SHARE * height
    names = [(left, top, left + 150, top + 18) for left in (0.0, width - 150.0) for top in (0.0, line)]
    return [*names, (0.0, line - 1, width, line + 1)]


def _axis_texts() -> list[dict[str, object]]:
    quiet = {"size": 12, "color": style.QUIET}
    shared = {"showarrow": False, "xref": "paper", "yref": "paper", "font": quiet, "align": "left"}
    return [
        {
            "text": "↑ room: one more award could be placed<br>(within a band: more openings for each award)", "x": 0, "y": 1,
            "xanchor": "left", "yanchor": "bottom", "yshift": 6, **shared,
        },
        {
            "text": "pay of its jobs, times the area’s median (line: 1) →", "x": 1, "y": 0, "xanchor": "right", "yanchor": "top",
            "yshift": -22, **shared,
        },
    ]  # fmt: skip


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The counts of the group to look at first, and of the largest other."""
    first = rows.iloc[0]
    reviewed, transform = int(first["reviewed_count"]), int(first["transform_count"])
    what = f"leading to {scope.cluster} " if scope.cluster else ""
    place = "" if scope.state == "US" else f" in {words.the(first['state_name'])}"
    programs = "program" if reviewed == 1 else "programs"
    start = f"Of {reviewed} {programs} {what}reviewed{place}"
    scale = int(first["scale_count"])
    if not transform:
        return (
            f"{start}, 0 lead on average to jobs under the median wage where more awards could be placed; "
            f"{scale} {'is a candidate' if scale == 1 else 'are candidates'} to scale"
        )
    one = transform == 1
    return (
        f"{start}, {transform} {'leads' if one else 'lead'} on average to jobs under the median wage though more awards could be "
        f"placed: {'a candidate' if one else 'candidates'} to transform"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period; and that it is a screen."""
    first = rows.iloc[0]
    year = int(first["award_year"])
    drawn = f"The {DRAWN} largest are drawn. " if len(rows) > DRAWN else ""
    return (
        f"A labour-market screen, not a verdict on quality. {first['state_name']}; certificates and associate degrees, mean of "
        f"{year - 3}–{(year - 2) % 100:02d} to {year - 1}–{year % 100:02d}, a dot’s area; programs with at least 10 a year. {drawn}"
        "Across: median pay of the jobs a program leads to."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The four groups and the largest programs."""
    first = rows.iloc[0]
    largest = "; ".join(
        f"{r.title}: {words.count(r.awards_mean_count)} awards a year, pay {r.wage_ratio:.2f} times the median, {r.review}"
        for r in words.each(rows.head(10))
    )
    return (
        f"Scatter plot of programs by pay and room. {finding(rows, scope)}. {first['scale_count']} to scale, "
        f"{first['sustain_count']} to sustain, {first['transform_count']} to transform, {first['examine_count']} to examine. "
        f"The largest: {largest}."
    )


def badge(reader: Reader, scope: Scope) -> str:
    """Whether most programs lead to the median or more wherever the two cuts are set, and how the count to transform moves."""
    rows = frame(reader, scope)
    tried = [
        (kept["wage_ratio"] >= line, int(((kept["wage_ratio"] < line) & kept["has_room"]).sum()))
        for line, least in product(LINES, LEAST_AWARDS)
        if len(kept := rows[rows["awards_mean_count"] >= least])
    ]
    if not tried:
        return "Not tried under other cuts: no program is reviewed here."
    held = sum(bool(pays.mean() > 0.5) for pays, _ in tried)
    counts = [count for _, count in tried]
    return (
        f"“More of these programs lead to jobs that pay the median than to jobs under it” holds under {held} of {len(tried)}"
        f"{'' if held in (0, len(tried)) else ' (changes with assumptions)'}; candidates to transform run from {min(counts)} to "
        f"{max(counts)}. Assumptions varied: the line at {LINES[0]}, {LINES[1]:.0f} and {LINES[2]} times the median, and "
        "programs of "
        f"at least {words.listed([str(n) for n in LEAST_AWARDS])} awards a year."
    )


def nothing(scope: Scope) -> str:
    """Why there is nothing to show."""
    what = f"leading to {scope.cluster} " if scope.cluster else ""
    return (
        f"No program {what}has 10 awards a year here and jobs with published pay, so there is nothing to review; the "
        "United States has programs in every pathway."
    )


CHART = Chart(
    id="program-review",
    question="Which programs have room to grow, and do the jobs they lead to pay?",
    tables=("program_review", "program", "occupation_link", "occupation_pathway"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    follows=("pathway",),
    shape="scatter",
    columns={
        "cip_code": "CIP",
        "title": "Program",
        "review": "Screen",
        "awards_mean_count": "Awards a year, three-year mean",
        "openings_linked_count": "Yearly openings of all jobs it leads to",
        "wage_linked_usd": "Median pay of these jobs, dollars a year",
        "wage_ratio": "Times the area’s median",
        "reason": "Why",
    },
    means="It shows where a conversation between employers and colleges could begin: scale what pays and has room, transform what "
    "has room but leads to low pay.",
    means_not="It is a labour-market screen, not a verdict on quality: it says nothing of teaching, of what graduates earn or of "
    "what a community needs; all jobs the federal list links count, and so most programs have room.",
    terms=("award", "yearly opening", "CIP"),
)
