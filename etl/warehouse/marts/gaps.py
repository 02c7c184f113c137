"""The gap tables: openings against awards for every area, scope and variant, no award used twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from etl import parallel
from etl.codes import FRAMEWORK_2024
from etl.warehouse import gap_inputs
from measures.gaps import (
    FLOW_OF,
    HAIR,
    AreaDemand,
    AreaGap,
    Network,
    Supply,
    area_figures,
    area_gap,
    could_fill_by_cluster,
    family_flows,
    group_figures,
    no_supply,
    supplies,
    ways_in,
)
from measures.matching import Matching
from measures.scopes import AWARD_SCOPES, DEMAND_SCOPES, DEMAND_VARIANTS

#: The scope a page opens with: occupations, ways in, flows, mostly-online colleges and the check are worked out for it alone.
DEFAULT = ("sub-baccalaureate", "career-prep")
#: A college is mostly online where more than this percent of its students are wholly in distance courses.
MOSTLY_ONLINE_PCT = 80


@dataclass(frozen=True)
class _Job:
    """One award scope, demand scope and variant, in every area."""

    keys: Mapping[str, Any]
    network: Network
    supply: Mapping[str, Supply]
    areas: Mapping[str, AreaDemand]
    """By state; the nation comes first."""
    way_in: npt.NDArray[np.object_]
    """[s] how people usually enter each occupation."""
    on_site: Mapping[str, Supply]
    """The supply less the awards of mostly-online colleges; laid out for the default scope alone."""
    fall_year: int
    """Of the count of students that tells these colleges."""


def rows(con: duckdb.DuckDBPyConnection, step: Callable[[int, int], None] | None = None) -> dict[str, pd.DataFrame]:
    """The gap tables for the newest award year: gap_by_state and gap_by_cluster, and those of the default scope alone.

    ``step`` is told how many of the combinations of scopes and variant are done, and how many there are.
    """
    jobs = list(_jobs(con))
    found = parallel.each(_tables, jobs, lambda done: step(done, len(jobs)) if step else None)
    return {name: pd.concat([tables[name] for tables in found if name in tables]) for name in found[-1]}


def _jobs(con: duckdb.DuckDBPyConnection) -> Iterator[_Job]:
    """The widest demand scope first, because it takes longest; the scope a page opens with comes last."""
    (award_year,) = con.execute("SELECT max(award_year) FROM program_award").fetchone() or (0,)
    awards = con.execute(
        "SELECT state_fips, cip_code, award_level, awards_count FROM program_award WHERE award_year = ?",
        [award_year],
    ).df()
    projections = gap_inputs.area_openings(query_of(con))
    wages = {str(fips): rows for fips, rows in area_wages(con).groupby("state_fips")}
    base_year = int(projections["base_year"].iloc[0])
    on_site_awards, fall_year = _on_site_awards(con, award_year)
    ways = con.execute("SELECT soc_code, way_in FROM occupation").df().set_index("soc_code")["way_in"]
    for demand in reversed(DEMAND_SCOPES):
        network = network_of(con, demand)
        way_in = ways.reindex(network.occupations).to_numpy(dtype=object)
        supply = {name: supplies(network, awards, levels) for name, levels in AWARD_SCOPES.items()}
        on_site = supplies(network, on_site_awards, AWARD_SCOPES[DEFAULT[0]]) if demand == DEFAULT[1] else {}
        for variant in reversed(DEMAND_VARIANTS):
            areas = {
                str(fips): AreaDemand.of(network, rows, wages[str(fips)], FLOW_OF[variant])
                for fips, rows in projections.groupby("state_fips")
            }
            for award_scope in reversed(list(AWARD_SCOPES)):
                keys = {"award_year": award_year, "awards": award_scope, "demand": demand, "demand_variant": variant}
                yield _Job(
                    keys | {"base_year": base_year}, network, supply[award_scope], areas, way_in, on_site, fall_year
                )


def _on_site_awards(con: duckdb.DuckDBPyConnection, award_year: int) -> tuple[pd.DataFrame, int]:
    """The rows of ``program_award`` without the awards of mostly-online colleges, and the fall whose count tells these.

    A college without a count counts as on site.
    """
    (fall_year,) = con.execute("SELECT max(fall_year) FROM distance_enrollment").fetchone() or (0,)
    awards = con.execute(
        """
        WITH mostly_online AS (
            SELECT unit_id FROM distance_enrollment
            WHERE fall_year = $fall_year AND 100 * exclusively_distance_count > $pct * enrolled_count
        ), award AS (
            SELECT i.state_fips, c.cip_code, c.award_level, c.awards_count
            FROM completion c JOIN institution i USING (award_year, unit_id)
            WHERE award_year = $award_year AND i.is_title_iv AND i.state_fips <= '56'
              AND unit_id NOT IN (SELECT unit_id FROM mostly_online)
        )
        SELECT coalesce(state_fips, '00') AS state_fips, cip_code, award_level, sum(awards_count)::BIGINT AS awards_count
        FROM award
        GROUP BY GROUPING SETS ((state_fips, cip_code, award_level), (cip_code, award_level))
        ORDER BY ALL
        """,
        {"fall_year": fall_year, "award_year": award_year, "pct": MOSTLY_ONLINE_PCT},
    ).df()
    return awards, fall_year


def _tables(job: _Job) -> dict[str, pd.DataFrame]:
    """The job's rows of each table."""
    network, national = job.network, job.areas["00"].openings
    state, cluster, occupation, way_in, flow, on_site, check = (_Columns() for _ in range(7))
    is_default = (job.keys["awards"], job.keys["demand"]) == DEFAULT
    for fips, demand in job.areas.items():
        supply = job.supply.get(fips, no_supply(network))
        gap = area_gap(network, supply, demand.openings)
        keys = {"state_fips": fips, "demand_basis": "bls" if fips == "00" else "estimated"}
        state.add(keys, {name: [value] for name, value in area_figures(demand, supply, gap, national).items()})
        cluster.add(keys | {"framework": FRAMEWORK_2024}, group_figures(network, demand, gap))
        if is_default:
            occupation.add(keys, _occupation_figures(network, demand, gap))
            way_in.add(keys, _lists(ways_in(gap.matching, job.way_in)))
            if job.keys["demand_variant"] == "openings":
                flow.add(keys, _lists(family_flows(network, gap.placed)))
            on_site.add(keys, _on_site_figures(job, fips, gap))
            check.add(keys, _check_figures(network, gap))
    tables = {"gap_by_state": state, "gap_by_cluster": cluster}
    if is_default:
        tables |= {"gap_by_occupation": occupation, "gap_by_way_in": way_in, "gap_check": check}
        tables |= {"gap_flow": flow, "gap_without_online": on_site}
    return {name: pd.DataFrame(columns).assign(**job.keys) for name, columns in tables.items() if columns}


