"""Alignment: against plain Python, on small areas and on input that has nothing to compare."""

from __future__ import annotations

from itertools import product
from math import isclose

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.alignment import (
    FEW_AWARDS,
    choice_near_home,
    covered_mean,
    enrolment_mix,
    equal_shares,
    in_set,
    misalignment_interval,
    percent_parts,
    served,
    shares_by_openings,
    stackable,
)
from measures.gaps import misalignment_pct
from measures.matching import Matching

#: METHODS section 7: enrolled and openings by pathway of one district.
DISTRICT = {
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


@st.composite
def areas(draw: st.DrawFn):
    """Awards, openings, links and each occupation's pathways (an occupation may be in none)."""
    p, s, n = draw(st.integers(1, 5)), draw(st.integers(1, 5)), draw(st.integers(1, 3))
    awards = draw(st.lists(st.integers(0, 9), min_size=p, max_size=p))
    openings = draw(st.lists(st.integers(0, 9), min_size=s, max_size=s))
    links = draw(st.lists(st.sampled_from(list(product(range(p), range(s)))), unique=True))
    inside = draw(st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=s, max_size=s))
    shares = [[flag / sum(row) if sum(row) else 0.0 for flag in row] for row in inside]
    return awards, openings, links, np.array(shares, dtype=float)


def matching_of(area) -> Matching:
    awards, openings, links, _ = area
    return Matching(awards, openings, np.array(links, dtype=int).reshape(-1, 2))


# ---- mix -------------------------------------------------------------------------------------------------


@given(areas())
def test_awards_are_shared_out_by_openings(area):
    awards, openings, links, shares = area
    found = shares_by_openings(matching_of(area), shares)
    for program, gave in enumerate(awards):
        leads_to = [s for p, s in links if p == program]
        total = sum(openings[s] for s in leads_to)
        for group in range(shares.shape[1]):
            wanted = sum(openings[s] / total * shares[s, group] for s in leads_to) if gave and total else 0.0
            assert isclose(found[program, group], wanted, abs_tol=1e-12)


@given(areas())
def test_or_equally_over_occupations_with_openings(area):
    awards, openings, links, shares = area
    found = equal_shares(matching_of(area), shares)
    for program, gave in enumerate(awards):
        leads_to = [s for p, s in links if p == program and openings[s]]
        for group in range(shares.shape[1]):
            wanted = sum(shares[s, group] for s in leads_to) / len(leads_to) if gave and leads_to else 0.0
            assert isclose(found[program, group], wanted, abs_tol=1e-12)


@given(areas())
def test_shared_out_awards_give_the_misalignment_of_the_split(area):
    awards, _, _, shares = area
    matching = matching_of(area)
    carried = np.bincount(matching.links[:, 1], matching.uncapped_split(), minlength=shares.shape[0]) @ shares
    through_programs = np.array(awards) @ shares_by_openings(matching, shares)
    assert np.allclose(carried, through_programs)


def test_the_interval_is_for_small_areas_and_holds_the_value():
    shares = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    openings = np.array([50.0, 50.0])
    low, high = misalignment_interval(np.array([60, 40, 900]), shares, openings) or (None, None)
    value = misalignment_pct(np.array([60.0, 40.0]), openings)
    assert low is not None
    assert 0 <= low <= value <= high <= 30
    assert misalignment_interval(np.array([60, 40, 900]), shares, openings) == (low, high), "it is deterministic"


@pytest.mark.parametrize(
    ("awards", "openings"), [([0, 0], [1, 1]), ([5, 5], [0, 0]), ([FEW_AWARDS, 0], [1, 1]), ([0, 0], [0, 0])]
)
def test_no_interval_for_nothing_or_for_many(awards, openings):
    assert misalignment_interval(np.array(awards), np.eye(2), np.array(openings, dtype=float)) is None


def test_the_interval_narrows_with_more_awards():
    openings = np.array([50.0, 50.0])
    widths = []
    for count in (10, 100, 240):
        low, high = misalignment_interval(np.array([count, count]), np.eye(2), openings)
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)


# ---- enrolment only --------------------------------------------------------------------------------------


def test_the_district_table():
    table = pd.DataFrame(DISTRICT, index=["enrolled", "openings"]).T
    mix = enrolment_mix(table["enrolled"], table["openings"])
    assert mix.misalignment_pct == pytest.approx(48.73, abs=0.005)
    assert mix.gaps["Hospitality"] == 2982
    assert mix.gaps["Arts"] == -346
    assert "overstates" in mix.reason


def test_a_withheld_pathway_stays_out_and_is_named():
    mix = enrolment_mix(pd.Series({"Arts": 1.0, "Law": np.nan, "IT": 1.0}), pd.Series({"Arts": 3, "Law": 9, "IT": 1}))
    assert mix.misalignment_pct == pytest.approx(25)
    assert np.isnan(mix.gaps["Law"])
    assert mix.reason.endswith("withheld in Law")


