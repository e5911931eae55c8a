"""How many mails a subscription would have brought: the rule of what is due, replayed.

The days are those of the law as the record knows them now: each date as it stood on each day,
whenever the record learned of it. So a record that is young has an answer too.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from policy.domain.calendar import FederalCalendar
from policy.domain.deadlines import eastern_day
from policy.domain.due import (
    EASTERN_MORNING,
    ReaderClock,
    StatedDate,
    due_lead,
    is_worth_telling,
    next_slot,
    send_instant,
)
from policy.domain.leads import Lead

IMMEDIATE, DAILY, WEEKLY = "immediate", "daily", "weekly"


@dataclass(frozen=True)
class History:
    """What stood of one date: from each Eastern day on, until the next; None is since ever."""

    steps: tuple[tuple[date | None, StatedDate | None], ...]

    def on(self, day: date) -> StatedDate | None:
        """What stood on an Eastern day; None where nothing had set the date yet."""
        begun = [stated for start, stated in self.steps if start is None or start <= day]
        return begun[-1] if begun else None


@dataclass(frozen=True)
class PastMail:
    """A mail that would have gone out at a UTC instant; ``told`` is the date it names."""

    at: datetime
    told: StatedDate
    lead: Lead | None = None


@dataclass(frozen=True)
class Wish:
    """How a reader wants to be told. ``weekday`` counts from Monday, 0."""

    leads: tuple[Lead, ...]
    reader: ReaderClock = EASTERN_MORNING
    delivery: str = IMMEDIATE
    weekday: int = 0


def past_mails(
    history: History, wish: Wish, start: datetime, end: datetime, calendar: FederalCalendar
) -> Iterator[PastMail]:
    """The mails of one date between two UTC instants, to a reader who followed it before."""
    said = history.on(eastern_day(start))
    told: list[datetime] = [start] if said else []
    for at in moments(history, wish, start, end, calendar):
        now, today = history.on(eastern_day(at)), eastern_day(at)
        if now is None:
            continue
        lead = None
        moved = said is not None and is_worth_telling(said, now, was_told=False, today=today)
        if not moved:
            lead = due_lead(now, wish.leads, at, told, reader=wish.reader, calendar=calendar)
        if moved or lead is not None:
            yield PastMail(at, now, lead)
            told.append(at)
        said = now


def moments(
    history: History, wish: Wish, start: datetime, end: datetime, calendar: FederalCalendar
) -> list[datetime]:
    """The UTC instants at which anything can become due, in order."""
    changed = [EASTERN_MORNING.instant(day, time.min) for day, _ in history.steps if day]
    leads = [
        send_instant(stated, lead, wish.reader, calendar)
        for stated in {stated for _, stated in history.steps if stated and stated.day}
        for lead in wish.leads
    ]
    return sorted({instant for instant in (*changed, *leads) if start < instant <= end})


def digests(mails: Iterable[PastMail], wish: Wish) -> int:
    """As how many mails those reach the reader: one each, or one a digest.

    What would be in a digest only after its cutoff goes out by itself.
    """
    mails = list(mails)
    if wish.delivery == IMMEDIATE:
        return len(mails)
    slots = [(mail, digest_instant(mail.at, wish)) for mail in mails]
    alone = [mail for mail, slot in slots if mail.told.cutoff and slot > mail.told.cutoff]
    return len(alone) + len({slot for mail, slot in slots if mail not in alone})


def digest_instant(at: datetime, wish: Wish) -> datetime:
    """The UTC instant of the first digest that can hold what is ready at ``at``."""
    weekday = wish.weekday if wish.delivery == WEEKLY else None
    return next_slot(wish.reader, weekday, at - timedelta.resolution)


def news_mails(days: Sequence[date]) -> list[PastMail]:
    """A mail for each Eastern day on which something of a followed subject changed."""
    nothing = StatedDate()
    return [PastMail(EASTERN_MORNING.instant(day, time.min), nothing) for day in sorted(set(days))]
