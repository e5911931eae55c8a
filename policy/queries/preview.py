"""What a subscription would have brought in the last ninety days, before anybody confirms it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from policy.domain.deadlines import eastern_day
from policy.domain.due import EVERYTHING, StatedDate
from policy.domain.replay import History, PastMail, Wish, digests, news_mails, past_mails
from policy.domain.selections import Selection
from policy.models import Deadline, Event, Subscription
from policy.queries.asof import Reading, read_parameters
from policy.queries.deadlines import federal_calendar
from policy.queries.due_dates import Chain, chains, change_topics, stated_by
from policy.queries.subjects import Followed, described

PREVIEW_DAYS = 90
Step = tuple[date | None, StatedDate | None]
# Followers of these are told of every change to the record about them.
WITH_NEWS = (Subscription.Subject.COUNTRY, Subscription.Subject.ENTITY)


@dataclass(frozen=True)
class Preview:
    """How many mails there would have been, and how many of what they were made of."""

    mails: int
    reminders: int
    changes: int
    days: int = PREVIEW_DAYS


def preview(subject: Followed, wish: Wish, *, at: datetime) -> Preview:
    """The mails of the ninety days up to the UTC instant ``at``.

    Each date is taken as it stood on each day, as the record knows it now.
    """
    reading = read_parameters("", "", now=at)
    start, calendar = at - timedelta(days=PREVIEW_DAYS), federal_calendar(reading)
    reminded = [
        mail
        for history in histories(subject, reading, start)
        for mail in past_mails(history, wish, start, at, calendar)
    ]
    mails = [*reminded, *news(subject, start, at)]
    reminders = sum(mail.lead is not None for mail in mails)
    return Preview(digests(mails, wish), reminders, len(mails) - reminders)


def histories(subject: Followed, reading: Reading, start: datetime) -> Iterator[History]:
    """What stood of each date that belongs to the subject."""
    if subject.kind in WITH_NEWS:
        topics = change_topics([(subject.kind, subject.id)], eastern_day(start))
        yield from (History(((None, topic.due.stated),)) for topic in topics.values())
        return
    slugs = deadlines_of(subject).values_list("slug", flat=True)
    for chain in chains(None if subject.kind == EVERYTHING[0] else list(slugs)).values():
        if covers(subject, chain.deadline):
            yield history_of(chain, reading)


def deadlines_of(subject: Followed) -> QuerySet[Deadline]:
    """The deadlines that can belong to a subject; of a saved search its words are asked later."""
    kinds = Subscription.Subject
    fields = {
        kinds.RULE: "rule__slug",
        kinds.DOCKET: "docket__number",
        kinds.KIND: "kind",
    }
    if subject.kind in fields:
        return Deadline.objects.filter(**{fields[kinds(subject.kind)]: subject.id})
    return Deadline.objects.all()


def covers(subject: Followed, deadline: Deadline) -> bool:
    if subject.kind != Subscription.Subject.SEARCH:
        return True
    return Selection.from_query(subject.id).matches(described(deadline))


def history_of(chain: Chain, reading: Reading) -> History:
    """The rows of a date as known now, in the order in which they governed."""
    rows = sorted(chain.known(reading.revision_number), key=lambda row: row.span.sort_key)
    steps: list[Step] = []
    for row in rows:
        steps.append((row.valid_from, stated_by(row)))
        if row.valid_until:
            steps.append((row.valid_until, None))
    return History(tuple(without_gaps(steps)))


def without_gaps(steps: Iterable[Step]) -> list[Step]:
    """Where one row takes over on the day on which another ends, nothing ended."""
    by_day: dict[date | None, StatedDate | None] = {}
    for day, stated in steps:
        if stated is not None or day not in by_day:
            by_day[day] = stated
    return list(by_day.items())


def news(subject: Followed, start: datetime, end: datetime) -> list[PastMail]:
    """The changes about a subject, by the law's day, or else by that of the record."""
    if subject.kind not in WITH_NEWS:
        return []
    first, last = eastern_day(start) + timedelta(days=1), eastern_day(end)
    of_law = Q(day__range=(first, last))
    of_record = Q(day=None, baseline=False, revision__recorded_at__range=(start, end))
    rows = Event.objects.filter(of_law | of_record, subject_kind=subject.kind)
    found = rows.filter(subject_id=subject.id).values_list("day", "revision__recorded_at")
    return news_mails([day or eastern_day(recorded) for day, recorded in found.distinct()])
