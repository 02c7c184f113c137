"""How long the slow parts take, as multiples of a floor measured in the same run.

Seconds differ from machine to machine and from hour to hour. How many times longer than merely reading the same files,
or how many times shorter than the textbook way to the same numbers, differs far less: that is what has a target.
"""

from __future__ import annotations

import importlib
import json
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import scipy
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import maximum_flow

from charts.gaps_on_demand import gap_for
from etl.settings import Settings
from etl.warehouse.build import build as build_warehouse
from etl.warehouse.export import write_snapshot
from etl.warehouse.read import Reader
from etl.warehouse.schema import TABLES, tables
from measures.gaps import Network, supplies
from measures.matching import BoolArray, Bounds, FloatArray, IntArray, Matching
from measures.scopes import AWARD_SCOPES


@dataclass(frozen=True)
class Row:
    """One figure beside its floor. A target is the ratio's most (``at_most``) or least (``at_least``), or neither."""

    figure: str
    seconds: float
    floor: str
    floor_seconds: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor_seconds

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"at most {self.at_most:g}"
        return f"at least {self.at_least:g}" if self.at_least is not None else ""

    @property
    def is_met(self) -> bool:
        return not (
            (self.at_most is not None and self.ratio > self.at_most)
            or (self.at_least is not None and self.ratio < self.at_least)
        )


