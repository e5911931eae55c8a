"""How fresh a source is, as truth tables over its rhythm and what was heard of it."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.calendar import Closing, FederalCalendar
from policy.domain.deadlines import EASTERN
from policy.domain.freshness import (
    FAILS_TOO_LONG,
    LONGEST_RETRY,
    Heard,
    Outcome,
    Rhythm,
    State,
    is_due,
    needs_a_person,
    retry_after,
    state_of,
)

CALENDAR = FederalCalendar()
ISSUES = Rhythm("each issue day, 10:00 Eastern", time(10), business_days=True)
DAILY = Rhythm("daily, 8:00 Eastern", time(8), business_days=False)
HOUR = timedelta(hours=1)


def eastern(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=EASTERN).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        ("2026-11-24 09:59", "2026-11-23 10:00", "2026-11-24 10:00"),
        ("2026-11-24 10:00", "2026-11-24 10:00", "2026-11-25 10:00"),
        # Thanksgiving, then a Friday with an issue, then a weekend.
        ("2026-11-26 12:00", "2026-11-25 10:00", "2026-11-27 10:00"),
        ("2026-11-29 23:00", "2026-11-27 10:00", "2026-11-30 10:00"),
        # Christmas Day and New Year's Day on Fridays.
        ("2026-12-25 12:00", "2026-12-24 10:00", "2026-12-28 10:00"),
        # The nights in which summer time begins and ends.
        ("2026-03-08 12:00", "2026-03-06 10:00", "2026-03-09 10:00"),
        ("2026-11-01 12:00", "2026-10-30 10:00", "2026-11-02 10:00"),
    ],
)
def test_issues_come_on_business_days_at_an_eastern_hour(
    now: str, last: str, following: str
) -> None:
    assert ISSUES.last_due(eastern(now), CALENDAR) == eastern(last)
    assert ISSUES.next_due(eastern(now), CALENDAR) == eastern(following)


def test_a_day_closed_by_an_order_has_no_issue() -> None:
    closed = FederalCalendar([Closing(date(2026, 12, 24), date(2026, 12, 18), "an order")])
    assert ISSUES.last_due(eastern("2026-12-24 12:00"), closed) == eastern("2026-12-23 10:00")


def test_a_daily_source_is_asked_on_holidays_too() -> None:
    christmas = eastern("2026-12-25 12:00")
    assert DAILY.last_due(christmas, CALENDAR) == eastern("2026-12-25 08:00")


@given(st.integers(631_152_000, 3_786_912_000), st.sampled_from([ISSUES, DAILY]))
def test_what_was_due_lies_before_what_will_be(seconds: int, rhythm: Rhythm) -> None:
    now = datetime.fromtimestamp(seconds, UTC)  # of the years 1990 to 2089
    last, following = rhythm.last_due(now, CALENDAR), rhythm.next_due(now, CALENDAR)
    assert last <= now < following
    assert rhythm.next_due(last, CALENDAR) == following
    assert last.astimezone(EASTERN).time() == rhythm.at


NOW = eastern("2026-11-24 12:00")
# In time for the issue of 10:00, and before it.
TODAY, YESTERDAY = eastern("2026-11-24 10:01"), eastern("2026-11-23 10:01")
LATE = eastern("2026-11-24 13:00")


def heard(outcome: Outcome, started: datetime, **others: object) -> Heard:
    done = Heard(outcome=outcome, started=started, finished=started, last_success=started)
    return replace(done, **others)  # type: ignore[arg-type]  # each by its own name


@pytest.mark.parametrize(
    ("outcome", "started", "now", "state"),
    [
        (None, None, NOW, State.NEVER),
        (Outcome.NEW, TODAY, NOW, State.NEW),
        (Outcome.SAME, TODAY, NOW, State.SAME),
        # Due at 10:00, asked by 13:00 at the latest.
        (Outcome.SAME, YESTERDAY, NOW, State.SAME),
        (Outcome.NEW, YESTERDAY, NOW, State.NEW),
        (Outcome.SAME, YESTERDAY, LATE, State.SILENT),
        (Outcome.NEW, YESTERDAY, LATE, State.SILENT),
        (Outcome.SAME, TODAY, LATE, State.SAME),
        # A failure and a person's turn are told first: silence follows from them.
        (Outcome.FAILED, TODAY, NOW, State.FAILING),
        (Outcome.FAILED, YESTERDAY, LATE, State.FAILING),
        (Outcome.WAITING, TODAY, NOW, State.WAITING),
        (Outcome.WAITING, YESTERDAY, LATE, State.WAITING),
    ],
)
def test_a_state_says_what_was_heard_last(
    outcome: Outcome | None, started: datetime | None, now: datetime, state: State
) -> None:
    found = heard(outcome, started) if outcome and started else Heard()
    assert state_of(found, ISSUES, now, CALENDAR) is state


def test_nothing_new_over_a_long_weekend_is_not_silence() -> None:
    wednesday = heard(Outcome.SAME, eastern("2026-11-25 10:02"))
    assert state_of(wednesday, ISSUES, eastern("2026-11-27 09:00"), CALENDAR) is State.SAME
    assert state_of(wednesday, ISSUES, eastern("2026-11-27 13:00"), CALENDAR) is State.SILENT


@pytest.mark.parametrize(
    ("found", "now", "due"),
    [
        (Heard(), NOW, True),
        (heard(Outcome.SAME, YESTERDAY), NOW, True),
        (heard(Outcome.SAME, TODAY), NOW, False),
        (heard(Outcome.NEW, TODAY), eastern("2026-11-25 09:59"), False),
        (heard(Outcome.NEW, TODAY), eastern("2026-11-25 10:00"), True),
        (heard(Outcome.WAITING, TODAY), NOW, False),
        (heard(Outcome.FAILED, TODAY, failures=1), TODAY + timedelta(minutes=14), False),
        (heard(Outcome.FAILED, TODAY, failures=1), TODAY + timedelta(minutes=15), True),
        (heard(Outcome.FAILED, TODAY, failures=3), TODAY + timedelta(minutes=59), False),
        (heard(Outcome.FAILED, TODAY, failures=3), TODAY + timedelta(minutes=60), True),
    ],
)
def test_a_source_is_asked_once_when_its_time_has_come_and_again_after_a_failure(
    found: Heard, now: datetime, due: bool
) -> None:
    assert is_due(found, ISSUES, now, CALENDAR) is due


@given(st.integers(0, 10_000))
def test_retries_come_less_and_less_often_up_to_a_bound(failures: int) -> None:
    assert timedelta(minutes=15) <= retry_after(failures) <= LONGEST_RETRY
    assert retry_after(failures) <= retry_after(failures + 1)


@pytest.mark.parametrize(
    ("state", "failing_for", "told"),
    [
        (State.NEVER, None, False),
        (State.OFF, None, False),
        (State.NEW, None, False),
        (State.SAME, None, False),
        (State.SILENT, None, True),
        (State.WAITING, None, True),
        (State.FAILING, FAILS_TOO_LONG - HOUR, False),
        (State.FAILING, FAILS_TOO_LONG, True),
    ],
)
def test_staff_hear_of_what_does_not_pass_by_itself(
    state: State, failing_for: timedelta | None, told: bool
) -> None:
    since = NOW - failing_for if failing_for else None
    assert needs_a_person(state, Heard(failing_since=since), NOW) is told
