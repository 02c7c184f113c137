"""The charts of Real choice: some of their numbers counted again by SQL on the publishers' tables."""

from __future__ import annotations

import re

import pytest

from charts import (
    actions,
    choice_near_home,
    institutions_by_pathway,
    pathway_indicators,
    shortage_and_choice,
    women_and_men,
)
from charts.scope import Scope
from etl.warehouse.read import Reader


def indicator(reader: Reader, name: str, state: str, cluster: str | None = None) -> float:
    ((value,),) = reader.rows(
        "SELECT value FROM principle_indicator JOIN state USING (state_fips) "
        "WHERE indicator = ? AND state_abbr = ? AND cluster IS NOT DISTINCT FROM ?",
        [name, state, cluster],
    )
    return float(value)


def test_choice_near_home_counts_as_the_indicator_does(reader: Reader) -> None:
    for (state,) in reader.rows("SELECT state_abbr FROM state ORDER BY 1"):
        rows = choice_near_home.frame(reader, Scope(state=state))
        assert len(rows) == indicator(reader, "choice_near_home_considered_count", state)
        assert rows["is_studied_here"].sum() == indicator(reader, "choice_near_home_count", state)
        assert set(rows["studied_count"]) == {rows["is_studied_here"].sum()}


@pytest.mark.parametrize("state", ["TX", "WY"])
def test_institutions_of_an_occupation(reader: Reader, state: str) -> None:
    rows = choice_near_home.frame(reader, Scope(state=state)).set_index("soc_code")
    ((wanted, awards),) = reader.rows(
        """
        SELECT count(DISTINCT unit_id), sum(awards_count) FROM completion SEMI JOIN (
            SELECT unit_id FROM institution JOIN state USING (state_fips)
            WHERE award_year = 2024 AND is_title_iv AND state_abbr = ?
        ) USING (unit_id)
        WHERE award_year = 2024 AND awards_count > 0 AND award_level IN ('20', '21', '2', '4', '3')
          AND cip_code IN (SELECT cip_code FROM program_occupation WHERE soc_code = '47-2111')
        """,
        [state],
    )
    assert rows.loc["47-2111", "title"] == "Electricians"
    assert (rows.loc["47-2111", "institutions_count"], rows.loc["47-2111", "awards_count"]) == (wanted, awards)


@pytest.mark.parametrize("state", ["US", "TX", "WY", "DC"])
def test_those_without_a_program_come_first_and_some_with_one_follow(reader: Reader, state: str) -> None:
    scope = Scope(state=state)
    rows = choice_near_home.frame(reader, scope)
    (bars,) = choice_near_home.figure(rows, scope).data
    hollow = [colour == "#FFFFFF" for colour in bars.marker.color]
    assert len(hollow) == choice_near_home.SHOWN
    assert hollow == sorted(hollow, reverse=True)
    assert sum(hollow) == min(choice_near_home.SHOWN_WITHOUT, len(rows) - rows["studied_count"].iloc[0])


def test_the_headline_of_a_pathway_counts_its_own_occupations(reader: Reader) -> None:
    scope = Scope(state="TX", pathway="Construction")
    rows = choice_near_home.frame(reader, scope)
    own = rows[rows["is_in_pathway"]]
    said = choice_near_home.finding(rows, scope)
    assert said.endswith(f"among them {own['is_studied_here'].sum()} of the {len(own)} in Construction")
    away = Scope(state="DC", pathway="Agriculture")
    assert choice_near_home.finding(choice_near_home.frame(reader, away), away).endswith(
        "not one of the 50 belongs to Agriculture"
    )


@pytest.mark.parametrize("state", ["US", "TX", "WY"])
def test_women_and_men_add_up_and_are_as_far_apart_as_said(reader: Reader, state: str) -> None:
    rows = women_and_men.frame(reader, Scope(state=state))
    women, men = rows["awards_per_100_women"], rows["awards_per_100_men"]
    assert (women.sum(), men.sum()) == (pytest.approx(100), pytest.approx(100))
    assert set(rows["gender_dissimilarity_pct"]) == {indicator(reader, "gender_dissimilarity_pct", state)}
    assert rows["gender_dissimilarity_pct"].iloc[0] == pytest.approx((women - men).abs().sum() / 2)
    pay = rows["practitioner_median_usd"].dropna()
    assert pay.is_monotonic_decreasing


