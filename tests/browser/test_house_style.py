"""The sample page in a real Chromium. Nothing is served: requests are answered from files."""

import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

from tests.design.page import render_sample

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ORIGIN = "http://earmark.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OpenSample = Callable[..., Page]


@pytest.fixture
def open_sample(chromium: Browser) -> Iterator[OpenSample]:
    """Opens the sample page: ``open_sample(390, scheme="dark", today=True)``."""
    contexts = []

    def open_page(width: int = 1440, *, today: bool = False, **options: Any) -> Page:
        options.setdefault("color_scheme", options.pop("scheme", "light"))
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        messages: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.route("**/*", lambda route: answer(route, render_sample(today=today)))
        page.goto(f"{ORIGIN}/", wait_until="load")
        assert messages == []
        return page

    yield open_page
    for context in contexts:
        context.close()


def answer(route: Route, sample: str) -> None:
    """The sample for every page, and static files as Django finds them."""
    path = route.request.url.removeprefix(ORIGIN).split("?")[0].split("#")[0]
    if not path.startswith("/static/"):
        headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
        route.fulfill(body=sample, headers=headers)
        return
    found = finders.find(path.removeprefix("/static/"))
    assert isinstance(found, str), f"{path} is not a static file"
    kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
    route.fulfill(body=Path(found).read_bytes(), headers={"Content-Type": kind})


@pytest.mark.parametrize(
    ("width", "scheme", "today"),
    [(1440, "light", False), (1440, "dark", True), (390, "light", True), (390, "dark", False)],
)
def test_axe_finds_nothing(open_sample: OpenSample, width: int, scheme: str, today: bool) -> None:
    page = open_sample(width, scheme=scheme, today=today)
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
    assert [(v["id"], v["nodes"][0]["target"]) for v in found.response["violations"]] == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1440, 2560])
def test_no_width_scrolls_sideways(open_sample: OpenSample, width: int) -> None:
    page = open_sample(width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_jumps_while_the_page_loads(open_sample: OpenSample) -> None:
    shift = """() => new Promise(done => {
        let total = 0;
        new PerformanceObserver(list => {
            for (const entry of list.getEntries()) total += entry.value;
        }).observe({type: "layout-shift", buffered: true});
        setTimeout(() => done(total), 200);
    })"""
    assert open_sample().evaluate(shift) == 0


def test_the_banner_stays_in_sight_while_the_page_scrolls(open_sample: OpenSample) -> None:
    page = open_sample()
    page.evaluate("scrollTo(0, 2000)")
    box = page.locator(".banner").bounding_box()
    assert box
    assert box["y"] >= 0


def test_a_tab_from_the_top_leads_past_the_masthead(open_sample: OpenSample) -> None:
    page = open_sample()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_a_slash_goes_to_the_search_box_but_not_while_typing(open_sample: OpenSample) -> None:
    page = open_sample()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "site-search"
    page.keyboard.press("/")
    assert page.locator("#site-search").input_value() == "/"


def test_the_single_key_shortcut_can_be_turned_off_for_good(open_sample: OpenSample) -> None:
    page = open_sample()
    page.get_by_role("button", name="Turn off the “/” shortcut").click()
    page.reload()
    page.locator("body").press("/")
    assert page.evaluate("document.activeElement.id") != "site-search"
    assert page.get_by_role("button", name="Turn on the “/” shortcut").is_visible()


def test_the_theme_goes_round_and_is_kept(open_sample: OpenSample) -> None:
    page = open_sample()
    toggle = page.locator("[data-theme-toggle]")
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(ground)
    toggle.click()
    assert toggle.inner_text() == "Colour theme: light"
    toggle.click()
    assert page.evaluate(ground) != light
    page.reload()
    assert toggle.inner_text() == "Colour theme: dark"
    toggle.click()
    assert page.evaluate(ground) == light


def test_a_citation_can_be_copied(open_sample: OpenSample) -> None:
    page = open_sample(permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("Cite this page").click()
    page.get_by_role("button", name="Copy citation").click()
    # An insecure origin has no clipboard: then the text is selected and the button says so.
    page.get_by_role("button", name="Selected: copy it with the keyboard").wait_for()
    assert "Earmark" in page.evaluate("getSelection().toString()")


def test_without_javascript_everything_needed_is_there(open_sample: OpenSample) -> None:
    page = open_sample(java_script_enabled=False)
    assert page.get_by_role("search").is_visible()
    assert page.get_by_role("button", name="Apply", exact=True).is_visible()
    assert page.get_by_role("button", name="Apply filters").is_visible()
    assert page.get_by_role("link", name="Permalink").is_visible()
    for hidden in page.locator(".js-only").all():
        assert not hidden.is_visible()


def test_a_narrow_screen_turns_rows_into_labelled_cards(open_sample: OpenSample) -> None:
    page = open_sample(390)
    cell = page.locator("#listings td[data-label='Since']").first
    label = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert label == '"Since"'
    assert page.locator(".timeaxis__list").is_visible()
    assert not page.locator(".timeaxis__drawing").is_visible()


def test_paper_keeps_the_banner_and_prints_the_address_of_each_source(
    open_sample: OpenSample,
) -> None:
    page = open_sample()
    page.emulate_media(media="print")
    assert page.locator(".banner").is_visible()
    assert page.locator(".foot__permalink").is_visible()
    assert not page.locator(".nav").is_visible()
    chip = page.locator(".cite[data-print]").first
    printed = chip.evaluate("chip => getComputedStyle(chip, '::after').content")
    assert "federalregister.gov" in printed


def test_whoever_wants_no_motion_gets_none(open_sample: OpenSample) -> None:
    page = open_sample(reduced_motion="reduce")
    page.locator("#progress").evaluate("bar => bar.classList.add('htmx-request')")
    duration = page.locator("#progress").evaluate("bar => getComputedStyle(bar).animationDuration")
    assert float(duration.removesuffix("s")) < 0.001
