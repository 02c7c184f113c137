"""Synthetic student-course records and wage records, as many as asked for: for benchmarks and tests, never for the warehouse.

Every value is drawn from hashes of a row's number, so the same count gives the same rows anywhere. Six records belong to a
student, over three school years; 115 districts and 14 clusters differ in size as they do in a state (a few large, many
small); most of a student's courses are in one cluster; a good half of the students are paid a year after.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import duckdb

from etl.codes import FRAMEWORK_2024
from etl.imports.names import CLUSTERS

COLUMNS = (
    "student_id TEXT, school_year TEXT, district TEXT, cluster TEXT, course TEXT, is_concentrator TEXT, is_completer TEXT, "
    "sex TEXT, race TEXT, disability TEXT"
)
WAGE_COLUMNS = "student_id TEXT, quarter TEXT, wages_usd NUMERIC(12, 2)"
PER_STUDENT = 6
YEARS = ("2019-20", "2020-21", "2021-22", "2022-23", "2023-24")
#: The map of these records, but for the names of the wage table and the state.
MAP = """
origin = "Synthetic course records"
state = "NC"
{threshold}

[columns]
student = "student_id"
school_year = "school_year"
district = "district"
cluster = "cluster"

[measures]
participants = {{ rows = "every" }}
concentrators = {{ column = "is_concentrator", values = ["Y"] }}
completers = {{ column = "is_completer", values = ["Y"] }}

[populations.sex]
column = "sex"
values = {{ F = "Female", M = "Male" }}

[populations.race]
column = "race"
values = {{ A = "Asian", B = "Black or African American", H = "Hispanic/Latino", W = "White" }}

[populations.disability]
column = "disability"
values = {{ Y = "Individuals with disabilities" }}

[wages]
table = "{wages}"
student = "student_id"
quarter = "quarter"
earnings = "wages_usd"

[wages.quarters]
"2022-23" = "2023Q4"
"2023-24" = "2024Q4"
"""


def map_text(wages: str, threshold: int | None = None) -> str:
    return MAP.format(wages=wages, threshold="" if threshold is None else f"threshold = {threshold}")


def write_parquet(folder: Path, count: int) -> tuple[Path, Path]:
    """``count`` records and the wages of their students as two Parquet files in a folder."""
    records, wages = folder / "record.parquet", folder / "wage.parquet"
    con = duckdb.connect()
    with tempfile.TemporaryDirectory(dir=folder) as spill:
        con.execute("SET threads = 2; SET memory_limit = '3GB'; SET preserve_insertion_order = false")
        con.execute("SET temp_directory = ?", [spill])
        con.execute(f"COPY ({_records(count)}) TO '{records}' (FORMAT parquet)")
        con.execute(f"COPY ({_wages(count)}) TO '{wages}' (FORMAT parquet)")
    con.close()
    return records, wages


def copy_to_postgres(con: Any, records: Path, wages: Path) -> None:
    """Both files into the tables record and wage of a PostgreSQL database (an open psycopg connection)."""
    for table, columns, path in (("record", COLUMNS, records), ("wage", WAGE_COLUMNS, wages)):
        con.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
        con.execute(f"CREATE TABLE {table} ({columns})")
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, duckdb.connect() as reader:
            text = Path(folder) / "rows.csv"
            reader.execute(f"COPY (FROM '{path}') TO '{text}' (FORMAT csv, HEADER false)")
            with con.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy, text.open("rb") as lines:
                while block := lines.read(1 << 20):
                    copy.write(block)
        con.execute(f"ANALYZE {table}")


def _uniform(of: str, salt: int) -> str:
    """A number from 0 to 1 that looks random, from a whole number."""
    return f"((hash({of} * 1000 + {salt}) % 1000003) / 1000003.0)"


def _records(count: int) -> str:
    names = [name.replace("'", "''") for name in CLUSTERS[FRAMEWORK_2024]]
    clusters = "[" + ", ".join(f"'{name}'" for name in names) + "]"
    cluster = lambda u: f"{clusters}[1 + floor(14 * pow({u}, 1.7))::INT]"  # noqa: E731
    year = f"({list(YEARS)}[1 + floor(3 * {_uniform('s', 1)})::INT + k // 2])"
    return f"""
        SELECT 'stu-' || lpad(s::TEXT, 9, '0') AS student_id, {year} AS school_year,
               'District ' || lpad((1 + floor(115 * pow({_uniform("s", 2)}, 2.6))::INT)::TEXT, 3, '0') AS district,
               CASE WHEN {_uniform("r", 3)} < 0.8 THEN {cluster(_uniform("s", 4))} ELSE {cluster(_uniform("r", 5))} END AS cluster,
               'course-' || (hash(r * 7) % 40)::TEXT AS course,
               CASE WHEN k >= 2 AND {_uniform("s", 6)} < 0.6 THEN 'Y' ELSE 'N' END AS is_concentrator,
               CASE WHEN k >= 4 AND {_uniform("s", 6)} < 0.35 THEN 'Y' ELSE 'N' END AS is_completer,
               CASE WHEN {_uniform("s", 7)} < 0.48 THEN 'F' ELSE 'M' END AS sex,
               ['W', 'W', 'W', 'W', 'W', 'H', 'H', 'B', 'B', 'A'][1 + floor(10 * {_uniform("s", 8)})::INT] AS race,
               CASE WHEN {_uniform("s", 9)} < 0.13 THEN 'Y' ELSE 'N' END AS disability
        FROM (SELECT r, r // {PER_STUDENT} AS s, (r % {PER_STUDENT})::INT AS k FROM range({count}) t(r))"""


def _wages(count: int) -> str:
    """One or two employers per quarter, for a good half of the students."""
    return f"""
        SELECT 'stu-' || lpad(s::TEXT, 9, '0') AS student_id, q AS quarter,
               (round(800 + 9000 * {_uniform("s", 11)} * (1 - 0.3 * e), 2))::DECIMAL(12, 2) AS wages_usd
        FROM range({-(-count // PER_STUDENT)}) t(s), (VALUES ('2023Q4'), ('2024Q4')) v(q), (VALUES (0), (1)) w(e)
        WHERE {_uniform("s", 12)} < CASE WHEN e = 0 THEN 0.6 ELSE 0.15 END"""


#: Distinct students as a plain query counts them, small cells and all: what every engine's answer is compared with.
TRUTH = """
    WITH base AS (
        SELECT *, unnest(['participants', 'concentrators', 'completers']) AS measure FROM {records}
    )
    SELECT school_year, coalesce(district, 'all') AS district, coalesce(cluster, 'all') AS cluster,
           coalesce(population, 'all') AS population, measure, count(DISTINCT student_id) AS truth
    FROM (SELECT *, unnest([
              CASE sex WHEN 'F' THEN 'Female' ELSE 'Male' END,
              CASE race WHEN 'A' THEN 'Asian' WHEN 'B' THEN 'Black or African American' WHEN 'H' THEN 'Hispanic/Latino'
                        ELSE 'White' END,
              CASE disability WHEN 'Y' THEN 'Individuals with disabilities' END]) AS population FROM base)
    WHERE measure = 'participants' OR (measure = 'concentrators' AND is_concentrator = 'Y')
          OR (measure = 'completers' AND is_completer = 'Y')
    GROUP BY GROUPING SETS ((school_year, measure), (school_year, measure, district), (school_year, measure, cluster),
        (school_year, measure, district, cluster), (school_year, measure, population),
        (school_year, measure, district, population), (school_year, measure, cluster, population))
    -- the students who are in no population that is named are nobody's row
    HAVING population IS NOT NULL OR GROUPING(population) = 1"""
