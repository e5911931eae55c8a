"""What stands around every page: skip link, search box, theme, day, citation, sources, keyboard."""

import re
from html import unescape
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

DAY = "on=2025-05-14"
PAST = f"{DAY}&known=2026-10-15"
AS_OF, AS_KNOWN = "as of 14 May 2025", "as known on 15 October 2026"
LEAVE_TO_COPY = ["clipboard-read", "clipboard-write"]
CLIPBOARD = "navigator.clipboard.readText()"
BOX = "#site-search"
# How the element with focus is marked, and where it is on the screen.
FOCUS = """() => {
    const element = document.activeElement, style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        place: ["nav", ".site-search", ".theme", ".asof", ".banner", "main", ".foot"]
            .find(place => element.closest(place)) || element.className,
        date: element.type === "date",
        ring: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        seen: box.height < 2 || (!!hit && (element.contains(hit) || hit.contains(element))),
    };
}"""
# Each cell of a table: its row, its label, and its box.
CELLS = """() => [...document.querySelectorAll("main table tbody tr")].flatMap((row, number) =>
    [...row.cells].filter(cell => cell.getClientRects().length).map(cell => {
        const box = cell.getBoundingClientRect();
        return {
            row: number, left: box.left, right: box.right, top: box.top, bottom: box.bottom,
            title: cell.classList.contains("cell-title"),
            label: getComputedStyle(cell, "::before").content,
        };
    }))"""


