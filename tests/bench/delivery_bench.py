"""How fast mails are claimed and delivered: real rows, a real SMTP server, two processes.

    python -m tests.bench.delivery_bench

Uses the database of DATABASE_URL, which it fills and does not clear; else one of its own.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SIZES = (1_000, 10_000, 100_000)
MAILS, WORKERS, CLAIMED = 2_000, 2, 500
DUE = date(2025, 5, 15)


def measure_delivery(mails: int = MAILS) -> list[Any]:
    """Both figures, as ``tests.bench`` prints them; the database is set up already."""
    from tests.bench.__main__ import Measure

    claims = {size: claim_milliseconds(size) for size in SIZES}
    for size, took in claims.items():
        print(f"claiming {CLAIMED} of {size:,} waiting rows: {took:.1f} ms")
    rate, sent = mails_a_second(mails)
    if sent != mails:
        print(f"{sent} mails arrived, {mails} were planned")
    elsewhere = claims_on_postgresql()
    return [
        Measure(f"claiming {CLAIMED} rows, {max(SIZES):,} waiting", max(claims.values()), 50, "ms"),
        Measure(f"claiming {CLAIMED} rows, PostgreSQL", elsewhere, 50, "ms"),
        Measure(f"mails through SMTP, {WORKERS} workers", rate, 100, "/s", at_least=True),
        Measure("mails lost or sent twice", abs(mails - sent), 0, ""),
    ]


def readers(count: int) -> None:
    """So many confirmed readers of comment periods, each under a domain of a few.

    On the day that they wait for, the starting record has another kind of date as well.
    """
    from policy.models import Subscriber, Subscription, SubscriptionLead
    from tests.policy.alerts.world import SUBSCRIBED

    first = Subscriber.objects.count()
    subscribers = Subscriber.objects.bulk_create(
        Subscriber(
            email=f"reader{n}@d{n % 40}.example.org",
            token=f"token-{n}",
            created_at=SUBSCRIBED,
            confirmed_at=SUBSCRIBED,
        )
        for n in range(first, first + count)
    )
    subscriptions = Subscription.objects.bulk_create(
        Subscription(
            subscriber=subscriber,
            subject="kind",
            subject_id="comment",
            label="Comment periods",
            created_at=SUBSCRIBED,
            confirmed_at=SUBSCRIBED,
            since_revision=0,
        )
        for subscriber in subscribers
    )
    SubscriptionLead.objects.bulk_create(
        SubscriptionLead(subscription=subscription, days=7) for subscription in subscriptions
    )


def waiting(count: int) -> None:
    """Rows of the outbox that are due, as many as asked for, with nothing else in it."""
    from policy.models import Alert, Subscriber, Subscription
    from policy.vendor import note_statistics
    from tests.policy.alerts.world import eastern

    Alert.objects.all().delete()
    ids = list(Subscription.objects.values_list("pk", "subscriber")[:1000])
    at = eastern(2025, 5, 8, 8)
    Alert.objects.bulk_create(
        (
            Alert(
                subscription_id=ids[n % len(ids)][0],
                subscriber_id=ids[n % len(ids)][1],
                key=f"bench:{n}",
                reason="lead",
                topic="ai-diffusion-comment",
                told=DUE.isoformat(),
                own={"why": "It is seven days before the date.", "label": "Everything"},
                not_before=at + timedelta(milliseconds=n),
                planned_at=at,
            )
            for n in range(count)
        ),
        batch_size=1000,
    )
    # What autovacuum would have counted by the time that so many mails wait.
    note_statistics(Alert, Subscriber)


def claim_milliseconds(size: int) -> float:
    """The best of nine claims of 500 rows among ``size``: others may use the machine, too."""
    from policy.actions.alerts.claim import claim_batch, release
    from tests.policy.alerts.world import eastern

    if not size or not waiting_readers():
        readers(1000)
    waiting(size)
    took = []
    for _ in range(9):
        start = time.perf_counter()
        batch = claim_batch(at=eastern(2025, 5, 9, 8), size=CLAIMED)
        took.append(1000 * (time.perf_counter() - start))
        assert len(batch) == CLAIMED
        release(batch)
    return min(took)


def claims_on_postgresql() -> float:
    """The same on a PostgreSQL of its own, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "EARMARK_VAR": folder, "DATABASE_URL": ""}
        command = [sys.executable, "-m", "tests.bench.delivery_bench", "claim"]
        command = [sys.executable, "-m", "tests.postgres", *command]
        done = subprocess.run(
            command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
        )
    return float(done.stdout.splitlines()[-1])


def waiting_readers() -> bool:
    from policy.models import Subscription

    return Subscription.objects.count() >= 1000


def mails_a_second(count: int) -> tuple[float, int]:
    """Mails a second from the start signal to the last 250, and how many distinct ones came."""
    from policy.actions.alerts.plan import plan_alerts
    from policy.models import Alert, Subscriber
    from tests.policy.alerts import world

    Alert.objects.all().delete()
    Subscriber.objects.all().delete()
    world.comment_deadline(DUE)
    readers(count)
    plan_alerts(at=world.eastern(2025, 5, 8, 8))
    assert Alert.objects.count() == count
    with server() as port:
        senders = [sender(port) for _ in range(WORKERS)]
        for process in senders:
            assert process.stdout is not None
            assert process.stdout.readline().strip() == "ready"
        start = time.perf_counter()
        for process in senders:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        worked = [float(process.communicate()[0]) for process in senders]
        took = time.perf_counter() - start
    print(f"of a sender's own time {1000 * sum(worked) / count:.1f} ms a mail")
    sent = Alert.objects.filter(state=Alert.State.SENT).values("message_id").distinct().count()
    return count / took, sent


@contextmanager
def server() -> Iterator[int]:
    """A real SMTP server in a process of its own; yields its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.delivery_bench", "serve"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def sender(port: int) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "EARMARK_MAILS_PER_DOMAIN": "6000",
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench.delivery_bench", "send"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def serve() -> None:
    from aiosmtpd.controller import Controller
    from aiosmtpd.handlers import Sink

    from tests.policy.alerts.smtp_server import free_port

    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    print(controller.port, flush=True)
    while True:
        time.sleep(60)


def send() -> None:
    """One sender, as Celery runs it; its clock stands on the day when the mails are due."""
    import django

    django.setup()
    from policy.actions.alerts.deliver import deliver_alerts
    from tests.policy.alerts.world import eastern

    print("ready", flush=True)
    sys.stdin.readline()
    at = eastern(2025, 5, 8, 8, 1)
    began = time.process_time()
    deliver_alerts(clock=lambda: at)
    print(time.process_time() - began)


def claim() -> None:
    """Prints how long a claim takes among the most rows, on the database of DATABASE_URL."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(claim_milliseconds(max(SIZES)))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if role := sys.argv[1:]:
        {"serve": serve, "send": send, "claim": claim}[role[0]]()
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{Path(folder) / 'bench.sqlite3'}")
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        measures = measure_delivery()
        connections.close_all()
    for measure in measures:
        print(measure)
    return 0 if all(measure.holds for measure in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
