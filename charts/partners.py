"""Who trains for these jobs near us: institutions by place, distance, pathway or occupation, and what they award.

Counted are awards of the scope's levels, at institutions in federal student aid in the states and DC, in programs that lead by
the federal list to an occupation of the scope. High school centers are in no public directory that is loaded here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import pandas as pd

from charts.scope import FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures.scopes import AWARD_SCOPES

#: The most institutions that a search gives; a state has fewer.
LONGEST = 600
#: Distances that a search offers, in miles; 0 is the city itself.
MILES = (0, 10, 25, 50, 100)
#: Share of students wholly in distance courses above which an institution is called mostly online.
MOSTLY_ONLINE = 0.8
TABLES = ("completion", "institution", "distance_enrollment", "occupation_link", "occupation_pathway")

#: Great-circle distance in miles (haversine, mean radius of the earth) from ``lat``, ``lon`` to ``latitude``, ``longitude``.
DISTANCE = """
    2 * 3958.8 * asin(least(1.0, sqrt(
        pow(sin(radians(latitude - lat) / 2), 2)
        + cos(radians(lat)) * cos(radians(latitude)) * pow(sin(radians(longitude - lon) / 2), 2))))
"""
#: The occupations of the scope, and the programs that lead to any of them (or to the one chosen).
OCCUPATIONS = """
    SELECT soc_code FROM occupation
    WHERE has_program AND CASE $demand WHEN 'career-prep' THEN is_career_prep WHEN 'middle-skills' THEN is_middle_skills
                          WHEN 'bachelor' THEN is_bachelor WHEN 'all' THEN is_projected END
      AND ($pathway = '' OR soc_code IN (
            SELECT soc_code FROM occupation_pathway WHERE framework = $framework AND cluster = $pathway
            AND ($part = '' OR subcluster = $part)))
"""
PROGRAMS = f"""
    SELECT DISTINCT cip_code FROM occupation_link
    WHERE soc_code IN ({OCCUPATIONS}) AND ($soc_code = '' OR soc_code = $soc_code)
"""
#: Institutions of the newest year, with their state's name and their district's label; names with single spaces.
INSTITUTIONS = r"""
    SELECT i.unit_id, i.sector, i.website, i.latitude, i.longitude, i.congressional_district, s.state_abbr, s.state_name,
           regexp_replace(trim(i.name), '\s+', ' ', 'g') AS name, regexp_replace(trim(i.city), '\s+', ' ', 'g') AS city,
           regexp_replace(trim(i.county), '\s+', ' ', 'g') AS county,
           CASE WHEN right(i.congressional_district, 2) IN ('00', '98') THEN concat(s.state_abbr, ' at large')
                ELSE concat(s.state_abbr, '-', right(i.congressional_district, 2)) END AS district
    FROM institution i JOIN state s USING (state_fips)
    WHERE i.award_year = $newest AND i.is_title_iv AND s.state_fips <> '00'
"""


@dataclass(frozen=True)
class Search:
    """What narrows the list beyond the scope; '' stands for any.

    ``district`` is the four-digit code. ``miles`` count from the middle of the institutions of ``city``, across state borders;
    0 is the city itself. ``soc_code`` is one occupation.
    """

    county: str = ""
    district: str = ""
    city: str = ""
    miles: int = 0
    soc_code: str = ""


@dataclass(frozen=True)
class Options:
    """What a search may ask for in a state: names, district code -> label, occupation code -> title."""

    counties: tuple[str, ...]
    cities: tuple[str, ...]
    districts: dict[str, str]
    occupations: dict[str, str]


def options(reader: Reader, scope: Scope) -> Options:
    """The choices in the scope's state (none for the nation), and the occupations of its pathway."""
    places = reader.rows(
        f"""
        SELECT DISTINCT county, city, congressional_district, district FROM ({INSTITUTIONS}) WHERE state_abbr = $state
        ORDER BY ALL
        """,
        {"state": scope.state, "newest": newest_year(reader)},
    )
    occupations = reader.rows(
        f"""
        SELECT soc_code, title FROM occupation WHERE soc_code IN ({OCCUPATIONS})
        ORDER BY title, soc_code
        """,
        _jobs(scope),
    )
    return Options(
        counties=tuple(sorted({county for county, _, _, _ in places if county})),
        cities=tuple(sorted({city for _, city, _, _ in places if city})),
        districts=dict(sorted({code: label for _, _, code, label in places if code}.items())),
        occupations=dict(occupations),
    )


def newest_year(reader: Reader) -> int:
    """The newest award year; 0 where there is none. Asked for first, so that a search reads its three years alone."""
    return int(reader.rows("SELECT coalesce(max(award_year), 0) FROM completion")[0][0])


def _jobs(scope: Scope) -> dict[str, str]:
    """The values that :data:`OCCUPATIONS` takes."""
    return {"demand": scope.demand, "pathway": scope.cluster, "part": scope.subcluster, "framework": FRAMEWORK}


