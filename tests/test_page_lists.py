"""Lists and their parts: htmx, facets, sorting, paging, empty states, exports, hostile names."""

import csv
import io
from datetime import date

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from entities.queries.names import held_index
from entities.views.listings import PER_PAGE
from policy.queries.incidents import open_incidents
from tests.entities.generated import address, cite, generate_listings, party, write_listings
from tests.site_map import PAGES, PARTS, Shown, content_of, shown, text_of, with_query

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

SEVERAL_HUNDRED = 400
HOSTILE = '<script>alert("x")</script> & "Söhne" <b>GmbH</b>'


@pytest.fixture(autouse=True)
def no_index_of_other_names() -> None:
    """A name index is kept by revision, which generated listings do not change."""
    held_index.cache_clear()


def open_page(client: Client, url: str, **headers: str) -> Shown:
    response = client.get(url, headers=headers)
    assert response.status_code == 200, url
    return shown(url, response)


def part_of(client: Client, name: str, url: str, *, whole_answer: bool = False) -> Shown:
    """What htmx swaps in; on request with what comes beside it, for other places."""
    answer = open_page(client, url, **{"HX-Request": "true", "HX-Target": PARTS[name]})
    if not whole_answer:
        for beside in answer.all("//*[@data-hx-swap-oob] | //head/title"):
            beside.drop_tree()
    return answer


def csv_of(client: Client, url: str) -> list[dict[str, str]]:
    text = content_of(client.get(with_query(url, format="csv"))).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def names_in(page: Shown) -> list[str]:
    return page.texts("//tbody/tr/td[@class='cell-title']/a")


# --- the part that htmx swaps in


@pytest.mark.parametrize("name", PARTS)
def test_htmx_gets_the_part_and_a_browser_the_page(client: Client, name: str) -> None:
    url = with_query(PAGES[name], on="2025-06-01")
    part, whole = part_of(client, name, url), open_page(client, url)
    assert "<html" not in part.markup
    assert "<html" in whole.markup
    assert len(part.markup) < len(whole.markup)


@pytest.mark.parametrize("name", PARTS)
def test_the_part_holds_the_same_rows_as_the_page(client: Client, name: str) -> None:
    url = with_query(PAGES[name], on="2025-06-01")
    part, whole = part_of(client, name, url), open_page(client, url)
    assert part.rows == [row for row in whole.rows if row in part.rows]
    assert part.text in text_of(whole.by_id("content"))


@pytest.mark.parametrize("name", [n for n in PARTS if n != "policy:country"])
def test_a_part_brings_the_frame_s_links_to_the_address_that_it_moves_to(
    client: Client, name: str
) -> None:
    url = with_query(PAGES[name], on="2025-06-01")
    part = part_of(client, name, url, whole_answer=True)
    whole = open_page(client, url)
    for beside in ("foot", "asof", "banner-back"):
        assert part.by_id(beside).get("data-hx-swap-oob") == "true"
        assert text_of(part.by_id(beside)) == text_of(whole.by_id(beside))
    for links in ("//footer//a/@href", "//form[@class='asof__form']//input/@value"):
        assert part.all(links) == whole.all(links)


def test_the_panel_of_a_country_leaves_the_map_s_own_address_in_the_frame(client: Client) -> None:
    part = part_of(client, "policy:country", PAGES["policy:country"], whole_answer=True)
    assert part.all("//*[@data-hx-swap-oob]") == []


def test_filters_bring_their_new_counts_and_the_chosen_order(client: Client) -> None:
    url = "/entities/?sort=-listed&year=2025"
    part = part_of(client, "entities:list", url, whole_answer=True)
    assert part.by_id("facets").get("data-hx-swap-oob") == "true"
    (order,) = part.all("//input[@name='sort'][not(ancestor::form)]")
    assert order.get("value") == "-listed"


