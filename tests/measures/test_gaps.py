"""One area's gap rows against brute force: every cut of a small area tried, every sum done by hand."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.gaps import (
    AreaDemand,
    Group,
    Network,
    Supply,
    area_figures,
    area_gap,
    group_figures,
    largest_remainder,
    misalignment_pct,
    no_supply,
    supplies,
    ways_in,
)
from measures.matching import Matching, verdict

# ---- whole numbers that add up ---------------------------------------------------------------------------


@given(st.lists(st.fractions(min_value=0, max_value=1_000, max_denominator=12)))
def test_parts_are_rounded_to_whole_numbers_that_add_up(parts):
    found = largest_remainder(np.array(parts, dtype=float))
    assert found.sum() == int(sum(parts, Fraction(0)) + Fraction(1, 2))
    for part, whole in zip(parts, found.tolist(), strict=True):
        assert abs(part - whole) < 1
        if part.denominator == 1:
            assert whole == part


@given(st.lists(st.fractions(min_value=0, max_value=1_000, max_denominator=12)))
def test_the_larger_remainder_is_rounded_up_first(parts):
    found = largest_remainder(np.array(parts, dtype=float)).tolist()
    up = [part % 1 for part, whole in zip(parts, found, strict=True) if whole > part]
    down = [part % 1 for part, whole in zip(parts, found, strict=True) if whole < part]
    assert not up or not down or min(up) >= max(down)


def test_a_part_just_under_a_whole_number_is_that_number():
    assert largest_remainder(np.array([0.1 * 3 * 10, 0.7 * 10 - 1e-12])).tolist() == [3, 7]
    assert largest_remainder(np.array([])).tolist() == []


# ---- the mix ---------------------------------------------------------------------------------------------

DISTRICT = {  # a district's table: enrolled, openings; METHODS section 7
    "Agriculture": (820, 635),
    "Architecture": (89, 959),
    "Arts": (382, 36),
    "Business": (328, 3098),
    "Education": (28, 630),
    "Finance": (82, 462),
    "Health": (877, 1316),
    "Hospitality": (110, 3092),
    "Human Services": (340, 540),
    "IT": (80, 156),
    "Law": (336, 368),
    "Manufacturing": (238, 2108),
    "Marketing": (431, 1763),
    "STEM": (180, 178),
}


def test_the_district_table():
    enrolled, openings = np.array(list(DISTRICT.values()), dtype=float).T
    assert misalignment_pct(enrolled, openings) == pytest.approx(48.73, abs=0.005)


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999))))
def test_misalignment_is_what_would_have_to_move(pairs):
    awards, openings = [a for a, _ in pairs], [o for _, o in pairs]
    found = misalignment_pct(np.array(awards, dtype=float), np.array(openings, dtype=float))
    if not sum(awards) or not sum(openings):
        assert found is None
        return
    moved = Fraction(0)  # what is over in the groups that have too much
    for award, opening in pairs:
        moved += max(Fraction(0), Fraction(award, sum(awards)) - Fraction(opening, sum(openings)))
    assert found == pytest.approx(float(100 * moved))
    assert -1e-9 <= found <= 100 + 1e-9


# ---- an area by brute force ------------------------------------------------------------------------------

PROGRAMS = ("01.0101", "15.0000", "47.0604", "51.3801")
OCCUPATIONS = ("15-1232", "29-1141", "47-2111", "49-3023")
LINK = [("51.3801", "29-1141")]
PATHWAY = [("29-1141", ("Care", "Heal"))]
CLUSTERS = {"Build": ("Design", "Make"), "Care": ("Heal",), "Code": ("Support", "Network")}


@st.composite
def settings_of_areas(draw: st.DrawFn, most: int = 20):
    """Links, pathways, degree-only occupations, an area's awards by program and level, and its openings."""
    pair = st.tuples(st.sampled_from(PROGRAMS), st.sampled_from(OCCUPATIONS))
    links = draw(st.lists(pair, unique=True, max_size=9))
    part = st.sampled_from([(c, s) for c, parts in CLUSTERS.items() for s in parts])
    pathways = draw(st.lists(st.tuples(st.sampled_from(OCCUPATIONS), part), unique=True, max_size=8))
    degree_only = draw(st.lists(st.sampled_from(OCCUPATIONS), unique=True))
    count = st.integers(0, most)
    level = st.sampled_from(["20", "21", "2", "3", "5"])
    program = st.sampled_from((*PROGRAMS, "24.0101"))
    awards = draw(st.dictionaries(st.tuples(program, level), count, max_size=8))
    openings = {code: draw(count) for code in OCCUPATIONS}
    return links, pathways, degree_only, awards, openings


