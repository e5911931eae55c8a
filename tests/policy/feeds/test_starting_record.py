"""The calendar and the feeds of the real record."""

from collections.abc import Iterable

import pytest
from django.test import Client
from icalendar import Calendar, Event
from pytest_django import DjangoAssertNumQueries

from policy.models import Event as RecordEvent
from policy.queries.due_dates import chains
from policy.queries.news import SUBJECT_PAGES, event_url
from tests.site_map import ZHIPU

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def events_of(data: bytes) -> Iterable[Event]:
    return (one for one in Calendar.from_ical(data).subcomponents if isinstance(one, Event))


def test_every_date_that_readers_act_on_is_in_the_calendar_once(client: Client) -> None:
    found = [str(event["UID"]).partition("@")[0] for event in events_of(calendar(client))]
    assert len(found) == len(set(found)) > 20
    assert set(found) <= set(chains())
    assert "ai-diffusion-comment" in found


def calendar(client: Client, query: str = "") -> bytes:
    response = client.get(f"/deadlines.ics{query}")
    assert response.status_code == 200
    return response.content


def test_every_entry_is_whole_and_leads_to_a_page(client: Client) -> None:
    for event in events_of(calendar(client)):
        for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "ORGANIZER", "URL"):
            assert name in event, (event["UID"], name)
        address = "/" + str(event["URL"]).partition("://")[2].partition("/")[2]
        assert client.get(address).status_code == 200, address


def test_no_entry_stands_on_a_day_that_the_record_only_guesses(client: Client) -> None:
    held = chains()
    for event in events_of(calendar(client)):
        rows = held[str(event["UID"]).partition("@")[0]].rows
        assert any(row.exact_day for row in rows)


@pytest.mark.parametrize(
    ("on", "day", "sequence"),
    [("2023-11-01", "2023-12-19", 0), ("2023-12-15", "2024-01-18", 1), ("", "2024-01-18", 1)],
)
def test_a_period_that_was_extended_has_its_later_end_and_a_sequence(
    client: Client, on: str, day: str, sequence: int
) -> None:
    """The extension was published on 15 December 2023; the last seconds are UTC's next day."""
    uid = "advanced-computing-2023-comment"
    (event,) = events_of(client.get(f"/deadlines/{uid}.ics", {"on": on} if on else {}).content)
    assert event.decoded("DTSTART").date().isoformat() == day
    assert event["SEQUENCE"] == sequence


def test_the_calendar_of_the_record_costs_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(4):
        calendar(client)


@pytest.mark.parametrize("subject", sorted(SUBJECT_PAGES))
def test_what_a_feed_would_say_of_a_change_leads_to_a_page(client: Client, subject: str) -> None:
    rows = RecordEvent.objects.filter(subject_kind=subject).select_related("revision")
    for event in rows.order_by("pk")[:3]:
        address = "/" + event_url(event).partition("://")[2].partition("/")[2]
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize(
    "url", ["/feeds/changes.atom", f"/feeds/entity/{ZHIPU}.atom", "/feeds/country/my.atom"]
)
def test_a_first_load_is_no_news(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 200
    assert b"<entry>" not in response.content
