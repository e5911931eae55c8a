"""Atom feeds, RFC 4287: what changed about a subject, each entry with one id for good."""

import re
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from lxml import etree
from pytest_django import DjangoAssertNumQueries, Settings

from policy.models import Event
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern
from tests.site_map import shown

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
NOW = eastern(2025, 5, 5, 12)
MARCH, APRIL = eastern(2025, 3, 3, 10), eastern(2025, 4, 7, 10)
JUNE_16, JULY_1 = date(2025, 6, 16), date(2025, 7, 1)
RULE = "/feeds/rule/ai-diffusion.atom"


@pytest.fixture(autouse=True)
def small_record(settings: Settings) -> Any:
    settings.SITE_URL = "https://earmark.example"
    world.comment_deadline()
    with time_machine.travel(NOW, tick=False):
        yield


def move(day: date = JUNE_16, at: Any = MARCH) -> None:
    extension = world.source("2025-09999", "90 FR 20000", "Extension of comment period")
    world.state(world.deadline(), day, at=at, governs=at.date(), by=extension)


def parsed(client: Client, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(response.content)


def entries(client: Client, url: str) -> list[Any]:
    found: list[Any] = parsed(client, url).findall(f"{ATOM}entry")
    return found


def titles(client: Client, url: str) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(client, url)]


def test_a_feed_tells_what_changed_and_not_what_was_loaded_first(client: Client) -> None:
    assert entries(client, RULE) == []
    move()
    assert titles(client, RULE) == [
        "AI Diffusion: Comments due moved from 15 May 2025 to 16 June 2025"
    ]


def test_an_entry_cites_its_source_and_gives_no_advice(client: Client) -> None:
    move()
    (entry,) = entries(client, RULE)
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert "Source: 90 FR 20000: Extension of comment period" in summary.text
    assert "Not legal advice." in summary.text
    assert entry.findtext(f"{ATOM}updated") == "2025-03-03T15:00:00+00:00"


def test_an_entry_leads_to_the_page_as_it_read_when_the_change_was_recorded(client: Client) -> None:
    move()
    move(JULY_1, APRIL)
    links = [e.find(f"{ATOM}link").get("href") for e in entries(client, RULE)]
    for link, day in zip(links, ("1 July 2025", "16 June 2025"), strict=True):
        assert link.startswith("https://earmark.example/deadlines/ai-diffusion-comment/?on=2025-0")
        page = shown(link, client.get(link.removeprefix("https://earmark.example")))
        assert day in page.texts("//*[@class='due-line']")[0]


def test_an_entry_keeps_its_id_whatever_is_recorded_later(client: Client) -> None:
    move()
    (before,) = (entry.findtext(f"{ATOM}id") for entry in entries(client, RULE))
    move(JULY_1, APRIL)
    after = [entry.findtext(f"{ATOM}id") for entry in entries(client, RULE)]
    assert after[1] == before
    assert len(set(after)) == 2
    event = Event.objects.get(baseline=False, revision__recorded_at=MARCH)
    assert before == f"tag:earmark.example,2025-03-03:revision/{event.revision_id}/{event.pk}"


def test_a_feed_has_what_rfc_4287_requires(client: Client) -> None:
    move()
    feed = parsed(client, RULE)
    for name in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{ATOM}{name}")) == 1, name
    (own,) = [e.get("href") for e in feed.findall(f"{ATOM}link") if e.get("rel") == "self"]
    assert own == f"https://earmark.example{RULE}"
    for entry in feed.findall(f"{ATOM}entry"):
        for name in ("id", "title", "updated"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name


def test_what_a_title_holds_is_text_and_not_markup(client: Client) -> None:
    world.rule("odd", "Odd")
    world.announce("rule", "odd", "A <b>bold</b> & \x0bold rule", at=MARCH)
    (entry,) = entries(client, "/feeds/rule/odd.atom")
    assert entry.findtext(f"{ATOM}title") == "A <b>bold</b> & old rule"
    assert "&lt;b&gt;" not in entry.find(f"{ATOM}summary").text


@pytest.mark.parametrize(
    ("url", "count"),
    [
        ("/feeds/changes.atom", 3),
        (RULE, 1),
        ("/feeds/rule/odd.atom", 0),
        ("/feeds/docket/BIS-2025-0001.atom", 1),
        ("/feeds/country/kh.atom", 1),
        ("/feeds/kind/comment.atom", 1),
        ("/feeds/kind/compliance.atom", 0),
        ("/feeds/deadlines.atom?kind=comment&q=diffusion", 1),
        ("/feeds/deadlines.atom?q=diffusion+COMMENTS&when=ahead", 1),
        ("/feeds/deadlines.atom?q=diffusion+nothing", 0),
        ("/feeds/deadlines.atom?rule=odd", 0),
        ("/feeds/deadlines.atom", 1),
    ],
)
def test_a_feed_holds_the_changes_to_what_it_is_about(client: Client, url: str, count: int) -> None:
    world.rule("odd", "Odd")
    world.country()
    move()
    world.announce("country", "kh", "Cambodia leaves D:5", at=APRIL)
    world.announce("reaction", "some-body", "Somebody said something", at=APRIL)
    assert len(entries(client, url)) == count


@pytest.mark.parametrize(
    "url",
    [
        "/feeds/rule/nothing.atom",
        "/feeds/planet/mars.atom",
        "/feeds/search/nonsense.atom",
        "/feeds/deadlines.atom?kind=nothing",
    ],
)
def test_what_is_not_there_has_no_feed(client: Client, url: str) -> None:
    assert client.get(url).status_code == 404


def test_a_feed_can_only_be_read(client: Client) -> None:
    assert client.post(RULE).status_code == 405


def test_a_feed_that_did_not_change_is_not_sent_again(client: Client) -> None:
    empty = client.get(RULE)
    assert client.get(RULE, headers={"If-None-Match": empty["ETag"]}).status_code == 304
    move()
    full = client.get(RULE, headers={"If-None-Match": empty["ETag"]})
    assert full.status_code == 200
    assert full["Last-Modified"] == "Mon, 03 Mar 2025 15:00:00 GMT"


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", "/feeds/changes.atom"),
        ("/deadlines/", "/feeds/deadlines.atom"),
        ("/deadlines/?kind=comment&q=a+b&when=ahead", "/feeds/deadlines.atom?kind=comment&q=a+b"),
        ("/rules/ai-diffusion/", RULE),
        ("/deadlines/ai-diffusion-comment/", RULE),
        ("/dockets/BIS-2025-0001/", "/feeds/docket/BIS-2025-0001.atom"),
        ("/tiers/kh/", "/feeds/country/kh.atom"),
    ],
)
def test_a_page_names_its_feed_to_programs(client: Client, page: str, feed: str) -> None:
    world.put_in_group(world.country(), None)
    found = shown(page, client.get(page))
    links = found.all("//head/link[@rel='alternate'][@type='application/atom+xml']")
    assert [link.get("href") for link in links] == [feed]
    assert links[0].get("title")
    assert client.get(feed).status_code == 200


def test_a_feed_costs_the_same_queries_however_much_it_holds(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        world.announce("rule", "ai-diffusion", f"Change {number}", at=MARCH)
    with django_assert_max_num_queries(4):
        found = titles(client, RULE)
    assert len(found) == 50
    assert found[0] == "Change 59"
    assert all(re.fullmatch(r"Change \d+", title) for title in found)
