"""Do programs and jobs fit each other: mix, choice, routes, pay. Proxies for the five principles, METHODS sections
3 and 6.

Sources: NCES IPEDS completions and distance enrolment, NCES CIP-SOC crosswalk, Bureau of Labor Statistics Employment
Projections and Occupational Employment and Wage Statistics. Awards reach pathways through the occupations that their
programs lead to, never through a program's own cluster: a program is in two of these on average.

Everything here answers degenerate input with None and, where a caller needs one, a reason; never with NaN.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from measures.gaps import misalignment_pct
from measures.matching import BoolArray, FloatArray, IntArray, Matching

#: Under so many awards the misalignment is shown with a bootstrap interval.
FEW_AWARDS = 500
DRAWS = 1_000
#: How many of the largest occupations "choice near home" looks at.
LARGEST = 50
#: A mean over a pathway's occupations needs figures for so many percent of its openings.
LEAST_COVERED_PCT = 75.0


# ---- mix -------------------------------------------------------------------------------------------------


def shares_by_openings(matching: Matching, shares: FloatArray) -> FloatArray:
    """[p, n] how a program's awards are shared out over pathways: by the openings of its occupations, uncapped.

    ``shares`` [s, n]: how an occupation counts in each pathway (rows add up to 1, or to 0 for an occupation in
    none). Multiply any count by program with it (awards, those to women, those of one level). A program without
    awards has a row of zeros, as has one that leads to no opening.
    """
    carried = matching.uncapped_split()
    program, occupation = matching.links.T
    part = np.divide(carried, matching.awards[program], out=np.zeros_like(carried), where=matching.awards[program] > 0)
    return _to_groups(part, program, shares[occupation], matching.awards.size)


def equal_shares(matching: Matching, shares: FloatArray) -> FloatArray:
    """[p, n] the same with every occupation that has openings counting alike, however many it has."""
    program, occupation = matching.links.T
    live = (matching.openings[occupation] > 0) & (matching.awards[program] > 0)
    degree = np.bincount(program[live], minlength=matching.awards.size)
    part = np.where(live, 1 / np.maximum(degree[program], 1), 0.0)
    return _to_groups(part, program, shares[occupation], matching.awards.size)


def misalignment_interval(
    awards: IntArray, shares: FloatArray, openings: FloatArray, seed: int = 0
) -> tuple[float, float] | None:
    """The middle 90 percent of the misalignment when as many awards are drawn again from the same programs.

    ``awards`` [p] by program, ``shares`` [p, n] as :func:`shares_by_openings` gives, ``openings`` [n] by pathway.
    Only for small areas: None from :data:`FEW_AWARDS` awards on, and where there are no awards or openings.
    Deterministic.
    """
    linked = np.where(shares.sum(axis=1) > 0, awards, 0)
    count = int(linked.sum())
    if not 0 < count < FEW_AWARDS or openings.sum() <= 0:
        return None
    drawn = np.random.default_rng(seed).multinomial(count, linked / count, size=DRAWS) @ shares
    mixes = drawn / drawn.sum(axis=1, keepdims=True)
    values = 50 * np.abs(mixes - openings / openings.sum()).sum(axis=1)
    low, high = np.percentile(values, [5, 95])
    return float(low), float(high)


class EnrolmentMix(NamedTuple):
    """What a list of enrolment by pathway says beside openings: a mix and gaps, no matching."""

    misalignment_pct: float | None
    """How many of every 100 students would need to be in another pathway."""
    gaps: pd.Series
    """Openings less enrolment by pathway; missing where enrolment is withheld."""
    reason: str
    """What to know of the figures, or why there is none."""


def enrolment_mix(enrolled: pd.Series, openings: pd.Series) -> EnrolmentMix:
    """Set enrolment against yearly openings, both by pathway of one framework.

    A pathway that is missing from one side counts as 0 there; one whose enrolment is withheld (NaN) is left out of
    the mix. Enrolment covers all grades, so it overstates what a year brings, and the gaps understate. Raises
    ``ValueError`` where a count is negative or a pathway comes twice.
    """
    for what, counts in (("enrolment", enrolled), ("openings", openings)):
        if counts.index.has_duplicates:
            raise ValueError(f"a pathway comes twice in the {what}")
        if (counts.dropna() < 0).any():
            raise ValueError(f"{what} cannot be negative")
    pathways = enrolled.index.union(openings.index)
    have = enrolled.astype("float64").reindex(pathways, fill_value=0.0)
    want = openings.astype("float64").reindex(pathways, fill_value=0.0).fillna(0.0)
    known = have.notna()
    value = misalignment_pct(np.asarray(have[known], np.float64), np.asarray(want[known], np.float64))
    reason = "enrolment covers all grades and overstates yearly supply"
    if value is None:
        reason = "no enrolment to compare" if have[known].sum() <= 0 else "no openings to compare with"
    if not known.all():
        reason += f"; enrolment is withheld in {', '.join(map(str, pathways[~known]))}"
    return EnrolmentMix(value, want - have, reason)


# ---- quality and choice ------------------------------------------------------------------------------------


class Served(NamedTuple):
    """The West Virginia method: do programs and in-demand occupations know each other?"""

    openings_pct: float | None
    """Percent of in-demand openings in occupations that some program given here leads to."""
    programs_pct: float | None
    """Percent of the programs given here that lead to an in-demand occupation."""


def served(
    links: IntArray, awards: IntArray, openings: FloatArray, in_demand: BoolArray, programs: BoolArray
) -> Served:
    """Which in-demand occupations have a program in the area, and which programs have an in-demand occupation.

    ``links`` [e, 2] pairs (program, occupation); ``awards`` [p] in the area; ``openings`` [s]; ``in_demand`` [s]
    bool, the occupations in question; ``programs`` [p] bool, the programs in question (those of one pathway, say).
    A program is given where it made an award. None where there is nothing to serve, or no program.
    """
    given = awards > 0
    program, occupation = links.T if links.size else (np.zeros(0, dtype=np.int64),) * 2
    has_program = np.zeros(openings.size, dtype=bool)
    has_program[occupation[given[program]]] = True
    leads = np.zeros(awards.size, dtype=bool)
    leads[program[in_demand[occupation]]] = True
    wanted, offered = openings[in_demand].sum(), int((given & programs).sum())
    return Served(
        float(100 * openings[in_demand & has_program].sum() / wanted) if wanted > 0 else None,
        float(100 * (given & programs & leads).sum() / offered) if offered else None,
    )


class Choice(NamedTuple):
    """How many of the area's largest well-paid career-training occupations can be studied in it."""

    studied: int
    considered: int


