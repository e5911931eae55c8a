"""Every page in a real Chromium: accessible, in both schemes, at any width, and still."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Visitor, Windows
from tests.browser.pages import ERRORS, EVERY_PAGE, FORMS, READING_PAGES, STATES

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = [320, 390, 768, 1024, 1440, 2560]
# Width and scheme change colours and sizes; the rest of axe's rules read the same markup.
BY_LOOK = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block"]
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


@pytest.fixture(scope="module")
def regular(windows: Windows, site: str) -> Iterator[Visitor]:
    """A visitor who comes again: with a warm cache a page opens in a third of the time."""
    visiting = Visitor(windows, site)
    yield visiting
    visiting.close()


@pytest.fixture(scope="module")
def kept_window(regular: Visitor) -> Page:
    return regular.window()


@pytest.fixture(scope="module")
def kept_plain_window(regular: Visitor) -> Page:
    return regular.window(java_script_enabled=False)


Show = Callable[[str], Page]


def open_light(page: Page, width: int, path: str) -> Page:
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(path, wait_until="load")
    return page


@pytest.fixture
def show(regular: Visitor, kept_window: Page) -> Iterator[Show]:
    """Opens a page on a light screen of 1440 pixels."""

    yield partial(open_light, kept_window, 1440)
    troubles, regular.troubles = regular.troubles, []
    assert troubles == []


@pytest.fixture
def show_first(show: Show, kept_window: Page) -> Iterator[Show]:
    """Opens a page on a phone as for the first time: nothing is in its cache."""
    network = kept_window.context.new_cdp_session(kept_window)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})

    yield partial(open_light, kept_window, 390)
    network.detach()


def in_the_dark_on_a_phone(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 900})
    page.emulate_media(color_scheme="dark")
    return page


@pytest.mark.parametrize("name", [*READING_PAGES, *FORMS])
def test_a_page_stands_still_and_is_accessible_in_both_schemes(show: Show, name: str) -> None:
    page = show(EVERY_PAGE[name])
    assert page.evaluate(SHIFT) < 0.01
    assert violations(page) == []
    assert violations(in_the_dark_on_a_phone(page), BY_LOOK) == []


@pytest.mark.parametrize("name", STATES)
def test_a_page_is_accessible_whatever_it_has_to_say(show: Show, name: str) -> None:
    assert violations(in_the_dark_on_a_phone(show(STATES[name]))) == []


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_a_phone_s_first_page_shows_its_content_stands_still_and_fits_any_width(
    show_first: Show, name: str
) -> None:
    page = show_first(EVERY_PAGE[name])
    assert page.evaluate(SHIFT) < 0.01
    assert page.locator("main h1").is_visible()
    body = page.locator(".page-main").bounding_box()
    assert body
    assert body["height"] > 20
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


@pytest.mark.parametrize("name", READING_PAGES)
def test_without_javascript_a_page_says_the_same(
    show: Show, kept_plain_window: Page, name: str
) -> None:
    kept_plain_window.goto(READING_PAGES[name])
    said = kept_plain_window.locator("main").inner_text()
    assert said == show(READING_PAGES[name]).locator("main").inner_text()
    for hidden in kept_plain_window.locator(".js-only").all():
        assert not hidden.is_visible()


@pytest.mark.parametrize("name", READING_PAGES)
def test_on_paper_a_page_says_where_it_is_from_and_shows_no_controls(show: Show, name: str) -> None:
    page = show(READING_PAGES[name])
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    assert page.locator(".foot__permalink").is_visible()
    assert page.get_by_text("Not legal advice").is_visible()
    for control in (".nav", ".site-search", ".asof__form"):
        assert not page.locator(control).first.is_visible()
