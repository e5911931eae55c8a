"""What readers come for, from the first key to the answer; with script and, alike, without."""

import csv
import io
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.site_map import ZHIPU

pytestmark = pytest.mark.browser
both_ways = pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without"])

KNOWN = "known=2026-10-15"
AS_KNOWN = "as known on 15 October 2026"
ZHIPU_NAME = "Beijing Zhipu Huazhang Technology Co., Ltd."
ZHIPU_ENTRIES = 7


def asked(page: Page) -> dict[str, str]:
    """What the page's address asks for; empty fields of a form ask for nothing."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


def names(page: Page) -> Locator:
    return page.locator("#results .cell-title a")


def shape(page: Page, country: str) -> Locator:
    return page.locator("a.map__country", has_text=re.compile(f"^{country}: "))


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


# --- searching


@pytest.mark.parametrize("path", ["/entities/", "/search/"])
def test_typing_swaps_the_results_and_back_and_forward_restore_them(visit: Open, path: str) -> None:
    page = visit(f"{path}?on=2025-01-16")
    box, results = page.locator("main input[name=q]"), page.locator("#results")
    before = results.inner_text()
    heading(page).evaluate("element => element.dataset.seen = 'yes'")
    box.focus()
    page.keyboard.insert_text("zhipu")
    expect(results.locator("a", has_text="Shenzhen Zhipu Future")).to_be_visible()
    expect(page).to_have_url(re.compile("q=zhipu"))
    expect(box).to_be_focused()
    expect(heading(page)).to_have_attribute("data-seen", "yes")
    assert asked(page).items() >= {"q": "zhipu", "on": "2025-01-16"}.items()
    found = results.inner_text()
    page.go_back()
    expect(box).to_have_value("")
    expect(results).to_have_text(before, use_inner_text=True)
    assert asked(page) == {"on": "2025-01-16"}
    # Going back loaded the page anew; before its scripts run, nobody hears of a step forward.
    page.wait_for_load_state("load")
    page.go_forward()
    expect(box).to_have_value("zhipu")
    expect(results).to_have_text(found, use_inner_text=True)


@both_ways
def test_a_search_of_everything_finds_the_same(visit: Open, scripted: bool) -> None:
    page = visit("/search/?on=2025-01-16", java_script_enabled=scripted)
    page.locator("main input[name=q]").fill("zhipu")
    if not scripted:
        page.locator("main").get_by_role("button", name="Search").click()
    kinds = page.locator("#results .results__kind")
    expect(kinds.filter(has_text="Listed party").first).to_be_visible()
    expect(kinds.filter(has_text="Organisation")).to_have_count(1)
    expect(kinds.filter(has_text="Rule").first).to_be_visible()
    first = page.locator("#results a").first
    expect(first).to_have_attribute("href", f"/entities/{ZHIPU}/?on=2025-01-16")


def test_zhipu_by_its_chinese_name_in_the_head_opens_its_page(visit: Open) -> None:
    page = visit("/claims/?on=2025-01-16")
    page.get_by_label("Search the record").fill("智谱")
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text(ZHIPU_NAME)
    expect(page.locator(".page-head")).to_contain_text("under China since 16 January 2025")
    expect(page.locator(".banner")).to_contain_text("as of 16 January 2025")


@both_ways
def test_the_zhipu_entries_are_listed_on_the_16th_and_not_on_the_15th(
    visit: Open, scripted: bool
) -> None:
    page = visit("/entities/?on=2025-01-16", java_script_enabled=scripted)
    box = page.get_by_label("Name, alias or number")
    box.fill("智谱")
    if not scripted:
        page.locator("main").get_by_role("button", name="Search").click()
    expect(names(page)).to_have_count(ZHIPU_ENTRIES)
    expect(names(page).filter(has_text="Zhipu")).to_have_count(ZHIPU_ENTRIES)
    expect(names(page).first).to_have_text(ZHIPU_NAME)
    # Leaving a field asks once more; the form of the two times has to hold what was typed.
    box.blur()
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.get_by_label("As of", exact=True).fill("2025-01-15")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".banner")).to_contain_text("as of 15 January 2025")
    assert asked(page) == {"q": "智谱", "on": "2025-01-15"}
    expect(names(page).filter(has_text="Zhipu")).to_have_count(0)


def test_a_party_s_page_says_from_which_day_it_is_listed_and_leads_there(visit: Open) -> None:
    page = visit(f"/entities/{ZHIPU}/?on=2025-01-15&{KNOWN}")
    expect(page.locator(".page-head")).to_contain_text("Not listed on this day")
    page.locator(".page-head").get_by_role("link", name="16 January 2025").click()
    expect(page.locator(".page-head .badge")).to_have_text("Listed")
    expect(page.locator(".banner")).to_contain_text(f"as of 16 January 2025, {AS_KNOWN}")


def test_the_export_and_the_permalink_follow_what_was_typed(visit: Open) -> None:
    page = visit("/entities/?on=2025-01-16")
    page.get_by_label("Name, alias or number").fill("智谱")
    expect(names(page)).to_have_count(ZHIPU_ENTRIES)
    address = page.get_by_role("link", name="Export CSV").evaluate("link => link.href")
    exported = page.request.get(address).text().removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert sorted(row["name"] for row in rows) == sorted(names(page).all_inner_texts())
    permalink = page.get_by_role("link", name="Permalink").get_attribute("href")
    assert parse_qs(urlsplit(str(permalink)).query)["q"] == ["智谱"]


# --- narrowing, sorting, paging


@both_ways
def test_facets_narrow_to_their_counts_and_keep_both_times(visit: Open, scripted: bool) -> None:
    page = visit(f"/entities/?on=2025-06-01&{KNOWN}", java_script_enabled=scripted)
    for label, value, chip in (("Destination", "cn", "CN"), ("Year of listing", "2025", "2025")):
        facet = page.get_by_label(label, exact=True)
        option = facet.locator(f"option[value='{value}']").text_content()
        counted = re.search(r"\(([\d,]+)\)", str(option))
        assert counted
        facet.focus()
        facet.select_option(value)
        if scripted:
            expect(page.locator(".chip").last).to_contain_text(chip)
            expect(facet).to_be_focused()
        else:
            page.locator("main").get_by_role("button", name="Search").click()
        expect(page.locator("caption")).to_have_text(
            f"{counted[1]} listings in force on 1 June 2025"
        )
        expect(facet).to_have_value(value)
    page.get_by_role("link", name="Remove Destination CN").click()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.get_by_label("Year of listing")).to_have_value("2025")
    expect(page.locator(".banner")).to_contain_text(f"as of 1 June 2025, {AS_KNOWN}")


@both_ways
def test_sorting_and_paging_keep_the_filters_and_the_day(
    visit: Open, scripted: bool, has_full_list: bool
) -> None:
    if not has_full_list:
        pytest.skip("the starting record has too few entries for a second page")
    page = visit("/entities/?on=2025-06-01&country=cn", java_script_enabled=scripted)
    page.locator("thead").get_by_role("link", name="Name").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Name")
    first = names(page).all_inner_texts()
    page.get_by_role("link", name="Next").click()
    expect(page.locator(".pages")).to_contain_text("51–100 of")
    seen = [name.casefold() for name in first + names(page).all_inner_texts()]
    assert len(seen) == 100
    assert all(above >= below for above, below in pairwise(seen))
    expect(page.locator("#results td[data-label=Destination]").first).to_have_text("China")
    page.get_by_label("Year of listing").select_option("2024")
    if not scripted:
        page.locator("main").get_by_role("button", name="Search").click()
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".pages")).to_contain_text("1–50 of")
    expect(page).to_have_url(re.compile("year=2024"))
    kept = {"on": "2025-06-01", "country": "cn", "year": "2024", "sort": "-name"}
    assert asked(page) == kept


@both_ways
def test_a_filter_leaves_only_what_it_names(visit: Open, scripted: bool) -> None:
    page = visit("/claims/?on=2025-06-14", java_script_enabled=scripted)
    badges = page.locator("#list .statement .badge")
    count = badges.filter(has_text=re.compile(r"^\s*False\s*$")).count()
    assert 0 < count < badges.count()
    page.get_by_label("Verdict").select_option("false")
    if not scripted:
        page.get_by_role("button", name="Show").click()
    expect(badges).to_have_text(["False"] * count)
    expect(page).to_have_url(re.compile("verdict=false"))
    assert asked(page) == {"verdict": "false", "on": "2025-06-14"}


# --- the map


@both_ways
def test_the_slider_moves_map_banner_and_links_and_back_restores_them(
    visit: Open, scripted: bool
) -> None:
    page = visit(f"/tiers/?on=2025-05-14&{KNOWN}", java_script_enabled=scripted)
    slider, cambodia = page.get_by_label("Day", exact=True), shape(page, "Cambodia")
    expect(cambodia).to_have_class(re.compile("group-d5-or-macau"))
    slider.press("End")
    if scripted:
        expect(page.locator("output")).not_to_have_text("14 May 2025")
        expect(slider).to_be_focused()
    else:
        page.get_by_role("button", name="Go").click()
    expect(cambodia).to_have_class(re.compile("group-everyone-else"))
    day = page.locator("output").inner_text()
    expect(page.locator(".banner")).to_contain_text(f"as of {day}, {AS_KNOWN}")
    expect(page.locator(".lede")).to_contain_text(day)
    expect(page).not_to_have_url(re.compile("on=2025-05-14"))
    rules = page.locator(".nav").get_by_role("link", name="Rules")
    expect(rules).to_have_attribute("href", re.compile(f"on={asked(page)['on']}&known=2026-10-15"))
    page.go_back()
    expect(cambodia).to_have_class(re.compile("group-d5-or-macau"))
    expect(page.locator(".banner")).to_contain_text(f"as of 14 May 2025, {AS_KNOWN}")


@both_ways
def test_cambodia_leaves_country_group_d5_on_4_february_2026(visit: Open, scripted: bool) -> None:
    page = visit("/tiers/?on=2026-02-03", java_script_enabled=scripted)
    expect(shape(page, "Cambodia")).to_have_class(re.compile("group-d5-or-macau"))
    page.locator(".slider").get_by_role("link", name="4 February 2026").click()
    expect(shape(page, "Cambodia")).to_have_class(re.compile("group-everyone-else"))
    shape(page, "Cambodia").click()
    panel = page.locator(".panel")
    expect(panel).to_contain_text("Cambodia on 4 February 2026")
    expect(panel).to_contain_text("Not in Country Group D:5")
    page.goto("/tiers/kh/?on=2026-02-03")
    expect(panel).to_contain_text("Cambodia on 3 February 2026")
    expect(panel).to_contain_text("In Country Group D:5 since 9 December 2021")


def test_a_click_or_enter_on_a_country_opens_its_panel_beside_the_map(visit: Open) -> None:
    page = visit(f"/tiers/?on=2025-05-14&{KNOWN}")
    panel = page.locator("#panel")
    shape(page, "Mongolia").click()
    expect(panel.get_by_role("heading")).to_have_text("Mongolia on 14 May 2025")
    shape(page, "Brazil").press("Enter")
    expect(panel.get_by_role("heading")).to_have_text("Brazil on 14 May 2025")
    assert asked(page) == {"on": "2025-05-14", "known": "2026-10-15"}
    expect(shape(page, "Brazil")).to_be_visible()
    panel.get_by_role("link", name="Brazil", exact=True).click()
    expect(heading(page)).to_have_text("Brazil")
    expect(page.locator(".banner")).to_contain_text(f"as of 14 May 2025, {AS_KNOWN}")


# --- deadlines and mail


def test_a_rule_s_comment_date_leads_to_the_receipt_with_its_count(visit: Open) -> None:
    page = visit("/rules/ai-diffusion/?on=2025-05-01")
    page.locator("#deadline-ai-diffusion-comment").get_by_role("link", name="15 May 2025").click()
    expect(page.locator(".lede")).to_contain_text("14 days left")
    printed, counted = page.locator(".receipt").first, page.locator(".receipt").last
    expect(printed).to_contain_text("The document names the day")
    expect(printed.locator(".receipt__foot")).to_contain_text("16 May 2025, 03:59:59")
    for step in ("Published 15 January 2025", "Day 1 16 January 2025", "Day 120 15 May 2025"):
        expect(counted.get_by_role("listitem").filter(has_text=step)).to_have_count(1)
    expect(counted.locator(".receipt__due")).to_contain_text("received by 23:59:59 Eastern")


def test_a_mistyped_address_is_explained_beside_its_field_and_nothing_is_lost(
    visit: Open,
) -> None:
    page = visit("/deadlines/")
    page.get_by_role("link", name="Get deadline e-mails").click()
    field, send = (
        page.get_by_label("Your e-mail address"),
        page.locator("main form .button--primary"),
    )
    send.click()
    expect(field).to_have_accessible_description(re.compile("Please enter the address"))
    field.fill("reader@nowhere")
    page.get_by_label("30 days before").uncheck()
    send.click()
    expect(field).to_have_accessible_description(re.compile("does not look like an e-mail address"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("reader@nowhere")
    expect(page.get_by_label("30 days before")).not_to_be_checked()
    expect(page.get_by_label("14 days before")).to_be_checked()


# --- pictures


@pytest.mark.parametrize(
    ("file", "path", "title"),
    [
        ("home.png", "/", "US export control of AI, on 23 November 2026"),
        ("tiers.png", "/tiers/?on=2025-05-14", "Tier map"),
    ],
)
def test_the_pages_of_the_readme_show_what_it_says(
    visit: Open, pictures: Path | None, file: str, path: str, title: str
) -> None:
    page = visit(path, color_scheme="light")
    expect(heading(page)).to_have_text(title)
    expect(heading(page)).to_be_in_viewport()
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=pictures / file)
