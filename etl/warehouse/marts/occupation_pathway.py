"""The clusters and sub-clusters of each projected occupation."""

import duckdb
import pandas as pd


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Clusters of the occupation itself and of the detail codes it stands for: frameworks list one or the other."""
    return con.execute(
        """
        WITH code AS (
            SELECT soc_code AS projection_code, soc_code FROM projection_national WHERE occupation_type = 'Line item'
            UNION
            SELECT projection_code, soc_code FROM soc_map WHERE soc_code IS NOT NULL
        )
        SELECT DISTINCT c.framework, code.projection_code AS soc_code, c.cluster, c.subcluster
        FROM occupation_cluster c JOIN code USING (soc_code)
        ORDER BY ALL
        """
    ).df()
