"""One chart's frame, over all charts and places."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from bench.row import Row, p95
from charts.chart import Chart, all_charts
from charts.scope import Choices, Scope
from etl.warehouse.read import Reader

#: The floor: the least that any frame needs of the warehouse.
ONE_ROW = "SELECT * FROM state WHERE state_abbr = $state"


def frames(reader: Reader, states: Sequence[str] = (), ids: Sequence[str] = ()) -> Iterator[Row]:
    """CPU of each frame, each asked for once by a reader that has drawn one other place, as a server that runs has; beside
    one row of a small table as a frame. CPU and not time, for another program may hold the cores."""
    charts = [c for c in all_charts().values() if not ids or c.id in ids]
    places = list(states or Choices.of(reader).states)
    fresh = Reader(reader.path)
    for chart in charts:
        chart.frame(fresh, Scope(state=places[-1], awards="associate"))
    took: dict[str, list[float]] = {chart.id: [] for chart in charts}
    least = []
    for state in places:
        least.append(_cpu_ms(fresh.frame, ONE_ROW, {"state": state}))
        for chart in charts:
            took[chart.id].append(_cpu_ms(chart.frame, fresh, Scope(state=state)))
    everything = [ms for per_chart in took.values() for ms in per_chart]
    floor = "a row of a small table"
    yield Row(
        f"a frame, p95 of {len(charts)} charts x {len(places)} places",
        p95(everything),
        floor,
        p95(least),
        most=10,
        unit="ms",
    )
    slowest = sorted(charts, key=lambda chart: -p95(took[chart.id]))
    for chart in slowest[:3]:
        yield Row(f"the slowest: {chart.id}, p95", p95(took[chart.id]), floor, p95(least), unit="ms")


def badges(reader: Reader, states: Sequence[str] = ("US", "TX", "WY"), ids: Sequence[str] = ()) -> Iterator[Row]:
    """CPU of a chart's badge once its frame is there, the slowest three."""
    charts: list[Chart] = [c for c in all_charts().values() if not ids or c.id in ids]
    took: dict[str, list[float]] = {}
    for state in states:
        fresh = Reader(reader.path)
        for chart in charts:
            chart.frame(fresh, Scope(state=state))
            took.setdefault(chart.id, []).append(_cpu_ms(chart.badge, fresh, Scope(state=state)))
    for chart in sorted(charts, key=lambda chart: -max(took[chart.id]))[:3]:
        yield Row(f"a badge, slowest place: {chart.id}", max(took[chart.id]), unit="ms")


def _cpu_ms(work: Callable[..., object], *arguments: object) -> float:
    start = time.process_time()
    work(*arguments)
    return (time.process_time() - start) * 1000
