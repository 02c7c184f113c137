"""Jobs done in two processes give what they give one after another."""

from __future__ import annotations

import sys
from concurrent.futures.process import BrokenProcessPool
from types import SimpleNamespace

import pytest

from etl import parallel

JOBS = [5, 3, 8, 0, 2]


def test_in_processes_and_one_after_another_alike(monkeypatch):
    alone, together = [], []
    monkeypatch.setattr(parallel, "may_start_processes", lambda: False)
    assert parallel.each(str, JOBS, alone.append) == ["5", "3", "8", "0", "2"]
    assert parallel._in_processes(str, JOBS, together.append) == ["5", "3", "8", "0", "2"]
    assert alone == together == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("problem", [OSError("no semaphores"), NotImplementedError(), BrokenProcessPool()])
def test_where_no_process_can_be_started_the_work_is_done_here(monkeypatch, problem):
    def fails(*_):
        raise problem

    done = []
    monkeypatch.setattr(parallel, "may_start_processes", lambda: True)
    monkeypatch.setattr(parallel, "_in_processes", fails)
    assert parallel.each(str, JOBS, done.append) == ["5", "3", "8", "0", "2"]
    assert done == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("in_processes", [True, False])
def test_an_error_of_the_work_is_raised(monkeypatch, in_processes):
    monkeypatch.setattr(parallel, "may_start_processes", lambda: in_processes)
    with pytest.raises(ValueError, match="invalid literal"):
        parallel.each(int, ["1", "one"])


@pytest.mark.parametrize(
    ("spec", "cores", "expected"),
    [
        (SimpleNamespace(name="etl.__main__"), 2, True),
        (SimpleNamespace(name="etl.__main__"), 1, False),
        (SimpleNamespace(name="charts"), 2, False),
        (None, 2, False),  # a script, a notebook, a page of Streamlit
    ],
)
def test_processes_are_started_from_a_packages_main_only(monkeypatch, spec, cores, expected):
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(__spec__=spec))
    monkeypatch.setattr(parallel.os, "sched_getaffinity", lambda _: set(range(cores)), raising=False)
    assert parallel.may_start_processes() is expected
