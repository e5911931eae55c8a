"""How many mails the past would have brought: the same rule, asked of days gone by."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.calendar import FederalCalendar
from policy.domain.due import Gone, ReaderClock, StatedDate
from policy.domain.leads import Lead
from policy.domain.partial_dates import PartialDate
from policy.domain.replay import (
    DAILY,
    WEEKLY,
    History,
    Wish,
    digest_instant,
    digests,
    news_mails,
    past_mails,
)

CALENDAR = FederalCalendar()
START = datetime(2025, 3, 1, 12, tzinfo=UTC)
END = START + timedelta(days=90)
LEADS = tuple(Lead(days) for days in (30, 14, 7, 1, 0))


def on(day: date) -> StatedDate:
    return StatedDate(PartialDate(day))


def codes(history: History, wish: Wish | None = None) -> list[str]:
    """The mails in the order in which they went out: a lead's code, or ``moved``."""
    found = past_mails(history, wish or Wish(LEADS), START, END, CALENDAR)
    return [mail.lead.code if mail.lead else "moved" for mail in found]


def since_ever(stated: StatedDate) -> History:
    return History(((None, stated),))


@pytest.mark.parametrize(
    ("day", "mails"),
    [
        (date(2025, 5, 15), ["30d", "14d", "7d", "1d", "0d"]),
        (date(2025, 6, 10), ["30d", "14d"]),
        (date(2025, 3, 5), ["1d", "0d"]),
        (date(2025, 2, 1), []),
        (date(2025, 9, 1), []),
    ],
)
def test_a_date_that_always_stood_brings_its_reminders(day: date, mails: list[str]) -> None:
    assert codes(since_ever(on(day))) == mails


def test_no_reminders_means_changes_only() -> None:
    moved = History(((None, on(date(2025, 5, 1))), (date(2025, 4, 20), on(date(2025, 5, 15)))))
    assert codes(moved, Wish(())) == ["moved"]


def test_a_moved_date_is_told_once_and_reminds_anew() -> None:
    moved = History(((None, on(date(2025, 4, 10))), (date(2025, 4, 5), on(date(2025, 5, 15)))))
    assert codes(moved) == ["30d", "14d", "7d", "moved", "30d", "14d", "7d", "1d", "0d"]


def test_a_withdrawn_date_is_told_and_reminds_no_more() -> None:
    gone = StatedDate(gone=Gone.WITHDRAWN)
    history = History(((None, on(date(2025, 5, 15))), (date(2025, 5, 10), gone)))
    assert codes(history) == ["30d", "14d", "7d", "moved"]


def test_a_date_that_comes_with_five_days_left_brings_one_mail_at_once() -> None:
    assert codes(History(((date(2025, 5, 10), on(date(2025, 5, 15))),))) == ["7d", "1d", "0d"]


def test_what_moved_before_the_ninety_days_is_no_news() -> None:
    earlier = History(((None, on(date(2025, 1, 15))), (date(2025, 1, 10), on(date(2025, 5, 15)))))
    assert codes(earlier) == codes(since_ever(on(date(2025, 5, 15))))


def test_a_digest_gathers_what_falls_on_its_days() -> None:
    two = [since_ever(on(date(2025, 5, 15))), since_ever(on(date(2025, 5, 16)))]

    def count(delivery: str) -> int:
        wish = Wish(LEADS, delivery=delivery)
        mails = [m for h in two for m in past_mails(h, wish, START, END, CALENDAR)]
        return digests(mails, wish)

    assert count("immediate") == 10
    # The 1-day mail of one falls on the day of the other.
    assert count(DAILY) == 9
    # Mondays 21 April, 5 and 12 May; what closes before the next goes out by itself.
    assert count(WEEKLY) == 3 + 4


@pytest.mark.parametrize(
    ("delivery", "weekday", "at", "slot"),
    [
        (DAILY, 0, "2025-05-08 12:00", "2025-05-08 12:00"),
        (DAILY, 0, "2025-05-08 12:01", "2025-05-09 12:00"),
        (WEEKLY, 0, "2025-05-08 12:00", "2025-05-12 12:00"),
        (WEEKLY, 3, "2025-05-08 12:00", "2025-05-08 12:00"),
        (WEEKLY, 3, "2025-05-08 12:01", "2025-05-15 12:00"),
    ],
)
def test_when_the_next_digest_goes_out(delivery: str, weekday: int, at: str, slot: str) -> None:
    wish = Wish((), delivery=delivery, weekday=weekday)
    instant = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert digest_instant(instant, wish) == datetime.fromisoformat(slot).replace(tzinfo=UTC)


def test_changes_of_one_day_are_one_mail() -> None:
    days = [date(2025, 5, 2), date(2025, 5, 2), date(2025, 5, 1)]
    assert digests(news_mails(days), Wish(())) == 2


@given(
    due=st.dates(date(2025, 1, 1), date(2025, 8, 1)),
    leads=st.sets(st.builds(Lead, st.integers(0, 40), st.booleans()), max_size=5),
    zone=st.sampled_from(["America/New_York", "Asia/Taipei", "Europe/Berlin"]),
    hour=st.integers(0, 23),
)
def test_no_reminder_is_counted_twice_or_outside_the_days(
    due: date, leads: set[Lead], zone: str, hour: int
) -> None:
    wish = Wish(tuple(leads), ReaderClock(zone, time(hour)))
    mails = list(past_mails(since_ever(on(due)), wish, START, END, CALENDAR))
    assert len({mail.lead for mail in mails}) == len(mails) <= len(leads)
    cutoff = on(due).cutoff
    assert cutoff
    assert all(START < mail.at <= min(END, cutoff) for mail in mails)