def network_of(links, pathways, degree_only=()):
    return Network.of(
        pd.DataFrame(links, columns=["cip_code", "soc_code"], dtype="str"),
        pd.DataFrame(
            [(soc, cluster, part) for soc, (cluster, part) in pathways],
            columns=["soc_code", "cluster", "subcluster"],
            dtype="str",
        ),
        degree_only,
    )


def awards_frame(rows):
    """Rows (area, program, level, awards)."""
    return pd.DataFrame(rows, columns=["state_fips", "cip_code", "award_level", "awards_count"]).astype(
        {"state_fips": "str", "cip_code": "str", "award_level": "str", "awards_count": "int64"}
    )


def subsets(items):
    items = sorted(items)
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


def fillable(awards, openings, links, inside):
    """The most openings of a set: the least, over its subsets, of the openings outside the subset plus the awards of
    all units of supply that lead into it (minimum cut)."""
    return min(
        sum(openings[s] for s in inside if s not in cut) + sum(awards[c] for c in {c for c, s in links if s in cut})
        for cut in subsets(inside)
    )


@settings(deadline=None, max_examples=60)
@given(settings_of_areas())
def test_a_network_holds_the_linked_programs_occupations_and_their_pathways(area):
    links, pathways, degree_only, _, _ = area
    found = network_of(links, pathways, degree_only)
    programs, occupations = sorted({c for c, _ in links}), sorted({s for _, s in links})
    assert found.programs.tolist() == programs
    assert found.occupations.tolist() == occupations
    assert [(programs[c], occupations[s]) for c, s in found.links] == links

    known = [(soc, part) for soc, part in pathways if soc in occupations]
    clusters = sorted({cluster for _, (cluster, _) in known})
    parts = sorted({part for _, part in known})
    assert list(found.clusters) == clusters
    assert list(found.groups) == [Group(c, None) for c in clusters] + [Group(c, s) for c, s in parts]
    for group, members in zip(found.groups, found.members, strict=True):
        expected = {soc for soc, (c, s) in known if c == group.cluster and group.subcluster in (None, s)}
        assert {soc for soc, is_in in zip(occupations, members, strict=True) if is_in} == expected
    for soc, shares in zip(occupations, found.shares, strict=True):
        its_own = {cluster for s, (cluster, _) in known if s == soc}
        assert shares.tolist() == pytest.approx([(c in its_own) / max(1, len(its_own)) for c in clusters])
    assert found.degree_only.tolist() == [soc in degree_only for soc in occupations]


@settings(deadline=None, max_examples=60)
@given(settings_of_areas(), st.lists(st.sampled_from(["20", "21", "2", "3"]), unique=True))
def test_supplies_are_laid_out_for_each_area(area, levels):
    links, pathways, _, awards, _ = area
    network = network_of(links, pathways)
    rows = [("06", *key, count) for key, count in awards.items()]
    rows += [("48", *key, 2 * count) for key, count in awards.items()]
    rows += [("56", "24.0101", "5", 7)]  # an area with no award in scope
    found = supplies(network, awards_frame(rows), levels)
    assert set(found) == {"56"} | ({"06", "48"} if awards else set())
    for state, times in (("06", 1), ("48", 2), ("56", 0)):
        if state not in found:
            continue
        in_scope = {(c, a): times * count for (c, a), count in awards.items() if a in levels}

        def laid_out(which, counts=in_scope):
            return [sum(n for (c, a), n in counts.items() if c == p and a in which) for p in network.programs]

        supply = found[state]
        assert supply.awards.tolist() == laid_out(levels)
        assert supply.degrees.tolist() == laid_out({"3"} & set(levels))
        assert supply.shortest.tolist() == laid_out({"20"} & set(levels))
        assert supply.total == sum(in_scope.values())


