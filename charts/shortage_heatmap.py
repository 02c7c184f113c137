"""Where each industry stands in its own history: five indicators and their index as percentiles, industry by industry."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

#: Indicator -> the column's heading in as many lines as fit a phone, and how a person reads a value of it.
INDICATORS: dict[str, tuple[str, str]] = {
    "vacancy_rate": ("vacancy<br>rate", "vacancy rate {:.1f} percent"),
    "vacancies_per_hire": ("vacancies<br>per hire", "{:.2f} vacancies for every hire"),
    "quits_rate": ("quits", "quits {:.1f} percent of jobs"),
    "layoffs_rate": ("layoffs,<br>reversed", "layoffs {:.1f} percent of jobs"),
    "unemployed_per_vacancy": ("people per<br>vacancy,<br>reversed", "{:.2f} unemployed per vacancy"),
    "index": ("<b>index</b>", "index {:.0f}"),
}
#: The scope's window -> the mart's column and its name.
WINDOWS = {"": ("percentile_since_2021", "January 2021"), "2001": ("percentile_since_2001", "January 2001")}
#: Percentiles are cut at fixed places, so that a colour means the same in either window and in every month.
EDGES = (0.0, 20.0, 40.0, 60.0, 80.0, 101.0)
COLOURS = style.step_colours(len(EDGES) - 1)
TOP_PX = 116


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per main industry and indicator, by index; ``harder_pct`` is the percentile in the chosen window, counted
    from the top for layoffs and unemployed per vacancy, so that more is always harder to fill.

    Where an industry's series ended over a year before the newest month, ``harder_pct`` and ``value`` are missing and
    ``note`` says when it ended. ``index_pct`` is the row's industry's index, ``parts_count`` how many parts it rests on,
    ``is_first_in_both`` whether it has the highest index in both windows.
    """
    column, since = WINDOWS[scope.window]
    rows = reader.frame(
        f"""
        WITH main AS (
            SELECT industry_code, title FROM industry
            WHERE industry_code = '900000' OR display_level = 2 AND industry_code NOT LIKE '9%'
        ), newest AS (
            SELECT industry_code, indicator, max(month) AS month, max_by(value, month) AS value,
                   max_by({column}, month) AS percentile, max_by(percentile_since_2001, month) AS since_2001,
                   max_by(percentile_since_2021, month) AS since_2021
            FROM industry_shortage SEMI JOIN main USING (industry_code) GROUP BY ALL
        ), current AS (
            SELECT *, month >= (SELECT max(month) FROM newest) - INTERVAL 12 MONTH AS is_current FROM newest
        ), indexed AS (
            SELECT industry_code, percentile AS index_pct,
                   max(since_2001) OVER () = since_2001 AND max(since_2021) OVER () = since_2021 AS is_first_in_both
            FROM current WHERE indicator = 'index' AND is_current
        ), parts AS (  -- the index rests on the indicators that all its industries have in its month
            SELECT count(*) AS parts_count FROM (
                SELECT indicator FROM industry_shortage SEMI JOIN indexed USING (industry_code)
                WHERE indicator <> 'index' AND month = (SELECT max(month) FROM industry_shortage WHERE indicator = 'index')
                GROUP BY indicator HAVING count(*) = (SELECT count(*) FROM indexed)
            )
        )
        SELECT m.industry_code, m.title, i.indicator, c.month, CASE WHEN c.is_current THEN c.value END AS value,
               CASE WHEN NOT c.is_current THEN NULL
                    WHEN i.indicator IN ('layoffs_rate', 'unemployed_per_vacancy') THEN 100 - c.percentile
                    ELSE c.percentile END AS harder_pct,
               CASE WHEN c.month IS NULL THEN 'not published' WHEN NOT c.is_current
                    THEN 'the series ended in ' || strftime(c.month, '%B %Y') END AS note,
               l.index_pct, p.parts_count, coalesce(l.is_first_in_both, false) AS is_first_in_both
        FROM main m CROSS JOIN (SELECT unnest($indicators) AS indicator, generate_subscripts($indicators, 1) AS place) i
        CROSS JOIN parts p LEFT JOIN current c USING (industry_code, indicator) LEFT JOIN indexed l USING (industry_code)
        ORDER BY l.index_pct DESC NULLS LAST, m.title, i.place
        """,
        {"indicators": list(INDICATORS)},
    )
    return rows.assign(since=pd.Timestamp(since))


