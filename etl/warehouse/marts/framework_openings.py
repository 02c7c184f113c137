"""Yearly openings by career cluster of each framework, each kept to itself."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from measures.gaps import FLOW_OF, Network, largest_remainder
from measures.scopes import DEMAND_VARIANTS, demand_scope_column

#: The gap tables' default, and every occupation with a program: pupils in school go on to either.
DEMANDS = ("career-prep", "all")


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Openings of every area and cluster; occupations as for the gap tables, so that the two agree."""
    projections = con.execute(
        "SELECT * FROM occupation_projection WHERE demand_basis IN ('bls', 'estimated') ORDER BY state_fips, soc_code"
    ).df()
    pathways = con.execute("SELECT * FROM occupation_pathway ORDER BY ALL").df()
    found = []
    for demand in DEMANDS:
        links = con.execute(
            f"SELECT l.* FROM occupation_link l JOIN occupation o USING (soc_code) WHERE {demand_scope_column(demand)}"
        ).df()
        for framework, of_framework in pathways.groupby("framework"):
            network = Network.of(links, of_framework, [])
            members = network.members[: len(network.clusters)]
            for variant in DEMAND_VARIANTS:
                table = projections.pivot(index="state_fips", columns="soc_code", values=FLOW_OF[variant])
                openings = table.reindex(columns=network.occupations).astype("float64")
                known = openings.notna().to_numpy()
                counts = np.floor(openings.fillna(0.0).to_numpy() + 0.5)
                whole, without = counts @ members.T, (~known).astype(int) @ members.T.astype(int)
                for g, fips in enumerate(openings.index):
                    split = largest_remainder(counts[g] @ network.shares)
                    for k, cluster in enumerate(network.clusters):
                        found.append(
                            {
                                "state_fips": fips,
                                "demand": demand,
                                "demand_basis": "bls" if fips == "00" else "estimated",
                                "demand_variant": variant,
                                "framework": framework,
                                "cluster": cluster,
                                "openings_annual_count": int(whole[g, k]),
                                "openings_split_count": int(split[k]),
                                "note": f"{without[g, k]} of {int(members[k].sum())} occupations have no estimate here"
                                if without[g, k]
                                else None,
                            }
                        )
    return pd.DataFrame(found).assign(
        base_year=int(projections["base_year"].iloc[0]),
        projection_year=int(projections["projection_year"].iloc[0]),
    )
