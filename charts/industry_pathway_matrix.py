"""Which industries a pathway's openings are in: yearly openings of every industry in every pathway."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import stability, style, words
from charts.chart import Chart
from charts.scope import AWARD_LABELS, FRAMEWORK, Scope
from etl.warehouse.read import Reader

#: The columns, in order: industry (JOLTS code, '' for farms, which JOLTS leaves out) and its heading. The headings stand on
#: a stair, each to the right from its column, so the last ones must be short to fit a phone.
INDUSTRIES = {
    "600000": "Education, health",
    "400000": "Trade, transport, utilities",
    "540099": "Business services",
    "230000": "Construction",
    "300000": "Manufacturing",
    "700000": "Leisure, hospitality",
    "510099": "Finance, real estate",
    "810000": "Other services",
    "510000": "Information",
    "900000": "Government",
    "110099": "Mining",
    "": "Farms",
}
#: Percent of a pathway's openings from which on an industry's cell is coloured.
MAIN_PCT = 5.0
#: Classes of what awards could fill at most, of 100; the fewer, the darker.
EDGES = (0.0, 20.0, 40.0, 60.0, 80.0, 101.0)
COLOURS = tuple(reversed(style.step_colours(len(EDGES) - 1)))
STAIR_PX = 15
LEGEND_PX = 62
TOP_PX = LEGEND_PX + STAIR_PX * len(INDUSTRIES) + 10


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway and industry of the nation, pathways with most openings first, then industries with most.

    Openings are of the industry's sectors, public schools and hospitals included, by each sector's share of the occupations'
    jobs. ``at_most_pct`` is what the awards could fill of the *pathway's* openings; the suffix ``_growth_and_exits`` is of
    the variant without people changing occupation. Empty for jobs that the openings by industry are not made for.
    """
    return reader.frame(
        """
        WITH sector AS (
            SELECT naics_sector, industry_code FROM industry_sector JOIN industry USING (industry_code) WHERE display_level = 2
            UNION ALL SELECT '99', '900000'
        ), cell AS (
            SELECT cluster, coalesce(industry_code, '') AS column_code,
                   sum(openings_annual_count) FILTER (demand_variant = 'openings') AS openings_annual_count,
                   sum(openings_annual_count) FILTER (demand_variant = 'growth_and_exits') AS openings_growth_and_exits_count,
                   sum(share_pct) FILTER (demand_variant = 'openings') AS share_pct, any_value(base_year) AS base_year
            FROM industry_cluster_openings LEFT JOIN sector USING (naics_sector)
            WHERE framework = $framework AND demand = $demand
            GROUP BY ALL
        ), gap AS (
            SELECT cluster, any_value(award_year) AS award_year,
                   max(openings_annual_count) FILTER (demand_variant = 'openings') AS pathway_openings_count,
                   max(100.0 * at_most_count / nullif(openings_annual_count, 0)) FILTER (demand_variant = 'openings')
                       AS at_most_pct,
                   max(100.0 * at_most_count / nullif(openings_annual_count, 0)) FILTER (demand_variant = 'growth_and_exits')
                       AS at_most_growth_and_exits_pct
            FROM gap_by_cluster
            WHERE framework = $framework AND demand = $demand AND awards = $awards AND state_fips = '00' AND subcluster IS NULL
            GROUP BY ALL
        )
        SELECT c.*, g.* EXCLUDE (cluster), CASE column_code WHEN '' THEN 'Agriculture' ELSE i.title END AS industry
        FROM cell c JOIN gap g USING (cluster) LEFT JOIN industry i ON i.industry_code = column_code
        WHERE pathway_openings_count > 0
        ORDER BY pathway_openings_count DESC, c.cluster, openings_annual_count DESC, column_code
        """,
        {"framework": FRAMEWORK, "demand": scope.demand, "awards": scope.awards},
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """A pathway's name above its cells, an industry's on the stair above its column; counts in thousands."""
    pathways = rows.drop_duplicates("cluster")
    labels = [
        f"{'<b>' if r.cluster == scope.cluster else ''}{r.cluster}{'</b>' if r.cluster == scope.cluster else ''} "
        f"<span style='color:{style.QUIET}'>· {r.at_most_pct:.0f} to {r.at_most_growth_and_exits_pct:.0f} of 100</span>"
        for r in words.each(pathways)
    ]
    fig = style.rows(labels, top_px=TOP_PX, right_px=14)
    fig.update_layout(height=int(fig.layout.height) - style.AXIS_PX + 8, margin_b=8)
    place = {code: i for i, code in enumerate(INDUSTRIES)}
    order = {cluster: i for i, cluster in enumerate(pathways["cluster"])}
    shapes, texts = [], []
    for r in words.each(rows):
        x, y = place[r.column_code] + 0.5, order[r.cluster] + style.MARK_DY
        main = r.share_pct >= MAIN_PCT
        colour = COLOURS[style.step_of(round(r.at_most_pct), EDGES)] if main else style.WHITE
        shapes.append(_cell(x, y, colour, main=main, chosen=bool(scope.industry) and r.column_code == scope.industry))
        texts.append({
            "x": x, "y": y, "text": _thousands(r.openings_annual_count), "showarrow": False,
            "font": {"size": 11, "color": style.ink_on(colour) if main else style.QUIET},
        })  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=[place[c] + 0.5 for c in rows["column_code"]], y=[order[c] + style.MARK_DY for c in rows["cluster"]],
            mode="markers", marker={"size": 20, "opacity": 0}, hovertemplate="%{customdata[0]}<extra></extra>",
            customdata=pd.DataFrame({"hover": [_hover(r) for r in words.each(rows)], "cluster": rows["cluster"].to_numpy()}),
        )
    )  # fmt: skip
    stair_lines, stair_texts = _stair(scope.industry)
    legend_shapes, legend_texts = _legend()
    style.add(
        fig,
        shapes=[*shapes, *stair_lines, *legend_shapes],
        annotations=[*texts, *stair_texts, *legend_texts],
    )
    fig.update_xaxes(range=[0, len(INDUSTRIES)], visible=False)
    return fig


