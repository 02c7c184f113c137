"""Getting the publishers' files: one session, conditional requests, and nothing kept that is not what it should be."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import unquote, urlsplit

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3.util import Retry

from etl.archive import Archive
from etl.errors import AtlasError
from etl.progress import Quiet
from etl.settings import Settings
from etl.source import Kind, RawFile, RawFiles, Remote, Source
from etl.tabular import BROKEN_ZIP

TIMEOUT_SECONDS = (10, 60)  # to connect, and between bytes
LONGEST_WAIT_SECONDS = 120  # that a publisher may ask for before the next try
CHUNK_BYTES = 1 << 20
_BROWSER = "open its address in a browser, save the file and put it into data/inbox/{source}/"


def now() -> datetime:
    """The moment, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Fetched:
    """What came of looking at a source's files."""

    files: RawFiles
    new_names: tuple[str, ...]
    downloaded_bytes: int


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


class Fetcher:
    """Fetches sources into the archive."""

    def __init__(self, settings: Settings, progress: Quiet | None = None) -> None:
        self.settings = settings
        self.archive = Archive(settings.archive_dir)
        self.progress = progress or Quiet()
        self._session = new_session(settings)
        self._partial_folder = settings.archive_dir / ".partial"

    def fetch(self, source: Source) -> Fetched:
        """Look at every file of a source, keep what is new, and give the newest version of each.

        A file in the inbox is taken in place of its address. Raises ``AtlasError`` when a file that is needed cannot be
        had, or is not what its name says; what is in the archive stays as it was.
        """
        try:
            return self._fetch(source)
        finally:  # what is left here was not kept, or is of a run that was killed
            shutil.rmtree(self._partial_folder, ignore_errors=True)

    def _fetch(self, source: Source) -> Fetched:
        have = self.archive.newest(source.source_id)
        files: dict[str, RawFile] = {}
        new, size = [], 0
        for remote, dropped in self._wanted(source):
            known = have.get(remote.name)
            raw = self._take(source, remote, dropped) if dropped else self._download(source, remote, known)
            if raw is None:
                continue
            if known is None or raw.sha256 != known.sha256:
                raw = self.archive.keep(raw.path, raw, source.source_id)
                new.append(raw.name)
                size += raw.size_bytes
            else:
                raw = known
            files[raw.name] = raw
        return Fetched(RawFiles(source.source_id, files), tuple(new), size)

    def _wanted(self, source: Source) -> Iterator[tuple[Remote, Path | None]]:
        folder = self.settings.inbox_dir / source.source_id
        for remote in source.remotes:
            dropped = [p for p in (folder / remote.name, self.settings.inbox_dir / remote.name) if p.is_file()]
            yield remote, dropped[0] if dropped else None
        if not source.remotes and folder.is_dir():
            for path in sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith(".")):
                kind: Kind = "xlsx" if path.suffix.lower() in {".xlsx", ".xls"} else "csv"
                yield Remote(url=f"inbox:{path.name}", kind=kind, name=path.name), path

    def _take(self, source: Source, remote: Remote, path: Path) -> RawFile:
        """A copy of a file that a person put into the inbox."""
        data = path.read_bytes()
        partial = self._partial()
        partial.write_bytes(data)
        return self._checked(source, remote, partial, hashlib.sha256(data).hexdigest(), via="inbox")

    def _download(self, source: Source, remote: Remote, known: RawFile | None) -> RawFile | None:
        """The file at an address, or ``known`` where the publisher says that it has not changed."""
        via = "mirror" if self.settings.mirror else "publisher"
        conditions = {}
        if known is not None and known.via == via and remote.follow is None:
            # Another server's validators say nothing about this one's file, nor a file's about the address it is at.
            conditions = {
                header: value
                for header, value in (
                    ("If-None-Match", known.etag),
                    ("If-Modified-Since", known.last_modified),
                )
                if value
            }
        response = self._get(source, remote, conditions)
        if response is None:
            return None
        with response:
            if response.status_code == 304 and known is not None:
                return known
            if remote.follow is not None:
                target = remote.follow(self._body(source, remote, response))
                followed = self._download(source, target, None)
                # The presigned address holds a passing token: what is recorded is the address that leads to it.
                return followed and replace(followed, url=remote.url, period=followed.period or remote.period)
            partial, sha256 = self._receive(source, remote, response)
        return self._checked(
            source,
            remote,
            partial,
            sha256,
            via,
            response.headers.get("ETag"),
            response.headers.get("Last-Modified"),
        )

    def _get(self, source: Source, remote: Remote, headers: dict[str, str]) -> requests.Response | None:
        address = remote.url
        if _is_address(self.settings.mirror):
            parts = urlsplit(remote.url)
            address = f"{self.settings.mirror.rstrip('/')}/{parts.netloc}{parts.path}"
        where = f"{remote.name} of {source.source_id} ({remote.url})"
        remedy = _BROWSER.format(source=source.source_id)
        try:
            response = self._session.get(address, headers=headers, stream=True, timeout=TIMEOUT_SECONDS)
        except requests.RequestException as error:
            raise AtlasError(
                f"{where} could not be reached ({type(error).__name__}); try again, or {remedy}."
            ) from error
        if response.status_code in {404, 410} and remote.optional:
            response.close()
            return None
        if response.status_code not in {200, 304}:
            response.close()
            raise AtlasError(
                f"{where} answered {response.status_code} {response.reason}; try again later, or {remedy}."
            )
        return response

    def _body(self, source: Source, remote: Remote, response: requests.Response) -> bytes:
        where = f"{remote.name} of {source.source_id} ({remote.url})"
        try:
            data = response.content
        except requests.RequestException as error:
            raise AtlasError(f"{where} broke off ({type(error).__name__}); run the refresh again.") from error
        check_content(data, remote.kind, where, source.source_id)
        return data

    def _receive(self, source: Source, remote: Remote, response: requests.Response) -> tuple[Path, str]:
        partial = self._partial()
        digest, done = hashlib.sha256(), 0
        length = response.headers.get("Content-Length")
        total = int(length) if length and length.isdigit() and not response.headers.get("Content-Encoding") else None
        try:
            with partial.open("wb") as file:
                for chunk in response.iter_content(CHUNK_BYTES):
                    file.write(chunk)
                    digest.update(chunk)
                    done += len(chunk)
                    self.progress.download(remote.name, done, total)
        except requests.RequestException as error:
            raise AtlasError(
                f"{remote.name} of {source.source_id} ({remote.url}) broke off after {done:,} bytes "
                f"({type(error).__name__}); run the refresh again."
            ) from error
        if total is not None and done != total:
            raise AtlasError(
                f"{remote.name} of {source.source_id} ({remote.url}) broke off after {done:,} of {total:,} bytes; "
                "run the refresh again."
            )
        return partial, digest.hexdigest()

    def _checked(
        self, source: Source, remote: Remote, partial: Path, sha256: str, via: str,
        etag: str | None = None, last_modified: str | None = None,
    ) -> RawFile:  # fmt: skip
        where = f"{remote.name} of {source.source_id} ({remote.url})"
        check_content(partial, remote.kind, where, source.source_id)
        return RawFile(
            name=remote.name, path=partial, url=remote.url, retrieved_at=now(),
            sha256=sha256, size_bytes=partial.stat().st_size, period=remote.period, etag=etag,
            last_modified=last_modified, via=via,  # type: ignore[arg-type]
        )  # fmt: skip

    def _partial(self) -> Path:
        self._partial_folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._partial_folder, delete=False) as file:
            return Path(file.name)


