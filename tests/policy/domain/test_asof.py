"""The two parameters of an address, read strictly."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.asof import describe_known, end_of_day, parse_day, parse_known
from policy.domain.deadlines import EASTERN, eastern_day
from policy.domain.partial_dates import BadDate


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-30", datetime(2026, 12, 1, 4, 59, 59, 999999, tzinfo=UTC)),
        ("2026-06-30", datetime(2026, 7, 1, 3, 59, 59, 999999, tzinfo=UTC)),
        ("2026-11-30T12:00:00-05:00", datetime(2026, 11, 30, 17, tzinfo=UTC)),
        ("2026-11-30T12:00:00Z", datetime(2026, 11, 30, 12, tzinfo=UTC)),
        ("2026-11-30T12:00:00 00:00", datetime(2026, 11, 30, 12, tzinfo=UTC)),
    ],
)
def test_known_is_the_end_of_an_eastern_day_or_an_instant_with_its_offset(
    text: str, instant: datetime
) -> None:
    assert parse_known(text) == instant


def test_an_instant_without_offset_is_refused_since_nobody_knows_which_it_is() -> None:
    with pytest.raises(BadDate, match="no offset"):
        parse_known("2026-11-30T12:00:00")


@pytest.mark.parametrize("text", ["yesterday", "2025-02-30", "2025-5-1", "1'); --"])
def test_a_day_that_is_none_is_refused_with_the_parameter_named(text: str) -> None:
    with pytest.raises(BadDate, match="in on is not a day"):
        parse_day(text, "on")
    with pytest.raises(BadDate, match="in known"):
        parse_known(text)


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)))
def test_the_end_of_a_day_is_on_that_eastern_day_and_is_its_last_moment(day: date) -> None:
    assert eastern_day(end_of_day(day)) == day
    assert describe_known(end_of_day(day)) == f"{day.day} {day:%B %Y}"


def test_the_last_day_of_the_calendar_has_an_end() -> None:
    assert end_of_day(date.max).date() == date.max


def test_an_instant_within_a_day_is_printed_with_its_eastern_hour() -> None:
    noon = datetime(2026, 11, 30, 12, tzinfo=EASTERN)
    assert describe_known(noon) == "30 November 2026, 12:00 Eastern"
