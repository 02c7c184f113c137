"""Marts of principles, industries and stability: recomputed by SQL on the base tables, written for this test alone."""

from __future__ import annotations

import pytest

from etl.warehouse.read import Reader

#: From the publishers' figures to career-training jobs, their links, pathways, openings (nation and states) and awards.
BY_HAND = """
WITH job AS (
    SELECT p.soc_code, p.openings_annual_count AS all_openings,
           greatest(0, p.change_count / 10 + p.exits_annual_count) AS few_openings,
           a.soc_code IS NOT NULL OR coalesce(p.entry_education IN (
               'Postsecondary nondegree award', 'Some college, no degree', 'Associate''s degree'), false) AS is_middle,
           is_middle OR coalesce(p.entry_education = 'High school diploma or equivalent' AND p.on_the_job_training IN (
               'Apprenticeship', 'Long-term on-the-job training', 'Moderate-term on-the-job training'), false)
               AS is_career,
           a.soc_code IS NOT NULL OR coalesce(p.entry_education LIKE 'Associate%', false) AS is_degree_only
    FROM projection_national p LEFT JOIN career_prep_addition a USING (soc_code)
    WHERE p.occupation_type = 'Line item'
), code AS (
    SELECT j.soc_code AS job, coalesce(m.soc_code, j.soc_code) AS soc_code
    FROM job j LEFT JOIN soc_map m ON m.projection_code = j.soc_code
), link AS (
    SELECT DISTINCT cip_code, job AS soc_code FROM program_occupation JOIN code USING (soc_code)
    WHERE soc_code NOT LIKE '25-1%'
), pathway AS (
    SELECT DISTINCT framework, job AS soc_code, cluster
    FROM occupation_cluster c JOIN (SELECT * FROM code UNION SELECT job, job FROM code) USING (soc_code)
), survey AS (
    SELECT * FROM occupation_employment
    WHERE occupation_group = 'detailed'
      AND reference_year = (SELECT max(reference_year) FROM occupation_employment WHERE state_fips <> '00')
), opening AS (
    SELECT '00' AS state_fips, soc_code, all_openings AS openings, few_openings AS few FROM job
    UNION ALL
    SELECT s.state_fips, soc_code, all_openings * s.employment_count / held.published,
           few_openings * s.employment_count / held.published
    FROM job JOIN survey s USING (soc_code) JOIN (
        SELECT soc_code, sum(employment_count) FILTER (state_fips <> '00') AS published FROM survey GROUP BY soc_code
        HAVING published >= 0.75 * any_value(employment_count) FILTER (state_fips = '00')
    ) held USING (soc_code)
    WHERE s.state_fips <> '00' AND s.employment_count IS NOT NULL
), award AS (
    SELECT c.*, i.state_fips FROM completion c JOIN institution i USING (award_year, unit_id)
    WHERE i.is_title_iv AND i.state_fips <= '56' AND c.award_level IN ('2', '3', '4', '20', '21')
)
"""


def by_hand(reader: Reader, steps: str, **parameters: str) -> float:
    """The one value of a query that goes on where :data:`BY_HAND` ends: more steps, then SELECT."""
    ((value,),) = reader.rows(f"{BY_HAND}, {steps}", parameters)
    return float(value)


def indicator(reader: Reader, name: str, state_fips: str, cluster: str | None = None) -> float:
    """The value for all openings where the indicator has both variants."""
    ((value,),) = reader.rows(
        """
        SELECT value FROM principle_indicator
        WHERE indicator = $name AND state_fips = $fips AND cluster IS NOT DISTINCT FROM $cluster
          AND coalesce(demand, 'career-prep') = 'career-prep' AND coalesce(demand_variant, 'openings') = 'openings'
        """,
        {"name": name, "fips": state_fips, "cluster": cluster},
    )
    return float(value)


