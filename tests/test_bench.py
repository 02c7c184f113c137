"""The benchmarks run and give rows; how long they take is for ``python -m bench`` to say."""

from __future__ import annotations

import json

import numpy as np

import bench
from etl.warehouse.read import Reader


def test_bounds_in_three_ways(reader: Reader):
    rows = list(bench.bounds(reader, areas=2, lp_areas=1))
    assert [row.floor for row in rows] == ["could fill alone", "bounds", "bounds"]
    assert all(row.seconds > 0 and row.floor_seconds > 0 for row in rows)


def test_a_mart_and_the_sum_of_marts(reader: Reader):
    rows = list(bench.marts(reader, ["occupation_link"]))
    assert [row.figure for row in rows] == ["mart occupation_link", "all these marts"]


def test_gaps_asked_for_by_themselves(reader: Reader):
    assert all(row.seconds > 0 for row in bench.on_demand(reader))


def test_the_slow_ways_find_the_same_bounds():
    area = bench.Area(
        awards=np.array([30, 5, 12, 9]),
        openings=np.array([20, 14, 3, 40]),
        links=np.array([(0, 0), (0, 1), (1, 1), (2, 1), (2, 2), (3, 3)]),
    )
    clusters = np.array([[1, 0, 0, 0], [0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0]], dtype=bool)
    quick = bench.Matching(area.awards, area.openings, area.links).bounds(clusters)
    assert bench.one_by_one(area, clusters) == quick
    assert bench.by_linear_programs(area, clusters) == [(b.at_least, b.at_most) for b in quick]


def test_rows_are_shown_with_their_targets():
    rows = [bench.Row("a", 2.0, "b", 1.0, at_most=3), bench.Row("c", 2.0, "d", 1.0, at_least=3)]
    assert [row.is_met for row in rows] == [True, False]
    lines = bench.as_table(rows).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "at most 3" in lines[2]
    assert "missed" in lines[3]
    assert [row["ratio"] for row in json.loads(bench.as_json(rows))] == [2.0, 2.0]
