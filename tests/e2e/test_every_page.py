"""Every page in Chromium, on a desktop and on a phone: it draws, fits, complains of nothing, asks nothing outside, can be
read by all, follows a dark screen, and prints whole."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import playwright.sync_api as playwright
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import SIZES, WAIT_MS, Visit
from tests.pages.test_pages import PAGES

each_page = pytest.mark.parametrize("name", PAGES)
#: Everything that a Plotly chart shows as text lies within its box.
CLIPPED = """[...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
    const box = plot.getBoundingClientRect();
    return [...plot.querySelectorAll('.annotation-text')]
        .filter(t => { const b = t.getBoundingClientRect(); return b.left < box.left - 2 || b.right > box.right + 2
                        || b.top < box.top - 2 || b.bottom > box.bottom + 2 })
        .map(t => t.textContent) })"""


def path_of(name: str) -> str:
    return "" if name == "overview" else name


def say(violations: list[dict[str, object]]) -> list[str]:
    return [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:120]})" for v in violations]  # type: ignore[index]


@pytest.mark.parametrize("size", SIZES)
@each_page
def test_a_page_draws_fits_and_can_be_read_by_all(
    browser: playwright.Browser, address: str, name: str, size: str
) -> None:
    question, charts = PAGES[name]
    visit = Visit(browser, address, f"{path_of(name)}?state=TX", size)
    assert visit.page.locator("h1").inner_text() == question
    if (
        charts and visit.page.locator("h2.finding").count()
    ):  # a page of files that people bring may have nothing to draw
        visit.page.locator(".js-plotly-plot .main-svg .trace").first.wait_for(timeout=WAIT_MS)
    shown = visit.page.locator(".finding").count()
    visit.page.wait_for_function(
        "n => document.querySelectorAll('.js-plotly-plot').length >= n", arg=shown, timeout=WAIT_MS
    )
    inner, outer = visit.page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]'); return [m.scrollWidth, m.clientWidth] })()"
    )
    assert inner <= outer, "nothing makes the page scroll sideways"
    assert visit.page.evaluate(CLIPPED) == [], "no label is cut off"
    assert say(Axe().run(visit.page).response["violations"]) == []
    assert visit.outside == [], "no request leaves the machine"
    assert visit.errors == []
    visit.page.close()


@each_page
def test_a_dark_screen_can_be_read(browser: playwright.Browser, address: str, name: str) -> None:
    visit = Visit(browser, address, path_of(name), dark=True)
    contrast = Axe().run(visit.page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert say(contrast) == []
    visit.page.close()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed (Debian's package poppler-utils)")
@each_page
def test_the_print_view_prints_whole(browser: playwright.Browser, address: str, name: str, tmp_path: Path) -> None:
    visit = Visit(browser, address, f"{path_of(name)}?state=TX&view=print")
    findings = visit.page.locator(".finding").all_inner_texts()
    out = tmp_path / "page.pdf"
    visit.page.pdf(path=out, prefer_css_page_size=True)
    visit.page.close()
    printed = subprocess.run(["pdftotext", "-layout", out, "-"], capture_output=True, text=True, check=True).stdout
    assert len(printed.split("\f")[0].split()) > 100, "no sheet with a title alone"
    said = "".join(printed.split())  # a line may end at a hyphen
    for text in (PAGES[name][0], *findings):
        assert "".join(text.split()) in said
    assert "hasnotreviewedorendorsed" in said, "the page's last line is on paper too"
    # Ink within a millimetre of the sheet's right margin would be cut content: the column is narrower than the sheet.
    words = subprocess.run(["pdftotext", "-bbox", out, "-"], capture_output=True, text=True, check=True).stdout
    rights = [float(line.split('xMax="')[1].split('"')[0]) for line in words.splitlines() if "<word " in line]
    assert max(rights) < 612 - 15 / 25.4 * 72 - 2
