"""Takes the README's pictures: ``python docs/screenshots.py`` opens every page in Chromium, on a desktop and on a phone."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
PAGES = {path.stem: "" if path.stem == "overview" else path.stem for path in (ROOT / "pages").glob("[!_]*.py")}
#: Name of the size -> width, and the greatest height of a picture, in pixels.
SIZES = {"desktop": (1440, 1700), "phone": (390, 1900)}


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(address: str, seconds: float = 60) -> None:
    """Wait until the server answers."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urlopen(f"{address}/_stcore/health", timeout=1).close()  # noqa: S310 - an address on this machine
            return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("The dashboard did not start; run `streamlit run dashboard.py` to see why.")


def shoot(browser: Browser, address: str, name: str, path: str, size: str) -> Path:
    """One page at one size, as a PNG of its upper part."""
    width, tallest = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": 1000})
    page.goto(f"{address}/{path}?state=TX")
    page.wait_for_selector(".page-foot", state="attached", timeout=120_000)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=120_000)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height, tallest)})
    page.wait_for_timeout(1500)  # the charts lay themselves out again
    out = IMAGES / f"{name}-{size}.png"
    page.screenshot(path=out)
    page.close()
    return out


def main() -> None:
    """Start the dashboard, take every picture, stop it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("There is no Chromium; install Debian's package chromium.")
    port = free_port()
    address = f"http://localhost:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        wait_for(address)
        with sync_playwright() as playwright:
            arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
            browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
            for size in SIZES:
                for name, path in PAGES.items():
                    print(shoot(browser, address, name, path, size).relative_to(ROOT))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
