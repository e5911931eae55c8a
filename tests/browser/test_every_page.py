"""Every page in a real Chromium: accessible, in both schemes, at any width, and still."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Open, Visitor
from tests.browser.pages import ERRORS, EVERY_PAGE, READING_PAGES

Scheme = Literal["light", "dark"]
pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = [320, 390, 768, 1024, 1440, 2560]
# Width and scheme change colours and sizes; the rest of axe's rules read the same markup.
BY_LOOK = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
LOOKS: list[tuple[int, Scheme, list[str] | None]] = [
    (1440, "light", None),
    (390, "dark", BY_LOOK),
]
# Adds up what has moved since the page began to load.
SHIFT = """() => new Promise(done => {
    let total = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) total += entry.value;
    }).observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(total), 150);
})"""


def violations(page: Page, rules: list[str] | None = None) -> list[tuple[str, str, str]]:
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = Axe().run(page, options={"runOnly": only, "resultTypes": ["violations"]})
    return [
        (v["id"], str(v["nodes"][0]["target"]), v["nodes"][0]["html"][:200])
        for v in found.response["violations"]
    ]


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_a_page_is_accessible_in_any_scheme_and_fits_any_width(visit: Open, name: str) -> None:
    page = visit(EVERY_PAGE[name])
    for width, scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert violations(page, rules) == [], (width, scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("name", ERRORS)
def test_axe_finds_nothing_on_a_page_that_refuses(visitor: Visitor, name: str) -> None:
    page = visitor.open(ERRORS[name], width=390)
    assert violations(page) == []
    assert all("status of 40" in trouble for trouble in visitor.troubles)
    visitor.troubles.clear()
    page.locator("main a").first.click()
    page.locator("h1").wait_for()


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_a_page_shows_its_content_and_nothing_moves_while_it_loads(visit: Open, name: str) -> None:
    for width in (1440, 390):
        page = visit(EVERY_PAGE[name], width=width)
        assert page.evaluate(SHIFT) < 0.01
        assert page.locator("main h1").is_visible()
        body = page.locator(".page-main").bounding_box()
        assert body
        assert body["height"] > 20


@pytest.mark.parametrize("name", READING_PAGES)
def test_without_javascript_and_on_paper_a_page_says_the_same(visit: Open, name: str) -> None:
    page = visit(READING_PAGES[name])
    with_script = page.locator("main").inner_text()
    plain = visit(READING_PAGES[name], java_script_enabled=False)
    assert plain.locator("main").inner_text() == with_script
    for hidden in plain.locator(".js-only").all():
        assert not hidden.is_visible()
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator(".foot__permalink").is_visible()
    assert page.get_by_text("Not legal advice").is_visible()
    for control in (".nav", ".site-search", ".asof__form"):
        assert not page.locator(control).first.is_visible()
