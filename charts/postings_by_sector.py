"""Online job postings by sector, against February 2020 and against a year before."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from etl.warehouse.read import Reader

#: Sectors drawn from either end; those between stand in the table.
SHOWN = 9


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:  # noqa: ARG001
    """One row per sector, highest index first: the newest seven-day mean and the one of the same day a year before.

    ``month`` is the newest day's month, ``base`` the first day of the index.
    """
    return reader.frame(
        """
        WITH sector AS (
            SELECT date, sector, postings_index FROM postings_index
            WHERE state_fips = '00' AND sector <> 'all' AND variable = 'total postings' AND is_seasonally_adjusted
        ), last AS (SELECT max(date) AS date FROM sector)
        SELECT n.sector, date_trunc('month', n.date)::TIMESTAMP AS month, n.date::TIMESTAMP AS day,
               (SELECT min(date) FROM sector)::TIMESTAMP AS base, n.postings_index,
               b.postings_index AS postings_index_year_before, n.postings_index - 100 AS against_base_points,
               n.postings_index - b.postings_index AS against_year_before_points
        FROM sector n LEFT JOIN sector b ON b.sector = n.sector AND b.date = n.date - INTERVAL 1 YEAR
        WHERE n.date = (FROM last) AND n.postings_index IS NOT NULL
        ORDER BY n.postings_index DESC, n.sector
        """
    )


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """A dot for the newest value, a hollow one for a year before; the sectors at either end, and a row that says what lies
    between."""
    between = max(0, len(rows) - 2 * SHOWN)
    shown = pd.concat([rows.head(SHOWN), rows.tail(SHOWN)]) if between else rows
    labels = shown["sector"].tolist()
    y = [i + style.MARK_DY + (i >= SHOWN and between > 0) for i in range(len(shown))]
    if between:
        labels.insert(SHOWN, f"<span style='color:{style.QUIET}'>… {between} sectors between: see the table</span>")
    fig = style.rows(labels, top_px=34, right_px=20)
    now, before = shown["postings_index"], shown["postings_index_year_before"]
    known = before.notna().to_numpy()
    hover = "%{customdata}<br>%{meta}: %{x:.0f}<extra></extra>"
    fig.add_trace(
        go.Scatter(
            x=before[known], y=[at for at, k in zip(y, known, strict=True) if k], mode="markers", customdata=shown["sector"][known],
            meta="a year before", hovertemplate=hover,
            marker={"size": 13, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}},
        )
    )  # fmt: skip
    fig.add_trace(
        go.Scatter(
            x=now, y=y, mode="markers", customdata=shown["sector"], meta=words.month(rows["month"].iloc[0]), hovertemplate=hover,
            marker={"size": 13, "color": style.ACCENT},
        )
    )  # fmt: skip
    top = float(pd.concat([now, before]).max()) * 1.35
    pairs = list(zip(y, now, before.fillna(now), strict=True))
    style.add(
        fig,
        shapes=[
            *(style.joined(a, b, at) for at, a, b in pairs),
            {
                "type": "line", "x0": 100, "x1": 100, "y0": -0.6, "y1": len(labels) - 0.5, "layer": "below",
                "line": {"color": style.MARK, "width": 1, "dash": "dot"},
            },
        ],
        annotations=[
            *(style.value_label(max(a, b), at, f"<b>{a:.0f}</b>", shift_px=12) for at, a, b in pairs),
            {
                "text": f"<span style='color:{style.ACCENT}'><b>● {words.month(rows['month'].iloc[0])}</b></span>"
                "&nbsp;&nbsp;&nbsp;<b>○ a year before</b>",
                "x": 0, "y": 1, "xref": "paper", "yref": "paper", "xanchor": "left", "yanchor": "bottom", "yshift": 10,
                "showarrow": False, "font": {"size": 13, "color": style.INK},
            },
        ],
    )  # fmt: skip
    fig.update_xaxes(range=[0, top], showgrid=True, gridcolor=style.GRID, nticks=6)
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """How many sectors stood above the base, how many below a year before, and the highest; the series' month."""
    top, low = rows.iloc[0], rows.iloc[-1]
    above, fell = int((rows["against_base_points"] > 0).sum()), int((rows["against_year_before_points"] < 0).sum())
    return (
        f"In {words.month(top['month'])}, where the loaded series ends, online postings in {above} of {len(rows)} sectors were "
        f"above {words.month(top['base'])} and in {fell} below a year before; they ran from {top['postings_index']:.0f} in "
        f"{top['sector']} to {low['postings_index']:.0f} in {low['sector']}"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    top = rows.iloc[0]
    return (
        f"Index of job postings on Indeed by sector, {words.day(top['base'])} = 100, seven-day mean, seasonally adjusted. United "
        f"States, {words.day(top['day'])}, and the same day a year before. The {SHOWN} highest and the {SHOWN} lowest."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Every sector's two values."""
    listed = "; ".join(
        f"{r.sector} {r.postings_index:.0f}"
        + (
            ""
            if words.missing(r.postings_index_year_before)
            else f" (a year before {r.postings_index_year_before:.0f})"
        )
        for r in words.each(rows)
    )
    return f"Dot plot of the index of online job postings by sector. {finding(rows, scope)}. {listed}."


CHART = Chart(
    id="postings-by-sector",
    question="In which kinds of work do employers advertise more than before?",
    tables=("postings_index",),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    columns={
        "sector": "Sector",
        "day": "Seven days to",
        "postings_index": "Index, February 2020 = 100",
        "postings_index_year_before": "Index a year before",
        "against_year_before_points": "Difference, points",
    },
    means="Above 100, more jobs were advertised on one large site than in February 2020, before the pandemic.",
    means_not="Postings are not vacancies: one posting can stand for many jobs or for none, not every employer advertises online, "
    "and sectors here are kinds of work as the site groups them, not industries or pathways.",
    nation_only=True,
)
