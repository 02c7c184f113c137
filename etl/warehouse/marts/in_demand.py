"""Which occupations each state's published rule calls in demand, in every area."""

import duckdb
import pandas as pd

from measures.in_demand import Area, evaluate, rules, wage_floor_usd


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every rule, the nation and all states, every projected occupation with an estimate of openings there.

    Wages, and the area's figures they are compared with, are of the newest year that has the area's total row.
    """
    occupations = con.execute(
        """
        WITH newest AS (
            SELECT state_fips, max(reference_year) AS reference_year FROM occupation_employment
            WHERE soc_code = '00-0000' AND wage_median_usd IS NOT NULL GROUP BY state_fips
        ), paid AS (SELECT e.* FROM occupation_employment e JOIN newest USING (state_fips, reference_year))
        SELECT p.state_fips, p.soc_code, p.openings_annual_count, p.growth_annual_count, p.employment_base_count,
               o.entry_education, o.on_the_job_training, e.wage_median_usd, e.wage_note, e.employment_count,
               t.reference_year, t.wage_median_usd AS area_median_usd, t.wage_p75_usd AS area_p75_usd,
               t.employment_count AS area_employment_count
        FROM occupation_projection p
        JOIN occupation o USING (soc_code)
        LEFT JOIN (SELECT * FROM paid WHERE soc_code = '00-0000') t USING (state_fips)
        LEFT JOIN paid e ON e.state_fips = p.state_fips AND e.soc_code = p.soc_code
        WHERE p.demand_basis IN ('bls', 'estimated') AND p.openings_annual_count IS NOT NULL
        ORDER BY p.state_fips, p.soc_code
        """
    ).df()
    occupations["wage_floor_usd"] = wage_floor_usd(occupations["wage_median_usd"], occupations["wage_note"])
    published = rules(con.execute("SELECT * FROM in_demand_rule ORDER BY rule").df())
    found = []
    for state_fips, here in occupations.groupby("state_fips"):
        first = here.iloc[0]
        area = Area(first["area_median_usd"], first["area_p75_usd"], first["area_employment_count"])
        found.append(
            evaluate(published, here, area).assign(state_fips=state_fips, reference_year=first["reference_year"])
        )
    return pd.concat(found)
