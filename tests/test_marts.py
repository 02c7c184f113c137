"""The marts against the base tables: recomputed by SQL written for this test alone, and rules that always hold.

Nothing here calls the code that makes the marts. :data:`BY_HAND` goes back to the publishers' figures each time, and
where it can, a case compares a mart's whole column and not a sample.
"""

from __future__ import annotations

import pytest

from etl.warehouse.read import Reader
from etl.warehouse.schema import tables

#: The steps from the publishers' figures to openings, awards and links. A query uses those that it names.
BY_HAND = """
WITH job AS (  -- line items, with the demand scopes
    SELECT p.*, a.soc_code IS NOT NULL OR coalesce(entry_education IN (
               'Postsecondary nondegree award', 'Some college, no degree', 'Associate''s degree'), false) AS is_middle,
           is_middle OR coalesce(entry_education = 'High school diploma or equivalent' AND on_the_job_training IN (
               'Apprenticeship', 'Long-term on-the-job training', 'Moderate-term on-the-job training'), false)
               AS is_career
    FROM projection_national p LEFT JOIN career_prep_addition a USING (soc_code) WHERE occupation_type = 'Line item'
), link AS (  -- from the crosswalk's code up to the code that projections use
    SELECT DISTINCT l.cip_code, j.soc_code
    FROM program_occupation l LEFT JOIN soc_map m USING (soc_code)
    JOIN job j ON j.soc_code IN (l.soc_code, m.projection_code)
    WHERE l.soc_code NOT LIKE '25-1%'
), pathway AS (
    SELECT DISTINCT j.soc_code, c.cluster, c.subcluster
    FROM occupation_cluster c LEFT JOIN soc_map m USING (soc_code)
    JOIN job j ON j.soc_code IN (c.soc_code, m.projection_code)
    WHERE c.framework = '14 clusters (2024)'
), survey AS (
    SELECT * FROM occupation_employment
    WHERE reference_year = (SELECT max(reference_year) FROM occupation_employment WHERE state_fips <> '00')
), held AS (  -- what the published state cells of an occupation add up to
    SELECT soc_code, sum(employment_count) FILTER (state_fips <> '00') AS published,
           any_value(employment_count) FILTER (state_fips = '00') AS nation
    FROM survey GROUP BY soc_code
), wage AS (  -- of the newest year that has the area's median
    SELECT w.* FROM occupation_employment w JOIN (
        SELECT state_fips, max(reference_year) AS reference_year FROM occupation_employment
        WHERE soc_code = '00-0000' AND wage_median_usd IS NOT NULL GROUP BY ALL) USING (state_fips, reference_year)
), opening AS (
    SELECT '00' AS state_fips, soc_code, openings_annual_count AS openings,
           greatest(0, change_count / 10 + exits_annual_count) AS growth_and_exits
    FROM job
    UNION ALL
    SELECT s.state_fips, soc_code, j.openings_annual_count * s.employment_count / h.published,
           greatest(0, j.change_count / 10 + j.exits_annual_count) * s.employment_count / h.published
    FROM job j JOIN survey s USING (soc_code) JOIN held h USING (soc_code)
    WHERE s.state_fips <> '00' AND s.employment_count IS NOT NULL AND h.published >= 0.75 * h.nation
), demand AS (  -- whole numbers of openings of every linked occupation in every area, scope and variant
    SELECT state_fips, soc_code, demand, demand_variant, floor(value + 0.5)::BIGINT AS openings
    FROM (
        SELECT *, unnest(['openings', 'growth_and_exits']) AS demand_variant,
               unnest([openings, growth_and_exits]) AS value
        FROM opening
    )
    JOIN (
        SELECT soc_code, 'career-prep' AS demand FROM job WHERE is_career
        UNION ALL SELECT soc_code, 'middle-skills' FROM job WHERE is_middle
        UNION ALL SELECT soc_code, 'bachelor' FROM job WHERE entry_education = 'Bachelor''s degree'
        UNION ALL SELECT soc_code, 'all' FROM job
    ) USING (soc_code)
    WHERE soc_code IN (SELECT soc_code FROM link)
), given AS (  -- awards of the newest year, at colleges in federal student aid
    SELECT i.state_fips, c.cip_code, c.award_level, c.awards_count, c.unit_id
    FROM completion c JOIN institution i ON i.unit_id = c.unit_id AND i.award_year = c.award_year
    WHERE c.award_year = (SELECT max(award_year) FROM completion) AND i.is_title_iv
      AND CAST(i.state_fips AS INTEGER) <= 56
), award AS (
    SELECT unnest([state_fips, '00']) AS state_fips, cip_code, award_level, awards_count FROM given
), scope AS (
    SELECT * FROM (VALUES
        ('sub-baccalaureate', '20'), ('sub-baccalaureate', '21'), ('sub-baccalaureate', '2'),
        ('sub-baccalaureate', '4'), ('sub-baccalaureate', '3'), ('associate', '3'),
        ('certificates', '20'), ('certificates', '21'), ('certificates', '2'), ('certificates', '4'), ('bachelor', '5')
    ) s (awards, award_level)
    UNION ALL SELECT DISTINCT 'all', award_level FROM completion WHERE award_level NOT IN ('12', '13', '14', '15')
)
"""

