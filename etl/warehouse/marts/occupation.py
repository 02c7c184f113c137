"""Occupations, how people usually enter them, and which demand scopes they are in."""

import duckdb
import pandas as pd

from measures.scopes import demand_scopes


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Projection line items and SOC 2018 details; only line items can be in a demand scope."""
    frame = con.execute(
        """
        SELECT coalesce(p.soc_code, t.soc_code) AS soc_code, coalesce(p.title, t.title) AS title,
               p.entry_education, p.work_experience, p.on_the_job_training,
               p.soc_code IS NOT NULL AS is_projected,
               EXISTS (
                   SELECT 1 FROM program_occupation l
                   WHERE NOT l.is_teacher_link AND l.soc_code IN (
                       SELECT coalesce(m.soc_code, '') FROM soc_map m WHERE m.projection_code = p.soc_code
                       UNION ALL SELECT coalesce(p.soc_code, t.soc_code))
               ) AS has_program
        FROM (SELECT * FROM projection_national WHERE occupation_type = 'Line item') p
        FULL JOIN occupation_title t USING (soc_code)
        ORDER BY 1
        """
    ).df()
    additions = [code for (code,) in con.execute("SELECT soc_code FROM career_prep_addition").fetchall()]
    scopes = demand_scopes(frame["soc_code"], frame["entry_education"], frame["on_the_job_training"], additions)
    for name in ("is_career_prep", "is_middle_skills", "is_bachelor"):
        frame[name] = scopes[name] & frame["is_projected"]
    frame["way_in"] = scopes["way_in"].where(frame["is_career_prep"], None)
    return frame
