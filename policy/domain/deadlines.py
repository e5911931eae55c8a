"""Counting a deadline, and the receipt that shows how it came about.

1 CFR 18.17, as the Office of the Federal Register applies it: the day after publication is
day 1; calendar days are counted; if the last day is a weekend, a Federal holiday or a
presidential closing, the period ends on the next Federal business day. A date that a
document prints is kept as printed and never moved.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from policy.domain.calendar import LONGEST_CLOSING, ONE_DAY, FederalCalendar
from policy.domain.partial_dates import day_text

EASTERN = ZoneInfo("America/New_York")
# "Must be received by" a day means by the end of it, Eastern.
END_OF_DAY = time(23, 59, 59)
COUNTING_RULE = "1 CFR 18.17"
# Longer periods are set by date, not by count; a larger number is a slip.
LONGEST_PERIOD = 3650
# The periods that agencies set by count: 10 days and more, in multiples of five or of a week.
# Others are set by date, and nothing is inferred from them.
STANDARD_INTERVALS = (10, 14, 15, 20, 21, 25, 28, 30, 35, 40, 45, 50, 60, 75, 90, 120, 150, 180)


class BadInterval(ValueError):
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
    "printed" or "computed". ``known`` is the day of the knowledge about closings.
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
        end = f"Must be received by {self.cutoff:%H:%M:%S} Eastern on {full_day(self.due)}."
        if self.basis == "printed" or self.day_one is None or self.raw_last_day is None:
            return f"The document prints {full_day(self.due)}; a printed date is never moved. {end}"
        count = f"Day 1 is {day_text(self.day_one)}; day {self.days} is {full_day(self.raw_last_day)}"
        if not self.rolls:
            return f"{count}, a Federal business day, so nothing moves. {end}"
        reasons = "; ".join(f"{day_text(roll.day)}: {roll.reason}" for roll in self.rolls)
        return f"{count}. Closed days are passed over ({reasons}). {end}"

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

    ``known`` is the Eastern day on which the count is made: closings proclaimed later do not
    count; None counts all. Raises BadInterval for a period that is not 1 to 3650 days.
    """
    if not 1 <= days <= LONGEST_PERIOD:
        msg = f"a period has 1 to {LONGEST_PERIOD} days, not {days}"
        raise BadInterval(msg)
    try:
        raw = published + timedelta(days=days)
        rolls = closed_run(raw, calendar, known)
    except OverflowError as error:
        msg = f"{days} days after {published} lies beyond the calendar"
        raise BadInterval(msg) from error
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


def closed_run(
    start: date, calendar: FederalCalendar, known: date | None
) -> tuple[Roll, ...]:
    """The closed days from ``start`` on, up to the next business day; none if it is one."""
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

    ``at`` is the printed Eastern time; without one the day counts to its end.
    """
    return Receipt(
        kind=kind,
        due=due,
        cutoff=at or END_OF_DAY,
        instant=closing_instant(due, at),
        basis="printed",
        anchor=published,
        source=source,
    )


def closing_instant(day: date, at: time | None = None) -> datetime:
    """The UTC instant at which an Eastern day ends, or of a printed Eastern time on it."""
    return datetime.combine(day, at or END_OF_DAY, tzinfo=EASTERN).astimezone(UTC)


def eastern_day(instant: datetime) -> date:
    """The Eastern calendar day of an aware instant; regulations.gov writes ends in UTC."""
    return instant.astimezone(EASTERN).date()


def days_left(due: date, today: date) -> int:
    """Calendar days from ``today`` to ``due``, both Eastern; negative once it has passed."""
    return (due - today).days


@dataclass(frozen=True)
class Inference:
    """What the two ends of a period tell of how it was set.

    ``cls`` is ofr_plain or ofr_rolled for a standard interval, which ``interval`` names;
    ends_on_closed_day for an end that only a printed date can explain; else other.
    """

    cls: str
    interval: int | None = None
    rolls: tuple[Roll, ...] = ()


def infer_interval(start: date, end: date, calendar: FederalCalendar) -> Inference:
    """Which standard interval gives ``end`` for a publication on ``start``, if one does."""
    if not calendar.is_business_day(end):
        return Inference("ends_on_closed_day")
    days = (end - start).days
    if days in STANDARD_INTERVALS:
        return Inference("ofr_plain", days)
    for interval in STANDARD_INTERVALS:
        rolls = closed_run(start + timedelta(days=interval), calendar, None)
        if rolls and interval + len(rolls) == days:
            return Inference("ofr_rolled", interval, rolls)
    return Inference("other")


def full_day(day: date) -> str:
    return f"{day:%A}, {day_text(day)}"


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
