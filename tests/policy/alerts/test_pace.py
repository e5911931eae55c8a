"""No domain gets more mails a minute than it is willing to take; what is over waits."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from pytest_django import Settings

from policy.actions.alerts.claim import claim_batch
from policy.actions.alerts.deliver import Delivered, deliver_alerts
from policy.actions.alerts.pace import domain_of
from policy.actions.alerts.plan import plan_alerts
from policy.models import Alert
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 8)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def pace(settings: Settings) -> None:
    settings.MAILS_PER_DOMAIN = 3


def planned(**domains: int) -> None:
    world.comment_deadline()
    for domain, count in domains.items():
        for number in range(count):
            world.subscribe(email=f"reader{number}@{domain}.example", leads=[7])
    plan_alerts(at=D_7)


def deliver(at: datetime, size: int = 50) -> Delivered:
    return deliver_alerts(clock=lambda: at, size=size)


def sent_to(domain: str) -> int:
    return sum(domain_of(message.to[0]) == f"{domain}.example" for message in mail.outbox)


def test_what_is_over_the_pace_waits_a_minute_and_has_not_failed() -> None:
    planned(big=8)
    for minute, sent in enumerate([3, 3, 2, 0]):
        assert deliver(D_7 + minute * MINUTE).sent == sent
    assert set(Alert.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_within_the_minute_nothing_more_leaves_whoever_sends() -> None:
    planned(big=5)
    assert deliver(D_7).sent == 3
    assert deliver(D_7 + timedelta(seconds=59)) == Delivered()


def test_another_domain_does_not_wait() -> None:
    planned(big=6, small=2)
    assert deliver(D_7).sent == 5
    assert (sent_to("big"), sent_to("small")) == (3, 2)


def test_a_small_batch_does_not_hide_what_other_batches_sent() -> None:
    planned(big=6)
    assert deliver(D_7, size=1).sent == 3


def test_what_another_sender_holds_counts() -> None:
    planned(big=5)
    assert len(claim_batch(at=D_7, size=2)) == 2
    assert deliver(D_7).sent == 1


def test_a_long_queue_is_spread_over_the_minutes_ahead_at_once() -> None:
    planned(big=14)
    done = deliver(D_7, size=4)
    assert (done.sent, done.put_off) == (3, 11)
    rows = Alert.objects.filter(state=Alert.State.QUEUED)
    ahead = sorted((alert.not_before - D_7) // MINUTE for alert in rows)
    assert ahead == [1] * 4 + [2] * 3 + [3] * 3 + [4]


def test_no_limit_is_no_limit(settings: Settings) -> None:
    settings.MAILS_PER_DOMAIN = 0
    planned(big=8)
    assert deliver(D_7) == Delivered(sent=8)


def test_addresses_of_one_domain_are_told_by_what_stands_behind_the_last_at_sign() -> None:
    assert domain_of('"a@b"@Example.ORG') == "example.org"
    planned(big=3, notbig=3)
    assert deliver(D_7).sent == 6
