"""How long before a date a reader is told: calendar days, or business days that round earlier."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.calendar import Closing, FederalCalendar
from policy.domain.leads import BadLead, Lead, in_order, leads_words

CALENDAR = FederalCalendar([Closing(date(2025, 12, 24), date(2025, 12, 18), "an order")])
MAY_15 = date(2025, 5, 15)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("code", "due", "day"),
    [
        ("0d", MAY_15, date(2025, 5, 15)),
        ("7d", MAY_15, date(2025, 5, 8)),
        ("30d", date(2024, 3, 15), date(2024, 2, 14)),  # 29 February 2024 is counted
        ("1b", MAY_15, date(2025, 5, 14)),
        ("5b", MAY_15, date(2025, 5, 8)),
        ("1b", date(2025, 5, 27), date(2025, 5, 23)),  # over Memorial Day and a weekend
        ("0b", date(2025, 3, 15), date(2025, 3, 14)),  # a Saturday: the Friday before it
        ("1b", date(2025, 3, 15), date(2025, 3, 14)),
        ("1b", date(2025, 12, 26), date(2025, 12, 23)),  # 24 December was closed by order
    ],
)
def test_a_lead_time_names_the_day_of_the_mail(code: str, due: date, day: date) -> None:
    assert Lead.from_code(code).day_before(due, CALENDAR) == day


@given(due=DAYS, days=st.integers(1, 60))
def test_business_days_round_earlier(due: date, days: int) -> None:
    """Between the mail and the date the Office is open on at least that many days."""
    sent = Lead(days, business=True).day_before(due, CALENDAR)
    assert CALENDAR.is_business_day(sent)
    between = (sent + timedelta(days=n) for n in range((due - sent).days))
    assert sum(CALENDAR.is_business_day(day) for day in between) == days
    assert sent <= Lead(days).day_before(due, CALENDAR)


@given(days=st.integers(0, 365), business=st.booleans())
def test_a_code_reads_back(days: int, business: bool) -> None:
    lead = Lead(days, business)
    assert Lead.from_code(lead.code) == lead


@pytest.mark.parametrize("code", ["", "7", "d", "-1d", "366d", "999b", "7w", "seven", "7d5b"])
def test_what_is_no_lead_time_is_refused_in_a_sentence(code: str) -> None:
    with pytest.raises(BadLead, match="write 7d for seven days, 5b for five business days"):
        Lead.from_code(code)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ("30d 14d 7d 1d 0d", "30 days, 14 days, 7 days and 1 day before, and on the day"),
        ("1d 7d", "7 days and 1 day before"),
        ("5b 1b 0d", "5 business days and 1 business day before, and on the day"),
        ("7d 0b", "7 days before, and on the last business day"),
        ("7d", "7 days before"),
        ("0d", "on the day"),
        ("", "only when something changes"),
    ],
)
def test_lead_times_read_as_a_sentence(codes: str, words: str) -> None:
    assert leads_words([Lead.from_code(code) for code in codes.split()]) == words


def test_lead_times_stand_longest_first_and_once() -> None:
    leads = [Lead(0), Lead(7), Lead(7, business=True), Lead(7), Lead(30)]
    assert [lead.code for lead in in_order(leads)] == ["30d", "7b", "7d", "0d"]
