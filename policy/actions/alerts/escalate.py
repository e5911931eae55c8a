"""Telling the backup person of a date that the reader has not acknowledged in time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from policy.actions.alerts.answers import clock_of
from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.actions.alerts.payload import date_payload, kept_content
from policy.actions.alerts.subscribe import backups
from policy.domain.calendar import FederalCalendar
from policy.domain.due import StatedDate, Subject, send_instant
from policy.domain.leads import Lead
from policy.models import Acknowledgement, Alert, Subscription
from policy.queries.asof import Reading
from policy.queries.deadlines import federal_calendar
from policy.queries.due_dates import Chain, Topic, topics_ahead

# A subscription that escalates, and its backup person's consent.
Pair = tuple[Subscription, Subscription]
# A subscriber, a deadline, and the date that was answered.
Answer = tuple[int, str, str]


@dataclass(frozen=True)
class Escalation:
    """A date that nobody has acknowledged, and the consent of the person to be told."""

    subscription: Subscription
    backup: Subscription
    name: str
    topic: Topic

    @property
    def stated(self) -> StatedDate:
        return self.topic.due.stated

    @property
    def answer(self) -> Answer:
        return (self.subscription.subscriber_id, self.name, self.stated.code)

    def is_due(self, at: datetime, calendar: FederalCalendar) -> bool:
        """Whether the set day has come by the backup person's clock, and the cutoff has not."""
        lead, clock = Lead(self.subscription.escalate_days or 0), clock_of(self.backup.subscriber)
        cutoff = self.stated.cutoff
        begins = send_instant(self.stated, lead, clock, calendar)
        return cutoff is not None and begins <= at <= cutoff

    @property
    def key(self) -> str:
        """Once for a reader, a backup person and a date, however many subscriptions cover it."""
        reader, person = self.subscription.subscriber_id, self.backup.subscriber_id
        return f"escalated:{reader}:{person}:{self.name}:{self.stated.code}"


def plan_escalations(held: Mapping[str, Chain], reading: Reading, *, at: datetime) -> int:
    """Put what is due at the UTC instant ``at`` into the outbox, once; returns how many."""
    pairs = with_backup()
    if not pairs:
        return 0
    due = {found.key: found for found in escalations_due(pairs, held, reading, at=at)}
    new = unplanned(list(due))
    return put([escalated_alert(due[key], reading, at) for key in due if key in new])


def with_backup() -> list[Pair]:
    """The active subscriptions that escalate, each with its backup person's active consent."""
    rows = Subscription.objects.active().filter(escalate_days__isnull=False)
    by_pk = {row.pk: row for row in rows.exclude(backup_email="").select_related("subscriber")}
    consents = backups(by_pk).active().select_related("subscriber")
    pairs = [(by_pk[int(consent.subject_id)], consent) for consent in consents]
    return [(own, c) for own, c in pairs if c.subscriber.email == own.backup_email]


def escalations_due(
    pairs: Iterable[Pair], held: Mapping[str, Chain], reading: Reading, *, at: datetime
) -> Iterator[Escalation]:
    """What is to be told to a backup person: the lead has come, the cutoff has not."""
    by_subject: defaultdict[Subject, list[Pair]] = defaultdict(list)
    for own, backup in pairs:
        by_subject[own.subject, own.subject_id].append((own, backup))
    topics = topics_ahead(held, by_subject, reading)
    calendar, answered = federal_calendar(reading), acknowledged(topics)
    for name, topic in topics.items():
        for own, backup in covering(topic, by_subject):
            found = Escalation(own, backup, name, topic)
            if found.is_due(at, calendar) and found.answer not in answered:
                yield found


def covering(topic: Topic, by_subject: Mapping[Subject, list[Pair]]) -> Iterator[Pair]:
    for subject in sorted(topic.due.subjects):
        yield from by_subject.get(subject, ())


def acknowledged(topics: Iterable[str]) -> set[Answer]:
    """By subscriber, deadline and date, what somebody has seen or owns."""
    rows = Acknowledgement.objects.given().filter(topic__in=topics)
    return set(rows.values_list("subscriber", "topic", "told"))


def escalated_alert(escalation: Escalation, reading: Reading, at: datetime) -> Alert:
    own, backup = escalation.subscription, escalation.backup
    why = (
        f"{own.subscriber.email} follows this date, has not acknowledged it, and named you as "
        f"the person to tell {Lead(own.escalate_days or 0).words}."
    )
    data = date_payload(escalation.topic, reading)
    alert = new_alert(
        subscription=backup,
        key=escalation.key,
        reason=Alert.Reason.ESCALATED,
        topic=escalation.name,
        told=escalation.stated,
        content=kept_content(escalation.name, escalation.stated, reading, data),
        own={"why": why, "label": backup.label},
        at=at,
    )
    alert.not_after = escalation.stated.cutoff
    return alert
