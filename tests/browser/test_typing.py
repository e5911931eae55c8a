"""What typing, paging and the slider must not lose: a click, a date, a filter, the place."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

LISTED = "/entities/?on=2025-06-01"
SEARCHES = ["/entities/", "/rules/", "/deadlines/", "/reactions/", "/sources/"]


def parameters(address: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}


def type_name(page: Page, words: str) -> None:
    page.locator("main input[name=q]").press_sequentially(words)
    expect(page).to_have_url(re.compile(f"q={quote(words)}"))
    # The address moves before the new part is in its place.
    expect(page.locator(".htmx-request")).to_have_count(0)


@pytest.mark.parametrize("path", SEARCHES)
def test_leaving_the_search_field_asks_nothing_again(visit: Open, path: str) -> None:
    page = visit(path)
    type_name(page, "the")
    asked: list[str] = []

    def note(request: Request) -> None:
        # The browser fetches the icon whenever it pleases.
        if request.resource_type in ("document", "xhr", "fetch"):
            asked.append(request.url)

    page.on("request", note)
    page.locator("main h1").click()
    page.wait_for_timeout(400)
    assert asked == []


@pytest.mark.parametrize("path", ["/rules/", "/entities/"])
def test_a_choice_from_a_list_is_shown_at_once(visit: Open, path: str) -> None:
    page = visit(path)
    choice = page.locator("main select").first
    value = choice.locator("option").nth(1).get_attribute("value")
    assert value
    choice.select_option(value)
    expect(page).to_have_url(re.compile(rf"={re.escape(value)}"))


def test_back_to_today_in_the_banner_keeps_what_was_typed(visit: Open) -> None:
    page = visit(LISTED)
    type_name(page, "zhipu")
    page.locator(".banner").get_by_role("link", name="Back to today").click()
    expect(page.locator(".banner")).to_have_count(0)
    assert parameters(page.url) == {"q": "zhipu"}
    expect(page.locator("main input[name=q]")).to_have_value("zhipu")


def test_an_exact_search_can_be_gone_back_to_reloaded_and_cited(visit: Open) -> None:
    page = visit("/search/")
    type_name(page, "智谱")
    expect(page).to_have_title("Search: 智谱 · Earmark")
    hits = page.locator("#results a")
    expect(hits.first).to_have_text("Beijing Zhipu Huazhang Technology Co., Ltd.")
    hits.nth(1).click()
    page.locator("main h1").wait_for()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")
    page.reload()
    expect(hits.first).to_be_visible()
    permalink = page.locator("#cite-link").input_value()
    page.goto("/search/?" + urlsplit(permalink).query)
    expect(page.get_by_role("heading", level=1)).to_have_text("Search")


def test_copied_makes_room_for_the_label_again_after_two_presses(visit: Open) -> None:
    page = visit("/claims/", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_text("Cite this page").click()
    button = page.locator(".cite-page button").first
    label = button.inner_text()
    button.click()
    expect(button).to_have_text("Copied")
    button.click()
    expect(button).to_have_text(label)


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without"])
def test_the_slider_keeps_the_chosen_group(visit: Open, scripted: bool) -> None:
    page = visit("/tiers/?on=2025-05-14&group=d5-or-macau", java_script_enabled=scripted)
    slider = page.get_by_role("slider")
    slider.press("End")
    if not scripted:
        page.get_by_role("button", name="Go").click()
    expect(page).not_to_have_url(re.compile("2025-05-14"))
    assert parameters(page.url)["group"] == "d5-or-macau"
    expect(page.locator("#table summary")).to_contain_text("in one group")


def test_the_next_page_begins_at_its_top_and_keeps_the_focus(
    visit: Open, has_full_list: bool
) -> None:
    if not has_full_list:
        pytest.skip("the starting record has too few entries for a second page")
    page = visit("/entities/")
    following = page.get_by_role("link", name="Next", exact=True)
    following.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("page=2"))
    expect(page.locator("#results .cell-title a").first).to_be_in_viewport()
    expect(following).to_be_focused()


def test_the_head_of_a_column_keeps_the_focus_when_it_sorts(visit: Open) -> None:
    page = visit(LISTED)
    head = page.locator("#results thead a").first
    head.focus()
    name = head.inner_text()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("sort="))
    expect(page.locator("#results thead a:focus")).to_have_text(name)
