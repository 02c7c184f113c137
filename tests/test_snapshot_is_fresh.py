"""The committed snapshot is what today's code makes of its own files."""

from __future__ import annotations

import importlib
import json

import duckdb
import pandas as pd
import pytest

from charts.gaps_on_demand import gap_for
from etl.settings import Settings
from etl.warehouse.build import _build_id, _parquet
from etl.warehouse.read import Reader
from etl.warehouse.sql import literal

SETTINGS = Settings()
AGAIN = "run python -m etl build and python -m etl snapshot"


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        yield connection


def test_the_snapshot_names_the_build_of_todays_code(con):
    package = json.loads((SETTINGS.snapshot_dir / "datapackage.json").read_text(encoding="utf-8"))
    assert package["build_id"] == _build_id(con, _parquet(SETTINGS, "source_file")), AGAIN


@pytest.mark.parametrize("mart", ["occupation", "occupation_link", "occupation_pathway", "occupation_projection"])
def test_what_the_gap_tables_rest_on_is_derived_alike(reader: Reader, con, mart):
    con.execute(f"ATTACH {literal(reader.path)} AS w (READ_ONLY)")
    con.execute("USE w")
    derived = importlib.import_module(f"etl.warehouse.marts.{mart}").rows(con)
    con.execute("USE memory")
    con.register("derived", derived)
    stored, columns = _parquet(SETTINGS, mart), ", ".join(derived.columns)
    for one, other in (("derived", stored), (stored, "derived")):
        only_here = f"(SELECT {columns} FROM {one} EXCEPT SELECT {columns} FROM {other})"
        differing = con.execute(f"SELECT count(*) FROM {only_here}").fetchall()
        assert differing == [(0,)], AGAIN


@pytest.mark.parametrize("state", ["US", "CA", "VT"])
@pytest.mark.parametrize(
    ("awards", "demand", "variant"),
    [
        ("sub-baccalaureate", "career-prep", "openings"),
        ("sub-baccalaureate", "career-prep", "growth_and_exits"),
        ("bachelor", "bachelor", "openings"),
        ("certificates", "all", "growth_and_exits"),
    ],
)
def test_a_stored_gap_is_the_gap_computed_now(reader: Reader, con, state, awards, demand, variant):
    found = gap_for(reader, state, awards, demand, variant).area
    [stored] = (
        con.execute(
            f"SELECT * FROM {_parquet(SETTINGS, 'gap_by_state')} "
            "WHERE (state_fips, awards, demand, demand_variant) = (?, ?, ?, ?)",
            [found["state_fips"], awards, demand, variant],
        )
        .df()
        .to_dict("records")
    )
    assert {k: None if pd.isna(v) else v for k, v in stored.items()} == pytest.approx(found), AGAIN
