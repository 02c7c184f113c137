"""The dashboard as a person meets it: in Chromium, on a desktop and on a phone, served from the built warehouse."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.request import urlopen

import pytest

from etl.settings import ROOT, Settings

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
if not CHROMIUM:
    pytest.skip("there is no Chromium; install Debian's package chromium", allow_module_level=True)

PAGES = {
    "": ("Where is talent short, and what feeds it?", 3),
    "industries": ("Which industries cannot fill their jobs?", 10),
    "pathways": ("Which pathways supply the openings, and how far short?", 2),
}
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
WAIT_MS = 60_000


@pytest.fixture(scope="module")
def address(warehouse: Settings) -> Iterator[str]:
    """Where the dashboard answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "dashboard.py",
            "--server.port",
            str(port),
            "--server.headless",
            "true",
        ],
        cwd=ROOT,
        env={**os.environ, "TALENTGAP_DATA": str(warehouse.data_dir)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    found = f"http://localhost:{port}"
    for _ in range(200):
        try:
            urlopen(f"{found}/_stcore/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.3)
    yield found
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    with playwright.sync_playwright() as started:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        yield started.chromium.launch(executable_path=CHROMIUM, args=arguments)


class Visit:
    """A page that was opened, and what it asked for and complained of."""

    def __init__(self, browser: playwright.Browser, address: str, path: str, size: str = "desktop") -> None:
        width, height = SIZES[size]
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda r: self.outside.append(r.url) if self._is_outside(r.url) else None)
        self.page.on("console", lambda m: self.errors.append(m.text) if self._is_error(m) else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.goto(f"{address}/{path}")
        self.page.wait_for_selector(".sources", timeout=WAIT_MS)

    @staticmethod
    def _is_outside(url: str) -> bool:
        return not url.startswith(("http://localhost", "ws://localhost", "data:", "blob:"))

    @staticmethod
    def _is_error(message: playwright.ConsoleMessage) -> bool:
        # A page opened by its own address first asks for /page/_stcore/..., then for /_stcore/...: the first is a 404.
        return message.type == "error" and "_stcore" not in str(message.location.get("url", ""))

    def headline(self) -> str:
        return str(self.page.locator("h2.finding").first.inner_text())

    def choose(self, label: str, value: str) -> None:
        control = self.page.get_by_role("combobox", name=label)
        control.click()
        control.fill(value)  # the list shows only some of the states until it is searched
        self.page.keyboard.press("Enter")

    def wait_for_headline(self, text: str) -> None:
        self.page.locator("h2.finding", has_text=text).first.wait_for(timeout=WAIT_MS)

    def wait_for_no_headline(self, text: str) -> None:
        # While a page is drawn again there may for a moment be no headline at all: that is not yet the answer.
        there_without = "t => { const h = document.querySelector('h2.finding'); return h && !h.innerText.includes(t) }"
        self.page.wait_for_function(there_without, arg=text, timeout=WAIT_MS)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_draws_its_charts(browser: playwright.Browser, address: str, path: str, size: str) -> None:
    question, charts = PAGES[path]
    visit = Visit(browser, address, path, size)
    assert visit.page.locator("h1").inner_text() == question
    plots = visit.page.locator(".js-plotly-plot .main-svg .trace")
    plots.first.wait_for(timeout=WAIT_MS)
    visit.page.wait_for_function(f"document.querySelectorAll('.js-plotly-plot').length === {charts}", timeout=WAIT_MS)
    inner, outer = visit.page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]'); return [m.scrollWidth, m.clientWidth] })()"
    )
    assert inner <= outer, "nothing makes the page scroll sideways"
    clipped = visit.page.evaluate(
        """[...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
             const box = plot.getBoundingClientRect();
             return [...plot.querySelectorAll('.annotation-text')]
               .filter(t => { const b = t.getBoundingClientRect(); return b.left < box.left - 2 || b.right > box.right + 2
                                || b.top < box.top - 2 || b.bottom > box.bottom + 2 })
               .map(t => t.textContent) })"""
    )
    assert clipped == [], "no label is cut off"
    assert visit.outside == [], "no request leaves the machine"
    assert visit.errors == []
    visit.page.close()


@pytest.mark.parametrize("link", ["?state=TX", "?state=Texas", "?state=tx&pathway=construction"])
def test_a_link_opens_its_view(browser: playwright.Browser, address: str, link: str) -> None:
    visit = Visit(browser, address, f"pathways{link}")
    visit.wait_for_headline("in Texas")
    assert "state=Texas" in visit.page.url
    assert ("Construction" in visit.headline()) == ("pathway" in link)
    visit.page.close()


def test_an_unknown_value_is_named_and_the_default_shown(browser: playwright.Browser, address: str) -> None:
    visit = Visit(browser, address, "pathways?state=<script>zz</script>")
    assert "zz" in visit.page.get_by_role("alert").first.inner_text()
    assert " in " not in visit.headline().split("could fill")[0]
    visit.page.close()


def test_a_choice_changes_headline_and_address_and_goes_along(browser: playwright.Browser, address: str) -> None:
    visit = Visit(browser, address, "pathways")
    visit.choose("Place", "Ohio")
    visit.wait_for_headline("in Ohio")
    visit.page.wait_for_url("**state=Ohio**", timeout=WAIT_MS)
    visit.page.goto(f"{address}/?state=Ohio")
    visit.page.get_by_role("link", name="Which pathways supply the openings?").click()
    visit.page.wait_for_url("**/pathways**", timeout=WAIT_MS)
    visit.wait_for_headline("in Ohio")
    visit.page.get_by_role("button", name="Reset").click()
    visit.wait_for_no_headline("Ohio")
    assert "Ohio" not in visit.page.url
    visit.page.close()


def test_a_link_goes_along_by_the_menu_and_the_address_with_it(browser: playwright.Browser, address: str) -> None:
    """On a session's first change of page Streamlit 1.67 would drop what the link asked for."""
    visit = Visit(browser, address, "?state=TX")
    for name in ("Pathways", "Industries"):
        visit.page.get_by_test_id("stTopNavSection").filter(has_text="The gap").click()
        visit.page.get_by_role("menuitem", name=name).click()
        visit.page.wait_for_url(f"**/{name.lower()}?state=Texas", timeout=WAIT_MS)
        visit.wait_for_headline("in Texas")
    visit.choose("Industry", "Construction")
    visit.wait_for_headline("Construction: ")
    assert "industry=Construction" in visit.page.url
    assert visit.errors == []
    visit.page.close()


def test_a_phone_has_wide_controls_and_whole_links(browser: playwright.Browser, address: str) -> None:
    visit = Visit(browser, address, "", "phone")
    for part in (".st-key-scope-bar", *(f".st-key-{name} .stSelectbox" for name in ("state", "industry", "pathway"))):
        visit.page.wait_for_selector(part, timeout=WAIT_MS)
    bar, *widths = visit.page.evaluate(
        "['.st-key-scope-bar', ...['state', 'industry', 'pathway'].map(k => `.st-key-${k} .stSelectbox`)]"
        ".map(s => document.querySelector(s).getBoundingClientRect().width)"
    )
    assert bar > 340
    assert all(width == pytest.approx(bar, abs=1) for width in widths)
    cut = visit.page.evaluate(
        "[...document.querySelectorAll('[data-testid=stPageLink-NavLink] p')].filter(p => p.scrollWidth > p.clientWidth).length"
    )
    assert cut == 0, "a link to another page says all of its question"
    visit.page.close()


def test_the_keyboard_reaches_the_controls_and_sets_one(browser: playwright.Browser, address: str) -> None:
    visit = Visit(browser, address, "pathways")
    wanted = ["Place", "Industry", "Pathway", "Assumptions", "Reset"]
    reached: list[str] = []
    for _ in range(20):
        visit.page.keyboard.press("Tab")
        name = visit.page.evaluate(
            "(e => e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || '')(document.activeElement)"
        )
        reached.append(name.strip().split("\n")[0])
        if reached[-1] == "Reset":
            break
    # The scrolling part of the page is a stop too; its first line is the first control's label.
    in_order = list(dict.fromkeys(name for name in reached if name in wanted))
    assert in_order == wanted, reached
    for _ in range(4):
        visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.type("Vermont")
    visit.page.keyboard.press("Enter")
    visit.wait_for_headline("in Vermont")
    visit.page.close()
