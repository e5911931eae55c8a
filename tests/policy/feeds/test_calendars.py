"""Calendars as files and as addresses: a moved date changes in place, a withdrawn one goes."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client
from icalendar import Calendar, Event
from pytest_django import DjangoAssertNumQueries, Settings

from policy.actions.calendar_links import create_calendar_link
from policy.models import CalendarLink, Deadline
from policy.queries.subjects import find_subject
from policy.views.calendars import PER_NETWORK
from tests.policy.alerts import world
from tests.policy.alerts.world import DUE, eastern
from tests.site_map import shown

pytestmark = pytest.mark.django_db

NOW = eastern(2025, 2, 3, 12)
MOVED_AT = eastern(2025, 3, 3, 10)
JUNE_16 = date(2025, 6, 16)
UID = "ai-diffusion-comment@earmark.example"
RULE = "/calendars/?subject=rule&id=ai-diffusion"


@pytest.fixture(autouse=True)
def small_record(settings: Settings) -> Any:
    settings.SITE_URL = "https://earmark.example"
    world.comment_deadline()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def made(subject: str = "rule", subject_id: str = "ai-diffusion") -> CalendarLink:
    found = find_subject(subject, subject_id)
    assert found
    return create_calendar_link(subject=found, at=NOW)


def events(client: Client, url: str) -> dict[str, Event]:
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar; charset=utf-8; method=")
    found = Calendar.from_ical(response.content)
    assert response["Content-Type"].endswith(f"method={found['METHOD']}")
    return {str(one["UID"]): one for one in found.subcomponents if isinstance(one, Event)}


def feed(client: Client, link: CalendarLink) -> dict[str, Event]:
    return events(client, f"/calendars/{link.token}.ics")


def at(traveller: Any, instant: datetime) -> None:
    traveller.move_to(instant)


def test_a_post_makes_an_address_and_a_get_makes_none(client: Client) -> None:
    page = shown(RULE, client.get(RULE))
    assert "Framework for Artificial Intelligence Diffusion" in page.main
    assert CalendarLink.objects.count() == 0
    response = client.post(RULE)
    link = CalendarLink.objects.get()
    assert response["Location"] == f"/calendars/{link.token}/"
    assert (link.subject, link.subject_id, link.subscriber) == ("rule", "ai-diffusion", None)
    assert len(link.token) >= 40


def test_the_page_of_an_address_opens_it_in_a_calendar_and_stays_private(client: Client) -> None:
    link = made()
    url = f"/calendars/{link.token}/"
    response = client.get(url)
    page = shown(url, response)
    assert page.all(f"//a[@href='webcal://testserver/calendars/{link.token}.ics']")
    assert "noindex" in response["X-Robots-Tag"]
    assert "private" in response["Cache-Control"]
    assert not page.all("//*[@id='cite-link']")


@pytest.mark.parametrize("query", ["subject=rule&id=none", "subject=planet&id=mars", "subject="])
def test_what_nobody_can_follow_has_no_calendar(client: Client, query: str) -> None:
    assert client.get(f"/calendars/?{query}").status_code == 404
    assert client.post(f"/calendars/?{query}").status_code == 404
    assert CalendarLink.objects.count() == 0


def test_one_network_cannot_make_addresses_without_end(client: Client) -> None:
    statuses = [client.post(RULE).status_code for _ in range(PER_NETWORK + 1)]
    assert set(statuses[:-1]) == {302}
    assert statuses[-1] == 429
    assert CalendarLink.objects.count() == PER_NETWORK


def test_a_calendar_holds_the_deadlines_of_its_subject(client: Client) -> None:
    other = world.deadline("odd-comment", of=world.rule("odd", "Odd"))
    world.state(other, DUE, baseline=True)
    assert list(feed(client, made())) == [UID]
    assert list(feed(client, made("everything", ""))) == [UID, "odd-comment@earmark.example"]
    assert list(feed(client, made("docket", "BIS-2025-0001"))) == [
        UID,
        "odd-comment@earmark.example",
    ]
    assert list(feed(client, made("search", "kind=comment&q=odd"))) == [
        "odd-comment@earmark.example"
    ]


def test_a_moved_date_changes_in_place(client: Client, small_record: Any) -> None:
    link = made()
    before = feed(client, link)[UID]
    at(small_record, MOVED_AT)
    world.state(world.deadline(), JUNE_16, at=MOVED_AT, governs=date(2025, 3, 3))
    after = feed(client, link)[UID]
    assert before.decoded("DTSTART") == datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC)
    assert after.decoded("DTSTART") == datetime(2025, 6, 17, 3, 59, 59, tzinfo=UTC)
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after["STATUS"] == "CONFIRMED"


def test_a_withdrawn_date_stays_as_a_cancelled_entry(client: Client, small_record: Any) -> None:
    link = made()
    at(small_record, MOVED_AT)
    world.state(world.deadline(), DUE, at=MOVED_AT, withdrawn=True)
    response = client.get(f"/calendars/{link.token}.ics")
    assert b"METHOD:PUBLISH" in response.content
    event = feed(client, link)[UID]
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert event.decoded("DTSTART") == datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC)


def test_a_removed_date_is_cancelled_too(client: Client, small_record: Any) -> None:
    link = made()
    at(small_record, MOVED_AT)
    with world.revision(MOVED_AT) as issued:
        world.deadline().dates.update(superseded=issued, closed_because="It was a mistake")
    assert feed(client, link)[UID]["STATUS"] == "CANCELLED"


def test_a_calendar_that_did_not_change_is_not_sent_again_even_days_later(
    client: Client, small_record: Any
) -> None:
    url = f"/calendars/{made().token}.ics"
    first = client.get(url)
    at(small_record, NOW + timedelta(days=20))
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    at(small_record, MOVED_AT)
    world.state(world.deadline(), JUNE_16, at=MOVED_AT, governs=date(2025, 3, 3))
    changed = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "private" in changed["Cache-Control"]


def test_a_revoked_address_is_gone_and_can_be_revoked_only_by_post(client: Client) -> None:
    link = made()
    assert client.get(f"/calendars/{link.token}/revoke/").status_code == 405
    assert feed(client, link)
    for _ in range(2):
        response = client.post(f"/calendars/{link.token}/revoke/")
        assert response["Location"] == f"/calendars/{link.token}/"
    assert client.get(f"/calendars/{link.token}.ics").status_code == 410
    page = shown("", client.get(f"/calendars/{link.token}/"))
    assert "This calendar has been revoked" in page.main


def test_revoking_one_address_leaves_the_others(client: Client) -> None:
    one, other = made(), made()
    client.post(f"/calendars/{one.token}/revoke/")
    assert list(feed(client, other)) == [UID]


@pytest.mark.parametrize("page", ["/calendars/nothing/", "/calendars/nothing.ics"])
def test_an_address_that_was_never_made_is_not_there(client: Client, page: str) -> None:
    assert client.get(page).status_code == 404


def test_making_and_revoking_need_the_form_of_the_page() -> None:
    strict = Client(enforce_csrf_checks=True)
    link = made()
    assert strict.post(RULE).status_code == 403
    assert strict.post(f"/calendars/{link.token}/revoke/").status_code == 403
    assert not CalendarLink.objects.get().revoked_at


def test_a_country_has_its_scheduled_changes_and_keeps_them_once_they_have_come(
    client: Client, small_record: Any
) -> None:
    world.put_in_group(world.country(), None, date(2025, 2, 10))
    link = made("country", "kh")
    (before,) = feed(client, link).values()
    assert before.decoded("DTSTART") == date(2025, 2, 10)
    at(small_record, MOVED_AT)
    assert list(feed(client, link)) == [str(before["UID"])]


def test_a_calendar_of_nothing_is_a_calendar(client: Client) -> None:
    world.country()
    assert feed(client, made("country", "kh")) == {}


def test_an_entry_leads_to_the_page_as_it_was_when_the_date_was_set(client: Client) -> None:
    url = str(feed(client, made())[UID]["URL"])
    assert url.startswith("https://earmark.example/deadlines/ai-diffusion-comment/?on=2025-01-15")
    parts = urlsplit(url)
    page = shown(url, client.get(f"{parts.path}?{parts.query}"))
    assert "15 May 2025" in page.main


def test_a_deadline_is_had_as_a_file(client: Client) -> None:
    url = "/deadlines/ai-diffusion-comment.ics"
    (event,) = events(client, url).values()
    assert event["UID"] == UID
    disposition = client.get(url)["Content-Disposition"]
    assert disposition == 'attachment; filename="earmark-ai-diffusion-comment.ics"'
    page = shown("", client.get("/deadlines/ai-diffusion-comment/"))
    assert page.all(f"//a[@href='{url}']")


def test_the_file_of_a_withdrawn_deadline_cancels(client: Client, small_record: Any) -> None:
    at(small_record, MOVED_AT)
    world.state(world.deadline(), DUE, at=MOVED_AT, withdrawn=True)
    response = client.get("/deadlines/ai-diffusion-comment.ics")
    assert b"METHOD:CANCEL" in response.content


@pytest.mark.parametrize("slug", ["nothing", "ai-diffusion-published", "ai-diffusion-vague"])
def test_what_has_no_day_to_act_by_has_no_file(client: Client, slug: str) -> None:
    published = world.deadline("ai-diffusion-published", Deadline.Kind.PUBLISHED, "Published")
    world.state(published, date(2025, 1, 15))
    world.state(world.deadline("ai-diffusion-vague"), None)
    assert client.get(f"/deadlines/{slug}.ics").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ai-diffusion-comment", "ai-diffusion-effective"]),
        ("?kind=comment", ["ai-diffusion-comment"]),
        ("?q=EFFECTIVE", ["ai-diffusion-effective"]),
        ("?rule=odd", []),
        ("?when=ahead", ["ai-diffusion-comment"]),
        ("?when=passed", ["ai-diffusion-effective"]),
        ("?when=ahead&on=2025-01-01", []),
        ("?known=2024-12-31", []),
    ],
)
def test_the_present_selection_of_the_page_is_had_as_a_file(
    client: Client, query: str, found: list[str]
) -> None:
    effective = world.deadline("ai-diffusion-effective", "effective", "Effective")
    world.state(effective, date(2025, 1, 20))
    page = shown("", client.get(f"/deadlines/{query}"))
    (link,) = page.all("//a[text()='Calendar file']/@href")
    held = events(client, str(link))
    assert [uid.partition("@")[0] for uid in held] == found


def test_a_file_of_the_past_holds_what_was_known_then(client: Client, small_record: Any) -> None:
    at(small_record, MOVED_AT)
    world.state(world.deadline(), JUNE_16, at=MOVED_AT, governs=date(2025, 3, 3))
    then = events(client, "/deadlines.ics?known=2025-02-01&on=2025-02-01")[UID]
    assert then.decoded("DTSTART") == datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC)
    assert "known=2025-02" in str(then["URL"])
    assert events(client, "/deadlines.ics")[UID]["SEQUENCE"] == 1


def test_a_calendar_costs_the_same_queries_however_many_deadlines_it_holds(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        world.state(world.deadline(f"more-{number}"), DUE)
    link = made("everything", "")
    with django_assert_max_num_queries(4):
        assert len(feed(client, link)) == 7
