"""``python -m bench [NAME] [--json]``: build, marts, bounds or on-demand; all without a name."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import bench
from etl.settings import Settings
from etl.warehouse.build import build as build_warehouse
from etl.warehouse.read import open_reader

NAMES = ("build", "marts", "bounds", "on-demand")


def main() -> int:
    """Run benchmarks; 1 if a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=bench.__doc__)
    parser.add_argument("name", nargs="?", choices=NAMES, help="one benchmark; all of them without")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    asked = parser.parse_args()

    rows: list[bench.Row] = []
    if asked.name in (None, "build"):
        rows += bench.build(Settings())
    if asked.name != "build":
        with TemporaryDirectory() as name:
            settings = Settings(data_dir=Path(name))
            build_warehouse(settings, carry_over=False)
            reader = open_reader(settings)
            if asked.name in (None, "marts"):
                rows += bench.marts(reader)
            if asked.name in (None, "bounds"):
                rows += bench.bounds(reader)
            if asked.name in (None, "on-demand"):
                rows += bench.on_demand(reader)
    print(bench.as_json(rows) if asked.json else f"{bench.as_table(rows)}\n\n{bench.versions()}")
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
