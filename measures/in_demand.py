"""Which occupations are in demand by the rules that states have published, and by a reader's own thresholds.

METHODS section 4. A rule is text, kept as data in the table ``in_demand_rule``, that people and this module read
alike:

    wage >= 0.8 * area_median and (growth_pct > area_rate or openings >= 50)

Conditions are joined by ``and``; alternatives stand in brackets, joined by ``or`` (a rule that is one list of
alternatives needs no brackets). A condition compares a quantity of the occupation with a number, with a figure of the
area, or with a multiple of one:

    ===================== ========================================= ==========================================
    quantity              what it is, by occupation and area        figures of the area
    ===================== ========================================= ==========================================
    wage                  median wage, USD a year                   area_median, area_p75: of all occupations
    hourly_wage           the same over 2,080 hours                 (none)
    openings              openings a year                           area_median, area_mean: of the occupations
    growth                jobs added a year                         area_mean: of the occupations
    growth_pct            jobs added a year, percent of jobs        area_rate: of all the occupations together
    openings_per_100_jobs openings a year over jobs, percent        area_median: of the occupations
    employment_pct        percent of all the area's jobs            (none)
    education             usual education needed for entry          a level of :data:`EDUCATION`
    training              usual on-the-job training                 ``= apprenticeship`` only
    ===================== ========================================= ==========================================

Openings, growth and the jobs they are set against come from projections; the area's medians, 75th percentile and
jobs, and ``employment_pct``, from the newest May wage estimates that have the area's total row. Where a state's
openings are the nation's shared out by employment, an occupation's ``growth_pct`` and ``openings_per_100_jobs`` are
the nation's; only the figures of the area they are compared with are the state's.

What is not known stays unknown: a rule answers yes or no only where the known conditions decide it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray: TypeAlias = npt.NDArray[np.float64]

#: Hours of a year's full-time work, by which the employer survey turns hourly wages into annual ones.
HOURS_A_YEAR = 2080
#: Education usually needed for entry, lowest first: its name in a rule -> the publisher's words.
EDUCATION = {
    "no_credential": "No formal educational credential",
    "high_school": "High school diploma or equivalent",
    "some_college": "Some college, no degree",
    "postsecondary_award": "Postsecondary nondegree award",
    "associate": "Associate's degree",
    "bachelor": "Bachelor's degree",
    "master": "Master's degree",
    "doctoral": "Doctoral or professional degree",
}
#: What a reader's own rule may set: each is a least value, and all must be met.
OWN_THRESHOLDS = ("wage", "openings", "growth_pct", "education")

NO, UNKNOWN, YES = 0.0, 0.5, 1.0  # so that "and" is the least and "or" the greatest

_NAMES = {
    "wage": ("area_median", "area_p75"),
    "hourly_wage": (),
    "openings": ("area_median", "area_mean"),
    "growth": ("area_mean",),
    "growth_pct": ("area_rate",),
    "openings_per_100_jobs": ("area_median",),
    "employment_pct": (),
    "education": tuple(EDUCATION),
    "training": ("apprenticeship",),
}
_CONDITION = re.compile(r"(\w+) (>=|>|=) (?:([\d.]+) \* )?(-?[\d.]+|[a-z_]\w*)")
_MISSING = {
    "wage": "its median wage is not published here",
    "hourly_wage": "its median wage is not published here",
    "openings": "there is no estimate of its openings here",
    "growth": "there is no estimate of its growth here",
    "growth_pct": "there is no estimate of its growth here",
    "openings_per_100_jobs": "there is no estimate of its openings and jobs here",
    "employment_pct": "its number of jobs is not published here",
    "education": "its usual education is not published",
    "training": "its usual training is not published",
}
#: What does not read well as "a ..." in a sentence.
_LEVEL_WORDS = {
    "no_credential": "no formal educational credential",
    "some_college": "some college, no degree",
    "associate": "an associate's degree",
}


@dataclass(frozen=True)
class Condition:
    """A quantity, how it is compared, and with what: ``factor`` times the figure ``name``, or ``factor`` itself."""

    quantity: str
    comparison: str
    factor: float
    name: str = ""

    @classmethod
    def of(cls, text: str) -> Condition:
        """Raises ValueError where the text is not a condition."""
        match = _CONDITION.fullmatch(text.strip())
        if not match or match[1] not in _NAMES:
            raise ValueError(f"not a condition of an in-demand rule: {text.strip()!r}")
        quantity, comparison, factor, limit = match.groups()
        named = not re.fullmatch(r"-?\d+(\.\d+)?", limit)
        if (
            (named and limit not in _NAMES[quantity])
            or (not named and (factor or quantity in ("education", "training")))
            or (comparison == "=") != (quantity == "training")
            or (quantity == "education" and (factor or comparison != ">="))
            or (quantity == "training" and factor)
        ):
            raise ValueError(f"{quantity} cannot be compared like that in an in-demand rule: {text.strip()!r}")
        if named:
            return cls(quantity, comparison, float(factor or 1), limit)
        return cls(quantity, comparison, float(limit))


#: All of these must hold; of each, one of the alternatives.
Criterion: TypeAlias = tuple[tuple[Condition, ...], ...]


def criterion(text: str) -> Criterion:
    """Read a rule's text. Raises ValueError where it is not one.

    >>> [len(alternatives) for alternatives in criterion("wage >= 1 and (growth > 2 or openings > 3)")]
    [1, 2]
    """
    clauses = text.split(" and ")
    read = []
    for clause in clauses:
        inner = clause.strip()
        in_brackets = inner.startswith("(") and inner.endswith(")")
        alternatives = (inner[1:-1] if in_brackets else inner).split(" or ")
        if len(alternatives) > 1 and len(clauses) > 1 and not in_brackets:
            raise ValueError(f"alternatives beside an 'and' of an in-demand rule stand in brackets: {text!r}")
        read.append(tuple(Condition.of(alternative) for alternative in alternatives))
    return tuple(read)


@dataclass(frozen=True)
class Rule:
    """A rule: when an occupation is in demand and, where the rule says so, high wage and high skill."""

    name: str
    in_demand: Criterion
    high_wage: Criterion | None = None
    high_skill: Criterion | None = None
    is_dollar_threshold: bool = False
    """Whether it sets a wage in dollars. Such a rule ages with prices: it shows "as published" with its year, and stays
    out of the count of rules that agree."""
    as_of: int | None = None
    """The year it was published in or, where its page is undated, that of the wage it quotes; where known."""


def rules(table: pd.DataFrame) -> list[Rule]:
    """The rules of the table ``in_demand_rule``: ``rule``, ``criterion``, ``high_wage_criterion``,
    ``high_skill_criterion``, ``is_dollar_threshold``, ``as_of``. Raises ValueError where a criterion cannot be read."""

    def optional(text: object) -> Criterion | None:
        return criterion(text) if isinstance(text, str) and text else None

    return [
        Rule(
            name=str(row["rule"]),
            in_demand=criterion(str(row["criterion"])),
            high_wage=optional(row["high_wage_criterion"]),
            high_skill=optional(row["high_skill_criterion"]),
            is_dollar_threshold=bool(row["is_dollar_threshold"]),
            as_of=None if pd.isna(row["as_of"]) else int(row["as_of"]),
        )
        for row in table.to_dict("records")
    ]


def own_rule(thresholds: Mapping[str, float | str]) -> Rule:
    """A reader's own rule: least values of :data:`OWN_THRESHOLDS`, all of which must be met.

    ``wage`` USD a year; ``openings`` a year; ``growth_pct`` percent a year; ``education`` a name of :data:`EDUCATION`.
    Raises ValueError for another name, a value that is no number, or no threshold at all.
    """
    if not thresholds:
        raise ValueError("an own rule needs at least one threshold")
    conditions = []
    for quantity, least in thresholds.items():
        if quantity not in OWN_THRESHOLDS:
            raise ValueError(f"an own rule sets {', '.join(OWN_THRESHOLDS)}; not {quantity}")
        if quantity == "education":
            conditions.append(Condition.of(f"education >= {least}"))
            continue
        number = float(least)
        if not np.isfinite(number):
            raise ValueError(f"the threshold for {quantity} must be a number; got {least}")
        conditions.append(Condition(quantity, ">=", number))
    return Rule("own", tuple((condition,) for condition in conditions))


class Area(NamedTuple):
    """What an area's occupations are compared with, from its total row of the wage estimates; None where missing."""

    wage_median_usd: float | None
    """Median annual wage of all occupations."""
    wage_p75_usd: float | None
    """75th percentile annual wage of all occupations."""
    employment_count: float | None
    """All jobs."""


