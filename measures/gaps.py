"""One area's openings set against its awards: the rows of the gap tables.

METHODS section 2. ``Network`` holds what all areas share (which program leads to which occupation, which occupations
make up which pathway), so that it is laid out once per demand scope; :func:`area_gap` then takes one area's awards and
openings.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from measures.matching import BoolArray, Bounds, FloatArray, IntArray, Matching, by_level, verdict
from measures.scopes import WAYS_IN

#: Certificates of under 12 weeks: in a matching that is strict on level they count nowhere.
SHORTEST_LEVEL = "20"
ASSOCIATE_LEVEL = "3"
#: Added before rounding, so that a half is rounded up although the parts that make it are not exact.
HAIR = 1e-6
#: Demand variant -> the column of yearly openings that it counts.
FLOW_OF: Mapping[str, str] = MappingProxyType(
    {"openings": "openings_annual_count", "growth_and_exits": "growth_and_exits_annual_count"}
)


@dataclass(frozen=True)
class Group:
    """A pathway: a career cluster, or (``subcluster`` given) a part of one."""

    cluster: str
    subcluster: str | None


@dataclass(frozen=True)
class Network:
    """Programs, the occupations of a demand scope, the links between them, and the pathways these make up.

    ``programs`` [p] CIP codes; ``occupations`` [s] SOC codes with at least one link; ``links`` [e, 2] positions in
    them; ``members`` [k, s] which occupation is in which group; ``shares`` [s, n] how an occupation is split over the n
    clusters it is in, equally, for totals only; ``degree_only`` [s] occupations usually entered with an associate
    degree.
    """

    programs: npt.NDArray[np.object_]
    occupations: npt.NDArray[np.object_]
    links: IntArray
    groups: tuple[Group, ...]
    members: BoolArray
    clusters: tuple[str, ...]
    shares: FloatArray
    degree_only: BoolArray

    @classmethod
    def of(cls, links: pd.DataFrame, pathways: pd.DataFrame, degree_only: Sequence[str]) -> Network:
        """``links``: ``cip_code``, ``soc_code`` of the demand scope. ``pathways``: ``soc_code``, ``cluster``,
        ``subcluster`` of one framework. ``degree_only``: SOC codes."""
        programs, program = np.unique(links["cip_code"].to_numpy(dtype=object), return_inverse=True)
        occupations, occupation = np.unique(links["soc_code"].to_numpy(dtype=object), return_inverse=True)
        position = {code: i for i, code in enumerate(occupations)}
        known = pathways[pathways["soc_code"].isin(position)]
        clusters = tuple(sorted(known["cluster"].unique()))
        parts = sorted(set(zip(known["cluster"], known["subcluster"], strict=True)))
        groups = tuple([Group(c, None) for c in clusters] + [Group(c, s) for c, s in parts])
        members = np.zeros((len(groups), len(occupations)), dtype=bool)
        whole = {g.cluster: i for i, g in enumerate(groups) if g.subcluster is None}
        part = {(g.cluster, g.subcluster): i for i, g in enumerate(groups) if g.subcluster is not None}
        for soc_code, cluster, subcluster in zip(known["soc_code"], known["cluster"], known["subcluster"], strict=True):
            members[[whole[cluster], part[cluster, subcluster]], position[soc_code]] = True
        in_cluster = members[: len(clusters)].T.astype(float)
        shares = in_cluster / np.maximum(in_cluster.sum(axis=1, keepdims=True), 1)
        pairs = np.column_stack([program, occupation]).astype(np.int64)
        return cls(
            programs,
            occupations,
            pairs,
            groups,
            members,
            clusters,
            shares,
            np.isin(occupations, list(degree_only)),
        )


class Supply(NamedTuple):
    """An area's awards a year, laid out for a network."""

    awards: IntArray
    """[p] awards of each linked program."""
    degrees: IntArray
    """[p] those that are associate degrees."""
    shortest: IntArray
    """[p] those that took under 12 weeks."""
    total: int
    """All awards of the award scope, linked or not."""


