"""A digest on its way: what is no longer true stays out, and its parts share its end."""

import smtplib
from datetime import date, timedelta

import pytest
from django.core import mail

from policy.actions.alerts.bounces import resume_address
from policy.actions.alerts.deliver import Delivered, deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.actions.alerts.resend import NotPossible, resend_alert
from policy.actions.alerts.subscribe import end_subscription
from policy.models import Alert, Subscriber, Subscription
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

SLOT = eastern(2025, 5, 8, 8)
MINUTE = timedelta(minutes=1)
DUE = date(2025, 5, 15)


@pytest.fixture
def subscription() -> Subscription:
    """One reader of a daily digest, with two dates in it."""
    world.comment_deadline()
    second = world.deadline("ai-diffusion-effective", "effective", "Takes effect")
    world.state(second, DUE, baseline=True)
    found = world.subscribe(leads=[7])
    Subscription.objects.update(delivery=Subscription.Delivery.DAILY)
    assert plan_alerts(at=SLOT).digests == 1
    return found


def deliver(after: timedelta = MINUTE) -> Delivered:
    return deliver_alerts(clock=lambda: SLOT + after)


def states() -> dict[str, str]:
    rows = Alert.objects.order_by("pk").values_list("topic", "reason", "state")
    return {topic or reason: state for topic, reason, state in rows}


def everywhere(state: str) -> dict[str, str]:
    return dict.fromkeys(states(), state)


@pytest.mark.usefixtures("subscription")
def test_its_parts_are_sent_with_it() -> None:
    assert deliver() == Delivered(sent=1)
    assert len(states()) == 3
    assert states() == everywhere("sent")
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("subscription")
def test_a_date_that_moved_just_before_does_not_go_out_in_it() -> None:
    later = world.source("2025-09999", "90 FR 20000", "Extension of comment period")
    world.state(world.deadline(), date(2025, 6, 16), at=SLOT, governs=SLOT.date(), by=later)
    assert deliver() == Delivered(sent=1)
    assert states() == {
        "ai-diffusion-comment": "cancelled",
        "ai-diffusion-effective": "sent",
        "digest": "sent",
    }
    assert "Comments due" not in str(mail.outbox[0].body)


@pytest.mark.usefixtures("subscription")
def test_with_nothing_left_to_tell_it_is_not_sent() -> None:
    assert deliver(timedelta(days=8)) == Delivered(cancelled=1)
    assert states() == everywhere("cancelled")


def test_it_ends_with_its_subscription(subscription: Subscription) -> None:
    end_subscription(subscription=subscription, at=SLOT)
    assert deliver() == Delivered(cancelled=1)
    assert states() == everywhere("cancelled")


@pytest.mark.usefixtures("subscription")
def test_one_that_bounced_goes_out_with_its_parts_once_the_address_takes_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(*_args: object) -> None:
        raise smtplib.SMTPRecipientsRefused({"reader@example.org": (550, b"no such user")})

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuses)
        assert deliver() == Delivered(failed=1)
    assert states() == everywhere("failed")
    assert resume_address(subscriber=Subscriber.objects.get(), at=SLOT + 2 * MINUTE) == 1
    assert deliver(2 * MINUTE) == Delivered(sent=1)
    assert states() == everywhere("sent")


@pytest.mark.usefixtures("subscription")
def test_its_parts_are_sent_once_more_not_itself() -> None:
    deliver()
    digest, part = (Alert.objects.filter(reason=reason)[0] for reason in ("digest", "lead"))
    with pytest.raises(NotPossible, match="A digest cannot be sent once more"):
        resend_alert(alert=digest, by="Ada", because="lost", at=SLOT + MINUTE)
    resend_alert(alert=part, by="Ada", because="lost", at=SLOT + MINUTE)
    assert deliver(2 * MINUTE) == Delivered(sent=1)
