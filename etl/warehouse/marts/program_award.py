"""Awards by state, program and level, in the universe of the measures."""

import duckdb
import pandas as pd


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Institutions in federal student aid (Title IV), in the 50 states and DC; ``'00'`` is their sum."""
    return con.execute(
        """
        WITH award AS (
            SELECT c.*, i.state_fips
            FROM completion c JOIN institution i USING (award_year, unit_id)
            WHERE i.is_title_iv AND i.state_fips <= '56'
        )
        SELECT award_year, coalesce(state_fips, '00') AS state_fips, cip_code, award_level,
               sum(awards_count)::BIGINT AS awards_count, sum(awards_men_count)::BIGINT AS awards_men_count,
               sum(awards_women_count)::BIGINT AS awards_women_count,
               count(DISTINCT unit_id) FILTER (awards_count > 0) AS institution_count
        FROM award
        GROUP BY GROUPING SETS ((award_year, state_fips, cip_code, award_level), (award_year, cip_code, award_level))
        ORDER BY ALL
        """
    ).df()