def supplies(network: Network, awards: pd.DataFrame, levels: Collection[str]) -> dict[str, Supply]:
    """The supply of each area: ``awards`` has ``state_fips``, ``cip_code``, ``award_level``, ``awards_count``.

    An area with awards at other levels only has a supply too, of nothing.
    """
    scope = awards[awards["award_level"].isin(list(levels))]
    everywhere = sorted(awards["state_fips"].unique())
    totals = scope.groupby("state_fips")["awards_count"].sum().reindex(everywhere, fill_value=0)
    areas = {area: i for i, area in enumerate(totals.index)}
    position = {code: i for i, code in enumerate(network.programs)}
    linked = scope[scope["cip_code"].isin(position)]
    area = linked["state_fips"].map(areas).to_numpy(dtype=np.int64)
    program = linked["cip_code"].map(position).to_numpy(dtype=np.int64)
    counts, level = (
        linked["awards_count"].to_numpy(dtype=np.int64),
        linked["award_level"].to_numpy(dtype=object),
    )

    def laid_out(which: BoolArray) -> IntArray:
        table = np.zeros((len(areas), len(position)), dtype=np.int64)
        np.add.at(table, (area[which], program[which]), counts[which])
        return table

    everything = laid_out(np.ones(len(linked), dtype=bool))
    degrees, shortest = laid_out(level == ASSOCIATE_LEVEL), laid_out(level == SHORTEST_LEVEL)
    return {name: Supply(everything[i], degrees[i], shortest[i], int(totals.iloc[i])) for name, i in areas.items()}


def no_supply(network: Network) -> Supply:
    """The supply of an area without any award."""
    nothing = np.zeros(len(network.programs), dtype=np.int64)
    return Supply(nothing, nothing, nothing, 0)


@dataclass(frozen=True)
class AreaDemand:
    """An area's openings and wages, laid out for a network's occupations."""

    openings: FloatArray
    """[s] a year; 0 where there is no estimate."""
    known: BoolArray
    """[s] whether there is one."""
    pays_median: BoolArray
    """[s] whether the occupation's median wage is surely at least the area's."""
    wage_usd: FloatArray
    """[s] median annual wage, NaN where not published."""

    @classmethod
    def of(cls, network: Network, projections: pd.DataFrame, wages: pd.DataFrame, flow: str) -> AreaDemand:
        """``projections`` of one area: ``soc_code`` and the column ``flow``. ``wages`` of the area: ``soc_code``,
        ``wage_median_usd``, ``wage_note``, ``area_median_usd``."""
        openings = projections.set_index("soc_code")[flow].reindex(network.occupations)
        wage = wages.set_index("soc_code").reindex(network.occupations)
        # A median at or above the top code has no figure, but surely is above the area's.
        note = wage["wage_note"].astype("object").fillna("")
        top_coded = wage["wage_median_usd"].isna() & note.str.startswith("at or above")
        pays = (wage["wage_median_usd"] >= wage["area_median_usd"]) | top_coded
        return cls(
            openings=openings.fillna(0).to_numpy(dtype=np.float64),
            known=openings.notna().to_numpy(),
            pays_median=pays.fillna(False).to_numpy(dtype=bool),
            wage_usd=wage["wage_median_usd"].to_numpy(dtype=np.float64, na_value=np.nan),
        )


@dataclass(frozen=True)
class AreaGap:
    """What one area's awards could do for its openings. Counts a year."""

    matching: Matching
    strict_could_fill: int
    """Could fill, where associate-entry occupations take associate degrees only and awards of under 12 weeks count
    nowhere."""
    groups: list[Bounds]
    placed: FloatArray
    """[e] the point estimate of the awards that each of the network's links carries."""
    filled: FloatArray
    """[s] the point estimate of the openings that each occupation's awards fill."""
    split_openings: IntArray
    """[n] openings of each cluster with every occupation counted once."""
    misalignment_pct: float | None
    """How many of every 100 awards would need to be in another cluster; None without awards or openings."""


