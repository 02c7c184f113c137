"""Long files that broke off: what has arrived is kept, and the rest asked for, as long as it is the same file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

#: Files from this size on are taken up again where they broke off.
RESUMABLE_BYTES = 5_000_000


@dataclass(frozen=True)
class Begun:
    """A long file of which a part has arrived. Its name is made of the address and the validator, so that parts of two
    versions never meet in one file; the validator itself stands beside it."""

    path: Path
    url: str
    validator: str
    total: int

    @classmethod
    def at(cls, folder: Path, url: str, headers: Mapping[str, str], total: int | None) -> Begun | None:
        """A new beginning, in place of whatever of this address was begun; None where it could not be taken up again."""
        for old in cls._all(folder, url):
            old.forget()
        validator = cls._validator(headers)
        if (
            not validator
            or "?" in url
            or total is None
            or total < RESUMABLE_BYTES
            or headers.get("Accept-Ranges") != "bytes"
        ):
            return None
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{hashlib.sha256(f'{url} {validator}'.encode()).hexdigest()[:32]}.part"
        path.with_suffix(".json").write_text(json.dumps({"url": url, "validator": validator, "total": total}))
        return cls(path, url, validator, total)

    @classmethod
    def of(cls, folder: Path, url: str) -> Begun | None:
        """What of this address was begun and is not whole."""
        found = [b for b in cls._all(folder, url) if b.path.is_file() and 0 < b.path.stat().st_size < b.total]
        return found[0] if found else None

    @classmethod
    def _all(cls, folder: Path, url: str) -> list[Begun]:
        found = []
        for about in sorted(folder.glob("*.json")):
            try:
                said = json.loads(about.read_bytes())
                begun = cls(about.with_suffix(".part"), said["url"], said["validator"], said["total"])
            except (ValueError, KeyError, TypeError):  # a run was killed while it wrote this
                about.unlink()
                continue
            if begun.url == url:
                found.append(begun)
        return found

    @staticmethod
    def _validator(headers: Mapping[str, str]) -> str:
        """What tells versions of a file apart byte for byte: a strong ETag, else the time it was last modified."""
        etag = headers.get("ETag", "")
        return etag if etag.startswith('"') else (headers.get("Last-Modified", "") if not etag else "")

    @property
    def headers(self) -> dict[str, str]:
        """What asks for the rest, or for the whole where the file has changed since."""
        return {
            "Range": f"bytes={self.path.stat().st_size}-",
            "If-Range": self.validator,
            "Accept-Encoding": "identity",
        }

    def goes_on_with(self, response: requests.Response) -> bool:
        """Whether an answer 206 is the rest of this very version."""
        size = self.path.stat().st_size
        return (
            response.headers.get("Content-Range") == f"bytes {size}-{self.total - 1}/{self.total}"
            and self._validator(response.headers) == self.validator
            and not response.headers.get("Content-Encoding")
        )

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)
        self.path.with_suffix(".json").unlink(missing_ok=True)
