"""Time: a year with 200 downtimes, its end, a clock set back, and a week without a machine."""

import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db.models import F
from pytest_django import Settings

from policy.actions.alerts.deliver import deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.actions.load_record import load_record
from policy.models import Alert, Deadline
from tests.faults.year import DOWNTIMES, FIRST, Died, Mortal, Year, twice
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mortal(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{Mortal.__module__}.{Mortal.__name__}"
    Mortal.dies_at = None


def tick(at: datetime) -> int:
    """Plan and deliver at one instant; returns how many mails left."""
    plan_alerts(at=at)
    return deliver_alerts(clock=lambda: at).sent


def test_a_year_with_200_downtimes_leaves_nobody_untold() -> None:
    load_record(at=FIRST - timedelta(days=30), by="tests")
    year = Year(seed=random.SystemRandom().randrange(10**6))
    year.run()
    print(f"seed {year.seed}: {year.ticks} ticks, {year.deaths} deaths, {len(mail.outbox)} mails")
    assert year.ticks < 365
    assert len(year.down) == DOWNTIMES
    assert year.untold == [], f"seed {year.seed}"
    again = twice()
    marked = Alert.objects.filter(maybe_sent=True).values_list("message_id", flat=True)
    assert set(again) <= set(marked), f"seed {year.seed}"
    assert sum(again.values()) - len(again) <= year.deaths
    assert not Alert.objects.filter(sent_at__gt=F("not_after")).exists()
    rows = Alert.objects.filter(state=Alert.State.SENT).values_list("message_id", flat=True)
    assert len(set(rows)) == len(rows)
    assert set(rows) <= set(sent_ids())
    # One that arrived as its sender died may have become untrue before the machine was back.
    assert set(sent_ids()) - set(rows) <= set(marked), f"seed {year.seed}"


def sent_ids() -> list[str]:
    return [message.extra_headers["Message-ID"] for message in mail.outbox]


def test_over_the_end_of_a_year_each_lead_comes_once_on_its_day() -> None:
    world.state(world.deadline(), date(2026, 1, 7), baseline=True)
    world.subscribe(leads=[14, 7, 1, 0])
    at, days = eastern(2025, 12, 20), []
    while at < eastern(2026, 1, 9):
        days += [f"{at:%Y-%m-%d}"] * tick(at)
        at += timedelta(hours=4)
    assert days == ["2025-12-24", "2025-12-31", "2026-01-06", "2026-01-07"]


def test_a_clock_that_is_set_back_loses_no_mail_and_repeats_none() -> None:
    world.comment_deadline()
    world.subscribe(leads=[7, 1])
    sent = Counter[str]()
    # On 8 May the clock runs three days ahead for a while, and is then set right.
    for day, hour in ((8, 9), (11, 9), (8, 10), (9, 9), (11, 10), (14, 9), (12, 9), (14, 10)):
        sent[f"{day} May"] += tick(eastern(2025, 5, day, hour))
    assert sent == Counter({"8 May": 1, "14 May": 1, "11 May": 0, "9 May": 0, "12 May": 0})


def test_a_lease_that_a_clock_ahead_gave_ends_when_time_comes_there() -> None:
    world.comment_deadline()
    world.subscribe(leads=[7])
    ahead = eastern(2025, 5, 8, 9)
    Mortal.dies_at = 0
    with pytest.raises(Died):
        tick(ahead)
    Mortal.dies_at = None
    assert tick(ahead - timedelta(hours=2)) == 0
    assert tick(ahead + timedelta(minutes=7)) == 1
    assert Alert.objects.get().maybe_sent


def test_after_seven_days_without_a_machine_each_due_mail_comes_once_and_says_it_is_late() -> None:
    days = {"first": date(2025, 5, 15), "second": date(2025, 5, 16), "third": date(2025, 5, 20)}
    for slug, day in days.items():
        world.state(world.deadline(slug=slug, label=f"The {slug}"), day, baseline=True)
    gone = world.deadline(slug="gone", label="The withdrawn")
    world.state(gone, date(2025, 5, 17), baseline=True)
    for number in range(5):
        world.subscribe(email=f"r{number}@example.org", leads=[7, 6, 5, 1])
    assert tick(eastern(2025, 5, 7, 9)) == 0
    withdraw(gone, at=eastern(2025, 5, 9, 9))
    # From 8 May on nothing runs; the machine is back a week later, before anything has closed.
    back = eastern(2025, 5, 14, 23)
    assert tick(back) == 5 * len(days) + tick_of_withdrawal()
    assert tick(back + timedelta(minutes=1)) == 0
    leads = [message for message in mail.outbox if "The withdrawn" not in message.subject]
    assert len(leads) == 5 * len(days)
    assert all("is late" in message.body or "late" in message.body for message in leads)
    assert not Alert.objects.filter(topic="gone", reason=Alert.Reason.LEAD).exists()
    assert not tick(datetime(2025, 5, 17, 12, tzinfo=UTC)) or not about("gone")


def withdraw(deadline: Deadline, *, at: datetime) -> None:
    world.state(deadline, None, at=at, governs=date(2025, 5, 9), withdrawn=True)


def tick_of_withdrawal() -> int:
    """Everybody is told once that the date was withdrawn."""
    return Alert.objects.filter(topic="gone", reason=Alert.Reason.MOVED).count()


def about(topic: str) -> int:
    return Alert.objects.filter(topic=topic, reason=Alert.Reason.LEAD).count()