def _month(rows: pd.DataFrame) -> pd.Timestamp:
    return rows["month"].max()


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Cells under their headings, an industry's name above its cells; darker is harder to fill."""
    titles = list(dict.fromkeys(rows["title"]))
    strong = rows.loc[rows["industry_code"] == scope.industry, "title"].unique().tolist()
    fig = style.rows(titles, top_px=TOP_PX, right_px=4, strong=strong)
    fig.update_layout(height=int(fig.layout.height) - style.AXIS_PX + 8, margin_b=8)
    order, at = {t: i for i, t in enumerate(titles)}, {c: i for i, c in enumerate(INDICATORS)}
    shapes, texts = [], []
    for r in words.each(rows):
        x, y = at[r.indicator] + 0.5, order[r.title] + style.MARK_DY
        known = not words.missing(r.harder_pct)
        colour = COLOURS[style.step_of(round(r.harder_pct), EDGES)] if known else style.WHITE
        text = f"{r.harder_pct:.0f}" if known else "n/a"
        shapes.append({
            "type": "rect", "x0": x - 0.48, "x1": x + 0.48, "y0": y - 0.22, "y1": y + 0.22, "fillcolor": colour,
            "line": {"width": 0 if known else 1, "color": style.BAND},
        })  # fmt: skip
        texts.append({
            "x": x, "y": y, "text": f"<b>{text}</b>" if known and r.indicator == "index" else text, "showarrow": False,
            "font": {"size": 12, "color": style.ink_on(colour) if known else style.QUIET},
        })  # fmt: skip
    heads = [
        {
            "x": i + 0.5, "y": 1, "yref": "paper", "xanchor": "center", "yanchor": "bottom", "yshift": 4, "showarrow": False,
            "text": heading, "font": {"size": 11, "color": style.INK}, "align": "center",
        }
        for i, (heading, _) in enumerate(INDICATORS.values())
    ]  # fmt: skip
    style.add(fig, shapes=[*shapes, *_scale_shapes()], annotations=[*texts, *heads, *_scale_texts()])
    fig.add_trace(
        go.Scatter(
            x=[at[i] + 0.5 for i in rows["indicator"]], y=[order[t] + style.MARK_DY for t in rows["title"]], mode="markers",
            marker={"size": 22, "opacity": 0}, hovertemplate="%{customdata[0]}<extra></extra>",
            customdata=pd.DataFrame({"hover": [_hover(r) for r in words.each(rows)], "code": rows["industry_code"].to_numpy()}),
        )
    )  # fmt: skip
    fig.update_xaxes(range=[0, len(INDICATORS)], visible=False)
    return fig


def _hover(r: Any) -> str:
    if words.missing(r.harder_pct):
        return f"{r.title}: {r.note}"
    value = INDICATORS[r.indicator][1].format(r.value)
    return f"{r.title}, {words.month(r.month)}: {value}<br>harder than in {r.harder_pct:.0f} of 100 months"


def _scale_shapes() -> list[dict[str, object]]:
    return [
        {
            "type": "rect", "xref": "paper", "yref": "paper", "x0": i / len(COLOURS), "x1": (i + 1) / len(COLOURS) - 0.008,
            "ysizemode": "pixel", "yanchor": 1, "y0": 70, "y1": 82, "fillcolor": colour, "line": {"width": 0},
        }
        for i, colour in enumerate(COLOURS)
    ]  # fmt: skip


def _scale_texts() -> list[dict[str, object]]:
    spans = [f"{low:.0f}–{min(high - 1, 100):.0f}" for low, high in pairwise(EDGES)]
    return [
        _scale_text(0, 84, "<b>easier to fill than in other months</b>"),
        _scale_text(1, 84, "<b>harder</b>", "right"),
        *(_scale_text(i / len(COLOURS), 52, span) for i, span in enumerate(spans)),
    ]


