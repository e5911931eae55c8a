"""Spans of days, and how facts replace one another in them."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.validity import (
    Change,
    Dated,
    EmptySpan,
    Overlap,
    Span,
    check_disjoint,
    describe,
    reconcile,
    replace_portion,
)

JAN, FEB, MAR, APR = (date(2025, month, 1) for month in (1, 2, 3, 4))

days = st.dates(date(2020, 1, 1), date(2020, 3, 31))


@st.composite
def spans(draw: st.DrawFn) -> Span:
    start = draw(st.none() | days)
    end = draw(st.none() | days)
    if start and end and start >= end:
        end = start + timedelta(days=draw(st.integers(1, 40)))
    return Span(start, end)


@st.composite
def timelines(draw: st.DrawFn) -> list[Dated[str]]:
    """Facts of one key that do not overlap."""
    cuts = sorted(set(draw(st.lists(days, min_size=2, max_size=6))))
    pairs = itertools.pairwise(cuts)
    values = st.sampled_from("abc")
    return [Dated(Span(a, b), draw(values)) for a, b in pairs if draw(st.booleans())]


def value_on(timeline: list[Dated[str]], day: date) -> str | None:
    return next((row.value for row in timeline if day in row.span), None)


def applied(timeline: list[Dated[str]], change: Change[str]) -> list[Dated[str]]:
    return [row for row in timeline if row not in change.close] + list(change.insert)


@pytest.mark.parametrize(
    ("span", "day", "held"),
    [
        (Span(JAN, MAR), JAN, True),
        (Span(JAN, MAR), FEB, True),
        (Span(JAN, MAR), MAR, False),
        (Span(JAN, MAR), JAN - timedelta(days=1), False),
        (Span(None, MAR), date.min, True),
        (Span(JAN, None), date.max, True),
        (Span(None, None), FEB, True),
    ],
)
def test_a_span_holds_its_first_day_and_not_its_end(span: Span, day: date, held: bool) -> None:
    assert (day in span) is held


@pytest.mark.parametrize("end", [JAN, JAN - timedelta(days=1)])
def test_a_span_that_ends_before_it_starts_is_refused(end: date) -> None:
    with pytest.raises(EmptySpan, match="must end after it starts"):
        Span(JAN, end)


@pytest.mark.parametrize(
    ("cut", "left"),
    [
        (Span(FEB, MAR), [Span(JAN, FEB), Span(MAR, APR)]),
        (Span(JAN, FEB), [Span(FEB, APR)]),
        (Span(MAR, APR), [Span(JAN, MAR)]),
        (Span(None, None), []),
        (Span(APR, None), [Span(JAN, APR)]),
        (Span(None, FEB), [Span(FEB, APR)]),
    ],
)
def test_taking_a_span_out_leaves_what_lies_before_and_after(cut: Span, left: list[Span]) -> None:
    assert Span(JAN, APR).minus(cut) == left


@given(spans(), spans(), days)
def test_what_is_left_holds_exactly_the_days_that_were_not_cut(a: Span, b: Span, d: date) -> None:
    assert any(d in rest for rest in a.minus(b)) == (d in a and d not in b)


@given(spans(), spans())
def test_overlapping_is_mutual(a: Span, b: Span) -> None:
    assert a.overlaps(b) == b.overlaps(a)


def test_a_new_fact_keeps_what_was_said_before_and_after_it() -> None:
    change = replace_portion([Dated(Span(JAN, None), "old")], Dated(Span(FEB, MAR), "new"))
    assert change.close == (Dated(Span(JAN, None), "old"),)
    assert change.insert == (
        Dated(Span(JAN, FEB), "old"),
        Dated(Span(FEB, MAR), "new"),
        Dated(Span(MAR, None), "old"),
    )


def test_saying_what_already_stands_changes_nothing() -> None:
    stands = Dated(Span(JAN, None), "same")
    assert not replace_portion([stands], stands)


@given(timelines(), spans(), st.sampled_from("xyz"), days)
def test_after_a_replacement_each_day_reads_as_it_should(
    timeline: list[Dated[str]], span: Span, value: str, day: date
) -> None:
    after = applied(timeline, replace_portion(timeline, Dated(span, value)))
    check_disjoint(row.span for row in after)
    assert value_on(after, day) == (value if day in span else value_on(timeline, day))


@given(timelines(), timelines())
def test_reconciling_ends_with_exactly_what_was_desired(
    current: list[Dated[str]], desired: list[Dated[str]]
) -> None:
    after = applied(current, reconcile(current, desired))
    assert sorted(after, key=repr) == sorted(desired, key=repr)


@given(timelines())
def test_reconciling_with_itself_changes_nothing(timeline: list[Dated[str]]) -> None:
    assert not reconcile(timeline, timeline)


def test_a_timeline_that_contradicts_itself_is_refused_with_both_spans() -> None:
    twice = [Dated(Span(JAN, MAR), "a"), Dated(Span(FEB, None), "b")]
    with pytest.raises(Overlap, match="2025-01-01 until 2025-03-01 and from 2025-02-01"):
        reconcile([], twice)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(None, JAN), "from before the first source until 2025-01-01"),
        (Span(JAN, None), "from 2025-01-01 until further notice"),
    ],
)
def test_unknown_and_open_ends_are_said_differently(span: Span, text: str) -> None:
    assert describe(span) == text
