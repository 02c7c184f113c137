"""The pages as they are served: reruns, bytes, memory, and a browser; beside a minimal page with one chart that is ready."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.row import Row, p95
from bench.server import Server, Session, dashboard, minimal_page
from charts import anatomy, export_cite
from charts.chart import all_charts, chart_by_id
from charts.scope import Choices, Scope
from etl.warehouse.read import Reader

#: The chart of the minimal page, in every place.
READY = "could-fill"
MOST_KB = 300
#: What a drawn chart is in the browser.
DRAWN = ".stPlotlyChart .main-svg"


@contextmanager
def both(reader: Reader, states: Sequence[str] = ()) -> Iterator[tuple[Server, Server]]:
    """The dashboard, and the minimal page with a chart of every place (or of these), side by side."""
    with (
        TemporaryDirectory() as name,
        dashboard(reader.path.parent) as ours,
        minimal_page(Path(name), ready_figures(reader, states)) as floor,
    ):
        yield ours, floor


def with_charts() -> list[str]:
    """The pages that have a chart, as their addresses name them."""
    return sorted({export_cite.page_of(chart_id) for chart_id in all_charts()})


def ready_figures(reader: Reader, states: Sequence[str] = ()) -> dict[str, Any]:
    """Place -> the figure of :data:`READY` as plotly's JSON."""
    chart, figures = chart_by_id(READY), {}
    for state, label in Choices.of(reader).states.items():
        if states and state not in states:
            continue
        scope = Scope(state=state)
        fig = anatomy.on_screen(chart.figure(chart.frame(reader, scope), scope), reader.citations(chart.tables))
        figures[label] = json.loads(fig.to_json())
    return figures


def reruns(ours: Server, floor: Server, names: Sequence[str], places: Sequence[str]) -> Iterator[Row]:
    """Each page drawn again for another place, its figures known to the server, beside the minimal page in turns; and what the
    page sends when it is opened after another."""
    ready = Session(floor)
    ready.open("")
    person = Session(ours)
    person.open("")
    pages = names or [page for page in person.pages if page != "sources"]
    for page in pages:
        sent = person.open(page, fresh=True).sent_bytes
        for place in places:
            person.choose("Place", place)
        took, least = [], []
        for place in places:
            took.append(person.choose("Place", place).seconds)
            least.append(ready.choose("Place", place).seconds)
        name = page or "overview"
        yield Row(f"warm rerun, {name}", 1000 * p95(took), "the minimal page", 1000 * p95(least), at_most=2, unit="ms")
        yield Row(f"sent by {name}", sent / 1000, most=MOST_KB, unit="kB")
    person.close()
    ready.close()


def memory(ours: Server, floor: Server, sessions: int = 100) -> Iterator[Row]:
    """What each idle session adds to a server that has drawn its first page for others before, MB."""
    each = []
    for server in (ours, floor):
        for _ in range(3):
            first = Session(server)
            first.open("")
            first.close()
        before, people = server.resident_mb, []
        for _ in range(sessions):
            people.append(Session(server))
            people[-1].open("")
        each.append((server.resident_mb - before) / sessions)
        for one in people:
            one.close()
    yield Row("memory of an idle session", each[0], "of the minimal page", each[1], at_most=1.5, unit="MB")


def browser(ours: Server, floor: Server, names: Sequence[str], times: int = 3) -> Iterator[Row]:
    """From a page's address to its first chart drawn in Chromium, beside the minimal page in turns; the shortest of each."""
    chromium = shutil.which("chromium")
    if not chromium:
        yield Row(
            "first chart drawn",
            None,
            "the minimal page",
            note="there is no Chromium; install Debian's package chromium",
        )
        return
    from playwright.sync_api import Browser, sync_playwright

    def drawn(chrome: Browser, address: str) -> float:
        page = chrome.new_page(viewport={"width": 1440, "height": 900})
        start = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.wait_for_selector(DRAWN, state="attached", timeout=60_000)
        took = time.perf_counter() - start
        page.close()
        return took

    with sync_playwright() as started:
        chrome = started.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for address in (ours.address, floor.address):
            drawn(chrome, address)  # what the browser keeps of the scripts is kept after the first page
        for name in names:
            pairs = [(drawn(chrome, f"{ours.address}/{name}"), drawn(chrome, floor.address)) for _ in range(times)]
            yield Row(
                f"first chart drawn, {name or 'overview'}", min(a for a, _ in pairs), "on the minimal page",
                min(b for _, b in pairs), at_most=1.3,
            )  # fmt: skip
        chrome.close()
