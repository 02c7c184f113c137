"""What the gap measures need of a warehouse, asked in one place: by the marts while it is built, by a reader after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from etl.codes import FRAMEWORK_2024
from measures.gaps import Network
from measures.scopes import demand_scope_column

#: Runs a query with its parameters.
Query = Callable[[str, Sequence[Any]], pd.DataFrame]


def network(query: Query, demand: str) -> Network:
    """The network of a demand scope's linked occupations, with the pathways of the 2024 framework."""
    column = demand_scope_column(demand)
    links = query(f"SELECT l.* FROM occupation_link l JOIN occupation o USING (soc_code) WHERE {column}", [])
    pathways = query("SELECT * FROM occupation_pathway WHERE framework = ?", [FRAMEWORK_2024])
    # Nurses are in scope because an associate degree admits to licensure, so strictly they take no certificate.
    degree_only = query(
        "SELECT soc_code FROM occupation WHERE entry_education LIKE 'Associate%' OR way_in LIKE 'Licensure%'", []
    )
    return Network.of(links, pathways, degree_only["soc_code"].tolist())


def area_wages(query: Query, state_fips: str = "%") -> pd.DataFrame:
    """Median wages by area and occupation beside the area's median of all occupations, both of the newest year that has
    the area's total row: ``state_fips``, ``soc_code``, ``wage_median_usd``, ``wage_note``, ``area_median_usd``."""
    return query(
        """
        WITH total AS (
            SELECT state_fips, max_by(wage_median_usd, reference_year) AS area_median_usd,
                   max(reference_year) AS reference_year
            FROM occupation_employment
            WHERE soc_code = '00-0000' AND wage_median_usd IS NOT NULL AND state_fips LIKE ? GROUP BY state_fips
        )
        SELECT state_fips, soc_code, wage_median_usd, wage_note, area_median_usd
        FROM occupation_employment JOIN total USING (state_fips, reference_year)
        WHERE occupation_group = 'detailed'
        """,
        [state_fips],
    )


def area_openings(query: Query, state_fips: str = "%", demand_basis: str | None = None) -> pd.DataFrame:
    """Yearly openings by area and occupation on one basis; by default the nation's as published and the states' as
    estimated from it."""
    return query(
        """
        SELECT * FROM occupation_projection
        WHERE state_fips LIKE ? AND demand_basis = coalesce(?, if(state_fips = '00', 'bls', 'estimated'))
        ORDER BY state_fips, soc_code
        """,
        [state_fips, demand_basis],
    )