@pytest.mark.parametrize("name", PARTS)
def test_caches_are_told_that_the_answer_depends_on_htmx(client: Client, name: str) -> None:
    for headers in ({}, {"HX-Request": "true", "HX-Target": PARTS[name]}):
        vary = client.get(PAGES[name], headers=headers)["Vary"]
        assert {"HX-Request", "HX-Target"} <= {header.strip() for header in vary.split(",")}


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"HX-Request": "true", "HX-Target": "list", "HX-History-Restore-Request": "true"},
    ],
    ids=["the body is swapped", "the history is restored"],
)
def test_htmx_gets_the_whole_page_where_it_swaps_all_of_it(
    client: Client, headers: dict[str, str]
) -> None:
    assert "<html" in open_page(client, "/rules/", **headers).markup


@pytest.mark.parametrize("name", [n for n in PARTS if n != "policy:country"])
def test_the_part_s_place_is_on_the_page_under_its_id(client: Client, name: str) -> None:
    page = open_page(client, PAGES[name])
    assert page.by_id(PARTS[name]) is not None
    targets = {e.get("data-hx-target") for e in page.all("//form[@data-hx-get]")}
    assert targets <= {f"#{PARTS[name]}", "body"}


def test_a_bad_day_is_refused_in_a_part_too(client: Client) -> None:
    response = client.get("/rules/?on=x", headers={"HX-Request": "true", "HX-Target": "list"})
    assert response.status_code == 400


# --- the Entity List


