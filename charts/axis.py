"""The chart that every principle page has: how hard a pathway's industries find it to hire, against the principle's proxy.

The five charts differ in their proxy alone, so each of their files names the proxy and this one draws it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader

#: The scope's indicator -> the table's, what it is called on the axis, and how a sentence says a value of it.
INDICATORS: dict[str, tuple[str, str, str]] = {
    "": ("vacancies_per_hire", "vacancies per hire in the pathway’s industries", "{:.2f} vacancies for every hire"),
    "vacancy_rate": (
        "vacancy_rate",
        "vacancy rate in the pathway’s industries, percent",
        "a vacancy rate of {:.1f} percent",
    ),
    "index": (
        "index",
        "index of up to five indicators in the pathway’s industries, since 2021",
        "an index of {:.0f} of 100 since 2021",
    ),
}
TABLES = ("pathway_industry_shortage",)
PLOT_PX = 460


def axis_chart(
    *,
    id: str,  # noqa: A002
    question: str,
    tables: tuple[str, ...],
    proxy: Callable[[Reader, Scope], pd.DataFrame],
    axis: str,
    says: Callable[[Any], str],
    column: str,
    means: str,
    means_not: str,
    more_columns: Mapping[str, str] | None = None,
    line: tuple[float, str] | None = None,
    terms: tuple[str, ...] = (),
) -> Chart:
    """A scatter of the pathways: the shortage of their industries against a proxy of a principle.

    ``proxy`` gives one row per pathway: ``cluster``, ``proxy_value`` (NULL where it is not known) and the columns that
    ``more_columns`` names (column -> heading). ``axis`` names the proxy on its axis, ``column`` in the table; ``says``
    gives a row's value of it in words, with numbers that stand in the row. ``line`` is a value of the proxy to mark, and its
    label. Industries' figures are the nation's, and the sentences say so; the proxy is the place's.
    """

    def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
        rows = _shortage(reader, scope)
        # A pathway that the proxy has twice would be an error here.
        beside = proxy(reader, scope).set_index("cluster").reindex(rows["cluster"]).reset_index(drop=True)
        rows = pd.concat([rows, beside], axis=1)
        place = reader.rows("SELECT state_name FROM state WHERE state_abbr = ?", [scope.state])
        if not place or rows["proxy_value"].isna().all():
            return rows.iloc[:0]
        return rows.assign(state_name=place[0][0])

    def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
        return _scatter(rows, scope, axis, line)

    def finding(rows: pd.DataFrame, scope: Scope) -> str:
        own = rows[rows["cluster"] == scope.cluster]
        known = rows[rows["proxy_value"].notna()]
        leading = known[known["is_comparable"]]
        row = (own if len(own) else leading if len(leading) else known).iloc[0]
        value = INDICATORS[scope.indicator][2].format(row["shortage_value"])
        place = "" if scope.state == "US" else f" in {words.the(row['state_name'])}"
        if words.missing(row["proxy_value"]):
            return f"{row['cluster']} feeds industries with {value}; its proxy is not available{place}"
        first = not len(own) and row["is_first_under_all"]
        start = (
            f"Of all pathways, {row['cluster']} feeds the industries" if first else f"{row['cluster']} feeds industries"
        )
        most = "that find it hardest to hire by this measure, with" if first else "with"
        return f"{start} {most} {value}; {says(row)}{place}"

    def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
        when = words.month(rows["month"].iloc[0])
        return (
            f"Across: {INDICATORS[scope.indicator][1]}, United States, {when}, weighted by the pathway’s yearly openings in "
            f"each{_hollow(rows)}. Up: {axis}, {rows['state_name'].iloc[0]}. A proxy, not a score."
        )

    def alt(rows: pd.DataFrame, scope: Scope) -> str:
        form = INDICATORS[scope.indicator][2]
        listed = "; ".join(
            f"{r.cluster}: {form.format(r.shortage_value)}, {'no proxy' if words.missing(r.proxy_value) else says(r)}"
            for r in words.each(rows)
        )
        return f"Scatter plot of pathways by {INDICATORS[scope.indicator][1]} and {axis}. {finding(rows, scope)}. {listed}."

    return Chart(
        id=id,
        question=question,
        tables=(*TABLES, *tables),
        frame=frame,
        figure=figure,
        finding=finding,
        subtitle=subtitle,
        alt=alt,
        badge=_badge,
        nothing=_nothing,
        columns={
            "cluster": "Pathway",
            "shortage_value": "Industries’ figure (nation)",
            "unmatched_pct": "Openings in sectors without a published industry, percent",
            "proxy_value": column,
            **(more_columns or {}),
        },
        means=means,
        means_not=means_not,
        terms=("vacancy", "hire", "pathway", *terms),
        follows=("pathway",),
        controls=("indicator",),
        selects="pathway",
        shape="scatter",
    )


def _shortage(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway, the hardest to hire for first. ``is_first_under_all`` says of the first comparable one that it
    leads under both sets of jobs and both variants."""
    return reader.frame(
        """
        WITH value AS (
            SELECT cluster, month, value AS shortage_value, unmatched_pct, unmatched_pct <= 50 AS is_comparable, demand,
                   demand_variant
            FROM pathway_industry_shortage WHERE framework = $framework AND indicator = $indicator AND value IS NOT NULL
        ), leader AS (
            SELECT demand, demand_variant, first(cluster ORDER BY shortage_value DESC, cluster) AS cluster
            FROM value WHERE is_comparable GROUP BY ALL
        )
        SELECT value.* EXCLUDE (demand, demand_variant),
               (SELECT min(cluster) = max(cluster) AND value.cluster = min(cluster) FROM leader) AS is_first_under_all
        FROM value WHERE demand = 'career-prep' AND demand_variant = 'openings' ORDER BY shortage_value DESC, cluster
        """,
        {"framework": FRAMEWORK, "indicator": INDICATORS[scope.indicator][0]},
    )