class _Columns(dict[str, list[Any]]):
    """A table's columns as they grow, which is far quicker than many small frames."""

    def add(self, keys: Mapping[str, Any], figures: Mapping[str, Sequence[Any]]) -> None:
        """Some rows, which all have the same keys."""
        rows = len(next(iter(figures.values())))
        for name, value in keys.items():
            self.setdefault(name, []).extend([value] * rows)
        for name, values in figures.items():
            self.setdefault(name, []).extend(values)


def _lists(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """A frame's columns as lists."""
    return {str(name): values.tolist() for name, values in frame.items()}


def query_of(con: duckdb.DuckDBPyConnection) -> gap_inputs.Query:
    """How the inputs are asked of a warehouse that is being built."""
    return lambda sql, parameters: con.execute(sql, parameters or None).df()


def network_of(con: duckdb.DuckDBPyConnection, demand: str) -> Network:
    """The network of a demand scope's linked occupations."""
    return gap_inputs.network(query_of(con), demand)


def area_wages(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every area's median wages by occupation beside its median of all occupations."""
    return gap_inputs.area_wages(query_of(con))


def _occupation_figures(network: Network, demand: AreaDemand, gap: AreaGap) -> dict[str, list[Any]]:
    bounds = gap.matching.bounds(np.eye(len(network.occupations), dtype=bool))
    known = demand.known.tolist()

    def of_known(values: Iterable[int]) -> list[int | None]:
        return [value if is_known else None for value, is_known in zip(values, known, strict=True)]

    filled = np.floor(gap.filled + 0.5 + HAIR).astype(np.int64).tolist()
    return {
        "soc_code": network.occupations.tolist(),
        "openings_annual_count": of_known(b.openings for b in bounds),
        "awards_linked_count": [b.linked_awards for b in bounds],
        "at_least_count": of_known(b.at_least for b in bounds),
        "at_most_count": of_known(b.at_most for b in bounds),
        "gap_low_count": of_known(b.gap_low for b in bounds),
        "gap_high_count": of_known(b.gap_high for b in bounds),
        "gap_proportional_count": of_known(b.openings - f for b, f in zip(bounds, filled, strict=True)),
        "wage_median_usd": [None if np.isnan(wage) else wage for wage in demand.wage_usd.tolist()],
        "note": [None if is_known else "no estimate for this occupation here" for is_known in known],
    }


def _on_site_figures(job: _Job, fips: str, gap: AreaGap) -> dict[str, list[Any]]:
    """The area as a whole, where all awards count, and each cluster, where those of linked programs do."""
    supply = job.on_site.get(fips, no_supply(job.network))
    found = could_fill_by_cluster(job.network, Matching(supply.awards, gap.matching.openings, job.network.links))
    whole = could_fill_by_cluster(job.network, gap.matching)
    given, left = whole["awards_linked_count"].tolist(), found["awards_linked_count"].tolist()
    given[0], left[0] = job.supply.get(fips, no_supply(job.network)).total, supply.total
    online = [a - b for a, b in zip(given, left, strict=True)]
    return {
        "fall_year": [job.fall_year] * len(found),
        "cluster": found["cluster"].tolist(),
        "openings_annual_count": found["openings_annual_count"].tolist(),
        "awards_count": given,
        "awards_online_count": online,
        "awards_online_pct": [100 * o / a if a else None for o, a in zip(online, given, strict=True)],
        "could_fill_count": found["could_fill_count"].tolist(),
    }


def _check_figures(network: Network, gap: AreaGap) -> dict[str, list[Any]]:
    check = gap.matching.check()
    sides = (
        ("occupation", network.occupations, gap.matching.openings, check.occupations),
        ("program", network.programs, gap.matching.awards, check.programs),
    )
    return {
        "side": [side for side, _, _, which in sides for _ in which],
        "code": [code for _, codes, _, which in sides for code in codes[which].tolist()],
        "count": [count for _, _, counts, which in sides for count in counts[which].tolist()],
    }