def wage_floor_usd(wage_median_usd: pd.Series, wage_note: pd.Series) -> pd.Series:
    """The least that a median wage can be where the publisher gives only "at or above" its top code; else missing.

    >>> notes = pd.Series(["at or above the publisher's top code of $239,200 a year: median", "withheld"])
    >>> wage_floor_usd(pd.Series([None, None]), notes).tolist()
    [239200.0, nan]
    """
    notes = wage_note.astype("object").where(wage_note.notna(), "")
    code = notes.str.extract(r"^at or above .*\$([\d,]+)", expand=False).astype("object")
    return pd.to_numeric(code.str.replace(",", "")).astype("float64").where(wage_median_usd.isna())


def evaluate(of: Iterable[Rule], occupations: pd.DataFrame, area: Area) -> pd.DataFrame:
    """What each rule says of an area's occupations.

    ``occupations``, a row for each with an estimate of openings: ``soc_code``; ``wage_median_usd`` and
    ``wage_floor_usd`` a year (of :func:`wage_floor_usd`); ``openings_annual_count``, ``growth_annual_count`` and
    ``employment_base_count`` of the projections; ``employment_count`` of the wage estimates; ``entry_education``,
    ``on_the_job_training``. Any may be missing. The area's medians and means are over these rows, so that they
    are to be all of the area's.

    Gives, for one rule after the other, ``rule``, ``soc_code``, ``is_in_demand``, ``is_high_wage``,
    ``is_high_skill`` (missing where the inputs do not decide, or the rule does not say) and ``reason`` in words.
    """
    figures = _Figures.of(occupations, area)
    found = [(rule, *_decide(rule.in_demand, figures, rule.as_of)) for rule in of]
    size = len(occupations)
    return pd.DataFrame(
        {
            "rule": np.repeat(np.array([rule.name for rule, _, _ in found], dtype=object), size),
            "soc_code": np.tile(occupations["soc_code"].to_numpy(dtype=object), len(found)),
            "is_in_demand": _boolean([result for _, result, _ in found]),
            "is_high_wage": _boolean([_value(rule.high_wage, figures) for rule, _, _ in found]),
            "is_high_skill": _boolean([_value(rule.high_skill, figures) for rule, _, _ in found]),
            "reason": np.concatenate([np.array([], dtype=object), *[words for _, _, words in found]]),
        }
    )


