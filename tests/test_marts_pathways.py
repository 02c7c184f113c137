"""The marts of the Pathways page against the base tables: recomputed by other code than the one that makes them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import coo_array

from etl.warehouse.read import Reader
from tests.test_marts import BY_HAND

#: Small areas, of which one has many awards of mostly-online colleges.
AREAS = ("56", "54")
DEFAULT = "awards = 'sub-baccalaureate' AND demand = 'career-prep'"


def supply_of(reader: Reader, fips: str, but: str = "FALSE") -> dict[str, int]:
    """Awards in the default scope by program, of institutions that are not ``but``."""
    return dict(
        reader.rows(
            f"""
            {BY_HAND} SELECT cip_code, sum(awards_count)::BIGINT FROM given JOIN scope USING (award_level)
            WHERE state_fips = ? AND awards = 'sub-baccalaureate' AND NOT ({but}) GROUP BY 1
            """,
            [fips],
        )
    )


def openings_of(reader: Reader, fips: str, variant: str = "openings") -> dict[str, int]:
    return dict(
        reader.rows(
            f"""
            {BY_HAND} SELECT soc_code, openings FROM demand
            WHERE state_fips = ? AND demand = 'career-prep' AND demand_variant = ?
            """,
            [fips, variant],
        )
    )


def links_of(reader: Reader, awards: dict[str, int], openings: dict[str, int]) -> list[tuple[str, str]]:
    """The links that have awards at one end and openings at the other."""
    pairs = reader.rows(f"{BY_HAND} SELECT cip_code, soc_code FROM link ORDER BY ALL")
    return [(c, s) for c, s in pairs if awards.get(c, 0) > 0 and openings.get(s, 0) > 0]


def most(links: list[tuple[str, str]], awards: dict[str, int], openings: dict[str, int]) -> int:
    """The maximum flow as a linear program."""
    if not links:
        return 0
    ends = [{code: i for i, code in enumerate(sorted({link[side] for link in links}))} for side in (0, 1)]
    n = len(links)
    rows = [ends[0][c] for c, _ in links] + [len(ends[0]) + ends[1][s] for _, s in links]
    limits = coo_array((np.ones(2 * n), (rows, [*range(n), *range(n)])))
    upper = [awards[c] for c in ends[0]] + [openings[s] for s in ends[1]]
    return round(-linprog(-np.ones(n), A_ub=limits, b_ub=upper, method="highs").fun)


# ------------------------------------------------------------------ flows


@pytest.mark.parametrize("fips", AREAS)
def test_flows_are_the_proportional_fit(reader: Reader, fips: str) -> None:
    """The fit done again link by link, from openings and awards of the base tables."""
    awards, openings = supply_of(reader, fips), openings_of(reader, fips)
    links = links_of(reader, awards, openings)
    around: dict[str, int] = defaultdict(int)
    for program, occupation in links:
        around[program] += openings[occupation]
    carried = {(c, s): awards[c] * openings[s] / around[c] for c, s in links}
    target = most(links, awards, openings)
    for _ in range(5000):
        for side, limit, only_down in ((1, openings, True), (0, awards, False), (1, openings, True)):
            sums: dict[str, float] = defaultdict(float)
            for link, value in carried.items():
                sums[link[side]] += value
            for link in carried:
                ratio = limit[link[side]] / sums[link[side]] if sums[link[side]] else 1.0
                carried[link] *= min(1.0, ratio) if only_down else ratio
        if sum(carried.values()) >= target - 0.5:
            break
    wanted: dict[tuple[str, str], float] = defaultdict(float)
    for (program, occupation), value in carried.items():
        wanted[program[:2], occupation] += value
    found = {
        (family, code): placed
        for family, code, placed in reader.rows(
            "SELECT family_code, soc_code, awards_placed_count FROM gap_flow WHERE state_fips = ?", [fips]
        )
    }
    assert len(found) > 50
    for flow, placed in found.items():
        assert placed == pytest.approx(wanted[flow], abs=1.0), flow
    assert all(value < 2 for flow, value in wanted.items() if flow not in found)


def test_flows_are_within_awards_openings_and_what_could_be_filled(reader: Reader) -> None:
    rows = reader.rows(
        f"""
        SELECT g.state_fips, g.could_fill_count, sum(f.awards_placed_count), count(*),
               (SELECT count(*) FROM gap_flow WHERE awards_placed_count < 1 OR demand_variant <> 'openings')
        FROM gap_by_state g JOIN gap_flow f USING (state_fips, awards, demand, demand_variant)
        WHERE {DEFAULT} GROUP BY ALL
        """
    )
    assert len(rows) == 52
    for area, could_fill, placed, flows, below in rows:
        assert placed <= could_fill + 0.01 * flows, area
        assert placed >= 0.98 * could_fill, "flows under one award are few"
        assert below == 0
    over = reader.rows(
        """
        SELECT f.state_fips, f.soc_code, sum(awards_placed_count), any_value(o.openings_annual_count)
        FROM gap_flow f LEFT JOIN gap_by_occupation o USING (state_fips, soc_code, demand_variant)
        GROUP BY ALL HAVING NOT coalesce(sum(awards_placed_count) <= any_value(o.openings_annual_count) + 0.5, FALSE)
        """
    )
    assert over == []


def test_flows_without_a_choice_are_the_programs_awards(reader: Reader) -> None:
    """Where all programs of an occupation lead nowhere else, as many awards go there as there are, or as it has openings."""
    rows = reader.rows(
        f"""
        {BY_HAND}, ours AS (SELECT link.* FROM link JOIN job USING (soc_code) WHERE is_career),
        single AS (SELECT cip_code FROM ours GROUP BY 1 HAVING count(*) = 1),
        alone AS (SELECT soc_code FROM ours GROUP BY 1 HAVING bool_and(cip_code IN (SELECT cip_code FROM single))),
        gave AS (
            SELECT award.state_fips, soc_code, sum(awards_count) AS awards
            FROM award JOIN scope USING (award_level) JOIN ours USING (cip_code) JOIN alone USING (soc_code)
            WHERE scope.awards = 'sub-baccalaureate' GROUP BY ALL
        )
        SELECT state_fips, soc_code, least(g.awards, d.openings), coalesce(f.placed, 0)
        FROM gave g JOIN demand d USING (state_fips, soc_code)
        LEFT JOIN (SELECT state_fips, soc_code, sum(awards_placed_count) AS placed FROM gap_flow GROUP BY ALL) f
            USING (state_fips, soc_code)
        WHERE d.demand = 'career-prep' AND d.demand_variant = 'openings'
        """
    )
    assert len(rows) > 100
    for area, code, wanted, placed in rows:
        # A flow of under one award is not listed; the fit ends within half an award.
        assert placed == pytest.approx(wanted, abs=3.0), (area, code)


def test_an_occupations_sectors(reader: Reader) -> None:
    rows = reader.rows(
        """
        SELECT soc_code, sum(share_pct), max(share_pct) FILTER (naics_sector = '62') FROM occupation_sector GROUP BY 1
        """
    )
    assert all(total == pytest.approx(100) for _, total, _ in rows)
    [(nurses,)] = reader.rows(
        """
        SELECT 100.0 * sum(employment_count) FILTER (naics_sector = '62') / sum(employment_count)
        FROM industry_occupation_employment WHERE soc_code = '29-1141'
        """
    )
    assert {code: health for code, _, health in rows}["29-1141"] == pytest.approx(nurses)


# ------------------------------------------------------------------ mostly-online colleges

ONLINE = """unit_id IN (
    SELECT unit_id FROM distance_enrollment WHERE fall_year = (SELECT max(fall_year) FROM distance_enrollment)
    AND exclusively_distance_count > 0.8 * enrolled_count
)"""


@pytest.mark.parametrize("fips", AREAS)
def test_awards_of_mostly_online_colleges(reader: Reader, fips: str) -> None:
    everything, on_site = supply_of(reader, fips), supply_of(reader, fips, ONLINE)
    construction = {
        code for (code,) in reader.rows(f"{BY_HAND} SELECT soc_code FROM pathway WHERE cluster = 'Construction'")
    }
    for variant in ("openings", "growth_and_exits"):
        openings = openings_of(reader, fips, variant)
        for cluster, wanted in (
            (None, openings),
            ("Construction", {s: n for s, n in openings.items() if s in construction}),
        ):
            [(needed, given, online, fill)] = reader.rows(
                """
                SELECT openings_annual_count, awards_count, awards_online_count, could_fill_count FROM gap_without_online
                WHERE state_fips = ? AND demand_variant = ? AND cluster IS NOT DISTINCT FROM ?
                """,
                [fips, variant, cluster],
            )
            assert needed == sum(wanted.values())
            assert fill == most(links_of(reader, on_site, wanted), on_site, wanted)
            if cluster is None:
                assert given == sum(everything.values())
                assert online == given - sum(on_site.values())
    assert fips == "56" or sum(everything.values()) > 1.5 * sum(on_site.values())


def test_leaving_awards_out_fills_no_more(reader: Reader) -> None:
    rows = reader.rows(
        f"""
        SELECT count(*), count(*) FILTER (w.could_fill_count > g.could_fill_count
            OR w.openings_annual_count <> g.openings_annual_count OR w.awards_count <> g.awards_count
            OR w.awards_online_count NOT BETWEEN 0 AND w.awards_count
            OR w.awards_online_count = 0 AND w.could_fill_count <> g.could_fill_count)
        FROM gap_without_online w JOIN gap_by_state g USING (state_fips, awards, demand, demand_variant)
        WHERE w.cluster IS NULL AND {DEFAULT}
        """
    )
    assert rows == [(104, 0)]
    clusters = reader.rows(
        """
        SELECT count(*), count(*) FILTER (w.could_fill_count > g.at_most_count
            OR w.openings_annual_count <> g.openings_annual_count OR w.awards_count <> g.awards_linked_count)
        FROM gap_without_online w JOIN gap_by_cluster g USING (state_fips, awards, demand, demand_variant, cluster)
        WHERE g.subcluster IS NULL
        """
    )
    assert clusters == [(104 * 14, 0)]


# ------------------------------------------------------------------ skills


@pytest.mark.parametrize(("fips", "cluster"), [("48", "Construction"), ("56", "Education"), ("00", None)])
def test_skills_of_a_pathway(reader: Reader, fips: str, cluster: str | None) -> None:
    by_hand = reader.rows(
        f"""
        {BY_HAND}, rated AS (
            SELECT element_id, soc_code, importance FROM occupation_skill
            UNION ALL
            SELECT element_id, projection_code, avg(importance) FROM occupation_skill JOIN soc_map USING (soc_code)
            WHERE projection_code NOT IN (SELECT soc_code FROM occupation_skill) GROUP BY ALL
        ), ours AS (
            SELECT DISTINCT opening.soc_code, openings, is_career FROM opening JOIN job USING (soc_code)
            WHERE state_fips = $fips AND openings IS NOT NULL AND soc_code IN (SELECT soc_code FROM link)
        )
        SELECT element_id,
               sum(importance * openings) FILTER (is_career AND ($cluster IS NULL OR soc_code IN (
                   SELECT soc_code FROM pathway WHERE cluster = $cluster)))
               / sum(openings) FILTER (is_career AND ($cluster IS NULL OR soc_code IN (
                   SELECT soc_code FROM pathway WHERE cluster = $cluster))),
               sum(importance * openings) FILTER (is_career OR $cluster IS NULL)
               / sum(openings) FILTER (is_career OR $cluster IS NULL)
        FROM rated JOIN ours USING (soc_code) GROUP BY 1
        """,
        {"fips": fips, "cluster": cluster},
    )
    found = {
        element: (own, compared)
        for element, own, compared in reader.rows(
            """
            SELECT element_id, importance, importance_compared FROM pathway_skill
            WHERE state_fips = ? AND cluster IS NOT DISTINCT FROM ?
            """,
            [fips, cluster],
        )
    }
    assert len(by_hand) == len(found) == 35
    for element, own, compared in by_hand:
        assert found[element] == (pytest.approx(own, abs=0.001), pytest.approx(compared, abs=0.001)), element


def test_every_skill_has_a_kind_and_its_name(reader: Reader) -> None:
    assert reader.rows(
        """
        SELECT * FROM (SELECT DISTINCT element_id, element_name FROM occupation_skill) s
        FULL JOIN skill_kind k USING (element_id, element_name)
        WHERE k.kind IS NULL OR s.element_name IS NULL OR k.kind NOT IN ('technical', 'academic', 'employability')
        """
    ) == []  # fmt: skip
    assert reader.rows("SELECT count(*) FROM pathway_skill WHERE above_count NOT BETWEEN 0 AND tried_count") == [(0,)]
