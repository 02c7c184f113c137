"""How long work shows that it is alive: on a terminal, in a page, or not at all."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeElapsedColumn


class Quiet:
    """Shows nothing; the base of the others."""

    def step(self, what: str, done: int, total: int) -> None:
        """``done`` of ``total`` steps are finished, and ``what`` is under way."""

    def download(self, name: str, done_bytes: int, total_bytes: int | None) -> None:
        """``done_bytes`` of a file have arrived; the total is None where the publisher does not say."""

    def __enter__(self) -> Quiet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


class Terminal(Quiet):
    """A bar for the steps and one for the file that is arriving; nothing when the output is not a terminal."""

    def __init__(self, console: Console) -> None:
        off = not console.is_terminal
        self._steps = Progress(
            TextColumn("{task.description:<36}"), BarColumn(), TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(), DownloadColumn(), console=console, transient=True, disable=off,
        )  # fmt: skip
        self._step_task: TaskID | None = None
        self._file_task: TaskID | None = None
        self._file_name = ""

    def __enter__(self) -> Terminal:
        self._steps.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._steps.stop()

    def step(self, what: str, done: int, total: int) -> None:
        if self._step_task is None:
            self._step_task = self._steps.add_task(what, total=total)
        self._steps.update(self._step_task, description=what, completed=done, total=total)

    def download(self, name: str, done_bytes: int, total_bytes: int | None) -> None:
        if self._file_task is None:
            self._file_task = self._steps.add_task(name, total=total_bytes)
        if name != self._file_name:
            self._file_name = name
            self._steps.reset(self._file_task, description=f"  {name}", total=total_bytes)
        self._steps.update(self._file_task, completed=done_bytes, total=total_bytes)
