"""Findings: each against its sentence put into plain Python, and the reference table that holds the sentences."""

from __future__ import annotations

import csv
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from measures.matching import Bounds, verdict
from measures.stability import COMPARING, FINDINGS, Setting, holds, where_it_holds

SENTENCES = Path(__file__).parents[2] / "data" / "reference" / "stability_finding.csv"


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    openings = draw(st.sampled_from([0, 99, 100, 200, 1000]))
    at_most = draw(st.integers(0, openings))
    at_least = draw(st.integers(0, at_most))
    linked = draw(st.sampled_from([0, 9, 10, 100, 1000]))
    unplaceable = draw(st.integers(0, linked))
    return Bounds(openings, at_least, at_most, openings - at_most, openings - at_least, linked, unplaceable)


def in_words(finding: str, mine: Bounds, beside: list[Bounds]) -> bool:
    """Each sentence once more, without the code under test."""
    large = mine.openings >= 100 and mine.linked_awards >= 10
    left = large and mine.gap_low / mine.openings >= 0.05
    without_place = large and mine.unplaceable / mine.linked_awards >= 0.05
    rest = [b for b in beside if b.openings >= 100 and b.linked_awards >= 10]
    answers = {
        "fills under half": large and mine.at_most / mine.openings < 0.5,
        "fills under a quarter": large and mine.at_most / mine.openings < 0.25,
        "fills half or more": large and mine.at_most / mine.openings >= 0.5,
        "openings left": left,
        "awards without a place": without_place,
        "mismatch": left and without_place,
        "more openings than awards": left and not without_place,
        "more awards than openings": without_place and not left,
        "about even": large and not left and not without_place and mine.gap_high / mine.openings < 0.05,
        "fewer awards than openings": large and mine.linked_awards < mine.openings,
        "most openings left": bool(beside) and mine.gap_low > 0 and all(mine.gap_low >= b.gap_low for b in beside),
        "smallest part filled": bool(beside)
        and large
        and all(mine.at_most / mine.openings <= b.at_most / b.openings for b in rest),
    }
    return answers[finding]


@given(bounds(), st.lists(bounds(), max_size=4))
def test_every_finding_is_its_sentence(whole, pathways):
    found = holds(whole, pathways)
    assert set(found) == set(FINDINGS)
    for finding, answers in found.items():
        wanted = [in_words(finding, whole, []), *(in_words(finding, one, pathways) for one in pathways)]
        assert answers == wanted, finding


@given(bounds())
def test_what_is_too_small_bears_out_nothing_but_its_own_count(one):
    if verdict(one) == "too small":
        held = {name for name, answers in holds(one, [one]).items() if any(answers)}
        assert held <= {"most openings left"}


def test_every_finding_has_its_sentence():
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["finding"] for row in rows] == list(FINDINGS)
    assert {row["finding"] for row in rows if row["compares_pathways"] == "true"} == COMPARING
    assert all(row["sentence"] for row in rows)


def test_where_a_finding_holds_is_said_by_dimension():
    settings = [
        Setting(demand, "openings", year, strict)
        for demand in ("career-prep", "middle-skills")
        for year in (2023, 2024)
        for strict in (False, True)
    ]
    answers = [setting.demand == "career-prep" for setting in settings]
    assert where_it_holds(settings, answers) == (
        "career-training jobs 4 of 4, middle-skill jobs 0 of 4; awards of 2023 2 of 4, awards of 2024 2 of 4; "
        "any level 2 of 4, strict on level 2 of 4"
    )
    assert where_it_holds(settings, [True] * 8) is None
    assert where_it_holds(settings, [False] * 8) is None