#: Each: the mart's figures, and the same from the base tables.
RECOMPUTED = {
    "occupations in each demand scope": (
        "SELECT soc_code, is_career_prep, is_middle_skills, is_bachelor FROM occupation WHERE is_projected",
        "SELECT soc_code, is_career, is_middle, entry_education IS NOT DISTINCT FROM 'Bachelor''s degree' FROM job",
    ),
    "occupations and openings by way in": (
        """
        SELECT way_in, count(*), sum(openings_annual_count) FROM occupation JOIN occupation_projection USING (soc_code)
        WHERE demand_basis = 'bls' AND is_career_prep GROUP BY ALL
        """,
        """
        SELECT CASE WHEN soc_code IN (SELECT soc_code FROM career_prep_addition)
                    THEN 'Licensure with an associate degree'
                    WHEN entry_education LIKE 'Associate%' THEN 'Associate degree'
                    WHEN entry_education LIKE 'Postsecondary%' THEN 'Certificate or other award'
                    WHEN entry_education LIKE 'Some%' THEN 'Some college, no degree'
                    WHEN on_the_job_training LIKE 'Moderate%' THEN 'Shorter on-the-job training'
                    ELSE 'Apprenticeship or long training' END,
               count(*), sum(openings_annual_count)
        FROM job WHERE is_career GROUP BY ALL
        """,
    ),
    "projected occupations without a program": (
        "SELECT soc_code FROM occupation WHERE is_projected AND NOT has_program",
        "SELECT soc_code FROM job WHERE soc_code NOT IN (SELECT soc_code FROM link)",
    ),
    "links": ("SELECT cip_code, soc_code FROM occupation_link", "SELECT cip_code, soc_code FROM link"),
    "pathways": (
        "SELECT soc_code, cluster, subcluster FROM occupation_pathway WHERE framework = '14 clusters (2024)'",
        "SELECT soc_code, cluster, subcluster FROM pathway",
    ),
    "a year's openings of the nation": (
        """
        SELECT soc_code, openings_annual_count, growth_and_exits_annual_count FROM occupation_projection
        WHERE demand_basis = 'bls'
        """,
        "SELECT soc_code, openings, growth_and_exits FROM opening WHERE state_fips = '00'",
    ),
    "a year's estimated openings in every state": (
        """
        SELECT state_fips, soc_code, openings_annual_count, growth_and_exits_annual_count FROM occupation_projection
        WHERE demand_basis = 'estimated' AND openings_annual_count IS NOT NULL
        """,
        "SELECT state_fips, soc_code, openings, growth_and_exits FROM opening WHERE state_fips <> '00'",
    ),
    "coverage of each occupation's published state cells": (
        """
        SELECT DISTINCT soc_code, coverage_pct FROM occupation_projection
        WHERE demand_basis = 'estimated' AND coverage_pct IS NOT NULL
        """,
        """
        SELECT soc_code, least(100, 100 * published / nation) FROM held JOIN job USING (soc_code)
        WHERE published IS NOT NULL AND nation IS NOT NULL
        """,
    ),
    "California's own openings": (
        """
        SELECT soc_code, openings_annual_count, growth_annual_count, growth_and_exits_annual_count
        FROM occupation_projection WHERE demand_basis = 'projected' AND state_fips = '06'
        """,
        """
        SELECT s.soc_code, s.openings_annual_count, (s.employment_projected_count - s.employment_base_count) / 10,
               s.openings_annual_count * greatest(0, j.change_count / 10 + j.exits_annual_count)
                   / nullif(j.openings_annual_count, 0)
        FROM projection_state s LEFT JOIN job j USING (soc_code)
        WHERE s.state_fips = '06' AND s.soc_code NOT LIKE '%-0000'
        """,
    ),
    "which states' own projections are fit": (
        "SELECT state_fips, detail_coverage_pct, openings_ratio, is_offered FROM projection_fitness",
        """
        SELECT state_fips,
               100 * sum(s.employment_base_count) FILTER (s.soc_code NOT LIKE '%-0000')
                   / any_value(s.employment_base_count) FILTER (s.soc_code = '00-0000') AS coverage,
               sum(s.openings_annual_count) FILTER (j.soc_code IS NOT NULL)
                   / sum(s.employment_base_count * j.openings_annual_count / j.employment_base_count) AS ratio,
               coverage >= 90 AND ratio BETWEEN 0.5 AND 1.5
        FROM projection_state s LEFT JOIN job j USING (soc_code) GROUP BY state_fips
        """,
    ),
    "Texas's awards in registered nursing": (
        """
        SELECT award_level, awards_count, institution_count FROM program_award
        WHERE state_fips = '48' AND cip_code = '51.3801' AND awards_count > 0
          AND award_year = (SELECT max(award_year) FROM program_award)
        """,
        """
        SELECT award_level, sum(awards_count), count(DISTINCT unit_id) FROM given
        WHERE state_fips = '48' AND cip_code = '51.3801' AND awards_count > 0 GROUP BY ALL
        """,
    ),
    "awards to men and women by year": (
        """
        SELECT award_year, sum(awards_men_count), sum(awards_women_count) FROM program_award WHERE state_fips = '00'
        GROUP BY ALL
        """,
        """
        SELECT award_year, sum(awards_men_count), sum(awards_women_count)
        FROM completion SEMI JOIN (SELECT * FROM institution WHERE is_title_iv AND state_fips::INTEGER < 57)
        USING (award_year, unit_id) GROUP BY ALL
        """,
    ),
    "openings of every area, scope and variant": (
        "SELECT DISTINCT state_fips, demand, demand_variant, openings_annual_count FROM gap_by_state",
        "SELECT state_fips, demand, demand_variant, sum(openings) FROM demand GROUP BY ALL",
    ),
    "awards of every area and scope": (
        "SELECT DISTINCT state_fips, awards, awards_count FROM gap_by_state",
        "SELECT state_fips, awards, sum(awards_count) FROM award JOIN scope USING (award_level) GROUP BY ALL",
    ),
    "awards that lead to an occupation in scope": (
        "SELECT DISTINCT state_fips, awards, demand, awards_linked_count FROM gap_by_state",
        """
        SELECT state_fips, awards, demand, sum(awards_count)
        FROM award JOIN scope USING (award_level)
        JOIN (SELECT DISTINCT cip_code, demand FROM link JOIN demand USING (soc_code)) USING (cip_code)
        GROUP BY ALL
        """,
    ),
    "how much of the nation's openings is estimated": (
        """
        SELECT state_fips, coverage_pct FROM gap_by_state
        WHERE (awards, demand, demand_variant) = ('sub-baccalaureate', 'career-prep', 'openings')
        """,
        """
        SELECT d.state_fips, 100 * sum(n.openings) / (SELECT sum(openings) FROM nation) FROM demand d
        JOIN nation n USING (soc_code) WHERE d.demand = 'career-prep' AND d.demand_variant = 'openings' GROUP BY ALL
        """,
    ),
    "openings of every cluster": (
        """
        SELECT DISTINCT state_fips, demand, demand_variant, cluster, openings_annual_count FROM gap_by_cluster
        WHERE subcluster IS NULL AND openings_annual_count > 0
        """,
        """
        SELECT state_fips, demand, demand_variant, cluster, sum(openings)
        FROM demand JOIN (SELECT DISTINCT soc_code, cluster FROM pathway) USING (soc_code)
        GROUP BY ALL HAVING sum(openings) > 0
        """,
    ),
    "linked awards of every sub-cluster": (
        """
        SELECT state_fips, awards, demand, cluster, subcluster, awards_linked_count FROM gap_by_cluster
        WHERE subcluster IS NOT NULL AND demand_variant = 'openings' AND awards_linked_count > 0
        """,
        """
        SELECT state_fips, awards, demand, cluster, subcluster, sum(awards_count)
        FROM award JOIN scope USING (award_level)
        JOIN (SELECT DISTINCT cip_code, demand, cluster, subcluster
              FROM link JOIN (SELECT DISTINCT soc_code, demand FROM demand) USING (soc_code)
              JOIN pathway USING (soc_code))
            USING (cip_code)
        GROUP BY ALL HAVING sum(awards_count) > 0
        """,
    ),
    "openings that pay the area's median": (
        """
        SELECT state_fips, cluster, openings_median_wage_count FROM gap_by_cluster
        WHERE subcluster IS NULL AND (awards, demand, demand_variant) = ('associate', 'career-prep', 'openings')
          AND openings_median_wage_count > 0
        """,
        """
        SELECT state_fips, cluster, sum(openings)
        FROM demand JOIN (SELECT DISTINCT soc_code, cluster FROM pathway) USING (soc_code)
        JOIN wage s USING (state_fips, soc_code)
        JOIN (SELECT state_fips, wage_median_usd AS area_median FROM wage WHERE soc_code = '00-0000')
            USING (state_fips)
        WHERE demand = 'career-prep' AND demand_variant = 'openings'
          AND (s.wage_median_usd >= area_median OR (s.wage_median_usd IS NULL AND s.wage_note LIKE 'at or above%'))
        GROUP BY ALL HAVING sum(openings) > 0
        """,
    ),
    "electricians in Ohio": (
        """
        SELECT openings_annual_count, awards_linked_count, wage_median_usd FROM gap_by_occupation
        WHERE state_fips = '39' AND soc_code = '47-2111' AND demand_variant = 'openings'
        """,
        """
        SELECT (SELECT round(openings) FROM opening WHERE state_fips = '39' AND soc_code = '47-2111'),
               (SELECT sum(awards_count) FROM award JOIN link USING (cip_code)
                WHERE state_fips = '39' AND soc_code = '47-2111' AND award_level IN ('20', '21', '2', '4', '3')),
               (SELECT wage_median_usd FROM wage WHERE state_fips = '39' AND soc_code = '47-2111')
        """,
    ),
    "vacancies per hire in manufacturing": (
        """
        SELECT month, value FROM industry_shortage
        WHERE industry_code = '300000' AND indicator = 'vacancies_per_hire'
        """,
        """
        SELECT month, (v.rate_pct / (100 - v.rate_pct)) / (h.rate_pct / 100)
        FROM turnover_monthly v JOIN turnover_monthly h USING (month, state_fips, industry_code, is_seasonally_adjusted)
        WHERE industry_code = '300000' AND state_fips = '00' AND is_seasonally_adjusted AND v.element = 'JO'
          AND h.element = 'HI' AND month >= DATE '2001-01-01'
        """,
    ),
    "percentiles of construction's quits in both windows": (
        """
        SELECT percentile_since_2001, percentile_since_2021 FROM industry_shortage
        WHERE industry_code = '230000' AND indicator = 'quits_rate' AND month = DATE '2025-12-01'
        """,
        """
        SELECT * FROM (
            SELECT 100 * (count(*) FILTER (q.rate_pct < now.rate_pct)
                          + count(*) FILTER (q.rate_pct = now.rate_pct) / 2) / count(*) AS since_2001
            FROM quits q, (SELECT rate_pct FROM quits WHERE month = DATE '2025-12-01') now
        ), (
            SELECT 100 * (count(*) FILTER (q.rate_pct < now.rate_pct)
                          + count(*) FILTER (q.rate_pct = now.rate_pct) / 2) / count(*) AS since_2021
            FROM quits q, (SELECT rate_pct FROM quits WHERE month = DATE '2025-12-01') now WHERE q.month >= '2021-01-01'
        )
        """,
    ),
    "unemployed per vacancy in December 2025": (
        """
        SELECT industry_code, value FROM industry_shortage
        WHERE indicator = 'unemployed_per_vacancy' AND month = DATE '2025-12-01'
        """,
        """
        SELECT industry_code, avg(unemployed_count) / avg(1000 * level_thousands)
        FROM unemployment_monthly JOIN turnover_monthly t USING (month, state_fips, industry_code)
        WHERE state_fips = '00' AND t.element = 'JO' AND t.is_seasonally_adjusted
          AND unemployed_count IS NOT NULL AND level_thousands IS NOT NULL
          AND month BETWEEN DATE '2025-01-01' AND DATE '2025-12-01'
        GROUP BY ALL
        """,
    ),
    "the index of main industries in December 2025": (
        """
        SELECT industry_code, value, percentile_since_2001 FROM industry_shortage
        WHERE indicator = 'index' AND month = DATE '2025-12-01'
        """,
        """
        SELECT industry_code,
               avg(abs((indicator = 'layoffs_rate')::INTEGER * 100 - percentile_since_2021)),
               avg(abs((indicator = 'layoffs_rate')::INTEGER * 100 - percentile_since_2001))
        FROM industry_shortage
        WHERE month = DATE '2025-12-01' AND industry_code IN (
                '110099', '230000', '300000', '400000', '510000', '510099', '540099', '600000', '700000', '810000')
          -- other services have no unemployed of their own, so nobody is judged by that part
          AND indicator IN ('vacancy_rate', 'vacancies_per_hire', 'quits_rate', 'layoffs_rate')
        GROUP BY ALL
        """,
    ),
}
MORE_BY_HAND = """
, nation AS (
    SELECT soc_code, openings FROM demand
    WHERE state_fips = '00' AND demand = 'career-prep' AND demand_variant = 'openings'
), quits AS (
    SELECT month, rate_pct FROM turnover_monthly
    WHERE industry_code = '230000' AND state_fips = '00' AND element = 'QU' AND is_seasonally_adjusted
      AND month >= DATE '2001-01-01'
)
"""


