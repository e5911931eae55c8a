"""Deadlines as of a day: the date in force, how it came about, and how long is left."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from policy.domain.calendar import FederalCalendar
from policy.domain.deadline_acts import ActWords, Step, act_words
from policy.domain.deadlines import (
    Receipt,
    count_deadline,
    printed_deadline,
    reported_deadline,
)
from policy.domain.partial_dates import PartialDate
from policy.domain.selections import Selection
from policy.models import Deadline, DeadlineDate, Rule
from policy.queries.asof import Reading
from policy.queries.subjects import described

# What numbers of Federal Register documents look like: 2025-00711, C1-2025-02655.
FR_NUMBER = re.compile(r"(?:[a-z]\d-)?\d{2,4}-\d{4,6}", re.IGNORECASE)


@dataclass(frozen=True)
class Told:
    """One row of a chain with the sentence about its act; ``by`` names its document."""

    row: DeadlineDate
    words: ActWords

    @property
    def by(self) -> str:
        source = self.row.source
        return source.slug if FR_NUMBER.fullmatch(source.slug) else str(source)

    def __str__(self) -> str:
        return self.words.sentence(self.by)


@dataclass(frozen=True)
class DatedDeadline:
    """A deadline with the date that governs on the asked day, and the dates before it.

    ``current`` is None where no document had set it yet by that day. ``days_left`` counts
    Eastern calendar days from the asked day; it is None where the day is not known exactly.
    """

    deadline: Deadline
    current: DeadlineDate | None
    history: tuple[DeadlineDate, ...]
    as_of: date

    @property
    def on(self) -> PartialDate | None:
        return self.current.on if self.current else None

    @property
    def iso(self) -> str:
        """The date in machine form; empty where it is not known."""
        return self.on.iso if self.on else ""

    @property
    def days_left(self) -> int | None:
        day = self.current.exact_day if self.current else None
        return (day - self.as_of).days if day else None

    def matches(self, q: str) -> bool:
        """Whether every word of ``q`` stands in what the deadline is called or belongs to."""
        return self.belongs_to(Selection.of(q=q))

    def belongs_to(self, selection: Selection) -> bool:
        return selection.matches(described(self.deadline))

    @property
    def told(self) -> list[Told]:
        """The whole chain in plain words, oldest first."""
        steps = [step_of(row) for row in self.history]
        pairs = zip(self.history, steps, [None, *steps], strict=False)
        return [Told(row, act_words(step, before)) for row, step, before in pairs]

    @property
    def has_moved(self) -> bool:
        return len(self.history) > 1

    @property
    def is_ahead(self) -> bool:
        return self.days_left is not None and self.days_left >= 0

    @property
    def is_withdrawn(self) -> bool:
        return self.current is not None and self.current.withdrawn


def step_of(row: DeadlineDate) -> Step:
    return Step(row.act, row.basis, row.valid_from, row.on, row.at, row.withdrawn)


def dated_deadlines(reading: Reading, rule: Rule | None = None) -> list[DatedDeadline]:
    """Every deadline that some document had set by the asked day, earliest date first."""
    rows = DeadlineDate.objects.known(reading.asof.revision).begun(reading.on)
    of = ("deadline__rule", "deadline__docket", "deadline__provision")
    rows = rows.select_related(*of, "source", "also")
    if rule is not None:
        rows = rows.filter(deadline__rule=rule)
    chains: dict[Deadline, list[DeadlineDate]] = defaultdict(list)
    for row in rows.order_by("valid_from", "pk"):
        chains[row.deadline].append(row)
    found = [dated(deadline, chain, reading.on) for deadline, chain in chains.items()]
    return sorted(found, key=lambda d: (d.on.earliest if d.on else date.max, d.deadline.slug))


def dated(deadline: Deadline, chain: list[DeadlineDate], on: date) -> DatedDeadline:
    """Rows without a start come first, whatever the database thinks."""
    ordered = sorted(chain, key=lambda row: row.span.sort_key)
    current = next((row for row in ordered if on in row.span), None)
    return DatedDeadline(deadline, current, tuple(ordered), on)


def dated_deadline(deadline: Deadline, reading: Reading) -> DatedDeadline:
    rows = DeadlineDate.objects.known(reading.asof.revision).begun(reading.on)
    rows = rows.filter(deadline=deadline).select_related("source", "also")
    return dated(deadline, list(rows.order_by("valid_from", "pk")), reading.on)


def federal_calendar(reading: Reading) -> FederalCalendar:
    """Statutory holidays, and the one-off closings that the record knew."""
    return FederalCalendar(reading.closings)


@dataclass(frozen=True)
class Receipts:
    """How a date came about: as printed, as counted, or both where both are known.

    ``reported`` stands where only regulations.gov gives the day.
    """

    printed: Receipt | None = None
    computed: Receipt | None = None
    reported: Receipt | None = None

    @property
    def stated(self) -> Receipt | None:
        """What somebody else states, whether printed or in data."""
        return self.printed or self.reported

    @property
    def governing(self) -> Receipt | None:
        """What is printed governs; a count stands in only where nothing is stated."""
        return self.stated or self.computed

    @property
    def differ(self) -> bool:
        both = self.printed is not None and self.computed is not None
        return both and self.printed.due != self.computed.due  # type: ignore[union-attr]

    @property
    def by_basis(self) -> dict[str, Receipt]:
        pairs = {"printed": self.printed, "computed": self.computed, "reported": self.reported}
        return {basis: receipt for basis, receipt in pairs.items() if receipt}


def receipts_of(date_fact: DeadlineDate, reading: Reading) -> Receipts:
    """The derivations of one set date, with the closings known on the asked day."""
    printed = computed = reported = None
    kind, source, day = date_fact.deadline.kind, str(date_fact.source), date_fact.exact_day
    if date_fact.counted_from and date_fact.counted_days:
        computed = counted(date_fact, reading)
    if day and date_fact.basis == DeadlineDate.Basis.PRINTED:
        printed = printed_deadline(due=day, kind=kind, source=source, at=date_fact.at)
    if day and date_fact.basis == DeadlineDate.Basis.REPORTED:
        reported = reported_deadline(due=day, kind=kind, source=source)
    return Receipts(printed, computed, reported)


def counted(date_fact: DeadlineDate, reading: Reading) -> Receipt:
    """The count behind a date: the one that gives it, where closings were proclaimed later.

    A computed date that had passed when a closing became known is not counted anew, so its
    receipt is that of the day from which it governs.
    """
    calendar = federal_calendar(reading)
    now = count_of(date_fact, calendar, reading.on)
    if date_fact.basis != DeadlineDate.Basis.COMPUTED or now.due == date_fact.exact_day:
        return now
    then = count_of(date_fact, calendar, date_fact.valid_from or reading.on)
    return then if then.due == date_fact.exact_day else now


def count_of(date_fact: DeadlineDate, calendar: FederalCalendar, known: date) -> Receipt:
    """The end of the counted period, with the closings known on the Eastern day ``known``."""
    return count_deadline(
        published=date_fact.counted_from or known,
        days=date_fact.counted_days or 0,
        calendar=calendar,
        known=known,
        kind=date_fact.deadline.kind,
        source=str(date_fact.source),
    )
