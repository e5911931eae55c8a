"""Planning the mails that go out some days before a date.

What is due is said by ``domain/due.py``. Here the same is asked of the database at once for all
readers: the moments of each date are laid out beside the subjects that it belongs to, joined
with the subscriptions, and inserted in one statement under the unique key of each mail.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from policy.domain.calendar import FederalCalendar
from policy.domain.due import ReaderClock, Subject, holds_back, send_instant
from policy.domain.leads import Lead
from policy.models import (
    Alert,
    DueMoment,
    DueSubject,
    Subscriber,
    Subscription,
    SubscriptionLead,
)
from policy.queries.asof import Reading
from policy.queries.deadlines import federal_calendar
from policy.queries.due_dates import Chain, ChangeTopic, Topic, topics_ahead
from policy.vendor import note_statistics

# Those who follow one of these are told of what is scheduled for it.
WITH_SCHEDULE = (Subscription.Subject.COUNTRY, Subscription.Subject.ENTITY)


def plan_leads(held: Mapping[str, Chain], reading: Reading, *, at: datetime) -> int:
    """Put the alerts that are due at ``at`` into the outbox; returns how many are new."""
    topics = topics_ahead(held, with_schedule(), reading)
    if not topics:
        return 0
    run = uuid4().hex
    with transaction.atomic():
        lay_out(run, topics, federal_calendar(reading), at)
        count = insert_due(run, reading, at)
        for model in (DueMoment, DueSubject):
            model.objects.filter(run=run).delete()
        if count:
            supersede_earlier(at)
    return count


def with_schedule() -> Iterable[Subject]:
    """The followed subjects for which something may be scheduled."""
    followed = Subscription.objects.active().filter(subject__in=WITH_SCHEDULE)
    return followed.values_list("subject", "subject_id").distinct()


def lay_out(run: str, topics: Mapping[str, Topic], calendar: FederalCalendar, at: datetime) -> None:
    """Write down which subjects each date belongs to, and when each clock is told of it."""
    clocks, leads = reader_clocks(), chosen_leads()
    DueSubject.objects.bulk_create(
        (
            DueSubject(run=run, topic=name, subject=kind, subject_id=subject_id)
            for name, topic in topics.items()
            for kind, subject_id in sorted(topic.due.subjects)
        ),
        batch_size=500,
    )
    rows = (
        row
        for topic in topics.values()
        for clock in clocks
        for row in moments(run, topic, clock, leads, calendar, at)
    )
    DueMoment.objects.bulk_create(rows, batch_size=500)
    note_statistics(DueMoment, DueSubject)


def reader_clocks() -> list[ReaderClock]:
    rows = Subscriber.objects.filter(subscriptions__in=Subscription.objects.active())
    return [ReaderClock(*row) for row in rows.values_list("zone", "hour").distinct()]


def chosen_leads() -> list[Lead]:
    rows = SubscriptionLead.objects.order_by("days", "business")
    return [Lead(*row) for row in rows.values_list("days", "business").distinct()]


def moments(  # noqa: PLR0913, PLR0917  # what is due, to whom, and by which calendars
    run: str,
    topic: Topic,
    clock: ReaderClock,
    leads: Iterable[Lead],
    calendar: FederalCalendar,
    at: datetime,
) -> Iterator[DueMoment]:
    """The moments that have come, and those of later today, which hold back an earlier one."""
    stated = topic.due.stated
    if stated.cutoff is None or at > stated.cutoff:
        return
    today = clock.day_of(at)
    for lead in leads:
        send_at = send_instant(stated, lead, clock, calendar)
        is_later_today = holds_back(stated, send_at, at) and clock.day_of(send_at) == today
        if send_at > at and not is_later_today:
            continue
        yield DueMoment(
            run=run,
            topic=topic.due.topic,
            told=stated.code,
            days=lead.days,
            business=lead.business,
            lead=lead.code,
            zone=clock.zone,
            hour=clock.hour,
            send_at=send_at,
            not_after=stated.cutoff,
            change=topic.change.revision if isinstance(topic, ChangeTopic) else None,
        )


# Of the moments of one reader and date the last one counts; the more particular subscription is
# credited. A mail that told this very date at or after a moment stands in for it, and so does the
# mail about the change that scheduled it.
CANDIDATES = """
    SELECT s.subscriber_id, s.id AS subscription_id, s.delivery, m.topic, m.told, m.lead,
           m.send_at, m.not_after,
           ROW_NUMBER() OVER (
             PARTITION BY s.subscriber_id, m.topic
             ORDER BY m.send_at DESC, m.days, m.business,
                      CASE WHEN s.subject = 'everything' THEN 1 ELSE 0 END, s.id
           ) AS place
    FROM policy_duemoment m
    JOIN policy_duesubject t ON t.run = m.run AND t.topic = m.topic
    JOIN policy_subscription s ON s.subject = t.subject AND s.subject_id = t.subject_id
    JOIN policy_subscriber r ON r.id = s.subscriber_id AND r.zone = m.zone AND r.hour = m.hour
    JOIN policy_subscriptionlead l
      ON l.subscription_id = s.id AND l.days = m.days AND l.business = m.business
    WHERE m.run = %s AND s.confirmed_at IS NOT NULL AND s.ended_at IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM policy_alert a
        WHERE a.subscriber_id = s.subscriber_id AND a.topic = m.topic AND a.told = m.told
          AND a.state <> 'cancelled' AND a.planned_at >= m.send_at AND a.planned_at <= %s
      )
      AND (m.change IS NULL OR NOT EXISTS (
        SELECT 1 FROM policy_alert a
        WHERE a.key = 'changed:' || s.id || ':' || m.change
          AND a.state <> 'cancelled' AND a.planned_at >= m.send_at
      ))
