"""Open computed deadlines, counted anew once a closing is recorded that nobody had counted.

The rule is ``policy.domain.recounts``; here it meets the record. A new date is a fact of the
act "recomputed": its source is the order, and the document whose period it is stands beside.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime

from policy.actions.facts import Written, set_portion
from policy.actions.record_events import events_of
from policy.actions.record_notices import deadline as notice_of_deadline
from policy.domain.deadline_acts import Act
from policy.domain.deadlines import eastern_day
from policy.domain.recounts import Closings, Counted, Recount, recount
from policy.models import DeadlineDate, Event, FederalClosing, Revision

BECAUSE = "A closing of Federal offices became known: counted anew."


@dataclass(frozen=True)
class Recomputed:
    """What one run wrote, and the unsaved events that tell of it."""

    written: tuple[Written[DeadlineDate], ...] = ()
    events: tuple[Event, ...] = ()


def recompute_deadlines(*, revision: Revision, at: datetime) -> Recomputed:
    """Count every open computed date anew with the closings that the record holds now.

    Belongs into the revision that records a closing or a computed date; ``at`` is its UTC
    instant. Printed dates, and dates that have passed, stay. Once done, doing it again does
    nothing. The caller saves the events, since it knows whether they are news.
    """
    orders = list(FederalClosing.objects.known(None).select_related("source"))
    before = FederalClosing.objects.known(revision.number - 1)
    closings = Closings.of(
        (row.as_closing() for row in orders), (row.as_closing() for row in before)
    )
    written, events = [], []
    for row in open_computed(eastern_day(at)):
        if found := recount(counted_of(row), closings, at):
            fact = recounted(row, found, orders)
            change = set_portion(fact, revision=revision, because=BECAUSE)
            written.append(change)
            events += events_of(change, notice_of_deadline, revision)
    return Recomputed(tuple(written), tuple(events))


def open_computed(today: date) -> list[DeadlineDate]:
    """The computed dates in force, or to come in force, that had not passed by ``today``."""
    rows = DeadlineDate.objects.known(None).filter(
        basis=DeadlineDate.Basis.COMPUTED,
        withdrawn=False,
        day__gte=today,
        counted_from__isnull=False,
        counted_days__isnull=False,
    )
    rows = rows.select_related("deadline__rule", "source", "also").order_by("deadline", "pk")
    return [row for row in rows if row.exact_day and is_not_over(row, today)]


def is_not_over(row: DeadlineDate, today: date) -> bool:
    return row.valid_until is None or row.valid_until > today


def counted_of(row: DeadlineDate) -> Counted:
    """The terms of a row that ``open_computed`` gave."""
    if row.day is None or row.counted_from is None or row.counted_days is None:
        msg = f"{row} was not counted"
        raise ValueError(msg)
    return Counted(
        day=row.day,
        published=row.counted_from,
        days=row.counted_days,
        governs=row.valid_from,
        at=row.at,
        is_recount=row.act == Act.RECOMPUTED,
    )


def recounted(row: DeadlineDate, found: Recount, orders: Iterable[FederalClosing]) -> DeadlineDate:
    """The unsaved fact that takes the place of ``row`` from the day of the order on."""
    fact = copy(row)
    # Rows are equal by their keys, and this one is another.
    fact.pk = None
    fact.day, fact.act = found.day, Act.RECOMPUTED
    fact.valid_from = found.since
    fact.valid_from_precision = "day"
    fact.note, fact.quote, fact.confidence = found.note, "", ""
    # The document whose period is counted: a recount before this one has it beside its order.
    document = row.also if row.act == Act.RECOMPUTED and row.also else row.source
    order = next((one for one in orders if one.as_closing() == found.order), None)
    fact.source = order.source if order else document
    fact.also = document if order else None
    return fact


def with_recounts(rows: Sequence[DeadlineDate]) -> list[DeadlineDate]:
    """The chains that a file states, with the recounts that the record holds of their counts.

    A file that is loaded again knows nothing of them; a count with other terms ends them.
    """
    deadlines = {row.deadline_id for row in rows if row.counted_days}
    held = DeadlineDate.objects.known(None).filter(deadline__in=deadlines, act=Act.RECOMPUTED)
    found = list(rows)
    held = held.select_related("deadline", "source", "also").order_by("valid_from", "pk")
    for recounted_row in held:
        base = next((row for row in found if is_recount_of(recounted_row, row)), None)
        if base is not None:
            kept = copy(recounted_row)
            kept.valid_until = base.valid_until
            found.append(kept)
            if base.valid_from == kept.valid_from:
                found.remove(base)
            base.valid_until = kept.valid_from
    return found


def is_recount_of(recounted_row: DeadlineDate, row: DeadlineDate) -> bool:
    """Whether a recount has the terms of a computed row and begins while it is in force."""
    terms = (row.deadline_id, row.counted_from, row.counted_days)
    same = (recounted_row.deadline_id, recounted_row.counted_from, recounted_row.counted_days)
    begins = recounted_row.valid_from
    is_computed = row.basis == DeadlineDate.Basis.COMPUTED and not row.withdrawn
    return is_computed and terms == same and begins is not None and begins in row.span
