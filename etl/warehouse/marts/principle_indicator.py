"""The five principles by area and pathway: proxies, each with what it does not measure. No score, no ranking."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from etl.codes import FRAMEWORK_2002, FRAMEWORK_2024
from etl.warehouse.marts.gaps import DEFAULT, network_of
from measures.alignment import (
    choice_near_home,
    covered_mean,
    enrolment_mix,
    equal_shares,
    in_set,
    misalignment_interval,
    percent_parts,
    served,
    shares_by_openings,
    stackable,
)
from measures.gaps import FLOW_OF, Network, Supply, misalignment_pct, supplies
from measures.matching import BoolArray, FloatArray, Matching
from measures.scopes import AWARD_SCOPES, DEMAND_VARIANTS

AWARDS, DEMAND = DEFAULT
LEVELS = AWARD_SCOPES[AWARDS]
LENGTHS = {
    "20": "length_under_12_weeks_pct",
    "21": "length_12_weeks_to_1_year_pct",
    "2": "length_1_to_2_years_pct",
    "4": "length_2_to_4_years_pct",
    "3": "length_associate_pct",
}
TEACHERS = {"25-2032": "teacher_secondary", "25-1194": "teacher_postsecondary"}
CTE_SUBJECT = "Career and Technical Education"
#: An area's rule set calls an occupation in demand when at least so many of the rules that decide say so. Rules with a
#: dollar threshold stay out.
LEAST_AGREEING = 0.5
Row = dict[str, Any]


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every indicator of ``principle_measure`` for the nation and all states, by pathway where its data allow."""
    network = network_of(con, DEMAND)
    found = pd.DataFrame(
        [
            *_awards_and_openings(con, network),
            *_choice(con, network),
            *_institutions(con),
            *_stackable(con),
            *_distance(con),
            *_pay(con, network),
            *_teacher_openings(con),
            *_shortage_areas(con),
            *_concentrators(con),
            *_record(con, network),
        ]
    )
    measures = con.execute("SELECT indicator, principle, unit, note AS proxy FROM principle_measure").df()
    found = found.merge(measures, on="indicator", how="left", validate="many_to_one")
    own = found["note"].astype("object").where(found["note"].notna(), None)
    found["note"] = [f"{p}; {n}" if n else p for p, n in zip(found["proxy"], own, strict=True)]
    return found.drop(columns="proxy")


def _row(indicator: str, year: int, fips: str, value: float | None, note: str | None = None, **more: Any) -> Row:
    """One row. A missing value needs its reason in ``note``."""
    return {
        "indicator": indicator,
        "reference_year": year,
        "state_fips": fips,
        "value": None if value is None else float(value),
        "note": note,
    } | more


# ---- awards against openings -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Area:
    """One area's awards of the newest year, laid out for the network, by sex and length."""

    state_fips: str
    supply: Supply
    women: FloatArray
    men: FloatArray
    lengths: dict[str, FloatArray]
    in_demand: BoolArray
    other_programs: int
    """Programs with awards that lead to no occupation of the network."""


def _awards_and_openings(con: duckdb.DuckDBPyConnection, network: Network) -> Iterator[Row]:
    award_year, areas = _areas(con, network)
    in_gaps = {
        (fips, variant): gap
        for fips, variant, *gap in con.execute(
            """
            SELECT state_fips, demand_variant, misalignment_pct, awards_count, awards_linked_count FROM gap_by_state
            WHERE award_year = ? AND awards = ? AND demand = ?
            """,
            [award_year, AWARDS, DEMAND],
        ).fetchall()
    }
    for variant in DEMAND_VARIANTS:
        openings = _openings(con, network, variant)
        for area in areas:
            matching = Matching(area.supply.awards, openings.loc[area.state_fips].to_numpy(), network.links)
            misaligned, awards, linked = in_gaps[area.state_fips, variant]
            keys = {"demand": DEMAND, "demand_variant": variant}
            place = (award_year, area.state_fips)
            yield from _mix(network, matching, misaligned, place, keys)
            yield from _served(network, area, matching, place, keys)
            if variant == DEMAND_VARIANTS[0]:
                yield _row(
                    "unlinked_awards_pct",
                    *place,
                    100 * (awards - linked) / awards if awards else None,
                    None if awards else "no awards here",
                    demand=DEMAND,
                )
                yield from _people(network, area, matching, place, keys)


