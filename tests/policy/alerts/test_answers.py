"""Seen, owned, later: what a reader's answer does to the mails that follow."""

from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from policy.actions.alerts.answers import (
    HELD,
    AnswerKey,
    acknowledge,
    acknowledge_links,
    answer_to,
    hold_snoozed,
    snooze,
    undo,
)
from policy.actions.alerts.plan import plan_alerts
from policy.domain.snooze import Snooze
from policy.models import Acknowledgement, Alert, Subscription
from policy.queries.asof import read_parameters
from policy.queries.topics import named_topic
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

TOPIC, TOLD = "ai-diffusion-comment", "2025-05-15"
D_7 = eastern(2025, 5, 8, 8)
STATE = Acknowledgement.State


@pytest.fixture
def reader() -> Subscription:
    """Somebody who was told seven days before."""
    world.comment_deadline()
    subscription = world.subscribe()
    plan_alerts(at=D_7)
    Alert.objects.update(state=Alert.State.SENT)
    return subscription


def key_of(reader: Subscription) -> AnswerKey:
    return AnswerKey(reader.subscriber_id, TOPIC, TOLD)


def put_off(reader: Subscription, days: int, at: datetime = D_7) -> Snooze | None:
    return snooze(key=key_of(reader), days=days, at=at)


def tick(at: datetime) -> list[str]:
    """Plan as the clock does, and deliver what is due; returns the keys that left."""
    plan_alerts(at=at)
    due = list(Alert.objects.sendable(at).order_by("pk"))
    leaving = [alert for alert in due if not world.why_not(alert, at)]
    sent = Alert.objects.filter(pk__in=[alert.pk for alert in leaving])
    sent.update(state=Alert.State.SENT, sent_at=at)
    return [alert.key for alert in leaving]


def world_cutoff() -> datetime:
    return eastern(2025, 5, 15, 23, 59) + timedelta(seconds=59)


def days_until(days: int) -> list[datetime]:
    return [D_7 + timedelta(days=n) for n in range(1, days + 1)]


def test_a_link_names_one_date_of_one_reader_and_is_read_back(reader: Subscription) -> None:
    key = key_of(reader)
    assert AnswerKey.read(key.signed) == key
    assert reader.subscriber.token not in key.signed


@pytest.mark.parametrize("link", ["", "nonsense", "WzEsMl0:1abc:xyz"])
def test_a_link_that_was_not_made_here_opens_nothing(link: str) -> None:
    assert AnswerKey.read(link) is None


def test_a_changed_link_opens_nothing(reader: Subscription) -> None:
    signed = key_of(reader).signed
    other = AnswerKey(reader.subscriber_id + 1, TOPIC, TOLD).signed
    payload, _, signature = signed.partition(":")
    assert AnswerKey.read(f"{other.partition(':')[0]}:{signature}") is None
    assert AnswerKey.read(signed[:-1]) is None
    assert payload


def test_a_mail_on_a_date_has_absolute_links(reader: Subscription, settings: Settings) -> None:
    links = acknowledge_links(Alert.objects.get(reason=Alert.Reason.LEAD))
    assert links["acknowledge_url"].startswith(f"{settings.SITE_URL}/subscribe/answer/")
    assert links["snooze_url"] == f"{links['acknowledge_url']}#snooze"


def test_a_mail_without_a_date_has_none(reader: Subscription) -> None:
    alert = Alert.objects.get(reason=Alert.Reason.LEAD)
    assert acknowledge_links(Alert(topic="", told="")) == {}
    alert.told = "withdrawn"
    assert acknowledge_links(alert) == {}


def test_an_answer_is_kept_and_the_last_one_counts(reader: Subscription) -> None:
    key = key_of(reader)
    acknowledge(key=key, state=STATE.SEEN, at=D_7)
    acknowledge(key=key, state=STATE.OWNED, at=D_7 + timedelta(hours=1))
    answer = Acknowledgement.objects.get()
    assert (answer.state, answer.at) == ("owned", D_7 + timedelta(hours=1))


def test_reminders_go_on_after_an_answer(reader: Subscription) -> None:
    acknowledge(key=key_of(reader), state=STATE.OWNED, at=D_7)
    assert [key[-2:] for day in days_until(7) for key in tick(day)] == ["1d", "0d"]


def test_a_snooze_brings_one_mail_when_it_ends(reader: Subscription) -> None:
    found = put_off(reader, 3)
    assert found == Snooze(eastern(2025, 5, 11, 8))
    assert [tick(day) for day in days_until(2)] == [[], []]
    (key,) = tick(eastern(2025, 5, 11, 8))
    alert = Alert.objects.get(key=key)
    assert (alert.lead, alert.not_after) == ("4d", world_cutoff())
    assert world.said(alert)["what"] == "Comments due"
    assert alert.payload["why"] == "You put this off until 11 May 2025, 08:00 Eastern."
    assert [key[-2:] for day in days_until(7)[3:] for key in tick(day)] == ["1d", "0d"]


