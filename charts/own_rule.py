"""A reader's own in-demand rule, applied to an area's occupations and set beside the published ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from charts import words
from charts.scope import DEMAND_LABELS, FRAMEWORK, Scope
from etl.warehouse.read import Reader
from measures import in_demand

#: The column of the table -> its heading.
COLUMNS = {
    "soc_code": "SOC",
    "title": "Occupation",
    "openings_annual_count": "Openings a year",
    "growth_pct": "Growth, percent a year",
    "wage_median_usd": "Median pay, dollars a year",
    "entry_education": "Entry education",
    "agree_count": "Published rules that agree",
    "decided_count": "of rules that decide",
}
#: Levels of education to offer: value -> label. '' asks for none.
EDUCATION = {"": "Any", **in_demand.EDUCATION}


@dataclass(frozen=True)
class OwnRule:
    """``occupations`` that meet all thresholds, most openings first; ``considered_count`` were looked at, of which
    ``undecided_count`` have too little published to tell. ``sentence`` says it, with the published rules beside."""

    occupations: pd.DataFrame
    considered_count: int
    undecided_count: int
    sentence: str

    def table(self) -> pd.DataFrame:
        """The occupations under their headings, openings as whole numbers."""
        shown = self.occupations[list(COLUMNS)]
        whole = (shown["openings_annual_count"] + 0.5).astype("int64")
        return shown.assign(openings_annual_count=whole).rename(columns=COLUMNS)


def own_rule(reader: Reader, scope: Scope, thresholds: Mapping[str, float | str]) -> OwnRule:
    """Which occupations of the jobs that count (and of the pathway) meet a reader's thresholds.

    ``thresholds``: least values of ``measures.in_demand.OWN_THRESHOLDS``; empty asks for nothing, so that every occupation meets
    it. Raises ValueError for a threshold that there is not, or that is no number.
    """
    rows = occupations(reader, scope)
    says = pd.Series(True, index=rows.index, dtype="boolean")
    if thresholds:
        # An own rule has no figure of the area to compare with.
        found = in_demand.evaluate([in_demand.own_rule(thresholds)], rows, in_demand.Area(None, None, None))
        says = found["is_in_demand"].set_axis(rows.index)
    met = rows[says.fillna(False).astype(bool)].reset_index(drop=True)
    undecided = int(says.isna().sum())
    return OwnRule(met, len(rows), undecided, _sentence(met, rows, undecided, scope))


def occupations(reader: Reader, scope: Scope) -> pd.DataFrame:
    """One row per occupation with an estimate of openings: what a rule may ask for, and how many published rules (without a
    dollar threshold) call it in demand. Wages are of the newest year that has the area's total row."""
    rows = reader.frame(
        """
        WITH newest AS (
            SELECT state_fips, max(reference_year) AS reference_year FROM occupation_employment JOIN state USING (state_fips)
            WHERE state_abbr = $state AND soc_code = '00-0000' AND wage_median_usd IS NOT NULL GROUP BY state_fips
        ), published AS (
            SELECT d.state_fips, d.soc_code, count(*) FILTER (WHERE d.is_in_demand) AS agree_count,
                   count(d.is_in_demand) AS decided_count
            FROM in_demand d JOIN in_demand_rule r USING (rule) JOIN state s USING (state_fips)
            WHERE s.state_abbr = $state AND NOT r.is_dollar_threshold GROUP BY ALL
        )
        SELECT p.soc_code, o.title, p.openings_annual_count, p.growth_annual_count, p.employment_base_count,
               100 * p.growth_annual_count / nullif(p.employment_base_count, 0) AS growth_pct,
               e.wage_median_usd, e.wage_note, e.employment_count, o.entry_education, o.on_the_job_training,
               coalesce(d.agree_count, 0) AS agree_count, coalesce(d.decided_count, 0) AS decided_count, s.state_name
        FROM occupation_projection p JOIN occupation o USING (soc_code) JOIN state s USING (state_fips)
        LEFT JOIN newest n USING (state_fips)
        LEFT JOIN occupation_employment e ON e.state_fips = p.state_fips AND e.soc_code = p.soc_code
             AND e.reference_year = n.reference_year
        LEFT JOIN published d ON d.state_fips = p.state_fips AND d.soc_code = p.soc_code
        WHERE s.state_abbr = $state AND p.demand_basis IN ('bls', 'estimated') AND p.openings_annual_count >= 0.5 AND o.has_program
          AND CASE $demand WHEN 'career-prep' THEN o.is_career_prep WHEN 'middle-skills' THEN o.is_middle_skills
              WHEN 'bachelor' THEN o.is_bachelor WHEN 'all' THEN o.is_projected END
          AND ($pathway = '' OR p.soc_code IN (
                SELECT soc_code FROM occupation_pathway WHERE framework = $framework AND cluster = $pathway))
        ORDER BY p.openings_annual_count DESC, o.title
        """,
        {"state": scope.state, "demand": scope.demand, "pathway": scope.cluster, "framework": FRAMEWORK},
    )
    return rows.assign(wage_floor_usd=in_demand.wage_floor_usd(rows["wage_median_usd"], rows["wage_note"]))


def _sentence(met: pd.DataFrame, considered: pd.DataFrame, undecided: int, scope: Scope) -> str:
    """N of M occupations meet the thresholds; K of them are in demand by at least half of the published rules."""
    where = scope.cluster or DEMAND_LABELS[scope.demand]
    if considered.empty:
        return f"No occupation of {where} has an estimate of yearly openings here; the United States has one for every occupation."
    place = words.the(considered["state_name"].iloc[0])
    agreed = int(((met["decided_count"] > 0) & (met["agree_count"] * 2 >= met["decided_count"])).sum())
    every = int(((met["decided_count"] > 0) & (met["agree_count"] == met["decided_count"])).sum())
    unsure = f" Of {undecided} too little is published to tell." if undecided else ""
    return (
        f"{len(met)} of {len(considered)} occupations ({where}, {place}) meet your thresholds; {agreed} of them are in demand by "
        "at "
        f"least half of the published rules, {every} by all.{unsure}"
    )