def rules_that_agree(rows: pd.DataFrame, dollar_rules: Iterable[str]) -> pd.DataFrame:
    """How many rules call an occupation in demand, those with a dollar threshold left out.

    ``rows``: ``rule``, ``state_fips``, ``soc_code``, ``is_in_demand`` (may be missing). Gives a row per area and
    occupation: ``agree_count`` of ``decided_count`` rules that the inputs decide.
    """
    counted = rows[~rows["rule"].isin(list(dollar_rules))]
    says = counted["is_in_demand"].astype("boolean")
    return (
        counted.assign(agree_count=says.fillna(False).astype(int), decided_count=says.notna().astype(int))
        .groupby(["state_fips", "soc_code"], as_index=False)[["agree_count", "decided_count"]]
        .sum()
    )


# ---- the arithmetic --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Figures:
    """``values``: each quantity [s]; ``floor`` [s] of the wage; ``area``: its figures. Missing is NaN."""

    values: dict[str, FloatArray]
    floor: FloatArray
    area: dict[tuple[str, str], float]

    @classmethod
    def of(cls, occupations: pd.DataFrame, area: Area) -> _Figures:
        def column(name: str) -> FloatArray:
            return pd.to_numeric(occupations[name]).to_numpy(dtype=np.float64, na_value=np.nan)

        wage, openings = column("wage_median_usd"), column("openings_annual_count")
        growth, jobs = column("growth_annual_count"), column("employment_base_count")
        all_jobs = _number(area.employment_count)
        rank = {words: i for i, words in enumerate(EDUCATION.values())}
        education = occupations["entry_education"].astype("object").str.replace("’", "'").map(rank)
        training = occupations["on_the_job_training"].astype("object")
        values: dict[str, FloatArray] = {
            "wage": wage,
            "hourly_wage": wage / HOURS_A_YEAR,
            "openings": openings,
            "growth": growth,
            "growth_pct": _over(100 * growth, jobs),
            "openings_per_100_jobs": _over(100 * openings, jobs),
            "employment_pct": _over(100 * column("employment_count"), np.full(wage.size, all_jobs)),
            "education": np.asarray(education, dtype=np.float64),
            "training": np.where(training.isna(), np.nan, np.where(training == "Apprenticeship", 1.0, 0.0)),
        }
        both = ~np.isnan(growth) & ~np.isnan(jobs)
        figures = {
            ("wage", "area_median"): _number(area.wage_median_usd),
            ("wage", "area_p75"): _number(area.wage_p75_usd),
            ("openings", "area_median"): _middle(openings),
            ("openings", "area_mean"): _mean(openings),
            ("growth", "area_mean"): _mean(growth),
            ("growth_pct", "area_rate"): _percent(growth[both].sum(), jobs[both].sum()),
            ("openings_per_100_jobs", "area_median"): _middle(values["openings_per_100_jobs"]),
            ("training", "apprenticeship"): 1.0,
        }
        figures |= {("education", name): float(i) for i, name in enumerate(EDUCATION)}
        return cls(values, column("wage_floor_usd"), figures)

    def limit(self, condition: Condition) -> float:
        if not condition.name:
            return condition.factor
        return condition.factor * self.area[condition.quantity, condition.name]

    def holds(self, condition: Condition) -> FloatArray:
        """[s] NO, UNKNOWN or YES."""
        value, limit = self.values[condition.quantity], self.limit(condition)
        if np.isnan(limit):
            return np.full(value.size, UNKNOWN)
        met = value > limit if condition.comparison == ">" else value >= limit
        if condition.quantity in ("wage", "hourly_wage"):
            floor = self.floor / (HOURS_A_YEAR if condition.quantity == "hourly_wage" else 1)
            surely = floor > limit if condition.comparison == ">" else floor >= limit
        else:
            surely = np.zeros(value.size, dtype=bool)
        return np.where(np.isnan(value), np.where(surely, YES, UNKNOWN), np.where(met, YES, NO))