@pytest.mark.parametrize(
    ("state", "pathway"), [("US", "Construction"), ("TX", "Education"), ("WY", "Digital Technology")]
)
def test_the_assumptions_begin_with_the_default_one(reader: Reader, state: str, pathway: str) -> None:
    """What the badges vary is, at the default, what the mart says."""
    tried = pathway_indicators.awards_by_assumption(reader, Scope(state=state))
    own = tried[
        (tried["award_year"] == 2024) & (tried["demand"] == "career-prep") & ~tried["is_split_alike"]
    ].set_index("cluster")
    women, men = own.loc[pathway, "women_count"], own.loc[pathway, "men_count"]
    assert 100 * women / (women + men) == pytest.approx(indicator(reader, "women_share_pct", state, pathway))
    assert len(tried.groupby(["award_year", "demand", "is_split_alike"])) == 12


@pytest.mark.parametrize(
    ("state", "pathway"), [("US", "Construction"), ("TX", "Digital Technology"), ("WY", "Agriculture")]
)
def test_institutions_that_lead_to_a_pathway(reader: Reader, state: str, pathway: str) -> None:
    ((wanted,),) = reader.rows(
        """
        SELECT count(DISTINCT unit_id)
        FROM completion c JOIN institution i USING (award_year, unit_id) JOIN state s USING (state_fips)
        WHERE award_year = 2024 AND awards_count > 0 AND award_level IN ('20', '21', '2', '4', '3') AND is_title_iv
          AND i.state_fips <= '56' AND $state IN ('US', state_abbr) AND cip_code IN (
              SELECT cip_code FROM occupation_link l JOIN occupation o USING (soc_code) JOIN occupation_pathway p USING (soc_code)
              WHERE o.is_career_prep AND p.framework LIKE '14%' AND p.cluster = $pathway)
        """,
        {"state": state, "pathway": pathway},
    )
    scope = Scope(state=state, pathway=pathway)
    rows = institutions_by_pathway.frame(reader, scope).set_index("cluster")
    assert rows.loc[pathway, "institutions_count"] == wanted
    assert institutions_by_pathway.finding(rows.reset_index(), scope).startswith(f"{wanted:,} institutions")


def test_where_the_record_has_nothing_it_is_said(reader: Reader) -> None:
    scope = Scope(state="DC", pathway="Agriculture")
    assert "its proxy is not available" in shortage_and_choice.CHART.finding(
        shortage_and_choice.CHART.frame(reader, scope), scope
    )
    for chart in (women_and_men, institutions_by_pathway):
        assert chart.finding(chart.frame(reader, scope), scope).startswith("There are no ")
    assert women_and_men.badge(reader, scope) == pathway_indicators.NO_FIGURE


SCOPES = (
    Scope(),
    Scope(pathway="Education"),
    Scope(state="TX", pathway="Construction"),
    Scope(state="DC", pathway="Agriculture"),
    Scope(state="DE", pathway="Hospitality, Events, & Tourism"),
    Scope(state="WY"),
)


@pytest.mark.parametrize("principle", [2, 3])
@pytest.mark.parametrize("scope", SCOPES, ids=lambda s: f"{s.state}-{s.pathway[:9]}")
def test_actions_are_tied_to_figures(reader: Reader, scope: Scope, principle: int) -> None:
    found = actions.actions(reader, scope, principle)
    assert 3 <= len(found) <= 5
    assert len({a.what for a in found}) == len(found)
    for action in found:
        assert action.what.endswith(".")
        assert action.figure.endswith(".")
        assert any(c.isdigit() for c in action.figure), action.figure
        assert not re.search(r"\b(nan|None)\b|<NA>", action.figure), action.figure
