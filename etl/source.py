"""What a source is: the contract between a publisher's module, the fetcher and the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

import pandas as pd

from etl.errors import AtlasError

Kind = Literal["csv", "tsv", "xlsx", "zip", "json"]
Cadence = Literal["daily", "monthly", "quarterly", "yearly", "every two years", "when revised", "ended"]

#: Days after which a source of that cadence is old enough to deserve a look.
CADENCE_DAYS: Mapping[Cadence, int | None] = {
    "daily": 7,
    "monthly": 45,
    "quarterly": 120,
    "yearly": 400,
    "every two years": 800,
    "when revised": None,
    "ended": None,
}


@dataclass(frozen=True)
class Remote:
    """One file at a publisher's address.

    ``name`` is what the parser asks for; by default the last part of the address. ``follow`` is for addresses that
    answer with another address (a presigned link): it takes the answer's bytes and gives the remote to fetch in its
    place. ``optional`` files may be missing at the publisher without that being an error.
    """

    url: str
    kind: Kind
    period: str = ""
    name: str = ""
    optional: bool = False
    follow: Callable[[bytes], Remote] | None = None

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.url.split("?")[0].rsplit("/", 1)[-1])


@dataclass(frozen=True)
class RawFile:
    """A publisher's file as it was kept: where it lies, and where, when and what it was."""

    name: str
    path: Path
    url: str
    retrieved_at: datetime
    sha256: str
    size_bytes: int
    period: str = ""
    etag: str | None = None
    last_modified: str | None = None
    via: Literal["publisher", "mirror", "inbox"] = "publisher"

    @property
    def last_modified_on(self) -> date | None:
        """The publisher's Last-Modified as a date, where the answer carried one that can be read."""
        try:
            return parsedate_to_datetime(self.last_modified or "").astimezone(UTC).date()
        except ValueError:
            return None


class RawFiles(Mapping[str, RawFile]):
    """The files of one source by name; asking for one that is not there is an error a person can act on."""

    def __init__(self, source_id: str, files: Mapping[str, RawFile]) -> None:
        self.source_id = source_id
        self._files = dict(sorted(files.items()))

    def __getitem__(self, name: str) -> RawFile:
        try:
            return self._files[name]
        except KeyError:
            raise AtlasError(
                f"{self.source_id} needs the file {name}, which has not been fetched; run "
                f"`python -m etl refresh {self.source_id}`, or put the file into data/inbox/{self.source_id}/."
            ) from None

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)


Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Source:
    """A publisher's dataset.

    ``parse`` takes the raw files and returns one frame per warehouse table named in ``tables``: columns as in
    ``etl.warehouse.schema``, codes as text, suppressed values NULL with a note. It also holds what must be true of the
    rows, and raises ``AtlasError`` (what, in which file, what to do) where it is not.

    A source with no ``remotes`` is one that only a person can download: its files are whatever lies in
    ``data/inbox/<source_id>/``, and ``how_to_get`` says how to get them. An ``is_optional`` one holds files of the person who
    runs this: a build goes without it, keeps it through every rebuild, and never puts it into the snapshot.
    """

    source_id: str
    title: str
    short_title: str
    publisher: str
    licence: str
    landing_url: str
    cadence: Cadence
    citation: str
    tables: tuple[str, ...]
    parse: Callable[[RawFiles], Frames]
    remotes: tuple[Remote, ...] = ()
    how_to_get: str = ""
    suppression: str = ""
    is_optional: bool = False