def _cell(x: float, y: float, colour: str, *, main: bool, chosen: bool) -> dict[str, Any]:
    """A cell: coloured where the industry is a main one of the pathway, in a dark frame where it is the chosen one."""
    line = {"width": 2, "color": style.INK} if chosen else {"width": 0 if main else 1, "color": style.GRID}
    return {
        "type": "rect", "x0": x - 0.47, "x1": x + 0.47, "y0": y - 0.2, "y1": y + 0.22, "fillcolor": colour, "line": line,
    }  # fmt: skip


def _thousands(openings: float) -> str:
    """Thousands in at most four characters: 842, 9.5, <0.1.

    >>> [_thousands(n) for n in (841_724, 9_500, 16)]
    ['842', '9.5', '<0.1']
    """
    if openings < 50:
        return "<0.1"
    return f"{openings / 1000:.1f}" if openings < 9_950 else f"{openings / 1000:.0f}"


def _hover(r: Any) -> str:
    return (
        f"{r.cluster} in {words.in_sentence(r.industry)}: {words.count(r.openings_annual_count)} openings a year, "
        f"{words.count(r.openings_growth_and_exits_count)} without occupation changers<br>{r.share_pct:.0f} of every 100 of the "
        f"pathway; awards could fill at most {r.at_most_pct:.0f} to {r.at_most_growth_and_exits_pct:.0f} of 100 of the pathway"
    )