@pytest.mark.parametrize("query", ["", "?q=generated", "?q=generated&country=ru", "?sort=-listed"])
def test_the_list_costs_at_most_twelve_queries_however_long_it_is(
    client: Client, query: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    generate_listings(SEVERAL_HUNDRED)
    open_incidents()  # looked up every fifteen seconds, not for each page
    with django_assert_max_num_queries(12):
        open_page(client, f"/entities/{query}")


@pytest.mark.parametrize("count", [1, PER_PAGE, SEVERAL_HUNDRED])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for listing in generate_listings(count)[:PER_PAGE]:
        cite(listing, 90, 1)
    open_incidents()  # looked up every fifteen seconds, not for each page
    with django_assert_num_queries(8):
        open_page(client, "/entities/")


def test_an_entity_s_page_costs_the_same_with_many_names_parties_and_citations(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small, large = generate_listings(2)
    cite(small, 90, 1)
    for number in range(30):
        cite(large, 91, 100 + number, position=number)
        address(large, f"{number} Long Street")
        party(large, f"institute-{number}", f"Institute {number}", position=number)
    client.get("/entities/generated-0/")
    for slug in ("generated-0", "generated-1"):
        with django_assert_num_queries(15):
            open_page(client, f"/entities/{slug}/")


def test_pages_of_the_list_hold_every_listing_once(client: Client) -> None:
    generate_listings(SEVERAL_HUNDRED)
    found: list[str] = []
    for number in range(1, 10):
        found += names_in(open_page(client, f"/entities/?page={number}"))
    assert len(found) == len(set(found)) == SEVERAL_HUNDRED + 27
    assert found == sorted(found, key=str.casefold)


@pytest.mark.parametrize("page", ["99999", "9" * 30, "0", "-1", "x", ""])
def test_a_page_number_out_of_range_shows_a_page_all_the_same(client: Client, page: str) -> None:
    generate_listings(60)
    assert names_in(open_page(client, f"/entities/?page={page}"))


def test_paging_keeps_what_was_asked_for(client: Client) -> None:
    generate_listings(SEVERAL_HUNDRED)
    url = "/entities/?country=ru&sort=-name&on=2025-06-01"
    (following,) = open_page(client, url).all("//a[@rel='next']")
    assert following.get("href") == "?country=ru&sort=-name&on=2025-06-01&page=2"
    assert following.get("data-hx-get") == following.get("href")
    first, second = (names_in(open_page(client, f"{url}&page={n}")) for n in (1, 2))
    assert len(first) == PER_PAGE
    assert first[-1] > second[0]


@pytest.mark.parametrize("column", ["name", "destination", "listed"])
def test_a_column_sorts_one_way_and_then_the_other(client: Client, column: str) -> None:
    generate_listings(30)
    up = names_in(open_page(client, f"/entities/?sort={column}&year=2020"))
    down = names_in(open_page(client, f"/entities/?sort=-{column}&year=2020"))
    assert len(up) == 3
    assert up == down[::-1]


def test_the_sorted_column_says_so_and_offers_the_other_way(client: Client) -> None:
    page = open_page(client, "/entities/?sort=listed")
    (head,) = page.all("//th[@aria-sort]")
    assert (text_of(head), head.get("aria-sort")) == ("Listed", "ascending")
    assert head.xpath("a/@href") == ["?sort=-listed"]


@pytest.mark.parametrize("sort", ["password", "-", "name; DROP TABLE", "pk", "entity__slug"])
def test_an_unknown_column_sorts_by_name(client: Client, sort: str) -> None:
    page = open_page(client, f"/entities/?sort={sort}")
    assert names_in(page) == names_in(open_page(client, "/entities/"))


def test_an_unknown_column_leaves_a_search_in_the_order_of_likeness(client: Client) -> None:
    plain = names_in(open_page(client, "/entities/?q=zhipu"))
    assert plain
    assert names_in(open_page(client, "/entities/?q=zhipu&sort=nonsense")) == plain


def test_facets_count_what_the_list_shows(client: Client) -> None:
    generate_listings(SEVERAL_HUNDRED)
    page = open_page(client, "/entities/")
    for option in page.all("//select[@name='country']/option[@value!='']")[:4]:
        label, _, count = text_of(option).rpartition(" (")
        chosen = open_page(client, f"/entities/?country={option.get('value')}")
        (caption,) = chosen.texts("//caption")
        assert caption.startswith(f"{count.rstrip(')')} listing"), label


def test_facets_narrow_each_other(client: Client) -> None:
    generate_listings(SEVERAL_HUNDRED)
    page = open_page(client, "/entities/?country=ru&year=2015")
    assert {text_of(r).split()[-1] for r in page.all("//tbody/tr/td[2]")} == {"Russia"}
    years = page.texts("//select[@name='year']/option[@value!='']")
    assert "2015 (14)" in years


def test_a_facet_offers_what_may_be_chosen_in_place_of_its_own_choice(client: Client) -> None:
    generate_listings(SEVERAL_HUNDRED)
    everywhere = open_page(client, "/entities/").texts("//select[@name='country']/option")
    in_russia = open_page(client, "/entities/?country=ru")
    assert in_russia.texts("//select[@name='country']/option") == everywhere
    assert in_russia.texts("//select[@name='country']/option[@selected]")[0].startswith("Russia (")


def test_facets_that_contradict_each_other_give_an_empty_list_and_a_way_out(
    client: Client,
) -> None:
    page = open_page(client, "/entities/?country=ir&rule=ai-diffusion&q=zhipu&on=2025-06-01")
    assert page.rows == []
    assert "No listing found" in page.text
    assert "The list is not the law" in page.text
    (out,) = page.all("//div[@class='empty']//a")
    assert out.get("href") == "/entities/?on=2025-06-01"
    assert len(page.all("//a[@class='chip']")) == 3


@pytest.mark.parametrize(
    "query",
    ["country=zz", "year=0", "year=99999", "year=x", "policy=none", "rule=none", "citation=none"],
)
def test_a_choice_that_nothing_meets_breaks_nothing(client: Client, query: str) -> None:
    open_page(client, f"/entities/?{query}")


def test_a_chip_takes_back_one_choice_and_keeps_the_rest(client: Client) -> None:
    page = open_page(client, "/entities/?country=cn&year=2025&on=2025-06-01&page=2")
    chips = {text_of(chip): chip.get("href") for chip in page.all("//a[@class='chip']")}
    assert chips == {
        "Destination: CN ×": "?year=2025&on=2025-06-01",
        "Listed in: 2025 ×": "?country=cn&on=2025-06-01",
    }


def test_a_citation_narrows_the_list_to_the_entries_that_cite_it(client: Client) -> None:
    rows = open_page(client, "/entities/?citation=90+FR+4619").rows
    assert len(rows) == 11
    assert len(open_page(client, "/entities/?citation=90+FR+4622").rows) == 16


def test_a_rule_narrows_the_list_to_what_it_listed(client: Client) -> None:
    assert len(open_page(client, "/entities/?rule=entity-list-2025-01-16-zhipu").rows) == 11


# --- comparing two days


def test_two_days_are_compared_in_either_order(client: Client) -> None:
    forth = open_page(client, "/entities/compare/?from=2025-01-15&to=2025-01-16")
    back = open_page(client, "/entities/compare/?from=2025-01-16&to=2025-01-15")
    assert forth.texts("//h2[starts-with(text(), 'Added')]") == ["Added 27"]
    assert forth.by_id("results").text_content() == back.by_id("results").text_content()


def test_a_day_that_cannot_be_compared_is_answered_with_a_sentence(client: Client) -> None:
    page = open_page(client, "/entities/compare/?from=tomorrow&to=2025-01-16")
    assert "“tomorrow” in from is not a day; write it as 2025-05-14" in page.text
    assert page.texts("//h2[starts-with(text(), 'Added')]") == ["Added 0"]


@pytest.mark.parametrize("query", ["to=0001-01-01", "to=2024-02-29", "from=9999-12-31"])
def test_the_year_before_any_day_can_be_compared(client: Client, query: str) -> None:
    open_page(client, f"/entities/compare/?{query}")


def test_what_ended_and_what_was_reworded_are_told_apart(client: Client) -> None:
    start, end = date(2020, 1, 1), date(2021, 1, 1)
    common = {"country_id": "ru", "destination": "RUSSIA"}
    write_listings(
        [
            {"slug": "gone", "name": "Gone", "valid_from": start, "valid_until": end} | common,
            {"slug": "anew", "name": "Anew", "valid_from": start, "valid_until": end, "digest": "a"}
            | common,
            {"slug": "anew", "name": "Anew II", "valid_from": end, "digest": "b"} | common,
            {"slug": "same", "name": "Same", "valid_from": start, "digest": "c"} | common,
        ]
    )
    rows = csv_of(client, "/entities/compare/?from=2020-06-01&to=2021-06-01")
    assert {(row["change"], row["name"]) for row in rows} == {
        ("ended", "Gone"),
        ("reworded", "Anew II"),
    }


# --- filters and empty states of the other lists


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("/rules/?q=no+such+words", "No rule matches"),
        ("/reactions/?q=no+such+body", "No statement matches"),
        ("/claims/?verdict=true&on=2024-01-01", "No claim matches"),
        ("/sections/999.99/", "No provision recorded"),
        ("/entities/?q=qqqqzzzzxxxx", "No listing found"),
        ("/search/?q=qqqqzzzzxxxx", "Nothing found for “qqqqzzzzxxxx”"),
    ],
)
def test_an_empty_list_says_so(client: Client, url: str, title: str) -> None:
    page = open_page(client, url)
    assert page.texts("//p[@class='empty__title']") == [title]