def area_gap(network: Network, supply: Supply, openings: FloatArray) -> AreaGap:
    """Set an area's awards against its openings [s] (0 where the area has no estimate)."""
    matching = Matching(supply.awards, openings, network.links)
    certificates = supply.awards - supply.degrees - supply.shortest
    strict_awards, strict_links = by_level(supply.degrees, certificates, network.links, network.degree_only)
    occupation = network.links[:, 1]
    placed = matching.split()
    filled = np.bincount(occupation, weights=placed, minlength=len(network.occupations))
    uncapped = np.bincount(occupation, weights=matching.uncapped_split(), minlength=len(network.occupations))
    split_openings = matching.openings @ network.shares
    return AreaGap(
        matching=matching,
        strict_could_fill=Matching(strict_awards, openings, strict_links).could_fill(),
        groups=matching.bounds(network.members),
        placed=placed,
        filled=filled.astype(np.float64),
        split_openings=largest_remainder(split_openings),
        misalignment_pct=misalignment_pct(uncapped @ network.shares, split_openings),
    )


def area_figures(demand: AreaDemand, supply: Supply, gap: AreaGap, national: FloatArray) -> dict[str, Any]:
    """An area's row of the table ``gap_by_state``, but for its keys. ``national`` [s]: the nation's yearly openings."""
    openings, could_fill = int(gap.matching.openings.sum()), gap.matching.could_fill()
    whole = float(national.sum())
    return {
        "openings_annual_count": openings,
        "awards_count": supply.total,
        "awards_linked_count": int(supply.awards.sum()),
        "could_fill_count": could_fill,
        "left_count": openings - could_fill,
        "coverage_pct": 100 * float(national[demand.known].sum()) / whole if whole > 0 else None,
        "strict_could_fill_count": gap.strict_could_fill,
        "misalignment_pct": gap.misalignment_pct,
        "note": _note(
            _without_estimate(int((~demand.known).sum()), len(demand.known)),
            "no misalignment: no award in scope leads to an occupation with openings in a pathway here"
            if gap.misalignment_pct is None
            else None,
        ),
    }


def group_figures(network: Network, demand: AreaDemand, gap: AreaGap) -> dict[str, Sequence[Any]]:
    """An area's columns of the table ``gap_by_cluster``, but for the keys: a value for each of the network's groups."""
    members = network.members.astype(np.int64)
    without = members @ ~demand.known
    filled = np.floor(network.members.astype(np.float64) @ gap.filled + 0.5 + HAIR).astype(np.int64)
    split = gap.split_openings.tolist()
    return {
        "cluster": [group.cluster for group in network.groups],
        "subcluster": [group.subcluster for group in network.groups],
        "openings_annual_count": [b.openings for b in gap.groups],
        # The clusters come first among the groups.
        "openings_split_count": [*split, *[None] * (len(network.groups) - len(split))],
        "openings_median_wage_count": (members @ (gap.matching.openings * demand.pays_median)).tolist(),
        "awards_linked_count": [b.linked_awards for b in gap.groups],
        "at_least_count": [b.at_least for b in gap.groups],
        "at_most_count": [b.at_most for b in gap.groups],
        "gap_low_count": [b.gap_low for b in gap.groups],
        "gap_high_count": [b.gap_high for b in gap.groups],
        "gap_proportional_count": [b.openings - f for b, f in zip(gap.groups, filled.tolist(), strict=True)],
        "unplaceable_count": [b.unplaceable for b in gap.groups],
        "verdict": [verdict(b) for b in gap.groups],
        "note": [
            _note(
                _without_estimate(missing, size),
                "no award in scope leads to these occupations" if b.linked_awards == 0 else None,
                "no openings" if b.openings == 0 and missing < size else None,
            )
            for b, missing, size in zip(gap.groups, without.tolist(), members.sum(axis=1).tolist(), strict=True)
        ],
    }


