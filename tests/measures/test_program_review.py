"""The program review against the same screen worked out program by program in plain Python."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.gaps import Network
from measures.program_review import REVIEWS, mean_awards, review

PROGRAMS = ("12.0402", "24.0101", "46.0302", "48.0508", "51.3801")
OCCUPATIONS = ("29-1141", "39-5011", "47-2111", "51-4121")
NO_PATHWAYS = pd.DataFrame({"soc_code": [], "cluster": [], "subcluster": []}, dtype=object)


def network_of(links: list[tuple[str, str]]) -> Network:
    return Network.of(pd.DataFrame(links, columns=["cip_code", "soc_code"]), NO_PATHWAYS, [])


@st.composite
def areas(draw: st.DrawFn):
    """Links, awards of some programs, and openings and wages of the occupations; any of the two may be missing."""
    pairs = [(c, s) for c in PROGRAMS for s in OCCUPATIONS]
    links = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    awards = draw(st.dictionaries(st.sampled_from(PROGRAMS), st.integers(1, 90).map(lambda n: n / 3)))
    openings = {s: draw(st.none() | st.integers(0, 40).map(float)) for s in OCCUPATIONS}
    wages = {s: draw(st.none() | st.integers(0, 90).map(float)) for s in OCCUPATIONS}
    return links, awards, openings, wages, draw(st.none() | st.integers(0, 90).map(float))


def run(links, awards, openings, wages, median, floors=()) -> dict[str, dict]:
    network = network_of(links)

    def laid_out(values):
        return np.array([math.nan if values[s] is None else values[s] for s in network.occupations])

    found = review(
        network,
        pd.DataFrame({"cip_code": list(awards), "awards_mean_count": list(awards.values())}, dtype=object).astype(
            {"awards_mean_count": float}
        ),
        laid_out(openings),
        laid_out(wages),
        np.isin(network.occupations, list(floors)),
        median,
    )
    assert found["cip_code"].tolist() == list(awards)
    return {row["cip_code"]: row for row in found.to_dict("records")}


# ---- by hand ---------------------------------------------------------------------------------------------


def could_fill(awards: dict[str, int], openings: dict[str, float | None], links) -> int:
    """The most openings filled, one award after the other, moving those already placed where that helps."""
    holds: dict[str, list[str]] = {s: [] for s in openings}

    def place(program: str, tried: set[str]) -> bool:
        for c, s in links:
            if c != program or s in tried:
                continue
            tried.add(s)
            if len(holds[s]) < (openings[s] or 0):
                holds[s].append(program)
                return True
            for i, other in enumerate(holds[s]):
                if place(other, tried):
                    holds[s][i] = program
                    return True
        return False

    return sum(place(c, set()) for c, n in awards.items() for _ in range(n))


def by_hand(cip_code, links, awards, openings, wages, median):
    """(room, wage, review) of one program."""
    leads_to = [s for c, s in links if c == cip_code]
    estimated = [s for s in leads_to if openings[s] is not None]
    whole = {c: int(n + 0.5) for c, n in awards.items()}
    room = None
    if estimated:
        before = could_fill(whole, openings, links)
        room = could_fill(whole | {cip_code: whole[cip_code] + 1}, openings, links) > before
    weighted = [(openings[s], wages[s]) for s in estimated if wages[s] is not None and openings[s] > 0]
    wage = sum(o * w for o, w in weighted) / sum(o for o, _ in weighted) if weighted else None
    general = cip_code.startswith("24") or not leads_to
    if general or awards[cip_code] < 10 or room is None or wage is None or not median:
        return room, wage, "not reviewed"
    if wage / median >= 1:
        return room, wage, "candidate to scale" if room else "sustain"
    return room, wage, "candidate to transform" if room else "examine"


@settings(deadline=None, max_examples=120)
@given(areas())
def test_every_program_is_reviewed_as_by_hand(area):
    links, awards, openings, wages, median = area
    for cip_code, row in run(*area).items():
        room, wage, word = by_hand(cip_code, links, awards, openings, wages, median)
        assert row["awards_mean_count"] == awards[cip_code]
        assert (None if pd.isna(row["has_room"]) else row["has_room"]) == room
        assert (None if pd.isna(row["wage_linked_usd"]) else row["wage_linked_usd"]) == (
            wage if wage is None else pytest.approx(wage)
        )
        if wage is None or not median:
            assert pd.isna(row["wage_ratio"])
        elif abs(wage / median - 1) < 1e-9:
            continue  # the sums are taken in another order: either side of 1 is right
        else:
            assert row["wage_ratio"] == pytest.approx(wage / median)
        assert row["review"] == word


@settings(deadline=None, max_examples=50)
@given(areas())
def test_every_review_is_one_of_the_words_and_has_a_reason(area):
    for row in run(*area).values():
        assert row["review"] in REVIEWS
        assert row["reason"]
        assert "nan" not in row["reason"]
        assert (row["review"] == "not reviewed") or "one more award could fill" in row["reason"]


# ---- the four corners and the words ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("openings", "wage", "word", "words"),
    [
        (31, 60_000, "candidate to scale", "one more award could fill one more opening"),
        (30, 50_000, "sustain", "one more award could fill no more openings"),
        (31, 49_999, "candidate to transform", "one more award could fill one more opening"),
        (30, 0, "examine", "one more award could fill no more openings"),
    ],
)
def test_the_four_reviews_at_their_edges(openings, wage, word, words):
    found = run(
        [("46.0302", "47-2111")],
        {"46.0302": 30.0},
        dict.fromkeys(OCCUPATIONS, openings),
        dict.fromkeys(OCCUPATIONS, wage),
        50_000,
    )["46.0302"]
    assert (found["review"], found["openings_linked_count"]) == (word, openings)
    times = {60_000: "1.20", 50_000: "1.00", 49_999: "just under 1.00", 0: "0.00"}[wage]
    assert found["reason"] == (
        f"{words}; the jobs it leads to pay ${wage:,} on average, {times} times the area's median of $50,000"
    )


def test_the_wage_is_weighted_by_openings_and_a_top_code_is_at_least():
    links = [("46.0302", "47-2111"), ("46.0302", "29-1141"), ("46.0302", "51-4121")]
    openings = {"47-2111": 30.0, "29-1141": 10.0, "51-4121": 500.0, "39-5011": 0.0}
    wages = {"47-2111": 40_000.0, "29-1141": 200_000.0, "51-4121": None, "39-5011": 9.0}
    found = run(links, {"46.0302": 12.0}, openings, wages, 40_000, floors=["29-1141"])["46.0302"]
    assert found["wage_linked_usd"] == 80_000
    assert found["wage_ratio"] == 2
    assert "pay at least $80,000 on average, 2.00 times" in found["reason"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"awards": {"46.0302": 9.9}}, "under 10 awards a year"),
        ({"awards": {"24.0101": 900.0}}, "general or transfer study"),
        ({"awards": {"51.3801": 900.0}}, "general or transfer study"),
        ({"openings": None}, "no occupation it leads to has an estimate of openings here"),
        ({"openings": 0.0}, "no occupation it leads to has both openings and a published wage here"),
        ({"wage": None}, "no occupation it leads to has both openings and a published wage here"),
        ({"median": None}, "the area's median wage is not published"),
        ({"median": 0.0}, "the area's median wage is not published"),
    ],
)
def test_what_is_not_reviewed_says_why(change, reason):
    given_ = {"awards": {"46.0302": 30.0}, "openings": 40.0, "wage": 50_000.0, "median": 40_000.0} | change
    (found,) = run(
        [("46.0302", "47-2111"), ("24.0101", "47-2111")],
        given_["awards"],
        dict.fromkeys(OCCUPATIONS, given_["openings"]),
        dict.fromkeys(OCCUPATIONS, given_["wage"]),
        given_["median"],
    ).values()
    assert (found["review"], found["reason"]) == ("not reviewed", reason)


def test_an_area_without_awards_has_no_rows():
    assert run([("46.0302", "47-2111")], {}, dict.fromkeys(OCCUPATIONS, 1.0), dict.fromkeys(OCCUPATIONS), 1) == {}


# ---- the mean --------------------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(
            st.integers(2020, 2024),
            st.sampled_from(["01", "06"]),
            st.sampled_from(PROGRAMS),
            st.sampled_from("235"),
        ),
        unique=True,
    ),
    st.data(),
)
def test_the_mean_is_over_the_newest_three_years_and_a_year_without_a_row_is_none(keys, data):
    counts = [data.draw(st.integers(0, 50)) for _ in keys]
    rows = pd.DataFrame(
        [(*key, count) for key, count in zip(keys, counts, strict=True)],
        columns=["award_year", "state_fips", "cip_code", "award_level", "awards_count"],
    )
    years = sorted({year for year, *_ in keys})[-3:]
    wanted: dict[tuple[str, str], float] = {}
    for (year, state, program, level), count in zip(keys, counts, strict=True):
        if year in years and level in ("2", "3") and count:
            wanted[state, program] = wanted.get((state, program), 0) + count / len(years)
    found = mean_awards(rows, ["2", "3"])
    assert {(s, c): m for s, c, m in found.itertuples(index=False)} == pytest.approx(wanted)
