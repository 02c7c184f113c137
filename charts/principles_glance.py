"""The five principles at a glance: for each what it holds, one proxy of the place, and what the proxy does not measure.

No score is made of them, none is ranked, and none is coloured good or bad.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from charts import words
from charts.actions import PRINCIPLES
from charts.scope import Scope
from etl.warehouse.read import Reader

TABLES = ("principle_indicator", "principle_measure", "state")

#: What each principle holds, in our words.
HOLDS = {
    1: "Every CTE program meets the highest standard.",
    2: "Every learner can choose an education and a career that mean something to them.",
    3: "Learning is personal and flexible.",
    4: "Those who teach know the field.",
    5: "All systems work together for the learner.",
}
#: The indicator whose note says what the row's proxy does not measure.
MEASURE = {
    1: "served_openings_pct",
    2: "choice_near_home_count",
    3: "stackable_pct",
    4: "teacher_secondary_median_usd",
    5: "misalignment_pct",
}
_INDICATORS = (*MEASURE.values(), "choice_near_home_considered_count", "practitioner_p75_usd")


@dataclass(frozen=True)
class Glance:
    """One principle's row: ``value`` with ``label`` and ``when`` is the place's figure, ``caveat`` what it leaves out."""

    principle: int
    name: str
    page: str
    holds: str
    value: str
    label: str
    when: str
    caveat: str


class _Value(NamedTuple):
    value: float | None
    year: int


#: Indicator and demand variant ('' where it has none) -> its newest value in the place.
_Values = Mapping[tuple[str, str], _Value]


def glance(reader: Reader, scope: Scope) -> list[Glance]:
    """The five rows of the scope's place as a whole, in the order of the principles; none for a place that is not known."""
    place = reader.rows("SELECT state_fips, state_name FROM state WHERE state_abbr = ?", [scope.state])
    if not place:
        return []
    fips, name = place[0]
    found = reader.rows(
        """
        SELECT indicator, coalesce(demand_variant, ''), arg_max_null(value, reference_year), max(reference_year)
        FROM principle_indicator
        WHERE state_fips = $fips AND cluster IS NULL AND list_contains($indicators, indicator)
          AND coalesce(demand, 'career-prep') = 'career-prep'
        GROUP BY ALL
        """,
        {"fips": fips, "indicators": list(_INDICATORS)},
    )
    values = {(indicator, variant): _Value(value, year) for indicator, variant, value, year in found}
    notes = dict(
        reader.rows(
            "SELECT indicator, note FROM principle_measure WHERE list_contains(?, indicator)", [[*MEASURE.values()]]
        )
    )
    figures = {
        1: _served(values, words.the(name)),
        2: _choice(values, words.the(name)),
        3: _stackable(values),
        4: _teachers(values),
        5: _mix(values),
    }
    return [
        Glance(n, short, f"pages/{module}.py", HOLDS[n], *figures[n], f"{notes[MEASURE[n]]}.")
        for n, (module, short) in PRINCIPLES.items()
    ]


def _served(values: _Values, place: str) -> tuple[str, str, str]:
    (all_, year), (few, _) = _both(values, "served_openings_pct")
    label = f"in-demand openings are in occupations that a program in {place} leads to{_without_changers(few)}"
    return _of_100(all_), label, f"openings {year}–{(year + 10) % 100}"


def _choice(values: _Values, place: str) -> tuple[str, str, str]:
    can, year = values["choice_near_home_count", ""]
    of, _ = values["choice_near_home_considered_count", ""]
    value = "not known" if can is None or of is None else f"{can:.0f} of {of:.0f}"
    return (
        value,
        f"large well-paid career-training occupations can be studied in {place}",
        f"jobs and pay of May {year}",
    )


def _stackable(values: _Values) -> tuple[str, str, str]:
    share, year = values["stackable_pct", ""]
    label = "fields with a certificate are at a college that also gave the associate degree in the field"
    return _of_100(share), label, f"awards {year - 1}–{year % 100}"


def _teachers(values: _Values) -> tuple[str, str, str]:
    teacher, year = values["teacher_secondary_median_usd", ""]
    practitioner, _ = values["practitioner_p75_usd", "openings"]
    value = f"{_dollars(teacher)} beside {_dollars(practitioner)}"
    label = "median pay of CTE teachers in secondary schools beside the pay that a quarter of those who work in the pathways exceed"
    return value, label, f"May {year}"


def _mix(values: _Values) -> tuple[str, str, str]:
    (all_, year), (few, _) = _both(values, "misalignment_pct")
    label = f"awards would need to be in another pathway to match the openings{_without_changers(few)}"
    return _of_100(all_), label, f"awards {year - 1}–{year % 100}"


def _both(values: _Values, indicator: str) -> tuple[_Value, _Value]:
    return values[indicator, "openings"], values[indicator, "growth_and_exits"]


def _without_changers(value: float | None) -> str:
    return "" if value is None else f"; {value:.0f} if people changing occupation are left out"


def _of_100(value: float | None) -> str:
    return "not known" if value is None else f"{value:.0f} of 100"


def _dollars(value: float | None) -> str:
    return "not published" if value is None else words.dollars(value)