@settings(deadline=None, max_examples=60)
@given(settings_of_areas())
def test_an_areas_gap_is_what_brute_force_finds(area):
    links, pathways, degree_only, awards, openings = area
    network = network_of(links, pathways, degree_only)
    scope = ("20", "21", "2", "3")
    supply = supplies(network, awards_frame([("06", *key, n) for key, n in awards.items()]), scope).get(
        "06", supply_of_nothing(network)
    )
    found = area_gap(network, supply, np.array([openings[s] for s in network.occupations], dtype=float))

    occupations = set(network.occupations)
    of_program = {c: sum(n for (p, a), n in awards.items() if p == c and a in scope) for c in PROGRAMS}
    best = fillable(of_program, openings, links, occupations)
    assert found.matching.could_fill() == best

    # Strict: a unit of supply is a program at a level; degree-only occupations take associate degrees alone.
    units = {(c, a): n for (c, a), n in awards.items() if a in ("21", "2", "3")}
    strict = [((c, a), s) for (c, a) in units for p, s in links if p == c and (a == "3" or s not in degree_only)]
    assert found.strict_could_fill == fillable(units, openings, strict, occupations) <= best

    filled = dict(zip(network.occupations, found.filled, strict=True))
    for group, bounds in zip(network.groups, found.groups, strict=True):
        inside = {
            s for s, (c, part) in pathways if c == group.cluster and group.subcluster in (None, part)
        } & occupations
        total = sum(openings[s] for s in inside)
        leading = {c for c, s in links if s in inside}
        alone = fillable({c: n * (c in leading) for c, n in of_program.items()}, openings, links, occupations)
        at_most = fillable(of_program, openings, links, inside)
        at_least = best - fillable(of_program, openings, links, occupations - inside)
        assert bounds == (
            total,
            at_least,
            at_most,
            total - at_most,
            total - at_least,
            sum(of_program[c] for c in leading),
            sum(of_program[c] for c in leading) - alone,
        )
        assert verdict(bounds) == "too small"  # no area here has 100 openings
        assert at_least - 0.5 - 1e-9 <= sum(filled[s] for s in inside) <= at_most + 1e-9

    # The mix: every award shared out over its program's occupations, every occupation over its clusters.
    wanted = dict.fromkeys(network.clusters, Fraction(0))
    trained = dict.fromkeys(network.clusters, Fraction(0))
    for soc in occupations:
        its_own = {c for s, (c, _) in pathways if s == soc}
        given_ = Fraction(0)
        for program in {c for c, s in links if s == soc}:
            around = sum(openings[s] for c, s in links if c == program)
            given_ += Fraction(of_program[program] * openings[soc], around) if around else 0
        for cluster in its_own:
            wanted[cluster] += Fraction(openings[soc], len(its_own))
            trained[cluster] += given_ / len(its_own)
    assert found.split_openings.sum() == int(sum(wanted.values(), Fraction(0)) + Fraction(1, 2))
    for whole, part in zip(found.split_openings.tolist(), wanted.values(), strict=True):
        assert abs(whole - part) < 1
    total_wanted, total_trained = sum(wanted.values()), sum(trained.values())
    if not total_wanted or not total_trained:
        assert found.misalignment_pct is None
    else:
        distance = sum(abs(trained[c] / total_trained - wanted[c] / total_wanted) for c in network.clusters)
        assert found.misalignment_pct == pytest.approx(float(50 * distance))


def test_strict_on_level_leaves_certificates_of_under_12_weeks_out_everywhere():
    links = [("51.3801", "29-1141"), ("51.3801", "49-3023")]
    network = network_of(links, PATHWAY, degree_only=["29-1141"])
    rows = [("06", "51.3801", level, count) for level, count in (("20", 40), ("21", 5), ("3", 30))]
    supply = supplies(network, awards_frame(rows), ("20", "21", "3"))["06"]
    found = area_gap(network, supply, np.array([25.0, 50.0]))
    assert found.matching.could_fill() == 75
    assert found.strict_could_fill == 25 + 5 + 5  # degrees first where nothing else counts


# ---- areas with little in them ---------------------------------------------------------------------------


def supply_of_nothing(network):
    nothing = np.zeros(len(network.programs), dtype=np.int64)
    return Supply(nothing, nothing, nothing, 0)


