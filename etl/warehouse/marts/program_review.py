"""The labour-market screen of programs below the bachelor's degree, in every area."""

import duckdb
import numpy as np
import pandas as pd

from etl.warehouse.marts.gaps import area_wages, network_of
from measures.in_demand import wage_floor_usd
from measures.program_review import mean_awards, review
from measures.scopes import AWARD_SCOPES


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every program with awards below the bachelor's degree in the newest three award years.

    Set against the openings of all projected occupations with a program.
    """
    awards = con.execute("SELECT award_year, state_fips, cip_code, award_level, awards_count FROM program_award").df()
    projections = con.execute(
        """
        SELECT state_fips, soc_code, openings_annual_count FROM occupation_projection
        WHERE demand_basis IN ('bls', 'estimated')
        """
    ).df()
    wages = area_wages(con)
    floor = wage_floor_usd(wages["wage_median_usd"], wages["wage_note"])
    wages["wage_usd"], wages["is_floor"] = wages["wage_median_usd"].fillna(floor), floor.notna()
    network = network_of(con, "all")
    openings = projections.pivot(index="state_fips", columns="soc_code", values="openings_annual_count")
    paid = {state_fips: here.set_index("soc_code") for state_fips, here in wages.groupby("state_fips")}
    found = []
    for state_fips, given in mean_awards(awards, AWARD_SCOPES["sub-baccalaureate"]).groupby("state_fips"):
        here = paid.get(state_fips, wages.iloc[:0].set_index("soc_code")).reindex(network.occupations)
        area_median = here["area_median_usd"].dropna()
        rows_here = review(
            network,
            given,
            openings.reindex(index=[state_fips], columns=network.occupations).to_numpy(dtype=np.float64).reshape(-1),
            here["wage_usd"].to_numpy(dtype=np.float64, na_value=np.nan),
            here["is_floor"].eq(True).to_numpy(dtype=bool),
            area_median.iloc[0] if len(area_median) else None,
        )
        found.append(rows_here.assign(state_fips=state_fips, award_year=int(awards["award_year"].max())))
    return pd.concat(found)
