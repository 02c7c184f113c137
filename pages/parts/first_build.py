"""The first start: the warehouse is built from the snapshot while the person watches."""

from __future__ import annotations

import threading
import time

import streamlit as st

from etl.errors import AtlasError
from etl.progress import Quiet
from etl.settings import Settings

POLL_SECONDS = 0.2


class _Job(Quiet):
    """A build in a thread of its own: it goes on when the person who started it closes the page."""

    def __init__(self, settings: Settings) -> None:
        self.what, self.share = "starting", 0.0
        self.error: Exception | None = None
        self.thread = threading.Thread(target=self._run, args=(settings,), name="first-build", daemon=True)

    def _run(self, settings: Settings) -> None:
        # Imported where it is needed: it brings what fetches and parses, and most starts have nothing to build.
        from etl.refresh import ensure_warehouse

        try:
            ensure_warehouse(settings, self)
        except Exception as error:
            self.error = error

    def step(self, what: str, done: int, total: int) -> None:
        self.what, self.share = what, done / total


_lock = threading.Lock()
_jobs: list[_Job] = []


def build_with_progress(settings: Settings) -> None:
    """Build the warehouse, or wait for the build that another session has started, and show how far it is.

    Raises ``AtlasError`` where it cannot be built.
    """
    with _lock:
        if not (_jobs and _jobs[0].thread.is_alive()):
            _jobs[:] = [_Job(settings)]
            _jobs[0].thread.start()
        job = _jobs[0]
    bar = st.progress(0.0)
    while job.thread.is_alive():
        bar.progress(job.share, text=f"First start: building the warehouse from the snapshot ({job.what})")
        time.sleep(POLL_SECONDS)
    bar.empty()
    if isinstance(job.error, AtlasError):
        raise AtlasError(str(job.error)) from job.error
    if job.error is not None:
        raise job.error
