"""The bounds of one scope in three ways, and one area's gap asked for by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_flow

from bench.row import Row, seconds_of
from charts.gaps_on_demand import gap_for
from etl.warehouse.read import Reader
from measures.gaps import Network, supplies
from measures.matching import BoolArray, Bounds, FloatArray, IntArray, Matching
from measures.scopes import AWARD_SCOPES


@dataclass(frozen=True)
class Area:
    """One area of the default scope, in the order of the network."""

    awards: IntArray
    openings: IntArray
    links: IntArray


def bounds(reader: Reader, areas: int = 52, lp_areas: int = 4) -> Iterator[Row]:
    """All bounds of the default scope, every area and career cluster, beside the most openings that each area's awards
    could fill and nothing more; then the same bounds in two textbook ways.

    The linear programs are solved for ``lp_areas`` areas, evenly spaced by size, and their time extrapolated to all.
    """
    network, everywhere = _default_scope(reader, areas)
    clusters = network.members[: len(network.clusters)]
    sets = f"{len(everywhere)} areas x {len(clusters)} clusters"

    floor = seconds_of(lambda: [Matching(a.awards, a.openings, a.links).could_fill() for a in everywhere], 3)
    ours = seconds_of(lambda: [_ours(a, clusters) for a in everywhere], 3)
    yield Row(f"bounds, {sets}", ours, "could fill alone", floor, at_most=8, most=1.0)

    naive = seconds_of(lambda: [one_by_one(a, clusters) for a in everywhere])
    yield Row("the same, one flow after another", naive, "bounds", ours, at_least=3)

    by_size = sorted(everywhere, key=lambda a: int(a.awards.sum()))
    some = [by_size[i] for i in np.linspace(0, len(by_size) - 1, min(lp_areas, len(by_size))).astype(int)]
    linear = seconds_of(lambda: [by_linear_programs(a, clusters) for a in some])
    yield Row(
        f"the same, linear programs (from {len(some)} areas)",
        linear * len(everywhere) / len(some),
        "bounds",
        ours,
        at_least=20,
    )


def _default_scope(reader: Reader, areas: int) -> tuple[Network, list[Area]]:
    links = reader.frame("SELECT l.* FROM occupation_link l JOIN occupation USING (soc_code) WHERE is_career_prep")
    pathways = reader.frame("SELECT * FROM occupation_pathway WHERE framework = '14 clusters (2024)'")
    network = Network.of(links, pathways, [])
    awards = reader.frame("SELECT * FROM program_award WHERE award_year = (SELECT max(award_year) FROM program_award)")
    demand = reader.frame(
        "SELECT * FROM occupation_projection WHERE demand_basis IN ('bls', 'estimated') ORDER BY state_fips"
    )
    supply = supplies(network, awards, AWARD_SCOPES["sub-baccalaureate"])
    everywhere = []
    for fips, rows in demand.groupby("state_fips"):
        openings = rows.set_index("soc_code")["openings_annual_count"].reindex(network.occupations).fillna(0)
        matching = Matching(supply[str(fips)].awards, openings.to_numpy(dtype=float), network.links)
        everywhere.append(Area(matching.awards, matching.openings, matching.links))
    return network, everywhere[:areas]


def _ours(area: Area, clusters: BoolArray) -> list[Bounds]:
    return Matching(area.awards, area.openings, area.links).bounds(clusters)


def one_by_one(area: Area, clusters: BoolArray) -> list[Bounds]:
    """The bounds as their definition reads: one network and one maximum flow for each question."""
    best = _flow(area, area.awards, area.openings)
    found = []
    for inside in clusters:
        linked = np.zeros(area.awards.size, dtype=bool)
        linked[area.links[inside[area.links[:, 1]], 0]] = True
        at_most = _flow(area, area.awards, np.where(inside, area.openings, 0))
        at_least = best - _flow(area, area.awards, np.where(inside, 0, area.openings))
        alone = _flow(area, np.where(linked, area.awards, 0), area.openings)
        openings, awards = int(area.openings[inside].sum()), int(area.awards[linked].sum())
        gaps = openings - at_most, openings - at_least
        found.append(Bounds(openings, at_least, at_most, *gaps, awards, awards - alone))
    return found


def _flow(area: Area, awards: IntArray, openings: IntArray) -> int:
    programs, occupations = awards.size, openings.size
    sink = 1 + programs + occupations
    program, occupation = area.links.T
    tails = np.concatenate([np.zeros(programs, dtype=int), 1 + program, 1 + programs + np.arange(occupations)])
    heads = np.concatenate([1 + np.arange(programs), 1 + programs + occupation, np.full(occupations, sink)])
    limits = np.concatenate([awards, awards[program], openings]).astype(np.int32)
    network = csr_array((limits, (tails, heads)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(network, 0, sink).flow_value)


def by_linear_programs(area: Area, clusters: BoolArray) -> list[tuple[int, int]]:
    """(at least, at most) of each cluster by HiGHS: the most that can be filled at all, then for each cluster the least
    and the most of it among the assignments that fill as much."""
    links, number = area.links, len(area.links)
    each = np.arange(number)
    limits = coo_array(
        (
            np.ones(2 * number),
            (
                np.concatenate([links[:, 0], area.awards.size + links[:, 1]]),
                np.concatenate([each, each]),
            ),
        ),
        shape=(area.awards.size + area.openings.size, number),
    ).tocsr()
    most = np.concatenate([area.awards, area.openings])
    # SciPy takes sparse limits; its type stubs do not know.
    within: dict[str, Any] = {"A_ub": limits, "b_ub": most, "method": "highs"}
    total = -linprog(-np.ones(number), **within).fun
    everything = np.ones((1, number))

    def filled(into: FloatArray) -> int:
        solved = linprog(into, A_eq=everything, b_eq=[round(total)], **within)
        return round(abs(solved.fun))

    into = [inside[links[:, 1]].astype(float) for inside in clusters]
    return [(filled(one), filled(-one)) for one in into]


def on_demand(reader: Reader) -> Iterator[Row]:
    """What the tables do not hold, asked for by itself, beside fetching its inputs from the warehouse."""
    for figure, asked in (
        ("Texas, two award years ago", {"state": "TX", "award_year": 2022}),
        ("California, its own projections", {"state": "CA", "basis": "projected"}),
        ("the nation, all awards, all jobs", {"state": "US", "awards": "all", "demand": "all"}),
    ):
        gap_for(reader, **asked)  # lays out the network, which is kept
        fips = reader.rows("SELECT state_fips FROM state WHERE state_abbr = ?", [asked["state"]])[0][0]
        floor = seconds_of(partial(_fetch_area, reader, fips), times=3)
        yield Row(
            figure, seconds_of(partial(gap_for, reader, **asked), times=3), "fetching its inputs", floor, at_most=40
        )


def _fetch_area(reader: Reader, fips: str) -> None:
    reader.area_openings(fips)
    reader.area_openings("00")
    reader.area_wages(fips)
    reader.frame("SELECT * FROM program_award WHERE award_year = 2024 AND state_fips = ?", [fips])
