"""How hard it is for each industry to hire, month by month."""

import duckdb
import pandas as pd

from measures.shortage import indicators, with_index, with_percentiles


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every indicator of every industry and month, its percentiles in two windows, and the index of main industries."""
    turnover = con.execute(
        """
        SELECT month, industry_code, element, rate_pct, level_thousands FROM turnover_monthly
        WHERE state_fips = '00' AND is_seasonally_adjusted AND element IN ('JO', 'HI', 'QU', 'LD')
          AND month >= DATE '2001-01-01'
        """
    ).df()
    unemployed = con.execute(
        """
        SELECT month, industry_code, unemployed_count FROM unemployment_monthly
        WHERE state_fips = '00' AND NOT is_seasonally_adjusted AND unemployed_count IS NOT NULL
        """
    ).df()
    compared = [
        code
        for (code,) in con.execute(
            "SELECT industry_code FROM industry WHERE display_level = 2 AND industry_code NOT LIKE '9%'"
        ).fetchall()
    ]
    return with_index(with_percentiles(indicators(turnover, unemployed)), compared)
