"""The charts of Flexible routes: some of their numbers counted again by SQL on the publishers' tables."""

from __future__ import annotations

from itertools import pairwise

import pytest

from charts import award_length, distance_by_state, pathway_indicators, shortage_and_flexibility, stackable
from charts.scope import Scope
from etl.warehouse.read import Reader


@pytest.mark.parametrize(("state", "pathway"), [("US", "Construction"), ("TX", "Education"), ("WY", "Construction")])
def test_certificates_with_the_degree_in_their_field(reader: Reader, state: str, pathway: str) -> None:
    ((of_certificates, of_fields),) = reader.rows(
        """
        WITH here AS (
            SELECT c.*, left(cip_code, 5) AS field FROM completion c JOIN institution i USING (award_year, unit_id)
            JOIN state s USING (state_fips)
            WHERE award_year = 2024 AND is_title_iv AND i.state_fips <= '56' AND $state IN ('US', state_abbr)
        ), degree AS (SELECT DISTINCT unit_id, field FROM here WHERE award_level = '3' AND awards_count > 0),
        certificate AS (
            SELECT unit_id, field, sum(awards_count) AS awards FROM here
            WHERE award_level IN ('20', '21', '2', '4') AND awards_count > 0 AND cip_code IN (
                SELECT cip_code FROM occupation_link JOIN occupation o USING (soc_code) JOIN occupation_pathway p USING (soc_code)
                WHERE o.is_career_prep AND p.framework LIKE '14%' AND p.cluster = $pathway)
            GROUP BY ALL
        )
        SELECT 100 * sum(awards) FILTER (d.field IS NOT NULL) / sum(awards), 100 * avg((d.field IS NOT NULL)::INTEGER)
        FROM certificate c LEFT JOIN degree d ON d.unit_id = c.unit_id AND d.field = c.field
        """,
        {"state": state, "pathway": pathway},
    )
    scope = Scope(state=state, pathway=pathway)
    rows = stackable.frame(reader, scope)
    own = pathway_indicators.spoken_of(rows, scope)
    assert (own["stackable_awards_pct"], own["stackable_pct"]) == (
        pytest.approx(of_certificates),
        pytest.approx(of_fields),
    )
    said = stackable.finding(rows, scope)
    assert f"{of_certificates:.0f} came from" in said
    assert f"{of_fields:.0f} have both" in said


@pytest.mark.parametrize(
    "scope", [Scope(), Scope(state="TX", pathway="Construction"), Scope(state="WY", pathway="Education")], ids=str
)
def test_the_badge_of_certificates_tries_twelve_assumptions(reader: Reader, scope: Scope) -> None:
    """The default is one of them, so that what is said holds under at least one."""
    held = stackable.badge(reader, scope).split("holds under ")[1].split(". ")[0]
    count, tried = (int(n) for n in held.removesuffix(" (changes with assumptions)").split(" of "))
    assert tried == 12
    assert 1 <= count <= 12


@pytest.mark.parametrize("state", ["US", "TX", "WY"])
def test_lengths_are_of_100_and_their_openings_are_the_gap_tables(reader: Reader, state: str) -> None:
    rows = award_length.frame(reader, Scope(state=state))
    known = rows[rows["under_one_year_pct"].notna()]
    parts = known[[length.column for length in award_length.LENGTHS]]
    assert parts.sum(axis=1).tolist() == pytest.approx([100] * len(known))
    openings = dict(
        reader.rows(
            "SELECT cluster, openings_annual_count FROM gap_by_cluster JOIN state USING (state_fips) "
            "WHERE state_abbr = ? AND awards = 'all' AND demand = 'career-prep' AND demand_variant = 'openings' "
            "AND framework LIKE '14%' AND subcluster IS NULL",
            [state],
        )
    )
    assert dict(zip(rows["cluster"], rows["openings_annual_count"], strict=True)).items() >= openings.items()


def test_the_whole_places_lengths_are_those_of_linked_awards(reader: Reader) -> None:
    """Every award that leads to a career-training opening counts once, whatever it leads to."""
    ((short, degrees),) = reader.rows(
        """
        WITH award AS (
            SELECT award_level, sum(awards_count) AS n FROM program_award
            WHERE award_year = 2024 AND state_fips = '48' AND award_level IN ('20', '21', '2', '4', '3') AND cip_code IN (
                SELECT cip_code FROM occupation_link JOIN occupation o USING (soc_code)
                JOIN occupation_projection p USING (soc_code) JOIN occupation_pathway USING (soc_code)
                WHERE o.is_career_prep AND p.state_fips = '48' AND p.demand_basis = 'estimated' AND p.openings_annual_count >= 0.5
                  AND framework LIKE '14%')
            GROUP BY ALL
        )
        SELECT 100 * sum(n) FILTER (award_level IN ('20', '21')) / sum(n), 100 * sum(n) FILTER (award_level = '3') / sum(n)
        FROM award
        """
    )
    whole = award_length.frame(reader, Scope(state="TX")).iloc[-1]
    assert whole["under_one_year_pct"] == pytest.approx(short)
    assert whole["length_associate_pct"] == pytest.approx(degrees)


def test_a_part_of_a_bar_is_told_by_more_than_its_shade() -> None:
    patterns = [length.pattern for length in award_length.LENGTHS]
    assert all(a != b for a, b in pairwise(patterns)), "neighbours differ by a pattern too"


@pytest.mark.parametrize("state", ["AZ", "RI"])
def test_students_online(reader: Reader, state: str) -> None:
    ((wholly, partly),) = reader.rows(
        """
        SELECT 100 * sum(exclusively_distance_count) / sum(enrolled_count), 100 * sum(some_distance_count) / sum(enrolled_count)
        FROM distance_enrollment d JOIN institution i ON i.unit_id = d.unit_id AND i.award_year = 2023
        JOIN state s USING (state_fips) WHERE fall_year = 2022 AND is_title_iv AND state_abbr = ?
        """,
        [state],
    )
    scope = Scope(state=state)
    rows = distance_by_state.frame(reader, scope)
    own = rows[rows["state_abbr"] == state].iloc[0]
    assert (own["wholly_pct"], own["partly_pct"]) == (pytest.approx(wholly), pytest.approx(partly))
    said = distance_by_state.finding(rows, scope)
    assert said.startswith("In fall 2022, "), "the series is old, and the headline says so"
    assert f"{wholly:.0f} of every 100" in said
    assert len(rows) == 51


def test_where_the_record_has_nothing_it_is_said(reader: Reader) -> None:
    scope = Scope(state="DE", pathway="Hospitality, Events, & Tourism")
    assert "its proxy is not available" in shortage_and_flexibility.CHART.finding(
        shortage_and_flexibility.CHART.frame(reader, scope), scope
    )
    for chart in (stackable, award_length):
        assert chart.finding(chart.frame(reader, scope), scope).startswith("There are no ")
        assert chart.badge(reader, scope) == pathway_indicators.NO_FIGURE
