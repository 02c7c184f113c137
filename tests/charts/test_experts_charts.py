"""The charts of expert teachers against figures found another way: by independent SQL, and by hand."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from charts import (
    occupation_and_teacher_pay,
    shortage_and_teachers,
    teacher_and_practitioner_pay,
    teacher_openings,
    teacher_pay_by_state,
    teacher_shortage_areas,
    teachers,
)
from charts.actions import actions
from charts.chart import chart_by_id
from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader

PAGE = (
    "shortage-and-teachers",
    "teacher-and-practitioner-pay",
    "occupation-and-teacher-pay",
    "teacher-pay-by-state",
    "teacher-openings",
    "teacher-shortage-areas",
)
SCOPES = (Scope(), Scope(state="TX", pathway="Construction"), Scope(state="WY"))


def wage(reader: Reader, state: str, soc_code: str, column: str = "wage_median_usd") -> float | None:
    """A wage of the newest year in which the area has its total."""
    found = reader.rows(
        f"""
        SELECT {column} FROM occupation_employment e JOIN state s USING (state_fips)
        WHERE state_abbr = ? AND soc_code = ? AND reference_year = (
            SELECT max(reference_year) FROM occupation_employment t WHERE t.state_fips = e.state_fips AND t.soc_code = '00-0000')
        """,
        [state, soc_code],
    )
    return found[0][0] if found else None


@pytest.mark.parametrize("scope", SCOPES, ids=lambda s: s.state)
def test_teachers_pay_is_the_publishers(scope: Scope, reader: Reader) -> None:
    rows = teachers.pay_by_pathway(reader, scope)
    assert len(rows) == 14
    assert set(rows["teacher_secondary_median_usd"]) == {wage(reader, scope.state, "25-2032")}
    assert set(rows["teacher_postsecondary_median_usd"]) == {wage(reader, scope.state, "25-1194")}


@pytest.mark.parametrize("scope", SCOPES, ids=lambda s: s.state)
def test_a_pathways_pay_is_the_mean_of_its_occupations(scope: Scope, reader: Reader) -> None:
    jobs = reader.frame(
        """
        SELECT DISTINCT p.soc_code, p.openings_annual_count FROM occupation_projection p JOIN state USING (state_fips)
        JOIN occupation o USING (soc_code) JOIN occupation_pathway w USING (soc_code)
        WHERE state_abbr = ? AND demand_basis IN ('bls', 'estimated') AND w.framework = ? AND cluster = 'Construction'
          AND o.is_career_prep AND o.has_program AND openings_annual_count > 0
        """,
        [scope.state, FRAMEWORK],
    )
    own = teachers.pay_by_pathway(reader, scope).set_index("cluster").loc["Construction"]
    for column, name in (("wage_median_usd", "practitioner_median_usd"), ("wage_p75_usd", "practitioner_p75_usd")):
        pays = jobs["soc_code"].map(lambda code, column=column: wage(reader, scope.state, code, column)).astype(float)
        weight = jobs["openings_annual_count"].where(pays.notna(), 0.0)
        assert own[name] == pytest.approx((pays.fillna(0) * weight).sum() / weight.sum())


def test_the_count_of_pathways_is_the_frames(reader: Reader) -> None:
    for scope in (Scope(), Scope(state="TX"), Scope(state="DC"), Scope(state="AK")):
        rows = teacher_and_practitioner_pay.frame(reader, scope)
        above = sum(
            p > t for p, t in zip(rows["practitioner_p75_usd"], rows["teacher_secondary_median_usd"], strict=True)
        )
        known = int(rows["practitioner_p75_usd"].notna().sum())
        assert f"in {above} of {known} pathways" in teacher_and_practitioner_pay.finding(rows, scope)


@pytest.mark.parametrize(
    ("teacher", "said"),
    [(50_000, "is below both"), (60_000, "lies between"), (80_000, "lies between"), (90_000, "is above both")],
)
def test_where_the_teachers_median_lies(teacher: float, said: str) -> None:
    assert teachers.placed(teacher, 60_000, 80_000, "practitioners").startswith(said)


def test_the_axis_takes_teachers_over_practitioners(reader: Reader) -> None:
    rows = shortage_and_teachers.proxy(reader, Scope(state="TX")).set_index("cluster").loc["Construction"]
    assert rows["proxy_value"] == pytest.approx(
        100 * rows["teacher_secondary_median_usd"] / rows["practitioner_p75_usd"]
    )


def test_the_axis_never_speaks_of_another_pathway(reader: Reader) -> None:
    """Alaska publishes too little of Agriculture's wages: the chart says so instead of naming another pathway."""
    chart = chart_by_id("shortage-and-teachers")
    scope = Scope(state="AK", pathway="Agriculture")
    finding = chart.finding(chart.frame(reader, scope), scope)
    assert finding.startswith("Agriculture feeds")
    assert finding.endswith("its proxy is not available in Alaska")


