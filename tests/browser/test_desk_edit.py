"""Writing a change in a real browser; by the keyboard alone it is written in ``test_desk``."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visitor, Windows
from tests.browser.test_accounts import code_now, enter
from tests.browser.test_every_page import BY_LOOK, WIDTHS, in_the_dark_on_a_phone, violations
from tests.policy.desk.desk_sample import TEXT

pytestmark = pytest.mark.browser

WRITER = "desk.writer@example.org"
DATE = "/desk/new/?kind=date&of=ai-diffusion-comment"
SOURCE = "/desk/sources/2025-00636/"
# A save that is refused is answered by 400 or 409; the next page may cut a check short, and a
# check may answer for a field that has been taken away meanwhile.
NO_TROUBLE = (
    "Failed to load resource: the server responded with a status of 4",
    *("htmx:afterRequest", "htmx:sendAbort", "htmx:oobErrorNoTarget"),
)
PAGES = {
    "what to write": "/desk/new/",
    "a date": DATE,
    "a new rule": "/desk/new/?kind=new-rule",
    "a document": "/desk/new/?kind=document&of=2025-00636",
    "a reaction": "/desk/new/?kind=reaction",
    "suggestions": "/desk/pick/rule/?q=chips",
    "register a source": "/desk/sources/new/",
    "text of a source": SOURCE,
}


@pytest.fixture(scope="module")
def writer(windows: Windows, site: str) -> Iterator[Page]:
    """The window of an editor who has signed in once; the source of the rule has its text."""
    visiting = Visitor(windows, site)
    page = visiting.open("/account/sign-in/")
    enter(page, WRITER)
    page.get_by_label("Code").fill(code_now(page))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk Writer")
    page.goto(SOURCE)
    page.get_by_label("Pasted text").fill(TEXT)
    page.get_by_role("button", name="Store it").press("Enter")
    expect(page.locator(".messages .notice")).to_contain_text("stored")
    yield page
    visiting.close()
    assert [trouble for trouble in visiting.troubles if not trouble.startswith(NO_TROUBLE)] == []


def settled(page: Page) -> None:
    """Wait until what was typed has been checked and saved."""
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Saved \d\d:\d\d:\d\d"))
    expect(page.locator(".htmx-request")).to_have_count(0)


def wide(page: Page, path: str) -> Page:
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(path)
    return page


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_editor_is_accessible_and_fits_any_width(writer: Page, name: str) -> None:
    page = wide(writer, PAGES[name])
    assert violations(page) == []
    assert violations(in_the_dark_on_a_phone(page), BY_LOOK) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_slip_is_said_beside_its_field_and_the_focus_stays(writer: Page) -> None:
    page = wide(writer, DATE)
    day = page.locator("#id_item-0-day")
    day.fill("")
    day.press_sequentially("2025-02-30")
    live = page.locator("[id='live_item-0-day']")
    expect(live).to_contain_text("“2025-02-30” is not a day of the calendar.")
    expect(day).to_be_focused()
    day.fill("2025-03-15")
    expect(live).to_contain_text("Saturday, 15 March 2025")
    receipts = page.locator("[id='receipts_item-0']")
    expect(receipts).to_contain_text("Saturday, 15 March 2025; a printed date is never moved")
    page.locator("#id_item-0-counted_days").fill("60")
    expect(receipts).to_contain_text("day 60 is Sunday, 16 March 2025")
    expect(day).to_have_value("2025-03-15")


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(writer: Page) -> None:
    page = wide(writer, "/desk/new/?kind=group")
    country = page.locator("#id_item-0-country")
    country.press_sequentially("malay")
    expect(page.locator(".picker [role=option]").first).to_contain_text("Malaysia")
    expect(country).to_have_attribute("aria-expanded", "true")
    assert violations(page) == []
    country.press("ArrowUp")
    expect(country).to_have_attribute("aria-activedescendant", re.compile("_list-"))
    country.press("Escape")
    expect(country).to_have_attribute("aria-expanded", "false")
    expect(country).to_have_value("malay")
    country.press("ArrowDown")
    page.locator(".picker [role=option]").first.click()
    expect(country).to_have_value("my")
    expect(page.locator("[id='live_item-0-country']")).to_contain_text("Malaysia")


def test_words_selected_in_the_source_become_the_quote(writer: Page) -> None:
    page = wide(writer, DATE)
    page.locator("#id_source").fill("2025-00636")
    text = page.locator("[data-takes-quote]")
    expect(text).to_contain_text("This rule is effective")
    text.evaluate(
        """pane => {
            const node = pane.firstChild, range = document.createRange();
            const at = node.data.indexOf("This rule");
            range.setStart(node, at);
            range.setEnd(node, at + "This rule is effective".length);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            pane.dispatchEvent(new MouseEvent("mouseup", {bubbles: true}));
        }"""
    )
    expect(page.locator("#id_quote")).to_have_value("This rule is effective")
    expect(page.locator("#beside mark")).to_have_text("This rule is effective")


def test_an_item_more_and_one_less_keep_what_was_typed(writer: Page) -> None:
    page = wide(writer, DATE)
    page.locator("#id_why").fill("Two at once")
    page.locator("#id_add").select_option("milestone")
    page.get_by_role("button", name="Add it").press("Enter")
    expect(page.locator("#item-1")).to_contain_text("Milestone")
    page.locator("#item-1 [name=item-1-title]").fill("A hearing")
    page.locator("#id_act-0").select_option("end")
    expect(page.locator("#id_item-0-day")).to_have_count(0)
    expect(page.locator("#item-1 [name=item-1-title]")).to_have_value("A hearing")
    page.locator("#remove-0").press("Enter")
    expect(page.locator("fieldset.item")).to_have_count(1)
    expect(page.locator("[name=item-0-title]")).to_have_value("A hearing")
    expect(page.locator("#id_why")).to_have_value("Two at once")


def test_two_windows_do_not_overwrite_each_other(writer: Page) -> None:
    page = wide(writer, DATE)
    page.locator("#id_why").fill("First")
    settled(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#id_why").fill("From the other window")
    settled(other)
    page.locator("#id_why").fill("From this window")
    expect(page.locator("#saved")).to_contain_text("has changed this since you opened it")
    page.get_by_role("button", name="Compare and save").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Two have written")
    assert violations(page) == []
    assert violations(in_the_dark_on_a_phone(page), BY_LOOK) == []
    page.get_by_role("radio", name="From this window").press("Space")
    page.get_by_role("button", name="Save what is chosen").press("Enter")
    expect(page.locator("#id_why")).to_have_value("From this window")
    other.close()


def test_without_the_script_a_change_is_written_by_buttons(
    chromium: Browser, site: str, writer: Page
) -> None:
    window = chromium.new_context(
        base_url=site, java_script_enabled=False, storage_state=writer.context.storage_state()
    )
    page = window.new_page()
    page.goto(DATE)
    page.locator("#id_source").fill("90 FR 4544")
    page.locator("#id_act-0").select_option("end")
    page.get_by_role("button", name="Show its fields").click()
    expect(page.locator("#id_item-0-day")).to_have_count(0)
    expect(page.locator("#id_source")).to_have_value("2025-00636")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messages .notice")).to_contain_text("The draft is saved.")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    window.close()
