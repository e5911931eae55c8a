"""A year over the whole record, day by day, with a machine that is down at random.

What must have been told is asked of the rule in ``domain/due.py``, not of the outbox: of the
moments of a date that have come, the reader must have been told of it since the newest.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from policy.actions.alerts.deliver import deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.domain.due import ReaderClock, StatedDate, send_instant
from policy.domain.leads import Lead
from policy.models import Alert, Subscriber, Subscription
from policy.queries.asof import read_parameters
from policy.queries.deadlines import federal_calendar
from policy.queries.due_dates import Chain, chains, stated_by
from tests.policy.alerts import world

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Pacific/Honolulu",
    "Pacific/Auckland",
)
LEADS = [Lead(30), Lead(14), Lead(7), Lead(5, business=True), Lead(1), Lead(0)]
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOWNTIMES = 200
MORNING = time(8)


class Died(BaseException):
    """The machine went down; nothing catches it."""


class Mortal(EmailBackend):
    """Keeps mails, and dies with the machine before or after it took one."""

    dies_at: int | None = None
    takes_the_last = False

    def send_messages(self, messages: Any) -> int:
        if Mortal.dies_at is not None:
            Mortal.dies_at -= 1
            if Mortal.dies_at < 0:
                if Mortal.takes_the_last:
                    super().send_messages(messages)
                raise Died
        return super().send_messages(messages)


@dataclass
class Year:
    """What one simulated year brought. ``untold`` are readers who were to know and did not."""

    seed: int
    a_day: int = 1
    chance: random.Random = field(init=False)
    down: list[tuple[datetime, datetime]] = field(init=False)
    ticks: int = 0
    deaths: int = 0
    untold: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311  # no secret
        self.down = [self.downtime() for _ in range(DOWNTIMES)]

    def downtime(self) -> tuple[datetime, datetime]:
        """Most last hours, some days; up to a week."""
        start = FIRST + self.chance.random() * 365 * DAY
        return start, start + HOUR * min(self.chance.expovariate(1 / 12), 7 * 24)

    def run(self) -> None:
        readers = [
            world.subscribe_to_everything(email=f"r{number}@example.org", leads=[], at=FIRST - DAY)
            for number in range(len(ZONES) * 2)
        ]
        for number, wish in enumerate(readers):
            choose(wish, ZONES[number % len(ZONES)], self.chance)
        for at in self.instants():
            if not any(start <= at < end for start, end in self.down):
                self.tick(at)
        # The machine stays up at last: what was begun is settled.
        for hours in (1, 2, 3):
            self.tick(FIRST + 365 * DAY + hours * HOUR, dies=False)

    def instants(self) -> Iterator[datetime]:
        """Each day at some moments."""
        for number in range(365 * self.a_day):
            yield FIRST + (number + self.chance.random()) * DAY / self.a_day

    def tick(self, at: datetime, *, dies: bool = True) -> None:
        self.ticks += 1
        Mortal.dies_at = self.chance.randrange(8) if dies else None
        Mortal.takes_the_last = self.chance.random() < 0.5
        plan_alerts(at=at)
        try:
            deliver_alerts(clock=lambda: at)
        except Died:
            self.deaths += 1
            return
        self.untold += [f"{at:%Y-%m-%d %H:%M}: {missing}" for missing in untold(at)]


def choose(wish: Subscription, zone: str, chance: random.Random) -> None:
    wish.set_leads(chance.sample(LEADS, 3))
    hour = chance.choice([MORNING, time(0), time(20, 30)])
    Subscriber.objects.filter(pk=wish.subscriber_id).update(zone=zone, hour=hour)


def untold(at: datetime) -> list[str]:
    """Who has not been told of what, though a moment for it has come by the instant ``at``."""
    reading = read_parameters("", "", now=at)
    calendar = federal_calendar(reading)
    told = {
        (reader, topic, code, planned_at)
        for reader, topic, code, planned_at in Alert.objects.filter(
            state=Alert.State.SENT
        ).values_list("subscriber", "topic", "told", "planned_at")
    }
    missing = []
    wishes = list(Subscription.objects.active().select_related("subscriber"))
    for slug, stated in standing(chains(), reading.revision_number, reading.today, at):
        for wish in wishes:
            clock = ReaderClock(wish.subscriber.zone, wish.subscriber.hour)
            moments = [send_instant(stated, lead, clock, calendar) for lead in wish.leads]
            come = [moment for moment in moments if moment <= at]
            if any(at < moment and clock.day_of(moment) == clock.day_of(at) for moment in moments):
                # A missed one is held back: two mails on one day would say the same.
                continue
            key = (wish.subscriber_id, slug, stated.code)
            if come and not any(row[:3] == key and row[3] >= max(come) for row in told):
                missing.append(f"{wish.subscriber.email} of {slug} on {stated.code}")
    return missing


def standing(
    held: dict[str, Chain], revision: int, today: date, at: datetime
) -> Iterator[tuple[str, StatedDate]]:
    """The exact dates that one can still act on."""
    for slug, chain in held.items():
        row = chain.governing(revision, today)
        stated = stated_by(row) if row else None
        if stated and stated.cutoff and at <= stated.cutoff:
            yield slug, stated


def twice() -> dict[str, int]:
    """The mails that were sent more than once, by Message-ID."""
    came = Counter(message.extra_headers["Message-ID"] for message in mail.outbox)
    return {name: count for name, count in came.items() if count > 1}
