"""The gap tables: openings against awards for every area, scope and variant, no award used twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from etl.codes import FRAMEWORK_2024
from measures.gaps import AreaGap, FloatArray, Network, Supply, area_gap, supplies
from measures.matching import verdict
from measures.scopes import AWARD_SCOPES, DEMAND_VARIANTS, demand_scope_column

#: What is worked out at build time; the single occupations and the check only for the scope a page opens with.
AWARDS = ("sub-baccalaureate", "certificates", "associate")
DEMANDS = ("career-prep", "middle-skills")
DEFAULT = ("sub-baccalaureate", "career-prep")
FLOW_OF = {"openings": "openings_annual_count", "growth_and_exits": "growth_and_exits_annual_count"}


@dataclass(frozen=True)
class _Area:
    """One area's openings and wages in the order of a network's occupations."""

    state_fips: str
    openings: FloatArray
    known: np.ndarray
    pays_median: np.ndarray
    wage_usd: FloatArray


def rows(con: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """gap_by_state, gap_by_cluster, gap_by_occupation and gap_check for the newest award year."""
    (award_year,) = con.execute("SELECT max(award_year) FROM program_award").fetchone() or (0,)
    awards = con.execute(
        "SELECT state_fips, cip_code, award_level, awards_count FROM program_award WHERE award_year = ?",
        [award_year],
    ).df()
    projections = con.execute(
        "SELECT * FROM occupation_projection WHERE demand_basis IN ('bls', 'estimated') ORDER BY state_fips, soc_code"
    ).df()
    wages = area_wages(con)
    found: dict[str, list[dict[str, Any]]] = {
        "gap_by_state": [], "gap_by_cluster": [], "gap_by_occupation": [], "gap_check": [],
    }  # fmt: skip
    for demand in DEMANDS:
        network = network_of(con, demand)
        for variant in DEMAND_VARIANTS:
            areas = list(_areas(network, projections, wages, FLOW_OF[variant]))
            for award_scope in AWARDS:
                supply = supplies(network, awards, AWARD_SCOPES[award_scope])
                for area in areas:
                    keys = {
                        "award_year": award_year,
                        "state_fips": area.state_fips,
                        "awards": award_scope,
                        "demand": demand,
                        "demand_basis": "bls" if area.state_fips == "00" else "estimated",
                        "demand_variant": variant,
                        "base_year": int(projections["base_year"].iloc[0]),
                    }
                    gap = area_gap(network, supply[area.state_fips], area.openings)
                    found["gap_by_state"].append(keys | _state_row(area, supply[area.state_fips], gap, areas[0]))
                    found["gap_by_cluster"] += [keys | row for row in _cluster_rows(network, area, gap)]
                    if (award_scope, demand) == DEFAULT:
                        found["gap_by_occupation"] += [keys | row for row in _occupation_rows(network, area, gap)]
                        found["gap_check"] += [keys | row for row in _check_rows(network, gap)]
    return {name: pd.DataFrame(list_of_rows) for name, list_of_rows in found.items()}


def network_of(con: duckdb.DuckDBPyConnection, demand: str) -> Network:
    """The network of a demand scope's linked occupations."""
    column = demand_scope_column(demand)
    links = con.execute(f"SELECT l.* FROM occupation_link l JOIN occupation o USING (soc_code) WHERE {column}").df()
    pathways = con.execute("SELECT * FROM occupation_pathway WHERE framework = ?", [FRAMEWORK_2024]).df()
    # Nurses are in scope because an associate degree admits to licensure, so strictly they take no certificate.
    degree_only = con.execute(
        "SELECT soc_code FROM occupation WHERE entry_education LIKE 'Associate%' OR way_in LIKE 'Licensure%'"
    ).fetchall()
    return Network.of(links, pathways, [code for (code,) in degree_only])


