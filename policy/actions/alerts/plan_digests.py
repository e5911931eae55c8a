"""Gathering what waits into one mail a day or a week.

A digest has a slot: the reader's hour on each day, or on one day of the week, in the reader's
zone. What was due by then goes into it. What would be too late in the next digest does not wait.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from policy.actions.alerts.outbox import new_alert, put
from policy.domain.due import ReaderClock, StatedDate, last_slot, next_slot
from policy.models import Alert, Subscription


@dataclass(frozen=True)
class Rhythm:
    """The readers whose digests leave at the same instants; ``weekday`` is None for daily."""

    clock: ReaderClock
    weekday: int | None

    def last(self, at: datetime) -> datetime:
        return last_slot(self.clock, self.weekday, at)

    def next(self, at: datetime) -> datetime:
        return next_slot(self.clock, self.weekday, at)

    @property
    def waiting(self) -> QuerySet[Alert]:
        """The mails that wait for a digest of this rhythm."""
        delivery = Subscription.Delivery
        rows = Alert.objects.filter(
            state=Alert.State.COLLECTED,
            digest=None,
            subscriber__zone=self.clock.zone,
            subscriber__hour=self.clock.hour,
        )
        if self.weekday is None:
            return rows.filter(subscription__delivery=delivery.DAILY)
        return rows.filter(
            subscription__delivery=delivery.WEEKLY, subscription__weekday=self.weekday
        )


def plan_digests(*, at: datetime) -> int:
    """Put the digests whose slot has come into the outbox; returns how many."""
    count = 0
    for rhythm in rhythms():
        count += gather(rhythm, at)
        release(rhythm, at)
    release_orphans()
    return count


def rhythms() -> Iterator[Rhythm]:
    """Every rhythm that something waits for."""
    rows = Alert.objects.filter(state=Alert.State.COLLECTED, digest=None)
    rows = rows.exclude(subscription__delivery=Subscription.Delivery.IMMEDIATE)
    names = (
        "subscriber__zone",
        "subscriber__hour",
        "subscription__delivery",
        "subscription__weekday",
    )
    found = {
        Rhythm(
            ReaderClock(zone, hour), weekday if delivery == Subscription.Delivery.WEEKLY else None
        )
        for zone, hour, delivery, weekday in rows.order_by().values_list(*names).distinct()
    }
    yield from found


def gather(rhythm: Rhythm, at: datetime) -> int:
    """One mail for each subscription that something waits for since before the last slot."""
    slot = rhythm.last(at)
    due = rhythm.waiting.annotate(due_at=Coalesce("meant_for", "planned_at"))
    due = due.filter(due_at__lte=slot)
    subscriptions = Subscription.objects.filter(pk__in=due.values("subscription"))
    digests = [digest_of(subscription, slot, at) for subscription in subscriptions]
    put(digests)
    of_slot = Alert.objects.filter(
        reason=Alert.Reason.DIGEST, subscription=OuterRef("subscription"), planned_at=at
    )
    due.update(digest=Subquery(of_slot.order_by("-pk").values("pk")[:1]))
    return len(digests)


def digest_of(subscription: Subscription, slot: datetime, at: datetime) -> Alert:
    alert = new_alert(
        subscription=subscription,
        key=f"digest:{subscription.pk}:{slot:%Y-%m-%dT%H:%M}:{at.timestamp():.0f}",
        reason=Alert.Reason.DIGEST,
        own={"label": subscription.label},
        at=at,
    )
    alert.meant_for = slot
    return alert


def release(rhythm: Rhythm, at: datetime) -> None:
    """What the next digest would bring too late goes out by itself."""
    following = rhythm.next(at)
    rows = rhythm.waiting.exclude(told="").values_list("pk", "told")
    late = [pk for pk, told in rows if is_too_late(told, following)]
    Alert.objects.filter(pk__in=late).update(state=Alert.State.QUEUED)


def is_too_late(told: str, following: datetime) -> bool:
    cutoff = StatedDate.from_code(told).cutoff
    return cutoff is not None and cutoff < following


def release_orphans() -> None:
    """What was collected for a subscription that has come to want its mail at once."""
    rows = Alert.objects.filter(state=Alert.State.COLLECTED, digest=None)
    orphans = rows.filter(subscription__delivery=Subscription.Delivery.IMMEDIATE)
    orphans.update(state=Alert.State.QUEUED, not_before=F("planned_at"))