@pytest.mark.parametrize(("of_mart", "by_hand"), RECOMPUTED.values(), ids=RECOMPUTED.keys())
def test_a_mart_is_what_the_base_tables_give(reader: Reader, of_mart, by_hand):
    found = reader.rows(f"SELECT * FROM ({of_mart}) ORDER BY ALL")
    expected = reader.rows(f"{BY_HAND}{MORE_BY_HAND} SELECT * FROM ({by_hand}) ORDER BY ALL")
    assert found
    assert len(found) == len(expected)
    for row, other in zip(found, expected, strict=True):
        if row == other:
            continue
        for value, wanted in zip(row, other, strict=True):
            exact = wanted is None or isinstance(wanted, (str, bool)) or not isinstance(value, (int, float))
            assert value == (wanted if exact else pytest.approx(float(wanted), rel=1e-9, abs=1e-9)), (
                row,
                other,
            )


# ---- rules -----------------------------------------------------------------------------------------------

#: Each: a query for what breaks the rule.
RULES = {
    "every area, scope and variant is there once": """
        SELECT count(*), count(DISTINCT (state_fips, awards, demand, demand_variant)) FROM gap_by_state
        HAVING count(*) <> 52 * 5 * 4 * 2 OR count(DISTINCT (state_fips, awards, demand, demand_variant)) <> count(*)
    """,
    "every area, scope and variant has all clusters": """
        SELECT state_fips, awards, demand, demand_variant, count(DISTINCT cluster) FROM gap_by_cluster
        WHERE subcluster IS NULL GROUP BY ALL HAVING count(*) <> 14
        UNION ALL
        SELECT g.state_fips, g.awards, g.demand, g.demand_variant, count(c.cluster)
        FROM gap_by_state g LEFT JOIN gap_by_cluster c USING (state_fips, awards, demand, demand_variant)
        GROUP BY ALL HAVING count(c.cluster) < 14
    """,
    "more awards or more openings never fill less": """
        SELECT * FROM gap_by_state a JOIN gap_by_state b USING (state_fips, demand_variant)
        WHERE (a.awards = b.awards OR b.awards = 'all' OR b.awards = 'sub-baccalaureate' AND a.awards <> 'all'
                   AND a.awards <> 'bachelor')
          AND (a.demand = b.demand OR b.demand = 'all' OR b.demand = 'career-prep' AND a.demand = 'middle-skills')
          AND a.could_fill_count > b.could_fill_count
    """,
    "a gap with a figure missing says why": """
        SELECT state_fips, note FROM gap_by_state
        WHERE note IS NULL AND (misalignment_pct IS NULL OR coverage_pct IS NULL)
        UNION ALL
        SELECT state_fips, note FROM gap_by_cluster
        WHERE note IS NULL AND (awards_linked_count = 0 OR openings_annual_count = 0)
    """,
    "what is left is the openings without those filled": """
        SELECT * FROM gap_by_state WHERE left_count <> openings_annual_count - could_fill_count
    """,
    "could fill lies between strict and what there is": """
        SELECT * FROM gap_by_state
        WHERE NOT (0 <= strict_could_fill_count AND strict_could_fill_count <= could_fill_count
                   AND could_fill_count <= least(openings_annual_count, awards_linked_count)
                   AND awards_linked_count <= awards_count)
    """,
    "the conservative variant never fills more": """
        SELECT * FROM gap_by_state a JOIN gap_by_state b USING (state_fips, awards, demand)
        WHERE a.demand_variant = 'openings' AND b.demand_variant = 'growth_and_exits'
          AND (b.openings_annual_count > a.openings_annual_count OR b.could_fill_count > a.could_fill_count)
    """,
    "mixes are between 0 and 100": """
        SELECT * FROM gap_by_state
        WHERE misalignment_pct IS NULL AND (awards_linked_count > 0 AND openings_annual_count > 0)
           OR misalignment_pct NOT BETWEEN 0 AND 100
    """,
    "clusters: at least, at most, openings": """
        SELECT * FROM gap_by_cluster
        WHERE NOT (0 <= at_least_count AND at_least_count <= at_most_count AND at_most_count <= openings_annual_count)
           OR at_most_count > awards_linked_count OR unplaceable_count NOT BETWEEN 0 AND awards_linked_count
    """,
    "occupations: at least, at most, openings": """
        SELECT * FROM gap_by_occupation WHERE openings_annual_count IS NOT NULL AND (
            NOT (0 <= at_least_count AND at_least_count <= at_most_count AND at_most_count <= openings_annual_count)
            OR at_most_count > awards_linked_count)
    """,
    "gaps are the openings without what is filled": """
        SELECT state_fips, openings_annual_count, at_least_count, at_most_count, gap_low_count, gap_high_count
        FROM (SELECT * FROM gap_by_cluster UNION ALL BY NAME SELECT * FROM gap_by_occupation)
        WHERE gap_low_count <> openings_annual_count - at_most_count
           OR gap_high_count <> openings_annual_count - at_least_count
    """,
    "the point estimate lies within the gap": """
        SELECT state_fips, gap_low_count, gap_proportional_count, gap_high_count
        FROM (SELECT * FROM gap_by_cluster UNION ALL BY NAME SELECT * FROM gap_by_occupation)
        WHERE NOT (gap_low_count <= gap_proportional_count AND gap_proportional_count <= gap_high_count)
           OR (gap_proportional_count IS NULL) <> (gap_low_count IS NULL)
    """,
    "occupations without an estimate say so": """
        SELECT * FROM gap_by_occupation WHERE (openings_annual_count IS NULL) <> (note IS NOT NULL)
           OR (openings_annual_count IS NULL) <> (gap_low_count IS NULL)
    """,
    "a cluster's occupations leave together no less than each can": """
        SELECT c.state_fips, c.cluster FROM gap_by_cluster c
        JOIN (SELECT state_fips, demand_variant, cluster, sum(at_most_count) AS at_most
              FROM gap_by_occupation
              JOIN (SELECT DISTINCT soc_code, cluster FROM occupation_pathway WHERE framework LIKE '14%')
                  USING (soc_code)
              GROUP BY ALL) o USING (state_fips, demand_variant, cluster)
        WHERE c.subcluster IS NULL AND c.awards = 'sub-baccalaureate' AND c.demand = 'career-prep'
          AND c.at_most_count > o.at_most
    """,
    "sub-clusters lie within their cluster": """
        SELECT * FROM gap_by_cluster s
        LEFT JOIN gap_by_cluster c ON c.subcluster IS NULL
            AND (c.state_fips, c.awards, c.demand, c.demand_variant, c.cluster)
              = (s.state_fips, s.awards, s.demand, s.demand_variant, s.cluster)
        WHERE s.subcluster IS NOT NULL AND (
            c.cluster IS NULL OR s.openings_annual_count > c.openings_annual_count
            OR s.openings_median_wage_count > c.openings_median_wage_count
            OR s.awards_linked_count > c.awards_linked_count
            OR s.at_most_count > c.at_most_count OR s.at_least_count > c.at_least_count
            OR s.openings_split_count IS NOT NULL)
    """,
    "clusters with each occupation counted once add up to the openings": """
        SELECT g.state_fips, g.awards, g.demand, g.demand_variant, any_value(g.openings_annual_count),
               sum(c.openings_split_count)
        FROM gap_by_state g JOIN gap_by_cluster c USING (state_fips, awards, demand, demand_variant)
        GROUP BY ALL HAVING any_value(g.openings_annual_count) <> sum(c.openings_split_count)
    """,
    "a cluster counted once is no larger than counted whole": """
        SELECT * FROM gap_by_cluster WHERE openings_split_count > openings_annual_count + 1
           OR openings_median_wage_count > openings_annual_count
    """,
    "verdicts are those of the methods": """
        SELECT verdict FROM gap_by_cluster WHERE verdict <> CASE
            WHEN openings_annual_count < 100 OR awards_linked_count < 10 THEN 'too small'
            WHEN gap_low_count >= 0.05 * openings_annual_count AND unplaceable_count >= 0.05 * awards_linked_count
                THEN 'mismatch'
            WHEN gap_low_count >= 0.05 * openings_annual_count THEN 'more openings than awards'
            WHEN unplaceable_count >= 0.05 * awards_linked_count THEN 'more awards than openings'
            WHEN gap_high_count < 0.05 * openings_annual_count THEN 'about even'
            ELSE 'could go either way' END
    """,
    "the check's two sums differ by what is left": """
        SELECT g.state_fips, g.demand_variant, g.left_count, needed, given FROM gap_by_state g
        LEFT JOIN (SELECT state_fips, demand_variant, coalesce(sum(count) FILTER (side = 'occupation'), 0) AS needed,
                          coalesce(sum(count) FILTER (side = 'program'), 0) AS given
                   FROM gap_check GROUP BY ALL) USING (state_fips, demand_variant)
        WHERE g.awards = 'sub-baccalaureate' AND g.demand = 'career-prep'
          AND g.left_count IS DISTINCT FROM coalesce(needed, 0) - coalesce(given, 0)
    """,
    "the check names every program that leads to its occupations": """
        SELECT * FROM (
            SELECT DISTINCT c.state_fips, c.demand_variant, cip_code, a.awards
            FROM gap_check c JOIN occupation_link l ON l.soc_code = c.code
            JOIN (SELECT state_fips, cip_code, sum(awards_count) AS awards FROM program_award
                  WHERE award_level IN ('20', '21', '2', '4', '3')
                    AND award_year = (SELECT max(award_year) FROM program_award)
                  GROUP BY ALL HAVING sum(awards_count) > 0) a USING (state_fips, cip_code)
            WHERE c.side = 'occupation'
        ) wanted
        FULL JOIN (SELECT * FROM gap_check WHERE side = 'program') listed
          ON (wanted.state_fips, wanted.demand_variant, wanted.cip_code)
           = (listed.state_fips, listed.demand_variant, listed.code)
        WHERE wanted.awards IS DISTINCT FROM listed.count
    """,
    "the check's openings are those of the occupations": """
        SELECT c.state_fips, c.code, c.count, o.openings_annual_count FROM gap_check c
        LEFT JOIN gap_by_occupation o ON (o.state_fips, o.demand_variant, o.soc_code)
            = (c.state_fips, c.demand_variant, c.code)
        WHERE c.side = 'occupation' AND c.count IS DISTINCT FROM o.openings_annual_count
    """,
    "the nation's awards are the states'": """
        SELECT award_year, cip_code, award_level FROM program_award GROUP BY ALL
        HAVING sum(awards_count) FILTER (state_fips = '00')
               IS DISTINCT FROM sum(awards_count) FILTER (state_fips <> '00')
            OR sum(awards_women_count) FILTER (state_fips = '00')
               IS DISTINCT FROM sum(awards_women_count) FILTER (state_fips <> '00')
            OR sum(institution_count) FILTER (state_fips = '00')
               IS DISTINCT FROM sum(institution_count) FILTER (state_fips <> '00')
    """,
    "the states' gap awards add up to the nation's": """
        SELECT awards, demand, demand_variant FROM gap_by_state GROUP BY ALL
        HAVING sum(awards_count) FILTER (state_fips = '00') <> sum(awards_count) FILTER (state_fips <> '00')
            OR sum(awards_linked_count) FILTER (state_fips = '00')
               <> sum(awards_linked_count) FILTER (state_fips <> '00')
    """,
    "percentiles are between 0 and 100, and the index has both from 2021": """
        SELECT * FROM industry_shortage
        WHERE percentile_since_2001 IS NULL OR percentile_since_2001 NOT BETWEEN 0 AND 100
           OR percentile_since_2021 NOT BETWEEN 0 AND 100
           OR (percentile_since_2021 IS NULL) <> (month < DATE '2021-01-01')
           OR (indicator = 'index' AND value IS DISTINCT FROM percentile_since_2021)
    """,
    "a missing estimate has a note and a note has no estimate": """
        SELECT * FROM occupation_projection
        WHERE demand_basis = 'estimated' AND (openings_annual_count IS NULL) <> (note IS NOT NULL)
           OR demand_basis = 'projected' AND note IS NULL
    """,
}


