"""What pupils concentrate on in school beside where the openings are, for states whose file is loaded."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from charts import style, words
from charts.chart import Chart
from charts.scope import Scope
from charts.share_dots import share_dots
from etl.warehouse.read import Reader

#: The framework of the states' files; its clusters are never converted into the newer one's.
FRAMEWORK_OF_FILES = "16 clusters (2002)"
#: Pupils go on to any job, so all occupations with a program count.
DEMAND = "all"
HOW_TO_GET = (
    "open the Perkins Data Explorer (cte.ed.gov/dataexplorer), export the state’s secondary CTE concentrators by career cluster "
    "as a workbook, and load it with “python -m etl import FILE --measure concentrators” (the page Your data shows first what is "
    "understood of it)"
)


def frame(reader: Reader, scope: Scope) -> pd.DataFrame:
    """For a state, one row per career cluster; for the nation, one row per state that is loaded.

    Shares are percent of all concentrators with a reported cluster, and of yearly openings in all occupations with a program,
    both in the framework of 16 clusters. ``cluster`` is 'all' in the nation's rows, which have no shares.
    """
    return reader.frame(
        """
        WITH own AS (
            SELECT i.*, s.state_abbr, s.state_name, (SELECT count(*) FROM state WHERE state_fips <> '00') AS states_count
            FROM principle_indicator i JOIN state s USING (state_fips)
            WHERE i.framework = $framework AND (s.state_abbr = $state OR $state = 'US')
              AND (i.demand = $demand OR i.demand IS NULL)
        ), mix AS (
            SELECT state_fips, max(value) FILTER (WHERE demand_variant = 'openings') AS misalignment_pct,
                   max(value) FILTER (WHERE demand_variant = 'growth_and_exits') AS misalignment_growth_and_exits_pct
            FROM own WHERE indicator = 'concentrators_misalignment_pct' GROUP BY state_fips
        ), pupils AS (
            SELECT e.state_fips, e.school_year, e.cluster, e.students_count FROM cte_enrollment e
            WHERE e.measure = 'concentrators' AND e.education_level = 'secondary' AND e.district = 'all' AND e.population = 'all'
              AND e.framework = $framework
              AND e.school_year = (SELECT max(school_year) FROM cte_enrollment n WHERE n.state_fips = e.state_fips
                                   AND n.measure = 'concentrators' AND n.education_level = 'secondary')
        ), shares AS (
            SELECT state_fips, state_name, states_count, cluster,
                   max(value) FILTER (WHERE indicator = 'concentrators_share_pct') AS concentrators_share_pct,
                   max(value) FILTER (WHERE indicator = 'openings_share_pct' AND demand_variant = 'openings')
                       AS openings_share_pct,
                   max(value) FILTER (WHERE indicator = 'openings_share_pct' AND demand_variant = 'growth_and_exits')
                       AS openings_share_growth_and_exits_pct
            FROM own WHERE cluster IS NOT NULL GROUP BY ALL
        )
        SELECT state_name, cluster, students_count, concentrators_share_pct, openings_share_pct,
               openings_share_growth_and_exits_pct, misalignment_pct, misalignment_growth_and_exits_pct,
               school_year, left(school_year, 4)::INTEGER AS began_year, states_count
        FROM shares LEFT JOIN pupils USING (state_fips, cluster) JOIN mix USING (state_fips)
        WHERE $state <> 'US'
        UNION ALL
        SELECT DISTINCT o.state_name, 'all', p.students_count, NULL, NULL, NULL, m.misalignment_pct,
               m.misalignment_growth_and_exits_pct, p.school_year, left(p.school_year, 4)::INTEGER, o.states_count
        FROM mix m JOIN own o USING (state_fips) JOIN pupils p ON p.state_fips = m.state_fips AND p.cluster = 'all'
        WHERE $state = 'US'
        ORDER BY openings_share_pct DESC NULLS LAST, state_name, cluster
        """,
        {"state": scope.state, "framework": FRAMEWORK_OF_FILES, "demand": DEMAND},
    )


def _is_nation(rows: pd.DataFrame) -> bool:
    return bool((rows["cluster"] == "all").all())


def figure(rows: pd.DataFrame, scope: Scope) -> go.Figure:  # noqa: ARG001
    """From a filled dot (openings) to a hollow one (concentrators), per cluster; for the nation a bar per loaded state."""
    return _states(rows) if _is_nation(rows) else _clusters(rows)


def _states(rows: pd.DataFrame) -> go.Figure:
    fig = style.rows(rows["state_name"].tolist(), top_px=34, right_px=20)
    fig.add_annotation(
        text="of 100 concentrators, would need to be in another cluster", x=0, y=1, xref="paper", yref="paper", xanchor="left",
        yanchor="bottom", yshift=10, showarrow=False, font={"size": 12, "color": style.TEXT},
    )  # fmt: skip
    y = [i + style.MARK_DY for i in range(len(rows))]
    fig.add_trace(
        go.Bar(
            x=rows["misalignment_pct"].astype(float), y=y, orientation="h", width=0.34, marker={"color": style.ACCENT},
            customdata=rows[["state_name", "school_year"]],
            hovertemplate="%{customdata[0]}, %{customdata[1]}: %{x:.0f} of every 100 concentrators<extra></extra>",
        )
    )  # fmt: skip
    style.add(
        fig,
        annotations=[
            style.value_label(float(r.misalignment_pct), at, f"<b>{r.misalignment_pct:.0f}</b> of 100, {r.school_year}")
            for at, r in zip(y, words.each(rows), strict=True)
        ],
    )
    fig.update_xaxes(range=[0, 100], tickvals=[0, 25, 50, 75, 100], showgrid=True, gridcolor=style.GRID)
    return fig


def _clusters(rows: pd.DataFrame) -> go.Figure:
    return share_dots(
        rows["cluster"].tolist(), rows["openings_share_pct"], rows["concentrators_share_pct"], "concentrators"
    )


def finding(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """How many of 100 concentrators would need to be elsewhere, under both variants; for the nation, how many states there are."""
    first = rows.iloc[0]
    if _is_nation(rows):
        names = words.listed(rows["state_name"].head(4).tolist())
        more = "" if len(rows) <= 4 else " and others"
        return f"Secondary concentrators are loaded for {len(rows)} of {first['states_count']} states: {names}{more}"
    years = rows["school_year"].dropna()
    return (
        f"{first['misalignment_pct']:.0f} of every 100 secondary concentrators in {words.the(first['state_name'])} in "
        f"{years.iloc[0]} "
        "would need to be in another career cluster to match the mix of openings, "
        f"{first['misalignment_growth_and_exits_pct']:.0f} if "
        "people changing occupation are left out"
    )


def subtitle(rows: pd.DataFrame, scope: Scope) -> str:  # noqa: ARG001
    """Measure, place, period; which framework."""
    if _is_nation(rows):
        return (
            "Of 100 secondary CTE concentrators, how many would need to be in another career cluster to match the mix of openings "
            "in all occupations with a program. States of the United States that are loaded; for another, load its workbook from "
            "the Perkins Data Explorer (cte.ed.gov/dataexplorer), as the page Your data says."
        )
    return (
        f"Shares of secondary CTE concentrators, and of yearly openings in all occupations with a program. "
        f"{rows['state_name'].iloc[0]}. In the older framework of 16 career clusters, which the file uses."
    )


def alt(rows: pd.DataFrame, scope: Scope) -> str:
    """Both shares of every cluster, or each loaded state's figure."""
    if _is_nation(rows):
        listed = "; ".join(f"{r.state_name} {r.misalignment_pct:.0f} of 100" for r in words.each(rows))
        return f"Bar chart by state. {finding(rows, scope)}. {listed}."
    listed = "; ".join(
        f"{r.cluster} {r.openings_share_pct:.0f} of openings, "
        + (
            "pupils not reported"
            if words.missing(r.concentrators_share_pct)
            else f"{r.concentrators_share_pct:.0f} of pupils"
        )
        for r in words.each(rows)
    )
    return f"Dot plot of each career cluster’s share of openings and of concentrators. {finding(rows, scope)}. Of 100: {listed}."


