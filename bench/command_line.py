"""What waits at a command line: every state's brief, and one question from a cold start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.row import Row, interleaved, seconds_of
from charts import brief_page
from charts.scope import Choices, Scope
from etl.settings import ROOT
from etl.warehouse.read import Reader

#: A state's openings, awards and could-fill for three programs: nursing, welding, automotive mechanics.
QUESTION = """
WITH asked AS (
    SELECT cip_code, title FROM program WHERE cip_code IN ('51.3801', '48.0508', '47.0604')
), award AS (
    SELECT cip_code, sum(awards_count) AS awards_count FROM program_award
    WHERE state_fips = '48' AND award_year = (SELECT max(award_year) FROM program_award) GROUP BY ALL
), opening AS (
    SELECT cip_code, sum(openings_annual_count) AS openings_annual_count
    FROM gap_by_occupation JOIN occupation_link USING (soc_code)
    WHERE state_fips = '48' AND demand_variant = 'openings' GROUP BY ALL
)
SELECT *, least(awards_count, openings_annual_count) AS could_fill_count
FROM asked LEFT JOIN award USING (cip_code) LEFT JOIN opening USING (cip_code) ORDER BY cip_code
"""


def briefs(reader: Reader, states: Sequence[str] = ()) -> Iterator[Row]:
    """Every state's brief as PDF, one process."""
    wanted = list(states) or [s for s in Choices.of(reader).states if s != "US"]
    if why := brief_page.why_not():
        yield Row(f"{len(wanted)} briefs", None, note=why)
        return
    with TemporaryDirectory() as name:
        scopes = [Scope(state=s) for s in wanted]
        took = seconds_of(lambda: brief_page.save_all(reader, scopes, Path(name), 1, lambda *_: None))
    yield Row(f"{len(wanted)} briefs", took, most=60)


def question(reader: Reader, times: int = 5) -> Iterator[Row]:
    """One question on the command line, from nothing, beside a Python that merely has DuckDB."""
    environment = {**os.environ, "TALENTGAP_DATA": str(reader.path.parent)}

    def run(*command: str) -> None:
        subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)

    took, floor = interleaved(lambda: run("-m", "etl", "sql", QUESTION), lambda: run("-c", "import duckdb"), times)
    yield Row("a question from a cold start", took, "Python with DuckDB imported", floor, at_most=3)