def search(reader: Reader, scope: Scope, where: Search = Search(), limit: int = LONGEST) -> pd.DataFrame:
    """One row per institution with awards in the scope in the newest year, most awards first.

    ``awards_count`` is of the year ``award_year``, ``awards_1_before_count`` and ``awards_2_before_count`` of the two years
    before. ``programs`` names the three largest of ``programs_count``. ``institutions_count`` and ``awards_all_count`` are of
    all that the search finds, those beyond ``limit`` too. ``distance_miles`` is missing where no city is chosen;
    ``website`` where none is reported that can safely be opened.
    """
    # Asked for first, and the same for every place.
    ((programs,),) = reader.rows(
        f"SELECT list(cip_code) FROM ({PROGRAMS})", {**_jobs(scope), "soc_code": where.soc_code}
    )
    ((fall_year,),) = reader.rows("SELECT max(fall_year) FROM distance_enrollment")
    rows = reader.frame(
        f"""
        WITH known AS ({INSTITUTIONS}),
        centre AS (
            SELECT avg(latitude) AS lat, avg(longitude) AS lon FROM known WHERE state_abbr = $state AND city = $city
        ),
        here AS (
            SELECT unit_id, name, city, county, district, state_abbr, state_name, sector, website,
                   CASE WHEN $city <> '' THEN {DISTANCE} END AS distance_miles
            FROM known CROSS JOIN centre
            WHERE ($county = '' OR state_abbr = $state AND county = $county)
              AND ($district = '' OR congressional_district = $district)
              AND CASE WHEN $city = '' THEN $state IN ('US', state_abbr)
                       WHEN $miles = 0 THEN state_abbr = $state AND city = $city
                       ELSE {DISTANCE} <= $miles END
        ),
        given AS (
            SELECT unit_id, award_year, cip_code, awards_count FROM completion
            WHERE award_year BETWEEN $newest - 2 AND $newest AND list_contains($levels, award_level)
              AND cip_code IN (SELECT unnest($programs)) AND unit_id IN (SELECT unit_id FROM here)
        ),
        found AS (
            SELECT unit_id, sum(awards_count) FILTER (award_year = $newest)::BIGINT AS awards_count,
                   coalesce(sum(awards_count) FILTER (award_year = $newest - 1), 0)::BIGINT AS awards_1_before_count,
                   coalesce(sum(awards_count) FILTER (award_year = $newest - 2), 0)::BIGINT AS awards_2_before_count
            FROM given GROUP BY unit_id HAVING sum(awards_count) FILTER (award_year = $newest) > 0
        ),
        top AS (
            SELECT *, count(*) OVER () AS institutions_count, (sum(awards_count) OVER ())::BIGINT AS awards_all_count
            FROM found JOIN here USING (unit_id) ORDER BY awards_count DESC, name, unit_id LIMIT $limit
        ),
        program_of AS (
            SELECT unit_id, cip_code, sum(awards_count) AS awards_count FROM given
            WHERE award_year = $newest AND unit_id IN (SELECT unit_id FROM top) GROUP BY ALL HAVING sum(awards_count) > 0
        ),
        named AS (
            SELECT unit_id, count(*) AS programs_count,
                   array_to_string(list(title ORDER BY awards_count DESC, cip_code)[:3], '; ') AS programs
            FROM program_of JOIN program USING (cip_code) GROUP BY unit_id
        ),
        online AS (
            SELECT unit_id, 100.0 * exclusively_distance_count / nullif(enrolled_count, 0) AS exclusively_distance_pct
            FROM distance_enrollment WHERE fall_year = $fall_year
        )
        SELECT t.*, n.programs_count, n.programs, $newest AS award_year, d.exclusively_distance_pct,
               coalesce(d.exclusively_distance_pct > $online_pct, FALSE) AS is_mostly_online
        FROM top t JOIN named n USING (unit_id) LEFT JOIN online d USING (unit_id)
        ORDER BY t.awards_count DESC, t.name, t.unit_id
        """,
        {
            "newest": newest_year(reader),
            "state": scope.state,
            "levels": list(AWARD_SCOPES.get(scope.awards, ())),
            "county": where.county,
            "district": where.district,
            "city": where.city,
            "miles": where.miles,
            "online_pct": 100 * MOSTLY_ONLINE,
            "limit": limit,
            "programs": programs or [],
            "fall_year": fall_year,
        },
    )
    return rows.assign(website=rows["website"].map(safe_link))


def safe_link(address: object) -> str | None:
    """A reported address as a link that may be opened: http or https, a host with a point in it, nothing that could leave an
    attribute. None for anything else.

    >>> safe_link("www.aamu.edu/")
    'https://www.aamu.edu/'
    >>> safe_link("javascript:alert(1)")
    """
    if not isinstance(address, str):
        return None
    text = address.strip()
    if not re.match(r"[a-z][a-z0-9+.-]*:", text, re.IGNORECASE):
        text = f"https://{text}"
    if re.search(r"[\s\"'<>`\\\x00-\x1f]", text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        return None
    named = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host)
    return text if parts.scheme in {"http", "https"} and named and "@" not in parts.netloc else None
