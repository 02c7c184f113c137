"""The one layout in which imported rows are handed on: text in a CSV file, small cells already withheld.

``rows_to_csv`` writes it, ``csv_to_frames`` reads it back as warehouse rows; both hold each other's words. A reader of a
database that has counts of its own (see ``etl.landing.land``) needs only a frame with the columns of :data:`COLUMNS`.
"""

from __future__ import annotations

import io

import pandas as pd

from etl.codes import FRAMEWORK_2002, FRAMEWORK_2024, STATES, school_years
from etl.errors import AtlasError
from etl.imports.names import CLUSTERS, OTHER
from etl.warehouse.csv_text import csv_text

#: Kind -> warehouse table, and its columns in the canonical file, in order.
TABLE_OF = {
    "enrollment": "cte_enrollment", "awards": "imported_award", "openings": "imported_openings", "earnings": "cte_earnings",
}  # fmt: skip
_KEYS = ("school_year", "state_fips", "district", "education_level", "framework", "cluster", "population")
COLUMNS = {
    "enrollment": (*_KEYS, "measure", "students_count", "is_suppressed", "origin"),
    "awards": (*_KEYS, "awards_count", "is_suppressed", "origin"),
    "openings": ("region", "state_fips", "base_year", "projection_year", "framework", "cluster", "soc_code",
                 "openings_annual_count", "origin"),
    "earnings": ("school_year", "state_fips", "district", "education_level", "framework", "cluster", "cip_code", "measure",
                 "employed_count", "earnings_quarter_median_usd", "is_suppressed", "origin"),
}  # fmt: skip
COUNT = {
    "enrollment": "students_count", "awards": "awards_count", "openings": "openings_annual_count", "earnings": "employed_count",
}  # fmt: skip
_MEDIAN = "earnings_quarter_median_usd"


def rows_to_csv(kind: str, rows: pd.DataFrame) -> str:
    """Rows of a kind as the canonical file."""
    return csv_text(rows.assign(kind=kind)[["kind", *COLUMNS[kind]]])


def csv_to_rows(text: str, where: str) -> tuple[str, pd.DataFrame]:
    """The kind and the rows of a canonical file, typed. Raises ``AtlasError`` where it is none, or says what cannot be."""
    remedy = "import the original file again with `python -m etl import`"
    try:
        found = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise AtlasError(f"{where} is no imported file ({str(error).splitlines()[0]}); {remedy}.") from error
    kinds = set(found["kind"]) if "kind" in found else set()
    kind = min(kinds) if len(kinds) == 1 else ""
    if kind not in COLUMNS or list(found.columns) != ["kind", *COLUMNS[kind]]:
        raise AtlasError(f"{where} is no imported file of this version; {remedy}.")
    rows = found.drop(columns="kind").replace({"": None})
    _need(rows["state_fips"].isin(list(STATES.values())), where, "a state that is none", remedy)
    frameworks = rows["framework"].dropna()
    _need(frameworks.isin([FRAMEWORK_2002, FRAMEWORK_2024]), where, "a framework that is none", remedy)
    for framework, clusters in rows.dropna(subset=["framework", "cluster"]).groupby("framework")["cluster"]:
        _need(clusters.isin([*CLUSTERS[str(framework)], OTHER, "all"]), where, "a cluster that is none", remedy)
    column = COUNT[kind]
    _need(rows[column].dropna().str.fullmatch(r"\d{1,9}"), where, "a count that is none", remedy)
    rows[column] = pd.to_numeric(rows[column]).astype("Int64")
    if kind == "openings":
        _need(
            rows[["base_year", "projection_year"]].stack().str.fullmatch(r"\d{4}"), where, "a year that is none", remedy
        )
        rows[["base_year", "projection_year"]] = rows[["base_year", "projection_year"]].astype("int64")
        return kind, rows
    rows["school_year"] = school_years(rows["school_year"].fillna(""), where)
    rows["is_suppressed"] = rows["is_suppressed"] == "True"
    _need(rows["is_suppressed"] == rows[column].isna(), where, "a count that is withheld and shown", remedy)
    if kind == "earnings":
        _need(rows[_MEDIAN].dropna().str.fullmatch(r"\d{1,9}"), where, "earnings that are none", remedy)
        rows[_MEDIAN] = pd.to_numeric(rows[_MEDIAN]).astype("Int64")
        _need(rows["is_suppressed"] == rows[_MEDIAN].isna(), where, "earnings that are withheld and shown", remedy)
    return kind, rows


def _need(holds: pd.Series, where: str, what: str, remedy: str) -> None:
    if not holds.all():
        row = int(holds.to_numpy().argmin()) + 2
        raise AtlasError(f"{where} holds {what} (about row {row}); {remedy}.")
