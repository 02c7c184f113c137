"""How many institutions gave awards that lead to each pathway, beside its yearly openings."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.pathway_indicators import COUNTED, award_years, by_pathway, held, pathways
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures.scopes import AWARD_SCOPES


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway, most openings first; ``openings_per_institution_count`` is NULL where no institution is."""
    rows = pathways(by_pathway(reader, scope, ("institutions_count",)))
    rows = rows.assign(institutions_count=rows["institutions_count"].fillna(0).astype("int64"))
    per = rows["openings_annual_count"] / rows["institutions_count"].where(rows["institutions_count"] > 0)
    return rows.assign(openings_per_institution_count=per)


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:
    """Bars from zero, the openings in the label."""
    labels = [
        f"{f'<b>{r.cluster}</b>' if r.cluster == scope.cluster else r.cluster} "
        f"<span style='color:{style.QUIET}'>· {words.label_count(r.openings_annual_count)} openings</span>"
        for r in words.each(rows)
    ]
    fig = style.rows(labels, right_px=56)
    y = [i + style.MARK_DY for i in range(len(rows))]
    counts = rows["institutions_count"].astype(float)
    chosen = rows["cluster"] == scope.cluster
    per = [
        "no institution" if words.missing(v) else f"one for {words.count(v)} openings"
        for v in rows["openings_per_institution_count"]
    ]
    about = pd.DataFrame({"per": per, "cluster": rows["cluster"]})
    fig.add_trace(
        go.Bar(
            x=counts, y=y, orientation="h", width=0.34, customdata=about,
            marker={"color": [style.ACCENT if own else style.MARK for own in chosen]},
            hovertemplate="%{customdata[1]}: %{x:,.0f} institutions<br>%{customdata[0]} a year<extra></extra>",
        )
    )  # fmt: skip
    style.add(
        fig,
        annotations=[
            style.value_label(n, at, f"<b>{words.count(n)}</b>", shift_px=6) for at, n in zip(y, counts, strict=True)
        ],
    )
    fig.update_xaxes(range=[0, max(counts.max(), 1) * 1.02], showgrid=True, gridcolor=style.GRID, nticks=5)
    return fig


def finding(rows: pd.DataFrame, scope: Scope) -> str:
    """The chosen pathway's institutions and openings; else those of the pathway with the most openings."""
    row = rows[rows["cluster"] == scope.cluster].iloc[0] if scope.cluster else rows.iloc[0]
    place = words.the(row["state_name"])
    if not row["institutions_count"]:
        return f"There are no institutions in {place} whose awards lead to {row['cluster']}, in the record"
    one = row["institutions_count"] == 1
    who = "1 institution" if one else f"{words.count(row['institutions_count'])} institutions"
    gave = f"{who} in {place} gave awards that lead to {row['cluster']}"
    openings = f"{words.short_count(row['openings_annual_count'])} yearly openings"
    if one or not row["openings_annual_count"]:
        return f"{gave}, which has {openings}"
    return f"{gave}: one for every {words.short_count(row['openings_per_institution_count'])} of its {openings}"


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:
    """Measure, place, period."""
    row = rows.iloc[0]
    estimated = "" if scope.state == "US" else ", estimated from the nation’s by employment"
    return (
        f"Institutions with at least one of the {COUNTED} that lead to the pathway, {award_years(int(row['award_year']))}. "
        f"{row['state_name']}. In grey: yearly openings {row['base_year']}–{(row['base_year'] + 10) % 100} in career-training "
        f"jobs{estimated}; most openings first."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Institutions and openings of every pathway."""
    listed = "; ".join(
        f"{r.cluster} {words.count(r.institutions_count)} institutions, {words.count(r.openings_annual_count)} openings a year"
        for r in words.each(rows)
    )
    return f"Bar chart of institutions by pathway. {finding(rows, scope)}. {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether the pathway has more institutions than the middle one when small programs or other jobs and years count."""
    rows = reader.frame(
        """
        WITH place AS (SELECT state_fips FROM state WHERE state_abbr = $state),
        assumed AS (SELECT unnest(['career-prep', 'middle-skills']) AS demand),
        leads_to AS (
            SELECT DISTINCT demand, l.cip_code, p.cluster
            FROM occupation_link l JOIN occupation o USING (soc_code) CROSS JOIN assumed
            JOIN occupation_pathway p ON p.soc_code = l.soc_code AND p.framework = $framework
            WHERE CASE demand WHEN 'career-prep' THEN o.is_career_prep ELSE o.is_middle_skills END
        ), program AS (
            SELECT c.award_year, c.unit_id, c.cip_code, sum(c.awards_count) AS awards
            FROM completion c JOIN institution i USING (award_year, unit_id)
            WHERE c.award_year > (SELECT max(award_year) FROM completion) - 3 AND c.awards_count > 0
              AND list_contains($levels, c.award_level) AND i.is_title_iv AND i.state_fips <= '56'
              AND ($state = 'US' OR i.state_fips = (SELECT state_fips FROM place))
            GROUP BY ALL
        ), placed AS (
            SELECT award_year, demand, cluster, unit_id, sum(awards) AS awards
            FROM program JOIN leads_to USING (cip_code) GROUP BY ALL
        )
        SELECT award_year, demand, least, cluster, count(*) FILTER (awards >= least) AS institutions_count
        FROM placed CROSS JOIN (SELECT unnest([1, 10]) AS least)
        GROUP BY ALL ORDER BY ALL
        """,
        {"state": scope.state, "framework": FRAMEWORK, "levels": list(AWARD_SCOPES["sub-baccalaureate"])},
    )
    shown = frame(reader, scope)
    cluster = scope.cluster or shown["cluster"].iloc[0]
    table = rows.pivot(index=["award_year", "demand", "least"], columns="cluster", values="institutions_count")
    table = table.reindex(columns=shown["cluster"], fill_value=0).fillna(0)
    is_above = table[cluster] > table.median(axis=1)
    default = shown.set_index("cluster")["institutions_count"]
    own = bool(default[cluster] > default.median())
    return held(
        f"More institutions lead to {cluster} than to the middle pathway"
        if own
        else f"No more institutions lead to {cluster} than to the middle pathway",
        is_above == own,
        "Assumptions varied: three award years, two sets of jobs, and any award or at least 10 a year.",
    )


CHART = Chart(
    id="institutions-by-pathway",
    question="How many institutions lead to each pathway?",
    tables=("gap_by_cluster", "institution"),
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
        "institutions_count": "Institutions",
        "openings_annual_count": "Openings a year",
        "openings_growth_and_exits_count": "Growth and exits a year",
        "openings_per_institution_count": "Openings for each institution",
        "awards_linked_count": "Awards of linked programs",
    },
    means="The more institutions lead to a pathway, the likelier it is that one of them is near a learner, and near an "
    "employer who wants to work with it.",
    means_not="It is not a measure of distance or of places: one award in the year is enough to count, and institutions that "
    "teach online count where they are seated.",
    terms=("institution", "award", "yearly opening", "growth and exits", "career-training job", "pathway"),
)
