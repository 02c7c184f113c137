"""Yearly openings by state against the same rules written out occupation by occupation."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.demand import (
    FLOWS,
    estimated_openings,
    growth_and_exits,
    projected_openings,
    projection_fitness,
)

OCCUPATIONS = ("11-1021", "13-1020", "29-1141", "47-2111")
STATES = ("01", "06", "48")

WITHHELD = "the state's employment in this occupation is withheld or nil"
THIN = "published state employment covers under 75 percent of this occupation"
NOT_SURVEYED = "the occupation is not in the employer survey that the estimate rests on"


def missing_as_none(value):
    return None if pd.isna(value) else value


# ---- the conservative variant ----------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(-9_000, 9_000), st.integers(0, 9_000))))
def test_growth_and_exits_add_up_and_are_never_under_zero(pairs):
    growth, exits = pd.Series([g for g, _ in pairs]), pd.Series([e for _, e in pairs])
    assert growth_and_exits(growth, exits).tolist() == [max(0, g + e) for g, e in pairs]


def test_growth_and_exits_stay_missing_where_either_is():
    nothing = float("nan")
    found = growth_and_exits(pd.Series([nothing, 5.0, -9.0]), pd.Series([1.0, nothing, 4.0]))
    assert found.isna().tolist() == [True, True, False]
    assert found[2] == 0


# ---- the nation shared out -------------------------------------------------------------------------------


@st.composite
def surveys(draw: st.DrawFn):
    """The nation's flows, and employment by state: withheld (None), absent, nil, or rounded past the nation's."""
    projected = draw(st.lists(st.sampled_from(OCCUPATIONS), unique=True))
    national = {code: [draw(st.integers(-5_000, 90_000)) for _ in FLOWS] for code in projected}
    cells = {}
    for area, code in product(("00", *STATES), OCCUPATIONS):
        if draw(st.integers(0, 4)):
            cells[area, code] = draw(st.one_of(st.none(), st.integers(0, 40), st.integers(0, 40)))
    for code in OCCUPATIONS:  # a nation without jobs in an occupation has no state with any
        if cells.get(("00", code)) == 0:
            cells["00", code] = sum(cells.get((area, code)) or 0 for area in STATES)
    return national, cells


def frames(national, cells):
    return (
        pd.DataFrame([(code, *flows) for code, flows in national.items()], columns=["soc_code", *FLOWS]).astype(
            {"soc_code": "str", **dict.fromkeys(FLOWS, "float64")}
        ),
        pd.DataFrame(
            [(area, code, jobs) for (area, code), jobs in cells.items()],
            columns=["state_fips", "soc_code", "employment_count"],
        ).astype({"state_fips": "str", "soc_code": "str", "employment_count": "float64"}),
    )


@settings(deadline=None, max_examples=50)
@given(surveys())
def test_openings_are_shared_out_over_the_published_cells(survey):
    national, cells = survey
    found = estimated_openings(*frames(national, cells))
    states = sorted({area for area, _ in cells} - {"00"})
    assert sorted(zip(found["state_fips"], found["soc_code"], strict=True)) == sorted(product(states, national))

    for row in found.to_dict("records"):
        code, area = row["soc_code"], row["state_fips"]
        published = [cells[state, code] for state in states if cells.get((state, code)) is not None]
        own, nation = cells.get((area, code)), cells.get(("00", code))
        coverage = min(100, 100 * sum(published) / nation) if published and nation else None
        if ("00", code) not in cells:
            expected = NOT_SURVEYED
        elif coverage is None or coverage < 75:
            expected = THIN
        else:
            expected = WITHHELD if own is None else None
        assert missing_as_none(row["note"]) == expected
        assert missing_as_none(row["coverage_pct"]) == (None if coverage is None else pytest.approx(coverage))
        for flow, of_nation in zip(FLOWS, national[code], strict=True):
            if expected:
                assert missing_as_none(row[flow]) is None
            else:
                assert row[flow] == pytest.approx(of_nation * own / sum(published))


@settings(deadline=None, max_examples=30)
@given(surveys())
def test_the_states_shares_add_up_to_the_nation(survey):
    national, cells = survey
    found = estimated_openings(*frames(national, cells))
    for code, rows in found.dropna(subset=["openings_annual_count"]).groupby("soc_code"):
        for flow, of_nation in zip(FLOWS, national[code], strict=True):
            assert rows[flow].sum() == pytest.approx(of_nation)


def shared_out(cells):
    found = estimated_openings(*frames({"47-2111": [100] * len(FLOWS)}, cells))
    return found.set_index("state_fips")[["openings_annual_count", "coverage_pct", "note"]]


def test_an_occupation_is_shared_out_from_75_percent_on():
    just_enough = shared_out({("00", "47-2111"): 400, ("01", "47-2111"): 300, ("06", "47-2111"): None})
    assert just_enough.loc["01"].tolist()[:2] == [100, 75]
    assert just_enough.loc["06", "note"] == WITHHELD
    too_little = shared_out({("00", "47-2111"): 401, ("01", "47-2111"): 300})
    assert too_little.loc["01", "note"] == THIN
    assert pd.isna(too_little.loc["01", "openings_annual_count"])


def test_a_state_without_the_occupation_has_a_reason_and_a_state_with_none_of_its_jobs_has_no_openings():
    found = shared_out({("00", "47-2111"): 50, ("01", "47-2111"): 50, ("06", "47-2111"): 0, ("48", "11-1021"): 9})
    assert found["openings_annual_count"].tolist()[:2] == [100, 0]
    assert found.loc["48", "note"] == WITHHELD


def test_nothing_projected_or_nobody_surveyed_gives_no_rows():
    assert estimated_openings(*frames({}, {("01", "47-2111"): 5})).empty
    assert estimated_openings(*frames({"47-2111": [1] * len(FLOWS)}, {})).empty


# ---- are a state's own projections fit? ------------------------------------------------------------------

STATE_CODES = ("00-0000", "11-0000", "11-1021", "13-1020", "29-1141", "99-9999")


@st.composite
def state_projections(draw: st.DrawFn):
    """(jobs, openings) by state and occupation, and by occupation for the nation."""
    count = st.one_of(st.none(), st.integers(0, 30), st.integers(0, 30))
    state = {
        (area, code): (draw(count), draw(count))
        for area, code in product(STATES[:2], STATE_CODES)
        if draw(st.booleans())
    }
    number = st.integers(0, 30)
    national = {code: (draw(number), draw(number)) for code in OCCUPATIONS if draw(st.integers(0, 3))}
    return state, national


def fitness_of(state, national):
    return projection_fitness(
        pd.DataFrame(
            [(*keys, *values) for keys, values in state.items()],
            columns=["state_fips", "soc_code", "employment_base_count", "openings_annual_count"],
        ).astype(
            {
                "state_fips": "str",
                "soc_code": "str",
                "employment_base_count": "float64",
                "openings_annual_count": "float64",
            }
        ),
        pd.DataFrame(
            [(code, *values) for code, values in national.items()],
            columns=["soc_code", "employment_base_count", "openings_annual_count"],
        ).astype({"soc_code": "str", "employment_base_count": "float64", "openings_annual_count": "float64"}),
    )


@settings(deadline=None, max_examples=80)
@given(state_projections())
def test_a_state_is_fit_when_it_passes_both_tests(case):
    state, national = case
    found = fitness_of(state, national)
    assert found["state_fips"].tolist() == sorted({area for area, _ in state})
    for row in found.to_dict("records"):
        own = {code: values for (area, code), values in state.items() if area == row["state_fips"]}
        total = own.get("00-0000", (None, None))[0]
        held = sum(jobs or 0 for code, (jobs, _) in own.items() if not code.endswith("0000"))
        coverage = 100 * held / total if total else None
        openings, implied = 0, 0
        for code, (jobs, opened) in own.items():
            if code in national and national[code][0] and None not in (jobs, opened):
                openings += opened
                implied += jobs * national[code][1] / national[code][0]
        ratio = openings / implied if implied else None

        assert missing_as_none(row["detail_coverage_pct"]) == (None if coverage is None else pytest.approx(coverage))
        assert missing_as_none(row["openings_ratio"]) == (None if ratio is None else pytest.approx(ratio))
        if ratio is None or min(abs(ratio - 0.5), abs(ratio - 1.5)) > 1e-9:
            fit = coverage is not None and coverage >= 90 and ratio is not None and 0.5 <= ratio <= 1.5
            assert row["is_offered"] == fit
        assert row["reason"].startswith("withheld: ") != row["is_offered"]


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ({"47-2111": (90, 9)}, "the state's file has no total row to test its detail against"),
        ({"00-0000": (0, 0), "47-2111": (90, 9)}, "the state's file has no total row"),
        ({"00-0000": (100, 9)}, "the occupations listed hold 0 percent of the state's employment"),
        ({"00-0000": (100, 9), "47-2111": (89, 9)}, "the occupations listed hold 89 percent"),
        ({"00-0000": (100, 9), "15-1252": (100, 9)}, "the state's file has no occupation with openings"),
        ({"00-0000": (100, 9), "47-2111": (100, None)}, "the state's file has no occupation with openings"),
        ({"00-0000": (100, 9), "47-2111": (100, 2)}, "its openings are 0.20 times what national rates imply"),
        ({"00-0000": (100, 9), "47-2111": (100, 16)}, "its openings are 1.60 times what national rates"),
    ],
)
def test_a_state_that_is_not_fit_says_why(state, reason):
    found = fitness_of({("36", code): values for code, values in state.items()}, {"47-2111": (1_000, 100)})
    assert found["is_offered"].tolist() == [False]
    assert found["reason"][0].startswith(f"withheld: {reason}")


@pytest.mark.parametrize("openings", [5, 15])
def test_the_ends_of_the_range_are_fit(openings):
    found = fitness_of({("36", "00-0000"): (100, 0), ("36", "47-2111"): (100, openings)}, {"47-2111": (10, 1)})
    assert found["is_offered"].tolist() == [True]


def test_detail_of_90_percent_is_enough():
    found = fitness_of({("36", "00-0000"): (100, 0), ("36", "47-2111"): (90, 9)}, {"47-2111": (10, 1)})
    assert found["detail_coverage_pct"].tolist() == [90]
    assert found["is_offered"].tolist() == [True]


# ---- a state's own openings ------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(st.sampled_from(OCCUPATIONS), st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1),
    st.dictionaries(
        st.sampled_from(OCCUPATIONS),
        st.tuples(*[st.one_of(st.none(), st.integers(0, 99))] * 3),
        min_size=1,
    ),
)
def test_a_states_growth_and_exits_follow_the_nations_ratio(national, state):
    found = projected_openings(
        pd.DataFrame(
            [(2022, 2032, "06", code, *values) for code, values in state.items()],
            columns=[
                "base_year",
                "projection_year",
                "state_fips",
                "soc_code",
                "employment_base_count",
                "employment_projected_count",
                "openings_annual_count",
            ],
        ).astype(
            {
                "employment_base_count": "float64",
                "employment_projected_count": "float64",
                "openings_annual_count": "float64",
            }
        ),
        pd.DataFrame(
            [(code, *values) for code, values in national.items()],
            columns=["soc_code", "openings_annual_count", "growth_and_exits_annual_count"],
        ),
    )
    assert found["soc_code"].tolist() == list(state)
    for row in found.to_dict("records"):
        base, later, openings = state[row["soc_code"]]
        all_openings, conservative = national.get(row["soc_code"], (0, 0))
        growth = None if base is None or later is None else (later - base) / 10
        assert missing_as_none(row["growth_annual_count"]) == (None if growth is None else pytest.approx(growth))
        if openings is None:
            assert missing_as_none(row["growth_and_exits_annual_count"]) is None
            assert row["note"] == "the state gives no openings for this occupation"
        elif not all_openings:
            assert missing_as_none(row["growth_and_exits_annual_count"]) is None
            assert row["note"].startswith("growth and exits are missing: the nation has no openings")
        else:
            expected = openings * conservative / all_openings
            assert row["growth_and_exits_annual_count"] == pytest.approx(expected)
            assert row["note"].startswith("growth and exits: the state's openings times the nation's ratio")
