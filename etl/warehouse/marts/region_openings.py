"""Yearly openings by career cluster of the states and regions that were imported."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from measures.gaps import Network, largest_remainder
from measures.scopes import demand_scope_column

DEMANDS = ("career-prep", "all")
_PLACE = ["state_fips", "region", "base_year", "projection_year", "origin"]
COLUMNS = [*_PLACE, "demand", "framework", "cluster", "openings_annual_count", "openings_split_count"]


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """A file by cluster as it is; one by occupation in both frameworks, occupations as for the gap tables.

    A detailed code that the national projections list under another is counted there.
    """
    given = con.execute(
        """
        SELECT state_fips, region, base_year, projection_year, origin, 'as given' AS demand, framework, cluster,
               openings_annual_count, openings_annual_count AS openings_split_count
        FROM imported_openings WHERE cluster IS NOT NULL AND openings_annual_count IS NOT NULL ORDER BY ALL
        """
    ).df()
    occupations = con.execute(
        """
        WITH code AS (SELECT soc_code, min(projection_code) AS projection_code FROM soc_map GROUP BY 1)
        SELECT i.state_fips, i.region, i.base_year, i.projection_year, i.origin,
               if(o.is_projected, i.soc_code, coalesce(code.projection_code, i.soc_code)) AS soc_code,
               sum(i.openings_annual_count)::DOUBLE AS openings
        FROM imported_openings i LEFT JOIN occupation o USING (soc_code) LEFT JOIN code USING (soc_code)
        WHERE i.soc_code IS NOT NULL GROUP BY ALL ORDER BY ALL
        """
    ).df()
    found = [given.astype({"openings_annual_count": "int64", "openings_split_count": "int64"})]
    if len(occupations):
        found += [_by_cluster(con, occupations, demand) for demand in DEMANDS]
    return pd.concat([frame for frame in found if len(frame)], ignore_index=True) if any(map(len, found)) else given


def _by_cluster(con: duckdb.DuckDBPyConnection, occupations: pd.DataFrame, demand: str) -> pd.DataFrame:
    links = con.execute(
        f"SELECT l.* FROM occupation_link l JOIN occupation o USING (soc_code) WHERE {demand_scope_column(demand)}"
    ).df()
    pathways = con.execute("SELECT * FROM occupation_pathway ORDER BY ALL").df()
    found = []
    for framework, of_framework in pathways.groupby("framework"):
        network = Network.of(links, of_framework, [])
        members = network.members[: len(network.clusters)]
        for place, own in occupations.groupby(_PLACE):
            counts = own.set_index("soc_code")["openings"].reindex(network.occupations).fillna(0.0).to_numpy()
            counts = np.floor(counts + 0.5)
            whole, split = counts @ members.T, largest_remainder(counts @ network.shares)
            for k, cluster in enumerate(network.clusters):
                found.append([*place, demand, framework, cluster, int(whole[k]), int(split[k])])
    return pd.DataFrame(found, columns=COLUMNS)
