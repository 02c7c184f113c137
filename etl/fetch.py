"""Getting the publishers' files: one session, conditional requests, and nothing kept that is not what it should be.

A file is asked for under the address that is known, or the newer one that the publisher links; the next release of a family
is asked for as well. What breaks off is taken up again where the publisher allows it. A mirror goes through the same code.
"""

from __future__ import annotations

import hashlib
import json
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.util import Retry

from etl.archive import Archive
from etl.errors import AtlasError, DamagedError, MissingError, UnavailableError
from etl.progress import Quiet
from etl.resume import Begun
from etl.settings import Settings
from etl.source import Asking, Kind, Links, RawFile, RawFiles, Releases, Remote, Source
from etl.tabular import BROKEN_ZIP, guard_zip

TIMEOUT_SECONDS = (10, 60)  # to connect, and between bytes
#: That a publisher may ask for before the next try. There are four, so no file is waited for longer than 8 minutes.
LONGEST_WAIT_SECONDS = 120
CHUNK_BYTES = 1 << 16
#: A file that arrives more slowly than this, after the patience, is given up.
SLOWEST_BYTES_PER_SECOND, PATIENCE_SECONDS = 1000, 120
KEEP_BEGUN_SECONDS = 30 * 86_400
#: The longest true file has 390 MB; what is longer than this (unpacked, where it came packed) is none.
MAX_FILE_BYTES = 2_000_000_000
#: Newer releases of a family that one refresh looks for.
MOST_NEW_RELEASES = 12
_BROWSER = "open its address in a browser, save the file and put it into data/inbox/{source}/"


def now() -> datetime:
    """The moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Fetched:
    """What came of looking at a source's files; ``notes`` say where another than the usual route was taken."""

    files: RawFiles
    new_names: tuple[str, ...]
    downloaded_bytes: int
    notes: tuple[str, ...] = ()


class FolderAdapter(BaseAdapter):
    """Answers ``https://host/path`` from ``folder/host/path``, so that a mirror goes through the very same code.

    It gives no ETag and no Last-Modified: those would be the copy's, not the publisher's.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder.resolve()

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        parts = urlsplit(request.url or "")
        path = (self.folder / parts.netloc / unquote(parts.path).lstrip("/")).resolve()
        response = requests.Response()
        response.url, response.request = request.url or "", request
        if path.is_file() and path.is_relative_to(self.folder):
            response.status_code = 200
            response.raw = file = path.open("rb")
            file.release_conn = file.close  # type: ignore[attr-defined] # what requests calls when it is done
            response.headers["Content-Length"] = str(path.stat().st_size)
        else:
            response.status_code, response.reason = 404, "not in the mirror"
            response.raw = BytesIO()
        return response

    def close(self) -> None:
        """Nothing is kept open between answers."""


def new_session(settings: Settings) -> requests.Session:
    """A session that says who we are, waits as the publisher asks, and gives up in good time."""
    session = requests.Session()
    session.headers["User-Agent"] = settings.user_agent
    retry = Retry(
        total=4,
        backoff_factor=settings.retry_seconds,
        status_forcelist=(429, 500, 502, 503, 504),
        allowed_methods=frozenset({"GET", "POST"}),  # a POST here only asks
        respect_retry_after_header=True,
        retry_after_max=LONGEST_WAIT_SECONDS,
        raise_on_status=False,
    )
    adapter: BaseAdapter = HTTPAdapter(max_retries=retry)
    if settings.mirror and not _is_address(settings.mirror):
        folder = Path(settings.mirror).expanduser()
        if not folder.is_dir():
            raise AtlasError(f"The mirror {settings.mirror} is not a folder; name a folder or an http(s) address.")
        adapter = FolderAdapter(folder)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _is_address(mirror: str) -> bool:
    return urlsplit(mirror).scheme in {"http", "https"}


class _LinkParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


class _Asked:
    """What a source's own route uses of the fetcher (``etl.source.Asking``)."""

    def __init__(self, fetcher: Fetcher, source: Source, remote: Remote) -> None:
        self._fetcher, self._source, self._remote = fetcher, source, remote

    @property
    def bls_key(self) -> str:
        return self._fetcher.settings.bls_key

    def get(self, url: str) -> bytes:
        remote = replace(self._remote, url=url)
        with self._fetcher.request(self._source, remote) as response:
            return self._fetcher.body(self._source, remote, response)

    def post(self, url: str, body: Mapping[str, Any]) -> bytes:
        remote = replace(self._remote, url=url)
        with self._fetcher.request(self._source, remote, body=body) as response:
            return self._fetcher.body(self._source, remote, response)

    def refused_today(self, quota: str) -> bool:
        return any(
            event["event"] == "quota" and event["name"] == quota and _publishers_day(event["at"]) == _publishers_day()
            for event in self._fetcher.archive.events()
        )

    def refuse_today(self, quota: str) -> None:
        self._fetcher.archive.record("quota", self._source.source_id, quota)