def _value(of: Criterion | None, figures: _Figures) -> FloatArray:
    """[s] what a criterion says; UNKNOWN where there is none."""
    if of is None:
        return np.full(figures.floor.size, UNKNOWN)
    each = [np.max([figures.holds(c) for c in alternatives], axis=0) for alternatives in of]
    return np.asarray(np.min(each, axis=0), dtype=np.float64)


def _decide(of: Criterion, figures: _Figures, as_of: int | None) -> tuple[FloatArray, npt.NDArray[np.object_]]:
    """[s] what a criterion says, and why. Occupations with the same answers share the words."""
    conditions = [condition for alternatives in of for condition in alternatives]
    answers = np.column_stack([figures.holds(condition) for condition in conditions])
    patterns, which = np.unique(answers, axis=0, return_inverse=True)
    words = np.array([_reason(of, pattern.tolist(), figures, as_of) for pattern in patterns], dtype=object)
    return _value(of, figures), words[which.reshape(-1)] if len(patterns) else np.array([], dtype=object)


def _reason(of: Criterion, answers: list[float], figures: _Figures, as_of: int | None) -> str:
    """Why the answers [conditions] make a yes (what holds), a no (what does not) or neither (what is missing)."""
    left = iter(answers)
    clauses = [[(condition, next(left)) for condition in alternatives] for alternatives in of]
    clause_answers = [max(answer for _, answer in clause) for clause in clauses]
    result = min(clause_answers)
    decisive = [
        condition
        for clause, of_clause in zip(clauses, clause_answers, strict=True)
        for condition, answer in clause
        if of_clause == result and answer == result
    ]
    if result == UNKNOWN:
        missing = dict.fromkeys(_missing(condition, figures) for condition in decisive)
        return "cannot be worked out: " + " and ".join(missing)
    return " and ".join(_says(condition, result == YES, figures, as_of) for condition in decisive)


