"""The figures of METHODS section 7, from the committed snapshot. Each names its year.

They are what publishers print, or what an independent hand found on the same files. If one of them changes, the
snapshot has been refreshed (then the new figure belongs here) or something is wrong.
"""

from __future__ import annotations

import numpy as np
import pytest

from etl.warehouse.read import Reader
from measures.gaps import misalignment_pct
from measures.matching import Matching, by_level

HYBRIDS = ("21-1018", "25-2052", "25-9045", "51-2028", "53-1047")
NURSES = ("29-1141",)


# ---- what publishers print -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("award_year", "level", "programs", "awards"),
    [
        (2021, "5", "%", 2_066_445),
        (2022, "5", "%", 2_015_035),
        (2022, "3", "51.%", 177_433),
        (2022, "3", "24.%", 383_284),
    ],
    ids=["bachelor's 2020-21", "bachelor's 2021-22", "health, associate's 2021-22", "liberal arts"],
)
def test_awards_in_the_universe_of_the_measures(reader: Reader, award_year, level, programs, awards):
    found = reader.rows(
        """
        SELECT state_fips = '00' AS is_nation, sum(awards_count) FROM program_award
        WHERE award_year = ? AND award_level = ? AND cip_code LIKE ? GROUP BY ALL ORDER BY ALL
        """,
        [award_year, level, programs],
    )
    assert found == [(False, awards), (True, awards)]


@pytest.mark.parametrize(
    ("occupation", "jobs_2024", "jobs_2034", "openings"),
    [("00-0000", 169_956_100, 175_167_900, 18_863_300), ("47-2111", None, None, 81_000)],
    ids=["all occupations", "electricians"],
)
def test_projections_2024_to_2034(reader: Reader, occupation, jobs_2024, jobs_2034, openings):
    [found] = reader.rows(
        """
        SELECT employment_base_count, employment_projected_count, openings_annual_count
        FROM projection_national WHERE (base_year, projection_year, soc_code) = (2024, 2034, ?)
        """,
        [occupation],
    )
    assert found[2] == openings
    if jobs_2024:
        assert found[:2] == (jobs_2024, jobs_2034)


@pytest.mark.parametrize(
    ("area", "occupation", "jobs", "median"),
    [("00", "00-0000", 155_495_730, 50_980), ("06", "29-1141", 338_940, None)],
    ids=["the nation", "California's registered nurses"],
)
def test_employment_and_wages_in_may_2025(reader: Reader, area, occupation, jobs, median):
    [found] = reader.rows(
        """
        SELECT employment_count, wage_median_usd FROM occupation_employment
        WHERE (reference_year, state_fips, soc_code) = (2025, ?, ?)
        """,
        [area, occupation],
    )
    assert found[0] == jobs
    if median:
        assert found[1] == median


@pytest.mark.parametrize(
    ("links", "expected"),
    [("true", (5_723, 1_948, 687)), ("NOT is_teacher_link", (4_325, 1_856, 650))],
    ids=["all", "without postsecondary teachers"],
)
def test_pairs_programs_and_occupations_of_the_crosswalk(reader: Reader, links, expected):
    [found] = reader.rows(
        f"SELECT count(*), count(DISTINCT cip_code), count(DISTINCT soc_code) FROM program_occupation WHERE {links}"
    )
    assert found == expected


def test_teacher_links_are_those_to_postsecondary_teachers(reader: Reader):
    assert reader.rows(
        "SELECT count(*) FROM program_occupation WHERE is_teacher_link <> starts_with(soc_code, '25-1')"
    ) == [(0,)]


def test_clusters_occupations_and_subclusters_of_2024(reader: Reader):
    [found] = reader.rows(
        """
        SELECT count(DISTINCT cluster), count(DISTINCT soc_code), count(DISTINCT (cluster, subcluster)),
               count(DISTINCT (cluster, lower(subcluster)))
        FROM occupation_cluster WHERE framework = '14 clusters (2024)'
        """
    )
    assert found == (14, 851, 71, 71)


def test_vacancies_in_december_2025(reader: Reader):
    [found] = reader.rows(
        """
        SELECT level_thousands, rate_pct FROM turnover_monthly
        WHERE month = DATE '2025-12-01' AND state_fips = '00' AND industry_code = '000000' AND element = 'JO'
          AND is_seasonally_adjusted
        """
    )
    assert found == (6_550, 4.0)