"""


def insert_due(run: str, reading: Reading, at: datetime) -> int:
    """One statement for all readers; returns how many mails were new."""
    now = connection.ops.adapt_datetimefield_value(at)
    given: dict[str, tuple[str, list[Any]]] = {
        "subscriber_id": ("c.subscriber_id", []),
        "subscription_id": ("c.subscription_id", []),
        "key": (
            "'lead:' || c.subscriber_id || ':' || c.topic || ':' || c.told || ':' || c.lead",
            [],
        ),
        "reason": ("'lead'", []),
        "topic": ("c.topic", []),
        "told": ("c.told", []),
        "lead": ("c.lead", []),
        "meant_for": ("c.send_at", []),
        "not_after": ("c.not_after", []),
        "state": ("CASE WHEN c.delivery = 'immediate' THEN 'queued' ELSE 'collected' END", []),
        "revision": ("%s", [reading.revision_number]),
        "not_before": ("%s", [now]),
        "planned_at": ("%s", [now]),
    }
    columns, values, parameters = columns_of_alert(given)
    statement = f"""
        INSERT INTO policy_alert ({columns})
        SELECT {values} FROM ({CANDIDATES}) c
        WHERE c.place = 1 AND c.send_at <= %s
        ON CONFLICT DO NOTHING
    """  # noqa: S608  # built from the names of columns and constants
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, run, now, now])
        return int(cursor.rowcount)


def columns_of_alert(
    given: Mapping[str, tuple[str, list[Any]]],
) -> tuple[str, str, list[Any]]:
    """Every column of a mail, what goes into it, and the parameters; the rest by default."""
    columns, values, parameters = [], [], []
    for field in Alert._meta.concrete_fields:
        if field.primary_key:
            continue
        default = field.get_db_prep_save(field.get_default(), connection)
        value, own = given.get(field.attname, ("%s", [default]))
        columns.append(connection.ops.quote_name(field.attname))
        values.append(value)
        parameters += own
    return ", ".join(columns), ", ".join(values), parameters


def supersede_earlier(at: datetime) -> None:
    """Of the alerts of a date that could not be sent, only the newest goes out."""
    newer = Alert.objects.filter(
        subscriber=OuterRef("subscriber"),
        topic=OuterRef("topic"),
        reason=Alert.Reason.LEAD,
        planned_at=at,
    )
    waiting = Alert.objects.filter(
        state__in=[Alert.State.QUEUED, Alert.State.COLLECTED],
        reason=Alert.Reason.LEAD,
        planned_at__lt=at,
    )
    # What has just been planned is due at this very instant: the index passes over all of it.
    for due in (Q(not_before__lt=at), Q(not_before__gt=at)):
        waiting.filter(due).filter(Exists(newer)).update(
            state=Alert.State.CANCELLED,
            last_error="A later alert for the same date takes its place.",
        )