def _badge(reader: Reader, scope: Scope) -> str:
    """Whether the pathway that leads does so under other weights, and by the other indicators."""
    rows = reader.frame(
        """
        SELECT indicator, demand, demand_variant, max_by(cluster, value) AS first, count(*) AS pathways,
               sum((value > (SELECT median(value) FROM pathway_industry_shortage m WHERE m.indicator = p.indicator
                    AND m.demand = p.demand AND m.demand_variant = p.demand_variant AND m.framework = p.framework
                    AND m.unmatched_pct <= 50))::INTEGER) FILTER (WHERE cluster = $pathway) AS is_above
        FROM pathway_industry_shortage p
        WHERE framework = $framework AND value IS NOT NULL AND (unmatched_pct <= 50 OR cluster = $pathway)
        GROUP BY ALL ORDER BY ALL
        """,
        {"framework": FRAMEWORK, "pathway": scope.cluster},
    )
    tried = "two sets of jobs and both variants of yearly openings as weights, for each of three indicators"
    if scope.cluster:
        above = rows["is_above"].dropna()
        return (
            f"“{scope.cluster} feeds industries that find it harder to hire than the middle pathway’s” holds under "
            f"{int(above.sum())} of {len(above)}"
            f"{'' if above.sum() in (0, len(above)) else ' (changes with assumptions)'}. Assumptions varied: {tried}."
        )
    mine = rows[rows["indicator"] == INDICATORS[scope.indicator][0]]
    first = mine["first"].mode().iloc[0]
    others = [
        f"{names['first'].mode().iloc[0]} by the {label}"
        for key, label in (("", "vacancies per hire"), ("vacancy_rate", "vacancy rate"), ("index", "index"))
        if key != scope.indicator and len(names := rows[rows["indicator"] == INDICATORS[key][0]])
    ]
    held = int(mine["first"].eq(first).sum())
    return (
        f"“{first} comes first by this measure” holds under {held} of {len(mine)} (two sets of jobs and both variants of yearly "
        f"openings as weights); by other measures it changes: {words.listed(others)}."
    )


def _nothing(scope: Scope) -> str:
    return f"There is no value of this proxy for {scope.pathway or 'this place'}; the United States has one for every pathway."


def _hollow(rows: pd.DataFrame) -> str:
    """What a hollow dot is, where there is one."""
    if rows["is_comparable"].all():
        return ""
    return " (hollow: over half of them are in sectors without a published industry)"


