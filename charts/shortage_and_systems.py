"""Principle 5: how hard a pathway's industries find it to hire, against whether its awards keep step with its openings."""

from __future__ import annotations

from typing import Any

import pandas as pd

from charts.axis import axis_chart
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader


def proxy(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per pathway: its percent of all awards less its percent of all yearly openings, in points."""
    return reader.frame(
        """
        WITH mix AS (
            SELECT cluster,
                   max(value) FILTER (WHERE indicator = 'awards_share_pct' AND demand_variant = 'openings') AS awards_share_pct,
                   max(value) FILTER (WHERE indicator = 'openings_share_pct' AND demand_variant = 'openings')
                       AS openings_share_pct,
                   max(value) FILTER (WHERE indicator = 'openings_share_pct' AND demand_variant = 'growth_and_exits')
                       AS openings_share_growth_and_exits_pct
            FROM principle_indicator
            WHERE state_fips = (SELECT state_fips FROM state WHERE state_abbr = $state)
              AND framework = $framework AND demand = 'career-prep'
              AND indicator IN ('awards_share_pct', 'openings_share_pct')
            GROUP BY cluster
        )
        SELECT *, awards_share_pct - openings_share_pct AS proxy_value FROM mix
        """,
        {"state": scope.state, "framework": FRAMEWORK},
    )


def says(row: Any) -> str:
    """A pathway's two shares in words."""
    return (
        f"it has {row.openings_share_pct:.0f} of every 100 yearly openings "
        f"({row.openings_share_growth_and_exits_pct:.0f} without people changing occupation) and {row.awards_share_pct:.0f} of "
        "every 100 awards"
    )


CHART = axis_chart(
    id="shortage-and-systems",
    question="Where employers compete hardest, do awards keep step with openings?",
    tables=("gap_by_cluster", "program_award"),
    proxy=proxy,
    axis="share of awards less share of openings, points",
    says=says,
    column="Share of awards less share of openings, points",
    more_columns={
        "openings_share_pct": "Share of yearly openings, percent",
        "openings_share_growth_and_exits_pct": "Share of growth and exits, percent",
        "awards_share_pct": "Share of awards, percent",
    },
    line=(0, "same share of awards as of openings"),
    means="Far right and under the line are pathways whose industries find it hard to hire and that have a smaller share of the "
    "awards than of the openings: where schools, colleges and employers have most to settle together.",
    means_not="It compares shares, not numbers, for certificates and associate degrees and career-training jobs; awards that lead "
    "nowhere in scope are left out, people enter in other ways too, and industries’ figures are the nation’s.",
    terms=("award", "yearly opening", "growth and exits", "career-training job"),
)
