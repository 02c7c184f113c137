"""Processes to be killed: ``python -m tests.etl.nursery FOLDER`` forks one, with all that it imports, for each order.

Orders come by line: ``refresh [BYTES]`` refreshes the synthetic warehouse in FOLDER, where no file may grow beyond BYTES;
``hold`` takes the lock and keeps it; ``read SECONDS`` reads the warehouse over and over. The answers by line: the
process's id, then, once it has ended, a JSON object of how it ended and what it said.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from etl.errors import AtlasError
from etl.refresh import refresh, writing
from etl.settings import ROOT, Settings
from etl.warehouse.read import open_reader
from tests.etl.synthetic import install

SUM_OF_LETTERS = "SELECT (SELECT build_id FROM build), sum(value_count)::BIGINT FROM letter"


class Nursery:
    """The other end of the lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, order: str) -> int:
        """Fork a process that follows the order; gives its id."""
        assert self._process.stdin
        self._process.stdin.write(order + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def ended(self) -> dict[str, Any]:
        """Wait for the end of the process: ``code`` (minus a signal's number) and what it ``said``."""
        found: dict[str, Any] = json.loads(self._line())
        return found

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.etl.nursery", str(folder)], cwd=ROOT, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield Nursery(process)
        finally:
            assert process.stdin
            process.stdin.close()


def _follow(order: list[str], settings: Settings) -> Any:
    if order[0] == "hold":
        with writing(settings):
            time.sleep(60)
    elif order[0] == "read":
        until, found = time.monotonic() + float(order[1]), set()
        while time.monotonic() < until:
            found.add(open_reader(settings).rows(SUM_OF_LETTERS)[0])
            time.sleep(0.02)
        return sorted(found)
    else:
        if len(order) > 1:
            import resource

            resource.setrlimit(resource.RLIMIT_FSIZE, (int(order[1]), int(order[1])))
        try:
            report = refresh(settings)
        except AtlasError as error:
            return {"error": str(error)}
        return {"failed": report.failed, "build": report.build and report.build.build_id}
    return None


def main() -> None:
    with pytest.MonkeyPatch.context() as patch:
        settings = install(patch, Path(sys.argv[1])).settings
        for line in sys.stdin:
            ear, mouth = os.pipe()
            pid = os.fork()
            if pid == 0:
                said = _follow(line.split(), settings)
                os.write(mouth, json.dumps(said).encode())
                os._exit(0)
            os.close(mouth)
            print(pid, flush=True)
            with os.fdopen(ear, "rb") as pipe:
                text = pipe.read()
            _, status = os.waitpid(pid, 0)
            said = json.loads(text) if text else None
            print(json.dumps({"code": os.waitstatus_to_exitcode(status), "said": said}), flush=True)


if __name__ == "__main__":
    main()
