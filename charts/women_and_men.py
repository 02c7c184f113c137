"""Of 100 awards to women and 100 awards to men, how many lead to each pathway."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.pathway_indicators import (
    COUNTED,
    NO_FIGURE,
    VARIED,
    WHOLE,
    award_years,
    awards_by_assumption,
    by_pathway,
    held,
    pathways,
)
from charts.scope import Scope
from etl.warehouse.read import Reader

#: Room for half a mark that stands on nought.
EDGE_PX = 10


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway, best paid first; ``gender_dissimilarity_pct`` is the place's and stands in every row.

    ``difference_points`` is how many more of every 100 awards to men than to women lead there.
    """
    indicators = (
        "awards_per_100_women", "awards_per_100_men", "women_share_pct", "practitioner_median_usd", "gender_dissimilarity_pct",
    )  # fmt: skip
    rows = by_pathway(reader, scope, indicators)
    apart = rows.loc[rows["cluster"] == WHOLE, "gender_dissimilarity_pct"]
    rows = pathways(rows).assign(
        gender_dissimilarity_pct=apart.iloc[0] if len(apart) else None,
        difference_points=rows["awards_per_100_men"] - rows["awards_per_100_women"],
    )
    order = ["practitioner_median_usd", "cluster"]
    return rows.sort_values(order, ascending=[False, True], na_position="last").reset_index(drop=True)


def _of_100(value: float) -> str:
    """A count of 100 with enough figures to tell few from none."""
    return f"{value:.0f}" if value >= 9.5 or value == 0 else f"{value:.1f}"


def _pay(wage: float) -> str:
    return "pay n/a" if words.missing(wage) else words.dollars(wage)


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Two dots a row, joined: filled for women, hollow for men."""
    labels = [
        f"{f'<b>{r.cluster}</b>' if r.cluster == scope.cluster else r.cluster} "
        f"<span style='color:{style.QUIET}'>· {_pay(r.practitioner_median_usd)}</span>"
        for r in words.each(rows)
    ]
    fig = style.rows(labels, top_px=34, right_px=20)
    fig.update_layout(margin_l=EDGE_PX)
    y = [i + style.MARK_DY for i in range(len(rows))]
    women, men = rows["awards_per_100_women"].astype(float), rows["awards_per_100_men"].astype(float)
    hover = (
        "%{customdata[1]}<br>of every 100 awards to %{meta}: %{x:.1f}<br>women’s share: %{customdata[0]}<extra></extra>"
    )
    about = pd.DataFrame({
        "share": ["n/a" if words.missing(v) else f"{v:.0f} of 100" for v in rows["women_share_pct"]], "cluster": rows["cluster"],
    })  # fmt: skip
    for values, name, marker in (
        (men, "men", {"size": 15, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}}),
        (women, "women", {"size": 9, "color": style.ACCENT}),
    ):
        fig.add_trace(
            go.Scatter(
                x=values,
                y=y,
                mode="markers",
                cliponaxis=False,
                marker=marker,
                meta=name,
                customdata=about,
                hovertemplate=hover,
            )
        )
    style.add(
        fig,
        shapes=[style.joined(x0, x1, at) for at, x0, x1 in zip(y, women, men, strict=True)],
        annotations=[
            style.value_label(max(x0, x1), at, f"<b>{_of_100(x0)}</b> women, <b>{_of_100(x1)}</b> men", shift_px=13)
            for at, x0, x1 in zip(y, women, men, strict=True)
        ],
    )
    fig.add_annotation(
        text=f"<span style='color:{style.ACCENT}'><b>● of 100 awards to women</b></span>&nbsp;&nbsp;&nbsp;<b>○ to men</b>",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False,
        font={"size": 13, "color": style.INK},
    )  # fmt: skip
    fig.update_xaxes(
        range=[0, max(women.max(), men.max()) * 1.75], showgrid=True, gridcolor=style.GRID, tickvals=[0, 25, 50, 75, 100]
    )  # fmt: skip
    return fig


def spoken_of(rows: pd.DataFrame, scope: Scope) -> pd.Series:
    """The chosen pathway, else the one that weighs most in men's awards beside women's."""
    if scope.cluster:
        return rows[rows["cluster"] == scope.cluster].iloc[0]
    return rows.sort_values(["difference_points", "cluster"], ascending=[False, True]).iloc[0]


def _has_awards(row: pd.Series) -> bool:
    return bool(row["awards_per_100_women"] or row["awards_per_100_men"])


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """Both counts of one pathway with its pay, and how far the two mixes are apart."""
    row = spoken_of(rows, scope)
    place = "" if scope.state == "US" else f" in {words.the(row['state_name'])}"
    if not _has_awards(row):
        return f"There are no awards to women or men{place} that lead to {row['cluster']}, in the record"
    wage = row["practitioner_median_usd"]
    pay = "" if words.missing(wage) else f" (median pay about {words.dollars(wage)})"
    start = (
        f"{_of_100(row['awards_per_100_men'])} of every 100 awards to men{place} lead to {row['cluster']}{pay}, and "
        f"{_of_100(row['awards_per_100_women'])} of every 100 to women"
    )
    return (
        f"{start}; for both to be alike, {row['gender_dissimilarity_pct']:.0f} of every 100 awards to women would need to be "
        "in another pathway"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    row = rows.iloc[0]
    return (
        f"{COUNTED.capitalize()} to women and to men in {award_years(int(row['award_year']))} that lead to career-training "
        f"jobs, by pathway, of every 100. {row['state_name']}. Ordered by pay: "
        "the mean of the occupations’ medians, weighted by openings."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both counts of every pathway."""
    listed = "; ".join(
        f"{r.cluster} {_of_100(r.awards_per_100_women)} women and {_of_100(r.awards_per_100_men)} men, "
        f"{_pay(r.practitioner_median_usd)}"
        for r in words.each(rows)
    )
    return (
        f"Dot plot of where awards lead, of every 100 to women and to men, by pathway. {finding(rows, scope)}. From best paid: "
        f"{listed}."
    )


