"""Days on which the Office of the Federal Register is closed.

Statutory holidays are those of 5 U.S.C. 6103, moved from a weekend as 5 U.S.C. 6103(b) and
Executive Order 11582 say. Presidential closings are facts of the record and handed in: they
count only from the day on which they were proclaimed. Every day is an Eastern calendar day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

ONE_DAY = timedelta(days=1)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
# Longer than any run of closed days: a count that rolls further has a broken calendar.
LONGEST_CLOSING = 30
# The Uniform Monday Holiday Act, Pub. L. 90-363, and E.O. 11582 apply from 1971. Earlier years
# had other holidays, and a year far ahead is a slip of the pen: for neither is a day guessed.
FIRST_YEAR, LAST_YEAR = 1971, 2199


class OutsideCalendar(ValueError):
    """Raised with a sentence for a year whose holidays the calendar does not know."""


@dataclass(frozen=True)
class Closing:
    """A day closed by a presidential order.

    ``proclaimed`` is the Eastern day of the order. None means that the record does not know
    it; such a closing counts as known from the closed day itself on, and never before. A
    period that it moves then ends too early at worst: the error that costs no reader a right.
    """

    day: date
    proclaimed: date | None
    order: str

    @property
    def known_from(self) -> date:
        """The first Eastern day on which the closing counts."""
        return self.proclaimed or self.day


class FederalCalendar:
    """Federal business days, as known on a day.

    Every method takes ``known``, the Eastern day of the knowledge: a closing proclaimed later
    does not count. None counts every closing handed in. All raise OutsideCalendar for a year
    before 1971 or after 2199.
    """

    def __init__(self, closings: Iterable[Closing] = ()) -> None:
        # Of two orders that close one day, the one known first closes it.
        latest_first = sorted(closings, key=lambda closing: closing.known_from, reverse=True)
        self._closings = {closing.day: closing for closing in latest_first}

    def closed_reason(self, day: date, known: date | None = None) -> str | None:
        """Why the Office is closed on ``day``, or None on a business day."""
        holiday = statutory_holidays(day.year).get(day)
        if holiday:
            return holiday
        if day.weekday() in (SATURDAY, SUNDAY):
            return "weekend"
        closing = self._closings.get(day)
        if closing and (known is None or closing.known_from <= known):
            return closing.order
        return None

    def is_business_day(self, day: date, known: date | None = None) -> bool:
        return self.closed_reason(day, known) is None

    def next_business_day(self, day: date, known: date | None = None) -> date:
        """``day`` itself if it is a business day, else the first one after it."""
        while not self.is_business_day(day, known):
            day += ONE_DAY
        return day

    def previous_business_day(self, day: date, known: date | None = None) -> date:
        """``day`` itself if it is a business day, else the last one before it."""
        while not self.is_business_day(day, known):
            day -= ONE_DAY
        return day


def on_day(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def on_weekday(month: int, weekday: int, nth: int) -> Callable[[int], date]:
    def nth_weekday(year: int) -> date:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))

    return nth_weekday


def last_monday_of_may(year: int) -> date:
    end = date(year, 5, 31)
    return end - timedelta(days=end.weekday())


@dataclass(frozen=True)
class Holiday:
    """A legal public holiday, its day before it moves from a weekend, and its years."""

    name: str
    day_in: Callable[[int], date]
    since: int = FIRST_YEAR
    until: int = LAST_YEAR + 1


# 5 U.S.C. 6103(a). Inauguration Day stands in (c) and has a function of its own below.
HOLIDAYS = (
    Holiday("New Year's Day", on_day(1, 1)),
    # Pub. L. 98-144, first observed in 1986.
    Holiday("Birthday of Martin Luther King, Jr.", on_weekday(1, MONDAY, 3), since=1986),
    Holiday("Washington's Birthday", on_weekday(2, MONDAY, 3)),
    Holiday("Memorial Day", last_monday_of_may),
    # Pub. L. 117-17, in force from 17 June 2021.
    Holiday("Juneteenth National Independence Day", on_day(6, 19), since=2021),
    Holiday("Independence Day", on_day(7, 4)),
    Holiday("Labor Day", on_weekday(9, MONDAY, 1)),
    Holiday("Columbus Day", on_weekday(10, MONDAY, 2)),
    # Pub. L. 94-97 moved it back to 11 November from 1978 on.
    Holiday("Veterans Day", on_weekday(10, MONDAY, 4), until=1977),
    Holiday("Veterans Day", on_day(11, 11), since=1978),
    Holiday("Thanksgiving Day", on_weekday(11, THURSDAY, 4)),
    Holiday("Christmas Day", on_day(12, 25)),
)


@lru_cache(maxsize=LAST_YEAR - FIRST_YEAR + 1)
def statutory_holidays(year: int) -> Mapping[date, str]:
    """The legal public holidays of ``year``, by the day on which they are observed.

    A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday
    after; so 31 December may be the next year's New Year's Day. Raises OutsideCalendar for a
    year before 1971 or after 2199.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        msg = f"the Federal calendar knows the years {FIRST_YEAR} to {LAST_YEAR}, not {year}"
        raise OutsideCalendar(msg)
    observed = {
        observed_on(holiday.day_in(of)): holiday.name
        for of in (year, year + 1)
        for holiday in HOLIDAYS
        if holiday.since <= of <= holiday.until
    }
    inauguration = inauguration_day(year)
    if inauguration:
        # In 2013 and 2025 it fell on the Birthday of Martin Luther King, Jr.
        observed.setdefault(inauguration, "Inauguration Day")
    return MappingProxyType({day: name for day, name in observed.items() if day.year == year})


def observed_on(day: date) -> date:
    """The day on which a holiday on ``day`` is observed; 5 U.S.C. 6103(b) and E.O. 11582."""
    if day.weekday() == SATURDAY:
        return day - ONE_DAY
    return day + ONE_DAY if day.weekday() == SUNDAY else day


def inauguration_day(year: int) -> date | None:
    """The day on which an inauguration closes offices in and around Washington, if one does.

    5 U.S.C. 6103(c): 20 January of each fourth year after 1965, or the 21st, the day of the
    public ceremony, if the 20th is a Sunday. On a Saturday no other day takes its place.
    """
    day = date(year, 1, 20)
    if year % 4 != 1 or day.weekday() == SATURDAY:
        return None
    return day + ONE_DAY if day.weekday() == SUNDAY else day
