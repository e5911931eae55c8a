"""Reading a status on a day: what the record can say of it, and what it can not.

A status that an earlier instrument scheduled is no fact on a day after the record ends:
nobody has checked whether another document came in between.
"""

from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from policy.domain.partial_dates import day_text
from policy.domain.validity import Span


class Statement(Protocol):
    """A status fact: in force over a span, possibly set ahead by an earlier instrument."""

    @property
    def span(self) -> Span: ...

    @property
    def scheduled(self) -> bool: ...


S = TypeVar("S", bound=Statement)


@dataclass(frozen=True)
class StatusReading(Generic[S]):
    """One axis of a status on an Eastern day.

    ``fact`` is the last confirmed statement in force, None where the record holds none.
    ``pending`` is a scheduled statement that would have taken over since the record ends.
    ``upcoming`` is one that is scheduled for a day after the one asked about.
    """

    fact: S | None
    pending: S | None = None
    upcoming: S | None = None
    record_ends: date | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.pending is None and self.record_ends is None

    @property
    def pending_since(self) -> date | None:
        return self.pending.span.start if self.pending else None

    @property
    def caveat(self) -> str:
        """What a reader must be told besides the value; empty if nothing."""
        if self.record_ends is None:
            return ""
        return f"not confirmed: the record ends {day_text(self.record_ends)}"


def read_status(statements: list[S], on: date, coverage_end: date | None) -> StatusReading[S]:
    """The reading of one provision's statements (any order) on the Eastern day ``on``."""
    beyond = coverage_end is not None and on > coverage_end
    standing = next((s for s in statements if on in s.span), None)
    later = [s for s in statements if s.span.start and s.span.start > on]
    upcoming = min(later, key=lambda s: s.span.sort_key, default=None)
    if not beyond or coverage_end is None:
        return StatusReading(standing, upcoming=upcoming)
    pending = standing
    if standing is None or not _began_after(standing, coverage_end):
        pending = None
    confirmed = next((s for s in statements if coverage_end in s.span), None)
    return StatusReading(
        fact=confirmed if pending else standing,
        pending=pending,
        upcoming=upcoming,
        record_ends=coverage_end,
    )


def _began_after(statement: Statement, day: date) -> bool:
    return statement.span.start is not None and statement.span.start > day
