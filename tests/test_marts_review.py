"""The tables in_demand and program_review of the built warehouse, recomputed by SQL that shares no code with them."""

from __future__ import annotations

import pytest

from etl.warehouse.read import Reader

#: An area's openings by occupation from the publishers' tables: the nation's, shared out by published employment.
OPENINGS = """
    year AS (SELECT max(reference_year) AS y FROM occupation_employment WHERE state_fips <> '00'),
    jobs AS (
        SELECT state_fips, soc_code, employment_count FROM occupation_employment, year
        WHERE reference_year = y AND occupation_group = 'detailed'
    ),
    shared AS (
        SELECT soc_code, sum(employment_count) FILTER (state_fips <> '00') AS published,
               any_value(employment_count) FILTER (state_fips = '00') AS nation
        FROM jobs GROUP BY soc_code
    ),
    area_openings AS (
        SELECT '00' AS state_fips, soc_code, openings_annual_count::DOUBLE AS openings FROM projection_national
        WHERE occupation_type = 'Line item'
        UNION ALL
        SELECT j.state_fips, p.soc_code, p.openings_annual_count * j.employment_count / s.published
        FROM projection_national p JOIN shared s USING (soc_code) JOIN jobs j USING (soc_code)
        WHERE p.occupation_type = 'Line item' AND j.state_fips <> '00' AND j.employment_count IS NOT NULL
          AND s.published >= 0.75 * s.nation
    ),
    wage_year AS (
        SELECT state_fips, max(reference_year) AS y FROM occupation_employment
        WHERE soc_code = '00-0000' AND wage_median_usd IS NOT NULL GROUP BY state_fips
    ),
    paid AS (
        SELECT e.* FROM occupation_employment e
        JOIN wage_year w ON w.state_fips = e.state_fips AND w.y = e.reference_year
    ),
    link AS (
        SELECT DISTINCT l.cip_code, p.soc_code
        FROM projection_national p LEFT JOIN soc_map m ON m.projection_code = p.soc_code
        JOIN program_occupation l ON l.soc_code = coalesce(m.soc_code, p.soc_code)
        WHERE p.occupation_type = 'Line item' AND l.soc_code NOT LIKE '25-1%'
    ),
    award AS (
        SELECT i.state_fips, c.cip_code, sum(c.awards_count) / 3 AS awards
        FROM completion c JOIN institution i USING (award_year, unit_id)
        WHERE i.is_title_iv AND i.state_fips <= '56' AND c.award_level IN ('2', '3', '4', '20', '21')
          AND c.award_year > (SELECT max(award_year) FROM completion) - 3
        GROUP BY ALL HAVING sum(c.awards_count) > 0
    ),
    area_award AS (SELECT * FROM award UNION ALL SELECT '00', cip_code, sum(awards) FROM award GROUP BY cip_code)
"""


# ---- in demand -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state_fips", ["00", "11", "41"])
def test_occupations_that_oregons_rule_calls_in_demand(reader: Reader, state_fips):
    wanted = reader.rows(
        f"""
        WITH {OPENINGS}, here AS (SELECT * FROM area_openings WHERE state_fips = $1)
        SELECT o.soc_code FROM here o JOIN paid p USING (state_fips, soc_code)
        WHERE o.openings > (SELECT median(openings) FROM here)
          AND (p.wage_median_usd > (SELECT wage_median_usd FROM paid WHERE state_fips = $1 AND soc_code = '00-0000')
               OR (p.wage_median_usd IS NULL AND p.wage_note LIKE 'at or above%'))
        ORDER BY ALL
        """,
        [state_fips],
    )
    found = reader.rows(
        "SELECT soc_code FROM in_demand WHERE rule = 'oregon' AND state_fips = ? AND is_in_demand ORDER BY ALL",
        [state_fips],
    )
    assert len(found) > 50
    assert found == wanted


@pytest.mark.parametrize("state_fips", ["00", "47"])
def test_occupations_that_tennessees_rule_calls_in_demand(reader: Reader, state_fips):
    """A state's openings are shared out like its jobs, so that both have the nation's ratio."""
    wanted = reader.rows(
        f"""
        WITH {OPENINGS}, here AS (
            SELECT soc_code, n.openings_annual_count / n.employment_base_count AS ratio
            FROM area_openings JOIN projection_national n USING (soc_code) WHERE state_fips = $1
        ), total AS (SELECT * FROM paid WHERE state_fips = $1 AND soc_code = '00-0000')
        SELECT soc_code, h.ratio - (SELECT median(ratio) FROM here) AS over_median
        FROM here h JOIN (SELECT * FROM paid WHERE state_fips = $1) p USING (soc_code), total
        WHERE over_median > -1e-9 AND p.employment_count >= 0.0004 * total.employment_count
          AND coalesce(p.wage_median_usd, if(p.wage_note LIKE 'at or above%', 1e9, 0)) >= 0.8 * total.wage_median_usd
        """,
        [state_fips],
    )
    found = reader.rows(
        "SELECT soc_code FROM in_demand WHERE rule = 'tennessee' AND state_fips = ? AND is_in_demand",
        [state_fips],
    )
    assert len(found) > 50
    # The occupation that is the median itself falls on either side of it by rounding.
    at_the_median = {soc_code for soc_code, over in wanted if abs(over) <= 1e-9}
    assert {code for (code,) in found} ^ {code for code, _ in wanted} <= at_the_median


