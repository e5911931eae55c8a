"""How long planning takes, and how its cost grows: readers times dates times lead times.

    python -m tests.bench.planning_bench [READERS DATES]

Plans on the database of DATABASE_URL, which must be empty, and prints JSON.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Tokyo",
    "Pacific/Honolulu",
    "Pacific/Auckland",
)
PUBLISHED = date(2027, 1, 15)
DUE = date(2027, 5, 14)
# A week before, when it is past eight in every zone.
AT = datetime(2027, 5, 7, 19, tzinfo=UTC)
# Each tenfold; the last is the promise.
SIZES = ((100, 10), (1_000, 10), (1_000, 100), (10_000, 100))


def seconds(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return round(time.perf_counter() - start, 3)


def add_readers(count: int) -> None:
    """Followers of everything, with two lead times, in five zones."""
    from policy.models import Subscriber, Subscription, SubscriptionLead

    long_ago = datetime(2027, 1, 1, tzinfo=UTC)
    start = Subscriber.objects.count()
    readers = [
        Subscriber(
            email=f"reader{n}@example.org",
            token=f"{n:064}",
            zone=ZONES[n % len(ZONES)],
            created_at=long_ago,
            confirmed_at=long_ago,
        )
        for n in range(start, count)
    ]
    Subscriber.objects.bulk_create(readers, batch_size=2000)
    wishes = [
        Subscription(
            subscriber=reader,
            subject="everything",
            label="everything",
            created_at=long_ago,
            confirmed_at=long_ago,
            since_revision=10**6,
            announced_revision=10**6,
        )
        for reader in readers
    ]
    Subscription.objects.bulk_create(wishes, batch_size=2000)
    leads = [SubscriptionLead(subscription=wish, days=days) for wish in wishes for days in (7, 1)]
    SubscriptionLead.objects.bulk_create(leads, batch_size=5000)


def add_dates(count: int) -> None:
    """Dates that all fall on one day, so that a week before it everything is due."""
    from policy.actions.revisions import new_revision
    from policy.models import Deadline, DeadlineDate, Revision, Rule, Source

    source, _ = Source.objects.get_or_create(
        slug="bench", defaults={"kind": Source.Kind.FEDERAL_REGISTER, "title": "Bench"}
    )
    rule, _ = Rule.objects.get_or_create(
        slug="bench", defaults={"title": "Bench", "short_title": "Bench", "kind": Rule.Kind.RULE}
    )
    at = datetime(2027, 1, 15, tzinfo=UTC)
    with new_revision(by="bench", kind=Revision.Kind.DESK, reason="bench", at=at) as revision:
        for n in range(Deadline.objects.filter(rule=rule).count(), count):
            deadline = Deadline.objects.create(
                slug=f"bench-{n}", kind=Deadline.Kind.COMMENT, label="Comments due", rule=rule
            )
            DeadlineDate.objects.create(
                deadline=deadline,
                day=DUE,
                basis=DeadlineDate.Basis.PRINTED,
                source=source,
                valid_from=PUBLISHED,
                recorded=revision,
            )


def plan_size(readers: int, dates: int) -> dict[str, Any]:
    """Seconds of the first planning and of one with nothing new, and how many were planned."""
    from policy.actions.alerts.plan import plan_alerts
    from policy.models import Alert, Revision

    Alert.objects.all()._raw_delete("default")  # type: ignore[attr-defined]  # a fast truncate
    add_readers(readers)
    add_dates(dates)
    if not Revision.objects.exists():
        raise AssertionError("the dates were recorded by no revision")
    first = seconds(lambda: plan_alerts(at=AT))
    planned = Alert.objects.count()
    again = seconds(lambda: plan_alerts(at=AT + timedelta(minutes=1)))
    if planned != readers * dates or Alert.objects.count() != planned:
        raise AssertionError(f"{planned} mails planned for {readers} readers of {dates} dates")
    return {"alerts": planned, "seconds": first, "again": again}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    sizes = [(int(sys.argv[1]), int(sys.argv[2]))] if len(sys.argv) > 2 else SIZES
    found = [plan_size(readers, dates) for readers, dates in sizes]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"sizes": found, "megabytes": memory}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
