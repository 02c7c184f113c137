"""A figure that several charts draw: per career cluster, a filled dot for its share of openings and a hollow one for people's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts import style


def share_dots(clusters: Sequence[str], openings: pd.Series, people: pd.Series, whom: str) -> go.Figure:
    """``openings`` and ``people`` [k] are percent of all clusters' sum; a missing share of people is labelled as not reported.
    ``whom`` names the people, as "concentrators"."""
    fig = style.rows(list(clusters), top_px=34, right_px=20)
    if openings.empty:
        return fig
    names = pd.DataFrame({"cluster": list(clusters)}, index=openings.index)
    y = pd.Series([i + style.MARK_DY for i in range(len(names))], index=openings.index)
    openings, people = openings.astype(float), people.astype(float)
    known = people.notna()
    style.add(
        fig,
        shapes=[style.joined(openings[i], people[i], y[i]) for i in openings.index[known]],
        annotations=[
            style.value_label(
                max(openings[i], people[i]) if known[i] else openings[i], y[i],
                f"<b>{openings[i]:.0f}</b> and " + (f"<b>{people[i]:.0f}</b>" if known[i] else "not reported"),
                shift_px=12,
            )
            for i in openings.index
        ],
    )  # fmt: skip
    hover = "%{customdata[0]}<br>%{meta}: %{x:.1f} of 100<extra></extra>"
    hollow = {"size": 13, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}}
    sides: tuple[tuple[pd.Series, str, dict[str, Any]], ...] = (
        (openings, "yearly openings", {"size": 13, "color": style.ACCENT}),
        (people[known], whom, hollow),
    )
    for side, meta, marker in sides:
        fig.add_trace(
            go.Scatter(
                x=side, y=y[side.index], mode="markers", meta=meta, marker=marker, hovertemplate=hover, cliponaxis=False,
                customdata=names.loc[side.index],
            )
        )  # fmt: skip
    fig.add_annotation(
        text=f"<span style='color:{style.ACCENT}'><b>● of 100 yearly openings</b></span>&nbsp;&nbsp;<b>○ of 100 {whom}</b>",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False,
        font={"size": 13, "color": style.INK},
    )  # fmt: skip
    most = float(max(openings.max(), people.max() if known.any() else 0.0))
    fig.update_xaxes(
        range=[0, most * 1.5],
        showgrid=True,
        gridcolor=style.GRID,
        tickvals=list(range(0, int(most) + 1, 5 if most < 60 else 20)),
    )
    return fig
