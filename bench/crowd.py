"""Fifty people at one server, each choosing another place every two seconds: waiting times, errors, wrong figures, memory."""

from __future__ import annotations

import html
import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.pages import ready_figures
from bench.row import Row, p50, p95
from bench.server import Server, Session, dashboard, minimal_page
from charts.chart import chart_by_id
from charts.scope import Choices, Scope
from etl.errors import AtlasError
from etl.warehouse.read import Reader

#: The pages that people are on, and the chart of each whose headline is checked.
WATCHED = {"": "could-fill", "pathways": "ways-in", "choice": "women-and-men", "partners": "partners-by-awards"}
EVERY_SECONDS = 2.0
MOST_MB = 1500
#: Memory may still grow by this much of itself over the second half of a run, and counts as flat.
FLAT = 1.05


@dataclass
class Seen:
    """What the crowd saw. ``waits`` are seconds, ``resident`` (seconds since the start, MB)."""

    waits: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    resident: list[tuple[float, float]] = field(default_factory=list)


def expected(reader: Reader, states: Sequence[str] = ()) -> dict[tuple[str, str], str]:
    """(page, place's label) -> the headline that must stand there; of all places where none is named."""
    found = {}
    for page, chart_id in WATCHED.items():
        chart = chart_by_id(chart_id)
        for state, label in Choices.of(reader).states.items():
            if states and state not in states:
                continue
            scope = Scope(state=state)
            found[page, label] = html.escape(chart.finding(chart.frame(reader, scope), scope))
    return found


def crowd(reader: Reader, people: int = 50, seconds: float = 30.0, servers: int = 1) -> Iterator[Row]:
    """So many people for so long, shared out over so many servers of the same file."""
    headlines = expected(reader)
    places = sorted({place for _, place in headlines})
    with TemporaryDirectory() as folder, minimal_page(Path(folder), ready_figures(reader)) as floor:
        least = watch([floor], {("", place): place for place in places}, people, seconds)
    with ExitStack() as stack:
        # As replicas of one read-only file behind a proxy would be.
        running = [stack.enter_context(dashboard(reader.path.parent)) for _ in range(servers)]
        seen = watch(running, headlines, people, seconds)
    of = f"{people} people, {seconds:g} s" + (f", {servers} servers" if servers > 1 else "")
    yield Row(f"{of}: p95 of a rerun", p95(seen.waits), "the minimal page, one server", p95(least.waits), most=1.5)
    yield Row(f"{of}: median of a rerun", p50(seen.waits), "the minimal page, one server", p50(least.waits))
    yield Row(
        f"{of}: reruns a minute", 60 * len(seen.waits) / seconds, "the minimal page, one server", 60 * len(least.waits) / seconds,
        unit="count",
    )  # fmt: skip
    yield Row(f"{of}: errors", len(seen.errors), most=0, unit="count", note="; ".join(sorted(set(seen.errors))[:2]))
    yield Row(f"{of}: wrong figures", len(seen.wrong), most=0, unit="count", note="; ".join(seen.wrong[:1]))
    when, held = np.array(seen.resident).T
    half = held[when > when[-1] / 2]
    third = max(len(half) // 3, 1)
    yield Row(f"{of}: memory", float(held.max()), most=MOST_MB, unit="MB")
    yield Row(
        f"{of}: memory at the end", float(np.median(half[-third:])), "halfway", float(np.median(half[:third])), at_most=FLAT,
        unit="MB",
    )  # fmt: skip


def watch(servers: Sequence[Server], headlines: dict[tuple[str, str], str], people: int, seconds: float) -> Seen:
    """Let the people choose, and note what they see."""
    seen, lock = Seen(), threading.Lock()
    pages = sorted({page for page, _ in headlines})
    all_are_in = threading.Barrier(people)
    places = sorted({place for _, place in headlines})

    def one(number: int) -> None:
        choose = random.Random(number)
        page = pages[number % len(pages)]
        person = Session(servers[number % len(servers)])
        try:
            person.open("")
            person.open(page)
            all_are_in.wait()
            start = time.monotonic()
            due = start + choose.random() * min(EVERY_SECONDS, seconds)
            while due < start + seconds:
                time.sleep(max(0.0, due - time.monotonic()))
                place = choose.choice(places)
                answer = person.choose("Place", place)
                with lock:
                    seen.waits.append(answer.seconds)
                    seen.errors += answer.errors
                    if headlines[page, place] not in answer.findings:
                        seen.wrong.append(f"{page or 'overview'}, {place}: {answer.findings[-1:]}")
                due = max(due + EVERY_SECONDS, time.monotonic())
        except (OSError, TimeoutError, KeyError, AtlasError, threading.BrokenBarrierError) as error:
            all_are_in.abort()  # nobody waits for one who is not coming
            with lock:
                seen.errors.append(f"{type(error).__name__}: {error}")
        finally:
            person.close()

    begun = time.monotonic()
    with ThreadPoolExecutor(people) as pool:
        running = [pool.submit(one, number) for number in range(people)]
        while not all(r.done() for r in running):
            seen.resident.append((time.monotonic() - begun, sum(server.resident_mb for server in servers)))
            time.sleep(min(1.0, seconds / 20))
        for r in running:
            r.result()
    return seen
