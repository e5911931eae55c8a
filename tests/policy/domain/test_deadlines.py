"""Counting a deadline, and the receipt that shows how it came about."""

import os
import time as clock
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.calendar import Closing, FederalCalendar
from policy.domain.deadlines import (
    BadInterval,
    Roll,
    closing_instant,
    count_deadline,
    days_left,
    eastern_day,
    infer_interval,
    printed_deadline,
    reported_deadline,
)

ORDER = "Order of 18 December 2025"
CLOSINGS = [
    Closing(date(2025, 12, 24), date(2025, 12, 18), ORDER),
    Closing(date(2025, 12, 26), date(2025, 12, 18), ORDER),
]
CALENDAR = FederalCalendar(CLOSINGS)
days = st.dates(date(1995, 1, 1), date(2060, 1, 1))
periods = st.integers(1, 400)


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"])
def server_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """The process in another time zone, as a server may be."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    clock.tzset()
    yield request.param
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    clock.tzset()


@pytest.mark.parametrize(
    ("published", "period", "due", "rolls"),
    [
        # The AI Diffusion rule: day 1 is 16 January, day 120 a Thursday.
        (date(2025, 1, 15), 120, date(2025, 5, 15), []),
        (date(2025, 1, 15), 365, date(2026, 1, 15), []),
        # The AI Exports request: day 30 is Thanksgiving.
        (date(2025, 10, 28), 30, date(2025, 11, 28), ["Thanksgiving Day"]),
        (date(2020, 10, 22), 30, date(2020, 11, 23), ["weekend", "weekend"]),
        (
            date(2022, 12, 15),
            30,
            date(2023, 1, 17),
            ["weekend", "weekend", "Birthday of Martin Luther King, Jr."],
        ),
        # Christmas, a closing by order, then a weekend.
        (
            date(2025, 11, 25),
            30,
            date(2025, 12, 29),
            ["Christmas Day", ORDER, "weekend", "weekend"],
        ),
        # A leap day counts as a day.
        (date(2024, 2, 1), 28, date(2024, 2, 29), []),
    ],
)
def test_the_day_after_publication_is_day_one_and_closed_days_are_passed_over(
    published: date, period: int, due: date, rolls: list[str]
) -> None:
    receipt = count_deadline(published=published, days=period, calendar=CALENDAR)
    assert receipt.due == due
    assert [roll.reason for roll in receipt.rolls] == rolls
    assert receipt.day_one == published + timedelta(days=1)
    assert receipt.raw_last_day == published + timedelta(days=period)


def test_a_closing_proclaimed_after_the_count_does_not_change_it() -> None:
    before = count_deadline(
        published=date(2025, 11, 25), days=30, calendar=CALENDAR, known=date(2025, 12, 17)
    )
    assert before.due == date(2025, 12, 26)
    assert before.rolls == (Roll(date(2025, 12, 25), "Christmas Day"),)


@pytest.mark.parametrize(
    ("due", "at", "instant"),
    [
        # The AI Action Plan request: a Saturday, 11:59 p.m. Eastern, daylight time.
        (date(2025, 3, 15), time(23, 59), datetime(2025, 3, 16, 3, 59, tzinfo=UTC)),
        # The extended AI Exports request: a Saturday, standard time.
        (date(2025, 12, 13), None, datetime(2025, 12, 14, 4, 59, 59, tzinfo=UTC)),
        (date(2025, 12, 25), None, datetime(2025, 12, 26, 4, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_printed_date_is_never_moved(due: date, at: time | None, instant: datetime) -> None:
    receipt = printed_deadline(due=due, kind="comment", source="2025-02305", at=at)
    assert (receipt.due, receipt.instant, receipt.rolls) == (due, instant, ())
    assert receipt.basis == "printed"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (datetime(2023, 3, 15, 3, 59, 59, tzinfo=UTC), date(2023, 3, 14)),
        (datetime(2020, 11, 24, 4, 59, 59, tzinfo=UTC), date(2020, 11, 23)),
        (datetime(2023, 1, 13, 5, 0, 0, tzinfo=UTC), date(2023, 1, 13)),
    ],
)
def test_utc_instants_of_regulations_gov_are_eastern_days(written: datetime, day: date) -> None:
    assert eastern_day(written) == day


def test_the_cutoff_is_the_same_wherever_the_server_stands(server_zone: str) -> None:
    assert closing_instant(date(2025, 5, 15)) == datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC)
    assert eastern_day(datetime(2025, 5, 16, 3, 59, 59, tzinfo=UTC)) == date(2025, 5, 15)


@pytest.mark.parametrize("period", [0, -1, 3651])
def test_a_period_that_nobody_sets_is_refused_with_the_bounds(period: int) -> None:
    with pytest.raises(BadInterval, match="1 to 3650 days"):
        count_deadline(published=date(2025, 1, 15), days=period, calendar=CALENDAR)


def test_a_count_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(BadInterval, match="beyond the calendar"):
        count_deadline(published=date(9999, 12, 1), days=60, calendar=CALENDAR)


@given(days, periods)
def test_a_computed_deadline_ends_on_a_business_day_and_never_early(d: date, n: int) -> None:
    receipt = count_deadline(published=d, days=n, calendar=CALENDAR)
    assert CALENDAR.is_business_day(receipt.due)
    assert receipt.due - timedelta(days=n + len(receipt.rolls)) == d
    assert len(receipt.rolls) <= 6
    assert eastern_day(receipt.instant) == receipt.due
    assert eastern_day(receipt.instant + timedelta(seconds=1)) == receipt.due + timedelta(days=1)


@given(days, periods, periods)
def test_a_longer_period_never_ends_earlier(d: date, a: int, b: int) -> None:
    shorter, longer = sorted((a, b))
    one = count_deadline(published=d, days=shorter, calendar=CALENDAR)
    two = count_deadline(published=d, days=longer, calendar=CALENDAR)
    assert one.due <= two.due


@given(days, periods, st.sets(st.dates(date(1995, 1, 1), date(2061, 1, 1)), max_size=5))
def test_learning_of_a_closing_never_makes_a_deadline_earlier(
    d: date, n: int, closed: set[date]
) -> None:
    plain = count_deadline(published=d, days=n, calendar=FederalCalendar())
    learned = FederalCalendar(Closing(day, None, "an order") for day in closed)
    assert count_deadline(published=d, days=n, calendar=learned).due >= plain.due


@given(days, st.none() | st.times().map(lambda t: t.replace(microsecond=0)))
def test_printing_a_date_is_the_end_of_counting(d: date, at: time | None) -> None:
    receipt = printed_deadline(due=d, kind="comment", source=None, at=at)
    assert receipt.due == d
    assert receipt.as_json()["rolls"] == []


@given(days, st.integers(0, 200))
def test_no_interval_is_invented(start: date, length: int) -> None:
    inferred = infer_interval(start, start + timedelta(days=length), CALENDAR)
    for interval in inferred.candidates:
        counted = count_deadline(published=start, days=interval, calendar=CALENDAR)
        assert counted.due == start + timedelta(days=length)
    if inferred.interval is None:
        assert len(inferred.candidates) != 1
    else:
        assert inferred.interval in inferred.candidates


def test_the_receipt_says_everything_in_words_and_in_json() -> None:
    receipt = count_deadline(published=date(2025, 10, 28), days=30, calendar=CALENDAR)
    assert receipt.sentence == (
        "Day 1 is 29 October 2025; day 30 is Thursday, 27 November 2025. Closed days are passed "
        "over (27 November 2025: Thanksgiving Day). Must be received by 23:59:59 Eastern on "
        "Friday, 28 November 2025."
    )
    json = receipt.as_json()
    assert json["due"] == "2025-11-28"
    assert json["instant"] == "2025-11-29T04:59:59Z"
    assert json["rolls"] == [{"day": "2025-11-27", "reason": "Thanksgiving Day"}]
    assert json["basis"] == "computed"
    assert json["rule"] == "1 CFR 18.17"


def test_days_left_turn_negative_once_the_day_has_passed() -> None:
    due = date(2025, 5, 15)
    assert [days_left(due, due - timedelta(days=n)) for n in (1, 0, -1)] == [1, 0, -1]


def test_a_day_of_regulations_gov_is_kept_as_given_and_not_called_printed() -> None:
    receipt = reported_deadline(due=date(2025, 12, 13), kind="comment", source="BIS-2025-0001")
    assert (receipt.due, receipt.basis, receipt.rolls) == (date(2025, 12, 13), "reported", ())
    assert receipt.sentence == (
        "regulations.gov gives Saturday, 13 December 2025; the printed words were not read. Must "
        "be received by 23:59:59 Eastern on Saturday, 13 December 2025."
    )


@pytest.mark.parametrize(
    ("kind", "is_received"),
    [
        ("comment", True),
        ("information-collection", True),
        ("application", True),
        ("registration", True),
        ("hearing", False),
        ("effective", False),
        ("expiry", False),
        ("stay-ends", False),
    ],
)
def test_what_readers_hand_in_has_to_be_received(kind: str, is_received: bool) -> None:
    receipt = printed_deadline(due=date(2025, 12, 15), kind=kind, source=None)
    assert receipt.end.startswith("Must be received by") == is_received
