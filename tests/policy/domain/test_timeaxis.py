"""Dates on one axis, without labels on top of each other."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from policy.domain.timeaxis import CHARACTER, MARGIN, WIDTH, Bar, Mark, PlacedMark, place

days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
marks = st.lists(st.builds(Mark, days, st.text("abc", min_size=1, max_size=24), st.just("x")))


def extent(placed: PlacedMark) -> tuple[float, float]:
    length = len(placed.mark.label) * CHARACTER
    return (
        (placed.x - length, placed.x) if placed.anchor == "end" else (placed.x, placed.x + length)
    )


def test_nothing_to_place_is_no_axis() -> None:
    assert place([], [], date(2025, 1, 1)) is None


@given(marks.filter(bool), days)
def test_marks_stand_inside_the_drawing_in_the_order_of_their_days(
    given_marks: list[Mark], on: date
) -> None:
    axis = place(given_marks, [], on)
    assert axis is not None
    xs = [placed.x for placed in axis.marks]
    assert xs == sorted(xs)
    assert all(MARGIN <= x <= WIDTH - MARGIN for x in xs)
    assert axis.today_x is not None
    assert axis.height > axis.line_y


@given(marks.filter(bool))
def test_no_two_labels_of_one_row_touch(given_marks: list[Mark]) -> None:
    axis = place(given_marks, [], date(2025, 1, 1))
    assert axis is not None
    for one, two in combinations(axis.marks, 2):
        if one.row == two.row:
            (a, b), (c, d) = extent(one), extent(two)
            assert b < c or d < a


def test_an_open_period_runs_to_the_end_of_the_axis() -> None:
    start = date(2025, 1, 1)
    axis = place(
        [Mark(start, "Effective", "effective")], [Bar(start, None, "Stayed", "stayed")], start
    )
    assert axis is not None
    [bar] = axis.bars
    assert round(bar.x + bar.width) == WIDTH - MARGIN


def test_long_spans_are_marked_by_year_and_short_ones_by_month() -> None:
    start = date(2025, 1, 1)
    short = place([Mark(start, "a", "x")], [], start + timedelta(days=90))
    long = place([Mark(start, "a", "x")], [], start + timedelta(days=9000))
    assert short is not None
    assert long is not None
    assert "Feb 2025" in [tick.label for tick in short.ticks]
    assert len(long.ticks) <= 15
    assert all(tick.label.isdecimal() for tick in long.ticks)
