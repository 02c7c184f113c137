"""Ask an engine for the counts of its records and hand them on as rows that may be loaded."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from etl.codes import FIPS_BY_NAME, FRAMEWORK_2024, STATES, school_years
from etl.connected.connect import connected
from etl.connected.maps import RecordMap
from etl.errors import AtlasError
from etl.imports.canonical import COLUMNS
from etl.imports.names import CLUSTERS, OTHER
from etl.imports.suppress import ALL
from etl.warehouse.read import Reader

KEYS = ["school_year", "state_fips", "district", "education_level", "framework", "cluster", "population", "measure"]


@dataclass(frozen=True)
class Brought:
    """What came back, as ``etl.landing.land_all`` takes it: kind -> rows of one ``origin``."""

    rows: Mapping[str, pd.DataFrame]

    def lines(self) -> list[str]:
        """What it is, in lines that a person reads."""
        found = []
        for kind, rows in self.rows.items():
            withheld = int(rows["is_suppressed"].sum())
            said = [", ".join(sorted(set(rows[c]))) for c in ("school_year", "measure", "framework")]
            found.append(f"{kind:<10} {len(rows):,} counts: {'; '.join(said)}; {withheld:,} are withheld")
        enrolled = self.rows["enrollment"]
        districts = enrolled.loc[enrolled["district"] != ALL, "district"].nunique()
        return [*found, f"places     {enrolled['state_fips'].nunique():,} states, {districts:,} districts"]


def bring(address: str, table: str, found: RecordMap, clusters_of: Mapping[str, Sequence[str]]) -> Brought:
    """Count the records of a table where they are. Raises ``AtlasError``: what is wrong, and nothing has been loaded.

    ``clusters_of``: CIP code -> its clusters, for records with CIP codes (see :func:`clusters_by_cip`).
    """
    with connected(address) as engine:
        from etl.connected import counts

        records = engine.table(table, found.record_columns)
        asked = found.wages
        expressions = {}
        with engine.saying("The records cannot be counted as the map says"):
            expressions["enrollment"] = counts.enrolment(records, found, clusters_of)
        if asked:
            wages = engine.table(asked.table, [asked.student, asked.quarter, asked.earnings])
            with engine.saying("The earnings cannot be counted as the map says"):
                expressions["earnings"] = counts.earnings(records, wages, asked, found, clusters_of)
        fetched = {kind: engine.fetch(expression) for kind, expression in expressions.items()}
    origin = found.origin or table
    rows = {"enrollment": _enrolment_rows(fetched["enrollment"], found, origin)}
    if asked:
        rows["earnings"] = _earnings_rows(fetched["earnings"], found, origin)
    return Brought(rows)


def clusters_by_cip(reader: Reader) -> dict[str, list[str]]:
    """Every CIP code's clusters, from the warehouse."""
    rows = reader.rows(
        "SELECT DISTINCT cip_code, cluster FROM program_cluster WHERE framework = $framework ORDER BY ALL",
        {"framework": FRAMEWORK_2024},
    )
    found: dict[str, list[str]] = {}
    for code, cluster in rows:
        found.setdefault(code, []).append(cluster)
    return found


def _enrolment_rows(fetched: pd.DataFrame, found: RecordMap, origin: str) -> pd.DataFrame:
    rows = _placed(fetched, found, origin).assign(students_count=lambda f: f["students_count"].astype("Int64"))
    rows["is_suppressed"] = rows["students_count"].isna()
    _need_clusters(rows["cluster"], found)
    twice = rows[rows.duplicated(KEYS)]
    if len(twice):
        first = twice.iloc[0]
        raise AtlasError(
            f"{origin} has more than one count of {first['district']!r}, {first['school_year']}, because two of its values for a "
            "state or school year mean the same, or a district is called 'all'; make them one in a view, and name that."
        )
    return rows[list(COLUMNS["enrollment"])].sort_values(KEYS, ignore_index=True)


def _earnings_rows(fetched: pd.DataFrame, found: RecordMap, origin: str) -> pd.DataFrame:
    rows = _placed(fetched, found, origin).assign(district=ALL)
    by_cip = found.wages is not None and found.wages.by == "cip"
    unit = rows.pop("unit").astype(str)
    rows["cluster"] = ALL if by_cip else unit
    rows["cip_code"] = unit if by_cip else ALL
    for column in ("employed_count", "earnings_quarter_median_usd"):
        rows[column] = rows[column].astype("Int64")
    rows["is_suppressed"] = rows["employed_count"].isna()
    _need_clusters(rows["cluster"], found)
    columns = list(COLUMNS["earnings"])
    return rows[columns].sort_values(["school_year", "state_fips", "cluster", "cip_code", "measure"], ignore_index=True)


def _placed(fetched: pd.DataFrame, found: RecordMap, origin: str) -> pd.DataFrame:
    """With years, states, level, framework and origin as the warehouse has them. Raises where nobody was counted."""
    if fetched.empty:
        raise AtlasError(f"{origin} holds no student whom the map counts; check its columns, values and quarters.")
    years = {y: _year(str(y), found.year_is) for y in fetched["school_year"].unique()}
    states = {s: _state(str(s), origin) for s in fetched["state"].unique()}
    return fetched.assign(
        school_year=school_years(fetched["school_year"].map(years), origin),
        state_fips=fetched["state"].map(states),
        education_level=found.education_level,
        framework=found.framework,
        origin=origin,
    ).drop(columns="state")


def _year(value: str, year_is: str) -> str:
    if not re.fullmatch(r"\d{4}", value.strip()) or not year_is:
        return value.strip()
    first = int(value) - (year_is == "its end")
    return f"{first}-{(first + 1) % 100:02d}"


def _state(value: str, origin: str) -> str:
    text = value.strip()
    code = STATES.get(text.upper()) or FIPS_BY_NAME.get(text) or (text.zfill(2) if text.isdigit() else "")
    if code not in STATES.values():
        raise AtlasError(
            f"{origin} has a state {value[:40]!r}, which is none; name the column or the state in the map."
        )
    return code


def _need_clusters(column: pd.Series, found: RecordMap) -> None:
    odd = set(column) - {*CLUSTERS[found.framework], OTHER, ALL}
    if odd:
        raise AtlasError(
            f"{len(odd)} of the table's clusters are none of {found.framework}, as {min(odd)[:60]!r}; say under [clusters] of the "
            f"map which they are, or {OTHER!r}."
        )
