"""Every link of every page keeps the reader's point in time, and leads somewhere."""

from collections import defaultdict
from functools import cache
from urllib.parse import urldefrag, urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from pytest_django.fixtures import Settings

from policy.domain.asof import parse_known
from policy.http import with_parameters
from tests.site_map import PAGES, SITE, ZHIPU, Shown, query_of, shown, with_query

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

ON, KNOWN = "2025-05-14", "2026-10-15"
INSTANT = parse_known(KNOWN)
# Pages whose links differ from those of the examples, since they show more.
MORE = {
    "a claim's page in the results": "/search/?q=chips&all=1",
    "a part of the list": "/entities/?q=zhipu&sort=-name&country=cn",
    "a group's table": "/tiers/?group=d5-or-macau",
    "a section with its number": "/sections/742.6(a)(6)(iii)/",
    "a withdrawn rule": "/rules/affiliates/",
    "one page of many": "/sources/?page=2",
}
ALL = PAGES | MORE
OTHERS = ("/api/", "/subscribe/", "/calendars/", "/feeds/", "/account/")
every_page = pytest.mark.parametrize("url", ALL.values(), ids=ALL)


@cache
def page_of_the_past(url: str) -> Shown:
    address = with_query(url, on=ON, known=KNOWN)
    response = Client().get(address)
    assert response.status_code == 200, address
    return shown(address, response)


def internal(page: Shown) -> set[str]:
    """Addresses of reading pages that the page links to, but for those back to today.

    A subscription, of whatever form, is about what is to come: it needs no point in time. The
    way in leads back to where it was asked for, see tests/policy/accounts/test_corner.py.
    """
    back = {e.get("href") for e in page.all("//a[text()='Back to today']")}
    found = set()
    for address in page.addresses:
        parts = urlsplit(address)
        if f"{parts.scheme}://{parts.netloc}" != SITE or parts.path.startswith(OTHERS):
            continue
        if address.removeprefix(SITE) not in back:
            found.add(address)
    return found


def stays_on_page(page: Shown, address: str) -> bool:
    return urldefrag(address).url == urldefrag(SITE + page.url).url


@every_page
def test_links_keep_the_known_moment_and_a_day(url: str) -> None:
    page = page_of_the_past(url)
    lost = []
    for address in internal(page):
        query = query_of(address)
        kept = query.get("known") and parse_known(query["known"][-1]) == INSTANT
        if not (kept and query.get("on")):
            lost.append(address)
    assert lost == []


# Links whose very purpose is another day.
OTHER_DAYS = {"/tiers/", f"/entities/{ZHIPU}/"}


@every_page
def test_links_keep_the_day_unless_they_offer_another(url: str) -> None:
    page = page_of_the_past(url)
    days = {query_of(a)["on"][-1] for a in internal(page) if urlsplit(a).path not in OTHER_DAYS}
    assert days == {ON}


@every_page
def test_forms_keep_the_point_in_time(url: str) -> None:
    page = page_of_the_past(url)
    forms = page.all("//form[@method='get']")
    assert forms
    for form in forms:
        held = {f.get("name"): f.get("value") for f in form.xpath(".//input[@name]")}
        is_slider = "step" in held
        assert is_slider or held.get("on") == ON, held
        assert parse_known(str(held["known"])) == INSTANT


@every_page
def test_what_htmx_asks_for_is_what_the_link_shows_without_it(url: str) -> None:
    for element in page_of_the_past(url).all("//a[@data-hx-get]"):
        assert element.get("data-hx-get") == element.get("href")


@every_page
def test_no_parameter_stands_twice_or_behind_a_fragment(url: str) -> None:
    for address in internal(page_of_the_past(url)):
        assert address.count("?") <= 1, address
        assert "?" not in urlsplit(address).fragment, address
        assert all(len(values) == 1 for values in query_of(address).values()), address


@every_page
def test_links_within_a_page_lead_to_something_on_it(url: str) -> None:
    page = page_of_the_past(url)
    ids = {element.get("id") for element in page.all("//*[@id]")}
    for address in page.addresses:
        fragment = urlsplit(address).fragment
        if fragment and stays_on_page(page, address):
            assert fragment in ids, address


def test_every_link_leads_to_a_page() -> None:
    """Of each route at most a dozen, since one country's page breaks like another's."""
    tried: dict[str, set[str]] = defaultdict(set)
    broken = []
    for url in ALL.values():
        for address in sorted(internal(page_of_the_past(url))):
            target = urldefrag(address).url.removeprefix(SITE)
            route = resolve(urlsplit(target).path).view_name
            if target in tried[route] or len(tried[route]) >= 12:
                continue
            tried[route].add(target)
            if Client().get(target).status_code not in (200, 302):
                broken.append(target)
    assert broken == []
    assert len(tried) > 15


def test_links_to_claims_lead_to_the_claim_on_its_page() -> None:
    page = page_of_the_past("/search/?q=Entity+List&all=1")
    claims = {a for a in internal(page) if urlsplit(a).path == "/claims/"}
    anchored = {urlsplit(a).fragment for a in claims if urlsplit(a).fragment}
    assert anchored
    ids = {e.get("id") for e in page_of_the_past("/claims/").all("//*[@id]")}
    assert anchored <= ids


def test_today_s_page_carries_no_point_in_time_in_its_links() -> None:
    page = shown("/rules/", Client().get("/rules/"))
    assert not any({"on", "known"} & query_of(a).keys() for a in internal(page))


def test_a_redirect_of_the_slider_keeps_the_known_moment(settings: Settings) -> None:
    response = Client().get(f"/tiers/?step=3&known={KNOWN}&group=d5")
    query = query_of(response["Location"])
    assert response.status_code == 302
    assert parse_known(query["known"][0]) == INSTANT
    assert query["group"] == ["d5"]
    assert "step" not in query


def test_a_redirect_of_the_search_keeps_both() -> None:
    response = Client().get(f"/search/?q=Malaysia&on={ON}&known={KNOWN}")
    query = query_of(response["Location"])
    assert urlsplit(response["Location"]).path == "/tiers/my/"
    assert query["on"] == [ON]
    assert parse_known(query["known"][0]) == INSTANT


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/rules/", "/rules/?on=2025-05-14"),
        ("/claims/#report-1", "/claims/?on=2025-05-14#report-1"),
        ("/entities/?citation=90+FR+4619", "/entities/?citation=90+FR+4619&on=2025-05-14"),
        ("/entities/?q=a#results", "/entities/?q=a&on=2025-05-14#results"),
        ("?page=2", "?page=2&on=2025-05-14"),
        ("", "?on=2025-05-14"),
    ],
)
def test_parameters_are_added_before_a_fragment_and_after_others(url: str, expected: str) -> None:
    assert with_parameters(url, {"on": ON}) == expected
    assert with_parameters(url, {}) == url


def test_values_are_escaped_when_they_are_added() -> None:
    assert with_parameters("/", {"q": "a&b=c#d é"}) == "/?q=a%26b%3Dc%23d+%C3%A9"
