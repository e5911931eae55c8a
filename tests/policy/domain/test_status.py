"""What the record can say of a status on a day, and what it can not."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.status import StatusReading, read_status
from policy.domain.validity import Span

RECORD_ENDS = date(2026, 9, 28)


@dataclass(frozen=True)
class State:
    name: str
    span: Span
    scheduled: bool = False


# The Affiliates rule: in force, stayed for a year, scheduled to return.
IN_FORCE = State("in force", Span(date(2025, 9, 29), date(2025, 11, 10)))
STAYED = State("stayed", Span(date(2025, 11, 10), date(2026, 11, 10)))
RETURNS = State("returns", Span(date(2026, 11, 10), None), scheduled=True)
RULE = [STAYED, RETURNS, IN_FORCE]


@pytest.mark.parametrize(
    ("on", "fact", "pending", "upcoming", "confirmed"),
    [
        (date(2025, 9, 28), None, None, IN_FORCE, True),
        (date(2025, 9, 29), IN_FORCE, None, STAYED, True),
        (date(2025, 11, 9), IN_FORCE, None, STAYED, True),
        (date(2025, 11, 10), STAYED, None, RETURNS, True),
        (date(2026, 9, 28), STAYED, None, RETURNS, True),
        (date(2026, 9, 29), STAYED, None, RETURNS, False),
        (date(2026, 11, 9), STAYED, None, RETURNS, False),
        (date(2026, 11, 10), STAYED, RETURNS, None, False),
        (date(2030, 1, 1), STAYED, RETURNS, None, False),
    ],
)
def test_a_scheduled_change_after_the_record_ends_is_never_a_fact(
    on: date, fact: State | None, pending: State | None, upcoming: State | None, confirmed: bool
) -> None:
    reading = read_status(RULE, on, RECORD_ENDS)
    assert (reading.fact, reading.pending, reading.upcoming) == (fact, pending, upcoming)
    assert reading.is_confirmed is confirmed
    caveat = "" if confirmed else "not confirmed: the record ends 28 September 2026"
    assert reading.caveat == caveat


def test_a_record_without_an_end_confirms_what_it_holds() -> None:
    reading = read_status(RULE, date(2026, 11, 10), None)
    assert reading.fact is RETURNS
    assert reading.is_confirmed


def test_a_record_that_was_extended_past_the_change_confirms_it() -> None:
    reading = read_status(RULE, date(2026, 12, 1), date(2026, 12, 1))
    assert reading.fact is RETURNS
    assert reading.pending is None


def test_no_statement_is_no_statement() -> None:
    reading: StatusReading[State] = read_status([], date(2025, 5, 12), RECORD_ENDS)
    assert (reading.fact, reading.pending, reading.upcoming) == (None, None, None)


@given(st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.permutations(RULE))
def test_the_order_of_the_statements_does_not_matter(on: date, shuffled: list[State]) -> None:
    assert read_status(shuffled, on, RECORD_ENDS) == read_status(RULE, on, RECORD_ENDS)


@given(st.dates(date(2025, 1, 1), date(2028, 1, 1)))
def test_what_is_pending_began_after_the_record_ends(on: date) -> None:
    reading = read_status(RULE, on, RECORD_ENDS)
    if reading.pending:
        assert reading.pending_since is not None
        assert RECORD_ENDS < reading.pending_since <= on
