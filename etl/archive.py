"""The kept raw files and the ledger that says what was fetched, when, and what came of it.

``data/archive/<source_id>/<date>_<sha8>_<name>`` holds every version of every file; ``ledger.jsonl`` has one line per
event and is only ever added to, so that a run that is killed loses at most its last line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.durable import put_in_place
from etl.source import RawFile

LEDGER = "ledger.jsonl"


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

    def newest(self, source_id: str) -> dict[str, RawFile]:
        """The newest kept version of each of a source's files, by name."""
        files = {}
        for event in self.events():
            if event["source_id"] == source_id and event["event"] == "kept":
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

    def record(self, event: str, source_id: str, name: str = "", **details: Any) -> None:
        """Add a line to the ledger: ``kept``, ``unchanged``, ``failed`` or ``loaded``."""
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

    def last_check(self, source_id: str) -> tuple[datetime | None, str]:
        """When the source was last looked at, and what was wrong then ('' if nothing was)."""
        when, error = None, ""
        for event in self.events():
            if event["source_id"] == source_id and event["event"] in {"loaded", "unchanged", "failed"}:
                when = datetime.fromisoformat(event["at"])
                error = event.get("error", "")
        return when, error
