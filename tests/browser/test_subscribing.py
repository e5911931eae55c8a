"""The form of deadline mail: what it says while somebody types, and with the keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.pages import READER

pytestmark = pytest.mark.browser

FORM = "/subscribe/?subject=everything"


def test_a_slip_is_said_while_somebody_types_and_goes_when_it_is_mended(visit: Open) -> None:
    page = visit(FORM)
    email = page.locator("#id_email")
    email.press_sequentially("reader@")
    expect(page.locator("#live_email")).to_contain_text("does not look like an e-mail address")
    email.press_sequentially("example.org")
    expect(page.locator("#live_email")).to_have_text("")
    expect(email).to_be_focused()
    expect(email).to_have_value("reader@example.org")
    assert page.url.endswith(FORM)


def test_the_count_follows_the_choices(visit: Open) -> None:
    page = visit(FORM)
    count = page.locator("#check strong")
    before = count.inner_text()
    assert re.fullmatch(r"\d+ mails?", before)
    for label in ("30 days before", "14 days before", "7 days before", "1 day before"):
        page.get_by_label(label, exact=True).uncheck()
    page.get_by_label("On the day").uncheck()
    expect(count).not_to_have_text(before)


def test_without_javascript_a_button_counts_and_keeps_what_was_typed(visit: Open) -> None:
    page = visit(FORM, java_script_enabled=False)
    page.locator("#id_email").fill("reader@")
    page.get_by_label("30 days before").uncheck()
    page.get_by_role("button", name="Count again").click()
    expect(page.locator("#live_email")).to_contain_text("does not look like")
    expect(page.locator("#id_email")).to_have_value("reader@")
    expect(page.get_by_label("30 days before")).not_to_be_checked()


def test_the_form_is_sent_with_the_keyboard_alone(visit: Open) -> None:
    page = visit(FORM)
    page.locator("#id_email").focus()
    page.keyboard.type("keyboard@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_label("30 days before")).not_to_be_checked()
    # A check that the next page cuts short would be a failure to this visitor.
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.locator("#id_email").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mailbox")


def test_what_a_reader_follows_is_changed_behind_its_summary(visit: Open) -> None:
    page = visit(f"/subscribe/manage/{READER}/", width=390)
    section = page.locator("section", has=page.get_by_role("heading", name="Framework"))
    section.locator("summary").press("Enter")
    section.get_by_label("1 day before", exact=True).check()
    section.get_by_role("button", name="Save the reminders").click()
    expect(page.get_by_text("Your reminders are saved.")).to_be_visible()
    expect(section).to_contain_text("21 days, 7 days and 1 day before; in a weekly digest")


def test_a_selection_of_dates_leads_to_its_form(visit: Open) -> None:
    page = visit("/deadlines/")
    page.locator("main select[name=kind]").select_option("comment")
    page.get_by_role("link", name="Get e-mails on this selection").click()
    expect(page.locator(".lede")).to_contain_text("every date of the kind “Comments due”")