@pytest.mark.parametrize(
    ("url", "count"),
    [
        ("/rules/?q=2025-00636", 1),
        ("/rules/?q=0694-AJ90", 1),
        ("/rules/?q=DIFFUSION+framework", 1),
        ("/deadlines/?q=BIS-2025-0001&kind=comment", 1),
        ("/deadlines/?when=ahead&kind=application&on=2026-06-01", 1),
    ],
)
def test_a_list_is_narrowed_by_words_and_numbers(client: Client, url: str, count: int) -> None:
    assert len(open_page(client, url).rows) == count


@pytest.mark.parametrize("path", ["/rules/", "/deadlines/", "/reactions/", "/claims/", "/sources/"])
def test_a_filter_with_an_unknown_value_breaks_nothing(client: Client, path: str) -> None:
    open_page(client, f"{path}?kind=x&verdict=x&stance=x&rule=x&when=x&page=x&group=x")


def test_reactions_are_narrowed_by_stance_rule_and_kind(client: Client) -> None:
    rows = csv_of(client, "/reactions/?stance=opposes&rule=ai-diffusion&kind=company")
    assert {row["stance"] for row in rows} == {"Opposes"}
    assert {"Nvidia", "Oracle"} <= {row["organisation"] for row in rows}


# --- exports


@pytest.mark.parametrize("name", PAGES)
def test_every_row_of_an_export_holds_its_point_in_both_times(client: Client, name: str) -> None:
    rows = csv_of(client, with_query(PAGES[name], on="2025-06-01", known="2026-10-15"))
    assert {(row["on"], row["known"]) for row in rows} <= {
        ("2025-06-01", "2026-10-15T23:59:59.999999-04:00")
    }