def test_a_pathway_without_pupils_or_openings_counts_as_none_there():
    mix = enrolment_mix(pd.Series({"Arts": 4}), pd.Series({"IT": 4}))
    assert mix.misalignment_pct == pytest.approx(100)
    assert mix.gaps.to_dict() == {"Arts": -4.0, "IT": 4.0}


@pytest.mark.parametrize(
    ("enrolled", "openings", "reason"),
    [
        ({}, {}, "no enrolment"),
        ({"Arts": 0}, {"Arts": 3}, "no enrolment"),
        ({"Arts": np.nan}, {"Arts": 3}, "no enrolment"),
        ({"Arts": 3}, {"Arts": 0}, "no openings"),
    ],
)
def test_nothing_to_compare_gives_a_reason(enrolled, openings, reason):
    mix = enrolment_mix(pd.Series(enrolled, dtype=float), pd.Series(openings, dtype=float))
    assert mix.misalignment_pct is None
    assert mix.reason.startswith(reason)


def test_counts_that_cannot_be():
    with pytest.raises(ValueError, match="negative"):
        enrolment_mix(pd.Series({"Arts": -1}), pd.Series({"Arts": 1}))
    with pytest.raises(ValueError, match="twice"):
        enrolment_mix(pd.Series({"Arts": 1}), pd.Series([1, 2], index=["Arts", "Arts"]))


# ---- quality and choice ----------------------------------------------------------------------------------


@given(areas(), st.data())
def test_served(area, data):
    awards, openings, links, _ = area
    wanted = data.draw(st.lists(st.booleans(), min_size=len(openings), max_size=len(openings)))
    asked = data.draw(st.lists(st.booleans(), min_size=len(awards), max_size=len(awards)))
    found = served(
        np.array(links, dtype=np.int64).reshape(-1, 2),
        np.array(awards),
        np.array(openings, dtype=float),
        np.array(wanted),
        np.array(asked),
    )
    demand = [s for s, flag in enumerate(wanted) if flag]
    taught = [s for s in demand if any(awards[p] for p, t in links if t == s)]
    total = sum(openings[s] for s in demand)
    assert found.openings_pct == (pytest.approx(100 * sum(openings[s] for s in taught) / total) if total else None)
    given_ = [p for p, gave in enumerate(awards) if gave and asked[p]]
    lead = [p for p in given_ if any(q == p and wanted[s] for q, s in links)]
    assert found.programs_pct == (pytest.approx(100 * len(lead) / len(given_)) if given_ else None)


def occupations(rows: list[tuple[float, float, bool, bool]]) -> pd.DataFrame:
    columns = ["employment_count", "wage_median_usd", "is_top_coded", "has_program"]
    return pd.DataFrame(rows, columns=columns)


def test_choice_takes_the_largest_that_pay():
    rows = [(100.0 - i, 50_000.0, False, i % 2 == 0) for i in range(60)]
    rows += [(900.0, 49_999.0, False, True), (np.nan, 60_000.0, False, True), (901.0, np.nan, True, True)]
    choice = choice_near_home(occupations(rows), 50_000)
    assert choice == (26, 50)  # the top-coded one, and 25 of the first 49


def test_no_choice_where_no_wage_is_published():
    assert choice_near_home(occupations([(5.0, np.nan, False, True)]), 50_000) is None
    assert choice_near_home(occupations([]).astype({"is_top_coded": bool, "has_program": bool}), 50_000) is None


# ---- routes and pay --------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3))))
def test_stackable(cells):
    found = stackable(pd.DataFrame(cells, columns=["certificates_count", "associates_count"], dtype=float))
    kept = [(c, a) for c, a in cells if c]
    if not kept:
        assert found is None
        return
    assert found.cells_count == len(kept)
    assert found.cells_pct == pytest.approx(100 * sum(1 for _, a in kept if a) / len(kept))
    assert found.awards_pct == pytest.approx(100 * sum(c for c, a in kept if a) / sum(c for c, _ in kept))


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(20, 90)), st.integers(0, 9))))
def test_a_mean_rests_on_three_quarters_or_is_none(pairs):
    values = np.array([np.nan if v is None else v for v, _ in pairs], dtype=float)
    weights = np.array([w for _, w in pairs], dtype=float)
    found = covered_mean(values, weights)
    total, known = sum(w for _, w in pairs), sum(w for v, w in pairs if v is not None)
    if 4 * known < 3 * total or not total:
        assert found.value is None
    else:
        assert found.value == pytest.approx(sum(v * w for v, w in pairs if v is not None) / known)
    assert 0 <= found.covered_pct <= 100


def test_parts_of_nothing_are_none():
    assert percent_parts([0, 0]) is None
    assert percent_parts([]) is None


def test_in_set_of_no_members():
    codes = np.array(["29-1141", "47-2111"], dtype=object)
    assert in_set(codes, {"47-2111", "99-9999"}).tolist() == [False, True]
    assert in_set(codes, set()).tolist() == [False, False]
