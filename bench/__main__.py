"""``python -m bench [NAME] [--json]``: one family of figures, or all of them; 1 where a target is missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import bench
from bench import builds, command_line, crowd, frames, gaps, growth, marts, pages
from bench.row import Row, as_json, as_table, machine
from etl.settings import Settings
from etl.warehouse.build import build as build_warehouse
from etl.warehouse.read import Reader, open_reader

#: Families that build for themselves, and those that read a warehouse.
OF_A_SNAPSHOT = {
    "build": lambda asked: builds.build(Settings()),
    "refresh": lambda asked: builds.refreshes(),
    "growth": lambda asked: growth.growth(Settings(), asked.times),
}
OF_A_WAREHOUSE = {
    "marts": lambda reader, asked: marts.marts(reader),
    "bounds": lambda reader, asked: gaps.bounds(reader),
    "on-demand": lambda reader, asked: gaps.on_demand(reader),
    "frames": lambda reader, asked: _frames(reader),
    "pages": lambda reader, asked: _pages(reader),
    "memory": lambda reader, asked: _memory(reader),
    "crowd": lambda reader, asked: crowd.crowd(reader, asked.people, asked.seconds, asked.servers),
    "briefs": lambda reader, asked: command_line.briefs(reader),
    "question": lambda reader, asked: command_line.question(reader),
}
#: Places in which the pages are drawn again; all 52 would take an hour.
PLACES = ("Texas", "Ohio", "California", "Wyoming", "New York", "United States")


def _frames(reader: Reader) -> Iterator[Row]:
    yield from frames.frames(reader)
    yield from frames.badges(reader)


def _memory(reader: Reader) -> Iterator[Row]:
    with pages.both(reader) as (ours, floor):
        yield from pages.memory(ours, floor)


def _pages(reader: Reader) -> Iterator[Row]:
    with pages.both(reader) as (ours, floor):
        yield from pages.reruns(ours, floor, (), PLACES)
        yield from pages.browser(ours, floor, pages.with_charts())


def main() -> int:
    """Run benchmarks; 1 if a target is missed."""
    names = (*OF_A_SNAPSHOT, *OF_A_WAREHOUSE)
    parser = argparse.ArgumentParser(prog="python -m bench", description=bench.__doc__)
    parser.add_argument("name", nargs="?", choices=names, help="one family of figures; all of them without")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    parser.add_argument("--seconds", type=float, default=30, help="how long the crowd stays; 600 is the whole run")
    parser.add_argument("--people", type=int, default=50, help="how many are in the crowd")
    parser.add_argument(
        "--servers", type=int, default=1, help="over how many servers of one file the crowd is shared out"
    )
    parser.add_argument("--times", type=int, default=growth.TIMES, help="how many times the completions, for growth")
    asked = parser.parse_args()

    rows: list[Row] = []
    for name, run in OF_A_SNAPSHOT.items():
        if asked.name in (None, name):
            rows += run(asked)
    if asked.name is None or asked.name in OF_A_WAREHOUSE:
        with TemporaryDirectory() as folder:
            settings = Settings(data_dir=Path(folder))
            build_warehouse(settings, carry_over=False)
            reader = open_reader(settings)
            for name, measure in OF_A_WAREHOUSE.items():
                if asked.name in (None, name):
                    rows += measure(reader, asked)
    print(as_json(rows) if asked.json else f"{as_table(rows)}\n\n{machine()}")
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
