"""Which alerts are due at an instant.

An alert's day is the due date minus the lead, in Eastern calendar days; it goes out on that day
in the reader's zone, at the reader's hour, and never after the cutoff instant. Of the alerts that
were missed, by a late subscription, a late date or an outage, only the newest still goes out, at
once; where another of the same date comes later that day, that one alone, unless the date would
close within a day of it: a machine that goes down meanwhile must not cost the reader the date.

Alerts are counted from days that the record knows exactly, never from a guessed one, and
never for a withdrawn date. A date that is scheduled and not confirmed does get its alerts:
a reader who acts on it loses nothing, one who was not told may; the mail says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from policy.domain.calendar import FederalCalendar
from policy.domain.deadlines import EASTERN, closing_instant
from policy.domain.leads import Lead, in_order
from policy.domain.partial_dates import PartialDate, parse_partial_date

# Beat comes once a minute; a mail later than this owes its reader an explanation.
LATE_AFTER = timedelta(hours=1)
# What a machine may be down for without a mail that was held back being lost.
SPARE = timedelta(hours=24)

# What a subscription follows and a date belongs to: a kind and a public id.
Subject = tuple[str, str]
EVERYTHING: Subject = ("everything", "")


@dataclass(frozen=True)
class ReaderClock:
    """By whose clock, and at which hour of it, a reader's mails go out: an IANA zone."""

    zone: str = EASTERN.key
    hour: time = time(8)

    def day_of(self, instant: datetime) -> date:
        """The reader's calendar day at an instant."""
        return instant.astimezone(ZoneInfo(self.zone)).date()

    def instant(self, day: date, at: time) -> datetime:
        """The UTC instant of a wall time. One that summer time skips is moved on by the gap,
        and of one that comes twice the first is meant, so that each day has exactly one.
        """
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)


EASTERN_MORNING = ReaderClock()
STATUTORY = FederalCalendar()


class Gone(StrEnum):
    """Why a deadline has no date any more."""

    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


@dataclass(frozen=True)
class StatedDate:
    """What the record says of a deadline's date on a day.

    ``on`` is an Eastern day, or the month or year in which an unknown one lies; None is not
    known. ``at`` is a printed Eastern time. ``gone`` says why there is no date any more.
    """

    on: PartialDate | None = None
    at: time | None = None
    gone: Gone | None = None

    @property
    def day(self) -> date | None:
        """The day, if it is known to the day: alerts are counted from no other."""
        return self.on.earliest if self.on and self.on.is_exact else None

    @property
    def cutoff(self) -> datetime | None:
        """The UTC instant after which nobody can act on the date any more."""
        return closing_instant(self.day, self.at) if self.day else None

    @property
    def code(self) -> str:
        """A stable short form: 2025-05-15, 2025-05-15T17:00, 2025-05, withdrawn, unknown."""
        if self.gone or self.on is None:
            return self.gone or "unknown"
        return f"{self.on.iso}T{self.at.isoformat()}" if self.at else self.on.iso

    @property
    def words(self) -> str:
        """The date as mails print it."""
        if self.gone is Gone.REMOVED:
            return "no longer in the record"
        if self.gone or self.on is None:
            return self.gone or "a day not known to the record"
        return f"{self.on}, {clock(self.at)} Eastern" if self.at else str(self.on)

    @classmethod
    def from_code(cls, code: str) -> "StatedDate":
        """The date that ``code`` stands for. Raises BadDate for what no code looks like."""
        if code in set(Gone):
            return cls(gone=Gone(code))
        if code == "unknown":
            return cls()
        day, _, at = code.partition("T")
        return cls(parse_partial_date(day), time.fromisoformat(at) if at else None)


@dataclass(frozen=True)
class DueDate:
    """A date to be told of, and the subjects whose followers are told.

    ``topic`` names the deadline or scheduled change whatever its date. ``recorded_at`` is the
    UTC instant at which the record learned of this very date.
    """

    topic: str
    subjects: frozenset[Subject]
    stated: StatedDate
    recorded_at: datetime


@dataclass(frozen=True)
class Follower:
    """A confirmed subscription: what it follows, its lead times, its UTC start, its clock."""

    subscription: int
    subscriber: int
    subject: Subject
    leads: frozenset[Lead]
    since: datetime
    clock: ReaderClock = EASTERN_MORNING


class Cause(StrEnum):
    """Why an alert goes out now and not at another time."""

    ON_TIME = "on time"
    NEW_SUBSCRIPTION = "new subscription"
    NEW_DATE = "new date"
    LATE = "late"


@dataclass(frozen=True)
class DueAlert:
    """An alert to plan. ``meant_for`` is the UTC instant at which it was to go out."""

    follower: Follower
    date: DueDate
    lead: Lead
    meant_for: datetime
    cause: Cause

    @property
    def key(self) -> str:
        """Unique for a subscriber, a deadline, a due date and a lead."""
        told, lead = self.date.stated.code, self.lead.code
        return f"lead:{self.follower.subscriber}:{self.date.topic}:{told}:{lead}"


# By subscriber and topic, the instants at which its present date was told.
Told = Mapping[tuple[int, str], Sequence[datetime]]


def send_instant(
    stated: StatedDate,
    lead: Lead,
    reader: ReaderClock = EASTERN_MORNING,
    calendar: FederalCalendar = STATUTORY,
) -> datetime:
    """The UTC instant at which the alert ``lead`` before an exact date goes out.

    That is the reader's hour on that day of the reader's calendar. Where the date closes
    before it, the alert goes out as the reader's day begins, or else the Eastern one: after
    the cutoff it would be of no use.
    """
    if stated.day is None or stated.cutoff is None:
        msg = "only an exact day has alerts"
        raise ValueError(msg)
    day = lead.day_before(stated.day, calendar)
    wanted = reader.instant(day, reader.hour)
    earlier = (reader.instant(day, time.min), EASTERN_MORNING.instant(day, time.min))
    return next((i for i in (wanted, *earlier) if i <= stated.cutoff), earlier[-1])


