"""What the tests of sources share: raw files made from paths, and the publishers' files where a mirror is."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from etl.source import RawFile, RawFiles, Source

MIRROR = Path(__file__).resolve().parents[3] / "shared" / "mirror"
needs_mirror = pytest.mark.skipif(not MIRROR.is_dir(), reason="the mirror of the publishers' files is not here")


def raw(path: Path, url: str = "", **details: Any) -> RawFile:
    """The raw file that a fetch would have kept of ``path``."""
    data = path.read_bytes()
    values: dict[str, Any] = {
        "name": path.name,
        "path": path,
        "url": url or f"https://publisher.example/{path.name}",
        "retrieved_at": datetime(2026, 8, 20, tzinfo=UTC),
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_bytes": len(data),
    }
    return RawFile(**(values | details))


def raws(source_id: str, *files: Path | RawFile) -> RawFiles:
    """The raw files of a source."""
    kept = [file if isinstance(file, RawFile) else raw(file) for file in files]
    return RawFiles(source_id, {file.name: file for file in kept})


def from_mirror(source: Source) -> RawFiles:
    """The files of a source as the mirror has them; optional ones may be missing."""
    kept = []
    for remote in source.remotes:
        for each in remote.otherwise if remote.gather else (remote,):  # what takes several requests has no copy
            path = MIRROR / unquote(each.url.removeprefix("https://"))
            if path.is_file() or not each.optional:
                kept.append(raw(path, each.url, name=each.name, via="mirror", period=each.period))
    return raws(source.source_id, *kept)
