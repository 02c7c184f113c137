"""What more data costs: completions many times over.

The rows are SYNTHETIC: the real award years again and again, further back in time, so that institutions, programs, levels and
counts keep their real distribution. They are built into a folder that is thrown away, and shown on no page.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from bench.frames import frames
from bench.row import Row
from etl.settings import ROOT, Settings
from etl.warehouse.read import Reader
from etl.warehouse.schema import tables
from etl.warehouse.sql import literal

#: With the committed snapshot's 980,000 rows this gives the 29 million that a hundred times one award year would be.
TIMES = 30
MOST_GB = 4
#: Run as a process of its own, so that its peak memory is its alone.
BUILD = """
import json, resource, sys, time
from pathlib import Path
from etl.settings import Settings
from etl.warehouse.build import build
start = time.perf_counter()
build(Settings(data_dir=Path(sys.argv[1]), snapshot_dir=Path(sys.argv[2])), carry_over=False)
print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2]))
"""


def grown_snapshot(settings: Settings, into: Path, times: int) -> int:
    """A snapshot of base tables in ``into`` whose completions (and the institutions they belong to) are ``times`` as many; how
    many rows of completions it has."""
    into.mkdir(parents=True)
    for table in ("source_file", *(t.name for t in tables("base"))):
        source, target = settings.snapshot_dir / f"{table}.parquet", into / f"{table}.parquet"
        if table not in ("completion", "institution"):
            target.symlink_to(source.resolve())
            continue
        with duckdb.connect() as con:
            con.execute(f"CREATE VIEW real AS FROM read_parquet({literal(source)})")
            ((span,),) = con.execute("SELECT (max(award_year) - min(award_year) + 1)::INTEGER FROM real").fetchall()
            (kind,) = (r[1] for r in con.execute("DESCRIBE real").fetchall() if r[0] == "award_year")
            further_back = f"(r.award_year - {span} * again)::{kind} AS award_year"
            con.execute(
                f"COPY (SELECT r.* REPLACE ({further_back}) FROM real r, range({times}) t(again) ORDER BY award_year) "
                f"TO {literal(target)} (FORMAT parquet)"
            )
    with duckdb.connect() as con:
        ((rows,),) = con.execute(
            f"SELECT count(*) FROM read_parquet({literal(into / 'completion.parquet')})"
        ).fetchall()
    return int(rows)


def growth(
    settings: Settings,
    times: int = TIMES,
    states: Sequence[str] = ("US", "CA", "TX", "OH", "WY"),
    ids: Sequence[str] = (),
) -> Iterator[Row]:
    """Build, memory and frames with so many times the completions, beside those of the real ones in the same run."""
    with TemporaryDirectory() as name:
        here, found = Path(name), []
        for label, factor in (("real", 1), ("grown", times)):
            rows = grown_snapshot(settings, here / label, factor)
            done = subprocess.run(
                [sys.executable, "-c", BUILD, str(here / f"{label}-data"), str(here / label)],
                cwd=ROOT, check=True, capture_output=True, text=True,
            )  # fmt: skip
            seconds, peak_gb = json.loads(done.stdout)
            found.append((rows, seconds, peak_gb, Settings(data_dir=here / f"{label}-data")))
        (real, real_seconds, real_gb, real_data), (grown, seconds, peak_gb, grown_data) = found
        of = f"{grown / 1e6:.1f} million completions (synthetic)"
        yield Row(f"build, {of}", seconds, f"with {real / 1e6:.2f} million", real_seconds, at_most=grown / real)
        yield Row(f"peak memory of that build, {of}", peak_gb, "with the real ones", real_gb, most=MOST_GB, unit="GB")
        (before, *_), (after, *_) = (
            list(frames(Reader(data.warehouse_path), states, ids)) for data in (real_data, grown_data)
        )
        yield Row(f"frames, p95, {of}", after.value, "with the real ones", before.value, at_most=1.2, unit="ms")