def due_lead(  # noqa: PLR0913  # what is asked, of whom, and by which calendars
    stated: StatedDate,
    leads: Iterable[Lead],
    at: datetime,
    told: Sequence[datetime] = (),
    *,
    reader: ReaderClock = EASTERN_MORNING,
    calendar: FederalCalendar = STATUTORY,
) -> Lead | None:
    """The lead whose alert is to be planned at the UTC instant ``at``, None if none is.

    ``told`` are the instants at which this date was told: what they stand in for is done.
    One in the future was told by a clock that ran ahead, and stands in for nothing.
    """
    if stated.cutoff is None or at > stated.cutoff:
        return None
    times = {lead: send_instant(stated, lead, reader, calendar) for lead in in_order(leads)}
    today = reader.day_of(at)
    if any(
        holds_back(stated, send, at) and reader.day_of(send) == today for send in times.values()
    ):
        # Two mails on one day would say the same.
        return None
    last = max((instant for instant in told if instant <= at), default=None)
    missed = [lead for lead, send in times.items() if send <= at and not (last and send <= last)]
    # Of two that fall together the one that names the shorter time is the plainer.
    return max(missed, key=lambda lead: (times[lead], -lead.days, not lead.business), default=None)


def holds_back(stated: StatedDate, send: datetime, at: datetime) -> bool:
    """Whether a moment to come can stand in for one that was missed: it leaves time to spare."""
    return at < send and stated.cutoff is not None and stated.cutoff - send >= SPARE


def due_alerts(
    dates: Iterable[DueDate],
    followers: Iterable[Follower],
    at: datetime,
    told: Told,
    calendar: FederalCalendar = STATUTORY,
) -> Iterator[DueAlert]:
    """At most one alert for each subscriber and date, however many subscriptions cover it.

    It is credited to the first follower that has its lead, so the more particular
    subscription should stand before the more general one.
    """
    interested = by_subject(followers)
    for date_ in dates:
        for subscriber, covering in covering_followers(date_, interested).items():
            leads = {lead for follower in covering for lead in follower.leads}
            before = told.get((subscriber, date_.topic), ())
            reader = covering[0].clock
            lead = due_lead(date_.stated, leads, at, before, reader=reader, calendar=calendar)
            if lead is not None:
                credited = next(f for f in covering if lead in f.leads)
                meant_for = send_instant(date_.stated, lead, reader, calendar)
                cause = cause_of(meant_for, credited.since, date_.recorded_at, at)
                yield DueAlert(credited, date_, lead, meant_for, cause)


def by_subject(followers: Iterable[Follower]) -> dict[Subject, list[tuple[int, Follower]]]:
    """Followers by what they follow, each with its place in the given order."""
    found: defaultdict[Subject, list[tuple[int, Follower]]] = defaultdict(list)
    for place, follower in enumerate(followers):
        found[follower.subject].append((place, follower))
    return found


def covering_followers(
    date_: DueDate, interested: Mapping[Subject, Sequence[tuple[int, Follower]]]
) -> dict[int, list[Follower]]:
    """By subscriber, the subscriptions that a date belongs to, in the order given."""
    placed = sorted(
        (pair for subject in date_.subjects for pair in interested.get(subject, ())),
        key=lambda pair: pair[0],
    )
    found: defaultdict[int, list[Follower]] = defaultdict(list)
    for _, follower in placed:
        found[follower.subscriber].append(follower)
    return found


def cause_of(meant_for: datetime, since: datetime, recorded_at: datetime, at: datetime) -> Cause:
    """Why an alert meant for one instant goes out at another."""
    if at - meant_for <= LATE_AFTER:
        return Cause.ON_TIME
    if meant_for < since:
        return Cause.NEW_SUBSCRIPTION
    return Cause.NEW_DATE if meant_for < recorded_at else Cause.LATE


def is_worth_telling(before: StatedDate, after: StatedDate, *, was_told: bool, today: date) -> bool:
    """Whether a changed date is announced to a reader on the Eastern day ``today``.

    Whoever was told the earlier date is told of every change, even afterwards. Others hear
    only of what still lies ahead: a correction of the past is no news to them.
    """
    if before == after:
        return False
    ends = [stated.on.latest for stated in (before, after) if stated.on]
    return was_told or any(day >= today for day in ends)


def clock(at: time) -> str:
    """A time of day as pages print it: 17:00, with seconds only where they count."""
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def last_slot(clock: ReaderClock, weekday: int | None, at: datetime) -> datetime:
    """The last UTC instant at or before ``at`` at which a digest leaves.

    Daily at the reader's hour; ``weekday`` makes it weekly, and counts from Monday, 0.
    """
    return max(slot for slot in slots(clock, weekday, at) if slot <= at)


def next_slot(clock: ReaderClock, weekday: int | None, at: datetime) -> datetime:
    """The first UTC instant after ``at`` at which a digest leaves."""
    return min(slot for slot in slots(clock, weekday, at) if slot > at)


def slots(clock: ReaderClock, weekday: int | None, at: datetime) -> list[datetime]:
    """Those from a week before to a week after ``at``, in order."""
    today = clock.day_of(at)
    days = [today + timedelta(days=n) for n in range(-8, 9)]
    wanted = [day for day in days if weekday is None or day.weekday() == weekday]
    return [clock.instant(day, clock.hour) for day in wanted]
