"""What every page of the site owes its reader, whatever it is about."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from policy.context import NAVIGATION
from policy.queries.incidents import open_incidents
from tests.site_map import (
    NOT_THERE,
    PAGES,
    Shown,
    content_of,
    query_of,
    shown,
    url_names,
    with_query,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

every_page = pytest.mark.parametrize("url", PAGES.values(), ids=PAGES)
# Queries that a page may cost; what is found in several thousand rows costs no more.
BUDGETS = {
    "policy:home": 11,
    "policy:search": 16,
    "policy:rules": 9,
    "policy:rule": 18,
    "policy:document": 14,
    "policy:documents": 6,
    "policy:docket": 10,
    "policy:questions": 6,
    "policy:section": 7,
    "policy:deadlines": 4,
    "policy:deadline": 7,
    "policy:tiers": 11,
    "policy:country": 11,
    "policy:reactions": 6,
    "policy:organization": 7,
    "policy:claims": 4,
    "policy:sources": 13,
    "policy:source": 34,
    "policy:history": 5,
    "policy:history-fact": 6,
    "policy:history-revision": 14,
    "policy:history-changes": 5,
    "policy:dossier-rule": 18,
    "dossiers:entity": 14,
    "entities:list": 12,
    "entities:compare": 6,
    "entities:entity": 16,
    "lists:lists": 6,
    "lists:cross_check": 8,
}


@cache
def open_page(url: str, status: int = 200) -> Shown:
    """A page, fetched once: the record and the clock stand still while these tests run."""
    response = Client().get(url)
    assert response.status_code == status, (url, response.status_code)
    return shown(url, response)


@pytest.fixture(scope="module", autouse=True)
def forget_pages() -> Iterator[None]:
    open_page.cache_clear()
    yield
    open_page.cache_clear()


def test_every_route_has_an_example_or_belongs_to_the_mail_or_the_api() -> None:
    # The starting record holds no screening list: tests/entities/screening opens an entry.
    others = (
        *("api-1:", "policy:subscri", "policy:unsubscribe", "lists:entry"),
        # Of the running site and its staff: tests/policy/test_health.py, test_staff_pages.py.
        *("policy:health", "policy:staff-"),
        # tests/policy/desk
        "policy:desk",
        # tests/policy/feeds
        *("policy:calendar", "policy:feed"),
        # What one person did is for the desk: tests/policy/history.
        "policy:history-person",
        # tests/entities/desk
        "entities:split",
        # Of accounts: tests/policy/accounts.
        *("policy:account", "policy:second-factor", "policy:people", "policy:person"),
        *("account_", "mfa_", "openid_", "socialaccount_"),
    )
    uncovered = {name for name in url_names() if name not in PAGES and not name.startswith(others)}
    assert uncovered == set()


def test_every_page_has_a_budget_of_queries() -> None:
    assert BUDGETS.keys() == PAGES.keys()


@every_page
def test_a_page_has_a_title_and_one_heading(url: str) -> None:
    page = open_page(url)
    (title,) = page.texts("//head/title")
    (heading,) = page.texts("//h1")
    assert title.endswith("· Earmark")
    assert title != "The record · Earmark"
    assert heading


def test_no_two_pages_share_a_title() -> None:
    titles = Counter(open_page(url).texts("//head/title")[0] for url in PAGES.values())
    assert [title for title, times in titles.items() if times > 1] == []


@every_page
def test_a_page_says_that_it_is_no_legal_advice(url: str) -> None:
    assert "Not legal advice." in open_page(url).text


@every_page
def test_an_error_can_be_reported_with_the_address_of_what_was_read(url: str) -> None:
    (mailto,) = open_page(url).all("//a[starts-with(@href, 'mailto:')]")
    assert mailto.text_content() == "Report an error"
    assert urlsplit(url).path in unquote(str(mailto.get("href")))


@every_page
def test_a_page_can_be_cited_with_its_point_in_both_times(url: str, settings: Settings) -> None:
    page = open_page(with_query(url, on="2025-05-14", known="2026-10-15"))
    citation = str(page.by_id("cite-text").text_content())
    assert "as of 14 May 2025, as known 15 October 2026" in citation
    assert citation.endswith(str(page.by_id("cite-link").get("value")))
    assert f"{settings.SITE_URL}{urlsplit(url).path}" in citation


@every_page
def test_the_permalink_of_today_gives_the_same_page_again(url: str) -> None:
    page = open_page(url)
    permalink = str(page.by_id("cite-link").get("value"))
    query = query_of(permalink)
    assert query["on"] == ["2026-11-23"]
    assert query["known"] == ["2026-10-01T12:00:00+00:00"]
    parts = urlsplit(permalink)
    again = open_page(f"{parts.path}?{parts.query}")
    assert again.texts("//h1") == page.texts("//h1")
    assert without_known(again.main) == without_known(page.main)


def without_known(text: str) -> str:
    """Home counts its week of changes from the known moment, and says so in one sentence."""
    return re.sub(r"Changed this week .*? Latest in the law", "", text)


@every_page
def test_a_page_is_exported_as_it_stands(client: Client, url: str) -> None:
    page = open_page(with_query(url, on="2025-05-14", known="2026-10-15"))
    (export,) = page.all("//a[text()='Export CSV']")
    query = query_of(str(export.get("href")))
    assert (query["format"], query["on"]) == (["csv"], ["2025-05-14"])
    response = client.get(urlsplit(url).path + str(export.get("href")))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "-on-2025-05-14-known-2026-10-15.csv" in response["Content-Disposition"]
    assert content_of(response).startswith("\ufeff")


@every_page
def test_a_page_changes_nothing_and_refuses_to_be_written_to(client: Client, url: str) -> None:
    for method in (client.post, client.put, client.patch, client.delete):
        response = method(url)
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD"


@every_page
def test_a_head_request_gets_the_headers_alone(client: Client, url: str) -> None:
    response = client.head(url)
    assert response.status_code == 200
    assert response.content == b""


@every_page
def test_a_page_that_has_not_changed_is_not_sent_again(client: Client, url: str) -> None:
    tag = client.get(url).headers.get("ETag")
    assert tag
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


@every_page
def test_a_page_runs_no_script_and_no_style_of_its_own(url: str) -> None:
    page = open_page(url)
    assert page.all("//script[not(@src)] | //style | //*[@style]") == []
    assert page.all("//@*[starts-with(name(), 'on')]") == []


@every_page
def test_no_page_calls_the_rule_by_the_word_that_is_untrue(client: Client, url: str) -> None:
    page = shown(url, client.get(url))
    for quoted in page.all("//q | //blockquote"):
        quoted.drop_tree()
    assert "rescinded" not in str(page.tree.text_content()).lower()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stays_within_its_budget_of_queries(
    client: Client, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_incidents()  # looked up every fifteen seconds, not for each page
    with django_assert_max_num_queries(BUDGETS[name]):
        client.get(PAGES[name])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_past_costs_at_most_the_queries_that_find_the_revision(
    client: Client, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_incidents()
    with django_assert_max_num_queries(BUDGETS[name] + 2):
        client.get(with_query(PAGES[name], on="2025-06-01", known="2026-10-15"))


@pytest.mark.parametrize("url", NOT_THERE.values(), ids=NOT_THERE)
def test_what_is_not_in_the_record_has_a_page_with_a_way_out(url: str) -> None:
    page = open_page(url, status=404)
    assert page.texts("//h1") == ["This page is not in the record"]
    assert {"/rules/", "/deadlines/", "/entities/"} <= {
        a.get("href") for a in page.all("//main//a")
    }
    assert page.all("//form[@role='search']")
    assert page.all("//a[text()='Permalink']") == []


def test_an_address_outside_the_site_has_the_same_page() -> None:
    assert open_page("/no/such/page/", status=404).texts("//h1")


BAD = [
    ("on=yesterday", "“yesterday” in on is not a day; write it as 2025-05-14"),
    ("on=2025-02-30", "“2025-02-30” in on is not a day"),
    ("on=14.05.2025", "“14.05.2025” in on is not a day"),
    ("known=soon", "“soon” in known is neither a day (2026-11-30) nor an instant"),
    ("known=2026-10-15T12:00:00", "has no offset"),
    ("on=0001-01-01", "the year 0001 in on lies outside 1900 to 9998"),
    ("on=9999-12-31", "the year 9999 in on lies outside"),
    ("known=9999-12-31", "the year 9999 in known lies outside"),
    ("known=0001-01-01T00:00:00%2B14:00", "the year 0001 in known lies outside"),
    ("q=%00", "a NUL character"),
]


@pytest.mark.parametrize(("query", "sentence"), BAD)
@pytest.mark.parametrize("path", ["/", "/rules/ai-diffusion/", "/entities/"])
def test_what_cannot_be_read_in_an_address_is_answered_with_a_sentence(
    path: str, query: str, sentence: str
) -> None:
    page = open_page(f"{path}?{query}", status=400)
    assert sentence in page.main
    assert "Days are written as 2025-05-14." in page.main
    assert page.all("//main//a[@href='?']")
    assert not page.all("//*[@id='reading-banner']//*[@class='banner']")


def test_a_path_with_a_nul_character_is_refused_too(client: Client) -> None:
    assert client.get("/documents/%00/").status_code == 400


EXTREMES = [
    {"on": "1900-01-01"},
    {"on": "9998-12-31"},
    {"known": "1900-01-01"},
    {"known": "9998-12-31"},
    {"on": "9998-12-31", "known": "1900-01-01T00:00:00-14:00"},
]


@pytest.mark.parametrize("point", EXTREMES, ids=str)
@every_page
def test_no_day_or_moment_breaks_a_page(client: Client, url: str, point: dict[str, str]) -> None:
    assert client.get(with_query(url, **point)).status_code in (200, 404)


@every_page
def test_a_page_of_today_has_no_banner(url: str) -> None:
    page = open_page(url)
    assert page.all("//*[@class='banner']") == []
    assert "Today, 23 November 2026, as known now" in page.text


@every_page
def test_the_banner_says_which_point_in_time_is_shown(url: str) -> None:
    page = open_page(with_query(url, on="2025-05-14", known="2026-10-15"))
    (banner,) = page.texts("//*[@class='banner']")
    assert "as of 14 May 2025, as known on 15 October 2026." in banner
    (back,) = page.all("//*[@class='banner']//a")
    assert not {"on", "known"} & query_of(str(back.get("href"))).keys()


@every_page
def test_a_page_of_today_says_where_the_record_ends(url: str) -> None:
    (coverage,) = open_page(url).texts("//*[@class='coverage']")
    assert coverage == "The record ends 28 September 2026: what came later is not confirmed."


@every_page
def test_a_page_within_the_coverage_does_not(url: str) -> None:
    page = open_page(with_query(url, on="2026-09-28"))
    assert page.all("//*[@class='coverage']") == []


def test_a_moment_before_the_record_shows_where_the_record_begins() -> None:
    page = open_page("/rules/?known=2026-09-30")
    (banner,) = page.texts("//*[@class='banner']")
    assert "The record begins on 1 October 2026: nothing was recorded before," in banner
    assert page.rows == []


@pytest.mark.parametrize("url", ["/", "/rules/ai-diffusion/", "/rules/", "/entities/", "/claims/"])
def test_what_was_not_recorded_yet_is_not_said_to_be_no_law(url: str) -> None:
    page = open_page(with_query(url, known="2026-09-30"))
    for claim in ("had not been made", "had been published", "in force on this day matches"):
        assert claim not in page.main
    assert "recorded yet" in page.main


@pytest.mark.parametrize("url", ["/rules/", "/deadlines/", "/reactions/", "/claims/", "/entities/"])
def test_a_list_before_the_record_is_empty(url: str) -> None:
    assert open_page(f"{url}?known=2026-09-30").rows == []


@pytest.mark.parametrize(("label", "name"), NAVIGATION)
def test_the_navigation_marks_the_page_that_is_open(label: str, name: str) -> None:
    page = open_page(PAGES[name])
    assert page.texts("//nav[@aria-label='Main']//a[@aria-current='page']") == [label]


def test_the_page_of_one_thing_marks_the_list_that_it_is_from() -> None:
    page = open_page(PAGES["policy:rule"])
    assert page.texts("//nav[@aria-label='Main']//a[@aria-current='page']") == ["Rules"]


@every_page
def test_a_page_is_kept_out_of_frames_and_lets_nothing_foreign_in(client: Client, url: str) -> None:
    response = client.get(url)
    assert response["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in response["Content-Security-Policy"]