def test_the_largest_occupations_by_hand(reader: Reader) -> None:
    scope = Scope(state="TX", pathway="Construction")
    rows = occupation_and_teacher_pay.frame(reader, scope)
    assert len(rows) == 12
    assert rows["openings_annual_count"].is_monotonic_decreasing
    electricians = rows.set_index("soc_code").loc["47-2111"]
    assert electricians["wage_p75_usd"] == wage(reader, "TX", "47-2111", "wage_p75_usd")
    teacher = wage(reader, "TX", "25-2032")
    assert teacher is not None
    above = sum((wage(reader, "TX", code, "wage_p75_usd") or 0) > teacher for code in rows["soc_code"])
    assert set(rows["above_count"]) == {above}


def test_pay_above_the_top_code_counts_as_above(reader: Reader) -> None:
    rows = occupation_and_teacher_pay.frame(reader, Scope(demand="all", pathway="Healthcare & Human Services"))
    top = pd.DataFrame({
        "teacher_secondary_median_usd": [66_000.0] * 3, "teacher_postsecondary_median_usd": [60_000.0] * 3,
    })  # fmt: skip
    counted = teachers.with_counts(top, pd.Series([float("inf"), 50_000.0, None], dtype="float64"))
    assert (counted["above_count"].iloc[0], counted["compared_count"].iloc[0]) == (1, 2)
    assert rows["is_p75_top_coded"].dtype == bool


def test_a_state_without_teachers_pay_says_so(reader: Reader) -> None:
    scope = Scope(state="HI")
    for chart in (teacher_and_practitioner_pay.CHART, occupation_and_teacher_pay.CHART, teacher_pay_by_state.CHART):
        assert "in Hawaii was not published" in chart.finding(chart.frame(reader, scope), scope)
    assert shortage_and_teachers.CHART.frame(reader, scope).empty
    tiles = teacher_pay_by_state.figure(teacher_pay_by_state.frame(reader, scope), scope)
    assert "<b>HI</b><br>n/a" in {a.text for a in tiles.layout.annotations}


def test_every_state_has_a_tile(reader: Reader) -> None:
    rows = teacher_pay_by_state.frame(reader, Scope())
    assert len(rows) == 51
    assert rows["teacher_secondary_median_usd"].notna().sum() >= 49


def test_openings_in_both_variants(reader: Reader) -> None:
    rows = teacher_openings.frame(reader, Scope()).set_index("level")
    wanted = dict(
        reader.rows(
            "SELECT soc_code, openings_annual_count FROM projection_national WHERE soc_code IN ('25-2032', '25-1194')"
        )
    )
    assert rows.loc["secondary", "openings_annual_count"] == wanted["25-2032"]
    assert rows.loc["postsecondary", "openings_annual_count"] == wanted["25-1194"]
    assert (rows["growth_and_exits_annual_count"] < rows["openings_annual_count"]).all()
    said = teacher_openings.finding(rows.reset_index(), Scope())
    assert re.findall(r"\d[\d,]*", said) == ["6,200", "8,800", "2,910", "4,880"]


def test_one_kind_of_teacher_without_an_estimate(reader: Reader) -> None:
    scope = Scope(state="AL")
    rows = teacher_openings.frame(reader, scope)
    assert "for high school CTE teachers there is no estimate" in teacher_openings.finding(rows, scope)
    assert "no estimate" in {a.text for a in teacher_openings.figure(rows, scope).layout.annotations}


def test_shortage_areas_against_the_list(reader: Reader) -> None:
    subject = "Career and Technical Education"
    by_year = dict(
        reader.rows(
            "SELECT school_year, count(DISTINCT state_fips) FROM teacher_shortage_area WHERE subject = ? GROUP BY 1",
            [subject],
        )
    )
    rows = teacher_shortage_areas.frame(reader, Scope(state="TX"))
    assert dict(zip(rows["school_year"], rows["states_count"].astype(int), strict=True)) == by_year
    assert rows["school_year"].iloc[-1] == "2020-21"
    own = reader.rows(
        "SELECT count(DISTINCT school_year) FROM teacher_shortage_area JOIN state USING (state_fips) WHERE "
        "state_abbr = 'TX' AND subject = ?",
        [subject],
    )[0][0]
    assert f"in {own} of {len(by_year)} school years" in teacher_shortage_areas.finding(rows, Scope(state="TX"))


def test_the_end_of_the_series_stands_in_every_headline(reader: Reader) -> None:
    for state in ("US", "TX", "DC", "AK"):
        scope = Scope(state=state)
        rows = teacher_shortage_areas.frame(reader, scope)
        assert "2020-21, where the series ends" in teacher_shortage_areas.finding(rows, scope)


@pytest.mark.parametrize(
    "scope", [*SCOPES, Scope(state="HI", pathway="Education"), Scope(state="DC"), Scope(state="ZZ")], ids=str
)
def test_actions_rest_on_figures_of_the_page(scope: Scope, reader: Reader) -> None:
    found = actions(reader, scope, 4)
    assert 3 <= len(found) <= 5
    for action in found:
        assert action.chart_id in PAGE
        assert re.search(r"\d", action.figure), action
        assert action.figure.endswith(".")
        assert not re.search(r"\bnan\b|None", action.figure)
