"""Refreshing: fetch what changed, parse only that, build, check, swap; and the first build from the snapshot."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from filelock import FileLock, Timeout

from etl import sources
from etl.archive import Archive
from etl.durable import said_in_a_sentence, sentence
from etl.errors import AtlasError, UsageError
from etl.fetch import Fetcher
from etl.progress import Quiet
from etl.settings import Settings
from etl.source import RawFiles, Source
from etl.warehouse.build import BuildReport, Parsed, build
from etl.warehouse.read import is_current, open_reader


@dataclass
class RefreshReport:
    """What a refresh found and did, source by source."""

    unchanged: list[str] = field(default_factory=list)
    loaded: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    downloaded_bytes: int = 0
    build: BuildReport | None = None


@contextmanager
def writing(settings: Settings, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the one lock that whoever replaces the warehouse must hold.

    Raises ``AtlasError`` when another holds it, saying who, and for a disk that is full or may not be written to.
    """
    with said_in_a_sentence():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(settings.lock_path, timeout=wait_seconds):
                settings.holder_path.write_text(json.dumps(_this_process()), encoding="utf-8")
                try:
                    yield
                finally:
                    settings.holder_path.unlink(missing_ok=True)
        except Timeout as error:
            raise AtlasError(
                f"Another refresh or build{_holder(settings)} is writing the warehouse (it holds "
                f"data/{settings.lock_path.name}); wait until it has finished."
            ) from error