# ---- principles ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state_fips", ["00", "37", "02"])
def test_choice_near_home(reader: Reader, state_fips: str) -> None:
    steps = """
        newest AS (
            SELECT max(reference_year) AS y FROM occupation_employment
            WHERE state_fips = $fips AND soc_code = '00-0000' AND wage_median_usd IS NOT NULL
        ), paid AS (
            SELECT e.soc_code FROM occupation_employment e, newest
            WHERE e.state_fips = $fips AND e.reference_year = y AND e.employment_count IS NOT NULL
              AND e.soc_code IN (SELECT soc_code FROM job WHERE is_career)
              AND e.soc_code IN (SELECT soc_code FROM link)
              AND (e.wage_median_usd >= (
                       SELECT wage_median_usd FROM occupation_employment
                       WHERE soc_code = '00-0000' AND state_fips = '00' ORDER BY reference_year DESC LIMIT 1)
                   OR e.wage_median_usd IS NULL AND e.wage_note LIKE 'at or above%')
            ORDER BY e.employment_count DESC, e.soc_code LIMIT 50
        ), taught AS (
            SELECT DISTINCT l.soc_code FROM link l JOIN award a USING (cip_code)
            WHERE a.award_year = (SELECT max(award_year) FROM completion) AND a.awards_count > 0
              AND $fips IN ('00', a.state_fips)
        )
        SELECT count(*) FROM paid SEMI JOIN taught USING (soc_code)
        """
    assert indicator(reader, "choice_near_home_count", state_fips) == by_hand(reader, steps, fips=state_fips)
    assert indicator(reader, "choice_near_home_considered_count", state_fips) == 50


@pytest.mark.parametrize("state_fips", ["00", "48", "50"])
@pytest.mark.parametrize("cluster", ["Healthcare & Human Services", "Construction"])
def test_awards_to_women_by_pathway(reader: Reader, state_fips: str, cluster: str) -> None:
    steps = """
        demand AS (
            SELECT soc_code, floor(openings + 0.5) AS openings FROM opening JOIN job USING (soc_code)
            WHERE state_fips = $fips AND is_career
        ), part AS (
            SELECT cip_code, soc_code, openings / sum(openings) OVER (PARTITION BY cip_code) AS share
            FROM link JOIN demand USING (soc_code) WHERE openings > 0
        ), women AS (
            SELECT cip_code, sum(awards_women_count) AS awards FROM award
            WHERE award_year = (SELECT max(award_year) FROM completion) AND $fips IN ('00', state_fips) GROUP BY ALL
        ), placed AS (
            SELECT soc_code, sum(awards * share) AS awards FROM women JOIN part USING (cip_code) GROUP BY ALL
        ), in_pathway AS (
            SELECT cluster, awards / count(*) OVER (PARTITION BY soc_code) AS awards
            FROM placed JOIN pathway USING (soc_code) WHERE framework LIKE '14%'
        )
        SELECT 100 * sum(awards) FILTER (cluster = $cluster) / sum(awards) FROM in_pathway
        """
    wanted = by_hand(reader, steps, fips=state_fips, cluster=cluster)
    assert indicator(reader, "awards_per_100_women", state_fips, cluster) == pytest.approx(wanted)


@pytest.mark.parametrize("state_fips", ["00", "48", "56"])
def test_stackable(reader: Reader, state_fips: str) -> None:
    steps = """
        cell AS (
            SELECT unit_id, left(cip_code, 5) AS field, sum(awards_count) FILTER (award_level <> '3') AS certificates,
                   coalesce(sum(awards_count) FILTER (award_level = '3'), 0) > 0 AS goes_on
            FROM award WHERE award_year = (SELECT max(award_year) FROM completion) AND $fips IN ('00', state_fips)
            GROUP BY ALL HAVING certificates > 0
        )
        SELECT {what} FROM cell
        """
    cells = by_hand(reader, steps.format(what="100 * avg(goes_on::INTEGER)"), fips=state_fips)
    weighted = "100 * sum(certificates) FILTER (goes_on) / sum(certificates)"
    assert indicator(reader, "stackable_pct", state_fips) == pytest.approx(cells)
    assert indicator(reader, "stackable_awards_pct", state_fips) == pytest.approx(
        by_hand(reader, steps.format(what=weighted), fips=state_fips)
    )


