"""The matching against two independent ways to the same numbers: every cut tried, and a linear program."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array

from measures import matching
from measures.matching import Bounds, Matching, by_level, verdict

# ---- areas to try ----------------------------------------------------------------------------------------


@st.composite
def areas(draw: st.DrawFn, most: int = 9, programs: int = 5, occupations: int = 5):
    """Awards, openings and links of a small area; zeros and programs without a link included."""
    p, s = draw(st.integers(0, programs)), draw(st.integers(0, occupations))
    awards = draw(st.lists(st.integers(0, most), min_size=p, max_size=p))
    openings = draw(st.lists(st.integers(0, most), min_size=s, max_size=s))
    pairs = list(product(range(p), range(s)))
    links = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return awards, openings, links


def every_set(occupations: int) -> np.ndarray:
    """[2**s, s] all sets of occupations."""
    sets = list(product([False, True], repeat=occupations))
    return np.array(sets, dtype=bool).reshape(len(sets), occupations)


def of_each(area) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    awards, openings, links = area
    return (
        np.array(awards, dtype=int),
        np.array(openings, dtype=int),
        np.array(links, dtype=int).reshape(-1, 2),
    )


# ---- the two independent ways ----------------------------------------------------------------------------


def fillable_by_cuts(awards, openings, links, inside) -> int:
    """F(A) as the smallest cut: the least, over all sets T of A, of O(A without T) + C(N(T))."""
    return min(
        openings[inside & ~cut].sum() + awards[np.unique(links[cut[links[:, 1]], 0])].sum()
        for cut in every_set(openings.size)
        if not (cut & ~inside).any()
    )


def filled_by_linear_program(awards, openings, links, inside) -> tuple[float, float, float]:
    """F*, and the least and the most openings of the set filled among the assignments that fill F*."""
    e = np.arange(len(links))
    limits = coo_array(
        (
            np.ones(2 * len(links)),
            (np.concatenate([links[:, 0], awards.size + links[:, 1]]), np.concatenate([e, e])),
        ),
        shape=(awards.size + openings.size, len(links)),
    ).tocsr()
    most = np.concatenate([awards, openings])
    total = -linprog(-np.ones(len(links)), A_ub=limits, b_ub=most, method="highs").fun
    into = inside[links[:, 1]].astype(float)
    all_placed = {"A_ub": limits, "b_ub": most, "A_eq": np.ones((1, len(links))), "b_eq": [round(total)]}
    least = linprog(into, **all_placed, method="highs").fun
    return total, least, -linprog(-into, **all_placed, method="highs").fun


# ---- totals and bounds -----------------------------------------------------------------------------------


@settings(deadline=None, max_examples=150)
@given(areas())
def test_every_set_agrees_with_all_cuts_tried(area):
    awards, openings, links = of_each(area)
    found = Matching(awards, openings, links)
    everything = np.ones(openings.size, dtype=bool)
    best = fillable_by_cuts(awards, openings, links, everything)
    assert found.could_fill() == best

    sets = every_set(openings.size)
    fillable = {tuple(one): fillable_by_cuts(awards, openings, links, one) for one in sets}
    for inside, bounds in zip(sets, found.bounds(sets), strict=True):
        linked = np.isin(np.arange(awards.size), links[inside[links[:, 1]], 0])
        alone = fillable_by_cuts(np.where(linked, awards, 0), openings, links, everything)
        at_most, at_least = fillable[tuple(inside)], best - fillable[tuple(~inside)]
        assert bounds == Bounds(
            openings=openings[inside].sum(),
            at_least=at_least,
            at_most=at_most,
            gap_low=openings[inside].sum() - at_most,
            gap_high=openings[inside].sum() - at_least,
            linked_awards=awards[linked].sum(),
            unplaceable=awards[linked].sum() - alone,
        )
        assert found.could_fill(inside) == at_most
        assert 0 <= bounds.at_least <= bounds.at_most <= bounds.openings
        assert 0 <= bounds.unplaceable <= bounds.linked_awards


@settings(deadline=None, max_examples=60)
@given(areas(), st.data())
def test_bounds_are_what_a_linear_program_finds_among_the_best_assignments(area, data):
    awards, openings, links = of_each(area)
    if not len(links):
        return
    inside = np.array(data.draw(st.lists(st.booleans(), min_size=openings.size, max_size=openings.size)))
    bounds = Matching(awards, openings, links).bounds([inside])[0]
    _, least, most = filled_by_linear_program(awards, openings, links, inside)
    assert bounds.at_least == pytest.approx(least, abs=1e-6)
    assert bounds.at_most == pytest.approx(most, abs=1e-6)


@settings(deadline=None)
@given(areas(), st.data())
def test_bounds_meet_where_no_program_leads_both_in_and_out(area, data):
    awards, openings, links = of_each(area)
    inside = np.array(data.draw(st.lists(st.booleans(), min_size=openings.size, max_size=openings.size)), bool)
    leads_in = np.isin(np.arange(awards.size), links[inside[links[:, 1]], 0])
    apart = links[inside[links[:, 1]] | ~leads_in[links[:, 0]]]
    bounds = Matching(awards, openings, apart).bounds([inside])[0]
    assert bounds.at_least == bounds.at_most
    assert bounds.gap_low == bounds.gap_high


def large_area(programs: int = 300, occupations: int = 200, links: int = 900):
    random = np.random.default_rng(2016)
    pairs = random.choice(programs * occupations, size=links, replace=False)
    awards = random.integers(0, 3_000, programs)
    openings = random.integers(0, 4_000, occupations)
    return awards, openings, np.column_stack(np.divmod(pairs, occupations)), random


def test_a_large_area_agrees_with_a_linear_program():
    awards, openings, links, random = large_area()
    found = Matching(awards, openings, links)
    sets = random.random((6, openings.size)) < np.array([[0.02], [0.1], [0.3], [0.5], [0.7], [0.95]])
    for inside, bounds in zip(sets, found.bounds(sets), strict=True):
        total, least, most = filled_by_linear_program(awards, openings, links, inside)
        assert found.could_fill() == pytest.approx(total, abs=1e-3)
        assert (bounds.at_least, bounds.at_most) == pytest.approx((least, most), abs=1e-3)


def test_questions_asked_in_small_portions_get_the_same_answers(monkeypatch):
    awards, openings, links, random = large_area()
    sets = random.random((20, openings.size)) < 0.3
    together = Matching(awards, openings, links).bounds(sets)
    monkeypatch.setattr(matching, "_LINKS_AT_ONCE", 3 * len(links))
    assert Matching(awards, openings, links).bounds(sets) == together


# ---- the check and the room ------------------------------------------------------------------------------


@settings(deadline=None, max_examples=200)
@given(areas())
def test_the_check_is_the_smallest_set_whose_two_sums_differ_by_what_is_left(area):
    awards, openings, links = of_each(area)
    found = Matching(awards, openings, links)
    check = found.check()

    inside = np.isin(np.arange(openings.size), check.occupations)
    leading_there = np.unique(links[inside[links[:, 1]], 0])
    assert check.programs.tolist() == [c for c in leading_there if awards[c] > 0]
    assert check.openings == openings[inside].sum()
    assert check.awards == awards[leading_there].sum()
    assert check.left == check.openings - check.awards == openings.sum() - found.could_fill()

    for other in every_set(openings.size):
        needed, given_ = openings[other].sum(), awards[np.unique(links[other[links[:, 1]], 0])].sum()
        if needed - given_ == check.left:  # every other set that does as well contains this one
            assert not (inside & ~other).any()


@settings(deadline=None, max_examples=150)
@given(areas())
def test_a_program_has_room_when_one_more_award_fills_one_more_opening(area):
    awards, openings, links = of_each(area)
    found = Matching(awards, openings, links)
    one_more = [
        Matching(awards + (np.arange(awards.size) == c), openings, links).could_fill() > found.could_fill()
        for c in range(awards.size)
    ]
    assert found.has_room().tolist() == one_more


# ---- the point estimate ----------------------------------------------------------------------------------

balanced_but_for_a_link = ([5, 7, 2], [5, 7, 2], [(0, 0), (1, 1), (0, 1), (2, 2), (1, 2)])
unequal = ([9_000_001, 1, 3], [9_000_000, 2, 2], [(0, 0), (1, 0), (0, 1), (1, 1), (2, 1), (2, 2)])


@settings(deadline=None, max_examples=300)
@given(st.one_of(areas(), areas(most=10_000_000)))
@example(balanced_but_for_a_link)
@example(unequal)
def test_the_split_is_an_assignment_within_every_interval(area):
    awards, openings, links = of_each(area)
    found = Matching(awards, openings, links)
    for within in (0.5, 0.001):
        carried = found.split(within)
        assert carried.shape == (len(links),)
        assert (carried >= 0).all()
        tiny = 1e-9 * (1 + awards.sum())
        assert (np.bincount(links[:, 0], carried, awards.size) <= awards + tiny).all()
        assert (np.bincount(links[:, 1], carried, openings.size) <= openings + tiny).all()
        assert found.could_fill() - within - tiny <= carried.sum() <= found.could_fill() + tiny

        sets = every_set(openings.size)
        for inside, bounds in zip(sets, found.bounds(sets), strict=True):
            placed = carried[inside[links[:, 1]]].sum()
            assert bounds.at_least - within - tiny <= placed <= bounds.at_most + tiny
            assert bounds.at_least <= np.floor(placed + tiny + 0.5) <= bounds.at_most


@settings(deadline=None, max_examples=150)
@given(areas())
@example(balanced_but_for_a_link)
def test_the_split_uses_exactly_the_links_that_some_best_assignment_uses(area):
    awards, openings, links = of_each(area)
    found = Matching(awards, openings, links)
    for (program, occupation), carried in zip(links, found.split(), strict=True):
        possible = False
        if awards[program] and openings[occupation]:  # fix one award there: are the others as good as before?
            rest_awards = awards - (np.arange(awards.size) == program)
            rest_openings = openings - (np.arange(openings.size) == occupation)
            possible = Matching(rest_awards, rest_openings, links).could_fill() == found.could_fill() - 1
        assert (carried > 0) == possible


@settings(deadline=None)
@given(areas(most=1_000))
def test_a_split_out_of_rounds_is_completed_from_the_maximum_flow(area):
    awards, openings, links = of_each(area)
    found = Matching(awards, openings, links)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "_ROUNDS", 1)
        carried = found.split()
    assert found.could_fill() - 0.5 - 1e-6 <= carried.sum() <= found.could_fill() + 1e-6
    assert (np.bincount(links[:, 0], carried, awards.size) <= awards + 1e-6).all()
    assert (np.bincount(links[:, 1], carried, openings.size) <= openings + 1e-6).all()


def test_the_split_shares_in_proportion_where_nothing_is_scarce():
    found = Matching([90], [100, 200], [(0, 1), (0, 0)])
    assert found.split() == pytest.approx([60, 30])
    assert found.uncapped_split() == pytest.approx([60, 30])


def test_the_split_stops_at_the_openings_and_the_uncapped_split_does_not():
    found = Matching([90, 10], [20, 20, 0], [(0, 0), (0, 1), (1, 1), (1, 2)])
    assert found.split().sum() == pytest.approx(40)
    assert found.uncapped_split() == pytest.approx([45, 45, 10, 0])


# ---- areas with little in them ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("awards", "openings", "links", "left"),
    [
        ([], [], [], 0),
        ([], [7, 3], [], 10),
        ([5], [], [], 0),
        ([5], [7], [], 7),
        ([0], [7], [(0, 0)], 7),
        ([5], [0], [(0, 0)], 0),
    ],
    ids=["nothing", "no program", "no occupation", "no link", "no awards", "no openings"],
)
def test_an_area_where_nothing_can_be_placed_has_defined_answers(awards, openings, links, left):
    found = Matching(awards, openings, links)
    assert found.could_fill() == 0
    assert found.check().left == left
    assert found.split().tolist() == found.uncapped_split().tolist() == [0.0] * len(links)
    assert found.has_room().tolist() == [bool(links) and openings[0] > 0] * len(awards)
    bounds = found.bounds(np.ones((1, len(openings)), dtype=bool))[0]
    linked = sum(awards) if links else 0
    assert bounds == Bounds(sum(openings), 0, 0, left, left, linked, linked)
    assert verdict(bounds) == "too small"
    assert found.bounds(np.zeros((0, len(openings)), dtype=bool)) == []


def test_one_occupation_one_program():
    found = Matching([30], [100], [(0, 0)])
    assert found.bounds([[True]]) == [Bounds(100, 30, 30, 70, 70, 30, 0)]
    assert found.check().left == 70
    assert found.split() == pytest.approx([30])


def test_estimates_are_rounded_half_up():
    assert Matching([], [0.49, 0.5, 1.5, 2.5], []).openings.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("awards", "openings", "links", "message"),
    [
        ([-1], [1], [], "awards must lie between 0 and"),
        ([1], [float("nan")], [], "openings must lie between 0 and"),
        ([1], [float("inf")], [], "openings must lie between 0 and"),
        ([1], [-0.2], [], "openings must lie between 0 and"),
        ([2**31], [1], [], "awards must lie between 0 and"),
        ([1.5], [1], [], "awards must be whole numbers"),
        ([[1]], [1], [], "awards must be a list of numbers"),
        ([1], [1], [(0, 1)], "a link points outside the 1 programs and 1 occupations"),
        ([1], [1], [(-1, 0)], "a link points outside"),
        ([1], [1], [(0, 0), (0, 0)], "a link comes twice"),
        ([1], [1], [(0, 0, 0)], "links must be pairs"),
    ],
)
def test_wrong_input_is_named(awards, openings, links, message):
    with pytest.raises(ValueError, match=message):
        Matching(awards, openings, links)


@pytest.mark.parametrize("subset", [[0], [True], [[True, False]]])
def test_a_set_of_occupations_is_true_or_false_for_each(subset):
    with pytest.raises(ValueError, match="a set of occupations is 2 values true or false"):
        Matching([1], [1, 1], []).could_fill(subset)


# ---- verdicts and levels ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("openings", "at_least", "at_most", "linked", "unplaceable", "expected"),
    [
        (99, 0, 0, 500, 0, "too small"),
        (100, 0, 0, 9, 0, "too small"),
        (100, 0, 0, 10, 0, "more openings than awards"),
        (100, 95, 95, 200, 10, "mismatch"),
        (100, 95, 95, 200, 9, "more openings than awards"),
        (100, 96, 96, 200, 10, "more awards than openings"),
        (100, 0, 96, 200, 10, "more awards than openings"),
        (100, 96, 96, 200, 9, "about even"),
        (100, 95, 96, 200, 9, "could go either way"),
        (100, 0, 100, 200, 0, "could go either way"),
    ],
)
def test_verdicts_at_their_edges(openings, at_least, at_most, linked, unplaceable, expected):
    gaps = openings - at_most, openings - at_least
    assert verdict(Bounds(openings, at_least, at_most, *gaps, linked, unplaceable)) == expected


def test_strict_on_level_keeps_certificates_out_of_degree_occupations():
    awards, links = by_level(
        degrees=[10, 0], certificates=[20, 5], links=[(0, 0), (0, 1), (1, 0)], degree_only=[True, False]
    )
    assert awards.tolist() == [10, 0, 20, 5]
    assert links.tolist() == [[0, 0], [0, 1], [1, 0], [2, 1]]
    assert Matching(awards, [100, 15], links).could_fill() == 10 + 15


@settings(deadline=None)
@given(areas(), st.data())
def test_strict_on_level_never_fills_more_and_nothing_less_when_all_take_certificates(area, data):
    degrees, openings, links = of_each(area)
    size = {"min_size": degrees.size, "max_size": degrees.size}
    certificates = np.array(data.draw(st.lists(st.integers(0, 9), **size)), dtype=int)
    some = np.array(data.draw(st.lists(st.booleans(), min_size=openings.size, max_size=openings.size)), bool)

    def filled(degree_only: np.ndarray) -> int:
        awards, fitting = by_level(degrees, certificates, links, degree_only)
        return Matching(awards, openings, fitting).could_fill()

    lenient = Matching(degrees + certificates, openings, links).could_fill()
    assert filled(np.zeros_like(some)) == lenient
    assert filled(np.ones_like(some)) <= filled(some) <= lenient
