"""How long planning takes, and how its cost grows: readers times dates times lead times.

    python -m tests.bench.planning_bench [moved]

Plans on the database of DATABASE_URL, which must be empty, and prints JSON.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

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
READERS_OF_ONE_DATE = 2_000


def seconds(action: Callable[[], Any]) -> float:
    start = time.perf_counter()
    action()
    return round(time.perf_counter() - start, 3)


def add_readers(count: int) -> None:
    """Followers of everything, with two lead times, in five zones."""
    from policy.models import Subscriber, Subscription, SubscriptionLead
    from policy.vendor import note_statistics

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
    # PostgreSQL's autovacuum does so within a minute.
    note_statistics(Subscriber, Subscription, SubscriptionLead)


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
    with new_revision(by="bench", kind=Revision.Kind.RECORD, reason="bench", at=at) as revision:
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

    Alert.objects.all()._raw_delete("default")
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


def bare_insert(rows: int) -> float:
    """The floor: a table with the same unique key, filled by one statement."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id integer, alert_key varchar(300) UNIQUE)")
        took = seconds(
            lambda: cursor.execute(
                "INSERT INTO bench_floor SELECT id, 'floor:' || key FROM policy_alert "
                "WHERE true ON CONFLICT DO NOTHING"
            )
        )
        if cursor.rowcount != rows:
            raise AssertionError(f"{cursor.rowcount} rows in the floor, not {rows}")
        cursor.execute("DROP TABLE bench_floor")
    return took


def move_one(readers: int) -> float:
    """Seconds of planning after one date has moved that so many readers had been told of."""
    from policy.actions.alerts.plan import plan_alerts
    from policy.actions.facts import set_portion
    from policy.actions.revisions import new_revision
    from policy.models import Alert, DeadlineDate, Revision

    Alert.objects.update(state=Alert.State.SENT)
    at = AT + timedelta(minutes=2)
    row = DeadlineDate.objects.get(deadline__slug="bench-0")
    with new_revision(by="bench", kind=Revision.Kind.RECORD, reason="moved", at=at) as revision:
        moved = DeadlineDate(
            deadline=row.deadline,
            day=DUE + timedelta(days=30),
            basis=row.basis,
            source=row.source,
            valid_from=AT.date(),
        )
        set_portion(moved, revision=revision, because="moved")
    took = seconds(lambda: plan_alerts(at=at))
    moves = Alert.objects.filter(reason=Alert.Reason.MOVED).count()
    if moves != readers:
        raise AssertionError(f"{moves} readers were told of the move, not {readers}")
    return took


def measured(sizes: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """The figures of planning, with the largest size last."""
    found = [plan_size(readers, dates) for readers, dates in sizes]
    floor = bare_insert(found[-1]["alerts"])
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"sizes": found, "floor": floor, "megabytes": memory}


def moved() -> dict[str, Any]:
    """The figure of one date that moves; in a database that has seen nothing else."""
    plan_size(READERS_OF_ONE_DATE, 1)
    return {"moved": move_one(READERS_OF_ONE_DATE)}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(moved() if sys.argv[1:] == ["moved"] else measured(SIZES)))
    return 0


def measure_planning() -> list[Any]:
    """Both databases, each in a process of its own, as ``tests.bench`` prints them."""
    from tests.bench.__main__ import Measure

    found: list[Measure] = []
    for name, bound, before in (
        ("SQLite", 30, []),
        ("PostgreSQL", 60, [sys.executable, "-m", "tests.postgres"]),
    ):
        figures = {**run_apart(before), **run_apart(before, "moved")}
        *_, most = figures["sizes"]
        growth = ", ".join(f"{s['alerts']:,}: {s['seconds']:g} s" for s in figures["sizes"])
        floor = figures["floor"]
        ratio = most["seconds"] / floor
        print(
            f"planning on {name} {growth}; a bare insert {floor:g} s, planning {ratio:.1f} × that"
        )
        found += [
            Measure(f"planning {most['alerts']:,} mails, {name}", most["seconds"], bound, "s"),
            Measure(f"planning again, {name}", most["again"], 5, "s"),
            Measure(f"memory while planning, {name}", figures["megabytes"], 500, "MB"),
            Measure(
                f"moving a date of {READERS_OF_ONE_DATE:,} mails, {name}", figures["moved"], 1, "s"
            ),
        ]
    return found


def run_apart(before: Sequence[str], *more: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "EARMARK_VAR": folder, "DATABASE_URL": ""}
        command = [*before, sys.executable, "-m", "tests.bench.planning_bench", *more]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


if __name__ == "__main__":
    sys.exit(main())
