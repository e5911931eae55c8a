"""Valid time: spans of Eastern calendar days, and how facts replace one another in them.

The terms are those of SQL:2011. A span is half-open, ``[start, end)``. A missing start
means "since before the first source", a missing end means "until further notice".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T")


class EmptySpan(ValueError):
    """Raised for a span that would end on or before the day it starts."""


class Overlap(ValueError):
    """Raised when two facts of one key would be in force on the same day."""


@dataclass(frozen=True)
class Span:
    """The Eastern calendar days from ``start`` up to, and not including, ``end``."""

    start: date | None = None
    end: date | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start >= self.end:
            msg = f"a span must end after it starts, but {self.start} is not before {self.end}"
            raise EmptySpan(msg)

    def __contains__(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    @property
    def sort_key(self) -> date:
        return self.start or date.min

    def overlaps(self, other: "Span") -> bool:
        starts_before_end = self.start is None or other.end is None or self.start < other.end
        ends_after_start = self.end is None or other.start is None or other.start < self.end
        return starts_before_end and ends_after_start

    def minus(self, cut: "Span") -> list["Span"]:
        """What is left of this span when the days of ``cut`` are taken out: 0 to 2 spans."""
        if not self.overlaps(cut):
            return [self]
        left: list[Span] = []
        if cut.start is not None and (self.start is None or self.start < cut.start):
            left.append(Span(self.start, cut.start))
        if cut.end is not None and (self.end is None or cut.end < self.end):
            left.append(Span(cut.end, self.end))
        return left


@dataclass(frozen=True)
class Dated(Generic[T]):
    """A value and the days on which it is in force."""

    span: Span
    value: T


@dataclass(frozen=True)
class Change(Generic[T]):
    """What one write does: rows whose recorded span closes, and rows that are inserted."""

    close: tuple[Dated[T], ...] = ()
    insert: tuple[Dated[T], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.close or self.insert)


def replace_portion(current: Iterable[Dated[T]], new: Dated[T]) -> Change[T]:
    """Put ``new`` in force for its span, as SQL:2011 ``FOR PORTION OF`` does.

    The rows that it meets are closed; what they said before and after its span is
    inserted again. Saying what already stands changes nothing.
    """
    met = [row for row in current if row.span.overlaps(new.span)]
    if met == [new]:
        return Change()
    rest = [Dated(span, row.value) for row in met for span in row.span.minus(new.span)]
    return Change(tuple(met), tuple(sorted([*rest, new], key=lambda row: row.span.sort_key)))


def remove_portion(current: Iterable[Dated[T]], cut: Span) -> Change[T]:
    """Take the days of ``cut`` out of what stands, with nothing in their place."""
    met = [row for row in current if row.span.overlaps(cut)]
    rest = [Dated(span, row.value) for row in met for span in row.span.minus(cut)]
    return Change(tuple(met), tuple(sorted(rest, key=lambda row: row.span.sort_key)))


def reconcile(
    current: Sequence[Dated[T]],
    desired: Sequence[Dated[T]],
    same: Callable[[T, T], bool] = lambda a, b: a == b,
) -> Change[T]:
    """The change that turns one key's currently recorded rows into ``desired``.

    A row that stands as desired is left alone. Raises Overlap if ``desired`` contradicts
    itself.
    """
    check_disjoint(row.span for row in desired)
    remaining = list(current)
    insert: list[Dated[T]] = []
    for wanted in desired:
        kept = next(
            (r for r in remaining if r.span == wanted.span and same(r.value, wanted.value)), None
        )
        if kept is None:
            insert.append(wanted)
        else:
            remaining.remove(kept)
    return Change(tuple(remaining), tuple(insert))


def check_disjoint(spans: Iterable[Span]) -> None:
    """Raise Overlap, naming both spans, unless no day lies in two of them."""
    ordered = sorted(spans, key=lambda span: span.sort_key)
    for one, two in pairwise(ordered):
        if one.overlaps(two):
            msg = f"{describe(one)} and {describe(two)} overlap"
            raise Overlap(msg)


def describe(span: Span) -> str:
    """The span in words that a person reads; the end is the first day *after* it."""
    start = span.start.isoformat() if span.start else "before the first source"
    end = f"until {span.end.isoformat()}" if span.end else "until further notice"
    return f"from {start} {end}"
