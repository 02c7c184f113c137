"""How many of a pathway's certificates came from an institution that also gave the associate degree in the field."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.pathway_indicators import NO_FIGURE, award_years, by_pathway, held, pathways, spoken_of
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures.scopes import AWARD_SCOPES

#: Room for half a mark that stands on nought.
EDGE_PX = 10


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway, most openings first, and a last one, ``cluster`` 'all', for all certificates of the place.

    ``stackable_awards_pct`` counts certificates, ``stackable_pct`` fields at institutions; NULL where there is none.
    """
    return by_pathway(reader, scope, ("stackable_awards_pct", "stackable_pct"))


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """A filled dot (of certificates) and a hollow one (of fields at institutions) per pathway."""
    shown = pathways(rows)
    labels = [
        f"{f'<b>{r.cluster}</b>' if r.cluster == scope.cluster else r.cluster} "
        f"<span style='color:{style.QUIET}'>· {words.label_count(r.openings_annual_count)} openings</span>"
        for r in words.each(shown)
    ]
    fig = style.rows(labels, top_px=34, right_px=20)
    fig.update_layout(margin_l=EDGE_PX)
    at = pd.Series([i + style.MARK_DY for i in range(len(shown))], index=shown.index)
    known = shown["stackable_awards_pct"].notna()
    awards, fields = shown.loc[known, "stackable_awards_pct"], shown.loc[known, "stackable_pct"]
    hover = "%{customdata[0]}<br>of every 100 %{meta}: %{x:.0f}<extra></extra>"
    for values, name, marker in (
        (fields, "fields at institutions", {"size": 15, "color": style.WHITE, "line": {"color": style.INK, "width": 2.5}}),
        (awards, "certificates", {"size": 9, "color": style.ACCENT}),
    ):  # fmt: skip
        fig.add_trace(
            go.Scatter(
                x=values.astype(float), y=at[known], mode="markers", cliponaxis=False, marker=marker, meta=name,
                hovertemplate=hover, customdata=shown.loc[known, ["cluster"]],
            )
        )  # fmt: skip
    marked = list(zip(at[known], awards, fields, strict=True))
    style.add(
        fig,
        shapes=[style.joined(x0, x1, y) for y, x0, x1 in marked],
        annotations=[
            *(style.value_label(max(x0, x1), y, f"<b>{x0:.0f}</b> of 100", shift_px=13) for y, x0, x1 in marked),
            *(style.value_label(0, y, "no certificates in the record", shift_px=4) for y in at[~known]),
        ],
    )
    fig.add_annotation(
        text=f"<span style='color:{style.ACCENT}'><b>● of certificates</b></span>&nbsp;&nbsp;&nbsp;<b>○ of fields taught</b>",
        x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=10, showarrow=False,
        font={"size": 13, "color": style.INK},
    )  # fmt: skip
    fig.update_xaxes(range=[0, 128], tickvals=[0, 25, 50, 75, 100], showgrid=True, gridcolor=style.GRID)
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """Both shares of the chosen pathway, or of all certificates of the place."""
    row = spoken_of(rows, scope)
    place = "" if scope.state == "US" else f" in {words.the(row['state_name'])}"
    of = f" that lead to {row['cluster']}" if scope.cluster else ""
    if words.missing(row["stackable_awards_pct"]):
        return f"There are no certificates{place}{of}, in the record"
    return (
        f"Of every 100 certificates{place}{of}, {row['stackable_awards_pct']:.0f} came from an institution that also gave the "
        f"associate degree in the field; of every 100 fields with a certificate there, {row['stackable_pct']:.0f} have both"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period."""
    row = rows.iloc[0]
    return (
        "Certificates, and fields (four-digit CIP) with a certificate, where the same institution also gave an associate "
        f"degree in the field. {row['state_name']}, awards {award_years(int(row['award_year']))}. In grey: yearly openings "
        f"{row['base_year']}–{(row['base_year'] + 10) % 100}; most openings first. Whether credit carries on is not known."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both shares of every pathway."""
    listed = "; ".join(
        f"{r.cluster} no certificates"
        if words.missing(r.stackable_awards_pct)
        else f"{r.cluster} {r.stackable_awards_pct:.0f} of certificates, {r.stackable_pct:.0f} of fields"
        for r in words.each(pathways(rows))
    )
    return f"Dot plot of certificates with the degree in their field, of every 100, by pathway. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether it is at least half by certificates and by fields, by wide and narrow fields, and in three award years."""
    own = spoken_of(frame(reader, scope), scope)["stackable_awards_pct"]
    if words.missing(own):
        return NO_FIGURE
    rows = reader.frame(
        """
        WITH place AS (SELECT state_fips FROM state WHERE state_abbr = $state),
        leads_to AS (
            SELECT DISTINCT l.cip_code FROM occupation_link l JOIN occupation o USING (soc_code)
            JOIN occupation_pathway p ON p.soc_code = l.soc_code AND p.framework = $framework
            WHERE o.is_career_prep AND p.cluster = $pathway
        ), award AS (
            SELECT c.award_year, c.unit_id, c.cip_code, $pathway = '' OR c.cip_code IN (FROM leads_to) AS is_inside,
                   sum(c.awards_count) FILTER (list_contains($certificates, c.award_level)) AS certificates,
                   sum(c.awards_count) FILTER (c.award_level = '3') AS associates
            FROM completion c JOIN institution i USING (award_year, unit_id)
            WHERE c.award_year > (SELECT max(award_year) FROM completion) - 3 AND i.is_title_iv AND i.state_fips <= '56'
              AND ($state = 'US' OR i.state_fips = (SELECT state_fips FROM place))
              AND (c.award_level = '3' OR list_contains($certificates, c.award_level))
            GROUP BY ALL
        ), cell AS (
            SELECT award_year, digits, unit_id, left(cip_code, digits + 1) AS field,
                   sum(certificates) FILTER (is_inside) AS certificates, coalesce(sum(associates), 0) > 0 AS goes_on
            FROM award CROSS JOIN (SELECT unnest([4, 6]) AS digits) GROUP BY ALL
        )
        SELECT award_year, digits, [sum(certificates) FILTER (goes_on) / sum(certificates), avg(goes_on::INTEGER)] AS shares
        FROM cell WHERE certificates > 0 GROUP BY ALL ORDER BY ALL
        """,
        {
            "state": scope.state,
            "framework": FRAMEWORK,
            "pathway": scope.cluster,
            "certificates": list(AWARD_SCOPES["certificates"]),
        },
    )
    which = scope.cluster or "All certificates"
    return held(
        f"{which}: at least half with the degree in the field"
        if own >= 50
        else f"{which}: under half with the degree in the field",
        (rows["shares"].explode().fillna(0) >= 0.5) == (own >= 50),
        "Assumptions varied: by certificates or by fields taught, fields of four or six digits, three award years.",
    )


def nothing(scope: Scope) -> str:
    """Why there is nothing to show."""
    which = scope.pathway or "this place"
    return f"There are no certificates of {which} in the record; the United States has some in every pathway."


CHART = Chart(
    id="stackable",
    question="Can a certificate be carried on to a degree where it was earned?",
    tables=("completion", "occupation_link", "gap_by_cluster"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    follows=("pathway",),
    selects="pathway",
    columns={
        "cluster": "Pathway",
        "stackable_awards_pct": "Of 100 certificates",
        "stackable_pct": "Of 100 fields taught at institutions",
        "openings_annual_count": "Openings a year",
        "openings_growth_and_exits_count": "Growth and exits a year",
    },
    means="Where certificate and degree are at one institution, people can take the first step, work, and come back for the next.",
    means_not="Whether credit carries on is not known, nor whether anyone went on; a degree may also be open at another "
    "institution. An institution may count in several pathways.",
    terms=("award", "institution", "field", "pathway", "yearly opening", "growth and exits", "CIP"),
)