def seconds_of(work: Callable[[], object], times: int = 1) -> float:
    """The shortest of so many runs: what else the machine does only ever adds to it."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


# ---- building the warehouse ------------------------------------------------------------------------------


def build(settings: Settings) -> Iterator[Row]:
    """The build from the committed snapshot, beside DuckDB merely reading the same Parquet files into tables."""
    with TemporaryDirectory() as name:
        here = Path(name)
        derived = Settings(data_dir=here / "derived", snapshot_dir=here / "base")
        derived.snapshot_dir.mkdir()
        for table in ("source_file", *(t.name for t in tables("base"))):
            (derived.snapshot_dir / f"{table}.parquet").symlink_to(
                (settings.snapshot_dir / f"{table}.parquet").resolve()
            )
        floor = seconds_of(lambda: _read_parquet(derived.snapshot_dir, here / "floor.duckdb"), times=3)
        took = seconds_of(lambda: build_warehouse(derived, carry_over=False))
        yield Row("build, every mart derived", took, "reading the base tables' Parquet", floor, at_most=120)

        # A snapshot by today's code, so that its marts are taken as they are.
        whole = Settings(data_dir=here / "derived", snapshot_dir=here / "whole")
        write_snapshot(whole)
        floor = seconds_of(lambda: _read_parquet(whole.snapshot_dir, here / "floor.duckdb"), times=3)
        first_visit = Settings(data_dir=here / "visit", snapshot_dir=whole.snapshot_dir)
        took = seconds_of(lambda: build_warehouse(first_visit, carry_over=False))
        yield Row("build, marts from the snapshot", took, "reading all of its Parquet", floor, at_most=10)


def _read_parquet(folder: Path, into: Path) -> None:
    into.unlink(missing_ok=True)
    with duckdb.connect(str(into)) as con:
        con.execute("SET enable_progress_bar = false")
        for path in sorted(folder.glob("*.parquet")):
            con.execute(f"CREATE TABLE {path.stem} AS SELECT * FROM read_parquet(?)", [str(path)])


# ---- the marts -------------------------------------------------------------------------------------------


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


# ---- the bounds of one scope -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Area:
    """One area of the default scope, in the order of the network."""

    awards: IntArray
    openings: IntArray
    links: IntArray


def bounds(reader: Reader, areas: int = 52, lp_areas: int = 4) -> Iterator[Row]:
    """All bounds of the default scope, every area and career cluster, beside the most openings that each area's awards
    could fill and nothing more; then the same bounds in two textbook ways.

    The linear programs are solved for ``lp_areas`` areas, evenly spaced by size, and their time extrapolated to all.
    """
    network, everywhere = _default_scope(reader, areas)
    clusters = network.members[: len(network.clusters)]
    sets = f"{len(everywhere)} areas x {len(clusters)} clusters"

    floor = seconds_of(lambda: [Matching(a.awards, a.openings, a.links).could_fill() for a in everywhere], 3)
    ours = seconds_of(lambda: [_ours(a, clusters) for a in everywhere], 3)
    yield Row(f"bounds, {sets}", ours, "could fill alone", floor, at_most=8)

    naive = seconds_of(lambda: [one_by_one(a, clusters) for a in everywhere])
    yield Row("the same, one flow after another", naive, "bounds", ours, at_least=3)

    by_size = sorted(everywhere, key=lambda a: int(a.awards.sum()))
    some = [by_size[i] for i in np.linspace(0, len(by_size) - 1, min(lp_areas, len(by_size))).astype(int)]
    linear = seconds_of(lambda: [by_linear_programs(a, clusters) for a in some])
    yield Row(
        f"the same, linear programs (from {len(some)} areas)",
        linear * len(everywhere) / len(some),
        "bounds",
        ours,
        at_least=10,
    )


def _default_scope(reader: Reader, areas: int) -> tuple[Network, list[Area]]:
    links = reader.frame("SELECT l.* FROM occupation_link l JOIN occupation USING (soc_code) WHERE is_career_prep")
    pathways = reader.frame("SELECT * FROM occupation_pathway WHERE framework = '14 clusters (2024)'")
    network = Network.of(links, pathways, [])
    awards = reader.frame("SELECT * FROM program_award WHERE award_year = (SELECT max(award_year) FROM program_award)")
    demand = reader.frame(
        "SELECT * FROM occupation_projection WHERE demand_basis IN ('bls', 'estimated') ORDER BY state_fips"
    )
    supply = supplies(network, awards, AWARD_SCOPES["sub-baccalaureate"])
    everywhere = []
    for fips, rows in demand.groupby("state_fips"):
        openings = rows.set_index("soc_code")["openings_annual_count"].reindex(network.occupations).fillna(0)
        matching = Matching(supply[str(fips)].awards, openings.to_numpy(dtype=float), network.links)
        everywhere.append(Area(matching.awards, matching.openings, matching.links))
    return network, everywhere[:areas]


def _ours(area: Area, clusters: BoolArray) -> list[Bounds]:
    return Matching(area.awards, area.openings, area.links).bounds(clusters)


def one_by_one(area: Area, clusters: BoolArray) -> list[Bounds]:
    """The bounds as their definition reads: one network and one maximum flow for each question."""
    best = _flow(area, area.awards, area.openings)
    found = []
    for inside in clusters:
        linked = np.zeros(area.awards.size, dtype=bool)
        linked[area.links[inside[area.links[:, 1]], 0]] = True
        at_most = _flow(area, area.awards, np.where(inside, area.openings, 0))
        at_least = best - _flow(area, area.awards, np.where(inside, 0, area.openings))
        alone = _flow(area, np.where(linked, area.awards, 0), area.openings)
        openings, awards = int(area.openings[inside].sum()), int(area.awards[linked].sum())
        gaps = openings - at_most, openings - at_least
        found.append(Bounds(openings, at_least, at_most, *gaps, awards, awards - alone))
    return found


def _flow(area: Area, awards: IntArray, openings: IntArray) -> int:
    programs, occupations = awards.size, openings.size
    sink = 1 + programs + occupations
    program, occupation = area.links.T
    tails = np.concatenate([np.zeros(programs, dtype=int), 1 + program, 1 + programs + np.arange(occupations)])
    heads = np.concatenate([1 + np.arange(programs), 1 + programs + occupation, np.full(occupations, sink)])
    limits = np.concatenate([awards, awards[program], openings]).astype(np.int32)
    network = csr_array((limits, (tails, heads)), shape=(sink + 1, sink + 1))
    return int(maximum_flow(network, 0, sink).flow_value)


def by_linear_programs(area: Area, clusters: BoolArray) -> list[tuple[int, int]]:
    """(at least, at most) of each cluster by HiGHS: the most that can be filled at all, then for each cluster the least
    and the most of it among the assignments that fill as much."""
    links, number = area.links, len(area.links)
    each = np.arange(number)
    limits = coo_array(
        (
            np.ones(2 * number),
            (
                np.concatenate([links[:, 0], area.awards.size + links[:, 1]]),
                np.concatenate([each, each]),
            ),
        ),
        shape=(area.awards.size + area.openings.size, number),
    ).tocsr()
    most = np.concatenate([area.awards, area.openings])
    # SciPy takes sparse limits; its type stubs do not know.
    within: dict[str, Any] = {"A_ub": limits, "b_ub": most, "method": "highs"}
    total = -linprog(-np.ones(number), **within).fun
    everything = np.ones((1, number))

    def filled(into: FloatArray) -> int:
        solved = linprog(into, A_eq=everything, b_eq=[round(total)], **within)
        return round(abs(solved.fun))

    into = [inside[links[:, 1]].astype(float) for inside in clusters]
    return [(filled(one), filled(-one)) for one in into]


# ---- one area asked for by itself ---------------------------------------------------------------------------


def on_demand(reader: Reader) -> Iterator[Row]:
    """What the tables do not hold, asked for by itself, beside fetching its inputs from the warehouse."""
    for figure, asked in (
        ("Texas, two award years ago", {"state": "TX", "award_year": 2022}),
        ("California, its own projections", {"state": "CA", "basis": "projected"}),
        ("the nation, all awards, all jobs", {"state": "US", "awards": "all", "demand": "all"}),
    ):
        gap_for(reader, **asked)  # lays out the network, which is kept
        fips = reader.rows("SELECT state_fips FROM state WHERE state_abbr = ?", [asked["state"]])[0][0]
        floor = seconds_of(partial(_fetch_area, reader, fips), times=3)
        yield Row(
            figure, seconds_of(partial(gap_for, reader, **asked), times=3), "fetching its inputs", floor, at_most=40
        )


def _fetch_area(reader: Reader, fips: str) -> None:
    reader.area_openings(fips)
    reader.area_openings("00")
    reader.area_wages(fips)
    reader.frame("SELECT * FROM program_award WHERE award_year = 2024 AND state_fips = ?", [fips])


# ---- how they are shown ----------------------------------------------------------------------------------


def as_table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table, which also reads well on a terminal."""
    cells = [["figure", "seconds", "floor", "its seconds", "ratio", "target", ""]]
    cells += [
        [
            row.figure,
            f"{row.seconds:.3f}",
            row.floor,
            f"{row.floor_seconds:.3f}",
            f"{row.ratio:.1f}",
            row.target,
            "" if not row.target else "met" if row.is_met else "missed",
        ]
        for row in rows
    ]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    lines = ["| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in cells]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return "\n".join(lines)


def as_json(rows: Sequence[Row]) -> str:
    return json.dumps(
        [
            {
                "figure": row.figure,
                "seconds": row.seconds,
                "floor": row.floor,
                "floor_seconds": row.floor_seconds,
                "ratio": row.ratio,
                "target": row.target,
                "is_met": row.is_met,
            }
            for row in rows
        ],
        indent=1,
    )


def versions() -> str:
    """What was measured with."""
    return (
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, pandas {pd.__version__}, "
        f"NumPy {np.__version__}, SciPy {scipy.__version__}"
    )
