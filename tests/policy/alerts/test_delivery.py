"""Delivering the outbox: each mail once, none lost, whatever the server answers."""

import smtplib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar
from uuid import uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import OperationalError
from pytest_django import Settings

from policy.actions.alerts import deliver as delivering
from policy.actions.alerts import settle as settling
from policy.actions.alerts.claim import LEASE, begin, claim_batch
from policy.actions.alerts.deliver import Delivered, deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.actions.alerts.subscribe import end_subscription
from policy.domain.delivery import LATE_AFTER
from policy.models import Alert, SendAttempt
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 8)
MINUTE = timedelta(minutes=1)


class Server(EmailBackend):
    """A mail server that answers as a test says, address by address."""

    answers: ClassVar[dict[str, Exception]] = {}
    is_away: ClassVar[bool] = False

    def open(self) -> bool:
        if self.is_away:
            raise ConnectionRefusedError("nobody listens")
        return True

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        for message in messages:
            answer = self.answers.get(message.to[0])
            if answer is not None:
                raise answer
        return super().send_messages(messages)


@pytest.fixture
def server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> type[Server]:
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    monkeypatch.setattr(Server, "answers", {})
    monkeypatch.setattr(Server, "is_away", False)
    return Server


def deliver(after: timedelta = MINUTE) -> Delivered:
    return deliver_alerts(clock=lambda: D_7 + after)


def planned(*emails: str) -> list[Alert]:
    """A reminder for each address, ready to go out seven days ahead."""
    world.comment_deadline()
    for email in emails or ("reader@example.org",):
        world.subscribe(email=email)
    plan_alerts(at=D_7)
    return list(Alert.objects.order_by("pk"))


def states() -> list[str]:
    return list(Alert.objects.order_by("pk").values_list("state", flat=True))


def test_a_mail_goes_out_once_and_is_kept_as_it_was_sent() -> None:
    planned()
    assert [deliver().sent for _ in range(3)] == [1, 0, 0]
    (sent,) = mail.outbox
    alert = Alert.objects.get()
    assert (alert.state, alert.sent_at, alert.attempts) == ("sent", D_7 + MINUTE, 1)
    assert sent.extra_headers["Message-ID"] == alert.message_id
    assert str(alert.message_id) in alert.sent_content
    assert "Subject: Comments due in 7 days" in alert.sent_content


def test_nothing_leaves_before_it_is_due() -> None:
    planned()
    Alert.objects.update(not_before=D_7 + timedelta(hours=1))
    assert deliver() == Delivered()
    assert deliver(timedelta(hours=1)).sent == 1


def test_the_oldest_goes_first() -> None:
    first, second = planned("a@example.org", "b@example.org")
    Alert.objects.filter(pk=first.pk).update(not_before=D_7 + timedelta(seconds=30))
    deliver()
    assert [message.to[0] for message in mail.outbox] == ["b@example.org", "a@example.org"]
    assert second.subscriber.email == "b@example.org"


def test_of_two_senders_one_wins_a_row() -> None:
    planned()
    assert len(claim_batch(at=D_7)) == 1
    assert claim_batch(at=D_7) == []
    assert deliver() == Delivered()
    assert Alert.objects.get().attempts == 1


def test_what_a_dead_sender_held_goes_out_again_under_the_same_message_id() -> None:
    planned()
    (alert,) = claim_batch(at=D_7)
    assert begin(alert, at=D_7)
    assert deliver(LEASE).sent == 0
    done = deliver(LEASE + MINUTE)
    assert (done.requeued, done.sent) == (1, 1)
    assert mail.outbox[0].extra_headers["Message-ID"] == alert.message_id
    sent = Alert.objects.get()
    assert sent.maybe_sent, "the first sender may have sent it"
    assert SendAttempt.objects.get().outcome == SendAttempt.Outcome.LEASE_ENDED


def test_what_a_dead_sender_had_not_begun_to_send_is_not_suspected_of_being_sent() -> None:
    planned()
    claim_batch(at=D_7)
    assert deliver(LEASE + MINUTE).sent == 1
    alert = Alert.objects.get()
    assert (alert.maybe_sent, alert.attempts) == (False, 1)
    assert not SendAttempt.objects.exists()