def _scale_text(x: float, up_px: float, text: str, xanchor: str = "left") -> dict[str, object]:
    return {
        "x": x, "y": 1, "xref": "paper", "yref": "paper", "xanchor": xanchor, "yanchor": "bottom", "yshift": up_px, "text": text,
        "showarrow": False, "font": {"size": 11, "color": style.TEXT},
    }  # fmt: skip


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The chosen industry's index, or the highest, in the named window; a superlative only where both windows bear it."""
    since, when = WINDOWS[scope.window][1], words.month(_month(rows))
    own = rows[rows["industry_code"] == scope.industry]
    if len(own) and own["index_pct"].isna().all():
        row = own[own["indicator"] == "vacancies_per_hire"].iloc[0]
        return (
            f"{row['title']}: {row['value']:.2f} vacancies for every hire in {when}, higher than in {row['harder_pct']:.0f} of "
            f"100 months since {since}; it has no index, because too few of its indicators are published"
        )
    row = (own if len(own) else rows).iloc[0]
    others = rows.loc[rows["index_pct"].notna(), ["industry_code", "index_pct"]].drop_duplicates()["index_pct"]
    if len(own):
        return (
            f"{row['title']} stood at {row['index_pct']:.0f} of 100 in {when} on the index of how hard jobs are to fill, "
            f"measured against its own months since {since}; industries ranged from {others.min():.0f} to {others.max():.0f}"
        )
    most = "has the highest index of all industries" if row["is_first_in_both"] else "stood"
    joined = "," if row["is_first_in_both"] else " at"
    return (
        f"Against its own months since {since}, {words.in_sentence(row['title'])} {most}{joined} {row['index_pct']:.0f} of 100 in "
        f"{when} on how hard jobs are to fill; industries ranged from {others.min():.0f} to {others.max():.0f}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period; which way is harder; what the index rests on; where a column is older."""
    people = rows[(rows["indicator"] == "unemployed_per_vacancy") & rows["value"].notna()]
    older = f"; people per vacancy to {words.month(people['month'].max())}" if len(people) else ""
    return (
        f"Percentile of each indicator in the industry’s own months since {WINDOWS[scope.window][1]}. Darker is always harder to "
        "fill: layoffs and unemployed people per vacancy count from the top. Index: the mean of the "
        f"{rows['parts_count'].iloc[0]} that all industries have. United States, {words.month(_month(rows))}{older}."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every industry's percentiles."""
    said = "; ".join(
        f"{title}: " + ", ".join(
            f"{indicator.replace('_', ' ')} {'not available' if words.missing(p) else f'{p:.0f}'}"
            for indicator, p in zip(own["indicator"], own["harder_pct"], strict=True)
        )
        for title, own in rows.groupby("title", sort=False)
    )  # fmt: skip
    return f"Matrix of industries by indicator, as percentiles where more is harder to fill. {finding(rows, scope)}. {said}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether the industry that stands highest, or where the chosen one stands, holds in both windows and by each part."""
    by_window = [frame(reader, scope.but(window=window)) for window in WINDOWS]
    current = by_window[list(WINDOWS).index(scope.window)]
    chosen = current[current["industry_code"] == scope.industry]
    row = (chosen if len(chosen) else current).iloc[0]
    columns = [
        rows[(rows["indicator"] == name) & rows["harder_pct"].notna()].set_index("industry_code")["harder_pct"]
        for rows in by_window
        for name in INDICATORS
    ]
    tried = [values for values in columns if row["industry_code"] in values.index]
    if len(chosen):
        held = sum(values[row["industry_code"]] >= 50 for values in tried)
        claim = f"“{row['title']} finds it harder to fill jobs than in half of its months”"
    else:
        held = sum(values.idxmax() == row["industry_code"] for values in tried)
        claim = f"“{row['title']} stands highest”"
    changes = "" if held in (0, len(tried)) else " (changes with assumptions)"
    return (
        f"{claim} holds under {held} of {len(tried)}{changes}. Assumptions varied: months since 2021 or since 2001, and the index "
        "or one of its indicators alone."
    )


CHART = Chart(
    id="shortage-heatmap",
    question="Where is it harder to fill jobs than it used to be, and by which sign?",
    tables=("industry_shortage", "industry"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    columns={
        "title": "Industry",
        "indicator": "Indicator",
        "month": "Month",
        "value": "Value",
        "harder_pct": "Percentile, more is harder to fill",
        "note": "Note",
    },
    means="Each industry is compared with its own past: 90 means that jobs were easier to fill in 90 of every 100 months of the "
    "window.",
    means_not="It does not say which industry lacks the most people: an industry where jobs are always hard to fill can stand low "
    "against its own past, and the window decides much: since 2021 contains the record vacancies of 2022.",
    terms=("vacancy rate", "vacancy", "hire", "unemployed"),
    nation_only=True,
    follows=("industry",),
    controls=("window",),
    selects="industry",
    shape="matrix",
)