def area_wages(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Median wages by area and occupation beside the area's median of all occupations, both of the newest year that has
    the area's total row: ``state_fips``, ``soc_code``, ``wage_median_usd``, ``area_median_usd``."""
    return con.execute(
        """
        WITH total AS (
            SELECT state_fips, max_by(wage_median_usd, reference_year) AS area_median_usd,
                   max(reference_year) AS reference_year
            FROM occupation_employment WHERE soc_code = '00-0000' AND wage_median_usd IS NOT NULL GROUP BY state_fips
        )
        SELECT state_fips, soc_code, wage_median_usd, wage_note, area_median_usd
        FROM occupation_employment JOIN total USING (state_fips, reference_year)
        WHERE occupation_group = 'detailed'
        """
    ).df()


def _areas(network: Network, projections: pd.DataFrame, wages: pd.DataFrame, flow: str) -> Iterator[_Area]:
    pays = {fips: rows.set_index("soc_code") for fips, rows in wages.groupby("state_fips")}
    for fips, rows in projections.groupby("state_fips"):
        openings = rows.set_index("soc_code")[flow].reindex(network.occupations)
        wage = pays[str(fips)].reindex(network.occupations)
        # A median at or above the top code has no figure, but surely is above the area's.
        top_coded = wage["wage_median_usd"].isna() & wage["wage_note"].astype("object").fillna("").str.startswith(
            "at or above"
        )
        known = openings.notna().to_numpy()
        yield _Area(
            state_fips=str(fips),
            openings=openings.fillna(0).to_numpy(dtype=float),
            known=known,
            pays_median=((wage["wage_median_usd"] >= wage["area_median_usd"]) | top_coded)
            .fillna(False)
            .to_numpy(dtype=bool),
            wage_usd=wage["wage_median_usd"].to_numpy(dtype=float, na_value=np.nan),
        )


def _state_row(area: _Area, supply: Supply, gap: AreaGap, nation: _Area) -> dict[str, Any]:
    openings = int(gap.matching.openings.sum())
    could_fill = gap.matching.could_fill()
    without = int((~area.known).sum())
    return {
        "openings_annual_count": openings,
        "awards_count": supply.total,
        "awards_linked_count": int(supply.awards.sum()),
        "could_fill_count": could_fill,
        "left_count": openings - could_fill,
        "coverage_pct": 100 * float(nation.openings[area.known].sum() / nation.openings.sum()),
        "strict_could_fill_count": gap.strict_could_fill,
        "misalignment_pct": gap.misalignment_pct,
        "note": f"{without} of {len(area.known)} occupations have no estimate here" if without else None,
    }


def _cluster_rows(network: Network, area: _Area, gap: AreaGap) -> Iterator[dict[str, Any]]:
    for i, (group, bounds) in enumerate(zip(network.groups, gap.groups, strict=True)):
        members = network.members[i]
        without = int((members & ~area.known).sum())
        yield {
            "framework": FRAMEWORK_2024,
            "cluster": group.cluster,
            "subcluster": group.subcluster,
            "openings_annual_count": bounds.openings,
            "openings_split_count": int(gap.split_openings[i]) if group.subcluster is None else None,
            "openings_median_wage_count": int(gap.matching.openings[members & area.pays_median].sum()),
            "awards_linked_count": bounds.linked_awards,
            "at_least_count": bounds.at_least,
            "at_most_count": bounds.at_most,
            "gap_low_count": bounds.gap_low,
            "gap_high_count": bounds.gap_high,
            "gap_proportional_count": bounds.openings - int(np.floor(gap.filled[members].sum() + 0.5)),
            "unplaceable_count": bounds.unplaceable,
            "verdict": verdict(bounds),
            "note": f"{without} of {int(members.sum())} occupations have no estimate here" if without else None,
        }


def _occupation_rows(network: Network, area: _Area, gap: AreaGap) -> Iterator[dict[str, Any]]:
    each = gap.matching.bounds(np.eye(len(network.occupations), dtype=bool))
    for i, (soc_code, bounds) in enumerate(zip(network.occupations, each, strict=True)):
        known = bool(area.known[i])
        wage = area.wage_usd[i]
        yield {
            "soc_code": soc_code,
            "openings_annual_count": bounds.openings if known else None,
            "awards_linked_count": bounds.linked_awards,
            "at_least_count": bounds.at_least if known else None,
            "at_most_count": bounds.at_most if known else None,
            "gap_low_count": bounds.gap_low if known else None,
            "gap_high_count": bounds.gap_high if known else None,
            "gap_proportional_count": bounds.openings - int(np.floor(gap.filled[i] + 0.5)) if known else None,
            "wage_median_usd": None if np.isnan(wage) else float(wage),
            "note": None if known else "no estimate for this occupation here",
        }


def _check_rows(network: Network, gap: AreaGap) -> Iterator[dict[str, Any]]:
    check = gap.matching.check()
    for i in check.occupations:
        yield {"side": "occupation", "code": network.occupations[i], "count": int(gap.matching.openings[i])}
    for i in check.programs:
        yield {"side": "program", "code": network.programs[i], "count": int(gap.matching.awards[i])}
