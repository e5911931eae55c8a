"""The rows that say who asks a source now, and how each run ended.

One run a source at a time: the database lets one unfinished row stand. A run that dies leaves
a lease; when that ends another takes the row over, with all that was kept.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from policy.models import SourceCheck

# Renewed at each step. Longer than any one step takes: a download or an import.
LEASE = timedelta(minutes=10)
# Progress that a person can follow; more rows a second would only cost.
REPORT_EVERY = timedelta(seconds=1)
GOOD = (SourceCheck.Outcome.NEW, SourceCheck.Outcome.SAME)


class LostLease(Exception):
    """Another run has taken over, since this one was thought dead."""


def claim(channel: str, *, by: str, at: datetime) -> SourceCheck | None:
    """The row of a new run, or of one that died; None while another run holds the source."""
    lease = at + LEASE
    unfinished = SourceCheck.objects.filter(channel=channel, finished__isnull=True)
    dead = unfinished.filter(leased_until__lte=at)
    if dead.update(leased_until=lease, by=by, takeovers=F("takeovers") + 1):
        return unfinished.get()
    if unfinished.exists():
        return None
    memory = memory_of(channel)
    try:
        with transaction.atomic():
            return SourceCheck.objects.create(
                channel=channel, by=by, started=at, leased_until=lease, memory=memory
            )
    except IntegrityError:
        return None


def memory_of(channel: str) -> dict[str, Any]:
    """What the last run that ended well remembered."""
    good = SourceCheck.objects.filter(channel=channel, outcome__in=GOOD)
    last = good.order_by("-finished").values_list("memory", flat=True).first()
    return last or {}


def hold(check: SourceCheck, *, at: datetime, **changes: Any) -> None:
    """Renew the lease and note progress. Raises LostLease if another run holds the row now."""
    lease = at + LEASE
    held = SourceCheck.objects.filter(
        pk=check.pk, finished__isnull=True, leased_until=check.leased_until
    )
    if not held.update(leased_until=lease, **changes):
        raise LostLease(f"Another run of {check.channel} has taken over.")
    check.leased_until = lease


def reporter(
    check: SourceCheck, clock: Callable[[], datetime], follow: Callable[[str], None]
) -> Callable[[str, int, int | None], None]:
    """Notes progress in the row, at most once a second for one text; ``follow`` hears all."""
    last: tuple[str, datetime] | None = None

    def report(text: str, done: int, total: int | None) -> None:
        nonlocal last
        follow(progress_text(text, done, total))
        at = clock()
        if last and last[0] == text and timedelta() <= at - last[1] < REPORT_EVERY:
            return
        last = (text, at)
        hold(check, at=at, progress={"text": text, "done": done, "total": total})

    return report


def progress_text(text: str, done: int, total: int | None) -> str:
    if total:
        return f"{text}, {min(100, 100 * done // total)} %"
    return f"{text}, {done:,}" if done else text


def settle(  # noqa: PLR0913  # keyword-only; each is a column of the row
    check: SourceCheck,
    *,
    outcome: SourceCheck.Outcome,
    message: str,
    at: datetime,
    memory: dict[str, Any],
    counts: dict[str, Any],
) -> SourceCheck:
    """End the run that holds the row. Raises LostLease if another one does."""
    previous = (
        SourceCheck.objects.filter(channel=check.channel, finished__isnull=False)
        .order_by("-finished", "-pk")
        .first()
    )
    fails = outcome == SourceCheck.Outcome.FAILED
    since = (previous.failing_since if previous else None) or check.started
    hold(
        check,
        at=at,
        finished=at,
        outcome=outcome,
        message=message,
        failing_since=since if fails else None,
        failures=(previous.failures if previous else 0) + 1 if fails else 0,
        progress={},
        memory=memory,
        counts=counts,
    )
    check.refresh_from_db()
    return check
