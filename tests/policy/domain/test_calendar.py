"""Days on which the Office of the Federal Register is closed."""

from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.calendar import Closing, FederalCalendar, statutory_holidays
from tests.shared_data import shared

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
CHRISTMAS_2025 = [
    Closing(date(2025, 12, 24), date(2025, 12, 18), "Order of 18 December 2025"),
    Closing(date(2025, 12, 26), date(2025, 12, 18), "Order of 18 December 2025"),
]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2025, 1, 1), "New Year's Day"),
        (date(2025, 11, 27), "Thanksgiving Day"),
        (date(2025, 5, 26), "Memorial Day"),
        (date(2021, 6, 18), "Juneteenth National Independence Day"),
        (date(2021, 12, 31), "New Year's Day"),
        (date(2022, 12, 26), "Christmas Day"),
        (date(2021, 1, 20), "Inauguration Day"),
        (date(2020, 6, 19), None),
        (date(2022, 1, 1), "weekend"),
        (date(2025, 5, 15), None),
    ],
)
def test_a_day_is_closed_for_a_named_reason(day: date, name: str | None) -> None:
    assert FederalCalendar().closed_reason(day) == name


@pytest.mark.parametrize(
    ("known", "closed"),
    [
        (date(2025, 11, 25), False),
        (date(2025, 12, 17), False),
        (date(2025, 12, 18), True),
        (None, True),
    ],
)
def test_a_presidential_closing_counts_from_its_proclamation_on(
    known: date | None, closed: bool
) -> None:
    calendar = FederalCalendar(CHRISTMAS_2025)
    assert (calendar.closed_reason(date(2025, 12, 26), known) is not None) is closed


def test_a_closing_with_an_unknown_proclamation_counts_from_its_own_day() -> None:
    calendar = FederalCalendar([Closing(date(2018, 12, 5), None, "Day of Mourning")])
    assert calendar.closed_reason(date(2018, 12, 5), date(2018, 12, 4)) is None
    assert calendar.closed_reason(date(2018, 12, 5), date(2018, 12, 5)) == "Day of Mourning"


@given(days)
def test_the_next_business_day_is_open_and_nothing_before_it_is(day: date) -> None:
    calendar = FederalCalendar(CHRISTMAS_2025)
    following, before = calendar.next_business_day(day), calendar.previous_business_day(day)
    assert calendar.is_business_day(following)
    assert calendar.is_business_day(before)
    assert before <= day <= following <= day + timedelta(days=6)
    between = (day + timedelta(days=n) for n in range((following - day).days))
    assert not any(calendar.is_business_day(d) for d in between)


@given(st.integers(1971, 2100))
def test_no_holiday_is_observed_on_a_weekend_but_an_inauguration(year: int) -> None:
    observed = statutory_holidays(year)
    assert all(d.weekday() < 5 or name == "Inauguration Day" for d, name in observed.items())
    assert all(d.year == year for d in observed)


def test_every_holiday_is_that_of_the_office_from_1994_to_2030() -> None:
    listed = yaml.safe_load(shared("dates/fr_holidays.yml").read_text())
    slips = {date(1994, 1, 2), date(2013, 1, 20)}  # two Sundays in the Office's own list
    for year in range(1994, 2031):
        theirs = {day for day in listed if day.year == year} - slips
        ours = {d for d, name in statutory_holidays(year).items() if name != "Inauguration Day"}
        assert ours == theirs


def test_every_inauguration_of_the_office_is_ours() -> None:
    listed = yaml.safe_load(shared("dates/fr_holidays_ad_hoc.yml").read_text())
    theirs = {day for day, name in listed.items() if "Inauguration" in name}
    for day in theirs:
        assert FederalCalendar().closed_reason(day) is not None
