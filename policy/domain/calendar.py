"""Days on which the Office of the Federal Register is closed.

Statutory holidays are those of 5 U.S.C. 6103, moved from a weekend as 5 U.S.C. 6103(b) and
Executive Order 11582 say. Presidential closings are facts of the record and handed in: they
count only from the day on which they were proclaimed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
# Longer than any run of closed days: a count that rolls further has a broken calendar.
LONGEST_CLOSING = 30


@dataclass(frozen=True)
class Closing:
    """A day closed by a presidential order.

    ``proclaimed`` is the Eastern day of the order. None means that the record does not know
    it; such a closing counts as known from the closed day itself on, the latest it can be.
    """

    day: date
    proclaimed: date | None
    order: str

    def is_known(self, on: date) -> bool:
        return (self.proclaimed or self.day) <= on


class FederalCalendar:
    """Federal business days, as known on a day."""

    def __init__(self, closings: Iterable[Closing] = ()) -> None:
        self._closings = {closing.day: closing for closing in closings}

    def closed_reason(self, day: date, known: date | None = None) -> str | None:
        """Why the Office is closed on ``day``, or None on a business day.

        ``known`` is the Eastern day of the knowledge: an order proclaimed later does not
        count. None counts every closing of the record.
        """
        holiday = statutory_holidays(day.year).get(day)
        if holiday:
            return holiday
        if day.weekday() in (SATURDAY, SUNDAY):
            return "weekend"
        closing = self._closings.get(day)
        if closing and (known is None or closing.is_known(known)):
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


@lru_cache(maxsize=512)
def statutory_holidays(year: int) -> dict[date, str]:
    """The legal public holidays observed in ``year``, by the day on which they are observed.

    A holiday on a Saturday is observed on the Friday before, one on a Sunday on the Monday
    after; so 31 December may be the next year's New Year's Day.
    """
    named = [*fixed_holidays(year), *floating_holidays(year)]
    named += [pair for pair in fixed_holidays(year + 1) if pair[0] == date(year + 1, 1, 1)]
    observed = {observed_on(day): name for day, name in named}
    if is_inauguration_year(year):
        observed.setdefault(*inauguration_day(year))
    return {day: name for day, name in observed.items() if day.year == year}


def observed_on(day: date) -> date:
    if day.weekday() == SATURDAY:
        return day - ONE_DAY
    return day + ONE_DAY if day.weekday() == SUNDAY else day


def fixed_holidays(year: int) -> list[tuple[date, str]]:
    """Holidays on a fixed day, before they are moved from a weekend; 5 U.S.C. 6103(a)."""
    holidays = [(date(year, 1, 1), "New Year's Day"), (date(year, 7, 4), "Independence Day")]
    if year >= 2021:  # noqa: PLR2004  # Pub. L. 117-17, in force from 17 June 2021
        holidays.append((date(year, 6, 19), "Juneteenth National Independence Day"))
    holidays.append((date(year, 11, 11), "Veterans Day"))
    holidays.append((date(year, 12, 25), "Christmas Day"))
    return holidays


def floating_holidays(year: int) -> list[tuple[date, str]]:
    """Holidays on a weekday of a month; 5 U.S.C. 6103(a)."""
    holidays = [
        (nth_weekday(year, 2, MONDAY, 3), "Washington's Birthday"),
        (last_monday_of_may(year), "Memorial Day"),
        (nth_weekday(year, 9, MONDAY, 1), "Labor Day"),
        (nth_weekday(year, 10, MONDAY, 2), "Columbus Day"),
        (nth_weekday(year, 11, THURSDAY, 4), "Thanksgiving Day"),
    ]
    if year >= 1986:  # noqa: PLR2004  # Pub. L. 98-144, first observed in 1986
        holidays.append((nth_weekday(year, 1, MONDAY, 3), "Birthday of Martin Luther King, Jr."))
    return holidays


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def last_monday_of_may(year: int) -> date:
    end = date(year, 5, 31)
    return end - timedelta(days=end.weekday())


def is_inauguration_year(year: int) -> bool:
    """Every fourth year from 1965; 5 U.S.C. 6103(c), for offices in and around Washington."""
    return year >= 1965 and year % 4 == 1  # noqa: PLR2004  # the law's first year


def inauguration_day(year: int) -> tuple[date, str]:
    """20 January; if that is a Sunday, the day of the public ceremony, the 21st."""
    day = date(year, 1, 20)
    return (day + ONE_DAY if day.weekday() == SUNDAY else day), "Inauguration Day"
