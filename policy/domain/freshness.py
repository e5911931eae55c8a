"""How fresh a source is: what it was last heard to say against the rhythm it should keep.

Rhythms are Eastern wall times; instants are UTC. Business days are those of the Office of the
Federal Register (see ``calendar.py``): it publishes no issue on weekends and holidays.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from policy.domain.calendar import LONGEST_CLOSING, ONE_DAY, FederalCalendar
from policy.domain.deadlines import EASTERN, eastern_day

# After a failure a source is asked again, less and less often.
FIRST_RETRY, LONGEST_RETRY = timedelta(minutes=15), timedelta(hours=4)
# A source may be away for some hours; for longer somebody should know.
FAILS_TOO_LONG = timedelta(hours=24)


class Outcome(StrEnum):
    """How a check ended."""

    NEW = "new"
    SAME = "same"
    FAILED = "failed"
    WAITING = "waiting"


class State(StrEnum):
    """What a person is told of a source."""

    OFF = "off"
    NEVER = "never"
    NEW = "new"
    SAME = "same"
    SILENT = "silent"
    FAILING = "failing"
    WAITING = "waiting"


@dataclass(frozen=True)
class Rhythm:
    """When a source is asked: at this Eastern wall time, each day or each business day.

    ``grace`` is how late a check may be before the source counts as silent.
    """

    words: str
    at: time
    business_days: bool
    grace: timedelta = timedelta(hours=3)

    def last_due(self, now: datetime, calendar: FederalCalendar) -> datetime:
        """The last instant at or before ``now`` at which the source was to be asked."""
        return self._seek(now, calendar, -ONE_DAY)

    def next_due(self, now: datetime, calendar: FederalCalendar) -> datetime:
        """The first instant after ``now``."""
        return self._seek(now, calendar, ONE_DAY)

    def _seek(self, now: datetime, calendar: FederalCalendar, step: timedelta) -> datetime:
        day = eastern_day(now)
        for _ in range(LONGEST_CLOSING):
            # A wall time that summer time skips or repeats is never one of these.
            due = datetime.combine(day, self.at, EASTERN).astimezone(now.tzinfo)
            is_past = due <= now
            if is_past == (step < timedelta()) and self._is_asked(day, calendar):
                return due
            day += step
        raise AssertionError("a calendar that is closed for a month is broken")

    def _is_asked(self, day: date, calendar: FederalCalendar) -> bool:
        return not self.business_days or calendar.is_business_day(day)


@dataclass(frozen=True)
class Heard:
    """What the checks of a source that have ended say. None is never."""

    outcome: Outcome | None = None
    started: datetime | None = None
    finished: datetime | None = None
    last_success: datetime | None = None
    last_change: datetime | None = None
    failing_since: datetime | None = None
    failures: int = 0


def state_of(heard: Heard, rhythm: Rhythm, now: datetime, calendar: FederalCalendar) -> State:
    """What to tell of a source at the UTC instant ``now``.

    A person's turn and a failure come first: that nothing was heard since follows from them.
    """
    if heard.outcome is None or heard.started is None:
        return State.NEVER
    if heard.outcome is Outcome.WAITING:
        return State.WAITING
    if heard.outcome is Outcome.FAILED:
        return State.FAILING
    if is_silent(heard.started, rhythm, now, calendar):
        return State.SILENT
    return State.NEW if heard.outcome is Outcome.NEW else State.SAME


def is_silent(started: datetime, rhythm: Rhythm, now: datetime, calendar: FederalCalendar) -> bool:
    """Whether a check was due, with its grace, and did not happen."""
    return started < rhythm.last_due(now - rhythm.grace, calendar)


def is_due(heard: Heard, rhythm: Rhythm, now: datetime, calendar: FederalCalendar) -> bool:
    """Whether the source is to be asked now: never asked, its time has come, or a retry."""
    if heard.started is None or heard.started < rhythm.last_due(now, calendar):
        return True
    if heard.outcome is not Outcome.FAILED or heard.finished is None:
        return False
    return now >= heard.finished + retry_after(heard.failures)


def retry_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row."""
    doublings = min(max(failures, 1) - 1, 10)
    return min(LONGEST_RETRY, FIRST_RETRY * (1 << doublings))


def needs_a_person(state: State, heard: Heard, now: datetime) -> bool:
    """Whether staff should be told: silence, a person's turn, a failure that lasts."""
    if state is State.FAILING and heard.failing_since:
        return now - heard.failing_since >= FAILS_TOO_LONG
    return state in (State.SILENT, State.WAITING)