def _areas(con: duckdb.DuckDBPyConnection, network: Network) -> tuple[int, list[_Area]]:
    awards = con.execute(
        """
        SELECT award_year, state_fips, cip_code, award_level, awards_count, awards_women_count, awards_men_count
        FROM program_award
        WHERE award_year = (SELECT max(award_year) FROM program_award) AND list_contains($levels, award_level)
        """,
        {"levels": list(LEVELS)},
    ).df()
    in_demand = con.execute(
        """
        SELECT d.state_fips, d.soc_code FROM in_demand d JOIN in_demand_rule r USING (rule)
        WHERE NOT r.is_dollar_threshold AND d.is_in_demand IS NOT NULL
        GROUP BY ALL HAVING avg(d.is_in_demand::INTEGER) >= ?
        """,
        [LEAST_AGREEING],
    ).df()
    called = {fips: set(group["soc_code"]) for fips, group in in_demand.groupby("state_fips")}
    everyone = supplies(network, awards, LEVELS)
    women = supplies(network, awards.assign(awards_count=awards["awards_women_count"]), LEVELS)
    men = supplies(network, awards.assign(awards_count=awards["awards_men_count"]), LEVELS)
    by_level = {level: supplies(network, awards, [level]) for level in LENGTHS}
    unlinked = awards[(awards["awards_count"] > 0) & ~awards["cip_code"].isin(list(network.programs))]
    others = unlinked.groupby("state_fips")["cip_code"].nunique().to_dict()
    areas = [
        _Area(
            fips,
            supply,
            women[fips].awards.astype(float),
            men[fips].awards.astype(float),
            {
                level: of_level[fips].awards.astype(float) if fips in of_level else np.zeros(len(network.programs))
                for level, of_level in by_level.items()
            },
            in_set(network.occupations, called.get(fips, set())),
            int(others.get(fips, 0)),
        )
        for fips, supply in sorted(everyone.items())
    ]
    return int(awards["award_year"].iloc[0]), areas


def _openings(con: duckdb.DuckDBPyConnection, network: Network, variant: str) -> pd.DataFrame:
    """[area, occupation] openings a year, 0 where there is no estimate."""
    projections = con.execute(
        f"SELECT state_fips, soc_code, {FLOW_OF[variant]} AS openings FROM occupation_projection "
        "WHERE demand_basis IN ('bls', 'estimated')"
    ).df()
    table = projections.pivot(index="state_fips", columns="soc_code", values="openings")
    return table.reindex(columns=network.occupations).astype("float64").fillna(0.0)


def _mix(
    network: Network, matching: Matching, misaligned: float | None, place: tuple[int, str], keys: Row
) -> Iterator[Row]:
    shares = shares_by_openings(matching, network.shares)
    openings = matching.openings @ network.shares
    interval = misalignment_interval(matching.awards, shares, openings)
    low, high = interval or (None, None)
    nothing = None if misaligned is not None else "no awards or no openings here"
    yield _row("misalignment_pct", *place, misaligned, nothing, value_low=low, value_high=high, **keys)
    equal = misalignment_pct(matching.awards @ equal_shares(matching, network.shares), openings)
    yield _row("misalignment_equal_split_pct", *place, equal, None if equal is not None else nothing, **keys)
    for indicator, parts in (
        ("openings_share_pct", percent_parts(openings)),
        ("awards_share_pct", percent_parts(matching.awards @ shares)),
    ):
        yield from _by_cluster(network, indicator, place, parts, keys, "none of them here")


