"""Does a finding hold whatever one assumes? The findings a headline may state, and the count of assumptions under which
each holds.

METHODS section 2, "Holds under N of M": every finding is worked out again under both demand variants, both demand
scopes, three award years, and lenient and strict on level. A headline states it only where it holds under all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from measures.matching import Bounds, verdict


class Setting(NamedTuple):
    """One way to assume. As many of these as were tried make the M of "holds under N of M"."""

    demand: str
    demand_variant: str
    award_year: int
    is_strict: bool


#: Each dimension of a setting as a reader would say it.
WORDS: Mapping[object, str] = MappingProxyType(
    {
        "career-prep": "career-training jobs",
        "middle-skills": "middle-skill jobs",
        "openings": "all openings",
        "growth_and_exits": "growth and exits",
        False: "any level",
        True: "strict on level",
    }
)


class Place(NamedTuple):
    """What a finding may look at: one set of occupations, and the sets beside it in the same area and setting."""

    bounds: Bounds
    beside: tuple[Bounds, ...]
    """The bounds of all pathways of the area, this one among them; empty for the area as a whole."""


def _is(*verdicts: str) -> Callable[[Place], bool]:
    return lambda place: verdict(place.bounds) in verdicts


def _large_enough(bounds: Bounds) -> bool:
    return verdict(bounds) != "too small"


def _fills_under(part: int) -> Callable[[Place], bool]:
    """At most one in ``part`` of the openings could be filled, and the set is large enough to say so."""
    return lambda place: _large_enough(place.bounds) and part * place.bounds.at_most < place.bounds.openings


def _most_openings_left(place: Place) -> bool:
    return bool(place.beside) and place.bounds.gap_low == max(b.gap_low for b in place.beside) > 0


def _smallest_part_filled(place: Place) -> bool:
    """Of the pathways large enough to say so, none has a smaller at_most / openings (compared in whole numbers)."""
    mine = place.bounds
    if not place.beside or not _large_enough(mine):
        return False
    return all(
        mine.at_most * other.openings <= other.at_most * mine.openings for other in place.beside if _large_enough(other)
    )


#: Every finding that a headline may state; each has its sentence in data/reference/stability_finding.csv. A set that is
#: too small to say anything of (under 100 openings or 10 linked awards) never bears out a finding.
FINDINGS: Mapping[str, Callable[[Place], bool]] = MappingProxyType(
    {
        "fills under half": _fills_under(2),
        "fills under a quarter": _fills_under(4),
        "fills half or more": lambda place: (
            _large_enough(place.bounds) and 2 * place.bounds.at_most >= place.bounds.openings
        ),
        "openings left": _is("mismatch", "more openings than awards"),
        "awards without a place": _is("mismatch", "more awards than openings"),
        "mismatch": _is("mismatch"),
        "more openings than awards": _is("more openings than awards"),
        "more awards than openings": _is("more awards than openings"),
        "about even": _is("about even"),
        "fewer awards than openings": lambda place: (
            _large_enough(place.bounds) and place.bounds.linked_awards < place.bounds.openings
        ),
        "most openings left": _most_openings_left,
        "smallest part filled": _smallest_part_filled,
    }
)
#: These compare pathways, so they say nothing of an area as a whole.
COMPARING = frozenset({"most openings left", "smallest part filled"})


def holds(whole: Bounds, pathways: Sequence[Bounds]) -> dict[str, list[bool]]:
    """Which findings hold in one area under one setting: for each, the area as a whole first, then its pathways.

    Findings that compare pathways are never said to hold for the whole.
    """
    beside = tuple(pathways)
    places = [Place(whole, ()), *(Place(bounds, beside) for bounds in beside)]
    return {name: [test(place) for place in places] for name, test in FINDINGS.items()}


def where_it_holds(settings: Sequence[Setting], answers: Sequence[bool]) -> str | None:
    """Under which assumptions a finding holds, dimension by dimension, in words; None where it holds under all or none.

    >>> two = [Setting("career-prep", "openings", 2024, strict) for strict in (False, True)]
    >>> where_it_holds(two, [True, False])
    'any level 1 of 1, strict on level 0 of 1'
    """
    if len(set(answers)) < 2:
        return None
    phrases = []
    for dimension in zip(*settings, strict=True):
        values = list(dict.fromkeys(dimension))
        counts = [[a for v, a in zip(dimension, answers, strict=True) if v == value] for value in values]
        if len(values) > 1:
            phrases.append(
                ", ".join(
                    f"{WORDS.get(value, f'awards of {value}')} {sum(count)} of {len(count)}"
                    for value, count in zip(values, counts, strict=True)
                )
            )
    return "; ".join(phrases)
