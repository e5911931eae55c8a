"""The history of a fact with a thousand versions beside one with ten, and the whole check."""

import statistics
import time
from datetime import UTC, datetime, timedelta

ROUNDS = 30
AT = datetime(2026, 12, 1, tzinfo=UTC)


def make_versions(slug: str, count: int) -> None:
    """A conflict whose reading was put right again and again, a revision each."""
    from policy.actions.facts import reconcile_keys
    from policy.actions.revisions import new_revision
    from policy.models import Conflict, Revision, Source

    source = Source.objects.first()
    for number in range(count):
        at = AT + timedelta(seconds=number)
        with new_revision(
            by="bench", kind=Revision.Kind.RECORD, reason="A test", at=at
        ) as revision:
            fact = Conflict(
                slug=slug,
                about="the day",
                one_says=f"the {number}th of May, by the printed document",
                other_says="the tenth",
                governs=f"Neither is preferred; read {number} times.",
                source=source,
            )
            reconcile_keys(
                Conflict, [fact], keys={(slug,)}, revision=revision, because=f"Read {number} times."
            )


def measure_versions() -> tuple[float, int, float]:
    """Time of a page of 1,000 versions ÷ one of ten, its queries, and its milliseconds."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    make_versions("bench-ten", 10)
    make_versions("bench-thousand", 1000)
    client = Client()

    def seconds(slug: str) -> float:
        start = time.perf_counter()
        response = client.get(f"/history/conflict:{slug}/")
        assert response.status_code == 200
        return time.perf_counter() - start

    seconds("bench-ten"), seconds("bench-thousand")
    # Taken in turns, so that a slow moment meets both.
    pairs = [(seconds("bench-ten"), seconds("bench-thousand")) for _ in range(ROUNDS)]
    with CaptureQueriesContext(connection) as made:
        seconds("bench-thousand")
    short, long = (statistics.median(times) for times in zip(*pairs, strict=True))
    return long / short, len(made), 1000 * long


def measure_check() -> tuple[float, int]:
    """Seconds of the whole check of the history, and the faults that it found."""
    from policy.queries.verify import verify_history

    start = time.perf_counter()
    found = verify_history()
    print(f"verify_history: {found.rows:,} rows, {found.entries:,} entries")
    return time.perf_counter() - start, len(found.findings)