@pytest.mark.parametrize(
    ("links", "pathways", "awards", "openings", "left", "linked"),
    [
        ([], [], 0, 0, None, None),
        ([], PATHWAY, 50, 0, None, None),
        (LINK, [], 50, 100, None, None),
        (LINK, PATHWAY, 0, 100, 100, 0),
        (LINK, PATHWAY, 50, 0, 0, 50),
        (LINK, PATHWAY, 50, 100, 50, 50),
        (LINK, PATHWAY, 0, 0, 0, 0),
    ],
    ids=[
        "nothing",
        "no link",
        "no pathway",
        "no supply",
        "no demand",
        "one occupation",
        "neither supply nor demand",
    ],
)
def test_an_area_with_little_in_it_has_a_defined_gap(links, pathways, awards, openings, left, linked):
    network = network_of(links, pathways)
    rows = [("06", "51.3801", "3", awards)]
    supply = supplies(network, awards_frame(rows), ["3"])["06"]
    found = area_gap(network, supply, np.full(len(network.occupations), float(openings)))
    assert supply.total == awards
    assert found.matching.could_fill() == (min(awards, openings) if links else 0)
    assert found.strict_could_fill == found.matching.could_fill()
    assert not np.isnan(found.filled).any()
    assert len(found.groups) == len(network.groups) == (2 if links and pathways else 0)
    for bounds in found.groups:
        assert bounds.gap_low == bounds.gap_high == left
        assert bounds.linked_awards == linked
    assert found.split_openings.tolist() == ([openings] if links and pathways else [])
    has_mix = links and pathways and awards and openings
    assert found.misalignment_pct == (0 if has_mix else None)


def test_no_area_has_awards():
    assert supplies(network_of(LINK, PATHWAY), awards_frame([]), ["3"]) == {}


def test_missing_openings_are_refused_and_not_taken_for_none():
    network = network_of(LINK, PATHWAY)
    with pytest.raises(ValueError, match="with none missing"):
        area_gap(network, supply_of_nothing(network), np.array([np.nan]))


# ---- the tables' rows ------------------------------------------------------------------------------------


def test_ways_in_are_each_route_alone():
    routes = np.array(["Shorter on-the-job training", None, "Associate degree", "Associate degree"], dtype=object)
    area = Matching([30, 10], [20, 50, 25, 5], [(0, 0), (0, 1), (0, 2), (1, 2)])
    assert ways_in(area, routes).to_dict("split")["data"] == [
        ["Associate degree", 30, 25],
        ["Shorter on-the-job training", 20, 20],
    ]
    assert ways_in(area, np.array([None] * 4, dtype=object)).empty


@pytest.mark.parametrize(
    ("awards", "openings", "area_note", "group_note"),
    [
        (0, 500.0, "no misalignment", "no award in scope leads to these occupations"),
        (40, 0.0, "no misalignment", "no openings"),
        (
            40,
            None,
            "1 of 1 occupations have no estimate here; no misalignment",
            "1 of 1 occupations have no estimate here",
        ),
        (40, 500.0, None, None),
    ],
    ids=["no supply", "no demand", "no estimate", "both"],
)
def test_rows_of_an_area_with_little_in_it_have_a_note_and_no_nan(awards, openings, area_note, group_note):
    network = Network.of(
        pd.DataFrame({"cip_code": ["51.3801"], "soc_code": ["29-1141"]}),
        pd.DataFrame({"soc_code": ["29-1141"], "cluster": ["Health"], "subcluster": ["Nursing"]}),
        [],
    )
    demand = AreaDemand.of(
        network,
        pd.DataFrame({"soc_code": ["29-1141"], "openings_annual_count": pd.array([openings], dtype="Float64")}),
        pd.DataFrame(columns=["soc_code", "wage_median_usd", "wage_note", "area_median_usd"]),
        "openings_annual_count",
    )
    counts = np.array([awards])
    supply = Supply(counts, counts, np.zeros_like(counts), awards) if awards else no_supply(network)
    gap = area_gap(network, supply, demand.openings)
    row = area_figures(demand, supply, gap, np.zeros(1))
    assert row["coverage_pct"] is None
    assert row["left_count"] == (openings or 0) - row["could_fill_count"]
    assert (row["note"] is None) == (area_note is None)
    assert row["note"] is None or row["note"].startswith(area_note)
    columns = group_figures(network, demand, gap)
    assert columns["note"] == [group_note, group_note]
    assert columns["subcluster"] == [None, "Nursing"]
    figures = [v for name, values in columns.items() if name.endswith("_count") for v in values if v is not None]
    assert all(isinstance(v, int) for v in figures)