@pytest.mark.parametrize("broken", RULES.values(), ids=RULES.keys())
def test_a_rule_holds_in_every_row(reader: Reader, broken):
    assert reader.rows(f"SELECT * FROM ({broken}) LIMIT 5") == []


def test_the_checks_two_sums_can_be_redone_everywhere(reader: Reader):
    """For the nation and all 51 areas, from the publishers' figures: what the occupations need, and what every program
    that can lead to any of them gave."""
    redone = reader.rows(
        f"""
        {BY_HAND}, named AS (
            SELECT state_fips, demand_variant, code AS soc_code FROM gap_check WHERE side = 'occupation'
        ), needed AS (
            SELECT state_fips, demand_variant, sum(openings)::BIGINT AS openings
            FROM named JOIN (SELECT * FROM demand WHERE demand = 'career-prep')
                USING (state_fips, demand_variant, soc_code) GROUP BY ALL
        ), led AS (
            SELECT DISTINCT state_fips, demand_variant, cip_code FROM named JOIN link USING (soc_code)
        ), gave AS (
            SELECT state_fips, demand_variant, sum(awards_count)::BIGINT AS awards
            FROM led JOIN award USING (state_fips, cip_code) JOIN scope USING (award_level)
            WHERE scope.awards = 'sub-baccalaureate' GROUP BY ALL
        )
        SELECT g.state_fips, g.demand_variant, g.left_count, openings, coalesce(gave.awards, 0)
        FROM gap_by_state g LEFT JOIN needed USING (state_fips, demand_variant)
        LEFT JOIN gave USING (state_fips, demand_variant)
        WHERE g.awards = 'sub-baccalaureate' AND g.demand = 'career-prep'
        """
    )
    assert len(redone) == 2 * 52
    for area, variant, left, openings, awards in redone:
        assert openings - awards == left, (area, variant)


