"""The kept raw files and the ledger that says what was fetched, when, and what came of it.

``data/archive/<source_id>/<date>_<sha8>_<name>`` holds every version of every file; ``ledger.jsonl`` has one line per
event and is only ever added to, so that a run that is killed loses at most its last line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.durable import put_in_place
from etl.settings import code_version
from etl.source import RawFile

LEDGER = "ledger.jsonl"
#: The sources whose last refresh failed, and why; what readers see of the ledger.
FAILING = "failing.json"
#: Events that say what came of looking at a source.
_CHECKS = frozenset({"loaded", "unchanged", "failed"})


class Archive:
    """Raw files under one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def events(self) -> Iterator[dict[str, Any]]:
        """The ledger's lines in order. A last line that a killed run left unfinished is passed over."""
        path = self.folder / LEDGER
        if not path.exists():
            return
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                continue  # only a line cut short by a kill cannot be read, and what it told is fetched again

    def newest(self, source_id: str, *, refused: bool = False) -> dict[str, RawFile]:
        """The newest kept version of each of a source's files, by name; with ``refused`` those of which no figures could be
        loaded as well, which are otherwise passed over for the version before."""
        files = {}
        bad = set() if refused else self._refused(source_id)
        for event in self.events():
            if event["source_id"] == source_id and event["event"] == "kept" and event["sha256"] not in bad:
                raw = RawFile(
                    name=event["name"],
                    path=self.folder / event["path"],
                    url=event["url"],
                    retrieved_at=datetime.fromisoformat(event["at"]),
                    sha256=event["sha256"],
                    size_bytes=event["bytes"],
                    period=event["period"],
                    etag=event["etag"],
                    last_modified=event["last_modified"],
                    via=event["via"],
                )
                if raw.path.exists():
                    files[raw.name] = raw
        return files

    def keep(self, partial: Path, raw: RawFile, source_id: str) -> RawFile:
        """Move a checked file into the archive and, once it is on the disk, record it; gives the file as it now lies."""
        folder = self.folder / source_id
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{raw.retrieved_at:%Y-%m-%d}_{raw.sha256[:8]}_{raw.name}"
        put_in_place(partial, path)
        self.record(
            "kept", source_id, raw.name, url=raw.url, sha256=raw.sha256, bytes=raw.size_bytes, period=raw.period,
            etag=raw.etag, last_modified=raw.last_modified, via=raw.via, path=str(path.relative_to(self.folder)),
            at=raw.retrieved_at.isoformat(),
        )  # fmt: skip
        return RawFile(**{**raw.__dict__, "path": path})

    def refuse(self, source_id: str, files: Sequence[RawFile], error: str) -> None:
        """Record that no figures could be loaded from these files; with another version of the code they may be."""
        self.record(
            "refused", source_id, sha256s=sorted({f.sha256 for f in files}), code_version=code_version(), error=error
        )

    def _refused(self, source_id: str) -> set[str]:
        """The SHA-256 of the files that were refused by this version of the code and not loaded since, beside others."""
        bad: set[str] = set()
        for event in self.events():
            if event["source_id"] != source_id:
                continue
            if event["event"] == "refused" and event["code_version"] == code_version():
                bad |= set(event["sha256s"])
            elif event["event"] == "loaded":
                bad -= set(event.get("sha256s", ()))
        return bad

    def releases(self, source_id: str, family: str, via: str) -> list[str]:
        """The releases of a family of files that were found after the known ones, in the order they were taken."""
        return [
            event["period"]
            for event in self.events()
            if event["source_id"] == source_id
            and (event["event"], event["name"], event.get("via")) == ("release", family, via)
        ]

    def record(self, event: str, source_id: str, name: str = "", **details: Any) -> None:
        """Add a line to the ledger: ``kept``, ``release``, ``refused``, ``quota``, ``unchanged``, ``failed`` or ``loaded``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        line = {
            "event": event,
            "at": datetime.now(UTC).isoformat(),
            "source_id": source_id,
            "name": name,
            **details,
        }
        with (self.folder / LEDGER).open("a+b") as ledger:
            if ledger.tell():
                ledger.seek(-1, os.SEEK_END)
                if ledger.read(1) != b"\n":  # a killed run left its last line unfinished
                    ledger.write(b"\n")
            ledger.write(json.dumps(line).encode() + b"\n")
            ledger.flush()
            os.fsync(ledger.fileno())
        if event in _CHECKS:
            self._say_who_fails()

    def failing(self) -> list[str]:
        """The sources whose last refresh failed."""
        return sorted(self._last_checks(failed_only=True))

    def _say_who_fails(self) -> None:
        """Write for the readers which sources failed, whole or not at all."""
        path = self.folder / FAILING
        new = path.with_suffix(f".new-{os.getpid()}")
        new.write_text(json.dumps(self._last_checks(failed_only=True), indent=1, sort_keys=True), encoding="utf-8")
        put_in_place(new, path)

    def _last_checks(self, failed_only: bool) -> dict[str, dict[str, str]]:
        last = {
            e["source_id"]: {"at": e["at"], "error": e.get("error", "")} for e in self.events() if e["event"] in _CHECKS
        }
        return {source_id: check for source_id, check in last.items() if check["error"] or not failed_only}

    def last_check(self, source_id: str) -> tuple[datetime | None, str]:
        """When the source was last looked at, and what was wrong then ('' if nothing was)."""
        check = self._last_checks(failed_only=False).get(source_id)
        return (datetime.fromisoformat(check["at"]), check["error"]) if check else (None, "")
