"""A refresh that is killed, runs out of disk or meets another one, and readers through swap after swap.

``TALENTGAP_TEST_KILLS`` sets how many refreshes are killed (200 for the full count; CONTRIBUTING says when).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from etl import durable
from etl.__main__ import app
from etl.errors import AtlasError
from etl.refresh import refresh
from etl.settings import Settings
from etl.warehouse.read import Reader, open_reader
from etl.warehouse.schema import TABLES
from tests.etl.helpers import assert_one_sentence
from tests.etl.nursery import SUM_OF_LETTERS, Nursery, nursery
from tests.etl.synthetic import Synthetic, install

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork a process")

KILLS = int(os.environ.get("TALENTGAP_TEST_KILLS", "10"))
SWAPS, THREADS = 20, 8
SEED = 2026


def letters(last: int) -> str:
    """The synthetic file whose three values add up to 3 + ``last``."""
    return f"code,value_count\n01,1\n02,2\n03,{last}\n"


def digest(settings: Settings) -> str:
    return hashlib.sha256(settings.warehouse_path.read_bytes()).hexdigest()


def left_over(settings: Settings) -> list[str]:
    """What a run that ended well leaves nothing of."""
    kept = {"archive", "inbox", settings.warehouse_path.name, settings.lock_path.name}
    arriving = (settings.archive_dir / ".partial").glob("tmp*")
    return sorted({p.name for p in settings.data_dir.iterdir()} - kept) + [p.name for p in arriving]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Synthetic:
    """A synthetic warehouse after its first refresh; its letters add up to 6."""
    found = install(monkeypatch, tmp_path)
    found.publish_all(letters(3))
    monkeypatch.setattr(Settings, "from_environment", classmethod(lambda cls: found.settings))
    refresh(found.settings)
    return found


@pytest.fixture
def processes(loaded: Synthetic) -> Iterator[Nursery]:
    with nursery(loaded.publishers.parents[1]) as found:
        yield found


def answer(settings: Settings) -> tuple[str, int]:
    """The build and the sum of the letters, of a whole warehouse: every table is there, and can be read."""
    reader = Reader(settings.warehouse_path)
    there = {name for (name,) in reader.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = 'w'")}
    assert there == set(TABLES)
    for table in TABLES:
        reader.rows(f"SELECT * FROM {table}")
    ((build_id, total),) = reader.rows(SUM_OF_LETTERS)
    return build_id, total


def complete_refresh(processes: Nursery) -> float:
    """A refresh that nobody kills, in a process of its own; gives the seconds it took."""
    began = time.monotonic()
    processes.start("refresh")
    ended = processes.ended()
    assert ended["code"] == 0, ended
    assert ended["said"]["failed"] == {}
    return time.monotonic() - began


def test_a_refresh_that_is_killed_loses_nothing(loaded: Synthetic, processes: Nursery) -> None:
    """At a moment of its duration, drawn anew each time: a whole warehouse serves, and the next refresh succeeds."""
    settings, draw = loaded.settings, random.Random(SEED)
    loaded.publish("letter.csv", letters(4))
    before, amid, swapped, litter = 7, 0, 0, 0
    durations = [complete_refresh(processes)]
    for kill in range(KILLS):
        last = 10 + kill
        loaded.publish("letter.csv", letters(last))
        pid = processes.start("refresh")
        time.sleep(draw.uniform(0, min(durations[-5:])))  # how busy the machine is changes meanwhile
        with suppress(ProcessLookupError):  # it was done sooner
            os.kill(pid, signal.SIGKILL)
        amid += processes.ended()["code"] == -signal.SIGKILL
        total = answer(settings)[1]
        assert total in {before, 3 + last}
        swapped += total != before
        litter += bool(left_over(settings))
        durations.append(complete_refresh(processes))
        assert answer(settings)[1] == 3 + last
        assert left_over(settings) == []
        before = 3 + last
    print(f"{KILLS} killed: {amid} while they ran, {swapped} after the swap, {litter} left files for the next to clear")
    assert amid >= KILLS // 3
    assert litter


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the size of files in this way")
def test_a_disk_that_is_full_ends_in_a_sentence(loaded: Synthetic, processes: Nursery) -> None:
    """No file may grow beyond the limit: the lock's, the ledger, the archived file, or the new warehouse."""
    before = digest(loaded.settings)
    loaded.publish("letter.csv", letters(4) + "".join(f"{n},1\n" for n in range(10_000, 30_000)))
    for limit_bytes in (0, 100, 3_000, 100_000, 400_000):
        processes.start(f"refresh {limit_bytes}")
        said = processes.ended()["said"]
        sentence = said.get("error") or "; ".join(said["failed"].values())
        assert_one_sentence(sentence, "File too large", "free space on the disk", "serves on")
        assert digest(loaded.settings) == before
    complete_refresh(processes)
    assert answer(loaded.settings)[1] == 7 + 20_000
    assert left_over(loaded.settings) == []