# ---- how far the nation's awards of 2023-24 could go -----------------------------------------------------


def test_could_fill_in_the_default_scopes(reader: Reader):
    [found] = reader.rows(
        """
        SELECT award_year, could_fill_count, openings_annual_count FROM gap_by_state
        WHERE state_fips = '00' AND awards = 'sub-baccalaureate' AND demand = 'career-prep'
          AND demand_variant = 'openings'
        """
    )
    assert found == (2024, 1_028_120, 4_017_300)


class Nation:
    """The nation's awards of 2023-24 at each level, and its career-training openings without some occupations."""

    def __init__(self, reader: Reader, without: tuple[str, ...], flow: str = "openings_annual_count") -> None:
        links = reader.rows(
            """
            SELECT cip_code, soc_code FROM occupation_link JOIN occupation USING (soc_code)
            WHERE is_career_prep AND NOT list_contains($without, soc_code) ORDER BY ALL
            """,
            {"without": list(without)},
        )
        programs, occupations = (
            {code: i for i, code in enumerate(sorted({pair[side] for pair in links}))} for side in (0, 1)
        )
        self.links = np.array([(programs[c], occupations[s]) for c, s in links])
        self.awards = dict.fromkeys(("20", "21", "2", "4", "3"), np.zeros(len(programs), dtype=int))
        for program, level, count in reader.rows(
            """
            SELECT cip_code, award_level, awards_count FROM program_award
            WHERE award_year = 2024 AND state_fips = '00'
            """
        ):
            if program in programs and level in self.awards:
                self.awards[level] = self.awards[level].copy()
                self.awards[level][programs[program]] = count
        demand = dict(reader.rows(f"SELECT soc_code, {flow} FROM occupation_projection WHERE demand_basis = 'bls'"))
        self.openings = np.array([demand[code] for code in occupations])
        degrees = {c for (c,) in reader.rows("SELECT soc_code FROM occupation WHERE way_in = 'Associate degree'")}
        self.degree_only = np.array([code in degrees for code in occupations])

    def could_fill(self) -> tuple[int, int]:
        """F* and the openings."""
        found = Matching(sum(self.awards.values()), self.openings, self.links)
        return found.could_fill(), int(found.openings.sum())

    def strict_could_fill(self, certificates: tuple[str, ...]) -> int:
        """F* where occupations usually entered with an associate degree take no certificate."""
        others = sum(self.awards[level] for level in certificates)
        awards, links = by_level(self.awards["3"], others, self.links, self.degree_only)
        return Matching(awards, self.openings, links).could_fill()


@pytest.mark.parametrize(
    ("without", "flow", "could_fill", "openings"),
    [
        ((), "openings_annual_count", 1_028_120, 4_017_300),
        (NURSES, "openings_annual_count", 940_546, 3_828_200),
        (NURSES, "growth_and_exits_annual_count", 705_691, 1_683_010),
        (NURSES + HYBRIDS, "openings_annual_count", 933_822, 3_657_800),
    ],
    ids=["default", "without nurses", "without nurses, growth and exits", "without hybrid codes either"],
)
def test_could_fill_with_occupations_left_out(reader: Reader, without, flow, could_fill, openings):
    assert Nation(reader, without, flow).could_fill() == (could_fill, openings)


@pytest.mark.parametrize(
    ("certificates", "could_fill"),
    [(("20", "21", "2", "4"), 872_189), (("21", "2", "4"), 798_250)],
    ids=["associate degrees only where usual", "and none of under 12 weeks"],
)
def test_could_fill_strict_on_level(reader: Reader, certificates, could_fill):
    assert Nation(reader, NURSES + HYBRIDS).strict_could_fill(certificates) == could_fill


# ---- a district's table ----------------------------------------------------------------------------------


def test_the_mix_of_a_district():
    enrolled = [820, 89, 382, 328, 28, 82, 877, 110, 340, 80, 336, 238, 431, 180]
    openings = [635, 959, 36, 3098, 630, 462, 1316, 3092, 540, 156, 368, 2108, 1763, 178]
    found = misalignment_pct(np.array(enrolled, dtype=float), np.array(openings, dtype=float))
    assert found is not None
    assert round(found / 100, 4) == 0.4873
