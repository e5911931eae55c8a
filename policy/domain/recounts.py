"""Counting open computed deadlines anew when a closing becomes known after the count.

1 CFR 18.17 counts with the closings known on a day. An order that comes afterwards moves the
end of every period that is still open and was counted; a printed date stays, and so does one
that has passed. What was computed otherwise than by this count is not touched either: nobody
knows by which rule it would move.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from policy.domain.calendar import Closing, FederalCalendar
from policy.domain.deadlines import (
    BadInterval,
    Receipt,
    closing_instant,
    count_deadline,
    eastern_day,
)
from policy.domain.partial_dates import day_text


@dataclass(frozen=True)
class Counted:
    """A computed date as the record has it.

    ``published`` and ``days`` are the terms of its count, ``governs`` is the first Eastern day
    on which it does. ``is_recount``: a recount made it, so a recount may change it again.
    """

    day: date
    published: date
    days: int
    governs: date | None = None
    at: time | None = None
    is_recount: bool = False


@dataclass(frozen=True)
class Recount:
    """A new end of a period: it governs from ``since`` on, by the closings that moved it.

    Without closings one that had moved it is no longer in the record.
    """

    day: date
    since: date | None
    closings: tuple[Closing, ...] = ()

    @property
    def order(self) -> Closing | None:
        """The closing that became known last: what its order says makes the date."""
        return max(self.closings, key=lambda c: (c.known_from, c.day), default=None)

    @property
    def note(self) -> str:
        """Why the date is another one, in plain words."""
        if not self.closings:
            return "Counted anew: a closing that had moved the date is not in the record any more."
        return f"Counted anew: {'; '.join(map(closing_words, self.closings))}."


def closing_words(closing: Closing) -> str:
    proclaimed = f", proclaimed {day_text(closing.proclaimed)}" if closing.proclaimed else ""
    return f"{day_text(closing.day)} was closed by {closing.order}{proclaimed}"


@dataclass(frozen=True)
class Closings:
    """What the record holds of closings now, and what it held before this revision."""

    now: FederalCalendar
    before: FederalCalendar
    new: frozenset[Closing] = frozenset()
    by_day: dict[date, Closing] = field(default_factory=dict)

    @classmethod
    def of(cls, now: Iterable[Closing], before: Iterable[Closing]) -> "Closings":
        held, earlier = list(now), list(before)
        return cls(
            now=FederalCalendar(held),
            before=FederalCalendar(earlier),
            new=frozenset(held) - frozenset(earlier),
            # Of two orders that close one day the one known first does, as in the calendar.
            by_day={c.day: c for c in sorted(held, key=lambda c: c.known_from, reverse=True)},
        )


def recount(counted: Counted, closings: Closings, at: datetime) -> Recount | None:
    """What an open computed date becomes at the UTC instant ``at``; None if it stays.

    The date has to be the one that the count gave, either with the closings known on the day
    of publication or with those that the record held before.
    """
    if at > closing_instant(counted.day, counted.at):
        return None
    today = eastern_day(at)
    try:
        now = count(counted, closings.now, today)
        earlier = {
            count(counted, closings.now, counted.published).due,
            count(counted, closings.before, today).due,
        }
    except BadInterval:
        return None
    if now.due == counted.day or not (counted.is_recount or counted.day in earlier):
        return None
    moving = tuple(moving_closings(now, counted, closings))
    starts = [closing.known_from for closing in moving]
    if counted.governs:
        starts.append(counted.governs)
    return Recount(now.due, max(starts, default=None), moving)


def count(counted: Counted, calendar: FederalCalendar, known: date) -> Receipt:
    return count_deadline(
        published=counted.published, days=counted.days, calendar=calendar, known=known
    )


def moving_closings(now: Receipt, counted: Counted, closings: Closings) -> Iterable[Closing]:
    """The closed days passed over that nobody could have counted on the day of publication."""
    for roll in now.rolls:
        closing = closings.by_day.get(roll.day)
        if closing is None or closing.order != roll.reason:
            continue
        if closing.known_from > counted.published or closing in closings.new:
            yield closing