@pytest.mark.parametrize(("state_fips", "cluster"), [("00", "Construction"), ("37", "Education")])
def test_pay_of_practitioners(reader: Reader, state_fips: str, cluster: str) -> None:
    steps = """
        newest AS (
            SELECT max(reference_year) AS y FROM occupation_employment
            WHERE state_fips = $fips AND soc_code = '00-0000' AND wage_median_usd IS NOT NULL
        )
        SELECT sum(e.wage_median_usd * o.openings) / sum(o.openings)
        FROM opening o JOIN job USING (soc_code) JOIN pathway p USING (soc_code)
        JOIN occupation_employment e ON e.soc_code = o.soc_code AND e.state_fips = o.state_fips
        JOIN newest ON e.reference_year = y
        WHERE o.state_fips = $fips AND is_career AND p.framework LIKE '14%' AND p.cluster = $cluster
          AND o.soc_code IN (SELECT soc_code FROM link) AND e.wage_median_usd IS NOT NULL
        """
    wanted = by_hand(reader, steps, fips=state_fips, cluster=cluster)
    assert indicator(reader, "practitioner_median_usd", state_fips, cluster) == pytest.approx(wanted)


def test_teachers_pay_and_distance(reader: Reader) -> None:
    assert indicator(reader, "teacher_secondary_median_usd", "00") == 66_270
    assert indicator(reader, "teacher_postsecondary_median_usd", "00") == 63_820
    steps = """
        student AS (
            SELECT d.* FROM distance_enrollment d JOIN institution i ON i.unit_id = d.unit_id AND i.award_year = 2023
            WHERE d.fall_year = 2022 AND i.is_title_iv AND i.state_fips = '04'
        )
        SELECT 100 * sum(exclusively_distance_count) / sum(enrolled_count) FROM student
        """
    assert indicator(reader, "distance_wholly_pct", "04") == pytest.approx(by_hand(reader, steps))


def test_concentrators_are_set_against_openings_of_their_own_framework(reader: Reader) -> None:
    steps = """
        pupil AS (
            SELECT cluster, students_count::DOUBLE AS pupils FROM cte_enrollment
            WHERE state_fips = '37' AND education_level = 'secondary' AND measure = 'concentrators'
              AND population = 'all' AND district = 'all' AND cluster NOT IN ('all', 'Other')
        ), demand AS (
            SELECT soc_code, floor(openings + 0.5) AS openings FROM opening JOIN job USING (soc_code)
            WHERE state_fips = '37' AND is_career AND soc_code IN (SELECT soc_code FROM link)
        ), wanted AS (
            SELECT cluster, sum(openings) AS openings FROM (
                SELECT cluster, openings / count(*) OVER (PARTITION BY soc_code) AS openings
                FROM demand JOIN pathway USING (soc_code) WHERE framework LIKE '16%'
            ) GROUP BY ALL
        ), side AS (SELECT * FROM wanted LEFT JOIN pupil USING (cluster) WHERE pupils IS NOT NULL)
        SELECT 50 * sum(abs(pupils / (SELECT sum(pupils) FROM side) - openings / (SELECT sum(openings) FROM side)))
        FROM side
        """
    found = indicator(reader, "concentrators_misalignment_pct", "37")
    assert found == pytest.approx(by_hand(reader, steps), abs=0.01)  # whole openings there, parts here


# ---- industries ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sector", "cluster", "framework"),
    [
        ("23", "Construction", "14 clusters (2024)"),
        ("62", "Healthcare & Human Services", "14 clusters (2024)"),
        ("99", "Public Service & Safety", "14 clusters (2024)"),
        ("31-33", "Manufacturing", "16 clusters (2002)"),
    ],
)
def test_openings_by_industry_and_pathway(reader: Reader, sector: str, cluster: str, framework: str) -> None:
    steps = """
        cell AS (
            SELECT naics_sector, soc_code,
                   employment_count / sum(employment_count) OVER (PARTITION BY soc_code) AS share
            FROM industry_occupation_employment WHERE employment_count IS NOT NULL
        )
        SELECT sum(share * all_openings)
        FROM cell JOIN job USING (soc_code) JOIN pathway USING (soc_code)
        WHERE naics_sector = $sector AND cluster = $cluster AND framework = $framework AND is_career
          AND soc_code IN (SELECT soc_code FROM link)
        """
    wanted = by_hand(reader, steps, sector=sector, cluster=cluster, framework=framework)
    ((found,),) = reader.rows(
        """
        SELECT openings_annual_count FROM industry_cluster_openings
        WHERE demand = 'career-prep' AND demand_variant = 'openings'
          AND naics_sector = ? AND cluster = ? AND framework = ?
        """,
        [sector, cluster, framework],
    )
    assert found == pytest.approx(wanted)