def test_no_space_at_any_moment(loaded: Synthetic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each wait for the disk in turn finds it full: a sentence, and a whole warehouse of before or after."""
    settings, real = loaded.settings, os.fsync
    total, kept = 6, 0
    for moment in range(1, 30):
        before, calls = digest(settings), 0
        loaded.publish("letter.csv", letters(100 + moment))

        def full(handle: int, moment: int = moment) -> None:
            nonlocal calls
            calls += 1
            if calls == moment:
                raise OSError(errno.ENOSPC, "No space left on device")
            real(handle)

        monkeypatch.setattr(os, "fsync", full)
        done = CliRunner().invoke(app, ["refresh"])
        monkeypatch.setattr(os, "fsync", real)
        if done.exit_code == 0:  # it waited for the disk less often than that
            break
        assert_one_sentence(done.stderr.strip(), "No space left on device", "the warehouse is whole and serves on")
        assert answer(settings)[1] in {total, 103 + moment}
        total = answer(settings)[1]
        kept += digest(settings) == before
    assert 4 < moment < 29
    assert kept >= 4, "three moments of the archive and the one before the swap leave the old file as it was"
    assert CliRunner().invoke(app, ["refresh"]).exit_code == 0
    assert left_over(settings) == []


def test_an_error_of_the_file_system_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(AtlasError) as error, durable.said_in_a_sentence():
        (tmp_path / "nowhere" / "synthetic.csv").read_bytes()
    assert_one_sentence(str(error.value), "synthetic.csv could not be read or written (No such file or directory)")


# ------------------------------------------------------------------ two at once


def test_the_second_refresh_says_who_holds_the_lock(loaded: Synthetic, processes: Nursery) -> None:
    before = digest(loaded.settings)
    pid = processes.start("hold")
    until = time.monotonic() + 10
    while not loaded.settings.holder_path.exists() and time.monotonic() < until:
        time.sleep(0.01)
    done = CliRunner().invoke(app, ["refresh"])
    assert done.exit_code == 1
    assert_one_sentence(
        done.stderr.strip(), f"(process {pid} on {os.uname().nodename}, since 2", " UTC)", "wait until it has finished"
    )
    assert digest(loaded.settings) == before
    os.kill(pid, signal.SIGKILL)
    processes.ended()
    assert loaded.settings.holder_path.exists(), "the killed process could not clear what names it"
    assert CliRunner().invoke(app, ["refresh"]).exit_code == 0
    assert left_over(loaded.settings) == []


@pytest.mark.parametrize("named", ["", "{", json.dumps({"pid": 2**22 + 1, "host": os.uname().nodename, "since": ""})])
def test_a_holder_that_is_gone_is_not_named(loaded: Synthetic, named: str) -> None:
    with FileLock(loaded.settings.lock_path):
        loaded.settings.holder_path.write_text(named, encoding="utf-8")
        done = CliRunner().invoke(app, ["refresh"])
    assert_one_sentence(done.stderr.strip(), "error: Another refresh or build is writing the warehouse")


def test_a_holder_on_another_machine_is_named(loaded: Synthetic) -> None:
    named = {"pid": 1, "host": "synthetic-host", "since": "2026-11-25 06:00 UTC"}
    with FileLock(loaded.settings.lock_path):
        loaded.settings.holder_path.write_text(json.dumps(named), encoding="utf-8")
        done = CliRunner().invoke(app, ["refresh"])
    assert_one_sentence(done.stderr.strip(), "(process 1 on synthetic-host, since 2026-11-25 06:00 UTC)")


# ------------------------------------------------------------------ readers


def test_readers_through_swaps_get_the_right_answers(loaded: Synthetic, processes: Nursery) -> None:
    """Eight threads and another process read all the while; each answer is that of the build it names."""
    settings = loaded.settings
    right = dict([answer(settings)])
    found: list[set[tuple[str, int]]] = [set() for _ in range(THREADS)]
    errors: list[BaseException] = []
    counts = [0] * THREADS
    stop = threading.Event()

    def read(mine: int) -> None:
        try:
            while not stop.is_set():
                reader = open_reader(settings)
                build_id, total = reader.rows(SUM_OF_LETTERS)[0]
                assert build_id == reader.build_id
                found[mine].add((build_id, total))
                counts[mine] += 1
                time.sleep(0.05)
        except BaseException as error:  # a thread's own end is seen by nobody
            errors.append(error)

    threads = [threading.Thread(target=read, args=(n,)) for n in range(THREADS)]
    processes.start("read 4")
    for thread in threads:
        thread.start()
    for swap in range(SWAPS):
        loaded.publish("letter.csv", letters(1000 + swap))
        report = refresh(settings, ["alpha"]).build
        assert report
        right[report.build_id] = 1003 + swap
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(right) == SWAPS + 1
    elsewhere = {(build_id, total) for build_id, total in processes.ended()["said"]}
    print(f"{sum(counts):,} answers of {THREADS} threads; another process saw {len(elsewhere)} builds")
    for answers in (*found, elsewhere):
        assert answers <= set(right.items())
        assert len(answers) > 1
