"""What the principle pages read of a place: indicators by pathway, beside the same pathway's yearly openings."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures.scopes import AWARD_SCOPES

#: The ``cluster`` of the last row, which is the place as a whole.
WHOLE = "all"
#: What the indicators count; the scope's other choices have none.
COUNTED = "certificates and associate degrees"
#: How a sentence ends that has been tried under :func:`awards_by_assumption`.
VARIED = (
    "Assumptions varied: three award years, two sets of jobs, and awards shared out over occupations by their openings or "
    "alike."
)


#: What a badge says where there is nothing to state.
NO_FIGURE = "Not tried: there is no figure here that an assumption could change."


def by_pathway(reader: Reader, scope: Scope, indicators: Sequence[str]) -> pd.DataFrame:
    """One row per pathway, most openings first, and a last one, ``cluster`` 'all', for the place as a whole.

    A column per name in ``indicators`` (of certificates and associate degrees in career-training jobs, all openings; NULL
    where there is none), beside ``openings_annual_count``, ``openings_growth_and_exits_count``, ``awards_linked_count``,
    ``award_year``, ``base_year`` and ``state_name``. No rows for a place that is not known.
    """
    # The names are this package's own; what a reader chooses goes in as a parameter.
    columns = ", ".join(f"any_value(value) FILTER (indicator = '{name}') AS {name}" for name in indicators)
    return reader.frame(
        f"""
        WITH gap AS (
            SELECT cluster, award_year, base_year, awards_linked_count, openings_annual_count, demand_variant
            FROM gap_by_cluster
            WHERE state_fips = $state_fips AND awards = 'sub-baccalaureate' AND demand = 'career-prep'
              AND framework = $framework AND subcluster IS NULL
            UNION ALL
            SELECT '{WHOLE}', award_year, base_year, awards_linked_count, openings_annual_count, demand_variant
            FROM gap_by_state
            WHERE state_fips = $state_fips AND awards = 'sub-baccalaureate' AND demand = 'career-prep'
        ), opening AS (
            SELECT cluster, award_year, base_year, awards_linked_count,
                   any_value(openings_annual_count) FILTER (demand_variant = 'openings') AS openings_annual_count,
                   any_value(openings_annual_count) FILTER (demand_variant = 'growth_and_exits')
                       AS openings_growth_and_exits_count
            FROM gap GROUP BY ALL
        ), indicator AS (
            SELECT coalesce(cluster, '{WHOLE}') AS cluster, {columns}
            FROM principle_indicator
            WHERE state_fips = $state_fips AND coalesce(framework, $framework) = $framework
              AND coalesce(demand, 'career-prep') = 'career-prep'
              AND coalesce(demand_variant, 'openings') = 'openings' AND list_contains($indicators, indicator)
            GROUP BY ALL
        )
        SELECT *, $state_name AS state_name FROM opening LEFT JOIN indicator USING (cluster)
        ORDER BY cluster = '{WHOLE}', openings_annual_count DESC, cluster
        """,
        {**reader.place(scope.state), "framework": FRAMEWORK, "indicators": list(indicators)},
    )


def proxy(reader: Reader, scope: Scope, indicator: str) -> pd.DataFrame:
    """The indicator as the proxy of an axis chart: ``cluster`` and ``proxy_value``, NULL where it is not known."""
    rows = by_pathway(reader, scope, (indicator,)).rename(columns={indicator: "proxy_value"})
    return rows.loc[rows["cluster"] != WHOLE, ["cluster", "proxy_value", "award_year", "awards_linked_count"]]


def pathways(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows without the place as a whole."""
    return rows[rows["cluster"] != WHOLE]


def spoken_of(rows: pd.DataFrame, scope: Scope) -> pd.Series:
    """The row a headline is about: the chosen pathway's, else the place's as a whole."""
    return rows[rows["cluster"] == (scope.cluster or WHOLE)].iloc[0]


def award_years(award_year: int) -> str:
    """The year an award year ends in, as the publisher writes it: 2023–24."""
    return f"{award_year - 1}–{award_year % 100:02d}"


def awards_by_assumption(reader: Reader, scope: Scope) -> pd.DataFrame:
    """Awards of a place by pathway, recomputed under each of twelve assumptions.

    One row per ``award_year`` (the newest three), ``demand`` (career-prep, middle-skills), ``is_split_alike`` (whether a
    program's awards are shared out over its occupations alike, or by their openings) and ``cluster``, with
    ``women_count``, ``men_count``, ``awards_count`` and ``under_one_year_count``; parts of awards, so not whole numbers.
    """
    return reader.frame(
        """
        WITH demand AS (
            SELECT demand, soc_code, floor(p.openings_annual_count + 0.5) AS openings
            FROM occupation_projection p JOIN occupation o USING (soc_code)
            CROSS JOIN (SELECT unnest(['career-prep', 'middle-skills']) AS demand)
            WHERE p.state_fips = $state_fips AND p.demand_basis IN ('bls', 'estimated') AND p.openings_annual_count >= 0.5
              AND CASE demand WHEN 'career-prep' THEN o.is_career_prep ELSE o.is_middle_skills END
        ), part AS (
            SELECT demand, cip_code, soc_code, openings / sum(openings) OVER program AS by_openings,
                   1 / count(*) OVER program AS alike
            FROM occupation_link JOIN demand USING (soc_code) WINDOW program AS (PARTITION BY demand, cip_code)
        ), pathway AS (
            SELECT soc_code, cluster, 1 / count(*) OVER (PARTITION BY soc_code) AS share
            FROM (SELECT DISTINCT soc_code, cluster FROM occupation_pathway WHERE framework = $framework)
        ), placed AS (
            SELECT demand, cip_code, cluster, unnest([sum(by_openings * share), sum(alike * share)]) AS share,
                   unnest([FALSE, TRUE]) AS is_split_alike
            FROM part JOIN pathway USING (soc_code) GROUP BY demand, cip_code, cluster
        ), given AS (
            SELECT award_year, cip_code, sum(awards_count) AS awards, sum(awards_women_count) AS women,
                   sum(awards_men_count) AS men,
                   coalesce(sum(awards_count) FILTER (award_level IN ('20', '21')), 0) AS under_one_year
            FROM program_award
            WHERE state_fips = $state_fips AND award_year > (SELECT max(award_year) FROM program_award) - 3
              AND list_contains($levels, award_level)
            GROUP BY ALL
        )
        SELECT award_year, demand, is_split_alike, cluster, sum(women * share) AS women_count, sum(men * share) AS men_count,
               sum(awards * share) AS awards_count, sum(under_one_year * share) AS under_one_year_count
        FROM given JOIN placed USING (cip_code)
        GROUP BY ALL ORDER BY ALL
        """,
        {
            "state_fips": reader.place(scope.state)["state_fips"],
            "framework": FRAMEWORK,
            "levels": list(AWARD_SCOPES["sub-baccalaureate"]),
        },
    )


def held(sentence: str, holds: pd.Series, varied: str) -> str:
    """A sentence with "holds under N of M", from whether it holds under each assumption; ``varied`` says what they were."""
    count, tried = int(holds.sum()), len(holds)
    changes = "" if count in (0, tried) else " (changes with assumptions)"
    return f"“{sentence}” holds under {count} of {tried}{changes}. {varied}"