def test_a_pathways_industry_shortage(reader: Reader) -> None:
    """Education: schools are mostly public, so only the private part of sectors 61 and 62 meets a private industry."""
    ((wanted, unmatched),) = reader.rows(
        """
        WITH private AS (
            SELECT naics_code, sum(employment_count) FILTER (own_code = '5') / sum(employment_count) AS part
            FROM industry_employment WHERE state_fips = '00' AND own_code IN ('1', '2', '3', '5') GROUP BY ALL
        ), rate AS (
            SELECT industry_code, rate_pct FROM turnover_monthly
            WHERE state_fips = '00' AND element = 'JO' AND is_seasonally_adjusted AND month = DATE '2026-08-01'
        ), weight AS (
            SELECT o.openings_annual_count AS openings, r.rate_pct,
                   o.openings_annual_count * CASE WHEN o.naics_sector IN ('61', '62') THEN p.part ELSE 1 END AS weight
            FROM industry_cluster_openings o
            LEFT JOIN private p ON p.naics_code = o.naics_sector
            LEFT JOIN rate r ON r.industry_code = CASE
                WHEN o.naics_sector = '21' THEN '110099' WHEN o.naics_sector = '23' THEN '230000'
                WHEN o.naics_sector = '31-33' THEN '300000'
                WHEN o.naics_sector IN ('22', '42', '44-45', '48-49') THEN '400000'
                WHEN o.naics_sector = '51' THEN '510000' WHEN o.naics_sector IN ('52', '53') THEN '510099'
                WHEN o.naics_sector IN ('54', '55', '56') THEN '540099'
                WHEN o.naics_sector IN ('61', '62') THEN '600000'
                WHEN o.naics_sector IN ('71', '72') THEN '700000' WHEN o.naics_sector = '81' THEN '810000' END
            WHERE o.cluster = 'Education' AND o.framework LIKE '14%' AND o.demand = 'career-prep'
              AND o.demand_variant = 'openings'
        )
        SELECT sum(weight * rate_pct) / sum(weight) FILTER (rate_pct IS NOT NULL),
               100 - 100 * sum(weight) FILTER (rate_pct IS NOT NULL) / sum(openings) FROM weight
        """
    )
    ((month, found, without, note),) = reader.rows(
        """
        SELECT month::TEXT, value, unmatched_pct, note FROM pathway_industry_shortage
        WHERE indicator = 'vacancy_rate' AND cluster = 'Education' AND framework LIKE '14%'
          AND demand = 'career-prep' AND demand_variant = 'openings'
        """
    )
    assert month == "2026-08-01"
    assert (found, without) == (pytest.approx(wanted), pytest.approx(unmatched))
    assert without > 50
    assert note.startswith("over half")


def test_modelled_vacancies_keep_the_odds_of_employment(reader: Reader) -> None:
    """What raking means: between any two states and industries, vacancies differ as covered employment does, but for
    one factor per state and one per industry."""
    ((modelled, employed),) = reader.rows(
        """
        WITH jobs AS (
            SELECT state_fips, naics_code, employment_count AS n FROM industry_employment WHERE own_code = '5'
        ), v AS (SELECT * FROM state_industry_vacancies WHERE month = DATE '2025-07-01')
        SELECT (SELECT vacancies_count FROM v WHERE state_fips = '37' AND industry_code = '230000')
             * (SELECT vacancies_count FROM v WHERE state_fips = '48' AND industry_code = '300000')
             / (SELECT vacancies_count FROM v WHERE state_fips = '37' AND industry_code = '300000')
             / (SELECT vacancies_count FROM v WHERE state_fips = '48' AND industry_code = '230000'),
               (SELECT n FROM jobs WHERE state_fips = '37' AND naics_code = '23')
             * (SELECT n FROM jobs WHERE state_fips = '48' AND naics_code = '31-33')
             / (SELECT n FROM jobs WHERE state_fips = '37' AND naics_code = '31-33')
             / (SELECT n FROM jobs WHERE state_fips = '48' AND naics_code = '23')
        """
    )
    assert modelled == pytest.approx(employed, rel=1e-4)


