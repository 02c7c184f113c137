"""Yearly openings by occupation and area, on the three bases."""

import duckdb
import pandas as pd

from measures.demand import estimated_openings, growth_and_exits, projected_openings


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """The nation as published, the states as estimated, and the states' own where they are fit.

    States are estimated from the newest employment estimates that have the states' cells.
    """
    national = con.execute(
        """
        SELECT base_year, projection_year, '00' AS state_fips, soc_code, employment_base_count,
               employment_projected_count, change_count / (projection_year - base_year) AS growth_annual_count,
               exits_annual_count, transfers_annual_count, openings_annual_count
        FROM projection_national WHERE occupation_type = 'Line item'
        """
    ).df()
    national["growth_and_exits_annual_count"] = growth_and_exits(
        national["growth_annual_count"], national["exits_annual_count"]
    )
    employment = con.execute(
        """
        SELECT state_fips, soc_code, employment_count FROM occupation_employment
        WHERE reference_year = (SELECT max(reference_year) FROM occupation_employment WHERE state_fips <> '00')
          AND occupation_group = 'detailed'
        """
    ).df()
    estimated = estimated_openings(national, employment)
    for column in ("base_year", "projection_year"):
        estimated[column] = national[column].iloc[0]
    own = con.execute(
        """
        SELECT s.* FROM projection_state s JOIN projection_fitness f USING (projection_year, state_fips)
        WHERE f.is_offered AND s.soc_code NOT LIKE '%0000'
        """
    ).df()
    projected = projected_openings(own, national)
    return pd.concat(
        [
            national.assign(demand_basis="bls", coverage_pct=100.0),
            estimated.assign(demand_basis="estimated"),
            projected.assign(demand_basis="projected"),
        ]
    )