def _publishers_day(moment: str = "") -> str:
    """The day in Washington (standard time), where a quota's day begins."""
    when = datetime.fromisoformat(moment) if moment else now()
    return f"{when.astimezone(timezone(timedelta(hours=-5))):%Y-%m-%d}"


class Fetcher:
    """Fetches sources into the archive."""

    def __init__(self, settings: Settings, progress: Quiet | None = None) -> None:
        self.settings = settings
        self.archive = Archive(settings.archive_dir)
        self.progress = progress or Quiet()
        self._session = new_session(settings)
        self._partial_folder = settings.archive_dir / ".partial"
        self._via = "mirror" if settings.mirror else "publisher"
        self._linked: dict[str, list[str]] = {}
        self._notes: list[str] = []

    def fetch(self, source: Source) -> Fetched:
        """Look at every file of a source, keep what is new, and give the newest version of each.

        A file in the inbox is taken in place of its address. Raises ``AtlasError`` when a file that is needed cannot be
        had, or is not what its name says; what is in the archive stays as it was.
        """
        self._linked, self._notes = {}, []
        try:
            return self._fetch(source)
        finally:  # what is left here was not kept, or is of a run that was killed; what was begun long ago is given up
            for path in self._partial_folder.glob("*"):
                if path.name.startswith("tmp") or path.stat().st_mtime < time.time() - KEEP_BEGUN_SECONDS:
                    path.unlink()

    def _fetch(self, source: Source) -> Fetched:
        have = self.archive.newest(source.source_id, refused=True)
        files: dict[str, RawFile] = {}
        new: list[RawFile] = []
        of_families = {r.name for family in source.releases for p in family.known for r in family.files(p)}
        remotes = [r for r in (*source.remotes, *self._brought(source)) if r.name not in of_families]
        found: list[tuple[Releases, str, list[RawFile]]] = []
        for family in source.releases:
            taken = self._taken(source, family)
            newer = self._newer(source, family, taken, have)
            found += [(family, period, raws) for period, raws in newer]
            stays = [*family.known, *taken]
            if family.newest_only:
                stays = [] if newer else stays[-1:]
            remotes += [remote for period in stays for remote in family.files(period)]

        def keep(raw: RawFile) -> None:
            known = have.get(raw.name)
            if known is not None and raw.sha256 == known.sha256:
                raw = known
            else:
                raw = self.archive.keep(raw.path, raw, source.source_id)
                new.append(raw)
            files[raw.name] = raw

        for remote in remotes:
            for raw in self._obtain(source, remote, have):
                keep(raw)  # one by one, so that a run that is killed loses only the file that is arriving
        for family, period, raws in found:
            for raw in raws:
                keep(raw)
            self.archive.record("release", source.source_id, family.name, period=period, via=self._via)
        return Fetched(
            RawFiles(source.source_id, files), tuple(f.name for f in new), sum(f.size_bytes for f in new),
            tuple(self._notes),
        )  # fmt: skip

    # ------------------------------------------------- releases

    def _taken(self, source: Source, family: Releases) -> list[str]:
        """The releases after the known ones that were taken before, from where the files come now."""
        taken = self.archive.releases(source.source_id, family.name, self._via)
        return [period for period in dict.fromkeys(taken) if period not in family.known]

    def _newer(
        self, source: Source, family: Releases, taken: Sequence[str], have: Mapping[str, RawFile]
    ) -> list[tuple[str, list[RawFile]]]:
        """The releases that are out and were not taken yet, with their files, the oldest first.

        The first file of a release shows whether it is out; the walk ends at the first that is not. A release of which a
        file is still missing is left for the next refresh.
        """
        known = [*family.known, *taken]
        out: list[str] = []
        first: dict[str, list[RawFile]] = {}
        period = known[-1]
        while len(out) < MOST_NEW_RELEASES:
            period = self._following(source, family, period)
            if period in known or period in out:
                break
            raws = self._of_release(source, family.files(period)[:1], have)
            if not raws:
                break
            out.append(period)
            first[period] = raws
        found = []
        for period in reversed(out) if family.newest_only else out:
            rest = self._of_release(source, family.files(period)[1:], have)
            if rest is None:
                self._note(source, f"the release {period} is not whole yet and waits for the next refresh")
                if family.newest_only:
                    continue
                break  # a later one would leave a gap that is never filled
            found.append((period, [*first[period], *rest]))
            if family.newest_only:
                break
        return found

    def _following(self, source: Source, family: Releases, period: str) -> str:
        """The release to ask for after this one: the one that the publisher links, else the next by the family's rule."""
        if family.links and family.version:
            address = family.links.newest(self._links_of(source, family.links))
            if address:
                return family.version(address.split("?")[0].rsplit("/", 1)[-1])
        return family.after(period)

    def _of_release(
        self, source: Source, remotes: Sequence[Remote], have: Mapping[str, RawFile]
    ) -> list[RawFile] | None:
        """The files of a release that may not be out yet; None where one that it needs is not there, or where that cannot be
        seen: what is known works without it. A file that is there and damaged is an error like any other."""
        try:
            return [raw for remote in remotes for raw in self._obtain(source, remote, have)]
        except MissingError:
            return None
        except DamagedError:
            raise
        except UnavailableError as error:
            self._note(
                source, f"whether there is a newer release cannot be seen, {str(error).split(';')[0].rstrip('.')}"
            )
            return None

    def _links_of(self, source: Source, links: Links) -> list[str]:
        """The addresses that a page links, each page asked once a refresh; none where the page cannot be had."""
        if links.page not in self._linked:
            page = Remote(links.page, "html", name="the page of links")
            parser = _LinkParser()
            try:
                with self.request(source, page) as response:
                    parser.feed(self.body(source, page, response).decode(response.encoding or "utf-8", "replace"))
            except UnavailableError as error:
                self._note(source, f"{str(error).split(';')[0]}, so the known address is asked")
            addresses = [urljoin(links.page, address) for address in parser.found]
            self._linked[links.page] = [a for a in addresses if _site(a) == _site(links.page)]
        return self._linked[links.page]

    def _note(self, source: Source, text: str) -> None:
        if not self.settings.mirror:  # a mirror holds what it holds
            self._notes.append(f"{source.source_id}: {text}.")

    # ------------------------------------------------- one file

    def _brought(self, source: Source) -> Iterator[Remote]:
        """What a person brought for a source without addresses: whatever lies in its folder of the inbox."""
        folder = self.settings.inbox_dir / source.source_id
        if source.remotes or not folder.is_dir():
            return
        for path in sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")):
            kind: Kind = "xlsx" if path.suffix.lower() in {".xlsx", ".xls"} else "csv"
            yield Remote(url=f"inbox:{path.name}", kind=kind, name=path.name)

    def _dropped(self, source: Source, remote: Remote) -> Path | None:
        """Where a person put this file into the inbox."""
        inbox = self.settings.inbox_dir
        return next((p for p in (inbox / source.source_id / remote.name, inbox / remote.name) if p.is_file()), None)

    def _obtain(self, source: Source, remote: Remote, have: Mapping[str, RawFile]) -> list[RawFile]:
        """A file, not yet kept unless it is the one that is known; or those that are fetched in its place.

        From the inbox where it lies there. Empty where an optional file is missing.
        """
        dropped = self._dropped(source, remote)
        if dropped:
            return [self._take(source, remote, dropped)]
        instead = all(self._dropped(source, other) for other in remote.otherwise)
        if remote.otherwise and (instead or (remote.gather and self.settings.mirror)):
            return [raw for other in remote.otherwise for raw in self._obtain(source, other, have)]
        try:
            return [self._download(source, self._at_newest(source, remote), have.get(remote.name))]
        except MissingError as error:
            if remote.optional:
                return []
            return self._otherwise(source, remote, have, error)
        except UnavailableError as error:
            return self._otherwise(source, remote, have, error)

    def _otherwise(
        self, source: Source, remote: Remote, have: Mapping[str, RawFile], error: UnavailableError
    ) -> list[RawFile]:
        if not remote.otherwise:
            raise error
        reason = str(error).split(";")[0].removesuffix(".")
        try:
            raws = [raw for other in remote.otherwise for raw in self._obtain(source, other, have)]
        except UnavailableError as also:
            raise type(also)(f"{reason}; in its place, {also}") from error
        if not raws:
            raise error
        names = ", ".join(raw.name for raw in raws[:3]) + (f" and {len(raws) - 3} more" if len(raws) > 3 else "")
        self._note(source, f"{reason}; {names} came in its place")
        return raws

    def _at_newest(self, source: Source, remote: Remote) -> Remote:
        """The remote under the newest address that the publisher links for it."""
        address = remote.links.newest(self._links_of(source, remote.links)) if remote.links else None
        return replace(remote, url=address) if address else remote

    def _take(self, source: Source, remote: Remote, path: Path) -> RawFile:
        """A copy of a file that a person put into the inbox."""
        partial = self._partial()
        partial.write_bytes(path.read_bytes())
        return self._checked(source, remote, partial, via="inbox")

    def _download(self, source: Source, remote: Remote, known: RawFile | None) -> RawFile:
        """The file at an address, or ``known`` where the publisher says that it has not changed."""
        if remote.gather is not None:
            if self.settings.mirror:
                raise MissingError(f"{_where(source, remote)} cannot be asked of a mirror; {_remedy(source, remote)}.")
            asked: Asking = _Asked(self, source, remote)
            partial = self._partial()
            partial.write_bytes(remote.gather(asked))
            return self._checked(source, remote, partial, self._via)
        conditions = {}
        if known is not None and known.via == self._via and known.url == remote.url and remote.follow is None:
            # Another address's validators say nothing about this one's file, nor a file's about the address it is at.
            conditions = {
                header: value
                for header, value in (
                    ("If-None-Match", known.etag),
                    ("If-Modified-Since", known.last_modified),
                )
                if value
            }
        begun = Begun.of(self._partial_folder, self._address(remote))
        response = self.request(source, remote, headers=begun.headers if begun else conditions)
        if begun and response.status_code in {206, 416} and not begun.goes_on_with(response):
            response.close()
            begun.forget()
            begun = None
            response = self.request(source, remote, headers=conditions)
        with response:
            if response.status_code == 304 and known is not None:
                return known
            if remote.follow is not None:
                followed = self._download(source, remote.follow(self.body(source, remote, response)), None)
                # The presigned address holds a passing token: what is recorded is the address that leads to it.
                return replace(followed, url=remote.url, period=followed.period or remote.period)
            partial = self._receive(source, remote, response, begun)
            headers = response.headers
        return self._checked(source, remote, partial, self._via, headers.get("ETag"), headers.get("Last-Modified"))

    def _address(self, remote: Remote) -> str:
        """Where a remote is asked for: at the publisher's, or at the mirror that stands before it."""
        if not _is_address(self.settings.mirror):
            return remote.url
        parts = urlsplit(remote.url)
        return f"{self.settings.mirror.rstrip('/')}/{parts.netloc}{parts.path}"

    def request(
        self, source: Source, remote: Remote, *, headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> requests.Response:  # fmt: skip
        """The answer of an address: 200 or 304, or 206 or 416 to a Range. Raises ``UnavailableError`` for any other, and where
        nobody answers."""
        address = self._address(remote)
        remedy = _remedy(source, remote)
        try:
            response = self._session.request(
                "GET" if body is None else "POST", address, json=body, headers=headers, stream=True,
                timeout=TIMEOUT_SECONDS,
            )  # fmt: skip
        except requests.RequestException as error:
            raise UnavailableError(
                f"{_where(source, remote)} could not be reached ({type(error).__name__}); try again, or {remedy}."
            ) from error
        fine = {200, 206, 416} if headers and "Range" in headers else {200, 304}
        if response.status_code not in fine:
            response.close()
            kind = MissingError if response.status_code in {404, 410} else UnavailableError
            raise kind(
                f"{_where(source, remote)} answered {response.status_code} {response.reason}; try again later, or {remedy}."
            )
        return response

    def body(self, source: Source, remote: Remote, response: requests.Response) -> bytes:
        """The whole body of a short answer, checked."""
        try:
            data = response.content
        except requests.RequestException as error:
            raise DamagedError(
                f"{_where(source, remote)} broke off ({type(error).__name__}); run the refresh again."
            ) from error
        check_content(data, remote.kind, _where(source, remote), _remedy(source, remote))
        return data

    def _receive(self, source: Source, remote: Remote, response: requests.Response, begun: Begun | None) -> Path:
        """The body in a file of its own. One that is long and can be told apart by its validators keeps what has arrived when
        it breaks off, and begins there the next time."""
        length, encoded = response.headers.get("Content-Length"), response.headers.get("Content-Encoding")
        total = int(length) if length and length.isdigit() and not encoded else None
        done = 0
        if begun is not None and response.status_code == 206:
            done, total, partial = begun.path.stat().st_size, begun.total, begun.path
        else:
            begun = Begun.at(self._partial_folder, self._address(remote), response.headers, total)
            partial = begun.path if begun else self._partial()
        started = time.monotonic()
        arrived = 0
        try:
            with partial.open("ab" if done else "wb") as file:
                for chunk in response.iter_content(CHUNK_BYTES):
                    file.write(chunk)
                    arrived += len(chunk)
                    self.progress.download(remote.name, done + arrived, total)
                    if done + arrived > MAX_FILE_BYTES:
                        raise DamagedError(
                            f"{_where(source, remote)} has more than {MAX_FILE_BYTES:,} bytes, which no file of it can have; "
                            f"{_remedy(source, remote)}."
                        )
                    spent = time.monotonic() - started
                    if spent > PATIENCE_SECONDS and arrived < SLOWEST_BYTES_PER_SECOND * spent:
                        raise requests.Timeout
        except requests.RequestException as error:
            raise DamagedError(
                f"{_where(source, remote)} broke off after {done + arrived:,} bytes "
                f"({type(error).__name__}); run the refresh again."
            ) from error
        if total is not None and done + arrived != total:
            raise DamagedError(
                f"{_where(source, remote)} broke off after {done + arrived:,} of {total:,} bytes; run the refresh again."
            )
        if begun:  # whole: from here on it is a file like any other
            whole = self._partial()
            partial.replace(whole)
            begun.forget()
            return whole
        return partial

    def _checked(
        self, source: Source, remote: Remote, partial: Path, via: str,
        etag: str | None = None, last_modified: str | None = None,
    ) -> RawFile:  # fmt: skip
        check_content(partial, remote.kind, _where(source, remote), _remedy(source, remote))
        with partial.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        raw = RawFile(
            name=remote.name, path=partial, url=remote.url, retrieved_at=now(),
            sha256=sha256, size_bytes=partial.stat().st_size, period=remote.period, etag=etag,
            last_modified=last_modified, via=via,  # type: ignore[arg-type]
        )  # fmt: skip
        return replace(raw, period=remote.dated(raw)) if remote.dated else raw

    def _partial(self) -> Path:
        self._partial_folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._partial_folder, prefix="tmp", delete=False) as file:
            return Path(file.name)


