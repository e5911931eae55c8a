"""No recipient domain gets more mails a minute than it is willing to take.

The count is of the rows themselves, so that all senders share it. What is over the pace is put
off and has not failed.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from policy.actions.alerts.claim import put_off
from policy.models import Alert

MINUTE = timedelta(minutes=1)
# So many minutes of a domain's queue are spread out at once; the rest waits for the next one.
SPREAD = 10


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].lower()


def within_pace(batch: Sequence[Alert], *, at: datetime) -> tuple[list[Alert], int]:
    """The rows of a claim that may leave at ``at``, and how many were put off."""
    limit = settings.MAILS_PER_DOMAIN
    if not limit or not batch or others(batch, at).count() + len(batch) <= limit:
        return list(batch), 0
    mine = Alert.objects.filter(pk__in=[alert.pk for alert in batch])
    domains = {pk: domain_of(a) for pk, a in mine.values_list("pk", "subscriber__email")}
    left = room(others(batch, at), limit)
    go: list[Alert] = []
    over: list[Alert] = []
    for alert in batch:
        domain = domains[alert.pk]
        (go if left[domain] > 0 else over).append(alert)
        left[domain] -= 1
    late = put_off(over, until=at + MINUTE)
    return go, late + spread({domains[alert.pk] for alert in over}, at=at, limit=limit)


def others(batch: Sequence[Alert], at: datetime) -> QuerySet[Alert]:
    """What left in the last minute, and what other senders hold just now."""
    left, held = Q(sent_at__gt=at - MINUTE), Q(lease__isnull=False)
    return Alert.objects.filter(left | held).exclude(pk__in=[alert.pk for alert in batch])


def room(taken: QuerySet[Alert], limit: int) -> defaultdict[str, int]:
    """By domain, how many mails may still leave within the minute."""
    left: defaultdict[str, int] = defaultdict(lambda: limit)
    for address in taken.values_list("subscriber__email", flat=True).iterator():
        left[domain_of(address)] -= 1
    return left


def spread(domains: Iterable[str], *, at: datetime, limit: int) -> int:
    """Put off what else waits for a full domain, a minute's worth to each minute ahead.

    Otherwise each run would claim the same rows in vain and find no others.
    """
    count = 0
    for domain in domains:
        due = Alert.objects.sendable(at).filter(subscriber__email__endswith=f"@{domain}")
        for minute in range(1, SPREAD + 1):
            portion = list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:limit])
            if not portion:
                break
            rows = Alert.objects.filter(pk__in=portion, state=Alert.State.QUEUED)
            count += rows.update(not_before=at + minute * MINUTE)
        else:
            count += due.update(not_before=at + (SPREAD + 1) * MINUTE)
    return count
