"""Under how many assumptions each finding holds, for every area as a whole and every career cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import duckdb
import numpy as np
import pandas as pd

from etl import parallel
from etl.warehouse import gap_inputs
from etl.warehouse.marts.gaps import DEFAULT, network_of, query_of
from measures.gaps import FLOW_OF, Network, Supply, no_supply, supplies
from measures.matching import Bounds, FloatArray, Matching, by_level
from measures.scopes import AWARD_SCOPES, DEMAND_VARIANTS
from measures.stability import COMPARING, Setting, holds, where_it_holds

AWARD_YEARS = 3
#: Both are career training; the wider scopes are for those who ask for them.
DEMANDS = ("career-prep", "middle-skills")


@dataclass(frozen=True)
class _Job:
    """One way to assume, in every area."""

    setting: Setting
    network: Network
    supply: Mapping[str, Supply]
    openings: Mapping[str, FloatArray]


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every finding, area and cluster: the count of settings under which it holds, of those tried."""
    jobs = list(_jobs(con))
    settings = [job.setting for job in jobs]
    held: dict[tuple[str, str, str | None], list[bool]] = {}
    for answers in parallel.each(_answers, jobs):
        for place, answer in answers.items():
            held.setdefault(place, []).append(answer)
    return pd.DataFrame(
        [
            {
                "finding": finding,
                "state_fips": fips,
                "cluster": cluster,
                "holds_count": sum(answers),
                "tried_count": len(settings),
                "note": where_it_holds(settings, answers),
            }
            for (finding, fips, cluster), answers in held.items()
            if not (cluster is None and finding in COMPARING)
        ]
    )


def _jobs(con: duckdb.DuckDBPyConnection) -> Iterator[_Job]:
    awards = con.execute(
        """
        SELECT award_year, state_fips, cip_code, award_level, awards_count FROM program_award
        WHERE list_contains($levels, award_level) AND award_year > (SELECT max(award_year) FROM program_award) - $years
        """,
        {"levels": list(AWARD_SCOPES[DEFAULT[0]]), "years": AWARD_YEARS},
    ).df()
    projections = gap_inputs.area_openings(query_of(con))
    for demand in DEMANDS:
        network = network_of(con, demand)
        supply = {
            int(str(year)): supplies(network, of_year, AWARD_SCOPES[DEFAULT[0]])
            for year, of_year in awards.groupby("award_year")
        }
        for variant in DEMAND_VARIANTS:
            table = projections.pivot(index="state_fips", columns="soc_code", values=FLOW_OF[variant])
            openings = table.reindex(columns=network.occupations).astype("float64").fillna(0.0)
            by_area = dict(zip(openings.index, openings.to_numpy(), strict=True))
            for year, is_strict in product(supply, (False, True)):
                yield _Job(Setting(demand, variant, year, is_strict), network, supply[year], by_area)


def _answers(job: _Job) -> dict[tuple[str, str, str | None], bool]:
    """Whether each finding holds, by finding, area and cluster (None for the area as a whole)."""
    network = job.network
    clusters = network.members[: len(network.clusters)]
    members = np.vstack([np.ones(len(network.occupations), dtype=bool), clusters])
    places = (None, *network.clusters)
    found: dict[tuple[str, str, str | None], bool] = {}
    for fips, openings in job.openings.items():
        supply = job.supply.get(fips, no_supply(network))
        bounds = _bounds(network, supply, openings, members, job.setting.is_strict)
        for finding, answers in holds(bounds[0], bounds[1:]).items():
            found |= {(finding, fips, place): answer for place, answer in zip(places, answers, strict=True)}
    return found


def _bounds(
    network: Network, supply: Supply, openings: FloatArray, members: np.ndarray, is_strict: bool
) -> list[Bounds]:
    """Bounds of the whole and of each cluster."""
    if not is_strict:
        return Matching(supply.awards, openings, network.links).bounds(members)
    certificates = supply.awards - supply.degrees - supply.shortest
    awards, links = by_level(supply.degrees, certificates, network.links, network.degree_only)
    return Matching(awards, openings, links).bounds(members)
