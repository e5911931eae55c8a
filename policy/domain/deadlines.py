"""Counting a deadline, and the receipt that shows how it came about.

1 CFR 18.17, as the Office of the Federal Register applies it: the day after publication is
day 1; calendar days are counted; if the last day is a weekend, a Federal holiday or a
presidential closing, the period ends on the next Federal business day. A date that a
document prints is kept as printed and never moved.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from policy.domain.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_CLOSING,
    ONE_DAY,
    FederalCalendar,
    OutsideCalendar,
)
from policy.domain.partial_dates import day_text

EASTERN = ZoneInfo("America/New_York")
# "Must be received by" a day means by the end of it, Eastern.
END_OF_DAY = time(23, 59, 59)
COUNTING_RULE = "1 CFR 18.17"
# Longer periods are set by date, not by count; a larger number is a slip.
LONGEST_PERIOD = 3650
# The periods that agencies set by count: whole weeks up to four; multiples of five up to fifty,
# from ten on; beyond that the usual multiples of fifteen. 30 and 60 days are those of 5 CFR
# 1320 and of most rules. Every other length is taken as set by date. A denser set would explain
# any end that falls on a Monday, and so explain nothing.
STANDARD_INTERVALS = (10, 14, 15, 20, 21, 25, 28, 30, 35, 40, 45, 50, 60, 75, 90, 120, 150, 180)
# What readers hand in has to be received; other dates simply fall.
RECEIVED_KINDS = ("comment", "application", "information-collection", "registration")


class BadDeadline(ValueError):
    """Raised with a sentence for a date or time that no deadline can have."""


class BadInterval(BadDeadline):
    """Raised with a sentence for a period that cannot be counted."""


@dataclass(frozen=True)
class Roll:
    """A closed day that the end of a period moved past, and why it is closed."""

    day: date
    reason: str


@dataclass(frozen=True)
class Receipt:
    """How a deadline came about.

    ``anchor`` is the publication that the count starts from, ``due`` the last Eastern day,
    ``cutoff`` the last Eastern second of it, ``instant`` the same in UTC. ``basis`` is
    "printed", "computed", or "reported" where regulations.gov alone gives it. ``known`` is the
    day of the knowledge about closings.
    """

    kind: str
    due: date
    cutoff: time
    instant: datetime
    basis: str
    anchor: date | None = None
    days: int | None = None
    day_one: date | None = None
    raw_last_day: date | None = None
    rolls: tuple[Roll, ...] = ()
    rule: str = ""
    known: date | None = None
    source: str | None = None

    @property
    def sentence(self) -> str:
        """The derivation in plain words."""
        if self.basis == "reported":
            day = full_day(self.due)
            derived = f"regulations.gov gives {day}; the printed words were not read."
        elif self.basis == "printed" or self.day_one is None or self.raw_last_day is None:
            derived = f"The document prints {full_day(self.due)}; a printed date is never moved."
        else:
            count = f"day {self.days} is {full_day(self.raw_last_day)}"
            derived = f"Day 1 is {day_text(self.day_one)}; {count}{self.moved}"
        return f"{derived} {self.end}"

    @property
    def moved(self) -> str:
        """How the last day counted became the due day, as the rest of a sentence."""
        if not self.rolls:
            return ", a Federal business day, so nothing moves."
        reasons = "; ".join(f"{day_text(roll.day)}: {roll.reason}" for roll in self.rolls)
        return f". Closed days are passed over ({reasons})."

    @property
    def end(self) -> str:
        """The last moment, as a sentence: a day of receipt for what readers hand in."""
        until = "Must be received by" if self.kind.startswith(RECEIVED_KINDS) else "The cutoff is"
        return f"{until} {self.cutoff:%H:%M:%S} Eastern on {full_day(self.due)}."

    def as_json(self) -> dict[str, object]:
        return {
            "kind": self.kind,
            "published": iso(self.anchor),
            "days": self.days,
            "day_one": iso(self.day_one),
            "raw_last_day": iso(self.raw_last_day),
            "rolls": [{"day": iso(roll.day), "reason": roll.reason} for roll in self.rolls],
            "due": iso(self.due),
            "cutoff": self.cutoff.isoformat(),
            "time_zone": EASTERN.key,
            "instant": self.instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "basis": self.basis,
            "rule": self.rule,
            "known": iso(self.known),
            "source": self.source,
            "sentence": self.sentence,
        }


def count_deadline(  # noqa: PLR0913  # keyword-only; each is a term of the count
    *,
    published: date,
    days: int,
    calendar: FederalCalendar,
    known: date | None = None,
    kind: str = "comment",
    source: str | None = None,
) -> Receipt:
    """The end of a period of ``days`` calendar days after publication; 1 CFR 18.17.

    ``published`` and ``known`` are Eastern days. ``known`` is the day on which the count is
    made: closings proclaimed later do not count; None counts all. Raises BadInterval for a
    period that is not 1 to 3650 days or that leaves the years of the Federal calendar.
    """
    raw = last_counted_day(published, days)
    try:
        rolls = closed_run(raw, calendar, known)
    except OutsideCalendar as error:
        raise beyond_calendar(published, days) from error
    due = raw + timedelta(days=len(rolls))
    return Receipt(
        kind=kind,
        due=due,
        cutoff=END_OF_DAY,
        instant=closing_instant(due),
        basis="computed",
        anchor=published,
        days=days,
        day_one=published + ONE_DAY,
        raw_last_day=raw,
        rolls=rolls,
        rule=COUNTING_RULE,
        known=known,
        source=source,
    )


def last_counted_day(published: date, days: int) -> date:
    """Day number ``days``, where the day after publication is day 1."""
    if isinstance(published, datetime):
        msg = f"a period is counted from a day, not from an instant ({published})"
        raise BadInterval(msg)
    if not 1 <= days <= LONGEST_PERIOD:
        msg = f"a period has 1 to {LONGEST_PERIOD} days, not {days}"
        raise BadInterval(msg)
    if not FIRST_YEAR <= published.year <= LAST_YEAR:
        raise beyond_calendar(published, days)
    return published + timedelta(days=days)


def beyond_calendar(published: date, days: int) -> BadInterval:
    return BadInterval(
        f"{days} days after {published} lies beyond the calendar of Federal holidays, "
        f"which knows the years {FIRST_YEAR} to {LAST_YEAR}"
    )


def closed_run(start: date, calendar: FederalCalendar, known: date | None) -> tuple[Roll, ...]:
    """The closed days from ``start`` on, up to the next business day; none if it is one.

    Raises BadInterval if they do not end, and OutsideCalendar where the calendar does.
    """
    rolls: list[Roll] = []
    day = start
    while (reason := calendar.closed_reason(day, known)) is not None:
        rolls.append(Roll(day, reason))
        if len(rolls) > LONGEST_CLOSING:
            msg = f"no Federal business day within {LONGEST_CLOSING} days of {start}"
            raise BadInterval(msg)
        day += ONE_DAY
    return tuple(rolls)


def printed_deadline(
    *,
    due: date,
    kind: str,
    source: str | None,
    at: time | None = None,
    published: date | None = None,
) -> Receipt:
    """A date that a document prints: kept as printed, even on a closed day.

    ``at`` is the printed Eastern time; without one the day counts to its end. Raises
    BadDeadline for a year that no document means and for a time with a zone of its own.
    """
    if isinstance(due, datetime) or not FIRST_YEAR <= due.year <= LAST_YEAR:
        msg = f"{due} is no day that a document can have printed as a deadline"
        raise BadDeadline(msg)
    return Receipt(
        kind=kind,
        due=due,
        cutoff=END_OF_DAY if at is None else at,
        instant=closing_instant(due, at),
        basis="printed",
        anchor=published,
        source=source,
    )


def reported_deadline(*, due: date, kind: str, source: str | None) -> Receipt:
    """A day that only regulations.gov gives: nobody has read what the document prints.

    It is kept as given, and gives way to a printed day. Raises BadDeadline as a printed one.
    """
    return replace(printed_deadline(due=due, kind=kind, source=source), basis="reported")


def closing_instant(day: date, at: time | None = None) -> datetime:
    """The UTC instant at which an Eastern day ends, or of a printed Eastern time on it.

    Of a time that the clock shows twice in autumn the first is meant: nobody is late who
    keeps to it. Raises BadDeadline for a time with a zone of its own.
    """
    if at is not None and at.tzinfo is not None:
        msg = f"a printed time is Eastern; {at} brings a zone of its own"
        raise BadDeadline(msg)
    eastern = datetime.combine(day, END_OF_DAY if at is None else at, tzinfo=EASTERN)
    return eastern.replace(fold=0).astimezone(UTC)


def eastern_day(instant: datetime) -> date:
    """The Eastern calendar day of an instant; regulations.gov writes the ends of days in UTC.

    Raises BadDeadline for an instant without an offset: it would be read in the zone of the
    server.
    """
    if instant.utcoffset() is None:
        msg = f"{instant} has no offset, so nobody can say on which Eastern day it lies"
        raise BadDeadline(msg)
    return instant.astimezone(EASTERN).date()


def days_left(due: date, today: date) -> int:
    """Calendar days from ``today`` to ``due``, both Eastern; negative once it has passed."""
    return (due - today).days


class PeriodClass(StrEnum):
    """What the ends of a period tell of how it was set."""

    OFR_PLAIN = "ofr_plain"
    OFR_ROLLED = "ofr_rolled"
    ENDS_ON_CLOSED_DAY = "ends_on_closed_day"
    OTHER = "other"


@dataclass(frozen=True)
class Inference:
    """How a period may have been set, read off its two ends.

    ``interval`` is the standard interval that gives the end: a plain one if there is one, as
    it needs no closed day to explain it, else the one that rolls there. It is None where no
    interval does (an end on a closed day can only have been printed), and where several roll
    to the same end and nothing tells which of these ``candidates`` was meant.
    """

    cls: PeriodClass
    interval: int | None = None
    rolls: tuple[Roll, ...] = ()
    candidates: tuple[int, ...] = ()


def infer_interval(start: date, end: date, calendar: FederalCalendar) -> Inference:
    """Which standard interval gives ``end`` for a publication on ``start``, if one does.

    The Office counts with the closings known on the day of publication, and so does this.
    Raises OutsideCalendar for an end in a year whose holidays are not known.
    """
    if not calendar.is_business_day(end, known=start):
        return Inference(PeriodClass.ENDS_ON_CLOSED_DAY)
    found = {
        interval: rolls
        for interval in STANDARD_INTERVALS
        if (rolls := rolls_to(start, end, interval, calendar)) is not None
    }
    if not found:
        return Inference(PeriodClass.OTHER)
    candidates = tuple(found)
    plain = (end - start).days
    if plain in found:
        return Inference(PeriodClass.OFR_PLAIN, plain, (), candidates)
    if len(found) > 1:
        return Inference(PeriodClass.OFR_ROLLED, candidates=candidates)
    return Inference(PeriodClass.OFR_ROLLED, candidates[0], found[candidates[0]], candidates)


def rolls_to(
    start: date, end: date, interval: int, calendar: FederalCalendar
) -> tuple[Roll, ...] | None:
    """The closed days between day number ``interval`` and ``end``; None if it leads elsewhere."""
    excess = (end - start).days - interval
    if not 0 <= excess <= LONGEST_CLOSING:
        return None
    rolls = closed_run(start + timedelta(days=interval), calendar, start)
    return rolls if len(rolls) == excess else None


def full_day(day: date) -> str:
    return f"{day:%A}, {day_text(day)}"


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
