"""Accounts in a real browser: signing in with a second factor, and every page behind it."""

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Visitor, Windows
from tests.browser.test_every_page import BY_LOOK, WIDTHS, in_the_dark_on_a_phone, violations
from tests.people import PASSWORD, SECRET, code

pytestmark = pytest.mark.browser

CHIEF, FRESH, LOCKED = (
    f"{name}@example.org" for name in ("grace.hopper", "fresh.editor", "locked.analyst")
)
BEHIND = {
    "account": "/account/",
    "sign out": "/account/sign-out/",
    "password": "/account/password/",
    "confirm": "/account/confirm/",
    "confirm by a code": "/account/confirm/code/",
    "second factor": "/account/second-factor/",
    "people": "/staff/people/",
    "a new person": "/staff/people/new/",
    "a person": "/staff/people/2/",
    "oneself": "/staff/people/1/",
    "mails": "/staff/mails/",
    "a mail": "/staff/mails/1/",
}


def code_now(page: Page, secret: str = SECRET) -> str:
    """What an app shows by the clock of the site, which runs on while tests stand still."""
    answer = page.request.get("/subscribe/sent/")
    with time_machine.travel(parsedate_to_datetime(answer.headers["date"]), tick=False):
        return code(secret)


def enter(page: Page, address: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password").fill(password)
    page.locator("main").get_by_role("button", name="Sign in").click()


@pytest.fixture(scope="module")
def chief(windows: Windows, site: str) -> Iterator[Page]:
    """The window of an administrator who has signed in once."""
    visiting = Visitor(windows, site)
    page = visiting.open("/account/sign-in/")
    enter(page, CHIEF)
    page.get_by_label("Code").fill(code_now(page))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Grace Hopper")
    yield page
    visiting.close()
    assert visiting.troubles == []


@pytest.mark.parametrize("name", BEHIND)
def test_a_page_behind_an_account_is_accessible_and_fits_any_width(chief: Page, name: str) -> None:
    chief.emulate_media(color_scheme="light")
    chief.set_viewport_size({"width": 1440, "height": 900})
    chief.goto(BEHIND[name])
    assert violations(chief) == []
    assert violations(in_the_dark_on_a_phone(chief), BY_LOOK) == []
    for width in WIDTHS:
        chief.set_viewport_size({"width": width, "height": 900})
        assert chief.evaluate("document.documentElement.scrollWidth") <= width


def test_the_corner_opens_by_the_keyboard_and_is_accessible_open(chief: Page) -> None:
    chief.set_viewport_size({"width": 390, "height": 900})
    chief.goto("/rules/")
    chief.locator(".account summary").press("Enter")
    panel = chief.locator(".account__panel")
    expect(panel.get_by_role("button", name="Sign out")).to_be_visible()
    assert violations(chief, BY_LOOK) == []
    box = panel.bounding_box()
    assert box
    assert box["x"] >= 0
    panel.get_by_role("link", name="People").press("Enter")
    expect(chief.get_by_role("heading", level=1)).to_have_text("People")


def test_an_administrator_changes_a_role_and_sees_the_trace(chief: Page) -> None:
    chief.goto("/staff/people/")
    chief.get_by_role("link", name="Locked Analyst").click()
    chief.get_by_label("Role").select_option("reader")
    form = chief.locator("form", has=chief.get_by_role("button", name="Change the role"))
    form.get_by_label("Why").fill("Left the desk")
    form.get_by_role("button").click()
    expect(chief.locator("main tbody tr").first).to_contain_text("from analyst to reader")
    expect(chief.locator("main tbody tr").first).to_contain_text("Left the desk")


def test_an_editor_sets_up_a_second_factor_by_the_keyboard_and_gets_to_the_mails(
    visit: Open,
) -> None:
    page = visit("/staff/mails/")
    enter(page, FRESH)
    expect(page.get_by_role("heading", level=1)).to_have_text("This page needs a second factor")
    assert violations(page) == []
    page.get_by_role("link", name="Set up the second factor").press("Enter")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    picture = page.locator("img.qr")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    assert violations(page) == []
    assert violations(in_the_dark_on_a_phone(page), BY_LOOK) == []
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")
    expect(page.locator(".field__error")).to_contain_text("This code is not right")
    assert page.locator(".secret").inner_text() == secret
    page.get_by_label("Code").fill(code_now(page, secret))
    page.keyboard.press("Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    assert violations(page) == []
    page.get_by_role("link", name="I have kept them").press("Enter")
    page.locator("main").get_by_role("link", name="Mails").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mails")


def test_the_page_of_the_code_and_the_refusal_are_accessible(visit: Open) -> None:
    page = visit("/account/sign-in/", width=390)
    enter(page, CHIEF)
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter your code")
    assert violations(page) == []
    page.get_by_role("button", name="Begin anew").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_text("You are signed out.")).not_to_be_visible()


def test_the_locked_page_says_until_when_and_is_accessible(visitor: Visitor) -> None:
    page = visitor.open("/account/sign-in/")
    for _ in range(5):
        enter(page, "nobody@example.org", "not the password")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Signing in is locked until")
    assert violations(page) == []
    assert visitor.troubles
    assert all("status of 429" in trouble for trouble in visitor.troubles)
    visitor.troubles.clear()
    page.get_by_role("link", name="Set a new one by mail").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set a password by mail")


def test_a_role_that_may_not_is_told_so_with_a_way_out(visitor: Visitor) -> None:
    page = visitor.open("/account/sign-in/?next=%2Fstaff%2Fpeople%2F")
    enter(page, LOCKED)
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")
    expect(page.locator(".lede")).to_contain_text("Only an administrator may manage accounts")
    assert violations(page) == []
    visitor.troubles.clear()
    page.get_by_role("link", name="See what your account can open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked Analyst")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
