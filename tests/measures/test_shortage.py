"""The shortage indicators against the same rules written out month by month."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.shortage import (
    INDICATORS,
    LEAST_INDEX_PARTS,
    REVERSED,
    WINDOWS,
    indicators,
    midrank_percentile,
    unemployed_per_vacancy,
    vacancies_per_hire,
    with_index,
    with_percentiles,
)

NOTHING = float("nan")


def missing_as_none(value):
    return None if pd.isna(value) else value


def near(value):
    return None if value is None else pytest.approx(value)


# ---- vacancies per hire ----------------------------------------------------------------------------------


@given(st.integers(0, 5_000), st.integers(1, 5_000), st.integers(1, 200_000))
def test_vacancies_per_hire_is_the_ratio_of_the_two_levels(vacancies, hires, employment):
    vacancy_rate = 100 * vacancies / (employment + vacancies)  # as JOLTS defines it
    hires_rate = 100 * hires / employment
    found = vacancies_per_hire(pd.Series([vacancy_rate]), pd.Series([hires_rate]))
    assert found[0] == pytest.approx(vacancies / hires)


def test_vacancies_per_hire_is_missing_where_it_means_nothing():
    found = vacancies_per_hire(pd.Series([4.0, 4.0, NOTHING, 100.0, 0.0]), pd.Series([0.0, NOTHING, 3.0, 3.0, 3.0]))
    assert [missing_as_none(value) for value in found] == [None, None, None, None, 0]


# ---- unemployed per vacancy ------------------------------------------------------------------------------

figures = st.lists(
    st.tuples(
        st.one_of(st.none(), *[st.integers(0, 2_000_000)] * 9),
        st.one_of(st.none(), st.just(0), *[st.integers(1, 900_000)] * 9),
    ),
    max_size=40,
)


def ratio_by_hand(unemployed, vacancies, month):
    """The ratio of the two means over the months, of the last twelve, that have both."""
    if unemployed[month] is None or vacancies[month] is None:
        return None
    last_twelve = range(max(0, month - 11), month + 1)
    both = [i for i in last_twelve if unemployed[i] is not None and vacancies[i] is not None]
    open_jobs = sum(vacancies[i] for i in both)
    if len(both) < 11 or open_jobs == 0:
        return None
    return sum(unemployed[i] for i in both) / open_jobs


@settings(deadline=None)
@given(figures)
def test_unemployed_per_vacancy_takes_twelve_month_means_of_months_with_both(rows):
    unemployed, vacancies = [u for u, _ in rows], [v for _, v in rows]
    months = pd.date_range("2010-01-01", periods=len(rows), freq="MS")
    found = unemployed_per_vacancy(pd.Series(unemployed, months, "float64"), pd.Series(vacancies, months, "float64"))
    expected = [ratio_by_hand(unemployed, vacancies, i) for i in range(len(rows))]
    assert [missing_as_none(value) for value in found] == [near(value) for value in expected]


def test_one_month_without_a_survey_is_bridged_and_two_are_not():
    months = pd.date_range("2025-01-01", periods=24, freq="MS")
    unemployed, vacancies = pd.Series(300.0, months), pd.Series(100.0, months)
    unemployed[months[9]] = np.nan  # October 2025
    found = unemployed_per_vacancy(unemployed, vacancies)
    assert found.dropna().tolist() == [3.0] * len(found.dropna())
    # Eleven months with both: first there in December, with no value for October itself.
    assert found.notna().tolist() == [False] * 11 + [True] * 13
    vacancies[months[14]] = np.nan
    found = unemployed_per_vacancy(unemployed, vacancies)
    assert not found[months[14] : months[20]].notna().any()
    assert found[months[21]] == 3.0


def test_twelve_months_without_vacancies_have_no_ratio():
    months = pd.date_range("2020-01-01", periods=30, freq="MS")
    vacancies = pd.Series([900_000.0] * 12 + [0.0] * 18, months)
    found = unemployed_per_vacancy(pd.Series(500.0, months), vacancies)
    assert found[months[11]] == pytest.approx(500 / 900_000)
    assert found[months[23] :].isna().all()


# ---- percentiles -----------------------------------------------------------------------------------------


def percentile_by_hand(values, value):
    known = [v for v in values if v is not None]
    if value is None:
        return None
    below, equal = sum(v < value for v in known), sum(v == value for v in known)
    return 100 * (below + equal / 2) / len(known)


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(0, 6))))
def test_a_percentile_is_the_share_below_and_half_of_those_equal(values):
    found = midrank_percentile(pd.Series(values, dtype="float64"))
    expected = [near(percentile_by_hand(values, value)) for value in values]
    assert [missing_as_none(value) for value in found] == expected


def test_a_history_that_never_moved_or_has_one_month_is_at_its_middle():
    assert midrank_percentile(pd.Series([2.0, 2.0, 2.0])).tolist() == [50.0] * 3
    assert midrank_percentile(pd.Series([7.0])).tolist() == [50.0]
    assert midrank_percentile(pd.Series([], dtype="float64")).empty


# ---- all indicators --------------------------------------------------------------------------------------

INDUSTRIES = ("230000", "300000", "540099")
MONTHS = tuple(date(2019 + i // 12, 1 + i % 12, 1) for i in range(30))


def turnover_frame(rows):
    """Rows (month, industry, element, rate, level in thousands)."""
    columns = ["month", "industry_code", "element", "rate_pct", "level_thousands"]
    return pd.DataFrame(rows, columns=columns).astype(
        {
            "month": "datetime64[us]",
            "industry_code": "str",
            "element": "str",
            "rate_pct": "float64",
            "level_thousands": "float64",
        }
    )


def unemployed_frame(rows):
    return pd.DataFrame(rows, columns=["month", "industry_code", "unemployed_count"]).astype(
        {"month": "datetime64[us]", "industry_code": "str", "unemployed_count": "float64"}
    )


@settings(deadline=None, max_examples=15)
@given(st.randoms(use_true_random=True), st.sampled_from([0.0, 0.02, 0.3]))
def test_indicators_of_every_industry_and_month(random, lost):
    rates, levels, unemployed = {}, {}, {}
    for industry in INDUSTRIES[: random.randint(1, 3)]:
        for i in range(len(MONTHS)):
            for element in ("JO", "HI", "QU", "LD"):
                if random.random() >= lost:
                    rates[industry, i, element] = random.choice([0.0, 0.9, 2.0, 3.1, 4.5])
                    levels[industry, i, element] = random.randint(1, 900)
            if random.random() >= lost:
                unemployed[industry, i] = random.randint(0, 900_000)
    found = indicators(
        turnover_frame([(MONTHS[i], n, e, rate, levels[n, i, e]) for (n, i, e), rate in rates.items()]),
        unemployed_frame([(MONTHS[i], n, count) for (n, i), count in unemployed.items()]),
    )

    expected = {}
    for industry in INDUSTRIES:
        open_jobs = [levels.get((industry, i, "JO")) for i in range(len(MONTHS))]
        open_jobs = [level and 1_000 * level for level in open_jobs]
        out_of_work = [unemployed.get((industry, i)) for i in range(len(MONTHS))]
        for i, month in enumerate(MONTHS):
            rate = {e: rates.get((industry, i, e)) for e in ("JO", "HI", "QU", "LD")}
            per_hire = None
            if rate["JO"] is not None and rate["HI"]:
                per_hire = rate["JO"] / (100 - rate["JO"]) / (rate["HI"] / 100)
            values = (rate["JO"], per_hire, rate["QU"], rate["LD"], ratio_by_hand(out_of_work, open_jobs, i))
            expected |= {
                (month, industry, name): near(value)
                for name, value in zip(INDICATORS, values, strict=True)
                if value is not None
            }
    keys = zip(found["month"].dt.date, found["industry_code"], found["indicator"], strict=True)
    assert dict(zip(keys, found["value"], strict=True)) == expected
    assert len(found) == len(expected)


def test_figures_that_are_not_there_give_no_rows_and_no_error():
    one = turnover_frame([(MONTHS[0], "230000", "JO", 4.0, 300)])
    none = indicators(turnover_frame([]), unemployed_frame([]))
    assert none.empty
    assert with_index(with_percentiles(none), ["230000"]).empty
    found = indicators(one, unemployed_frame([]))
    assert found[["indicator", "value"]].to_numpy().tolist() == [["vacancy_rate", 4.0]]
    assert with_index(with_percentiles(found), ["230000"])["indicator"].tolist() == ["vacancy_rate"]


@pytest.mark.parametrize("compared", [[], ["999999"], ["230000", "999999"]])
def test_an_industry_without_figures_leaves_no_part_to_compare(compared):
    rows = [(MONTHS[0], "230000", e, 2.0, 300) for e in ("JO", "HI", "QU", "LD")]
    ranked = with_percentiles(indicators(turnover_frame(rows), unemployed_frame([])))
    assert set(with_index(ranked, compared)["indicator"]) == set(INDICATORS) - {"unemployed_per_vacancy"}


# ---- windows and the index -------------------------------------------------------------------------------


@st.composite
def histories(draw: st.DrawFn):
    """{(month, industry, indicator): value} over months before, between and after the windows' starts."""
    months = [date(2000, 12, 1), date(2001, 1, 1), date(2020, 12, 1), date(2021, 1, 1), date(2026, 8, 1)]
    seed = draw(st.randoms(use_true_random=True))
    lost = draw(st.sampled_from([0.0, 0.05, 0.3]))
    return {
        (month, industry, indicator): float(seed.randint(0, 4))
        for month in months
        for industry in INDUSTRIES
        for indicator in INDICATORS
        if seed.random() >= lost
    }


