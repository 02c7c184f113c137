"""Under how many assumptions each finding holds, for every area as a whole and every career cluster."""

from __future__ import annotations

from collections import defaultdict
from itertools import product

import duckdb
import numpy as np
import pandas as pd

from etl.warehouse.marts.gaps import DEFAULT, DEMANDS, FLOW_OF, network_of
from measures.gaps import Network, Supply, supplies
from measures.matching import Bounds, FloatArray, Matching, by_level
from measures.scopes import AWARD_SCOPES, DEMAND_VARIANTS
from measures.stability import COMPARING, Setting, holds, where_it_holds

AWARD_YEARS = 3


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every finding, area and cluster: the count of settings under which it holds, of those tried."""
    awards = con.execute(
        """
        SELECT award_year, state_fips, cip_code, award_level, awards_count FROM program_award
        WHERE list_contains($levels, award_level) AND award_year > (SELECT max(award_year) FROM program_award) - $years
        """,
        {"levels": list(AWARD_SCOPES[DEFAULT[0]]), "years": AWARD_YEARS},
    ).df()
    projections = con.execute(
        "SELECT * FROM occupation_projection WHERE demand_basis IN ('bls', 'estimated') ORDER BY state_fips, soc_code"
    ).df()
    settings: list[Setting] = []
    held: dict[tuple[str, str, str | None], list[bool]] = defaultdict(list)
    for demand in DEMANDS:
        network = network_of(con, demand)
        members = np.vstack([np.ones(len(network.occupations), dtype=bool), network.members[: len(network.clusters)]])
        places = (None, *network.clusters)
        supply = {
            int(str(year)): supplies(network, of_year, AWARD_SCOPES[DEFAULT[0]])
            for year, of_year in awards.groupby("award_year")
        }
        for variant in DEMAND_VARIANTS:
            table = projections.pivot(index="state_fips", columns="soc_code", values=FLOW_OF[variant])
            openings = table.reindex(columns=network.occupations).astype("float64").fillna(0.0)
            for year, is_strict in product(supply, (False, True)):
                settings.append(Setting(demand, variant, year, is_strict))
                for fips, of_area in zip(openings.index, openings.to_numpy(), strict=True):
                    bounds = _bounds(network, supply[year].get(fips), of_area, members, is_strict)
                    for finding, answers in holds(bounds[0], bounds[1:]).items():
                        for place, answer in zip(places, answers, strict=True):
                            held[finding, fips, place].append(answer)
    return pd.DataFrame(
        [
            {
                "finding": finding,
                "state_fips": fips,
                "cluster": place,
                "holds_count": sum(answers),
                "tried_count": len(settings),
                "note": where_it_holds(settings, answers),
            }
            for (finding, fips, place), answers in held.items()
            if not (place is None and finding in COMPARING)
        ]
    )


def _bounds(
    network: Network, supply: Supply | None, openings: FloatArray, members: np.ndarray, is_strict: bool
) -> list[Bounds]:
    """Bounds of the whole and of each cluster; an area without any award has none to place."""
    if supply is None:
        nothing = np.zeros(len(network.programs), dtype=np.int64)
        supply = Supply(nothing, nothing, nothing, 0)
    if not is_strict:
        return Matching(supply.awards, openings, network.links).bounds(members)
    certificates = supply.awards - supply.degrees - supply.shortest
    awards, links = by_level(supply.degrees, certificates, network.links, network.degree_only)
    return Matching(awards, openings, links).bounds(members)
