"""The desk in a real Chromium: accessible, still, and usable by keyboard and without JavaScript."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor, Windows
from tests.browser.test_accounts import code_now
from tests.browser.test_desk_edit import NO_TROUBLE, settled
from tests.browser.test_every_page import BY_LOOK, SHIFT, WIDTHS, in_the_dark_on_a_phone, violations
from tests.people import PASSWORD
from tests.shared_data import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("desk in a browser")]

PAGES = {
    "queue": "/desk/",
    "my drafts": "/desk/?view=mine",
    "scheduled": "/desk/?view=scheduled",
    "emergencies": "/desk/?view=emergencies",
    "proposals": "/desk/?view=proposals",
    "conflicts": "/desk/?view=conflicts",
    "nothing found": "/desk/?view=all&q=qqqqzzzz",
    "a change under hold": "/desk/changes/1/",
    "its impact": "/desk/changes/1/impact/",
    "a scheduled change": "/desk/changes/2/",
    "a draft": "/desk/changes/3/",
    "an emergency to look at": "/desk/changes/4/",
    "publishing at once": "/desk/changes/3/emergency/",
    "a proposal": "/desk/proposals/1/",
    "holds": "/desk/holds/",
    "a page under review": "/tiers/my/",
    "a page under hold": "/deadlines/ai-diffusion-comment/",
}

HELD = "/deadlines/ai-diffusion-compliance-guidelines/"
QUOTE = "This rule is effective January 13, 2025"
NOTE = "Read once more in the DATES paragraph."


@dataclass
class Desk:
    """Where the site is, and the session of each person."""

    address: str
    sessions: dict[str, str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    command = [sys.executable, "-m", "tests.browser.serve_desk", str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        sessions = {}
        for line in process.stdout:
            name, _, key = line.strip().partition(" ")
            if not key:
                break
            sessions[name] = key
        yield Desk(f"http://127.0.0.1:{name}", sessions)
        process.terminate()


def window(visitor: Visitor, desk: Desk, who: str, **options: object) -> Page:
    """A window in which somebody has signed in."""
    page = visitor.window(**options)  # type: ignore[arg-type]
    cookie = {"name": "sessionid", "value": desk.sessions[who], "url": desk.address}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    return page


@pytest.fixture
def at_desk(windows: Windows, desk: Desk) -> Iterator[Visitor]:
    visiting = Visitor(windows, desk.address)
    yield visiting
    visiting.close()
    assert visiting.troubles == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk_is_accessible_and_still(
    at_desk: Visitor, desk: Desk, name: str
) -> None:
    page = window(at_desk, desk, "second")
    page.goto(PAGES[name], wait_until="networkidle")
    assert violations(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(in_the_dark_on_a_phone(page), BY_LOOK) == []


@pytest.mark.parametrize("name", ["queue", "proposals", "a draft", "holds"])
def test_nothing_moves_while_it_loads(at_desk: Visitor, desk: Desk, name: str) -> None:
    page = window(at_desk, desk, "second")
    page.goto(PAGES[name], wait_until="networkidle")
    assert page.evaluate(SHIFT) < 0.01


def test_the_impact_comes_into_the_page(at_desk: Visitor, desk: Desk) -> None:
    page = window(at_desk, desk, "analyst")
    page.goto(PAGES["a change under hold"])
    expect(page.locator("#impact")).to_contain_text("1 February 2027")


def test_without_javascript_the_impact_is_a_link_and_filters_are_a_form(
    at_desk: Visitor, desk: Desk
) -> None:
    page = window(at_desk, desk, "second", java_script_enabled=False)
    page.goto(PAGES["a change under hold"])
    page.get_by_role("link", name="Rehearse it").click()
    expect(page.locator("#impact")).to_contain_text("1 February 2027")
    page.goto("/desk/?view=all")
    page.get_by_label("Words").fill("Malaysia")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_filtering_keeps_its_address(at_desk: Visitor, desk: Desk) -> None:
    page = window(at_desk, desk, "second")
    page.goto("/desk/?view=all")
    page.get_by_label("Kind").select_option("group")
    expect(page.locator("tbody tr")).to_have_count(2)
    assert "kind=group" in page.url
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_a_change_is_drafted_approved_and_published_by_the_keyboard_alone(
    windows: Windows, desk: Desk
) -> None:
    """Of a date under hold, which the other tests of this site leave alone."""
    visiting = Visitor(windows, desk.address)
    page = visiting.open("/account/sign-in/")
    sign_in_by_keyboard(page, "Ada Author")
    draft_by_keyboard(page)
    address = urlsplit(page.url).path
    page = visiting.open("/account/sign-in/")
    sign_in_by_keyboard(page, "Otto Other")
    follow(page, "a[href='/desk/']")
    follow(page, f"main a[href='{address}']")
    tab_to(page, "[name=has_read_hold]")
    page.keyboard.press("Space")
    follow(page, "form[action$='/approve/'] button")
    expect(page.locator(".notice--success")).to_contain_text("Approved.")
    expect(page.locator("main")).to_contain_text("Has read the legal hold by Otto Other")
    follow(page, f"main dl a[href='{HELD}']")
    expect(page.locator("#history")).to_contain_text(NOTE)
    reader = visiting.open(HELD)
    expect(reader.locator("#history")).to_contain_text(NOTE)
    visiting.close()
    assert [trouble for trouble in visiting.troubles if not trouble.startswith(NO_TROUBLE)] == []


def sign_in_by_keyboard(page: Page, name: str) -> None:
    tab_to(page, "[name=login]")
    page.keyboard.type(f"{name.lower().replace(' ', '.')}@example.org")
    tab_to(page, "[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("[name=code]")).to_be_visible()
    tab_to(page, "[name=code]")
    page.keyboard.type(code_now(page))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def draft_by_keyboard(page: Page) -> None:
    """From the page of a date to a change that is submitted."""
    page.goto(HELD)
    follow(page, "a.edit")
    expect(page.locator("#id_item-0-day")).to_have_value("2026-01-15")
    tab_to(page, "#id_why")
    page.keyboard.type("The printed words, read once more.")
    tab_to(page, "#id_source")
    page.keyboard.type("90 FR 4544")
    option = page.locator(".picker [role=option]")
    expect(option).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#id_source")).to_have_value("2025-00636")
    expect(page.locator("#id_source")).to_be_focused()
    expect(page.locator("#id_source_list")).to_be_hidden()
    tab_to(page, "#id_quote")
    page.keyboard.type(QUOTE)
    expect(page.locator("#beside mark")).to_have_text(QUOTE)
    expect(page.locator("#id_quote")).to_be_focused()
    tab_to(page, "#id_item-0-note")
    page.keyboard.press("Control+A")
    page.keyboard.type(NOTE)
    settled(page)
    expect(page).to_have_url(re.compile(r"/desk/changes/\d+/edit/$"))
    page.keyboard.press("Control+Home")
    page.locator("body").evaluate("body => document.activeElement.blur()")
    follow(page, "button[value=submit]")
    expect(page.locator(".messages .notice").first).to_contain_text("a second person looks at it")


def follow(page: Page, css: str) -> None:
    """Press Enter on a link or a button, and wait for the page that it leads to."""
    tab_to(page, css)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def tab_to(page: Page, css: str, most: int = 120) -> None:
    """Press Tab until an element has the focus; fails after many."""
    for _ in range(most):
        if page.evaluate("css => document.activeElement.matches(css)", css):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {css}")


@pytest.mark.parametrize(
    ("file", "path", "title"),
    [
        ("desk-queue.png", "/desk/", "Queue"),
        ("desk-change.png", "/desk/changes/1/", "The comment period is reopened"),
        ("history.png", "/history/countrygroup:my,diffusion/", "Malaysia"),
    ],
)
def test_the_pages_of_the_readme_are_there(  # noqa: PLR0917  # fixtures and a row
    at_desk: Visitor, desk: Desk, pictures: Path | None, file: str, path: str, title: str
) -> None:
    page = window(at_desk, desk, "second", color_scheme="light")
    page.goto(desk.address + path)
    expect(page.locator("h1")).to_contain_text(title)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / file)
