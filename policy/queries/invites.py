"""The calendar entry of a deadline: what the record says of it, and how often that changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import dropwhile

from policy.domain.deadlines import EASTERN, eastern_day
from policy.domain.due import StatedDate
from policy.models import DeadlineDate, Revision
from policy.queries.asof import Reading
from policy.queries.due_dates import Chain


@dataclass(frozen=True)
class Statement:
    """What the record came to say of a date at a UTC instant; None: no document governs."""

    since: datetime
    stated: StatedDate | None


@dataclass(frozen=True)
class DatedEntry:
    """What an entry rests on: the row that governs, and what was said before it.

    ``day`` and ``at`` are the last that were known exactly. ``sequence`` counts the changes
    of the date up to this point in both times, and so never goes back as either goes on.
    ``stamp`` is the UTC instant since which the record reads as it does.
    """

    chain: Chain
    row: DeadlineDate | None
    stated: StatedDate | None
    day: date
    at: time | None
    sequence: int
    stamp: datetime

    @property
    def is_cancelled(self) -> bool:
        """Whether the day stands no more: withdrawn, removed, or no longer known exactly."""
        return self.stated is None or self.stated.day is None

    @property
    def is_tentative(self) -> bool:
        return bool(self.row and self.row.scheduled)


def dated_entry(chain: Chain, reading: Reading) -> DatedEntry | None:
    """The entry as the record reads there; None where it never knew an exact day."""
    revision, on = reading.revision_number, reading.on
    path = list(dropwhile(says_nothing, statements(chain, revision, on)))
    changes = [said for i, said in enumerate(path) if i == 0 or said.stated != path[i - 1].stated]
    exact = [said.stated for said in changes if said.stated and said.stated.day]
    if not exact or exact[-1].day is None:
        return None
    return DatedEntry(
        chain=chain,
        row=chain.governing(revision, on),
        stated=changes[-1].stated,
        day=exact[-1].day,
        at=exact[-1].at,
        sequence=len(changes) - 1,
        stamp=path[-1].since,
    )


def statements(chain: Chain, revision: int, on: date) -> Iterator[Statement]:
    """What the record said step by step, up to ``revision`` and the Eastern day ``on``.

    Each revision is read from the day of the one before it to its successor's, so that what
    was said later only ever follows what was said earlier. The first is read from the start.
    """
    told = revisions_of(chain, revision)
    breaks = sorted({day for row in chain.rows for day in (row.valid_from, row.valid_until) if day})
    reached = date.min
    for place, one in enumerate(told):
        last = place == len(told) - 1
        end = on if last else min(on, eastern_day(told[place + 1].recorded_at))
        days = [reached, *(day for day in breaks if reached < day <= end)]
        for day in days:
            yield Statement(max(one.recorded_at, midnight(day)), chain.stated(one.number, day))
        reached = max(reached, end)


def says_nothing(statement: Statement) -> bool:
    """Whether no document governed yet: a deadline begins with its first date."""
    return statement.stated is None


def revisions_of(chain: Chain, revision: int) -> list[Revision]:
    """The revisions that touched a deadline, up to a number."""
    found = {row.recorded.number: row.recorded for row in chain.rows}
    found |= {row.superseded.number: row.superseded for row in chain.rows if row.superseded}
    return [one for number, one in sorted(found.items()) if number <= revision]


def midnight(day: date) -> datetime:
    """The UTC instant at which an Eastern day begins; the first of all days has none."""
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time.min, EASTERN).astimezone(UTC)
