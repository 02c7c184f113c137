"""The program and occupation pairs that measures use."""

import duckdb
import pandas as pd


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Crosswalk links of each projected occupation, of its detail codes where it stands for several; no teachers.

    Every field of study links to the postsecondary teachers of that field (SOC 25-1xxx); counting those would make
    every program a teacher-training program.
    """
    return con.execute(
        """
        WITH code AS (
            SELECT p.soc_code AS projection_code, coalesce(m.soc_code, p.soc_code) AS soc_code
            FROM projection_national p LEFT JOIN soc_map m ON m.projection_code = p.soc_code
            WHERE p.occupation_type = 'Line item'
        )
        SELECT DISTINCT l.cip_code, code.projection_code AS soc_code
        FROM program_occupation l JOIN code USING (soc_code)
        WHERE NOT l.is_teacher_link
        ORDER BY ALL
        """
    ).df()