def choice_near_home(occupations: pd.DataFrame, least_wage_usd: float) -> Choice | None:
    """Of the :data:`LARGEST` occupations paying at least ``least_wage_usd`` a year, how many have a program in the
    area.

    ``occupations``: ``employment_count``, ``wage_median_usd`` (missing where withheld), ``is_top_coded`` (the wage
    is above what is published), ``has_program``. An occupation without a published wage or employment is not among
    them. None where no occupation is.
    """
    pays = (occupations["wage_median_usd"] >= least_wage_usd).fillna(False) | occupations["is_top_coded"]
    rows = occupations[pays.astype(bool) & occupations["employment_count"].notna()]
    largest = rows.sort_values("employment_count", ascending=False, kind="stable").head(LARGEST)
    return Choice(int(largest["has_program"].sum()), len(largest)) if len(largest) else None


# ---- routes ------------------------------------------------------------------------------------------------


class Stackable(NamedTuple):
    """How often a certificate's field can be carried on to an associate degree at the same institution."""

    cells_pct: float
    """Percent of institution and field cells with certificates where the institution also gave associate degrees."""
    awards_pct: float
    """The same, each cell weighted by its certificates."""
    cells_count: int


def stackable(cells: pd.DataFrame) -> Stackable | None:
    """``cells``: one row per institution and four-digit field, ``certificates_count``, ``associates_count``.

    Only cells with certificates count; None where there is none.
    """
    rows = cells[cells["certificates_count"] > 0]
    if rows.empty:
        return None
    carries_on = rows["associates_count"] > 0
    certificates = rows["certificates_count"]
    return Stackable(
        float(100 * carries_on.mean()),
        float(100 * certificates[carries_on].sum() / certificates.sum()),
        len(rows),
    )


def percent_parts(parts: npt.ArrayLike) -> FloatArray | None:
    """Parts as percent of their sum; None where that is 0.

    >>> percent_parts([1, 3]).tolist()
    [25.0, 75.0]
    """
    counts = np.asarray(parts, dtype=np.float64)
    return 100 * counts / counts.sum() if counts.sum() > 0 else None


# ---- pay ---------------------------------------------------------------------------------------------------


class Mean(NamedTuple):
    """A weighted mean over what is known."""

    value: float | None
    covered_pct: float
    """Percent of the weight that stands behind it; under :data:`LEAST_COVERED_PCT` there is no value."""


def covered_mean(values: FloatArray, weights: FloatArray) -> Mean:
    """The mean of ``values`` [s] (NaN where unknown) weighted by ``weights`` [s] (openings a year, none negative)."""
    known = ~np.isnan(values) & (weights > 0)
    total, weight = float(weights.sum()), float(weights[known].sum())
    covered = 100 * weight / total if total > 0 else 0.0
    if covered < LEAST_COVERED_PCT:
        return Mean(None, covered)
    return Mean(float((values[known] * weights[known]).sum() / weight), covered)


# ---- small parts -------------------------------------------------------------------------------------------


def in_set(codes: npt.NDArray[np.object_], members: Collection[str]) -> BoolArray:
    """[s] which of ``codes`` are in a set: any rule's in-demand occupations, say."""
    wanted = frozenset(members)
    return np.fromiter((code in wanted for code in codes), dtype=bool, count=codes.size)


def _to_groups(part: FloatArray, program: IntArray, shares: FloatArray, programs: int) -> FloatArray:
    result = np.zeros((programs, shares.shape[1]))
    np.add.at(result, program, part[:, np.newaxis] * shares)
    return result
