"""What the tests of the core share: a publisher on the loopback address, and what an error must look like."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import openpyxl

WEB_PAGE = b"<!DOCTYPE html><html><body>The page you asked for has moved.</body></html>"


def assert_one_sentence(text: str, *parts: str) -> None:
    """One sentence, on one line, that has these parts (a file's name, a remedy) in it."""
    assert "\n" not in text
    assert text.endswith(".")
    assert not re.search(r"\.\s+[A-Z]", text), f"more than one sentence: {text}"
    for part in parts:
        assert part in text


def zipped(**members: str) -> bytes:
    """A synthetic zip; a member's name gets ``.csv``."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.csv", content)
    return data.getvalue()


def workbook(*rows: tuple[object, ...], sheet: str = "Data") -> bytes:
    """A synthetic Excel workbook of one sheet."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@dataclass(frozen=True)
class Answer:
    """What the publisher answers, after a wait. ``promised`` is a Content-Length other than that of the body."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    delay_seconds: float = 0


@dataclass
class Publisher:
    """A web server: each address gives its answers in turn, and the last one for ever."""

    address: str = ""
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def says(self, path: str, *answers: Answer) -> str:
        """Set the answers of a path; gives its address."""
        self.answers[path] = list(answers)
        return self.address + path

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        self.requests.append((path, headers))
        answers = self.answers.get(path, [Answer(b"not here", 404)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        etag = answer.headers.get("ETag")
        unchanged = answer.status == 200 and etag is not None and headers.get("If-None-Match") == etag
        return Answer(status=304, headers=answer.headers) if unchanged else answer


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A publisher on the loopback address for as long as the block runs."""
    site = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            site.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.do_GET()

        def do_GET(self) -> None:
            answer = site.answer(self.path, dict(self.headers))
            time.sleep(answer.delay_seconds)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                length = len(answer.body) if answer.promised is None else answer.promised
                self.send_header("Content-Length", str(length))
            self.end_headers()
            if answer.status != 304:
                with suppress(ConnectionError):  # the other side waits no longer
                    self.wfile.write(answer.body)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
