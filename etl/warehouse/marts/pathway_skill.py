"""How important each O*NET skill is in each pathway's jobs, in every area."""

from __future__ import annotations

from itertools import product

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from etl.codes import FRAMEWORK_2024
from etl.warehouse import gap_inputs
from etl.warehouse.marts.gaps import query_of
from measures.gaps import FLOW_OF
from measures.scopes import DEMAND_VARIANTS, demand_scope_column
from measures.skills import coverage_pct, on_projected_codes, weighted_means

#: Under which a comparison is tried; the first of each is what a chart shows.
DEMANDS = ("career-prep", "middle-skills")
SCALES = ("importance", "level")
#: What all jobs of a demand scope are compared with.
WIDER = "all"


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """A row per area, pathway (and all of them) and skill."""
    occupations = con.execute("SELECT * FROM occupation WHERE is_projected AND has_program ORDER BY soc_code").df()
    codes = occupations["soc_code"]
    elements, ratings = _ratings(con, codes)
    clusters, members = _members(con, codes)
    groups = {
        demand: np.concatenate([[everyone], members & everyone])
        for demand in (*DEMANDS, WIDER)
        for everyone in [occupations[demand_scope_column(demand)].to_numpy(dtype=bool)]
    }
    openings = gap_inputs.area_openings(query_of(con))
    found = []
    for fips, area in openings.groupby("state_fips"):
        flows = area.set_index("soc_code").reindex(codes).fillna(dict.fromkeys(FLOW_OF.values(), 0.0))
        above = sum(
            _is_above(ratings[scale], flows[FLOW_OF[variant]].to_numpy(dtype=np.float64), groups, demand)
            for demand, variant, scale in product(DEMANDS, DEMAND_VARIANTS, SCALES)
        )
        weights, own = flows[FLOW_OF["openings"]].to_numpy(dtype=np.float64), groups[DEMANDS[0]]
        importance = weighted_means(ratings["importance"], weights, own)
        compared = _compared(ratings["importance"], weights, groups, DEMANDS[0])
        shape = importance.shape
        covered = np.broadcast_to(coverage_pct(ratings["importance"], weights, own)[:, np.newaxis], shape)
        found.append(
            pd.DataFrame(
                {
                    "state_fips": str(fips),
                    "cluster": np.repeat(np.array([None, *clusters], dtype=object), shape[1]),
                    "element_id": np.tile(elements, shape[0]),
                    "base_year": int(area["base_year"].iloc[0]),
                    "importance": importance.round(3).reshape(-1),
                    "importance_compared": compared.round(3).reshape(-1),
                    "level": weighted_means(ratings["level"], weights, own).round(3).reshape(-1),
                    "coverage_pct": covered.round(1).reshape(-1),
                    "above_count": np.asarray(above).reshape(-1),
                    "tried_count": len(DEMANDS) * len(DEMAND_VARIANTS) * len(SCALES),
                }
            )
        )
    table = pd.concat(found, ignore_index=True)
    numbers = ["importance", "importance_compared", "level", "coverage_pct"]
    return table.assign(**{name: table[name].astype(object).where(table[name].notna(), None) for name in numbers})


def _ratings(
    con: duckdb.DuckDBPyConnection, codes: pd.Series
) -> tuple[npt.NDArray[np.object_], dict[str, npt.NDArray[np.float64]]]:
    """The elements [n], and for each scale the ratings [s, n] of these occupations."""
    skills = con.execute("SELECT soc_code, element_id, importance, level FROM occupation_skill").df()
    stands_for = con.execute("SELECT soc_code, projection_code FROM soc_map WHERE soc_code IS NOT NULL").df()
    code_of = stands_for.set_index("soc_code")["projection_code"]
    wide = {
        scale: on_projected_codes(skills.pivot(index="soc_code", columns="element_id", values=scale), code_of)
        for scale in SCALES
    }
    elements = wide[SCALES[0]].columns.to_numpy(dtype=object)
    return elements, {scale: table.reindex(codes).to_numpy(dtype=np.float64) for scale, table in wide.items()}


def _members(con: duckdb.DuckDBPyConnection, codes: pd.Series) -> tuple[list[str], npt.NDArray[np.bool_]]:
    """The clusters, and bool [k, s] which of these occupations are in each."""
    pairs = con.execute(
        "SELECT DISTINCT cluster, soc_code FROM occupation_pathway WHERE framework = ?", [FRAMEWORK_2024]
    ).df()
    table = pd.crosstab(pairs["cluster"], pairs["soc_code"]).reindex(columns=codes, fill_value=0).sort_index()
    return table.index.tolist(), table.to_numpy(dtype=bool)


def _compared(
    ratings: npt.NDArray[np.float64],
    openings: npt.NDArray[np.float64],
    groups: dict[str, npt.NDArray[np.bool_]],
    demand: str,
) -> npt.NDArray[np.float64]:
    """[k, n] what each row is set beside: for pathways all jobs of the scope, for these all occupations with a program."""
    everyone = np.concatenate([groups[WIDER][:1], np.repeat(groups[demand][:1], len(groups[demand]) - 1, axis=0)])
    return weighted_means(ratings, openings, everyone)


def _is_above(
    ratings: npt.NDArray[np.float64],
    openings: npt.NDArray[np.float64],
    groups: dict[str, npt.NDArray[np.bool_]],
    demand: str,
) -> npt.NDArray[np.int64]:
    """[k, n] 1 where a group's mean is above what it is compared with."""
    own = weighted_means(ratings, openings, groups[demand])
    return (own > _compared(ratings, openings, groups, demand)).astype(np.int64)