def path_and_query(address: str) -> str:
    """An address without its host: permalinks name the public one."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))


# --- skip link and shortcut


def test_the_skip_link_shows_itself_and_moves_the_focus_to_the_content(visit: Open) -> None:
    page = visit("/claims/")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)


def test_a_slash_moves_to_the_search_box_and_is_a_letter_inside_it(visit: Open) -> None:
    page = visit("/claims/")
    box = page.locator(BOX)
    page.keyboard.press("Control+/")
    expect(box).not_to_be_focused()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    expect(box).to_have_value("")
    page.keyboard.type("90/4544")
    expect(box).to_have_value("90/4544")


def test_the_slash_can_be_switched_off_and_stays_off_on_the_next_page(visit: Open) -> None:
    page = visit("/claims/")
    box, hint = page.locator(BOX), page.locator(".site-search kbd")
    expect(hint).to_be_visible()
    page.get_by_role("button", name="Turn off the “/” shortcut").click()
    expect(hint).to_be_hidden()
    page.goto("/rules/")
    page.keyboard.press("/")
    expect(box).not_to_be_focused()
    page.get_by_role("button", name="Turn on the “/” shortcut").click()
    page.keyboard.press("/")
    expect(box).to_be_focused()


# --- theme


def test_a_chosen_theme_shows_at_once_and_on_the_next_page(visit: Open) -> None:
    page = visit("/claims/", color_scheme="dark")
    toggle = page.get_by_role("button", name="Colour theme")
    expect(toggle).to_contain_text("automatic")
    automatic = ground(page)
    toggle.click()
    expect(toggle).to_contain_text("light")
    light = ground(page)
    assert light != automatic
    page.goto("/rules/")
    expect(toggle).to_contain_text("light")
    assert ground(page) == light
    for name in ("dark", "automatic"):
        toggle.click()
        expect(toggle).to_contain_text(name)
        assert ground(page) == automatic


# --- citation


def test_a_copied_citation_names_both_times_and_its_link_shows_the_same_page(visit: Open) -> None:
    page = visit(f"/rules/?q=diffusion&{PAST}", permissions=LEAVE_TO_COPY)
    rows = page.locator("main tbody tr").all_inner_texts()
    page.get_by_text("Cite this page").click()
    buttons = page.locator(".cite-page button")
    buttons.first.click()
    expect(buttons.first).to_have_text("Copied")
    citation = page.evaluate(CLIPBOARD)
    assert citation.startswith(f"Earmark, record {AS_OF}, as known ")
    buttons.last.click()
    expect(buttons.last).to_have_text("Copied")
    permalink = page.evaluate(CLIPBOARD)
    assert citation.endswith(permalink)
    assert parse_qs(urlsplit(permalink).query).keys() == {"q", "on", "known"}
    page.goto(path_and_query(permalink))
    expect(page.locator(".banner")).to_contain_text(AS_OF)
    assert page.locator("main tbody tr").all_inner_texts() == rows


def test_where_copying_is_refused_the_text_is_selected_for_the_keyboard(visit: Open) -> None:
    page = visit("/claims/")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_text("Cite this page").click()
    page.get_by_role("button", name="Copy permalink").click()
    expect(page.locator(".cite-page button").last).to_have_text(re.compile("Selected: copy it"))
    field = page.get_by_label("Permalink")
    expect(field).to_be_focused()
    assert page.evaluate("getSelection().toString()") == field.input_value()


# --- the day that is read


def test_the_banner_says_which_record_is_read_and_stays_while_scrolling(visit: Open) -> None:
    page = visit(f"/deadlines/?{PAST}")
    banner = page.locator(".banner")
    expect(banner).to_contain_text(f"{AS_OF}, {AS_KNOWN}")
    expect(banner.get_by_role("link", name="Back to today")).to_be_visible()
    page.mouse.wheel(0, 20_000)
    expect(page.locator(".masthead")).not_to_be_in_viewport()
    expect(banner).to_be_in_viewport(ratio=1)
    box = banner.bounding_box()
    assert box
    assert box["y"] == pytest.approx(0, abs=1)


def test_back_to_today_keeps_the_page_and_its_filters_and_takes_the_banner_off(
    visit: Open,
) -> None:
    page = visit(f"/deadlines/?q=diffusion&kind=comment&{PAST}")
    page.locator(".banner").get_by_role("link", name="Back to today").click()
    expect(page).to_have_url(re.compile(r"/deadlines/\?q=diffusion&kind=comment$"))
    expect(page.locator(".banner")).to_have_count(0)
    expect(page.locator(".asof__note")).to_contain_text("Today, 23 November 2026, as known now")
    expect(page.locator("main").get_by_label("Kind")).to_have_value("comment")
    expect(page.locator(".nav a[href*='on=']")).to_have_count(0)


def test_both_times_survive_from_page_to_page_of_the_navigation(visit: Open) -> None:
    page = visit(f"/claims/?{PAST}")
    links = page.locator(".nav a")
    query = urlsplit(str(links.first.get_attribute("href"))).query
    assert parse_qs(query)["on"] == ["2025-05-14"]
    for label in ("Tier map", "Entity List", "Home"):
        page.locator(".nav").get_by_role("link", name=label).click()
        expect(page.locator(".nav [aria-current=page]")).to_have_text(label)
        expect(page).to_have_url(re.compile(re.escape(f"/?{query}") + "$"))
        expect(page.locator(".banner")).to_contain_text(f"{AS_OF}, {AS_KNOWN}")
        expect(page.locator(f".nav a[href$='/?{query}']")).to_have_count(links.count())


# --- sources and receipts


def test_every_source_that_a_page_cites_opens_under_its_title(visit: Open) -> None:
    page = visit(f"/rules/ai-diffusion/?{DAY}")
    cited: dict[str, str] = page.locator("main a.cite").evaluate_all(
        "chips => Object.fromEntries(chips.map(c => [c.getAttribute('href'), c.title]))"
    )
    assert len(cited) > 10
    for href, title in cited.items():
        assert DAY in href
        answer = page.request.get(href)
        assert answer.status == 200, href
        heading = re.search(r"<h1>(.*?)</h1>", answer.text(), re.DOTALL)
        assert heading, href
        assert unescape(heading[1]).strip() == title


def test_a_citation_opens_its_source_and_the_source_opens_the_original(visit: Open) -> None:
    page = visit(f"/claims/?{DAY}")
    chip = page.locator("a.cite", has_text="90 FR 4544").first
    title, original = chip.get_attribute("title"), chip.get_attribute("data-print")
    chip.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(str(title))
    expect(page.locator(".banner")).to_contain_text(AS_OF)
    expect(page.locator(f'main a[href="{original}"]').first).to_be_visible()


def test_a_date_opens_its_receipt(visit: Open) -> None:
    page = visit("/deadlines/?q=diffusion&on=2025-05-01")
    date = page.locator("a.date").first
    printed, what = date.inner_text(), page.locator("main .cell-title").first.inner_text()
    date.click()
    expect(page.get_by_role("heading", name="Receipt")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(what.splitlines()[0])
    expect(page.locator(".receipt__due").first).to_contain_text(printed)
    expect(page.locator("#history .row", has_text="governs")).to_contain_text(printed)
    expect(page.locator(".receipt a.cite, #history a.cite").first).to_be_visible()


# --- narrow screens


def test_on_a_phone_each_row_of_a_table_is_a_card_with_labels(visit: Open) -> None:
    page = visit("/entities/?q=zhipu", width=390)
    check_cards(page)
    for path in ("/rules/", "/deadlines/"):
        page.goto(path)
        check_cards(page)


def check_cards(page: Page) -> None:
    """Every row has its title on top, and below it one labelled value under the other."""
    cells = page.evaluate(CELLS)
    rows = {cell["row"] for cell in cells}
    assert len(cells) > 2 * len(rows) > 0
    for number in rows:
        card = sorted((c for c in cells if c["row"] == number), key=lambda cell: cell["top"])
        assert [cell["title"] for cell in card] == [True] + [False] * (len(card) - 1)
        assert all(cell["label"].strip('"') not in ("", "none") for cell in card[1:])
        assert all(cell["left"] >= 0 and cell["right"] <= 390 for cell in card)
        for above, below in pairwise(card):
            assert below["top"] >= above["bottom"] - 1


# --- keyboard


def test_the_keyboard_alone_reaches_every_part_and_shows_where_it_is(visit: Open) -> None:
    page = visit(f"/claims/?{DAY}")
    places: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        # A date field has stops of its own for day, month, year and calendar.
        assert focus["ring"] >= 2 or focus["date"], focus
        if focus["place"] not in places:
            places.append(focus["place"])
        if focus["place"] == "main":
            break
    head = ["skip", "brand", "nav", ".site-search", "account", ".theme"]
    assert places == [*head, ".asof", ".banner", "main"]


def test_the_banner_never_covers_what_has_the_focus(visit: Open) -> None:
    page = visit(f"/deadlines/?{DAY}")
    page.locator("main a").last.focus()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        focus = page.evaluate(FOCUS)
        assert focus["seen"], page.evaluate("document.activeElement.outerHTML")
        assert focus["place"] == "main"


def test_the_keyboard_alone_searches_the_record(visit: Open) -> None:
    page = visit(f"/claims/?{DAY}")
    page.keyboard.press("/")
    page.keyboard.type("chips")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/search/\?q=chips&{DAY}$"))
    expect(page.locator("#results li").first).to_be_visible()
    expect(page.locator(BOX)).to_have_value("chips")
    page.locator("#results a").first.press("Enter")
    expect(page.locator("#results")).to_have_count(0)
    expect(page.locator(".banner")).to_contain_text(AS_OF)
