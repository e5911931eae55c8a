"""The dates that alerts are about, each with everything that a mail says of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from policy.domain.deadlines import eastern_day
from policy.domain.due import DueDate, Gone, StatedDate, Subject
from policy.domain.partial_dates import PartialDate
from policy.models import Deadline, DeadlineDate, Event, Subscription
from policy.queries.asof import Reading
from policy.queries.subjects import ScheduledChange, scheduled_changes, subjects_of


@dataclass(frozen=True)
class Chain:
    """Every version that the record ever held of one deadline's dates, in recorded order.

    ``searches`` are the saved searches whose followers may be told of it.
    """

    deadline: Deadline
    rows: tuple[DeadlineDate, ...]
    searches: tuple[str, ...] = ()

    def known(self, revision: int) -> list[DeadlineDate]:
        return [
            row
            for row in self.rows
            if row.recorded_id <= revision
            and (row.superseded_id is None or row.superseded_id > revision)
        ]

    def governing(self, revision: int, on: date) -> DeadlineDate | None:
        """The row in force on the Eastern day ``on``, as the record knew after ``revision``."""
        return next((row for row in self.known(revision) if on in row.span), None)

    def upcoming(self, revision: int, on: date) -> DeadlineDate | None:
        """The next row that is to take over from the governing one."""
        later = [r for r in self.known(revision) if r.valid_from and r.valid_from > on]
        return min(later, key=lambda row: row.span.sort_key, default=None)

    def stated(self, revision: int, on: date) -> StatedDate | None:
        """What the record says of the date; None where no document governs it that day."""
        row = self.governing(revision, on)
        if row is not None:
            return stated_by(row)
        was_held = any(row.recorded_id <= revision for row in self.rows)
        removed = was_held and not self.known(revision)
        return StatedDate(gone=Gone.REMOVED) if removed else None

    def first_stated(self) -> StatedDate | None:
        """What the record said when it first came to hold the deadline."""
        first = self.rows[0].recorded
        return self.stated(first.number, eastern_day(first.recorded_at))

    def first_recorded(self, stated: StatedDate) -> datetime:
        """The UTC instant at which the record first held this very date."""
        return min(r.recorded.recorded_at for r in self.rows if stated_by(r) == stated)

    @cached_property
    def subjects(self) -> frozenset[Subject]:
        """Whose followers are told of the date."""
        return subjects_of(self.deadline, self.searches)


def stated_by(row: DeadlineDate) -> StatedDate:
    if row.withdrawn:
        return StatedDate(gone=Gone.WITHDRAWN)
    return StatedDate(row.on, row.at if row.on else None)


def chains(topics: Iterable[str] | None = None, searches: Iterable[str] = ()) -> dict[str, Chain]:
    """The chains of the deadlines that readers act on, by slug; all, or the named ones."""
    rows = DeadlineDate.objects.filter(deadline__kind__in=countdown_kinds())
    if topics is not None:
        rows = rows.filter(deadline__slug__in=topics)
    rows = rows.select_related(
        "deadline__rule",
        "deadline__docket",
        "deadline__provision",
        "source",
        "recorded",
        "superseded",
    )
    found: defaultdict[Deadline, list[DeadlineDate]] = defaultdict(list)
    for row in rows.order_by("recorded_id", "pk"):
        found[row.deadline].append(row)
    asked = tuple(searches)
    return {d.slug: Chain(d, tuple(held), asked) for d, held in found.items()}


def followed_searches() -> list[str]:
    """The saved searches that somebody follows, each once."""
    rows = Subscription.objects.active().filter(subject=Subscription.Subject.SEARCH)
    return list(rows.values_list("subject_id", flat=True).distinct())


def countdown_kinds() -> list[str]:
    return [kind for kind in Deadline.Kind.values if Deadline(kind=kind).is_countdown]


@dataclass(frozen=True)
class DeadlineTopic:
    """A deadline with the row that governs it now."""

    chain: Chain
    row: DeadlineDate
    due: DueDate


@dataclass(frozen=True)
class ChangeTopic:
    """A scheduled change of a country or another subject."""

    change: ScheduledChange
    due: DueDate


Topic = DeadlineTopic | ChangeTopic


def deadline_topics(held: Mapping[str, Chain], revision: int, on: date) -> dict[str, DeadlineTopic]:
    """The deadlines that have an exact date on the Eastern day ``on``."""
    found = {}
    for slug, chain in held.items():
        row = chain.governing(revision, on)
        stated = stated_by(row) if row else None
        if row and stated and stated.day:
            recorded_at = chain.first_recorded(stated)
            due = DueDate(slug, chain.subjects, stated, recorded_at)
            found[slug] = DeadlineTopic(chain, row, due)
    return found


def change_topics(followed: Iterable[Subject], on: date) -> dict[str, ChangeTopic]:
    """What is scheduled for the followed subjects on the Eastern day ``on`` or later."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for kind, subject_id in followed:
        ids[kind].add(subject_id)
    changes = [c for kind in ids for c in scheduled_changes(kind, ids[kind], on)]
    return {change.topic: ChangeTopic(change, due_date_of(change)) for change in changes}


def due_date_of(change: ScheduledChange) -> DueDate:
    subject = (change.subject.kind, change.subject.id)
    stated = StatedDate(PartialDate(change.day))
    return DueDate(change.topic, frozenset({subject}), stated, change.recorded_at)


def topics_ahead(
    held: Mapping[str, Chain], followed: Iterable[Subject], reading: Reading
) -> dict[str, Topic]:
    """The dates from today on, known to the day: deadlines, and what is scheduled for subjects."""
    deadlines = deadline_topics(held, reading.revision_number, reading.today)
    found: dict[str, Topic] = {**deadlines, **change_topics(followed, reading.today)}
    days = {name: topic.due.stated.day for name, topic in found.items()}
    return {name: found[name] for name, day in days.items() if day and day >= reading.today}


def topic_named(name: str, reading: Reading) -> Topic:
    """The topic of that name as it is now. Raises KeyError where it has no exact date."""
    if "/" in name:
        return change_topics([subject_of_change(name)], reading.today)[name]
    return deadline_topics(chains([name]), reading.revision_number, reading.today)[name]


def subject_of_change(topic: str) -> Subject:
    """The subject of a scheduled change: ``country/kh/…`` is about the country ``kh``."""
    kind, _, rest = topic.partition("/")
    return kind, rest.rpartition("/")[0]


def topic_now(topic: str, revision: int, on: date) -> StatedDate | None:
    """What the record says now of the date of a topic, whichever kind it is."""
    if "/" not in topic:
        chain = chains([topic]).get(topic)
        return chain.stated(revision, on) if chain else None
    found = change_topics([subject_of_change(topic)], on).get(topic)
    return found.due.stated if found else None


def is_backfill(chain: Chain, stated: StatedDate) -> bool:
    """Whether a first load or backfill alone brought a date: that sends no mail.

    A date that was loaded ahead of the day from which it governs is news on that day.
    """
    rows = [row for row in chain.rows if stated_by(row) == stated]
    days = [(row.valid_from, eastern_day(row.recorded.recorded_at)) for row in rows]
    if any(governs and governs > recorded for governs, recorded in days):
        return False
    events = Event.objects.filter(
        subject_kind="deadline",
        subject_id=chain.deadline.slug,
        revision__in={row.recorded_id for row in rows},
    )
    return set(events.values_list("baseline", flat=True)) == {True}