def test_an_export_of_today_is_pinned_to_the_newest_revision(client: Client) -> None:
    rows = csv_of(client, "/claims/")
    assert {row["known"] for row in rows} == {"2026-10-01T12:00:00+00:00"}


def test_the_export_of_the_list_holds_every_page(client: Client) -> None:
    generate_listings(SEVERAL_HUNDRED)
    assert len(csv_of(client, "/entities/?sort=name")) == SEVERAL_HUNDRED + 27
    assert len(csv_of(client, "/entities/?country=ir")) == 133


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_that_is_a_formula_does_not_run_in_a_spreadsheet(client: Client, start: str) -> None:
    name = f'{start}HYPERLINK("http://evil.example","x")'
    generate_listings(1, name=name)
    (row,) = [r for r in csv_of(client, "/entities/") if r["entity"] == "generated-0"]
    assert row["name"] == f"'{name}"


@pytest.mark.parametrize("name", ["policy:rules", "policy:claims", "policy:tiers"])
def test_an_export_has_as_many_rows_as_the_page(client: Client, name: str) -> None:
    page = open_page(client, with_query(PAGES[name], on="2025-06-01"))
    shown_rows = page.rows or page.all("//li[@class='statement']")
    assert len(csv_of(client, with_query(PAGES[name], on="2025-06-01"))) == len(shown_rows)


# --- names that are markup


@pytest.mark.parametrize(
    "url", ["/entities/", "/entities/generated-0/", "/entities/compare/?from=2010-01-01"]
)
def test_a_name_that_is_markup_is_shown_as_its_letters(client: Client, url: str) -> None:
    (listing,) = generate_listings(1, name=HOSTILE, review_policy=HOSTILE)
    address(listing, HOSTILE)
    party(listing, "hostile-party", HOSTILE)
    page = open_page(client, url)
    assert "<script>alert" not in page.markup
    assert HOSTILE in page.text


def test_a_published_row_that_is_markup_runs_nothing(client: Client) -> None:
    raw = {"entity": f'Works<br/><script>alert(1)</script><E T="03">and</E> {HOSTILE}'}
    generate_listings(1, raw=raw)
    page = open_page(client, "/entities/generated-0/")
    assert "<script>alert" not in page.markup
    assert page.all("//section[@id='published']//script") == []
    assert page.texts("//section[@id='published']//dd//em") == ["and"]


@pytest.mark.parametrize("path", ["/search/", "/entities/", "/rules/", "/deadlines/", "/sources/"])
def test_a_search_that_is_markup_is_shown_as_its_letters(client: Client, path: str) -> None:
    page = open_page(client, path + "?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert(1)" not in page.markup
    assert '"><script>alert(1)</script>' in {f.get("value") for f in page.all("//input[@name='q']")}
