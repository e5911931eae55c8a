"""What publishing a change would do, found by doing it and taking it back.

The change is written inside a savepoint, the next planning of mails runs on it, and both are
rolled back. What is compared is read from the database before and after, so that the preview
says what the publication does. Nothing that is cached by the number of a revision may be asked
here: the rehearsal's number is used again by the next real revision.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from policy.actions.alerts.plan import plan_alerts
from policy.actions.desk.fields import id_text
from policy.actions.desk.kinds import kind_for
from policy.actions.desk.publish import Applied, write_items
from policy.actions.desk.subjects import subjects_of
from policy.actions.facts import Written
from policy.actions.revisions import new_revision
from policy.domain.due import EVERYTHING, StatedDate, Subject
from policy.models import Alert, Change, Claim, Event, Fact, Proposal, Reaction, Revision
from policy.queries.asof import Reading, read_parameters
from policy.queries.due_dates import chains
from policy.queries.invites import DatedEntry
from policy.queries.selections import entries_of
from policy.queries.subjects import scheduled_changes
from policy.queries.tiers import placements

# Mails that are planned and have not left.
WAITING = (Alert.State.QUEUED, Alert.State.COLLECTED)
NONE = "none"


@dataclass(frozen=True, order=True)
class FactLine:
    """One row closed or inserted: its key by public ids, what it says, and for which days."""

    kind: str
    key: tuple[str, ...]
    says: str
    since: str
    last_day: str


@dataclass(frozen=True, order=True)
class EventLine:
    """One entry of the feeds and of the home page."""

    kind: str
    subject: tuple[str, str]
    title: str
    detail: str
    day: str


@dataclass(frozen=True, order=True)
class Moved:
    """Something that reads otherwise afterwards: a date, a calendar entry, a group."""

    what: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, order=True)
class MailLine:
    """Mails of one kind that are put into the outbox or taken out, and for how many readers."""

    reason: str
    topic: str
    mails: int
    readers: int


@dataclass(frozen=True)
class Impact:
    """All that a publication changes, as plain data."""

    closed: tuple[FactLine, ...] = ()
    inserted: tuple[FactLine, ...] = ()
    made: tuple[str, ...] = ()
    events: tuple[EventLine, ...] = ()
    deadlines: tuple[Moved, ...] = ()
    calendar: tuple[Moved, ...] = ()
    groups: tuple[Moved, ...] = ()
    mails: tuple[MailLine, ...] = ()
    cancelled: tuple[MailLine, ...] = ()
    voices: tuple[tuple[str, str], ...] = ()
    begins: tuple[Moved, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """What readers, calendars and the outbox hold at one moment; ``newest`` is the last mail."""

    deadlines: Mapping[str, StatedDate | None]
    calendar: Mapping[str, str]
    groups: Mapping[str, str]
    newest: int


def impact_of(change: Change, *, at: datetime) -> Impact:
    """What publishing the change at the UTC instant ``at`` would do; nothing is left of it.

    Mails that are due without the change are planned first, as the tick does each minute, so
    that those which remain are the change's own. Raises BadValues or SaysNothing as publishing
    would.
    """
    with transaction.atomic():
        subjects = subjects_of(change)
        plan_alerts(at=at)
        before = standing(subjects, at=at)
        rehearsal = new_revision(
            by="rehearsal", kind=Revision.Kind.RECORD, reason=change.why, at=at
        )
        with rehearsal as revision:
            applied = write_items(change, revision, at=at)
        plan_alerts(at=at)
        found = difference(before, standing(subjects, at=at))
        impact = told(applied, found, voices_on(subjects), asked_in(revision))
        transaction.set_rollback(True)
    return impact


def told(
    applied: Applied,
    found: Impact,
    voices: tuple[tuple[str, str], ...],
    asked: tuple[str, ...],
) -> Impact:
    """The parts of an impact that the database tells, and those that were written."""
    return Impact(
        closed=lines_of(row for done in applied.written for row in done.closed),
        inserted=lines_of(row for done in applied.written for row in done.inserted),
        made=tuple(f"{row._meta.verbose_name} {id_text(row)}" for row in applied.made),
        events=events_of(applied.events),
        deadlines=found.deadlines,
        calendar=found.calendar,
        groups=found.groups,
        mails=found.mails,
        cancelled=found.cancelled,
        voices=voices,
        begins=begins_of(applied.learned),
        asked=asked,
    )


def begins_of(learned: Iterable[Written[Any]]) -> tuple[Moved, ...]:
    """What begins on another day by what documents say, one line for all that goes with it.

    Rows are closed and inserted in pairs; those that no kind of the desk writes go with others.
    """
    found: dict[tuple[Subject, str, str], Moved] = {}
    for done in learned:
        for old, new in zip(done.closed, done.inserted, strict=True):
            kind, before, after = kind_for(type(old)), since_words(old), since_words(new)
            if kind is not None and before != after:
                moved_row = Moved(kind.title, str(new), before, after)
                found.setdefault((kind.subject(new), before, after), moved_row)
    return tuple(sorted(found.values()))


def since_words(row: Fact) -> str:
    return str(row.since) if row.since else "before the first source"


def asked_in(revision: Revision) -> tuple[str, ...]:
    """The questions that a revision puts to people."""
    rows = Proposal.objects.filter(revision=revision).order_by("title")
    return tuple(rows.values_list("title", flat=True))


def lines_of(rows: Iterable[Fact]) -> tuple[FactLine, ...]:
    return tuple(sorted(line_of(row) for row in rows))


def line_of(row: Fact) -> FactLine:
    key = tuple(key_text(getattr(row, name)) for name in row.key_fields)
    since = row.since.iso if row.since else ""
    last_day = row.last_day.isoformat() if row.last_day else ""
    return FactLine(str(row._meta.verbose_name), key, str(row), since, last_day)


def key_text(value: Any) -> str:
    return id_text(value) if hasattr(value, "_meta") else str(value)


def events_of(events: Iterable[Event]) -> tuple[EventLine, ...]:
    return tuple(sorted(event_line(event) for event in events))


def event_line(event: Event) -> EventLine:
    day = event.day.isoformat() if event.day else ""
    subject = (event.subject_kind, event.subject_id)
    return EventLine(event.kind, subject, event.title, event.detail, day)


def standing(subjects: Iterable[Subject], *, at: datetime) -> Standing:
    """What is so now, as read at the UTC instant ``at``."""
    reading = read_parameters("", "", now=at)
    number, today = reading.revision_number, reading.today
    return Standing(
        deadlines={slug: chain.stated(number, today) for slug, chain in chains().items()},
        calendar=calendar_of(subjects, reading),
        groups={place.country.name: place.group for place in placements(reading)},
        newest=Alert.objects.aggregate(newest=Max("pk"))["newest"] or 0,
    )


def calendar_of(subjects: Iterable[Subject], reading: Reading) -> dict[str, str]:
    """By the topic that an UID is made of: day, status and SEQUENCE of each entry.

    All deadlines, and what is scheduled for the subjects.
    """
    found = {e.chain.deadline.slug: entry_words(e) for e in entries_of(EVERYTHING, reading)}
    for kind, subject_id in subjects:
        for change in scheduled_changes(kind, [subject_id], reading.today):
            found[change.topic] = f"{change.day}, scheduled, sequence {change.revision}"
    return found


def entry_words(entry: DatedEntry) -> str:
    if entry.is_cancelled:
        status = "cancelled"
    else:
        status = "tentative" if entry.is_tentative else "confirmed"
    at = f" {entry.at}" if entry.at else ""
    return f"{entry.day}{at}, {status}, sequence {entry.sequence}"


def difference(before: Standing, after: Standing) -> Impact:
    """What differs between two moments, so far as the database tells."""
    new = Alert.objects.standing().filter(pk__gt=before.newest)
    one, other = stated_words(before.deadlines), stated_words(after.deadlines)
    return Impact(
        deadlines=moved("deadline", one, other),
        calendar=moved("calendar entry", before.calendar, after.calendar),
        groups=moved("group", before.groups, after.groups),
        mails=mail_lines(new),
        cancelled=mail_lines(untrue_mails(before, after)),
    )


def stated_words(deadlines: Mapping[str, StatedDate | None]) -> dict[str, str]:
    return {slug: stated.words for slug, stated in deadlines.items() if stated}


def untrue_mails(before: Standing, after: Standing) -> QuerySet[Alert]:
    """The waiting mails that tell a date which holds no longer: delivery cancels them."""
    untrue = Q(pk__in=[])
    for topic, stated in before.deadlines.items():
        now = after.deadlines.get(topic)
        if stated and (now is None or now.code != stated.code):
            untrue |= Q(topic=topic, told=stated.code)
    return Alert.objects.filter(untrue, state__in=WAITING, pk__lte=before.newest)


def moved(what: str, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Moved, ...]:
    names = sorted({*before, *after})
    pairs = ((name, before.get(name, NONE), after.get(name, NONE)) for name in names)
    return tuple(Moved(what, name, one, other) for name, one, other in pairs if one != other)


def mail_lines(mails: QuerySet[Alert]) -> tuple[MailLine, ...]:
    """The mails by reason and by the deadline that they are about."""
    groups = mails.order_by().values("reason", "topic")
    counted = groups.annotate(mails=Count("pk"), readers=Count("subscriber", distinct=True))
    return tuple(sorted(MailLine(**group) for group in counted))


def voices_on(subjects: Iterable[Subject]) -> tuple[tuple[str, str], ...]:
    """The reactions and claims on the rules touched, which are to be looked at again."""
    slugs = [name for kind, name in subjects if kind == "rule"]
    if not slugs:
        return ()
    reactions = Reaction.objects.known(None).filter(rule__slug__in=slugs).order_by("slug")
    claims = Claim.objects.known(None).filter(rule__slug__in=slugs).order_by("slug")
    return (*(("reaction", r.title) for r in reactions), *(("claim", c.text) for c in claims))
