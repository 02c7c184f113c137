"""What a source is: the contract between a publisher's module, the fetcher and the warehouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import pandas as pd

from etl.errors import AtlasError

Kind = Literal["csv", "tsv", "xlsx", "zip", "json", "html"]
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


class Asking(Protocol):
    """What a route of a source's own may use of the fetcher: its one session, its errors, and its memory of refusals."""

    @property
    def bls_key(self) -> str:
        """The registration key of the Bureau of Labor Statistics; empty without one. Never to be written anywhere."""

    def get(self, url: str) -> bytes:
        """The body of an address. Raises ``UnavailableError`` or ``MissingError``."""

    def post(self, url: str, body: Mapping[str, Any]) -> bytes:
        """What an address answers to a JSON body. Raises ``UnavailableError`` or ``MissingError``."""

    def refused_today(self, quota: str) -> bool:
        """Whether this quota was used up earlier today."""

    def refuse_today(self, quota: str) -> None:
        """Remember that this quota is used up, so that nothing is asked of it again today."""


@dataclass(frozen=True)
class Links:
    """Where a publisher links its newest file: a page, and what the last part of the link's address looks like.

    Of several links the newest is the one with the greatest numbers in its address (2025/09 before 2026/01, 29_3 before
    31_0).
    """

    page: str
    pattern: str

    def newest(self, addresses: Sequence[str]) -> str | None:
        """The newest of the addresses that fit, or None."""

        def age(address: str) -> list[int]:
            return [int(number) for number in re.findall(r"\d+", address)]

        fitting = [a for a in addresses if re.fullmatch(self.pattern, a.split("?")[0].rsplit("/", 1)[-1])]
        return max(fitting, key=age, default=None)


@dataclass(frozen=True)
class Remote:
    """One file at a publisher's address.

    ``name`` is what the parser asks for; by default the last part of the address. ``optional`` files may be missing at the
    publisher without that being an error. How the file is had, where it is not simply what the address answers:

    * ``follow`` is for addresses that answer with another address (a presigned link): it takes the answer's bytes and gives
      the remote to fetch in its place.
    * ``links`` is for addresses that change with each release: where the page names a newer one, that is fetched.
    * ``gather`` is for what takes several requests (pages, batches): it asks and gives the bytes to keep. It is never asked
      of a mirror, which cannot answer it.
    * ``otherwise`` is fetched in its place where it cannot be had.

    ``period`` is what the source expects the file to cover; ``dated`` reads from the file itself what it does cover.
    """

    url: str
    kind: Kind
    period: str = ""
    name: str = ""
    optional: bool = False
    follow: Callable[[bytes], Remote] | None = None
    links: Links | None = None
    gather: Callable[[Asking], bytes] | None = None
    otherwise: tuple[Remote, ...] = ()
    dated: Callable[[RawFile], str] | None = None

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.url.split("?")[0].rsplit("/", 1)[-1])


@dataclass(frozen=True)
class Releases:
    """A family of files of which every release has names of its own: a year, a quarter or a version is part of them.

    ``files`` gives the files of a release, the one that shows whether it is out first; ``known`` are the releases that the
    source was written with, the oldest first, and ``after`` names the one that follows. The fetcher asks for the files of
    ``known``, for those of every later release that it took before, and for the one after these: where that is not there
    yet, that is no error; where all of its files are, it is taken, and the next one asked for. ``links`` names a page where
    the newest release is linked, and ``version`` takes the release from that link. With ``newest_only`` a later release
    stands in the place of the earlier ones, else it is added to them. The parser tells from the names which are there, and
    holds each file to the release that its name promises.
    """

    name: str
    known: tuple[str, ...]
    files: Callable[[str], tuple[Remote, ...]]
    after: Callable[[str], str]
    newest_only: bool = False
    links: Links | None = None
    version: Callable[[str], str] | None = None


def listed(things: Sequence[str]) -> str:
    """Things in a sentence.

    >>> listed(["May 2024", "May 2025"]), listed(["a", "b", "c"])
    ('May 2024 and May 2025', 'a, b and c')
    """
    return f"{', '.join(things[:-1])} and {things[-1]}" if len(things) > 1 else things[0]


def next_year(year: str) -> str:
    """The release after a year's.

    >>> next_year("2025")
    '2026'
    """
    return str(int(year) + 1)


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

    ``remotes`` are its files; those of the known ``releases`` are added to them. ``cite`` gives the citation from the
    periods that its loaded files cover, where it names them.

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
    releases: tuple[Releases, ...] = ()
    cite: Callable[[Sequence[str]], str] | None = None
    how_to_get: str = ""
    suppression: str = ""
    is_optional: bool = False

    def __post_init__(self) -> None:
        of_releases = (remote for family in self.releases for period in family.known for remote in family.files(period))
        by_name = {remote.name: remote for remote in (*self.remotes, *of_releases)}  # so that a copy adds nothing again
        object.__setattr__(self, "remotes", tuple(by_name.values()))

    def citation_of(self, periods: Sequence[str]) -> str:
        """How figures from files of these periods are cited."""
        return self.cite(sorted(set(periods))) if self.cite and periods else self.citation