def _stair(chosen: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Headings that descend to the right, each with a line down to its column: none crosses another at any width."""
    lines, texts = [], []
    for i, (code, name) in enumerate(INDUSTRIES.items()):
        up = 6 + STAIR_PX * (len(INDUSTRIES) - 1 - i)
        bold = code == chosen and chosen
        lines.append({
            "type": "line", "x0": i + 0.05, "x1": i + 0.05, "yref": "paper", "ysizemode": "pixel", "yanchor": 1, "y0": 0,
            "y1": up + 12, "line": {"width": 1, "color": style.INK if bold else style.BAND},
        })  # fmt: skip
        texts.append({
            "x": i + 0.05, "y": 1, "yref": "paper", "xanchor": "left", "yanchor": "bottom", "xshift": 3, "yshift": up - 3,
            "text": f"<b>{name}</b>" if bold else name, "showarrow": False, "font": {"size": 11, "color": style.INK},
        })  # fmt: skip
    return lines, texts


def _legend() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    above = TOP_PX - LEGEND_PX
    shapes = [
        {
            "type": "rect", "xref": "paper", "yref": "paper", "x0": i / len(COLOURS), "x1": (i + 1) / len(COLOURS) - 0.008,
            "ysizemode": "pixel", "yanchor": 1, "y0": above + 30, "y1": above + 42, "fillcolor": colour, "line": {"width": 0},
        }
        for i, colour in enumerate(COLOURS)
    ]  # fmt: skip
    spans = [f"{low:.0f}–{min(high - 1, 100):.0f}" for low, high in pairwise(EDGES)]
    heading = "<b>Of 100 of the pathway’s openings, awards could fill</b>"
    return shapes, [
        _legend_text(0, above + 44, heading),
        *(_legend_text(i / len(COLOURS), above + 12, t) for i, t in enumerate(spans)),
    ]


def _legend_text(x: float, up_px: float, text: str) -> dict[str, Any]:
    return {
        "x": x, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": up_px, "text": text,
        "showarrow": False, "font": {"size": 11, "color": style.TEXT},
    }  # fmt: skip


def _headline_cell(rows: pd.DataFrame, scope: Scope) -> Any:
    """The cell of the chosen industry and pathway; what is not chosen is where most openings are."""
    own = rows[(rows["cluster"] == scope.cluster) | (not scope.cluster)]
    own = own[(own["column_code"] == scope.industry) | (not scope.industry)]
    return own.sort_values("openings_annual_count", ascending=False, kind="stable").iloc[0] if len(own) else None


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The cell of most openings in view, and what awards could fill of its pathway, in both variants."""
    row = _headline_cell(rows, scope)
    if row is None:
        return f"There are no yearly openings of the pathway {scope.cluster} in {INDUSTRIES[scope.industry].casefold()}"
    industry, cluster = words.in_sentence(row["industry"]), row["cluster"]
    openings, of_all = words.short_count(row["openings_annual_count"]), words.short_count(row["pathway_openings_count"])
    return (
        f"Employers in {industry} have {openings} of {of_all} yearly openings in {cluster}; one year’s awards could fill at most "
        f"{row['at_most_pct']:.0f} of every 100 in the pathway, {row['at_most_growth_and_exits_pct']:.0f} if people changing "
        "occupation are left out"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period, and what the columns are."""
    row = rows.iloc[0]
    year = int(row["award_year"])
    return (
        f"Thousands of openings a year, {row['base_year']}–{(row['base_year'] + 10) % 100}, by pathway (rows) and industry sectors "
        "(columns; public schools and hospitals stand in education and health). Coloured where an industry has at least 5 of 100 "
        f"of a pathway’s openings. United States, awards {year - 1}–{year % 100}: {AWARD_LABELS[scope.awards]}."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """The three industries with most openings of every pathway."""
    said = "; ".join(f"{cluster}: {_three(own)}" for cluster, own in rows.groupby("cluster", sort=False))
    return (
        f"Matrix of yearly openings by pathway and industry. {finding(rows, scope)}. Most openings by pathway: {said}."
    )


def _three(own: pd.DataFrame) -> str:
    names = [f"{words.in_sentence(r.industry)} {words.count(r.openings_annual_count)}" for r in words.each(own.head(3))]
    return words.listed(names)


def badge(reader: Reader, scope: Scope) -> str:
    """How firm it is that awards could fill but a part of the pathway's openings, in the nation."""
    return stability.badge(reader, scope.but(state="US"), ("fills under half", "openings left"))


def nothing(scope: Scope) -> str:  # noqa: ARG001
    """Why there is nothing to show."""
    return (
        "Openings by industry and pathway are made for career-training jobs and middle-skill jobs, for the United States; choose "
        "one of these under Assumptions."
    )


CHART = Chart(
    id="industry-pathway-matrix",
    question="Which pathways feed which industries?",
    tables=("industry_cluster_openings", "gap_by_cluster", "industry"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    columns={
        "cluster": "Pathway",
        "industry": "Industry sectors",
        "openings_annual_count": "Openings a year",
        "openings_growth_and_exits_count": "of these growth and exits",
        "share_pct": "Percent of the pathway’s openings",
        "at_most_pct": "Awards could fill at most, of 100 of the pathway’s",
        "at_most_growth_and_exits_pct": "At most, of 100 (growth and exits)",
    },
    means="Read along a row to see which industries a pathway feeds, down a column to see which pathways an industry hires from.",
    means_not="Awards are not counted by industry: the colour is of the whole pathway. Openings are shared out by where the "
    "occupations’ jobs are today; rows overlap, because an occupation may be in several pathways, and are never added up.",
    terms=("yearly opening", "growth and exits", "award", "career-training job", "pathway", "could fill"),
    nation_only=True,
    follows=("pathway",),
    selects="pathway",
    shape="matrix",
)
