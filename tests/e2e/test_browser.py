"""What a person does with the dashboard: opens a link, chooses, clicks a mark, goes on to another page; in Chromium."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import playwright.sync_api as playwright
import pytest

from tests.e2e.conftest import WAIT_MS, Visit
from tests.test_attacks import HOSTILE, PARAMETERS


@pytest.mark.parametrize("link", ["?state=TX", "?state=Texas", "?state=tx&pathway=construction"])
def test_a_link_opens_its_view(browser: playwright.Browser, address: str, link: str) -> None:
    visit = Visit(browser, address, f"pathways{link}")
    visit.wait_for_headline("in Texas")
    assert "state=Texas" in visit.page.url
    findings = " ".join(visit.page.locator("h2.finding").all_inner_texts())
    assert ("openings in Construction" in findings) == ("pathway" in link)
    visit.page.close()


def test_an_unknown_value_is_named_and_the_default_shown(browser: playwright.Browser, address: str) -> None:
    visit = Visit(browser, address, "pathways?state=<script>zz</script>")
    assert "zz" in visit.page.get_by_role("alert").first.inner_text()
    assert visit.page.get_by_role("combobox", name="Place").input_value() == "United States"
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
    wanted = ["Place", "Industry", "Pathway", "Compare", "Assumptions", "Reset"]
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
    for _ in wanted[1:]:
        visit.page.keyboard.press("Shift+Tab")
    visit.page.keyboard.type("Vermont")
    visit.page.keyboard.press("Enter")
    visit.wait_for_headline("in Vermont")
    visit.page.close()


def test_a_click_on_a_mark_filters_the_page_and_a_button_takes_it_back(
    browser: playwright.Browser, address: str
) -> None:
    visit = Visit(browser, address, "industries")
    plot = visit.page.locator(".js-plotly-plot").first
    point = plot.locator(".point").first
    point.wait_for(timeout=WAIT_MS)
    box = point.bounding_box()
    assert box
    visit.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    visit.page.wait_for_url("**industry=*", timeout=WAIT_MS)
    visit.settle()
    chosen = visit.page.get_by_role("combobox", name="Industry").input_value()
    assert chosen != "All industries"
    assert chosen in visit.headline()
    visit.page.get_by_role("button", name=f"Back from {chosen} to All industries").first.click()
    visit.wait_for_no_headline(chosen)
    assert "industry=" not in visit.page.url
    assert visit.errors == []
    visit.page.close()


def test_a_neighbour_and_a_second_place_reopen_from_the_address(browser: playwright.Browser, address: str) -> None:
    visit = Visit(browser, address, "pathways?state=ME")
    visit.page.get_by_role("button", name="New Hampshire").click()
    visit.wait_for_headline("in New Hampshire")
    visit.page.get_by_role("button", name="Compare").click()
    visit.choose("Compare with", "Vermont")
    visit.wait_for_headline("in Vermont")
    link = visit.page.url
    assert "compare=Vermont" in link
    visit.page.close()
    again = Visit(browser, address, link.removeprefix(f"{address}/"))
    again.wait_for_headline("in New Hampshire")
    again.wait_for_headline("in Vermont")
    again.page.close()


@pytest.mark.parametrize("name", ["", "query"])
def test_no_script_of_an_address_runs(browser: playwright.Browser, address: str, name: str) -> None:
    scripts = [text for text in HOSTILE if "__pwned" in text or "127.0.0.1" in text]
    asked = {parameter: scripts[i % len(scripts)] for i, parameter in enumerate(PARAMETERS)}
    visit = Visit(browser, address, f"{name}?{urlencode(asked)}")
    assert visit.page.evaluate("window.__pwned") is None
    assert visit.page.get_by_role("alert").count() >= 1
    assert visit.page.locator("[role=alert] :is(a, img, script, svg[onload])").count() == 0
    assert visit.outside == [], "no picture of an address is asked for"
    assert visit.errors == []
    visit.page.close()


def test_a_query_is_run_by_the_keyboard(browser: playwright.Browser, address: str) -> None:
    visit = Visit(browser, address, "query")
    visit.page.get_by_label("Query, in DuckDB’s SQL").fill(
        "SELECT state_name, '<img src=x onerror=window.__pwned=1>' AS b FROM state WHERE state_abbr = 'ME'"
    )
    visit.page.keyboard.press("Control+Enter")
    answer = visit.page.get_by_role("region", name="Answer to the query")
    answer.wait_for(timeout=WAIT_MS)
    assert "Maine" in answer.inner_text()
    assert visit.page.evaluate("window.__pwned") is None
    visit.page.get_by_role("button", name="Save answer (CSV)").focus()
    with visit.page.expect_download() as saving:
        visit.page.keyboard.press("Enter")
    assert saving.value.path().read_text(encoding="utf-8").startswith("state_name,b\nMaine,")
    assert visit.errors == []
    visit.page.close()


def test_a_copied_link_reopens_its_view_and_a_snippet_embeds_its_chart(
    browser: playwright.Browser, address: str
) -> None:
    visit = Visit(browser, address, "flexible?state=tx&pathway=construction")
    visit.page.locator(".st-key-block-stackable").get_by_test_id("stPopoverButton").last.click()
    copied = visit.page.get_by_test_id("stCode")
    copied.nth(4).wait_for(timeout=WAIT_MS)
    link, snippet, plain, apa, bibtex = copied.all_inner_texts()
    finding = visit.page.locator(".st-key-block-stackable h2.finding").inner_text()
    visit.page.close()
    for said in (plain, apa, bibtex):
        assert finding in said.replace("\n", " ")

    again = Visit(browser, address, link.strip().removeprefix(f"{address}/"))
    assert again.page.get_by_role("combobox", name="Pathway").input_value() == "Construction"
    assert again.page.locator(".st-key-block-stackable h2.finding").inner_text() == finding
    again.page.close()

    source = unescape(re.search(r'src="([^"]+)"', snippet)[1])  # type: ignore[index]
    assert source.startswith(f"{address}/flexible?")
    within = Visit(browser, address, source.removeprefix(f"{address}/"), "phone")
    within.page.locator(".js-plotly-plot .main-svg .trace").first.wait_for(timeout=WAIT_MS)
    assert within.page.locator("h2.finding").all_inner_texts() == [finding]
    assert "Source: " in within.page.locator(".js-plotly-plot").first.inner_text()
    for chrome in (
        "[data-testid=stTopNavSection]",
        "[data-testid=stSelectbox]",
        "[data-testid=stPopover]",
        ".st-key-scope-bar",
    ):
        assert within.page.locator(chrome).count() == 0, chrome
    inner, outer = within.page.evaluate(
        "(() => { const m = document.querySelector('[data-testid=stMain]'); return [m.scrollWidth, m.clientWidth] })()"
    )
    assert inner <= outer
    whole = within.page.get_by_role("link", name="Open this view").get_attribute("href")
    assert whole == link.strip()
    assert within.outside == []
    assert within.errors == []
    within.page.close()