def test_what_falls_into_a_snooze_waits_and_one_mail_stands_for_all(
    reader: Subscription,
) -> None:
    """Snoozed to the last morning: the one-day mail waits, and so does the snooze's own."""
    assert put_off(reader, 7) == Snooze(eastern(2025, 5, 15, 8))
    assert [tick(day) for day in days_until(6)] == [[]] * 6
    (key,) = tick(eastern(2025, 5, 15, 8))
    assert key.startswith("snooze:")
    assert tick(eastern(2025, 5, 15, 20)) == []
    (held,) = Alert.objects.filter(state=Alert.State.CANCELLED)
    assert (held.lead, held.last_error) == ("1d", HELD)


def test_the_mail_of_a_snooze_s_end_is_not_late(reader: Subscription) -> None:
    put_off(reader, 3)
    ends = eastern(2025, 5, 11, 8)
    (alert,) = Alert.objects.filter(state=Alert.State.QUEUED)
    assert (alert.not_before, alert.planned_at, alert.meant_for) == (ends, ends, ends)


def test_after_days_of_downtime_a_snooze_that_has_ended_brings_one_mail(
    reader: Subscription,
) -> None:
    put_off(reader, 1)
    sent = tick(eastern(2025, 5, 14, 12))
    assert [key[:5] for key in sent] in (["snooz"], ["lead:"])
    assert len(sent) == 1


def test_a_snooze_never_passes_the_cutoff(reader: Subscription) -> None:
    at = eastern(2025, 5, 13, 9)
    found = put_off(reader, 7, at)
    assert found == Snooze(eastern(2025, 5, 15, 8), clipped=True)
    assert Acknowledgement.objects.get().snoozed_until == found.until
    assert put_off(reader, 1, eastern(2025, 5, 15, 9)) is None


def test_a_second_snooze_takes_the_place_of_the_first(reader: Subscription) -> None:
    put_off(reader, 1)
    put_off(reader, 3)
    assert tick(eastern(2025, 5, 9, 8)) == []
    assert len(tick(eastern(2025, 5, 11, 8))) == 1


def test_the_same_snooze_twice_is_once(reader: Subscription) -> None:
    put_off(reader, 3)
    put_off(reader, 3)
    assert len(tick(eastern(2025, 5, 11, 8))) == 1


def test_a_snooze_is_one_reader_s(reader: Subscription) -> None:
    other = world.subscribe(email="other@example.org")
    put_off(reader, 7)
    tick(eastern(2025, 5, 14, 8))
    sent = Alert.objects.filter(subscriber=other.subscriber, state=Alert.State.SENT)
    assert sent.filter(lead="1d").exists()


def test_a_changed_date_is_told_through_a_snooze(reader: Subscription) -> None:
    put_off(reader, 7)
    later = world.source("2025-09999", "90 FR 9999", "An extension")
    at = eastern(2025, 5, 9, 9)
    deadline = world.deadline()
    world.state(deadline, date(2025, 6, 15), at=at, governs=date(2025, 5, 9), by=later)
    (key,) = tick(at)
    assert key.startswith("moved:")
    assert [key for day in days_until(7)[1:] for key in tick(day)] == []


def test_undoing_a_snooze_lets_what_waited_go(reader: Subscription) -> None:
    put_off(reader, 7)
    at = eastern(2025, 5, 14, 9)
    assert tick(at) == []
    undo(key=key_of(reader), at=at)
    assert [key[-2:] for key in tick(at)] == ["1d"]
    assert answer_to(key_of(reader)) is None
    assert [key[-2:] for key in tick(eastern(2025, 5, 15, 8))] == ["0d"]


def test_undoing_nothing_does_nothing(reader: Subscription) -> None:
    undo(key=key_of(reader), at=D_7)
    assert not Acknowledgement.objects.exists()


def test_what_waits_for_a_digest_is_held_too(reader: Subscription) -> None:
    Subscription.objects.update(delivery=Subscription.Delivery.DAILY)
    put_off(reader, 7)
    assert [tick(day) for day in days_until(6)] == [[]] * 6


def test_planning_again_holds_nothing_anew(reader: Subscription) -> None:
    put_off(reader, 7)
    held = [plan_alerts(at=eastern(2025, 5, 14, 8, n)).held for n in range(3)]
    assert held == [1, 0, 0]


def test_a_mail_that_a_sender_holds_is_let_go(reader: Subscription) -> None:
    at = eastern(2025, 5, 14, 8)
    plan_alerts(at=at)
    Alert.objects.filter(lead="1d").update(state=Alert.State.SENDING)
    put_off(reader, 1, at)
    assert Alert.objects.get(key__endswith=":1d").state == Alert.State.SENDING


def test_a_scheduled_change_can_be_answered_too() -> None:
    place = world.country()
    world.put_in_group(place, date(2025, 5, 15))
    world.subscribe("country", "kh")
    plan_alerts(at=D_7)
    alert = Alert.objects.get(reason=Alert.Reason.LEAD)
    key = AnswerKey(alert.subscriber_id, alert.topic, alert.told)
    named = named_topic(key.topic, read_parameters("", "", now=D_7))
    assert named
    assert named.about == "Cambodia"
    assert snooze(key=key, days=1, at=D_7)
    acknowledge(key=key, state=STATE.SEEN, at=D_7)
    answer = answer_to(key)
    assert answer
    assert (answer.state, answer.snoozed_until) == ("seen", eastern(2025, 5, 9, 8))


def test_where_nothing_is_put_off_holding_costs_one_question(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        assert hold_snoozed(at=D_7) == 0