def _this_process() -> dict[str, Any]:
    return {"pid": os.getpid(), "host": socket.gethostname(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"}


def _holder(settings: Settings) -> str:
    """Who holds the lock, in words for a sentence; nothing where only a process that was killed has said so.

    The lock itself ends with its process, the file that names the process does not.
    """
    try:
        named = json.loads(settings.holder_path.read_text(encoding="utf-8"))
        pid, host, since = int(named["pid"]), str(named["host"]), str(named["since"])
    except (OSError, ValueError, KeyError, TypeError):  # not there yet, or half written
        return ""
    if host == socket.gethostname() and not _is_alive(pid):
        return ""
    return f" (process {pid} on {host}, since {since})"


def _is_alive(pid: int) -> bool:
    if os.name == "nt":  # there, asking with a signal would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # there, and another user's
        return True
    return True


def ensure_warehouse(settings: Settings, progress: Quiet | None = None) -> None:
    """Build the warehouse where there is none, or where today's code would build it otherwise."""
    if is_current(settings):
        return
    with writing(settings, wait_seconds=120):
        if not is_current(settings):  # another may have built it while this one waited
            build(settings, progress=progress)


def rebuild(settings: Settings, origin: str, progress: Quiet | None = None) -> BuildReport:
    """Build from the snapshot, or by parsing again what the archive holds (and the snapshot where it holds nothing)."""
    with writing(settings):
        parsed = {}
        if origin == "archive":
            archive = Archive(settings.archive_dir)
            for source in sources.all_sources().values():
                files = archive.newest(source.source_id)
                if files and not source.is_optional:  # those are kept as they are: the archive has removed ones too
                    parsed[source.source_id] = parse(source, RawFiles(source.source_id, files))
            if not parsed:
                raise AtlasError("The archive holds no files yet; run `python -m etl refresh` first.")
        return build(settings, parsed, carry_over=False, progress=progress)


def _parse_new(archive: Archive, source: Source, files: RawFiles, loaded: set[str]) -> Parsed:
    """The frames of newly fetched files. Where they cannot be read, the archive is told which of them were never loaded, so
    that a build from it takes the last good version of each."""
    try:
        return parse(source, files)
    except AtlasError as error:
        archive.refuse(source.source_id, [f for f in files.values() if f.sha256 not in loaded], str(error))
        raise


def parse(source: Source, files: RawFiles) -> Parsed:
    """A source's frames. A defect in the parser keeps its traceback; a bad file is an ``AtlasError``."""
    return Parsed(files, source.parse(files))


def refresh(settings: Settings, names: Sequence[str] = (), progress: Quiet | None = None) -> RefreshReport:
    """Fetch the named sources (all by default), parse those whose files are new, and build.

    A source that fails is reported and keeps the figures it had; the others go on. Nothing is built when nothing has
    changed. Figures that break a rule of the whole fail like a file that cannot be read. Raises ``AtlasError`` when nothing
    of what is new can be built; the old warehouse then serves on.
    """
    progress = progress or Quiet()
    unknown = [n for n in names if n not in sources.all_sources()]
    if unknown:
        raise UsageError(
            f"There is no source {', '.join(unknown)}; the sources are {', '.join(sources.all_sources())}."
        )
    chosen = [s for s in sources.all_sources().values() if not names or s.source_id in names]
    report, parsed = RefreshReport(), {}
    with writing(settings):
        fetcher = Fetcher(settings, progress)
        loaded = _loaded_files(settings)
        for done, source in enumerate(chosen):
            progress.step(source.short_title, done, len(chosen))
            try:
                fetched = fetcher.fetch(source)
                report.downloaded_bytes += fetched.downloaded_bytes
                report.notes += fetched.notes
                if not fetched.files:
                    if not source.is_optional:
                        report.waiting[source.source_id] = source.how_to_get
                    continue
                if {f.sha256 for f in fetched.files.values()} == loaded.get(source.source_id):
                    report.unchanged.append(source.source_id)
                    fetcher.archive.record("unchanged", source.source_id)
                    continue
                of_source = loaded.get(source.source_id, set())
                parsed[source.source_id] = _parse_new(fetcher.archive, source, fetched.files, of_source)
                report.loaded[source.source_id] = sum(len(f) for f in parsed[source.source_id].frames.values())
            except (AtlasError, OSError) as error:
                said = sentence(error) if isinstance(error, OSError) else str(error)
                report.failed[source.source_id] = said
                fetcher.archive.record("failed", source.source_id, error=said)
        if parsed or not settings.warehouse_path.exists():
            _build_what_holds(settings, parsed, loaded, report, fetcher.archive, progress)
    return report


def _build_what_holds(
    settings: Settings,
    parsed: dict[str, Parsed],
    loaded: Mapping[str, set[str]],
    report: RefreshReport,
    archive: Archive,
    progress: Quiet,
) -> None:
    """Build with everything that was parsed. Where that breaks a rule, build source by source and leave out those that
    break it, so that one does not hold up the others; it is the slow way, and seldom taken."""
    good, bad = dict(parsed), {}
    try:
        report.build = build(settings, parsed, progress=progress)
    except AtlasError as error:
        if (
            not parsed or not settings.warehouse_path.exists()
        ):  # nothing serves, so there is nothing to leave them out of
            raise AtlasError(" ".join([*report.failed.values(), str(error)])) from error
        good, bad = {}, dict.fromkeys(parsed, str(error))
        for source_id, each in parsed.items() if len(parsed) > 1 else ():
            try:
                report.build = build(settings, {**good, source_id: each}, progress=progress)
            except AtlasError as its_own:
                bad[source_id] = str(its_own)
            else:
                good[source_id] = each
                del bad[source_id]
    for source_id, each in good.items():
        archive.record("loaded", source_id, sha256s=sorted({f.sha256 for f in each.files.values()}))
    for source_id, error_said in bad.items():
        reason = f"{source_id} keeps the figures it had: {error_said}"
        new = [f for f in parsed[source_id].files.values() if f.sha256 not in loaded.get(source_id, set())]
        archive.refuse(source_id, new, reason)
        archive.record("failed", source_id, error=reason)
        del report.loaded[source_id]
        report.failed[source_id] = reason
    if not good:
        raise AtlasError(" ".join(dict.fromkeys(report.failed.values())))


def failed_last_time(settings: Settings) -> list[str]:
    """The sources whose last refresh failed, of those that there are."""
    return [name for name in Archive(settings.archive_dir).failing() if name in sources.all_sources()]


def _loaded_files(settings: Settings) -> dict[str, set[str]]:
    """The SHA-256 of the files that each source's figures in the warehouse (or else the snapshot) came from."""
    if not settings.warehouse_path.exists():
        return {}
    found: dict[str, set[str]] = {}
    for source_id, sha256 in open_reader(settings).rows("SELECT source_id, sha256 FROM source_file"):
        found.setdefault(source_id, set()).add(sha256)
    return found


def status(settings: Settings) -> list[dict[str, Any]]:
    """One row per source: what it covers, when it was retrieved and looked at, its age by its cadence, its rows."""
    archive, today = Archive(settings.archive_dir), datetime.now(UTC).date()
    states = {state.source_id: state for state in open_reader(settings).source_states(today)}
    rows = []
    for source in sources.all_sources().values():
        state = states.get(source.source_id)
        if source.is_optional and state is None:
            continue
        checked, error = archive.last_check(source.source_id)
        rows.append(
            {
                "source_id": source.source_id,
                "title": source.title,
                "vintage": (state.vintage or None) if state else None,
                "retrieved_on": state.retrieved_on.isoformat() if state and state.retrieved_on else None,
                "via": (state.via or None) if state else None,
                "checked_at": checked.isoformat(timespec="seconds") if checked else None,
                "age_days": state.age_days if state else None,
                "cadence": source.cadence,
                "is_due": bool(state and state.is_due),
                "file_count": state.file_count if state else 0,
                "row_count": state.row_count if state else 0,
                "last_error": error or None,
            }
        )
    return rows