def _by_cluster(
    network: Network,
    indicator: str,
    place: tuple[int, str],
    parts: FloatArray | None,
    keys: Row,
    nothing: str,
) -> Iterator[Row]:
    for k, cluster in enumerate(network.clusters):
        value = None if parts is None else parts[k]
        yield _row(
            indicator,
            *place,
            value,
            nothing if value is None else None,
            framework=FRAMEWORK_2024,
            cluster=cluster,
            **keys,
        )


def _served(network: Network, area: _Area, matching: Matching, place: tuple[int, str], keys: Row) -> Iterator[Row]:
    """For the whole area among all programs with awards, for a pathway among those that lead there."""
    whole = np.ones(len(network.occupations), dtype=bool)
    awards = np.concatenate([matching.awards, np.ones(area.other_programs, dtype=np.int64)])
    openings = matching.openings.astype(float)
    for k, cluster in enumerate((None, *network.clusters)):
        members = whole if cluster is None else network.members[k - 1]
        programs = np.full(awards.size, cluster is None)
        programs[network.links[members[network.links[:, 1]], 0]] = True
        result = served(network.links, awards, openings, area.in_demand & members, programs)
        where = keys if cluster is None else keys | {"framework": FRAMEWORK_2024, "cluster": cluster}
        yield _row(
            "served_openings_pct",
            *place,
            result.openings_pct,
            "no openings in an in-demand occupation here" if result.openings_pct is None else None,
            **where,
        )
        if keys["demand_variant"] == DEMAND_VARIANTS[0]:
            yield _row(
                "served_programs_pct",
                *place,
                result.programs_pct,
                "no program with awards here" if result.programs_pct is None else None,
                **(where | {"demand_variant": None}),
            )


def _people(network: Network, area: _Area, matching: Matching, place: tuple[int, str], keys: Row) -> Iterator[Row]:
    shares = shares_by_openings(matching, network.shares)
    women, men = area.women @ shares, area.men @ shares
    for indicator, counts in (("awards_per_100_women", women), ("awards_per_100_men", men)):
        yield from _by_cluster(network, indicator, place, percent_parts(counts), keys, "no such awards here")
    apart = misalignment_pct(women, men)
    yield _row(
        "gender_dissimilarity_pct",
        *place,
        apart,
        "no awards to women or none to men here" if apart is None else None,
        **keys,
    )
    lengths = {level: counts @ shares for level, counts in area.lengths.items()}
    for k, cluster in enumerate((None, *network.clusters)):
        where = keys if cluster is None else keys | {"framework": FRAMEWORK_2024, "cluster": cluster}
        of_women, of_men = (women.sum(), men.sum()) if cluster is None else (women[k - 1], men[k - 1])
        both = of_women + of_men
        yield _row(
            "women_share_pct",
            *place,
            100 * of_women / both if both > 0 else None,
            None if both > 0 else "no awards here",
            **where,
        )
        parts = percent_parts([c.sum() if cluster is None else c[k - 1] for c in lengths.values()])
        for i, level in enumerate(lengths):
            yield _row(
                LENGTHS[level],
                *place,
                None if parts is None else parts[i],
                "no awards here" if parts is None else None,
                **where,
            )


# ---- choice ------------------------------------------------------------------------------------------------


def _choice(con: duckdb.DuckDBPyConnection, network: Network) -> Iterator[Row]:
    wages = _wages(con)
    (least,) = con.execute(
        """
        SELECT max_by(wage_median_usd, reference_year) FROM occupation_employment
        WHERE soc_code = '00-0000' AND state_fips = '00'
        """
    ).fetchone() or (np.inf,)
    studied = con.execute(
        """
        SELECT DISTINCT a.state_fips, l.soc_code FROM program_award a JOIN occupation_link l USING (cip_code)
        WHERE a.award_year = (SELECT max(award_year) FROM program_award) AND a.awards_count > 0
          AND list_contains($levels, a.award_level)
        """,
        {"levels": list(LEVELS)},
    ).df()
    pairs = set(studied.itertuples(index=False, name=None))
    in_scope = wages[wages["soc_code"].isin(list(network.occupations))].copy()
    in_scope["has_program"] = [key in pairs for key in zip(in_scope["state_fips"], in_scope["soc_code"], strict=True)]
    for fips, here in in_scope.groupby("state_fips"):
        result = choice_near_home(here, float(least))
        place = (int(here["reference_year"].iloc[0]), str(fips))
        reason = None if result else "no occupation with a published wage at or above the nation's median"
        of_how_many = f"of {result.considered}" if result else reason
        yield _row("choice_near_home_count", *place, result.studied if result else None, of_how_many, demand=DEMAND)
        yield _row(
            "choice_near_home_considered_count",
            *place,
            result.considered if result else None,
            reason,
            demand=DEMAND,
        )


