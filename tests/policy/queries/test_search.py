"""One box for everything: what leads straight to a page, and what gives a list."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from policy.models import Milestone
from policy.queries.search import MOST, Found, Hit, register_search, registered_providers, search
from tests.policy.queries.readings import BEFORE_THE_RECORD, reading
from tests.site_map import ZHIPU, shown

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]

DIFFUSION = "/rules/ai-diffusion/"
ZHIPU_RULE = "/rules/entity-list-2025-01-16-zhipu/"
SOPHGO_RULE = "/rules/entity-list-2025-01-16-sophgo/"

STRAIGHT = [
    # Citations, by any page of the document
    ("90 FR 4544", DIFFUSION),
    ("90 fr 4544", DIFFUSION),
    ("90 Fed. Reg. 4,544", DIFFUSION),
    ("90 FR 4617", ZHIPU_RULE),
    ("90 FR 4619", ZHIPU_RULE),
    ("90 FR 4619, 1/16/25", ZHIPU_RULE),
    ("90 FR 4622", SOPHGO_RULE),
    # Numbers of documents, RINs, dockets
    ("2025-00636", DIFFUSION),
    ("FR Doc. 2025-00636", DIFFUSION),
    ("2025-00704", ZHIPU_RULE),
    ("2025-00637", "/documents/2025-00637/"),
    ("0694-AJ90", DIFFUSION),
    ("RIN 0694-aj90", DIFFUSION),
    ("BIS-2025-0001", DIFFUSION),
    # Sections
    ("§ 742.6", "/sections/742.6/"),
    ("742.6", "/sections/742.6/"),
    ("15 CFR 742.6", "/sections/742.6/"),
    ("§ 742.6(a)(6)(iii)(A)", "/sections/742.6(a)(6)(iii)(A)/"),
    ("Section 742.6 (a)(6)", "/sections/742.6(a)(6)/"),
    # Places, by any of their names
    ("Malaysia", "/tiers/my/"),
    ("malaysia", "/tiers/my/"),
    ("MY", "/tiers/my/"),
    ("MYS", "/tiers/my/"),
    # Parties and organisations, in any script
    ("智谱", f"/entities/{ZHIPU}/"),
    ("智譜", f"/entities/{ZHIPU}/"),
    ("Nvidia", "/organisations/nvidia/"),
    ("Semiconductor Industry Association (SIA)", "/organisations/sia/"),
]


@pytest.mark.parametrize(("q", "url"), STRAIGHT)
def test_a_name_or_number_of_one_thing_leads_straight_to_it(q: str, url: str) -> None:
    assert search(q, reading()).straight_to == url


@pytest.mark.parametrize(("q", "url"), STRAIGHT)
def test_the_box_sends_the_reader_to_a_page_that_opens(q: str, url: str) -> None:
    response = Client().get("/search/", {"q": q})
    assert (response.status_code, response["Location"]) == (302, url)
    assert Client().get(url).status_code == 200


LISTS = ["chips", "Zhipu", "Entity List", "diffusion", "90 FR 1", "2099-12345", "§ 999.9"]


@pytest.mark.parametrize("q", LISTS)
def test_what_may_mean_several_things_gives_a_list(q: str) -> None:
    assert search(q, reading()).straight_to == ""
    assert Client().get("/search/", {"q": q}).status_code == 200


@pytest.mark.parametrize("q", ["chips", "diffusion", "Zhipu", "Oracle", "cloud"])
def test_a_list_holds_something_and_nothing_twice(q: str) -> None:
    urls = [hit.url for hit in search(q, reading()).hits]
    assert urls
    assert len(urls) == len(set(urls))


def test_nothing_is_sought_without_words() -> None:
    asked = reading()
    with connection.execute_wrapper(refuse_queries):
        assert search("", asked) == Found()


def refuse_queries(*_args: object) -> None:
    raise AssertionError("a query was made")


@pytest.mark.parametrize("q", ["a", "z", "é", "%", "_", "'", '"', "\\", "()", "  ", "*" * 300])
def test_no_words_break_the_search(q: str) -> None:
    response = Client().get("/search/", {"q": q})
    assert response.status_code in (200, 302)


@pytest.mark.parametrize("q", ["%", "_", "x" * 200])
def test_wildcards_of_the_database_are_letters_like_any_other(q: str) -> None:
    assert search(q, reading()).hits == []


@pytest.mark.parametrize(
    ("q", "kinds"),
    [
        ("diffusion", {"Rule", "Reaction", "Claim", "Milestone"}),
        ("Zhipu", {"Listed party", "Organisation", "Claim"}),
        ("Oracle", {"Organisation"}),
        ("Finkle", {"Reaction"}),
    ],
)
def test_a_list_holds_hits_of_every_kind(q: str, kinds: set[str]) -> None:
    assert kinds <= {hit.kind for hit in search(q, reading()).hits}


def test_what_happened_last_stands_first() -> None:
    days = dict(Milestone.objects.known(None).values_list("title", "valid_from"))
    shown_days = [days[hit.title] for hit in search("rule", reading()).hits if hit.title in days]
    assert len(set(shown_days)) > 1
    assert shown_days == sorted(shown_days, reverse=True)


def test_at_most_a_dozen_hits_of_one_kind_are_shown() -> None:
    hits = search("China", reading()).hits
    counts = [sum(hit.kind == kind for hit in hits) for kind in {hit.kind for hit in hits}]
    assert max(counts) <= MOST


def test_what_is_exact_comes_before_what_merely_holds_the_words() -> None:
    hits = search("0694-AJ90", reading()).hits
    assert hits[0].exact
    assert hits[0].url == DIFFUSION


def test_an_organisation_s_name_that_listed_parties_resemble_leads_to_neither() -> None:
    found = search("Zhipu", reading())
    assert found.hits[0].kind == "Listed party"
    assert "/organisations/zhipu-ai/" in {hit.url for hit in found.hits}
    assert found.straight_to == ""


def test_an_organisation_s_name_stands_before_countries_that_merely_hold_its_letters() -> None:
    found = search("SIA", reading())
    assert found.straight_to == "/organisations/sia/"
    assert {"Malaysia", "Tunisia"} & {hit.title for hit in found.hits[1:]}


# --- as of, as known


@pytest.mark.parametrize(
    ("q", "on", "url"),
    [
        ("2025-00637", "2025-01-09", ""),
        ("2025-00637", "2025-01-15", "/documents/2025-00637/"),
        ("90 FR 4619", "2025-01-15", ""),
        ("90 FR 4619", "2025-01-16", ZHIPU_RULE),
        ("智谱", "2025-01-15", "/organisations/zhipu-ai/"),
        ("智谱", "2025-01-16", f"/entities/{ZHIPU}/"),
    ],
)
def test_a_document_or_party_is_found_from_the_day_on_which_it_is_there(
    q: str, on: str, url: str
) -> None:
    assert search(q, reading(on)).straight_to == url


def test_words_are_sought_in_what_had_been_said_by_the_day() -> None:
    later = {hit.url for hit in search("diffusion", reading("2025-06-01")).hits}
    earlier = {hit.url for hit in search("diffusion", reading("2024-06-01")).hits}
    assert earlier < later


@pytest.mark.parametrize("q", ["Zhipu", "90 FR 4619", "2025-00637"])
def test_before_the_record_began_no_party_or_document_is_found(q: str) -> None:
    hits = search(q, reading("2025-06-01", BEFORE_THE_RECORD)).hits
    assert {hit.kind for hit in hits} & {"Listed party", "Document", "Claim", "Reaction"} == set()


def test_an_empty_result_in_the_past_offers_the_record_of_today() -> None:
    url = "/search/?q=2025-00637&on=2025-01-09"
    page = shown(url, Client().get(url))
    (again,) = page.all("//div[@class='empty']//a")
    assert again.get("href") == "?q=2025-00637"


def test_an_empty_result_of_today_offers_nothing_that_would_be_empty_too() -> None:
    url = "/search/?q=qqqqzzzz"
    assert shown(url, Client().get(url)).all("//div[@class='empty']//a") == []


# --- the list instead of the page


def test_htmx_gets_the_list_while_the_reader_is_still_typing() -> None:
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = Client().get("/search/?q=Malaysia", headers=headers)
    assert response.status_code == 200
    assert "/tiers/my/" in response.content.decode()


def test_the_reader_may_ask_for_the_list_all_the_same() -> None:
    response = Client().get("/search/?q=Malaysia&all=1")
    assert response.status_code == 200


def test_the_export_holds_the_list_and_not_the_page() -> None:
    response = Client().get("/search/?q=Malaysia&format=csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    lines = b"".join(response).decode().splitlines()
    assert lines[0] == "\ufeffkind,title,detail,address,on,known"
    assert any(line.startswith("Country,Malaysia,") for line in lines)


# --- apps above add hits


def own_hits(q: str, _reading: object) -> list[Hit]:
    return [Hit("Own", q, "/own/", exact=True)]


@pytest.fixture
def own_provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("policy.queries.search._provider_names", [])
    register_search(f"{__name__}.own_hits")
    register_search(f"{__name__}.own_hits")
    yield


@pytest.mark.usefixtures("own_provider")
def test_an_app_adds_its_hits_once() -> None:
    assert registered_providers() == [own_hits]
    assert search("anything", reading()).straight_to == "/own/"
