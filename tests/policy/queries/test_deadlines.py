"""Deadlines as of a day: what governs, what it was before, what is left, how it came about."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from policy.models import Deadline, DeadlineDate, Rule
from policy.queries.deadlines import (
    DatedDeadline,
    Receipts,
    dated_deadline,
    dated_deadlines,
    federal_calendar,
    receipts_of,
)
from tests.policy.queries.readings import BEFORE_THE_RECORD, reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("record")]


def of(slug: str, on: str, known: str = "") -> DatedDeadline:
    return dated_deadline(Deadline.objects.get(slug=slug), reading(on, known))


def receipts(slug: str, on: str) -> Receipts:
    dated = of(slug, on)
    assert dated.current is not None
    return receipts_of(dated.current, reading(on))


@pytest.mark.parametrize(
    ("on", "day", "left"),
    [
        ("2025-01-14", "", None),
        ("2025-01-15", "2025-05-15", 120),
        ("2025-05-08", "2025-05-15", 7),
        ("2025-05-14", "2025-05-15", 1),
        ("2025-05-15", "2025-05-15", 0),
        ("2025-05-16", "2025-05-15", -1),
    ],
)
def test_the_days_left_are_calendar_days_from_the_day_that_is_read(
    on: str, day: str, left: int | None
) -> None:
    dated = of("ai-diffusion-comment", on)
    assert (dated.iso, dated.days_left) == (day, left)
    assert dated.is_ahead == (left is not None and left >= 0)


def test_before_a_document_set_it_a_date_has_no_history() -> None:
    dated = of("ai-diffusion-comment", "2025-01-14")
    assert (dated.current, dated.history, dated.on) == (None, (), None)


def test_before_the_record_began_no_date_was_known() -> None:
    assert dated_deadlines(reading("2025-02-01", BEFORE_THE_RECORD)) == []


MOVED = "foreign-direct-product-2024-comment"


@pytest.mark.parametrize(
    ("on", "moved"), [("2024-12-10", False), ("2025-01-20", True), ("2026-09-28", True)]
)
def test_an_extension_moves_the_date_from_the_day_of_the_document_that_makes_it(
    on: str, moved: bool
) -> None:
    assert of(MOVED, on).has_moved == moved


def test_a_moved_date_keeps_the_date_before_it_with_its_own_source() -> None:
    before, after = of(MOVED, "2025-01-20").history
    assert before.day != after.day
    assert (before.source.slug, after.source.slug) == ("2024-28270", "2025-00711")
    assert before.valid_until == after.valid_from


def test_dates_stand_in_their_order_and_unknown_ones_last() -> None:
    found = dated_deadlines(reading())
    days = [dated.on.earliest if dated.on else date.max for dated in found]
    assert days == sorted(days)
    assert len(found) == len({dated.deadline for dated in found})


def test_a_rule_s_dates_are_those_of_the_whole_list() -> None:
    asked = reading()
    rule = Rule.objects.get(slug="ai-diffusion")
    assert dated_deadlines(asked, rule=rule) == [
        dated for dated in dated_deadlines(asked) if dated.deadline.rule == rule
    ]


def test_all_dates_cost_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    asked = reading()
    with django_assert_num_queries(1):
        for dated in dated_deadlines(asked):
            assert str(dated.deadline.rule)
            assert dated.current is None or str(dated.current.source)


@pytest.mark.parametrize(
    ("q", "matches"),
    [
        ("", True),
        ("comments", True),
        ("COMMENTS bis-2025-0001", True),
        ("artificial intelligence", True),
        ("comments affiliates", False),
    ],
)
def test_a_date_matches_when_it_holds_every_word(q: str, matches: bool) -> None:
    assert of("ai-diffusion-comment", "2025-02-01").matches(q) == matches


def test_a_date_known_to_the_month_has_no_days_left() -> None:
    dated = of("uae-treatment-2026-published", "2026-09-28")
    assert dated.iso == "2026-07"
    assert dated.days_left is None
    assert not dated.is_ahead


# --- receipts


def test_a_printed_date_governs_and_its_count_stands_beside_it() -> None:
    found = receipts("ai-diffusion-comment", "2025-02-01")
    assert found.printed is not None
    assert found.computed is not None
    assert found.governing is found.printed
    assert (found.printed.due, found.computed.due) == (date(2025, 5, 15), date(2025, 5, 15))
    assert not found.differ
    assert found.computed.days == 120


def test_a_printed_saturday_is_kept_although_the_count_moves_on() -> None:
    """Document 2025-02305 prints 15 March 2025, a Saturday, 11:59 p.m. Eastern."""
    found = receipts("ai-action-plan-request-comment", "2025-02-10")
    assert found.printed is not None
    assert found.governing is found.printed
    assert found.printed.due == date(2025, 3, 15)
    assert found.printed.rolls == ()


def test_a_date_that_is_not_known_has_no_receipt() -> None:
    unknown = DeadlineDate(deadline=Deadline(kind="comment"), basis="printed")
    unknown.source = of("ai-diffusion-comment", "2025-02-01").history[0].source
    found = receipts_of(unknown, reading())
    assert (found.printed, found.computed, found.governing) == (None, None, None)
    assert not found.differ


@pytest.mark.parametrize("slug", ["ai-diffusion-comment", "ai-diffusion-compliance-guidelines"])
def test_a_receipt_cites_the_document_that_set_the_date(slug: str) -> None:
    found = receipts(slug, "2025-02-01")
    assert found.printed is not None
    assert found.printed.source == "90 FR 4544"


def test_every_date_known_to_the_day_has_a_receipt_that_agrees_with_it() -> None:
    asked = reading("2026-09-28")
    for dated in dated_deadlines(asked):
        if dated.current is None or dated.current.exact_day is None:
            continue
        governing = receipts_of(dated.current, asked).governing
        assert governing is not None, dated.deadline
        assert governing.due == dated.current.exact_day, dated.deadline


# --- the calendar of the record


@pytest.mark.parametrize(
    ("known", "closed"), [("2025-12-17", False), ("2025-12-18", True), ("2026-01-05", True)]
)
def test_a_closing_counts_from_the_day_on_which_it_was_proclaimed(known: str, closed: bool) -> None:
    calendar = federal_calendar(reading())
    assert (not calendar.is_business_day(date(2025, 12, 26), date.fromisoformat(known))) == closed


def test_before_the_record_began_no_closing_was_known() -> None:
    calendar = federal_calendar(reading("", BEFORE_THE_RECORD))
    assert calendar.is_business_day(date(2025, 12, 26), date(2026, 1, 5))
