"""A labour-market screen of programs: is there room for more awards, and do the jobs they lead to pay?

METHODS section 6, principle 1. A candidate, never a verdict on quality: no figure here says how well a program teaches.

The programs reviewed are those with awards below the bachelor's degree, the award scope that everything opens with,
and the awards set against openings are those same awards: three-year means, each program's rounded half up. The
openings are of *all* projected occupations with a program, so that a program is not called crowded because the jobs
it leads to are outside a narrower scope; bachelor's and higher awards, which compete for some of them, are not
counted. So most programs have room, and room alone says little.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from measures.gaps import FloatArray, Network
from measures.matching import Matching

REVIEWS = ("candidate to scale", "sustain", "candidate to transform", "examine", "not reviewed")
#: Programs with fewer awards a year are not reviewed.
LEAST_AWARDS = 10
#: Award years in the mean.
MEAN_YEARS = 3
#: CIP family of liberal arts and general studies: it prepares for further study, not for an occupation.
GENERAL_FAMILY = "24"


def mean_awards(awards: pd.DataFrame, levels: Collection[str]) -> pd.DataFrame:
    """Awards a year of each program: the mean of the newest :data:`MEAN_YEARS` award years there are.

    A year without a row counts as none.

    ``awards``: ``award_year``, ``state_fips``, ``cip_code``, ``award_level``, ``awards_count``. Gives ``state_fips``,
    ``cip_code``, ``awards_mean_count`` of programs with any award of these levels in those years.
    """
    years = sorted(awards["award_year"].unique())[-MEAN_YEARS:]
    scope = awards[awards["award_year"].isin(years) & awards["award_level"].isin(list(levels))]
    total = scope.groupby(["state_fips", "cip_code"])["awards_count"].sum()
    means = (total[total > 0] / max(1, len(years))).astype("float64")
    return means.rename("awards_mean_count").reset_index()


def review(
    network: Network,
    awards: pd.DataFrame,
    openings: FloatArray,
    wage_usd: FloatArray,
    is_floor: npt.NDArray[np.bool_],
    area_median_usd: float | None,
) -> pd.DataFrame:
    """Review an area's programs.

    ``awards``: ``cip_code``, ``awards_mean_count`` a year, one row per program. ``openings`` [s] a year of the
    network's occupations, NaN where there is no estimate; ``wage_usd`` [s] their median annual wages, NaN where not
    published, and ``is_floor`` [s] where they are only known to be at least that; ``area_median_usd`` a year of all
    occupations, None where missing.

    *Room*: one more award of the program would raise the most openings that all these awards could fill (missing
    where no linked occupation has an estimate). *Wage*: the mean of the linked occupations' median wages, weighted
    by openings, over the area's median.

    Gives ``cip_code``, ``awards_mean_count``, ``openings_linked_count``, ``has_room``, ``wage_linked_usd``,
    ``wage_ratio``, ``review`` (one of :data:`REVIEWS`) and ``reason``, in the order of ``awards``.
    """
    program, occupation = network.links.T
    size = len(network.programs)
    given = awards.set_index("cip_code")["awards_mean_count"].reindex(network.programs).fillna(0)
    matching = Matching(
        np.floor(given.to_numpy(dtype=np.float64) + 0.5), np.nan_to_num(openings, nan=0.0), network.links
    )

    estimated = ~np.isnan(openings)
    paid = estimated & ~np.isnan(wage_usd)
    weight = np.where(paid, openings, 0.0)
    weights = np.bincount(program, weight[occupation], size)
    pay = np.bincount(program, (weight * np.where(paid, wage_usd, 0.0))[occupation], size)
    by_program = pd.DataFrame(
        {
            "openings_linked_count": np.bincount(program, np.where(estimated, openings, 0.0)[occupation], size),
            "has_room": matching.has_room(),
            "is_estimated": np.bincount(program, estimated[occupation], size) > 0,
            "wage_linked_usd": np.divide(pay, weights, out=np.full(size, np.nan), where=weights > 0),
            "is_floor": np.bincount(program, (is_floor & (weight > 0))[occupation], size) > 0,
        },
        index=network.programs,
    )
    linked = awards["cip_code"].isin(network.programs)
    rows = awards[["cip_code", "awards_mean_count"]].join(by_program, on="cip_code").reset_index(drop=True)
    median = np.nan if area_median_usd is None or pd.isna(area_median_usd) else float(area_median_usd)
    rows["wage_ratio"] = rows["wage_linked_usd"] / median if median > 0 else np.nan
    found = [_found(row, median) for row in rows.assign(is_linked=linked.to_numpy()).to_dict("records")]
    rows["review"], rows["reason"] = [r for r, _ in found], [reason for _, reason in found]
    without = ~rows["is_estimated"].fillna(False).astype(bool)
    rows["has_room"] = rows["has_room"].astype("boolean").mask(without)
    rows["openings_linked_count"] = rows["openings_linked_count"].mask(without)
    return rows.drop(columns=["is_estimated", "is_floor"])


def _found(row: Mapping[Hashable, Any], median: float) -> tuple[str, str]:
    """The review of one program, and why."""
    if not row["is_linked"] or str(row["cip_code"]).startswith(f"{GENERAL_FAMILY}."):
        return "not reviewed", "general or transfer study"
    if row["awards_mean_count"] < LEAST_AWARDS:
        return "not reviewed", f"under {LEAST_AWARDS} awards a year"
    if not row["is_estimated"]:
        return "not reviewed", "no occupation it leads to has an estimate of openings here"
    if not median > 0:
        return "not reviewed", "the area's median wage is not published"
    ratio = row["wage_ratio"]
    if np.isnan(ratio):
        return "not reviewed", "no occupation it leads to has both openings and a published wage here"
    room = (
        "one more award could fill one more opening"
        if row["has_room"]
        else "one more award could fill no more openings"
    )
    times = "just under 1.00" if ratio < 1 and f"{ratio:.2f}" == "1.00" else f"{ratio:.2f}"
    pays = (
        f"the jobs it leads to pay {'at least ' if row['is_floor'] else ''}${row['wage_linked_usd']:,.0f} on average, "
        f"{times} times the area's median of ${median:,.0f}"
    )
    well = REVIEWS[0] if row["has_room"] else REVIEWS[1]
    badly = REVIEWS[2] if row["has_room"] else REVIEWS[3]
    return well if ratio >= 1 else badly, f"{room}; {pays}"
