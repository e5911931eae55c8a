"""A snooze ends at the reader's hour, and never when nothing can be done any more."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.due import ReaderClock, StatedDate
from policy.domain.partial_dates import PartialDate, Precision
from policy.domain.snooze import SNOOZE_DAYS, Snooze, snooze_of

TAIPEI = ReaderClock("Asia/Taipei", time(9))
MAY_15 = StatedDate(PartialDate(date(2025, 5, 15)))
ZONES = ["America/New_York", "Asia/Taipei", "Pacific/Kiritimati", "Europe/Berlin", "Asia/Kolkata"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "days", "until", "clipped"),
    [
        ("2025-05-08 14:00", 1, "2025-05-09 12:00", False),
        ("2025-05-08 14:00", 3, "2025-05-11 12:00", False),
        ("2025-05-08 12:00", 7, "2025-05-15 12:00", False),
        ("2025-05-10 12:00", 7, "2025-05-15 12:00", True),
        ("2025-05-14 20:00", 1, "2025-05-15 12:00", False),
        ("2025-05-15 03:00", 1, "2025-05-15 12:00", False),  # still the 14th in New York
        ("2025-05-15 05:00", 1, "2025-05-15 12:00", True),
    ],
)
def test_a_snooze_ends_at_eight_in_the_morning(
    at: str, days: int, until: str, clipped: bool
) -> None:
    assert snooze_of(MAY_15, days, utc(at), ReaderClock()) == Snooze(utc(until), clipped)


@pytest.mark.parametrize("at", ["2025-05-15 12:00", "2025-05-15 20:00", "2025-06-01 00:00"])
def test_from_the_morning_of_the_day_itself_on_there_is_nothing_to_put_off(at: str) -> None:
    assert snooze_of(MAY_15, 1, utc(at), ReaderClock()) is None


def test_a_snooze_follows_the_reader_s_own_clock() -> None:
    """08:00 in Taipei on the 9th, snoozed by a day: 09:00 in Taipei on the 10th."""
    found = snooze_of(MAY_15, 1, utc("2025-05-09 00:00"), TAIPEI)
    assert found == Snooze(utc("2025-05-10 01:00"))


def test_a_date_that_closes_early_ends_the_snooze_before_it() -> None:
    closes = StatedDate(PartialDate(date(2025, 5, 15)), time(6))
    found = snooze_of(closes, 3, utc("2025-05-14 12:00"), ReaderClock())
    assert found == Snooze(utc("2025-05-15 04:00"), clipped=True)


def test_a_month_cannot_be_snoozed() -> None:
    may = StatedDate(PartialDate(date(2025, 5, 1), Precision.MONTH))
    assert snooze_of(may, 1, utc("2025-04-01 12:00"), ReaderClock()) is None


@given(
    before=st.timedeltas(timedelta(hours=-30), timedelta(days=20)),
    days=st.sampled_from(SNOOZE_DAYS),
    zone=st.sampled_from(ZONES),
    hour=st.integers(0, 23),
    closes=st.none() | st.times(),
)
def test_a_snooze_lies_ahead_and_never_past_the_cutoff(
    before: timedelta, days: int, zone: str, hour: int, closes: time | None
) -> None:
    stated = StatedDate(PartialDate(date(2025, 5, 15)), closes)
    assert stated.cutoff
    at = stated.cutoff - before
    snooze = snooze_of(stated, days, at, ReaderClock(zone, time(hour)))
    if snooze:
        assert at < snooze.until <= stated.cutoff
        assert snooze.until - at <= timedelta(days=days + 1)
