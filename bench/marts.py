"""The marts, each derived from tables that are there."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from functools import partial

import duckdb

from bench.row import Row, seconds_of
from etl.warehouse.read import Reader
from etl.warehouse.schema import TABLES, tables


def marts(reader: Reader, names: Sequence[str] = ()) -> Iterator[Row]:
    """Each mart derived from tables that are there, beside merely fetching the tables it is derived from."""
    inputs: dict[str, set[str]] = {}
    for table in tables("mart"):
        inputs.setdefault(table.made_by or table.name, set()).update(table.inputs)
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")
        con.execute(f"ATTACH '{str(reader.path).replace(chr(39), chr(39) * 2)}' AS w (READ_ONLY)")
        con.execute("USE w")
        total = floor_total = 0.0
        for module, names_of_inputs in inputs.items():
            if names and module not in names:
                continue
            derive = importlib.import_module(f"etl.warehouse.marts.{module}").rows
            floor = seconds_of(partial(_fetch, con, names_of_inputs), times=3)
            took = seconds_of(partial(derive, con))
            total, floor_total = total + took, floor_total + floor
            yield Row(f"mart {module}", took, "fetching its inputs", floor)
        yield Row("all these marts", total, "fetching the inputs of each", floor_total, at_most=30)


def _fetch(con: duckdb.DuckDBPyConnection, names: set[str]) -> None:
    for name in names & TABLES.keys():
        con.execute(f"SELECT * FROM {name}").df()