def badge(reader: Reader, scope: Scope) -> str:
    """Whether the mix stays apart under both variants and both sets of jobs."""
    rows = reader.rows(
        """
        SELECT i.value FROM principle_indicator i JOIN state s USING (state_fips)
        WHERE i.indicator = 'concentrators_misalignment_pct' AND (s.state_abbr = $state OR $state = 'US')
          AND i.framework = $framework AND i.value IS NOT NULL
        """,
        {"state": scope.state, "framework": FRAMEWORK_OF_FILES},
    )
    if not rows:
        return "Not tried: no file of this state is loaded."
    values = [value for (value,) in rows]
    held = sum(value >= 20 for value in values)
    return (
        f"“At least 20 of every 100 concentrators would need to be in another cluster” holds under {held} of {len(values)}"
        f"{'' if held in (0, len(values)) else ' (changes with assumptions)'}; the figure runs from {min(values):.0f} to "
        f"{max(values):.0f}. Assumptions varied: with and without people changing occupation, and two sets of jobs."
    )


def nothing(scope: Scope) -> str:  # noqa: ARG001
    """What to fetch, how, and where to look meanwhile."""
    return (
        f"This state’s secondary concentrators are not loaded, and no address gives them to a program: {HOW_TO_GET}. The view of "
        "the "
        "United States lists the states that are loaded."
    )


CHART = Chart(
    id="secondary-mix",
    question="Do pupils concentrate where the openings are?",
    tables=("cte_enrollment", "framework_openings"),
    frame=frame,
    figure=figure,
    finding=finding,
    subtitle=subtitle,
    alt=alt,
    badge=badge,
    nothing=nothing,
    columns={
        "state_name": "State",
        "cluster": "Career cluster (16, of 2002)",
        "students_count": "Secondary concentrators",
        "concentrators_share_pct": "Of 100 concentrators",
        "openings_share_pct": "Of 100 yearly openings",
        "openings_share_growth_and_exits_pct": "Of 100 from growth and exits",
        "misalignment_pct": "All clusters: of 100 concentrators, to be elsewhere",
        "misalignment_growth_and_exits_pct": "The same, growth and exits",
        "school_year": "School year",
    },
    means="It sets what school pupils concentrate on beside where openings are, so that schools, colleges and employers can look "
    "at one picture.",
    means_not="Concentrators are counted over all grades and many study on, so only shares are compared; a mix that differs is no "
    "fault of pupils, and withheld clusters and the class Other are left out.",
    terms=("concentrator", "yearly opening", "growth and exits"),
)
