"""Which computed dates move when a closing becomes known late, and to which day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policy.domain.calendar import Closing, FederalCalendar
from policy.domain.deadlines import closing_instant, count_deadline
from policy.domain.recounts import Closings, Counted, Recount, recount

ORDER = "Extension of Christmas Holiday (E.O. 14371)"
PROCLAIMED = date(2025, 12, 18)
DEC_24 = Closing(date(2025, 12, 24), PROCLAIMED, ORDER)
DEC_26 = Closing(date(2025, 12, 26), PROCLAIMED, ORDER)
MOURNING = Closing(date(2025, 1, 9), date(2024, 12, 30), "Day of Mourning (E.O. 14133)")
NEW_YEAR = Closing(date(2026, 12, 31), date(2026, 12, 29), "A closing of the year's last day")
LEAP = Closing(date(2028, 2, 29), date(2028, 2, 28), "A closing of the leap day")


def on(year: int, month: int, day: int, hour: int = 17) -> datetime:
    """An instant of an Eastern winter day; 17:00 UTC is noon."""
    return datetime(year, month, day, hour, tzinfo=UTC)


def counted(published: date, days: int, **more: object) -> Counted:
    """A date as it was counted on the day of publication, before anybody knew of an order."""
    plain = count_deadline(published=published, days=days, calendar=FederalCalendar())
    return Counted(plain.due, published, days, governs=published, **more)  # type: ignore[arg-type]


def learned(*closings: Closing, before: tuple[Closing, ...] = ()) -> Closings:
    return Closings.of([*before, *closings], before)


BOTH = (DEC_24, DEC_26)
# (published, days, closings learned, at, the new day and the first day on which it governs)
CASES = [
    # 24 December, closed by the order of the 18th; then Christmas, the 26th, a weekend.
    (date(2025, 11, 24), 30, BOTH, on(2025, 12, 18), (date(2025, 12, 29), PROCLAIMED)),
    # Recorded on the last open day: the order governs from the day on which it was signed.
    (date(2025, 11, 24), 30, BOTH, on(2025, 12, 24), (date(2025, 12, 29), PROCLAIMED)),
    # The last second before it closed, and the first after it: 04:59:59 UTC.
    (
        date(2025, 11, 24),
        30,
        BOTH,
        datetime(2025, 12, 25, 4, 59, 59, tzinfo=UTC),
        (date(2025, 12, 29), PROCLAIMED),
    ),
    (date(2025, 11, 24), 30, BOTH, datetime(2025, 12, 25, 5, tzinfo=UTC), None),
    # Day 30 is Christmas, so the end was the 26th.
    (date(2025, 11, 25), 30, BOTH, on(2025, 12, 19), (date(2025, 12, 29), PROCLAIMED)),
    (date(2025, 11, 26), 30, BOTH, on(2025, 12, 19), (date(2025, 12, 29), PROCLAIMED)),
    # Only the 24th is closed: the end is the 26th, after Christmas.
    (date(2025, 11, 24), 30, (DEC_24,), on(2025, 12, 19), (date(2025, 12, 26), PROCLAIMED)),
    # The 23rd and the 29th are business days and stay.
    (date(2025, 11, 23), 30, BOTH, on(2025, 12, 19), None),
    (date(2025, 11, 29), 30, BOTH, on(2025, 12, 19), None),
    # Before it was signed the order did not count.
    (date(2025, 11, 24), 30, BOTH, on(2025, 12, 17), None),
    # Published after the order: it governs from publication.
    (date(2025, 12, 19), 5, BOTH, on(2025, 12, 22), (date(2025, 12, 29), date(2025, 12, 19))),
    # The end of a year: 31 December, then New Year's Day on a Friday, a weekend.
    (
        date(2026, 12, 1),
        30,
        (NEW_YEAR,),
        on(2026, 12, 30),
        (date(2027, 1, 4), date(2026, 12, 29)),
    ),
    # The leap day of 2028, a Tuesday.
    (date(2028, 1, 30), 30, (LEAP,), on(2028, 2, 28), (date(2028, 3, 1), date(2028, 2, 28))),
    # A closing that lies elsewhere moves nothing.
    (date(2025, 11, 24), 30, (MOURNING,), on(2025, 12, 19), None),
]


@pytest.mark.parametrize(("published", "days", "closings", "at", "expected"), CASES)
def test_a_closing_that_becomes_known_moves_what_is_open_and_ends_on_it(
    published: date,
    days: int,
    closings: tuple[Closing, ...],
    at: datetime,
    expected: tuple[date, date] | None,
) -> None:
    found = recount(counted(published, days), learned(*closings), at)
    assert (found and (found.day, found.since)) == expected


def test_the_order_and_the_reason_are_told() -> None:
    found = recount(counted(date(2025, 11, 24), 30), learned(*BOTH), on(2025, 12, 19))
    assert found is not None
    assert (found.closings, found.order) == (BOTH, DEC_26)
    assert found.note == (
        f"Counted anew: 24 December 2025 was closed by {ORDER}, proclaimed 18 December 2025; "
        f"26 December 2025 was closed by {ORDER}, proclaimed 18 December 2025."
    )


def test_of_two_orders_the_later_one_makes_the_date() -> None:
    first = Closing(date(2025, 12, 24), date(2025, 12, 10), "The first order")
    second = Closing(date(2025, 12, 26), date(2025, 12, 20), "The second order")
    found = recount(counted(date(2025, 11, 24), 30), learned(second, first), on(2025, 12, 22))
    assert found is not None
    assert (found.day, found.since, found.order) == (
        date(2025, 12, 29),
        date(2025, 12, 20),
        second,
    )


def test_a_second_order_moves_what_the_first_has_moved() -> None:
    once = Counted(date(2025, 12, 26), date(2025, 11, 24), 30, PROCLAIMED, is_recount=True)
    later = Closing(date(2025, 12, 26), date(2025, 12, 22), "The second order")
    found = recount(once, learned(later, before=(DEC_24,)), on(2025, 12, 22))
    assert found is not None
    assert (found.day, found.since, found.order) == (date(2025, 12, 29), date(2025, 12, 22), later)


def test_a_closing_that_is_taken_back_moves_the_date_back_as_if_it_had_never_been() -> None:
    moved = Counted(date(2025, 12, 29), date(2025, 11, 24), 30, PROCLAIMED, is_recount=True)
    found = recount(moved, Closings.of((), before=BOTH), on(2025, 12, 22))
    assert found == Recount(date(2025, 12, 24), PROCLAIMED)
    assert "not in the record any more" in found.note


def test_a_closing_known_before_publication_moves_a_date_that_was_counted_without_it() -> None:
    """The record learned of the order late: the count on the day of publication was wrong."""
    early = Counted(date(2025, 12, 24), date(2025, 12, 19), 5, date(2025, 12, 19))
    found = recount(early, learned(*BOTH), on(2025, 12, 22))
    assert found == Recount(date(2025, 12, 29), date(2025, 12, 19), BOTH)


def test_a_closing_whose_order_has_no_known_day_counts_only_from_the_closed_day() -> None:
    unknown = Closing(date(2025, 12, 24), None, ORDER)
    date_ = counted(date(2025, 11, 24), 30)
    assert recount(date_, learned(unknown), on(2025, 12, 23)) is None
    assert recount(date_, learned(unknown), on(2025, 12, 24)) == Recount(
        date(2025, 12, 26), date(2025, 12, 24), (unknown,)
    )


@pytest.mark.parametrize(
    ("day", "is_recount", "moves"),
    [
        (date(2025, 12, 24), False, True),
        (date(2025, 12, 23), False, False),
        (date(2025, 12, 31), False, False),
        (date(2025, 12, 31), True, True),
    ],
)
def test_a_date_that_no_count_gives_is_left_alone_unless_a_recount_made_it(
    day: date, is_recount: bool, moves: bool
) -> None:
    date_ = Counted(day, date(2025, 11, 24), 30, None, None, is_recount)
    assert (recount(date_, learned(*BOTH), on(2025, 12, 19)) is not None) == moves


def test_a_printed_time_of_day_closes_the_date_earlier() -> None:
    date_ = counted(date(2025, 11, 24), 30, at=time(9))
    assert recount(date_, learned(*BOTH), on(2025, 12, 24, 14)) is not None
    assert recount(date_, learned(*BOTH), on(2025, 12, 24, 15)) is None


@pytest.mark.parametrize(("published", "days"), [(date(1960, 1, 1), 30), (date(2025, 1, 1), 9999)])
def test_terms_that_no_count_takes_move_nothing(published: date, days: int) -> None:
    broken = Counted(date(2099, 12, 24), published, days)
    assert recount(broken, learned(*BOTH), on(2025, 12, 19)) is None


days = st.dates(date(2000, 1, 1), date(2040, 12, 1))
orders = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 20)).map(
        lambda pair: (timedelta(days=pair[0]), timedelta(days=pair[1]))
    ),
    min_size=1,
    max_size=4,
)


@given(days, st.sampled_from([10, 30, 45, 60]), orders, st.integers(0, 70))
def test_a_recount_gives_what_the_count_gives_and_once_made_stays(
    published: date, length: int, offsets: list[tuple[timedelta, timedelta]], later: int
) -> None:
    date_ = counted(published, length)
    closings = [
        Closing(date_.day + ahead, date_.day + ahead - before, f"Order {place}")
        for place, (ahead, before) in enumerate(offsets)
    ]
    at = closing_instant(published + timedelta(days=later))
    assume(at <= closing_instant(date_.day))
    found = recount(date_, learned(*closings), at)
    today = published + timedelta(days=later)
    fresh = count_deadline(
        published=published, days=length, calendar=FederalCalendar(closings), known=today
    )
    assert (found.day if found else date_.day) == fresh.due
    if found:
        assert found.day > date_.day
        assert found.order is not None
        assert found.since is not None
        assert found.since <= today
        again = Counted(found.day, published, length, found.since, is_recount=True)
        assert recount(again, learned(before=tuple(closings)), at) is None
