"""A server of the dashboard, or of a minimal page beside it, and a person at it who speaks Streamlit's own protocol.

A browser sends a ``BackMsg`` over a websocket whenever something is chosen, and gets ``ForwardMsg`` until one says that the script
has finished. :class:`Session` does the same, so that many people cost no browser each.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from etl.settings import ROOT

WAIT_SECONDS = 60
#: The floor of a page: Streamlit, one chart that is ready, and a control that draws it again.
MINIMAL = """
import json
from pathlib import Path

import streamlit as st


@st.cache_resource
def figures():
    return json.loads((Path(__file__).parent / "figures.json").read_text(encoding="utf-8"))


def page():
    place = st.selectbox("Place", list(figures()), key="state", bind="query-params")
    st.html(f"<h2 class='finding'>{place}</h2>")
    st.plotly_chart(figures()[place], theme=None, key="chart")


st.set_page_config(layout="wide")
st.navigation([st.Page(page, title="Overview", default=True)], position="top").run()
"""
FINDING = re.compile(r"<h2 class='finding'>(.*?)</h2>", re.DOTALL)


@dataclass(frozen=True)
class Server:
    """A server that answers on loopback. ``process`` is it, and it alone."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def resident_mb(self) -> float:
        """Memory that the server holds now, MB; from the kernel's own account of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024  # type: ignore[index]

    @property
    def cpu_seconds(self) -> float:
        """CPU that the server has used since it started, all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(script: Path, data_dir: Path, port: int | None = None) -> Iterator[Server]:
    """A script served until the end of the block."""
    port = port or _free_port()
    process = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless", "true",
            "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none",
        ],
        cwd=script.parent,
        env={**os.environ, "TALENTGAP_DATA": str(data_dir)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        server = Server(port, process)
        end = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                urlopen(f"{server.address}/_stcore/health", timeout=1).close()
                break
            except OSError:
                if time.monotonic() > end or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield server
    finally:
        process.terminate()
        process.wait()


@contextmanager
def dashboard(data_dir: Path) -> Iterator[Server]:
    """The dashboard over a warehouse."""
    with served(ROOT / "dashboard.py", data_dir) as server:
        yield server


@contextmanager
def minimal_page(folder: Path, figures: dict[str, Any]) -> Iterator[Server]:
    """The floor over figures that are ready: place -> figure as plotly's JSON."""
    (folder / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
    (folder / "minimal.py").write_text(MINIMAL, encoding="utf-8")
    with served(folder / "minimal.py", folder) as server:
        yield server


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Answer:
    """What a person saw after one choice: how long until the script had finished, how much was sent, and what went wrong."""

    seconds: float
    sent_bytes: int
    findings: list[str]
    errors: list[str] = field(default_factory=list)


@dataclass
class _Widget:
    id: str
    options: tuple[str, ...]
    value: str


class Session:
    """One person at a server. ``open`` visits a page, ``choose`` uses one of its select boxes by label."""

    def __init__(self, server: Server) -> None:
        self._page = ""
        self._query: dict[str, str] = {}
        self._boxes: dict[str, _Widget] = {}
        self._known: dict[str, bytes] = {}
        self._hashes: dict[str, str] = {}
        self._open = ExitStack()
        self._socket: ClientConnection = self._open.enter_context(
            connect(
                f"ws://localhost:{server.port}/_stcore/stream",
                subprotocols=[Subprotocol("streamlit")],
                origin=Origin(server.address),
                max_size=None,
                compression=None,
            )
        )

    def close(self) -> None:
        self._open.close()

    @property
    def pages(self) -> list[str]:
        """The pages that the first one named, by path; '' is the first."""
        return list(self._hashes)

    def open(self, page: str, *, fresh: bool = False, **query: str) -> Answer:
        """Go to a page by its path ('' is the first); the address carries ``query``. With ``fresh`` what was kept of earlier
        messages is forgotten, so that all of the page is sent."""
        self._page, self._query = page, query
        if fresh:
            self._known = {}
        self._boxes = {}
        return self._rerun(page_name=page)

    def choose(self, label: str, value: str) -> Answer:
        """Take a value in a select box. Raises ``KeyError`` where the page has no such box or value."""
        box = self._boxes[label]
        if value not in box.options:
            raise KeyError(f"{label} offers no {value!r}")
        box.value = value
        return self._rerun()

    def _rerun(self, page_name: str = "") -> Answer:
        message = BackMsg()
        message.rerun_script.query_string = urlencode(self._query)
        message.rerun_script.page_name = page_name
        message.rerun_script.page_script_hash = (
            "" if page_name and page_name not in self._hashes else self._hashes.get(self._page, "")
        )
        for box in self._boxes.values():
            state = message.rerun_script.widget_states.widgets.add()
            state.id, state.string_value = box.id, box.value
        message.rerun_script.cached_message_hashes.extend(self._known)
        start = time.perf_counter()
        self._socket.send(message.SerializeToString())
        return self._until_finished(start)

    def _until_finished(self, start: float) -> Answer:
        answer = Answer(0.0, 0, [])
        boxes: dict[str, _Widget] = {}
        while True:
            raw = self._socket.recv(timeout=WAIT_SECONDS)
            assert isinstance(raw, bytes)
            answer.sent_bytes += len(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "ref_hash":
                message = ForwardMsg.FromString(self._known[message.ref_hash])
                kind = message.WhichOneof("type")
            elif message.metadata.cacheable:
                self._known[message.hash] = raw
            if kind == "delta":
                self._take(message.delta, answer, boxes)
            elif kind == "page_info_changed":
                self._query = dict(
                    p.split("=", 1) for p in message.page_info_changed.query_string.split("&") if "=" in p
                )
            elif kind == "navigation":
                self._hashes = {p.url_pathname: p.page_script_hash for p in message.navigation.app_pages}
            elif kind == "new_session":
                # A script that starts again begins anew: what the one before it drew is not what is seen.
                answer.findings.clear()
                boxes.clear()
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                answer.seconds = time.perf_counter() - start
                self._boxes = boxes
                return answer

    def _take(self, delta: Any, answer: Answer, boxes: dict[str, _Widget]) -> None:
        """What of an element the next message, or a check, needs."""
        element = delta.new_element
        kind = element.WhichOneof("type")
        if kind == "selectbox":
            box = element.selectbox
            value = box.raw_value if box.set_value else (box.options[box.default] if box.HasField("default") else "")
            before = self._boxes.get(box.label)
            if before is not None and before.id == box.id and not box.set_value:
                value = before.value
            boxes[box.label] = _Widget(box.id, tuple(box.options), value)
        elif kind == "html":
            answer.findings += FINDING.findall(element.html.body)
        elif kind == "exception":
            answer.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "alert" and element.alert.format == element.alert.ERROR:
            answer.errors.append(element.alert.body)
