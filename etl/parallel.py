"""Jobs of pure computation, in two processes where that is safe and one after another elsewhere: same results, same
order."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

PROCESSES = 2


def each(
    work: Callable[[Job], Result], jobs: Sequence[Job], report: Callable[[int], None] | None = None
) -> list[Result]:
    """``work`` done on every job, in the jobs' order. ``report`` is told how many are done.

    ``work`` is a module's function and depends on nothing but its job. Put the longest jobs first.
    """
    say = report or (lambda _: None)
    if len(jobs) > 1 and may_start_processes():
        try:
            return _in_processes(work, jobs, say)
        except (OSError, NotImplementedError, BrokenProcessPool):
            # Some places let nobody start a process, have no semaphores, or end processes for want of memory.
            say(0)
    results = []
    for job in jobs:
        results.append(work(job))
        say(len(results))
    return results


def may_start_processes() -> bool:
    """Whether there is a second core, and this program was started as ``python -m package``.

    A new process first runs the program that started it once more, unless that is a package's ``__main__``: a Streamlit
    page, a notebook or a plain script would do all of its work again. A copy of this process (fork) would spare that,
    but DuckDB's threads do not survive being copied.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    program = getattr(sys.modules.get("__main__"), "__spec__", None)
    return cores > 1 and program is not None and str(program.name).endswith(".__main__")


def _in_processes(work: Callable[[Job], Result], jobs: Sequence[Job], report: Callable[[int], None]) -> list[Result]:
    pool = ProcessPoolExecutor(min(PROCESSES, len(jobs)), mp_context=get_context("spawn"))
    try:
        place = {pool.submit(work, job): i for i, job in enumerate(jobs)}
        results: dict[int, Result] = {}
        for future in as_completed(place):
            results[place[future]] = future.result()
            report(len(results))
    finally:
        pool.shutdown(cancel_futures=True)
    return [results[i] for i in range(len(jobs))]
