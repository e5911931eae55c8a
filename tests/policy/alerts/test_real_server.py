"""Delivery through a real SMTP server that answers 421, 450, 550, late, or not at all."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import Settings

from policy.actions.alerts.deliver import Delivered, deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.models import Alert, SendAttempt, Subscriber
from tests.policy.alerts import world
from tests.policy.alerts.smtp_server import Answers, free_port, smtp_server
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 8)
MINUTE = timedelta(minutes=1)
READER = "reader@example.org"


@pytest.fixture
def server(settings: Settings) -> Iterator[Answers]:
    answers = Answers()
    with smtp_server(answers) as port:
        settings.EMAIL_BACKEND = "policy.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.5
        yield answers


@pytest.fixture
def alert() -> Alert:
    world.comment_deadline()
    world.subscribe(email=READER)
    plan_alerts(at=D_7)
    return Alert.objects.get()


def deliver(after: timedelta = MINUTE) -> Delivered:
    return deliver_alerts(clock=lambda: D_7 + after)


def outcomes() -> list[str]:
    return list(SendAttempt.objects.values_list("outcome", flat=True))


def test_a_mail_reaches_the_server_as_it_is_stored(server: Answers, alert: Alert) -> None:
    assert deliver() == Delivered(sent=1)
    alert.refresh_from_db()
    (taken,) = server.taken
    assert taken["Message-ID"] == alert.message_id
    assert f"Message-ID: {alert.message_id}" in alert.sent_content
    assert outcomes() == []


@pytest.mark.parametrize(
    ("answer", "wait", "outcome"),
    [
        ("421 closing", timedelta(minutes=1), "soon"),
        ("450 greylisted", timedelta(minutes=5), "late"),
        ("451 local error", timedelta(minutes=5), "late"),
        ("452 4.2.2 full", timedelta(minutes=5), "late"),
    ],
)
def test_a_recipient_that_is_refused_for_now_is_tried_again(
    server: Answers, alert: Alert, answer: str, wait: timedelta, outcome: str
) -> None:
    server.recipient[READER] = answer
    assert deliver().retried == 1
    alert.refresh_from_db()
    assert (alert.state, alert.not_before) == ("queued", D_7 + MINUTE + wait)
    assert outcomes() == [outcome]
    assert answer[:3] in SendAttempt.objects.get().text
    del server.recipient[READER]
    assert deliver(MINUTE + wait).sent == 1
    assert server.ids == [alert.message_id]


def test_a_recipient_that_does_not_exist_is_paused_and_not_tried_again(
    server: Answers, alert: Alert
) -> None:
    server.recipient[READER] = "550 5.1.1 no such user"
    assert deliver() == Delivered(failed=1)
    assert deliver(timedelta(hours=5)) == Delivered()
    alert.refresh_from_db()
    assert alert.state == "failed"
    assert outcomes() == ["bounced"]
    reader = Subscriber.objects.get()
    assert reader.paused_at == D_7 + MINUTE
    assert "no such user" in reader.paused_because


def test_a_mail_that_is_refused_for_what_it_says_pauses_nobody(
    server: Answers, alert: Alert
) -> None:
    server.content[READER] = "554 refused as spam"
    assert deliver() == Delivered(failed=1)
    assert outcomes() == ["permanent"]
    assert Subscriber.objects.get().paused_at is None


def test_a_server_that_refuses_us_blames_no_mail(server: Answers, alert: Alert) -> None:
    server.sender = "550 who are you"
    assert deliver().retried == 1
    assert outcomes() == ["late"]
    assert Subscriber.objects.get().paused_at is None


@pytest.mark.parametrize("kind", ["silent", "hangs_up"])
def test_an_answer_that_never_comes_is_marked_and_the_mail_keeps_its_id(
    server: Answers, alert: Alert, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    getattr(server, kind).add(READER)
    assert deliver().retried == 1
    alert.refresh_from_db()
    assert alert.maybe_sent
    assert outcomes() == ["maybe"]
    assert f"no answer, may be sent twice: {alert.message_id}" in caplog.messages
    getattr(server, kind).clear()
    with caplog.at_level(logging.WARNING):
        assert deliver(2 * MINUTE).sent == 1
    assert server.ids == [alert.message_id] * 2, "a reader's program sees that it is one mail"
    assert f"sent again, may have arrived twice: {alert.message_id}" in caplog.messages


def test_a_connection_that_breaks_before_the_mail_is_out_raises_no_doubt(
    server: Answers, alert: Alert
) -> None:
    server.content[READER] = "421 closing"
    assert deliver().retried == 1
    alert.refresh_from_db()
    assert not alert.maybe_sent
    assert outcomes() == ["soon"]


def test_a_server_that_nobody_reaches_costs_no_attempt(settings: Settings, alert: Alert) -> None:
    free = free_port()
    settings.EMAIL_BACKEND = "policy.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free
    for minute in range(3):
        assert "refused" in deliver(minute * MINUTE).unreachable.lower()
    alert.refresh_from_db()
    assert (alert.state, alert.attempts, outcomes()) == ("queued", 0, [])
    with smtp_server(answers := Answers(), free):
        assert deliver(4 * MINUTE).sent == 1
    assert answers.ids == [alert.message_id]


def test_one_refusal_in_a_session_does_not_hold_up_the_others(server: Answers) -> None:
    world.comment_deadline()
    for letter in "abc":
        world.subscribe(email=f"{letter}@example.org")
    plan_alerts(at=D_7)
    server.recipient["b@example.org"] = "550 no such box"
    assert deliver() == Delivered(sent=2, failed=1)
    assert sorted(str(m["To"]) for m in server.taken) == ["a@example.org", "c@example.org"]


def test_what_is_stored_is_byte_for_byte_what_the_server_took(
    server: Answers, alert: Alert
) -> None:
    deliver()
    alert.refresh_from_db()
    taken = server.taken[0].as_bytes().replace(b"\r\n", b"\n")
    kept = alert.sent_content.encode().replace(b"\r\n", b"\n")
    body = kept.partition(b"\n\n")[2]
    assert taken.endswith(body)
    assert kept.count(b"BEGIN:VCALENDAR") + kept.count(b"text/calendar") > 0
