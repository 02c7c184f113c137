"""The gap tables' figures for a scope that the warehouse does not hold: another award year, or a state's own projections.

The same code as for the tables, so for their scopes it gives what they hold; a few dozen milliseconds per area.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import pandas as pd

from charts.scope import FRAMEWORK
from etl.errors import AtlasError
from etl.warehouse.read import Reader
from measures.gaps import FLOW_OF, AreaDemand, area_figures, area_gap, group_figures, no_supply, supplies
from measures.scopes import AWARD_SCOPES, DEMAND_SCOPES

BASES = ("bls", "estimated", "projected")


@dataclass(frozen=True)
class Gap:
    """One area's openings against its awards."""

    area: dict[str, Any]
    """What a row of ``gap_by_state`` holds."""
    clusters: pd.DataFrame
    """Rows as in ``gap_by_cluster``: the clusters first, then their parts."""


def gap_for(
    reader: Reader,
    state: str,
    awards: str = "sub-baccalaureate",
    demand: str = "career-prep",
    variant: str = "openings",
    award_year: int = 0,
    basis: str = "",
) -> Gap:
    """The gap of one area. ``state`` is a postal abbreviation ('US' for the nation), ``award_year`` the year that the
    award year ends in (0 for the newest), ``basis`` one of :data:`BASES` ('' for bls in the nation and estimated in a
    state).

    Raises ``AtlasError`` where a value is not known, or a state's own projections are withheld, with the reason.
    """
    years = [year for (year,) in reader.rows("SELECT DISTINCT award_year FROM program_award ORDER BY 1 DESC")]
    fips = dict(reader.rows("SELECT state_abbr, state_fips FROM state"))
    _known("state", state, fips)
    _known("award scope", awards, AWARD_SCOPES)
    _known("demand scope", demand, DEMAND_SCOPES)
    _known("demand variant", variant, FLOW_OF)
    _known("award year", award_year or years[0], years)
    _known("demand basis", basis, ("", *BASES))
    here, year = fips[state], award_year or years[0]
    basis = basis or ("bls" if here == "00" else "estimated")
    projections = reader.area_openings(here, basis)
    if projections.empty:
        raise AtlasError(_why_none(reader, state, here, basis))

    network = reader.network(demand)
    given = reader.frame(
        "SELECT state_fips, cip_code, award_level, awards_count FROM program_award WHERE award_year = ? AND state_fips = ?",
        [year, here],
    )
    supply = supplies(network, given, AWARD_SCOPES[awards]).get(here, no_supply(network))
    in_area = AreaDemand.of(network, projections, reader.area_wages(here), FLOW_OF[variant])
    nation = reader.area_openings("00").set_index("soc_code")[FLOW_OF[variant]].reindex(network.occupations)
    gap = area_gap(network, supply, in_area.openings)
    keys = {
        "award_year": year,
        "state_fips": here,
        "awards": awards,
        "demand": demand,
        "demand_basis": basis,
        "demand_variant": variant,
        "base_year": int(projections["base_year"].iloc[0]),
    }
    figures = area_figures(in_area, supply, gap, nation.fillna(0).to_numpy(dtype=float))
    clusters = pd.DataFrame(dict(group_figures(network, in_area, gap)))
    return Gap(keys | figures, clusters.assign(framework=FRAMEWORK, **keys))


def _known(what: str, value: object, values: Collection[object]) -> None:
    if value not in values:
        raise AtlasError(f"There is no {what} {value!r}; there are {', '.join(map(str, values))}.")


def _why_none(reader: Reader, state: str, fips: str, basis: str) -> str:
    if basis != "projected":
        right = "bls" if fips == "00" else "estimated"
        return f"There are no yearly openings of {state} on the basis {basis}; ask for {right}."
    reasons = reader.rows("SELECT reason FROM projection_fitness WHERE state_fips = ?", [fips])
    reason = reasons[0][0] if reasons else "there are none"
    return f"There are no projections of its own for {state} ({reason}); leave the basis out for the Bureau's."
