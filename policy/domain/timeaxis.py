"""Placing a rule's dates on one horizontal axis without labels on top of each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH = 960
MARGIN = 12
ROW_HEIGHT = 26
# Average width of a character of a label, in user units of the drawing.
CHARACTER = 6.6


@dataclass(frozen=True)
class Mark:
    """A date to place: its label, its kind for the style, and an optional address."""

    day: date
    label: str
    kind: str
    url: str = ""


@dataclass(frozen=True)
class Bar:
    """A period to place, such as a comment window; an open end runs to the axis's edge."""

    start: date
    end: date | None
    label: str
    kind: str


@dataclass(frozen=True)
class PlacedMark:
    mark: Mark
    x: float
    row: int
    anchor: str

    @property
    def label_x(self) -> float:
        return self.x - 6 if self.anchor == "end" else self.x + 6

    @property
    def label_y(self) -> float:
        return 18 + self.row * ROW_HEIGHT

    @property
    def stem_y(self) -> float:
        return self.label_y - 10


@dataclass(frozen=True)
class PlacedBar:
    bar: Bar
    x: float
    width: float
    top: float
    label_x: float
    anchor: str

    @property
    def label_y(self) -> float:
        return self.top + 12.5


@dataclass(frozen=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True)
class Axis:
    """A drawing in user units: marks above the line, bars below it."""

    marks: tuple[PlacedMark, ...]
    bars: tuple[PlacedBar, ...]
    ticks: tuple[Tick, ...]
    today_x: float | None
    mark_rows: int

    width = WIDTH

    @property
    def line_y(self) -> float:
        return line_below(self.mark_rows)

    @property
    def tick_end_y(self) -> float:
        return self.line_y + 6

    @property
    def tick_label_y(self) -> float:
        return self.line_y + 22

    @property
    def height(self) -> float:
        return bar_top(self.mark_rows, len(self.bars))


def place(marks: Sequence[Mark], bars: Sequence[Bar], on: date) -> Axis | None:
    """The axis that holds all marks, bars and the day ``on``; None if there is no mark."""
    if not marks:
        return None
    ends = [bar.end for bar in bars if bar.end]
    days = [on, *(m.day for m in marks), *(b.start for b in bars), *ends]
    first, last = min(days) - timedelta(days=10), max(days) + timedelta(days=10)
    scale = (WIDTH - 2 * MARGIN) / (last - first).days

    def x(day: date) -> float:
        return round(MARGIN + (day - first).days * scale, 1)

    placed = place_marks(sorted(marks, key=lambda m: (m.day, m.label)), x)
    rows = 1 + max(mark.row for mark in placed)
    return Axis(
        marks=placed,
        bars=tuple(place_bar(b, x, last, bar_top(rows, i)) for i, b in enumerate(bars)),
        ticks=ticks(first, last, x),
        today_x=x(on),
        mark_rows=rows,
    )


def line_below(mark_rows: int) -> float:
    return 8 + mark_rows * ROW_HEIGHT


def bar_top(mark_rows: int, row: int) -> float:
    return line_below(mark_rows) + 34 + row * ROW_HEIGHT


def place_bar(bar: Bar, x: Callable[[date], float], last: date, top: float) -> PlacedBar:
    """The label stands behind the bar, or before it where it would leave the drawing."""
    start, end = x(bar.start), x(bar.end or last)
    fits_behind = end + 8 + len(bar.label) * CHARACTER < WIDTH
    label_x, anchor = (end + 8, "start") if fits_behind else (start - 8, "end")
    return PlacedBar(bar, start, max(2, round(end - start, 1)), top, label_x, anchor)


def place_marks(marks: Sequence[Mark], x: Callable[[date], float]) -> tuple[PlacedMark, ...]:
    """Give each label the lowest row in which it touches no label to its left."""
    row_ends: list[float] = []
    placed = []
    for mark in marks:
        at, length = x(mark.day), len(mark.label) * CHARACTER
        anchor = "end" if at + length > WIDTH - MARGIN else "start"
        start, end = (at - length, at) if anchor == "end" else (at, at + length)
        row = next((i for i, taken in enumerate(row_ends) if start > taken + 10), len(row_ends))
        row_ends[row : row + 1] = [end]
        placed.append(PlacedMark(mark, at, row, anchor))
    return tuple(placed)


def ticks(first: date, last: date, x: Callable[[date], float]) -> tuple[Tick, ...]:
    """Month starts, as many as fit: every 1, 2, 3, 6 or 12 months."""
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    step = next((s for s in (1, 2, 3, 6, 12) if len(months) <= 14 * s), 24)
    shown = [day for day in months if (day.month - 1 + 12 * day.year) % step == 0]
    return tuple(Tick(x(day), f"{day:%b %Y}" if step < 12 else str(day.year)) for day in shown)  # noqa: PLR2004  # months in a year