def _site(address: str) -> tuple[str, str]:
    """A publisher's site: scheme and host."""
    parts = urlsplit(address)
    return parts.scheme, parts.netloc.removeprefix("www.")


def _where(source: Source, remote: Remote) -> str:
    """A file as an error names it; what follows the question mark of an address may be a passing token."""
    return f"{remote.name} of {source.source_id} ({remote.url.split('?')[0]})"


def _remedy(source: Source, remote: Remote) -> str:
    """What a person can do about a file that cannot be had."""
    if remote.gather is not None:
        return "look whether the publisher has changed it"
    named = f" as {remote.name}" if unquote(remote.url.split("?")[0].rsplit("/", 1)[-1]) != remote.name else ""
    return f"{_BROWSER.format(source=source.source_id)}{named}"


def check_content(content: Path | bytes, kind: Kind, where: str, do: str) -> None:
    """Raise ``DamagedError`` unless the bytes are of the kind they should be.

    Publishers answer a web page with status 200 where a file is missing, and a zip that was cut short still looks like
    one from its first bytes.
    """
    remedy = f"try again later, or {do}"
    data = content if isinstance(content, bytes) else None
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(4096)
    else:
        head = content[:4096]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        raise DamagedError(f"{where} is empty; {remedy}.")
    if kind == "html":
        return
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<script")):
        raise MissingError(f"{where} is a web page where a {kind} file should be; {remedy}.")
    is_zip = head.startswith(b"PK")
    if kind in {"zip", "xlsx"}:
        whole = BytesIO(data) if data is not None else content
        try:
            with zipfile.ZipFile(whole) as archive:  # type: ignore[arg-type]
                guard_zip(archive, where)
                damaged = archive.testzip()
                names = archive.namelist()
        except BROKEN_ZIP as error:
            said = " ".join(str(error).split())
            raise DamagedError(f"{where} is not a whole {kind} file ({said}); {remedy}.") from error
        if damaged:
            raise DamagedError(f"{where} is damaged (its member {damaged!r}); {remedy}.")
        if kind == "xlsx" and "[Content_Types].xml" not in names:
            raise DamagedError(f"{where} is a zip but not an Excel workbook; {remedy}.")
    elif is_zip or b"\0" in head:
        raise DamagedError(f"{where} is not text where a {kind} file should be; {remedy}.")
    elif kind == "json":
        try:
            json.loads(data if data is not None else content.read_bytes())  # type: ignore[union-attr]
        except ValueError as error:
            raise DamagedError(f"{where} is not JSON ({error}); {remedy}.") from error
    elif (b"\t" if kind == "tsv" else b",") not in head.split(b"\n", 1)[0]:
        raise DamagedError(f"{where} is not a {kind} table: its first line is one cell; {remedy}.")
