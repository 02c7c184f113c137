"""Principle 1: how hard a pathway's industries find it to hire, against the pay that its programs lead to."""

from __future__ import annotations

from typing import Any

import pandas as pd

from charts.axis import axis_chart
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader


def proxy(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway: of 100 awards in the reviewed programs that lead there, how many are in programs whose jobs pay at
    least the area's median.

    The share of in-demand openings that a program leads to would be near 100 in every pathway of a large place; the pay
    varies in all of them. Both are in the table.
    """
    return reader.frame(
        """
        WITH reviewed AS (
            SELECT cip_code, awards_mean_count, wage_ratio >= 1 AS pays FROM program_review JOIN state USING (state_fips)
            WHERE state_abbr = $state AND review <> 'not reviewed'
        ), leads AS (
            SELECT DISTINCT cip_code, cluster FROM occupation_link JOIN occupation_pathway USING (soc_code)
            WHERE framework = $framework
        ), paid AS (
            SELECT cluster, count(*) AS reviewed_count, round(sum(awards_mean_count), 2) AS awards_mean_count,
                   -- rounded, for the order in which threads add up is not always the same
                   round(100 * sum(awards_mean_count * pays::INTEGER) / sum(awards_mean_count), 6) AS paid_pct
            FROM leads JOIN reviewed USING (cip_code) GROUP BY cluster
        ), served AS (
            SELECT cluster, max(value) FILTER (WHERE indicator = 'served_openings_pct') AS served_openings_pct,
                   max(value) FILTER (WHERE indicator = 'served_programs_pct') AS served_programs_pct
            FROM principle_indicator
            WHERE state_fips = (SELECT state_fips FROM state WHERE state_abbr = $state)
              AND indicator IN ('served_openings_pct', 'served_programs_pct') AND cluster IS NOT NULL
              AND (demand_variant = 'openings' OR demand_variant IS NULL)
            GROUP BY cluster
        )
        SELECT cluster, paid_pct AS proxy_value, reviewed_count, awards_mean_count, served_openings_pct, served_programs_pct
        FROM served LEFT JOIN paid USING (cluster)
        """,
        {"state": scope.state, "framework": FRAMEWORK},
    )


def says(row: Any) -> str:
    """A pathway's value in words."""
    return f"{row.proxy_value:.0f} of every 100 awards that lead there are in programs whose jobs pay the median or more on average"


CHART = axis_chart(
    id="shortage-and-quality",
    question="Where employers compete hardest, do the programs lead to jobs that pay?",
    tables=("program_review", "occupation_link", "occupation_pathway"),
    proxy=proxy,
    axis="of 100 awards, in programs whose jobs pay the median",
    says=says,
    column="Of 100 awards, in programs whose jobs pay at least the median",
    more_columns={
        "reviewed_count": "Programs reviewed",
        "awards_mean_count": "Their awards a year, three-year mean",
        "served_openings_pct": "In-demand openings that a program here leads to, percent",
        "served_programs_pct": "Programs that lead to an in-demand occupation, percent",
    },
    means="Far right and low are pathways whose industries find it hard to hire while many awards are in programs whose jobs pay "
    "under the median: the programs to look at first with employers.",
    means_not="It does not say how well a program teaches; a program that leads to several pathways counts in each, pay is the "
    "mean of the linked occupations’ medians weighted by their openings, and industries’ figures are the nation’s.",
    terms=("award", "yearly opening"),
)
