"""Refreshing: fetch what changed, parse only that, build, check, swap; and the first build from the snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from filelock import FileLock, Timeout

from etl import sources
from etl.archive import Archive
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
    downloaded_bytes: int = 0
    build: BuildReport | None = None


@contextmanager
def writing(settings: Settings, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the one lock that whoever replaces the warehouse must hold. Raises ``AtlasError`` when another holds it."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.lock_path, timeout=wait_seconds):
            yield
    except Timeout as error:
        raise AtlasError(
            f"Another refresh or build is writing the warehouse (it holds data/{settings.lock_path.name}); "
            "wait until it has finished."
        ) from error


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


def parse(source: Source, files: RawFiles) -> Parsed:
    """A source's frames. A defect in the parser keeps its traceback; a bad file is an ``AtlasError``."""
    return Parsed(files, source.parse(files))


def refresh(settings: Settings, names: Sequence[str] = (), progress: Quiet | None = None) -> RefreshReport:
    """Fetch the named sources (all by default), parse those whose files are new, and build.

    A source that fails is reported and keeps the figures it had; the others go on. Nothing is built when nothing has
    changed. Raises ``AtlasError`` when the build itself fails; the old warehouse then serves on.
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
                if not fetched.files:
                    report.waiting[source.source_id] = source.how_to_get
                    continue
                if {f.sha256 for f in fetched.files.values()} == loaded.get(source.source_id):
                    report.unchanged.append(source.source_id)
                    fetcher.archive.record("unchanged", source.source_id)
                    continue
                parsed[source.source_id] = parse(source, fetched.files)
                report.loaded[source.source_id] = sum(len(f) for f in parsed[source.source_id].frames.values())
            except AtlasError as error:
                report.failed[source.source_id] = str(error)
                fetcher.archive.record("failed", source.source_id, error=str(error))
        if parsed or not settings.warehouse_path.exists():
            try:
                report.build = build(settings, parsed, progress=progress)
            except AtlasError as error:
                raise AtlasError(" ".join([*report.failed.values(), str(error)])) from error
            for source_id in parsed:
                fetcher.archive.record("loaded", source_id)
    return report


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