def test_a_server_that_is_away_costs_no_mail_an_attempt(server: type[Server]) -> None:
    planned("a@example.org", "b@example.org")
    server.is_away = True
    for minute in range(30):
        done = deliver(minute * MINUTE)
        assert done.unreachable == "nobody listens"
    assert list(Alert.objects.values_list("state", "attempts")) == [("queued", 0)] * 2
    server.is_away = False
    assert deliver(timedelta(hours=1)).sent == 2


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"b@example.org": (550, b"no such box")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"b@example.org": (450, b"box is busy")}), "queued"),
        (smtplib.SMTPDataError(554, b"refused as spam"), "failed"),
        (smtplib.SMTPDataError(451, b"try again"), "queued"),
        (smtplib.SMTPSenderRefused(550, b"who are you", "alerts@earmark.example"), "queued"),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), "queued"),
        (smtplib.SMTPServerDisconnected("gone"), "queued"),
        (TimeoutError("too slow"), "queued"),
        (ValueError("a bug of ours"), "queued"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_only_what_is_wrong_with_a_mail_itself_ends_it(
    server: type[Server], answer: Exception, state: str
) -> None:
    planned("b@example.org")
    server.answers["b@example.org"] = answer
    deliver()
    alert = Alert.objects.get()
    assert alert.state == state
    assert alert.leased_until is None
    assert type(answer).__name__ in alert.last_error


def test_one_mail_that_cannot_be_sent_holds_up_no_other(server: type[Server]) -> None:
    planned("a@example.org", "b@example.org", "c@example.org")
    server.answers["b@example.org"] = smtplib.SMTPDataError(451, b"try again")
    done = deliver()
    assert (done.sent, done.retried) == (2, 1)
    assert states() == ["sent", "queued", "sent"]


def test_a_mail_is_tried_again_later_and_later_and_then_given_up(server: type[Server]) -> None:
    planned()
    Alert.objects.update(not_after=None, topic="")
    server.answers["reader@example.org"] = smtplib.SMTPDataError(451, b"try again")
    after = MINUTE
    for attempt, delay in enumerate(LATE_AFTER, start=1):
        assert deliver(after).retried == 1
        alert = Alert.objects.get()
        assert alert.attempts == attempt
        assert alert.not_before == D_7 + after + delay
        assert deliver(after + delay - timedelta(seconds=1)) == Delivered()
        after += delay
    assert deliver(after).failed == 1
    assert states() == ["failed"]
    assert deliver(after + timedelta(days=9)) == Delivered()
    outcomes = list(SendAttempt.objects.values_list("outcome", flat=True))
    assert outcomes == ["late"] * len(LATE_AFTER) + ["given_up"]


def test_a_server_that_breaks_every_connection_is_left_alone_until_the_next_run(
    server: type[Server],
) -> None:
    addresses = [f"{letter}@example.org" for letter in "abcde"]
    planned(*addresses)
    for address in addresses:
        server.answers[address] = smtplib.SMTPServerDisconnected("gone")
    done = deliver()
    assert (done.retried, done.unreachable) == (3, "SMTPServerDisconnected: gone")
    tried = [*Alert.objects.order_by("pk").values_list("attempts", "state")]
    assert tried == [(1, "queued")] * 3 + [(0, "queued")] * 2


def test_nobody_gets_a_mail_that_is_no_longer_wanted() -> None:
    (alert,) = planned()
    end_subscription(subscription=alert.subscription, at=D_7)
    assert deliver().cancelled == 1
    assert mail.outbox == []
    assert Alert.objects.get().last_error == "The subscription has ended."


def test_nobody_gets_a_reminder_of_a_date_that_has_passed() -> None:
    planned()
    assert deliver(timedelta(days=9)).cancelled == 1
    assert Alert.objects.get().last_error == "The date had passed before the mail could be sent."


def test_nobody_gets_a_date_that_has_moved_since_it_was_planned() -> None:
    planned()
    later = world.source("2025-09999", "90 FR 20000", "Extension of comment period")
    world.state(world.deadline(), date(2025, 6, 16), at=D_7, governs=D_7.date(), by=later)
    assert deliver().cancelled == 1
    assert Alert.objects.get().last_error == "The date is now 16 June 2025."


def test_a_mail_that_leaves_late_says_so() -> None:
    planned()
    deliver(timedelta(hours=5))
    assert "This mail is late: it was ready on 8 May 2025, 08:00 Eastern" in mail.outbox[0].body


def test_a_run_ends_before_the_next_is_due() -> None:
    planned("a@example.org", "b@example.org", "c@example.org")
    clock = iter(D_7 + timedelta(seconds=20 * n) for n in range(100))
    assert deliver_alerts(clock=lambda: next(clock)).sent < 3
    assert "queued" in states()
    left = Alert.objects.filter(state=Alert.State.QUEUED)
    assert set(left.values_list("lease", "leased_until", "attempts")) == {(None, None, 0)}


def test_what_was_not_reached_goes_back_even_where_a_run_breaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    planned("a@example.org", "b@example.org", "c@example.org")

    def breaks(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(settling, "mark_sent", breaks)
    with pytest.raises(OperationalError):
        deliver()
    # The server has the first: only its lease says so.
    assert states() == ["sending", "queued", "queued"]
    monkeypatch.undo()
    assert deliver(LEASE + 2 * MINUTE).sent == 3
    assert list(Alert.objects.order_by("pk").values_list("maybe_sent", flat=True)) == [
        *(True, False, False)
    ]


def test_a_mail_is_sent_once_more_only_by_who_still_holds_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sender that was stopped for longer than its lease finds its row taken."""
    planned()

    def stolen(alert: Alert, **_kwargs: object) -> bool:
        Alert.objects.filter(pk=alert.pk).update(lease=uuid4())
        return begin(alert, at=D_7)

    monkeypatch.setattr(delivering, "begin", stolen)
    assert deliver().sent == 0
    assert mail.outbox == []