def long_frame(history):
    rows = [(*key, value) for key, value in history.items()]
    return pd.DataFrame(rows, columns=["month", "industry_code", "indicator", "value"]).astype(
        {"month": "datetime64[us]", "industry_code": "str", "indicator": "str", "value": "float64"}
    )


def percentiles_by_hand(history):
    """{key: (since 2001, since 2021)}"""
    result = {}
    for (month, industry, indicator), value in history.items():
        both = []
        for start in map(date.fromisoformat, WINDOWS.values()):
            window = [v for (m, n, i), v in history.items() if (n, i) == (industry, indicator) and m >= start]
            both.append(percentile_by_hand(window, value) if month >= start else None)
        result[month, industry, indicator] = tuple(both)
    return result


def keyed(frame):
    return list(zip(frame["month"].dt.date, frame["industry_code"], frame["indicator"], strict=True))


@settings(deadline=None, max_examples=15)
@given(histories())
def test_each_value_stands_in_its_industrys_own_history_in_two_windows(history):
    found = with_percentiles(long_frame(history))
    expected = percentiles_by_hand(history)
    for key, *both in zip(keyed(found), *[found[column] for column in WINDOWS], strict=True):
        assert [missing_as_none(value) for value in both] == [near(value) for value in expected[key]]


@settings(deadline=None, max_examples=15)
@given(histories(), st.integers(1, 3))
def test_the_index_rests_on_the_parts_that_all_compared_industries_have(history, many):
    compared = list(INDUSTRIES[:many])
    ranked = with_percentiles(long_frame(history))
    found = with_index(ranked, compared)
    pd.testing.assert_frame_equal(found.iloc[: len(ranked)].reset_index(drop=True), ranked)

    percentiles, expected = percentiles_by_hand(history), {}
    for month in {month for month, _, _ in history}:
        common = [i for i in INDICATORS if all((month, industry, i) in history for industry in compared)]
        if len(common) < LEAST_INDEX_PARTS:
            continue
        for industry in compared:
            means = []
            for window in range(len(WINDOWS)):
                parts = [percentiles[month, industry, i][window] for i in common]
                if None in parts:
                    means.append(None)
                    continue
                turned = [100 - part if i in REVERSED else part for i, part in zip(common, parts, strict=True)]
                means.append(sum(turned) / len(turned))
            if means[0] is not None:
                expected[month, industry, "index"] = (near(means[1]), near(means[0]), near(means[1]))
    index = found.iloc[len(ranked) :]
    columns = ["value", "percentile_since_2001", "percentile_since_2021"]
    values = [tuple(missing_as_none(v) for v in row) for row in index[columns].itertuples(index=False)]
    assert dict(zip(keyed(index), values, strict=True)) == expected
    assert len(index) == len(expected)


def test_easy_hiring_counts_from_the_top():
    """Worst month of all for whoever hires: most vacancies and quits, fewest layoffs and unemployed."""
    months = [date(2021, 1 + i, 1) for i in range(10)]
    history = {
        (month, "230000", indicator): float(-i if indicator in REVERSED else i)
        for i, month in enumerate(months)
        for indicator in INDICATORS
    }
    found = with_index(with_percentiles(long_frame(history)), ["230000"])
    assert found[found["indicator"] == "index"]["value"].tolist() == pytest.approx(
        [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]
    )