def badge(reader: Reader, scope: Scope) -> str:
    """Whether the pathway weighs more in men's awards, or in women's, under other assumptions too."""
    row = spoken_of(frame(reader, scope), scope)
    if not _has_awards(row):
        return NO_FIGURE
    tried = awards_by_assumption(reader, scope)
    counts = tried.groupby(["award_year", "demand", "is_split_alike"])[["women_count", "men_count"]].sum()
    own = tried[tried["cluster"] == row["cluster"]].set_index(["award_year", "demand", "is_split_alike"])
    shares = own[["women_count", "men_count"]].div(counts).fillna(0)
    is_mens = row["difference_points"] > 0
    more, fewer = ("men", "women") if is_mens else ("women", "men")
    return held(
        f"{row['cluster']} has more of every 100 awards to {more} than of every 100 to {fewer}",
        (shares["men_count"] > shares["women_count"]) == is_mens,
        VARIED,
    )


CHART = Chart(
    id="women-and-men",
    question="Do women and men enter the pathways that pay alike?",
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
        "practitioner_median_usd": "Median pay, dollars a year",
        "awards_per_100_women": "Of 100 awards to women",
        "awards_per_100_men": "Of 100 awards to men",
        "women_share_pct": "Women’s share of the pathway’s awards, percent",
        "openings_annual_count": "Openings a year",
    },
    means="Where one sex hardly enters a pathway that pays, employers there choose from half of the people they could have.",
    means_not="It says that women and men differ, not why. Awards are not people; institutions report women and men only; an "
    "award that leads to several occupations is shared out by their openings, and those that "
    "lead to no career-training job are left out.",
    terms=("award", "career-training job", "pathway", "yearly opening"),
)