def test_the_two_frameworks_are_kept_apart(reader: Reader) -> None:
    steps = """
        demand AS (
            SELECT soc_code, floor(few + 0.5) AS openings FROM opening JOIN job USING (soc_code)
            WHERE state_fips = '37' AND is_career AND soc_code IN (SELECT soc_code FROM link)
        )
        SELECT sum(openings) FROM demand JOIN pathway USING (soc_code)
        WHERE framework = '16 clusters (2002)' AND cluster = 'Health Science'
        """
    found = reader.rows(
        """
        SELECT openings_annual_count FROM framework_openings
        WHERE state_fips = '37' AND demand = 'career-prep' AND demand_variant = 'growth_and_exits'
          AND framework = '16 clusters (2002)' AND cluster = 'Health Science'
        """
    )
    assert found == [(by_hand(reader, steps),)]


# ---- stability -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state_fips", "cluster"), [("00", "Agriculture"), ("48", "Digital Technology"), ("37", "Construction")]
)
def test_fewer_awards_than_openings_under_every_assumption(reader: Reader, state_fips: str, cluster: str) -> None:
    """A finding that needs no flow, so that SQL can count the assumptions under which it holds."""
    steps = """
        scope AS (SELECT * FROM (VALUES ('career'), ('middle')) t (scope)),
        inside AS (
            SELECT DISTINCT scope, j.soc_code, j.is_degree_only FROM scope, job j JOIN pathway p USING (soc_code)
            WHERE p.framework LIKE '14%' AND p.cluster = $cluster AND j.soc_code IN (SELECT soc_code FROM link)
              AND CASE scope WHEN 'career' THEN j.is_career ELSE j.is_middle END
        ), wanted AS (
            SELECT scope, sum(floor(openings + 0.5)) AS all_openings, sum(floor(few + 0.5)) AS few
            FROM inside JOIN opening USING (soc_code) WHERE state_fips = $fips GROUP BY ALL
        ), leads AS (
            SELECT scope, cip_code, bool_or(NOT is_degree_only) AS takes_certificates
            FROM inside JOIN link USING (soc_code) GROUP BY ALL
        ), gave AS (
            SELECT scope, award_year, sum(awards_count) AS lenient,
                   coalesce(sum(awards_count) FILTER (award_level = '3'
                       OR (award_level <> '20' AND takes_certificates)), 0) AS strict
            FROM award JOIN leads USING (cip_code)
            WHERE $fips IN ('00', state_fips) AND award_year > (SELECT max(award_year) FROM completion) - 3 GROUP BY ALL
        ), tried AS (
            SELECT unnest([all_openings, few, all_openings, few]) AS openings,
                   unnest([lenient, lenient, strict, strict]) AS awards
            FROM wanted JOIN gave USING (scope)
        )
        SELECT count(*) FILTER (openings >= 100 AND awards >= 10 AND awards < openings) + 100 * count(*) FROM tried
        """
    found = reader.rows(
        """
        SELECT holds_count + 100 * tried_count FROM gap_stability
        WHERE finding = 'fewer awards than openings' AND state_fips = ? AND cluster = ?
        """,
        [state_fips, cluster],
    )
    assert found == [(by_hand(reader, steps, fips=state_fips, cluster=cluster),)]


def test_the_default_setting_agrees_with_the_gap_tables(reader: Reader) -> None:
    """What holds under all assumptions holds in the gap tables, which are one of them."""
    rows = reader.rows(
        """
        SELECT s.state_fips, s.cluster, s.finding, g.verdict FROM gap_stability s
        JOIN gap_by_cluster g ON g.state_fips = s.state_fips AND g.cluster = s.cluster AND g.subcluster IS NULL
        WHERE g.awards = 'sub-baccalaureate' AND g.demand IN ('career-prep', 'middle-skills')
          AND s.holds_count IN (0, s.tried_count)
          AND s.finding IN ('mismatch', 'more openings than awards', 'more awards than openings', 'about even')
          AND (g.verdict = s.finding) <> (s.holds_count = s.tried_count)
        """
    )
    assert rows == []