def _missing(condition: Condition, figures: _Figures) -> str:
    if not np.isnan(figures.limit(condition)):
        return _MISSING[condition.quantity]
    if condition.quantity == "wage":
        percentile = "median" if condition.name == "area_median" else "75th percentile"
        return f"the area's {percentile} wage is not published"
    return "the area has no occupation to compare with"


def _says(condition: Condition, holds: bool, figures: _Figures, as_of: int | None) -> str:
    """A condition in words that stands or falls: 'pays more than the area's median of $49,500 a year'."""
    quantity, limit = condition.quantity, figures.limit(condition)
    if quantity == "education":
        level = _LEVEL_WORDS.get(condition.name, "a " + EDUCATION[condition.name].lower())
        return f"is usually entered with {level} or more" if holds else f"is usually entered with less than {level}"
    if quantity == "training":
        return f"is {'' if holds else 'not '}usually entered by apprenticeship"
    how = {
        (">", True): "more than",
        (">", False): "no more than",
        (">=", True): "at least",
        (">=", False): "under",
    }[condition.comparison, holds]
    share = "" if condition.factor == 1 or not condition.name else f"{100 * condition.factor:g} percent of "
    of_area = {
        "area_median": "median",
        "area_p75": "75th percentile",
        "area_mean": "mean",
        "area_rate": "rate",
    }
    if quantity in ("wage", "hourly_wage"):
        if condition.name:
            return f"pays {how} {share}the area's {of_area[condition.name]} (${limit:,.0f} a year)"
        amount = f"${limit:,.2f} an hour" if quantity == "hourly_wage" else f"${limit:,.0f} a year"
        return f"pays {how} {amount}" + (f" (as published {as_of})" if as_of else "")
    number = f"{limit:,.0f}" if abs(limit) >= 100 or limit == round(limit) else f"{limit:,.2g}"
    compared = f" ({share}the area's {of_area[condition.name]})" if condition.name else ""
    return {
        "openings": f"has {how} {number} openings a year",
        "growth": f"adds {how} {number} jobs a year",
        "growth_pct": f"adds {how} {limit:,.2f} percent a year to its jobs",
        "openings_per_100_jobs": f"has {how} {limit:,.1f} openings a year for each 100 jobs",
        "employment_pct": f"has {how} {limit:g} percent of the area's jobs",
    }[quantity] + compared


def _boolean(answers: list[FloatArray]) -> pd.arrays.BooleanArray:
    each = np.concatenate([np.array([]), *answers])
    return pd.arrays.BooleanArray(each == YES, each == UNKNOWN)


def _number(value: float | None) -> float:
    return np.nan if value is None or pd.isna(value) else float(value)


def _over(above: FloatArray, below: FloatArray) -> FloatArray:
    """above / below, missing where there is nothing below."""
    return np.divide(above, below, out=np.full(above.size, np.nan), where=below > 0)


def _percent(above: float, below: float) -> float:
    return float(100 * above / below) if below > 0 else np.nan


def _middle(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else np.nan


def _mean(values: FloatArray) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan
