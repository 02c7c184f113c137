"""A browser, and the dashboard served to it from the built warehouse. Without Chromium these tests are skipped and say so."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from urllib.request import urlopen

import playwright.sync_api as playwright
import pytest

from etl.settings import ROOT, Settings

CHROMIUM = shutil.which("chromium")

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
    if not CHROMIUM:
        pytest.skip("there is no Chromium; install Debian's package chromium")
    with playwright.sync_playwright() as started:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        yield started.chromium.launch(executable_path=CHROMIUM, args=arguments)


class Visit:
    """A page that was opened, and what it asked for and complained of."""

    def __init__(
        self, browser: playwright.Browser, address: str, path: str, size: str = "desktop", dark: bool = False
    ) -> None:
        width, height = SIZES[size]
        self.page = browser.new_page(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
        )
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda r: self.outside.append(r.url) if self._is_outside(r.url) else None)
        self.page.on("console", lambda m: self.errors.append(m.text) if self._is_error(m) else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.goto(f"{address}/{path}")
        self.settle()

    @staticmethod
    def _is_outside(url: str) -> bool:
        return not url.startswith(("http://localhost", "ws://localhost", "data:", "blob:"))

    @staticmethod
    def _is_error(message: playwright.ConsoleMessage) -> bool:
        # A page opened by its own address first asks for /page/_stcore/..., then for /_stcore/...: the first is a 404.
        return message.type == "error" and "_stcore" not in str(message.location.get("url", ""))

    def settle(self) -> None:
        """Wait until the page is whole: its last line is there and the script has ended."""
        self.page.wait_for_selector(".page-foot", state="attached", timeout=WAIT_MS)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=WAIT_MS)

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
