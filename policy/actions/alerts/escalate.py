"""Telling the backup person of a date that the reader has not acknowledged in time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from policy.actions.alerts.answers import clock_of
from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.actions.alerts.payload import date_payload
from policy.actions.alerts.subscribe import backups
from policy.domain.due import StatedDate, Subject, send_instant
from policy.domain.leads import Lead
from policy.models import Acknowledgement, Alert, Subscription
from policy.queries.asof import Reading, read_parameters
from policy.queries.deadlines import federal_calendar
from policy.queries.due_dates import DeadlineTopic, Topic, chains, change_topics, deadline_topics
from policy.queries.subjects import subjects_of


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
    def key(self) -> str:
        """Once for a reader, a backup person and a date, however many subscriptions cover it."""
        reader, person = self.subscription.subscriber_id, self.backup.subscriber_id
        return f"escalated:{reader}:{person}:{self.name}:{self.stated.code}"


@transaction.atomic
def plan_escalations(*, at: datetime) -> int:
    """Put what is due at the UTC instant ``at`` into the outbox, once; returns how many."""
    pairs = with_backup()
    if not pairs:
        return 0
    reading = read_parameters("", "", now=at)
    due = {escalation.key: escalation for escalation in escalations_due(pairs, reading, at)}
    new = unplanned(list(due))
    return put([escalated_alert(due[key], reading, at) for key in due if key in new])


def with_backup() -> list[tuple[Subscription, Subscription]]:
    """The active subscriptions that escalate, each with its backup person's active consent."""
    rows = Subscription.objects.active().filter(escalate_days__isnull=False)
    by_pk = {row.pk: row for row in rows.exclude(backup_email="").select_related("subscriber")}
    consents = backups(by_pk).active().select_related("subscriber")
    pairs = [(by_pk[int(consent.subject_id)], consent) for consent in consents]
    return [(own, c) for own, c in pairs if c.subscriber.email == own.backup_email]


def escalations_due(
    pairs: Iterable[tuple[Subscription, Subscription]], reading: Reading, at: datetime
) -> Iterator[Escalation]:
    """What is to be told to a backup person: the lead has come, the cutoff has not."""
    by_subject: defaultdict[Subject, list[tuple[Subscription, Subscription]]] = defaultdict(list)
    for own, backup in pairs:
        by_subject[own.subject, own.subject_id].append((own, backup))
    calendar, topics = federal_calendar(reading), open_topics(by_subject, reading)
    answered = acknowledged(topics)
    searches = [subject_id for kind, subject_id in by_subject if kind == "search"]
    for name, topic in topics.items():
        for subject in subjects_of_topic(topic, searches):
            for own, backup in by_subject.get(subject, ()):
                found = Escalation(own, backup, name, topic)
                lead = Lead(own.escalate_days or 0)
                begins = send_instant(found.stated, lead, clock_of(backup.subscriber), calendar)
                cutoff = found.stated.cutoff
                reader = (own.subscriber_id, name, found.stated.code)
                if cutoff and begins <= at <= cutoff and reader not in answered:
                    yield found


def open_topics(followed: Iterable[Subject], reading: Reading) -> Mapping[str, Topic]:
    """The dates, by name, that lie ahead and are known to the day."""
    found: dict[str, Topic] = {**change_topics(followed, reading.today)}
    found.update(deadline_topics(chains(), reading.revision_number, reading.today))
    days = {name: topic.due.stated.day for name, topic in found.items()}
    return {name: found[name] for name, day in days.items() if day and day >= reading.today}


def subjects_of_topic(topic: Topic, searches: Iterable[str]) -> frozenset[Subject]:
    if isinstance(topic, DeadlineTopic):
        return subjects_of(topic.chain.deadline, searches)
    return topic.due.subjects


def acknowledged(topics: Iterable[str]) -> set[tuple[int, str, str]]:
    """By subscriber, deadline and date, what somebody has seen or owns."""
    rows = Acknowledgement.objects.given().filter(topic__in=topics)
    return set(rows.values_list("subscriber", "topic", "told"))


def escalated_alert(escalation: Escalation, reading: Reading, at: datetime) -> Alert:
    own, backup = escalation.subscription, escalation.backup
    why = (
        f"{own.subscriber.email} follows this date, has not acknowledged it, and named you as "
        f"the person to tell {Lead(own.escalate_days or 0).words}."
    )
    alert = new_alert(
        subscription=backup,
        key=escalation.key,
        reason=Alert.Reason.ESCALATED,
        topic=escalation.name,
        told=escalation.stated,
        payload={**date_payload(escalation.topic, reading), "why": why, "label": backup.label},
        at=at,
    )
    alert.not_after = escalation.stated.cutoff
    return alert
