"""The in-demand rules against the same rules written out by hand, one occupation at a time."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.in_demand import (
    EDUCATION,
    Area,
    Condition,
    criterion,
    evaluate,
    own_rule,
    rules,
    rules_that_agree,
    wage_floor_usd,
)

TABLE = pd.read_csv(Path(__file__).parents[2] / "data" / "reference" / "in_demand_rule.csv", dtype=str)
TABLE["is_dollar_threshold"] = TABLE["is_dollar_threshold"] == "true"
PUBLISHED = rules(TABLE)
LEVELS = list(EDUCATION.values())
COLUMNS = {
    "wage_median_usd": st.none() | st.integers(0, 120_000).map(float),
    "openings_annual_count": st.none() | st.integers(0, 300).map(float),
    "growth_annual_count": st.none() | st.integers(-50, 50).map(float),
    "employment_base_count": st.none() | st.integers(0, 3_000).map(float),
    "employment_count": st.none() | st.integers(0, 3_000).map(float),
    "entry_education": st.none() | st.sampled_from(LEVELS),
    "on_the_job_training": st.none() | st.sampled_from(["Apprenticeship", "None", "Short-term on-the-job training"]),
}


@st.composite
def occupations(draw: st.DrawFn) -> list[dict]:
    """Occupations of one area; some have only a wage "at or above" the top code."""
    found = []
    for i in range(draw(st.integers(0, 7))):
        row = {name: draw(values) for name, values in COLUMNS.items()}
        top_coded = row["wage_median_usd"] is None and draw(st.booleans())
        found.append({"soc_code": f"11-{i:04}", "wage_floor_usd": 90_000.0 if top_coded else None} | row)
    return found


areas = st.builds(
    Area,
    st.none() | st.integers(0, 100_000).map(float),
    st.none() | st.integers(0, 100_000).map(float),
    st.none() | st.integers(0, 100_000).map(float),
)


def as_frame(rows: list[dict]) -> pd.DataFrame:
    names = ["soc_code", "wage_floor_usd", *COLUMNS]
    return pd.DataFrame({name: [row[name] for row in rows] for name in names})


# ---- by hand ---------------------------------------------------------------------------------------------


def every(*answers):
    return False if False in answers else None if None in answers else True


def some(*answers):
    return True if True in answers else None if None in answers else False


def above(value, limit):
    return None if value is None or limit is None else value > limit


def at_least(value, limit):
    return None if value is None or limit is None else value >= limit


def over(part, whole):
    return 100 * part / whole if part is not None and whole else None


class ByHand:
    """One area, and what is said of each of its occupations."""

    def __init__(self, rows: list[dict], area: Area) -> None:
        self.rows, self.area = rows, area
        openings = [r["openings_annual_count"] for r in rows if r["openings_annual_count"] is not None]
        growth = [r["growth_annual_count"] for r in rows if r["growth_annual_count"] is not None]
        self.openings_median = median(openings) if openings else None
        self.openings_mean = sum(openings) / len(openings) if openings else None
        self.growth_mean = sum(growth) / len(growth) if growth else None
        both = [r for r in rows if None not in (r["growth_annual_count"], r["employment_base_count"])]
        self.rate = over(sum(r["growth_annual_count"] for r in both), sum(r["employment_base_count"] for r in both))
        ratios = [over(r["openings_annual_count"], r["employment_base_count"]) for r in rows]
        known = [ratio for ratio in ratios if ratio is not None]
        self.ratio_median = median(known) if known else None

    def pays(self, row, test, limit, hours=1):
        if row["wage_median_usd"] is None and row["wage_floor_usd"] is not None:
            return True if test(row["wage_floor_usd"] / hours, limit) else None
        return test(None if row["wage_median_usd"] is None else row["wage_median_usd"] / hours, limit)

    def grows(self, row):
        return over(row["growth_annual_count"], row["employment_base_count"])

    def says(self, rule: str, row: dict):
        openings, middle = row["openings_annual_count"], self.area.wage_median_usd
        match rule:
            case "oregon":
                return every(self.pays(row, above, middle), above(openings, self.openings_median))
            case "tennessee":
                return every(
                    at_least(over(openings, row["employment_base_count"]), self.ratio_median),
                    self.pays(row, at_least, None if middle is None else 0.8 * middle),
                    at_least(over(row["employment_count"], self.area.employment_count), 0.04),
                )
            case "ohio":
                return every(
                    self.pays(row, at_least, 13.47, hours=2080),
                    some(
                        at_least(row["growth_annual_count"], self.growth_mean),
                        at_least(openings, self.openings_mean),
                    ),
                )
            case "montana":
                return some(above(self.grows(row), self.rate), at_least(openings, 50))
            case "kentucky":
                return some(at_least(self.grows(row), self.rate), at_least(openings, 100))

    def high_wage(self, rule: str, row: dict):
        match rule:
            case "oregon":
                return self.pays(row, above, self.area.wage_median_usd)
            case "ohio":
                return self.pays(row, at_least, 17.55, hours=2080)
            case "montana":
                return self.pays(row, above, self.area.wage_p75_usd)
            case "kentucky":
                return self.pays(row, at_least, self.area.wage_p75_usd)

    def high_skill(self, rule: str, row: dict):
        if rule == "oregon":
            education, training = row["entry_education"], row["on_the_job_training"]
            return some(
                None if education is None else education in LEVELS[3:],
                None if training is None else training == "Apprenticeship",
            )
        return None


def answers(column: pd.Series) -> list:
    return [None if pd.isna(value) else bool(value) for value in column]


@settings(deadline=None, max_examples=150)
@given(occupations(), areas)
def test_every_published_rule_says_what_it_says_by_hand(rows, area):
    hand = ByHand(rows, area)
    found = evaluate(PUBLISHED, as_frame(rows), area)
    assert found["rule"].tolist() == [rule.name for rule in PUBLISHED for _ in rows]
    for name, said in found.groupby("rule"):
        assert said["soc_code"].tolist() == [row["soc_code"] for row in rows]
        assert answers(said["is_in_demand"]) == [hand.says(name, row) for row in rows]
        assert answers(said["is_high_wage"]) == [hand.high_wage(name, row) for row in rows]
        assert answers(said["is_high_skill"]) == [hand.high_skill(name, row) for row in rows]


@settings(deadline=None, max_examples=50)
@given(occupations(), areas)
def test_every_answer_has_a_reason_that_fits_it(rows, area):
    found = evaluate(PUBLISHED, as_frame(rows), area)
    assert found["reason"].notna().all()
    assert not found["reason"].str.contains("nan").any()
    undecided = found["reason"].str.startswith("cannot be worked out: ")
    assert undecided.tolist() == found["is_in_demand"].isna().tolist()


@settings(deadline=None)
@given(
    occupations(),
    st.fixed_dictionaries(
        {},
        optional={
            "wage": st.integers(0, 120_000),
            "openings": st.integers(0, 300),
            "growth_pct": st.integers(-5, 5),
            "education": st.sampled_from(list(EDUCATION)),
        },
    ).filter(bool),
)
def test_an_own_rule_asks_all_thresholds_of_every_occupation(rows, thresholds):
    hand = ByHand(rows, Area(None, None, None))

    def meets(row):
        asked = []
        for quantity, least in thresholds.items():
            if quantity == "wage":
                asked.append(hand.pays(row, at_least, least))
            elif quantity == "openings":
                asked.append(at_least(row["openings_annual_count"], least))
            elif quantity == "growth_pct":
                asked.append(at_least(hand.grows(row), least))
            else:
                level = row["entry_education"]
                asked.append(None if level is None else LEVELS.index(level) >= list(EDUCATION).index(least))
        return every(*asked)

    found = evaluate([own_rule(thresholds)], as_frame(rows), Area(None, None, None))
    assert answers(found["is_in_demand"]) == [meets(row) for row in rows]


# ---- the words -------------------------------------------------------------------------------------------


def one(**values) -> pd.DataFrame:
    row = dict.fromkeys(["wage_floor_usd", *COLUMNS]) | {"soc_code": "47-2111"} | values
    return as_frame([row])


AREA = Area(50_000, 80_000, 1_000_000)


def reason(text: str, occupation: pd.DataFrame, area: Area = AREA) -> str:
    table = TABLE.iloc[:1].assign(criterion=text, as_of="2017")
    (words,) = evaluate(rules(table), occupation, area)["reason"]
    return words


@pytest.mark.parametrize(
    ("text", "values", "words"),
    [
        (
            "wage > area_median",
            {"wage_median_usd": 60_000},
            "pays more than the area's median ($50,000 a year)",
        ),
        (
            "wage > area_median",
            {"wage_median_usd": 50_000},
            "pays no more than the area's median ($50,000 a year)",
        ),
        (
            "wage >= area_p75",
            {"wage_median_usd": 0},
            "pays under the area's 75th percentile ($80,000 a year)",
        ),
        (
            "wage >= 0.8 * area_median",
            {"wage_median_usd": 40_000},
            "pays at least 80 percent of the area's median ($40,000 a year)",
        ),
        (
            "wage > area_median",
            {"wage_floor_usd": 239_200},
            "pays more than the area's median ($50,000 a year)",
        ),
        ("wage > area_median", {}, "cannot be worked out: its median wage is not published here"),
        (
            "hourly_wage >= 13.47",
            {"wage_median_usd": 28_018},
            "pays at least $13.47 an hour (as published 2017)",
        ),
        (
            "hourly_wage >= 13.47",
            {"wage_median_usd": 28_017},
            "pays under $13.47 an hour (as published 2017)",
        ),
        ("openings >= 50", {"openings_annual_count": 49.9}, "has under 50 openings a year"),
        (
            "growth_pct > 1 or openings >= 50",
            {"growth_annual_count": 1, "employment_base_count": 200, "openings_annual_count": 3},
            "adds no more than 1.00 percent a year to its jobs and has under 50 openings a year",
        ),
        (
            "growth_pct > 1 or openings >= 50",
            {"growth_annual_count": 1, "employment_base_count": 0, "openings_annual_count": 3},
            "cannot be worked out: there is no estimate of its growth here",
        ),
        (
            "employment_pct >= 0.04 and wage >= 1",
            {"employment_count": 399, "wage_median_usd": 5},
            "has under 0.04 percent of the area's jobs",
        ),
        (
            "education >= postsecondary_award or training = apprenticeship",
            {"entry_education": LEVELS[1], "on_the_job_training": "Apprenticeship"},
            "is usually entered by apprenticeship",
        ),
        (
            "education >= associate",
            {"entry_education": LEVELS[2]},
            "is usually entered with less than an associate's degree",
        ),
    ],
)
def test_the_reason_in_words(text, values, words):
    assert reason(text, one(**values)) == words


def test_an_area_without_its_total_row_says_so():
    nothing = Area(None, None, None)
    occupation = one(wage_median_usd=60_000, openings_annual_count=9)
    assert reason("wage > area_median", occupation, nothing) == (
        "cannot be worked out: the area's median wage is not published"
    )
    assert reason("wage > area_p75", occupation, nothing) == (
        "cannot be worked out: the area's 75th percentile wage is not published"
    )


def test_an_area_without_occupations_has_no_rows():
    assert evaluate(PUBLISHED, as_frame([]), Area(1, 1, 1)).empty
    assert evaluate([], one(), Area(1, 1, 1)).empty


def test_a_top_code_is_a_floor_only_where_the_median_is_missing():
    note = "at or above the publisher's top code of $239,200 a year: 90th percentile"
    found = wage_floor_usd(pd.Series([None, 90_000.0, None, None]), pd.Series([note, note, "withheld", None]))
    assert found.fillna(0).tolist() == [239_200, 0, 0, 0]


# ---- agreement, and wrong input --------------------------------------------------------------------------


def test_rules_in_dollars_stay_out_of_the_count_that_agrees():
    says = {"oregon": True, "tennessee": None, "ohio": True, "montana": True, "kentucky": False}
    rows = pd.DataFrame(
        [{"rule": r, "state_fips": "41", "soc_code": "47-2111", "is_in_demand": a} for r, a in says.items()]
    )
    in_dollars = [rule.name for rule in PUBLISHED if rule.is_dollar_threshold]
    assert in_dollars == ["ohio"]
    (found,) = rules_that_agree(rows, in_dollars).to_dict("records")
    assert found == {"state_fips": "41", "soc_code": "47-2111", "agree_count": 2, "decided_count": 3}


def test_alternatives_in_brackets_are_read():
    assert criterion("wage >= 0.8 * area_median and (growth > -2 or openings >= area_mean)") == (
        (Condition("wage", ">=", 0.8, "area_median"),),
        (Condition("growth", ">", -2.0), Condition("openings", ">=", 1.0, "area_mean")),
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "wage",
        "pay > 3",
        "wage < 3",
        "wage = 3",
        "wage > 3 or openings > 2 and growth > 1",
        "wage > area_mean",
        "wage > 2 * 3",
        "education >= 3",
        "education > associate",
        "training >= apprenticeship",
        "training = 1",
    ],
)
def test_what_is_no_rule_is_refused(text):
    with pytest.raises(ValueError, match="in-demand rule"):
        criterion(text)


@pytest.mark.parametrize(
    ("thresholds", "message"),
    [
        ({}, "at least one threshold"),
        ({"pay": 3}, "not pay"),
        ({"wage": float("nan")}, "must be a number"),
        ({"wage": "much"}, "could not convert"),
        ({"education": "some"}, "in-demand rule"),
    ],
)
def test_what_is_no_threshold_is_refused(thresholds, message):
    with pytest.raises(ValueError, match=message):
        own_rule(thresholds)