def _without_estimate(missing: int, size: int) -> str | None:
    return f"{missing} of {size} occupations have no estimate here" if missing else None


def _note(*parts: str | None) -> str | None:
    """What there is to say, in one line; None where that is nothing."""
    return "; ".join(part for part in parts if part) or None


def ways_in(matching: Matching, way_in: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Openings by usual way in, and the most of them that awards could fill if the other ways wanted nobody.

    ``way_in`` [s] of the matching's occupations, missing where it has none. Gives ``way_in``,
    ``openings_annual_count``, ``at_most_count``, in the order of :data:`measures.scopes.WAYS_IN`; a way in that no
    occupation has is left out.
    """
    ways = [way for way in WAYS_IN if (way_in == way).any()]
    bounds = matching.bounds(np.array([way_in == way for way in ways], dtype=bool).reshape(len(ways), len(way_in)))
    return pd.DataFrame(
        {
            "way_in": pd.Series(ways, dtype="object"),
            "openings_annual_count": pd.Series([b.openings for b in bounds], dtype="int64"),
            "at_most_count": pd.Series([b.at_most for b in bounds], dtype="int64"),
        }
    )


def family_flows(network: Network, placed: FloatArray, least: float = 1.0) -> pd.DataFrame:
    """Awards from each family of programs to each occupation: the point estimate added up over the family's links.

    ``placed`` [e] awards a year on the network's links. Gives ``family_code`` (the CIP code's first two digits),
    ``soc_code`` and ``awards_placed_count`` (to the hundredth); flows under ``least`` awards are left out.
    """
    program, occupation = network.links.T
    links = pd.DataFrame(
        {
            "family_code": pd.Series(network.programs, dtype="object").str[:2].to_numpy()[program],
            "soc_code": network.occupations[occupation],
            "awards_placed_count": placed,
        }
    )
    flows = links.groupby(["family_code", "soc_code"], as_index=False)["awards_placed_count"].sum()
    return flows[flows["awards_placed_count"] >= least].round({"awards_placed_count": 2}).reset_index(drop=True)


def could_fill_by_cluster(network: Network, matching: Matching) -> pd.DataFrame:
    """The most openings that awards could fill in the area as a whole, and in each cluster alone.

    Gives ``cluster`` (None is the whole area, the first row), ``openings_annual_count``, ``could_fill_count`` and
    ``awards_linked_count`` (awards of programs that lead to any of its occupations).
    """
    everything = np.ones((1, len(network.occupations)), dtype=bool)
    bounds = matching.bounds(np.concatenate([everything, network.members[: len(network.clusters)]]))
    return pd.DataFrame(
        {
            "cluster": pd.Series([None, *network.clusters], dtype="object"),
            "openings_annual_count": [b.openings for b in bounds],
            "could_fill_count": [b.at_most for b in bounds],
            "awards_linked_count": [b.linked_awards for b in bounds],
        }
    )


def largest_remainder(parts: FloatArray) -> IntArray:
    """Whole numbers that add up to the rounded total: each part cut down, the largest remainders rounded up.

    >>> largest_remainder(np.array([1.5, 1.5, 2.0])).tolist()
    [2, 1, 2]
    """
    whole = np.floor(parts + 1e-9).astype(np.int64)
    short = int(np.floor(parts.sum() + 0.5)) - int(whole.sum())
    order = np.argsort(-(parts - whole), kind="stable")
    whole[order[:short]] += 1
    return whole


def misalignment_pct(awards: FloatArray, openings: FloatArray) -> float | None:
    """Half the sum of the differences between the two mixes, in percent: Duncan's index of dissimilarity.

    In words: how many of every 100 awards would need to be in another group for the awards' mix to be the openings'
    mix. None where either side is empty.

    >>> misalignment_pct(np.array([1.0, 1.0]), np.array([3.0, 1.0]))
    25.0
    """
    if awards.sum() <= 0 or openings.sum() <= 0:
        return None
    return float(50 * np.abs(awards / awards.sum() - openings / openings.sum()).sum())