def check_content(content: Path | bytes, kind: Kind, where: str, source_id: str) -> None:
    """Raise ``AtlasError`` unless the bytes are of the kind they should be.

    Publishers answer a web page with status 200 where a file is missing, and a zip that was cut short still looks like
    one from its first bytes.
    """
    remedy = f"try again later, or {_BROWSER.format(source=source_id)}"
    data = content if isinstance(content, bytes) else None
    if isinstance(content, Path):
        with content.open("rb") as file:
            head = file.read(4096)
    else:
        head = content[:4096]
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        raise AtlasError(f"{where} is empty; {remedy}.")
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<script")):
        raise AtlasError(f"{where} is a web page where a {kind} file should be; {remedy}.")
    is_zip = head.startswith(b"PK")
    if kind in {"zip", "xlsx"}:
        whole = BytesIO(data) if data is not None else content
        try:
            with zipfile.ZipFile(whole) as archive:  # type: ignore[arg-type]
                damaged = archive.testzip()
                names = archive.namelist()
        except BROKEN_ZIP as error:
            said = " ".join(str(error).split())
            raise AtlasError(f"{where} is not a whole {kind} file ({said}); {remedy}.") from error
        if damaged:
            raise AtlasError(f"{where} is damaged (its member {damaged!r}); {remedy}.")
        if kind == "xlsx" and "[Content_Types].xml" not in names:
            raise AtlasError(f"{where} is a zip but not an Excel workbook; {remedy}.")
    elif is_zip or b"\0" in head:
        raise AtlasError(f"{where} is not text where a {kind} file should be; {remedy}.")
    elif kind == "json":
        try:
            json.loads(data if data is not None else content.read_bytes())  # type: ignore[union-attr]
        except ValueError as error:
            raise AtlasError(f"{where} is not JSON ({error}); {remedy}.") from error
    elif (b"\t" if kind == "tsv" else b",") not in head.split(b"\n", 1)[0]:
        raise AtlasError(f"{where} is not a {kind} table: its first line is one cell; {remedy}.")
