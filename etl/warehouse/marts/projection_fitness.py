"""Which states' own projections may be offered."""

import duckdb
import pandas as pd

from measures.demand import projection_fitness


def rows(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per state with projections of its own."""
    state = con.execute("SELECT * FROM projection_state").df()
    national = con.execute("SELECT * FROM projection_national WHERE occupation_type = 'Line item'").df()
    fitness = projection_fitness(state, national)
    fitness["projection_year"] = state["projection_year"].max()
    return fitness
