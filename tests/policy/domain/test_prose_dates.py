"""Days and times written out in prose."""

import calendar
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.prose_dates import find_clocks, find_dates

DAYS = st.dates(min_value=date(1936, 3, 14), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("text", "printed", "day"),
    [
        ("effective January 13, 2025.", "January 13, 2025", date(2025, 1, 13)),
        ("effective January 13. 2025.", "January 13. 2025", date(2025, 1, 13)),
        ("on Jan. 3 2009 and so on", "Jan. 3 2009", date(2009, 1, 3)),
        ("by Sept. 30, 2026", "Sept. 30, 2026", date(2026, 9, 30)),
        ("on January 3rd, 2009", "January 3rd, 2009", date(2009, 1, 3)),
        ("the 3rd of May, 2025", "3rd of May, 2025", date(2025, 5, 3)),
        ("on 15 January 2025", "15 January 2025", date(2025, 1, 15)),
        ("On 03/6/09 it", "03/6/09", date(2009, 3, 6)),
        ("as of 01/01/2009", "01/01/2009", date(2009, 1, 1)),
        ("64 FR 1, 12/31/99", "12/31/99", date(1999, 12, 31)),
        ("on February 29, 2024", "February 29, 2024", date(2024, 2, 29)),
        ("on February 30, 2025", "February 30, 2025", None),
        ("on February 29, 2025", "February 29, 2025", None),
        ("on 13/45/2025", "13/45/2025", None),
    ],
)
def test_a_day_is_read_as_printed(text: str, printed: str, day: date | None) -> None:
    [found] = find_dates(text)
    assert (found.printed, found.day) == (printed, day)
    assert text[found.start : found.end] == printed


@pytest.mark.parametrize(
    "text",
    [
        "in May 2025",
        "on January 3 the rule",
        "on January 32009",
        "on 2025-01-13",
        "2003, Public Law 108-159 (2003)",
        "at 12:01",
        "36 CFR 242.3 and 50 CFR 100.3",
        "case 1/2/2025/7",
        "Docket No. 250107-0007",
        "marching 3, 2025 steps",
    ],
)
def test_what_names_no_whole_day_is_not_found(text: str) -> None:
    assert find_dates(text) == []


FORMS = st.sampled_from(
    [
        "{0:%B} {0.day}, {0.year}",
        "{0:%B} {0.day} {0.year}",
        "{0.month}/{0.day}/{0.year}",
        "{0.day} {0:%B} {0.year}",
    ]
)


@given(DAYS, FORMS)
def test_every_day_is_read_in_every_form(day: date, form: str) -> None:
    assert [d.day for d in find_dates(f"until {form.format(day)}, at noon")] == [day]


@given(st.lists(DAYS, max_size=6))
def test_days_come_in_printed_order(days: list[date]) -> None:
    text = " and ".join(f"{calendar.month_name[d.month]} {d.day}, {d.year}" for d in days)
    assert [d.day for d in find_dates(text)] == days


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    for found in find_dates(text):
        assert text[found.start : found.end] == found.printed
    for clock in find_clocks(text):
        assert text[clock.start : clock.end].strip() == clock.printed


@pytest.mark.parametrize(
    ("text", "at", "is_eastern"),
    [
        ("11:59 p.m. (ET)", time(23, 59), True),
        ("by 5:00 p.m. Eastern Time", time(17), True),
        ("5 pm EDT", time(17), True),
        ("12:01 a.m. eastern standard time", time(0, 1), True),
        ("12 p.m. E.S.T.", time(12), True),
        ("at noon Eastern", time(12), True),
        ("9:30 a.m.", time(9, 30), False),
        ("9:30 a.m. Pacific", time(9, 30), False),
        ("9:30 a.m. estimated", time(9, 30), False),
        ("midnight", None, False),
        ("13:00 p.m.", None, False),
        ("5:75 p.m. ET", None, True),
    ],
)
def test_a_time_is_read_with_the_zone_that_is_printed(
    text: str, at: time | None, is_eastern: bool
) -> None:
    [found] = find_clocks(text)
    assert (found.at, found.is_eastern) == (at, is_eastern)


def test_a_clock_of_24_hours_is_not_a_time_of_day_here() -> None:
    assert find_clocks("at 17:00 and 12:01") == []