def _scatter(rows: pd.DataFrame, scope: Scope, axis: str, line: tuple[float, str] | None) -> go.Figure:
    """Dots with their names where these have room, hollow where over half of a pathway's openings have no published industry;
    right of the dashed line the industries find it harder to hire than those of the middle pathway. What has no proxy, and what
    the line across is, stands below."""
    # The chosen pathway first, then those that are hardest to hire for: where names crowd, the first keep theirs.
    rows = rows.sort_values("cluster", key=lambda names: names != scope.cluster, kind="stable")
    shown, without = rows[rows["proxy_value"].notna()], rows[rows["proxy_value"].isna()]
    x, y = shown["shortage_value"].astype(float), shown["proxy_value"].astype(float)
    middle = float(rows["shortage_value"].median())
    (x0, x1), (y0, y1) = _padded(x, 0.12), _padded(pd.concat([y, pd.Series([line[0]] if line else [])]), 0.12)
    notes = [f"┄ across: {line[1]}"] if line else []
    if len(without):
        notes += textwrap.wrap(
            f"No value here: {words.listed(without['cluster'].map(words.short_pathway).tolist())}", 50
        )
    below = style.LABEL_TALL_PX * len(notes)
    fig = style.base(round(PLOT_PX + 90 + below), top_px=46, left_px=46)
    fig.update_layout(margin_b=round(style.AXIS_PX + 22 + below))
    names = [words.short_pathway(c) for c in shown["cluster"]]
    across, down = ((x - x0) / (x1 - x0)).tolist(), ((y1 - y) / (y1 - y0)).tolist()
    # A screen may be a phone; a wide picture has room for names that a phone has not.
    narrow = style.beside(across, down, names, [(style.NARROW_PX - 46.0, PLOT_PX - 12.0), style.PICTURE_PLOT_PX])
    wide = style.beside(across, down, names, [style.PICTURE_PLOT_PX])
    chosen = shown["cluster"] == scope.cluster
    colours = [style.ACCENT if c else style.INK for c in chosen]
    fills = [k if full else style.WHITE for k, full in zip(colours, shown["is_comparable"], strict=True)]
    fig.add_trace(
        go.Scatter(
            x=x, y=y, mode="markers", marker={"size": 12, "color": fills, "line": {"color": colours, "width": 2}},
            customdata=pd.DataFrame({
                "hover": [f"{r.cluster}: {r.shortage_value:.2f} across, {r.proxy_value:,.1f} up" for r in words.each(shown)],
                "cluster": shown["cluster"],
            }),
            hovertemplate="%{customdata[0]}<extra></extra>",
        )
    )  # fmt: skip
    labels = [
        {
            "x": px, "y": py, "text": f"<b>{name}</b>" if own else name, "xanchor": at.xanchor, "yanchor": "middle",
            "font": {"size": 12, "color": style.ACCENT if own else style.TEXT}, **_beside(at), **where,
        }
        for places, where in ((narrow, style.ON_SCREENS), (wide, style.IN_WIDE_PICTURES))
        for px, py, name, at, own in zip(x, y, names, places, chosen, strict=True)
        if at
    ]  # fmt: skip
    lines = [_rule(x0=middle, x1=middle, y0=0, y1=1, yref="paper")]
    texts = [
        _note(f"↑ {words.shortened(axis, 54)}", x=0, y=1, yshift=26, xshift=-46, size=12),
        _note(f"{words.shortened(INDICATORS[scope.indicator][1], 54)} →", x=1, y=0, xanchor="right", yanchor="top", yshift=-24,
              size=12),
        {**_note("harder to hire →", y=1, yshift=4, xshift=3), "x": middle, "xref": "x"},
        {**_note("← easier", y=1, yshift=4, xshift=-3, xanchor="right"), "x": middle, "xref": "x"},
    ]  # fmt: skip
    if notes:
        texts.append(_note("<br>".join(notes), x=0, y=0, xshift=-46, yanchor="top", yshift=-46))
    if line:
        lines.append(_rule(x0=0, x1=1, xref="paper", y0=line[0], y1=line[0]))
    style.add(fig, shapes=lines, annotations=[*labels, *texts])
    fig.update_xaxes(range=[x0, x1], showgrid=True, gridcolor=style.GRID, nticks=6)
    tick = "~s" if y.abs().max() >= 10_000 else None
    fig.update_yaxes(range=[y0, y1], showgrid=True, gridcolor=style.GRID, nticks=6, tickformat=tick)
    return fig


def _beside(at: style.Anchor) -> dict[str, Any]:
    """How a label stands off its dot: a thin line leads to one that is not level with it."""
    if abs(at.dy) < 10:
        return {"showarrow": False, "xshift": at.dx, "yshift": -at.dy}
    return {
        "showarrow": True, "ax": at.dx, "ay": at.dy, "arrowhead": 0, "arrowwidth": 1, "arrowcolor": style.MARK, "standoff": 6,
    }  # fmt: skip


def _rule(**place: Any) -> dict[str, Any]:
    """A dotted line to read the dots against, as a shape to ``style.add``."""
    return {"type": "line", "line": {"color": style.MARK, "width": 1, "dash": "dot"}, "layer": "below", **place}


def _note(text: str, *, size: int = 11, **place: Any) -> dict[str, Any]:
    """A quiet text at the plot's edge, as an annotation to ``style.add``."""
    return {
        "text": text, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "showarrow": False,
        "align": "left", "font": {"size": size, "color": style.QUIET}, **place,
    }  # fmt: skip


def _padded(values: pd.Series, share: float) -> tuple[float, float]:
    """A range around the values; from nought where they come near it."""
    low, high = float(values.min()), float(values.max())
    pad = (high - low or abs(high) or 1.0) * share
    bottom = 0.0 if 0 <= low < 0.35 * high else low - pad
    return bottom - (pad * 0.4 if bottom == 0 else 0), high + pad