def _wages(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every area's employment and wages of the newest year that has the area's total row."""
    return con.execute(
        """
        WITH newest AS (
            SELECT state_fips, max(reference_year) AS reference_year FROM occupation_employment
            WHERE soc_code = '00-0000' AND wage_median_usd IS NOT NULL GROUP BY state_fips
        )
        SELECT state_fips, soc_code, reference_year, employment_count, wage_median_usd, wage_p75_usd,
               wage_median_usd IS NULL AND coalesce(wage_note LIKE 'at or above%', FALSE) AS is_top_coded
        FROM occupation_employment JOIN newest USING (state_fips, reference_year)
        WHERE occupation_group = 'detailed' ORDER BY ALL
        """
    ).df()


def _institutions(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    counts = con.execute(
        """
        WITH award AS (
            SELECT DISTINCT c.award_year, i.state_fips, c.unit_id, l.soc_code
            FROM completion c
            JOIN institution i USING (award_year, unit_id)
            JOIN occupation_link l USING (cip_code)
            JOIN occupation o ON o.soc_code = l.soc_code AND o.is_career_prep
            WHERE c.award_year = (SELECT max(award_year) FROM completion) AND c.awards_count > 0
              AND i.is_title_iv AND i.state_fips <= '56' AND list_contains($levels, c.award_level)
        ), placed AS (
            SELECT award_year, state_fips, unit_id, NULL AS cluster FROM award
            UNION ALL
            SELECT award_year, state_fips, unit_id, p.cluster
            FROM award JOIN occupation_pathway p ON p.soc_code = award.soc_code AND p.framework = $framework
        ), here AS (
            SELECT state_fips, cluster, count(DISTINCT unit_id) AS institutions, any_value(award_year) AS award_year
            FROM placed GROUP BY ALL
            UNION ALL
            SELECT '00', cluster, count(DISTINCT unit_id), any_value(award_year) FROM placed GROUP BY cluster
        ), cell AS (
            SELECT state_fips, cluster FROM state
            CROSS JOIN (SELECT DISTINCT cluster FROM occupation_pathway WHERE framework = $framework
                        UNION ALL SELECT NULL)
        )
        SELECT cell.state_fips, cell.cluster, coalesce(here.institutions, 0) AS institutions,
               (SELECT max(award_year) FROM completion) AS award_year
        FROM cell LEFT JOIN here
          ON here.state_fips = cell.state_fips AND here.cluster IS NOT DISTINCT FROM cell.cluster
        ORDER BY ALL
        """,
        {"levels": list(LEVELS), "framework": FRAMEWORK_2024},
    ).fetchall()
    for fips, cluster, institutions, year in counts:
        yield _row("institutions_count", year, fips, institutions, demand=DEMAND, **_in_framework(cluster))


def _in_framework(cluster: str | None) -> Row:
    return {"framework": FRAMEWORK_2024, "cluster": cluster} if cluster is not None else {}


# ---- routes ------------------------------------------------------------------------------------------------


def _stackable(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Cells of institution and four-digit field; a pathway has those whose certificates lead to its occupations."""
    cells = con.execute(
        """
        WITH award AS (
            SELECT c.award_year, i.state_fips, c.unit_id, left(c.cip_code, 5) AS field, c.cip_code,
                   sum(c.awards_count) FILTER (list_contains($certificates, c.award_level)) AS certificates,
                   sum(c.awards_count) FILTER (c.award_level = '3') AS associates
            FROM completion c JOIN institution i USING (award_year, unit_id)
            WHERE c.award_year = (SELECT max(award_year) FROM completion) AND i.is_title_iv AND i.state_fips <= '56'
            GROUP BY ALL
        ), degree AS (SELECT unit_id, field, coalesce(sum(associates), 0) AS associates FROM award GROUP BY ALL),
        leads_to AS (
            SELECT DISTINCT l.cip_code, p.cluster FROM occupation_link l
            JOIN occupation o ON o.soc_code = l.soc_code AND o.is_career_prep
            JOIN occupation_pathway p ON p.soc_code = l.soc_code AND p.framework = $framework
        ), placed AS (
            SELECT award_year, state_fips, unit_id, field, NULL AS cluster, certificates FROM award
            UNION ALL
            SELECT award_year, state_fips, unit_id, field, cluster, certificates
            FROM award JOIN leads_to USING (cip_code)
        )
        SELECT award_year, state_fips, cluster, unit_id, field, sum(certificates)::DOUBLE AS certificates_count,
               any_value(associates)::DOUBLE AS associates_count
        FROM placed JOIN degree USING (unit_id, field)
        GROUP BY ALL HAVING sum(certificates) > 0
        ORDER BY ALL
        """,
        {"certificates": list(AWARD_SCOPES["certificates"]), "framework": FRAMEWORK_2024},
    ).df()
    year = int(cells["award_year"].iloc[0])
    cells["cluster"] = cells["cluster"].astype("object").where(cells["cluster"].notna(), "")
    states = [fips for (fips,) in con.execute("SELECT state_fips FROM state ORDER BY 1").fetchall()]
    groups = dict(iter(cells.groupby(["state_fips", "cluster"])))
    groups |= {("00", cluster): group for cluster, group in cells.groupby("cluster")}
    for fips in states:
        for cluster in sorted(cells["cluster"].unique()):
            group = groups.get((fips, cluster))
            result = None if group is None else stackable(group)
            reason = f"{result.cells_count} fields at institutions" if result else "no certificates here"
            where = _in_framework(cluster or None)
            yield _row("stackable_pct", year, fips, result and result.cells_pct, reason, **where)
            yield _row("stackable_awards_pct", year, fips, result and result.awards_pct, reason, **where)


def _distance(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """By the state of the institution; the directory is that of the award year the fall is in."""
    found = con.execute(
        """
        WITH student AS (
            SELECT d.*, i.state_fips FROM distance_enrollment d
            JOIN institution i ON i.unit_id = d.unit_id AND i.award_year = d.fall_year + 1
            WHERE d.fall_year = (SELECT max(fall_year) FROM distance_enrollment)
              AND i.is_title_iv AND i.state_fips <= '56'
        ), share AS (
            SELECT coalesce(state_fips, '00') AS state_fips, sum(enrolled_count) AS enrolled,
                   sum(exclusively_distance_count) AS wholly, sum(some_distance_count) AS partly
            FROM student GROUP BY GROUPING SETS ((state_fips), ())
        )
        SELECT s.state_fips, (SELECT max(fall_year) FROM distance_enrollment) AS fall_year,
               100 * wholly / nullif(enrolled, 0) AS wholly_pct, 100 * partly / nullif(enrolled, 0) AS partly_pct
        FROM state s LEFT JOIN share USING (state_fips) ORDER BY 1
        """
    ).fetchall()
    for fips, year, wholly, partly in found:
        yield _row("distance_wholly_pct", year, fips, wholly, _unless(wholly, "no students reported here"))
        yield _row("distance_partly_pct", year, fips, partly, _unless(partly, "no students reported here"))


def _unless(value: float | None, reason: str) -> str | None:
    return reason if value is None else None


# ---- teachers ----------------------------------------------------------------------------------------------


def _pay(con: duckdb.DuckDBPyConnection, network: Network) -> Iterator[Row]:
    openings = _openings(con, network, DEMAND_VARIANTS[0])
    for fips, here in _wages(con).groupby("state_fips"):
        place = (int(here["reference_year"].iloc[0]), str(fips))
        by_code = here.set_index("soc_code")
        for code, name in TEACHERS.items():
            wage = by_code["wage_median_usd"].get(code)
            missing = wage is None or pd.isna(wage)
            yield _row(
                f"{name}_median_usd",
                *place,
                None if missing else wage,
                "withheld or not surveyed" if missing else None,
            )
        weights = openings.loc[str(fips)].to_numpy()
        for column, indicator in (
            ("wage_median_usd", "practitioner_median_usd"),
            ("wage_p75_usd", "practitioner_p75_usd"),
        ):
            wages = by_code[column].reindex(network.occupations).to_numpy(dtype=float, na_value=np.nan)
            for k, cluster in enumerate((None, *network.clusters)):
                members = 1.0 if cluster is None else network.members[k - 1].astype(float)
                mean = covered_mean(wages, weights * members)
                only = "" if mean.value is not None else "only "
                yield _row(
                    indicator,
                    *place,
                    mean.value,
                    f"{only}{mean.covered_pct:.0f} percent of openings have a wage",
                    demand=DEMAND,
                    demand_variant=DEMAND_VARIANTS[0],
                    **_in_framework(cluster),
                )


def _teacher_openings(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    found = con.execute(
        f"""
        SELECT state_fips, soc_code, base_year, note, {", ".join(FLOW_OF.values())} FROM occupation_projection
        WHERE demand_basis IN ('bls', 'estimated') AND list_contains($codes, soc_code) ORDER BY ALL
        """,
        {"codes": list(TEACHERS)},
    ).fetchall()
    for fips, code, year, note, *flows in found:
        for variant, value in zip(FLOW_OF, flows, strict=True):
            yield _row(
                f"{TEACHERS[code]}_openings_count",
                year,
                fips,
                value,
                _unless(value, note or "no estimate here"),
                demand_variant=variant,
            )


def _shortage_areas(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    found = con.execute(
        """
        SELECT left(school_year, 4)::INTEGER + 1 AS year, state_fips, bool_or(subject = $subject) AS is_reported
        FROM teacher_shortage_area GROUP BY ALL ORDER BY ALL
        """,
        {"subject": CTE_SUBJECT},
    ).fetchall()
    states: dict[int, list[bool]] = {}
    for year, fips, is_reported in found:
        states.setdefault(year, []).append(is_reported)
        yield _row("cte_shortage_reported", year, fips, is_reported)
    for year, reported in states.items():
        yield _row(
            "cte_shortage_states_count",
            year,
            "00",
            sum(reported),
            f"of {len(reported)} in the list, which has the states and DC",
        )


# ---- systems -----------------------------------------------------------------------------------------------


def _concentrators(con: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    """Secondary concentrators of the newest year loaded, against openings of the same framework."""
    loaded = con.execute(
        """
        SELECT e.state_fips, e.framework, left(e.school_year, 4)::INTEGER + 1 AS year, e.cluster, e.students_count
        FROM cte_enrollment e
        JOIN (SELECT state_fips, max(school_year) AS school_year FROM cte_enrollment
              WHERE measure = 'concentrators' AND education_level = 'secondary' GROUP BY ALL)
          USING (state_fips, school_year)
        WHERE e.measure = 'concentrators' AND e.education_level = 'secondary' AND e.district = 'all'
          AND e.population = 'all' AND EXISTS (
              SELECT 1 FROM framework_openings f WHERE f.framework = e.framework AND f.cluster = e.cluster)
        ORDER BY ALL
        """
    ).df()
    for (fips, framework, year), rows_ in loaded.groupby(["state_fips", "framework", "year"]):
        place: tuple[int, str] = (int(str(year)), str(fips))
        of_framework: Row = {"framework": framework}
        enrolled = rows_.set_index("cluster")["students_count"].astype("float64")
        known = enrolled.dropna()
        parts = percent_parts(known.to_numpy())
        for k, cluster in enumerate(known.index):
            yield _row(
                "concentrators_share_pct",
                *place,
                None if parts is None else parts[k],
                None if parts is not None else "no concentrators reported",
                cluster=cluster,
                **of_framework,
            )
        openings = con.execute(
            """
            SELECT demand, demand_variant, cluster, openings_split_count FROM framework_openings
            WHERE state_fips = ? AND framework = ? ORDER BY ALL
            """,
            [fips, framework],
        ).df()
        for (demand, variant), side in openings.groupby(["demand", "demand_variant"]):
            keys: Row = of_framework | {"demand": demand, "demand_variant": variant}
            wanted = side.set_index("cluster")["openings_split_count"]
            mix = enrolment_mix(enrolled, wanted)
            yield _row("concentrators_misalignment_pct", *place, mix.misalignment_pct, mix.reason, **keys)
            shares = percent_parts(wanted.to_numpy())
            if framework == FRAMEWORK_2002 and shares is not None:
                for k, cluster in enumerate(wanted.index):
                    yield _row("openings_share_pct", *place, shares[k], cluster=cluster, **keys)


def _record(con: duckdb.DuckDBPyConnection, network: Network) -> Iterable[Row]:
    """What the public record holds of each state, item by item; no sum of them is taken."""
    (award_year,) = con.execute("SELECT max(award_year) FROM program_award").fetchone() or (0,)
    coverage = con.execute(
        """
        SELECT state_fips, coverage_pct FROM gap_by_state
        WHERE award_year = ? AND awards = ? AND demand = ? AND demand_variant = 'openings'
          AND state_fips <> '00'
        ORDER BY 1
        """,
        [award_year, AWARDS, DEMAND],
    ).fetchall()
    for fips, value in coverage:
        yield _row("record_openings_coverage_pct", award_year, fips, value, demand=DEMAND)
    for fips, here in _wages(con).groupby("state_fips"):
        if fips == "00":
            continue
        place = (int(here["reference_year"].iloc[0]), str(fips))
        published = here[here["wage_median_usd"].notna() | here["is_top_coded"]]["soc_code"]
        held = in_set(network.occupations, set(published))
        yield _row(
            "record_wages_pct",
            *place,
            100 * float(held.mean()) if held.size else None,
            f"{int(held.sum())} of {held.size} occupations",
            demand=DEMAND,
        )
        yield _row("record_teacher_pay_count", *place, int(published.isin(list(TEACHERS)).sum()))
    for fips, year, is_offered, reason in con.execute(
        "SELECT state_fips, projection_year, is_offered, reason FROM projection_fitness ORDER BY ALL"
    ).fetchall():
        yield _row("record_own_projections", year, fips, is_offered, reason)
    for fips, school_year in con.execute(
        """
        SELECT s.state_fips, max(e.school_year) FROM state s LEFT JOIN cte_enrollment e
          ON e.state_fips = s.state_fips AND e.measure = 'concentrators' AND e.district = 'all'
        WHERE s.state_fips <> '00' GROUP BY ALL ORDER BY 1
        """
    ).fetchall():
        yield _row(
            "record_concentrators",
            int(school_year[:4]) + 1 if school_year else award_year,
            fips,
            school_year is not None,
            f"school year {school_year}"
            if school_year
            else "fetch the Perkins Data Explorer's export of the state's concentrators by career cluster and load it",
        )
    for fips, year, is_listed in con.execute(
        """
        WITH newest AS (SELECT max(school_year) AS school_year FROM teacher_shortage_area)
        SELECT s.state_fips, left(any_value(n.school_year), 4)::INTEGER + 1, count(t.subject) > 0
        FROM state s CROSS JOIN newest n
        LEFT JOIN teacher_shortage_area t ON t.state_fips = s.state_fips AND t.school_year = n.school_year
        WHERE s.state_fips <> '00' GROUP BY ALL ORDER BY 1
        """
    ).fetchall():
        yield _row("record_shortage_report", year, fips, is_listed)