def test_the_nations_electricians_by_every_rule(reader: Reader):
    """81,000 openings a year for 818,700 jobs in 2024, growing 0.95 percent a year to 2034; pay of May 2025."""
    found = reader.rows(
        """
        SELECT rule, is_in_demand, is_high_wage, is_high_skill FROM in_demand
        WHERE state_fips = '00' AND soc_code = '47-2111' ORDER BY rule
        """
    )
    assert found == [
        ("kentucky", True, False, None),  # under the 75th percentile, $80,520
        ("montana", True, False, None),
        ("ohio", True, True, None),
        ("oregon", True, True, True),  # by apprenticeship
        ("tennessee", True, None, None),
    ]


def test_the_rules_and_what_public_data_cannot_show(reader: Reader):
    found = reader.rows("SELECT rule, is_dollar_threshold, as_of FROM in_demand_rule ORDER BY rule")
    assert found == [
        ("kentucky", False, 2012),
        ("montana", False, 2006),
        ("ohio", True, 2017),
        ("oregon", False, None),
        ("tennessee", False, 2022),
    ]
    ((ours,),) = reader.rows("SELECT not_computed FROM in_demand_rule WHERE rule = 'tennessee'")
    assert "Only openings are public" in ours


def test_every_area_names_the_year_of_its_wages(reader: Reader):
    found = reader.rows("SELECT DISTINCT state_fips = '00', reference_year FROM in_demand ORDER BY ALL")
    assert found == [(False, 2024), (True, 2025)]


# ---- program review --------------------------------------------------------------------------------------


def test_awards_and_wage_ratio_of_every_program(reader: Reader):
    """Both numbers that a review rests on, for all programs of all areas."""
    differing = reader.rows(
        f"""
        WITH {OPENINGS}, pay AS (
            SELECT o.state_fips, l.cip_code, sum(o.openings * w.usd) / sum(o.openings) AS usd
            FROM link l JOIN area_openings o USING (soc_code)
            JOIN (
                SELECT state_fips, soc_code, coalesce(
                    wage_median_usd, if(wage_note LIKE 'at or above%', 239200, NULL)) AS usd FROM paid
            ) w USING (state_fips, soc_code)
            WHERE w.usd IS NOT NULL AND o.openings > 0 GROUP BY ALL
        )
        SELECT r.state_fips, r.cip_code, a.awards, r.awards_mean_count, p.usd, r.wage_ratio
        FROM program_review r FULL JOIN area_award a USING (state_fips, cip_code)
        LEFT JOIN pay p USING (state_fips, cip_code)
        LEFT JOIN (SELECT * FROM paid WHERE soc_code = '00-0000') t USING (state_fips)
        WHERE coalesce(abs(a.awards - r.awards_mean_count) > 0.001, true)
           OR (p.usd IS NULL) <> (r.wage_ratio IS NULL) OR abs(p.usd / t.wage_median_usd - r.wage_ratio) > 1e-9
        """
    )
    assert differing == []


def test_room_where_anyone_can_see_it(reader: Reader):
    """Where all programs that lead to an occupation gave fewer awards than it has openings, each has room; where the
    programs that lead to nothing else gave as many as it has openings, none of these has."""
    wrong = reader.rows(
        f"""
        WITH {OPENINGS}, gave AS (
            SELECT l.cip_code, l.soc_code, a.state_fips, floor(a.awards + 0.5) AS awards,
                   count(*) OVER (PARTITION BY l.cip_code, a.state_fips) = 1 AS only_there
            FROM link l JOIN area_award a USING (cip_code)
        ), sums AS (
            SELECT state_fips, soc_code, floor(any_value(openings) + 0.5) AS openings, sum(awards) AS awards,
                   sum(awards) FILTER (only_there) AS awards_only_there
            FROM gave JOIN area_openings USING (state_fips, soc_code) GROUP BY ALL
        )
        SELECT r.state_fips, r.cip_code, r.has_room, s.openings, s.awards, s.awards_only_there
        FROM gave g JOIN sums s USING (state_fips, soc_code) JOIN program_review r USING (state_fips, cip_code)
        WHERE (s.awards < s.openings AND NOT r.has_room)
           OR (g.only_there AND s.awards_only_there >= s.openings AND r.has_room)
        """
    )
    assert wrong == []


def test_how_the_nations_programs_are_reviewed(reader: Reader):
    """Awards of 2021-22 to 2023-24, openings 2024-34, wages of May 2025."""
    found = dict(reader.rows("SELECT review, count(*) FROM program_review WHERE state_fips = '00' GROUP BY review"))
    assert found == {
        "candidate to scale": 736,
        "sustain": 14,
        "candidate to transform": 126,
        "examine": 6,
        "not reviewed": 401,
    }


def test_every_area_and_every_reason_is_there(reader: Reader):
    ((areas, missing, years),) = reader.rows(
        """
        SELECT count(DISTINCT state_fips), count(*) FILTER (reason = '' OR reason ILIKE '%nan%'),
               list(DISTINCT award_year) FROM program_review
        """
    )
    assert (areas, missing, years) == (52, 0, [2024])