@pytest.mark.parametrize(
    "table",
    [t for t in tables("mart") if any(f.type == "DOUBLE" for f in t.fields)],
    ids=lambda table: table.name,
)
def test_no_number_is_nan_or_infinite(reader: Reader, table):
    for field in table.fields:
        if field.type == "DOUBLE":
            [(bad,)] = reader.rows(
                f"SELECT count(*) FROM {table.name} WHERE isnan({field.name}) OR isinf({field.name})"
            )
            assert bad == 0, field.name


@pytest.mark.parametrize("table", tables("mart"), ids=lambda table: table.name)
def test_a_mart_has_rows_and_each_key_once(reader: Reader, table):
    # The sub-cluster of a whole cluster is NULL, and part of the key.
    [(rows, keys)] = reader.rows(f"SELECT count(*), count(DISTINCT ({', '.join(table.key)})) FROM {table.name}")
    assert rows == keys
    # Regions' openings are of files that people bring, of which the snapshot has none.
    assert (rows == 0) == (table.name == "region_openings")


def test_ways_in_add_up_to_the_area(reader: Reader) -> None:
    """Every occupation in the default scope has one way in; what each way could get alone is at least what all get."""
    rows = reader.rows(
        """
        SELECT w.state_fips, w.demand_variant, sum(w.openings_annual_count) AS openings, sum(w.at_most_count) AS alone,
               any_value(g.openings_annual_count) AS area_openings, any_value(g.could_fill_count) AS could_fill,
               max(w.at_most_count - w.openings_annual_count) AS excess
        FROM gap_by_way_in w JOIN gap_by_state g USING (award_year, state_fips, awards, demand, demand_basis, demand_variant)
        GROUP BY ALL
        """
    )
    assert len(rows) == 104
    for _, _, openings, alone, area_openings, could_fill, excess in rows:
        assert openings == area_openings
        assert alone >= could_fill
        assert excess <= 0


def test_ways_in_of_the_nation(reader: Reader) -> None:
    """Registered nurses: the awards that lead to them are fewer than the openings, with no other program's help."""
    rows = reader.rows(
        """
        SELECT at_most_count, (SELECT sum(awards_count) FROM program_award WHERE award_year = w.award_year
                               AND state_fips = '00' AND award_level IN ('20', '21', '2', '4', '3')
                               AND cip_code IN (SELECT cip_code FROM occupation_link WHERE soc_code = '29-1141'))
        FROM gap_by_way_in w
        WHERE state_fips = '00' AND demand_variant = 'openings' AND way_in LIKE 'Licensure%'
        """
    )
    assert rows[0][0] == rows[0][1]
