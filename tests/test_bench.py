"""Each benchmark runs, at its smallest, and gives its rows; how long they take is for ``python -m bench`` to say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from bench import builds, command_line, crowd, frames, gaps, growth, marts, pages
from bench.row import Row, as_json, as_table, machine
from bench.server import Server
from charts import brief_page
from etl.settings import Settings
from etl.warehouse.read import Reader


@pytest.fixture(scope="module")
def servers(reader: Reader) -> Iterator[tuple[Server, Server]]:
    with pages.both(reader, ["WY", "OH"]) as running:
        yield running


def test_bounds_in_three_ways(reader: Reader):
    rows = list(gaps.bounds(reader, areas=2, lp_areas=1))
    assert [row.floor for row in rows] == ["could fill alone", "bounds", "bounds"]
    assert all(row.value > 0 and row.floor_value > 0 for row in rows)


def test_a_mart_and_the_sum_of_marts(reader: Reader):
    rows = list(marts.marts(reader, ["occupation_link"]))
    assert [row.figure for row in rows] == ["mart occupation_link", "all these marts"]


def test_gaps_asked_for_by_themselves(reader: Reader):
    assert all(row.value > 0 for row in gaps.on_demand(reader))


def test_the_slow_ways_find_the_same_bounds():
    area = gaps.Area(
        awards=np.array([30, 5, 12, 9]),
        openings=np.array([20, 14, 3, 40]),
        links=np.array([(0, 0), (0, 1), (1, 1), (2, 1), (2, 2), (3, 3)]),
    )
    clusters = np.array([[1, 0, 0, 0], [0, 1, 1, 0], [1, 1, 1, 1], [0, 0, 0, 0]], dtype=bool)
    quick = gaps.Matching(area.awards, area.openings, area.links).bounds(clusters)
    assert gaps.one_by_one(area, clusters) == quick
    assert gaps.by_linear_programs(area, clusters) == [(b.at_least, b.at_most) for b in quick]


def test_frames_and_badges(reader: Reader):
    rows = list(frames.frames(reader, ["US", "WY"], ["could-fill", "ways-in"]))
    assert [row.most for row in rows] == [10, None, None]
    assert all(row.value > 0 and row.floor_value > 0 for row in rows)
    assert all(row.value >= 0 for row in frames.badges(reader, ["WY"], ["could-fill"]))


def test_without_a_mirror_the_refreshes_say_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("TALENTGAP_MIRROR", raising=False)
    monkeypatch.setattr(builds, "MIRROR", tmp_path / "none")
    rows = list(builds.refreshes())
    assert len(rows) == 2
    assert all("there is no mirror" in row.verdict for row in rows)


def test_grown_completions_keep_the_real_ones(tmp_path: Path):
    snapshot = Settings().snapshot_dir
    if not (snapshot / "completion.parquet").exists():
        pytest.skip("data/snapshot has no files yet")
    (real,) = duckdb.sql(
        f"SELECT count(*), max(award_year) FROM read_parquet('{snapshot}/completion.parquet')"
    ).fetchall()
    assert growth.grown_snapshot(Settings(), tmp_path / "grown", 2) == 2 * real[0]
    by_year = duckdb.sql(
        f"SELECT award_year, count(*) FROM read_parquet('{tmp_path}/grown/completion.parquet') GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert by_year[-1][0] == real[1]
    half = len(by_year) // 2
    assert [n for _, n in by_year[:half]] == [n for _, n in by_year[half:]], "the same years, further back"


def test_pages_memory_and_a_crowd(reader: Reader, servers: tuple[Server, Server]):
    rows = list(pages.reruns(*servers, ["vision", ""], ["Wyoming"]))
    assert [row.figure for row in rows][::2] == ["warm rerun, vision", "warm rerun, overview"]
    assert all(row.value > 0 for row in rows)
    assert [row.figure for row in pages.memory(*servers, sessions=1)] == ["memory of an idle session"]
    headlines = crowd.expected(reader, ["OH"])
    seen = crowd.watch(servers[:1], headlines, people=2, seconds=1)
    assert seen.waits
    assert seen.errors == []
    assert seen.wrong == []
    wrong = dict.fromkeys(headlines, "what stands nowhere")
    assert crowd.watch(servers[:1], wrong, people=1, seconds=0.5).wrong, "a wrong figure is seen"


def test_the_command_line(reader: Reader):
    (row,) = command_line.question(reader, times=1)
    assert row.ratio > 1
    (made,) = command_line.briefs(reader, ["WY"])
    assert made.value is None if brief_page.why_not() else made.value > 0


def test_rows_are_shown_with_their_targets():
    rows = [
        Row("a", 2.0, "b", 1.0, at_most=3),
        Row("c", 2.0, "d", 1.0, at_least=3),
        Row("e", 12.0, most=10, unit="ms"),
        Row("f", None, note="there is no mirror"),
    ]
    assert [row.is_met for row in rows] == [True, False, False, True]
    lines = as_table(rows).splitlines()
    assert len({len(line) for line in lines}) == 1
    assert "ratio at most 3" in lines[2]
    assert "missed" in lines[3]
    assert "at most 10 ms" in lines[4]
    assert "not measured: there is no mirror" in lines[5]
    assert [row["ratio"] for row in json.loads(as_json(rows))] == [2.0, 2.0, None, None]
    assert "cores" in machine()
