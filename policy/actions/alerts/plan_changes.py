"""Planning the mails about changes to a followed country or listed entity.

Revisions are issued one at a time and only grow, so each subscription resumes after the
last one that is in the outbox, whatever the clock did meanwhile.
"""

from collections import defaultdict
from datetime import datetime

from django.db.models import Min, QuerySet

from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.actions.alerts.payload import events_payload
from policy.domain.alert_words import why_changed
from policy.domain.due import Subject
from policy.models import Alert, Event, Revision, Subscription
from policy.queries.asof import Reading
from policy.queries.subjects import Followed, find_subject

# Those who follow a rule or everything are told of its dates; these of every change.
TOLD_OF_CHANGES = (Subscription.Subject.COUNTRY, Subscription.Subject.ENTITY)

# By subject, then by revision, what changed.
News = dict[Subject, dict[Revision, list[Event]]]


def plan_changes(reading: Reading, *, at: datetime) -> int:
    """One mail for each revision that changed a followed subject; returns how many."""
    newest = reading.revision_number
    active = Subscription.objects.active().filter(subject__in=TOLD_OF_CHANGES)
    behind = active.filter(announced_revision__lt=newest)
    oldest = behind.aggregate(oldest=Min("announced_revision"))["oldest"]
    if oldest is None:
        return 0
    count = sum(
        plan_changes_of(subject, by_revision, behind, reading, at)
        for subject, by_revision in news_since(oldest).items()
    )
    behind.update(announced_revision=newest)
    return count


def news_since(revision: int) -> News:
    """Events after a revision about what may be followed; a first load is no news."""
    rows = Event.objects.filter(
        baseline=False, revision__number__gt=revision, subject_kind__in=TOLD_OF_CHANGES
    )
    found: defaultdict[Subject, dict[Revision, list[Event]]] = defaultdict(dict)
    for event in rows.select_related("source", "revision").order_by("revision_id", "pk"):
        by_revision = found[event.subject_kind, event.subject_id]
        by_revision.setdefault(event.revision, []).append(event)
    return found


def plan_changes_of(
    subject: Subject,
    by_revision: dict[Revision, list[Event]],
    behind: QuerySet[Subscription],
    reading: Reading,
    at: datetime,
) -> int:
    """The mails about one subject; what they say is the same for all its readers."""
    kind, subject_id = subject
    readers = list(behind.filter(subject=kind, subject_id=subject_id))
    if not readers:
        return 0
    followed = subject_of(readers[0])
    facts = {
        revision: events_payload(followed, of, reading) for revision, of in by_revision.items()
    }
    alerts = [
        change_alert(reader, revision, facts[revision], at)
        for reader in readers
        for revision in by_revision
        if revision.number > reader.announced_revision
    ]
    new = unplanned([alert.key for alert in alerts])
    return put([alert for alert in alerts if alert.key in new])


def subject_of(subscription: Subscription) -> Followed:
    """The subject as it is now, or as it was named where it no longer exists."""
    kind, subject_id = subscription.subject, subscription.subject_id
    found = find_subject(kind, subject_id)
    return found or Followed(kind, subject_id, subscription.label, "/")


def change_alert(
    subscription: Subscription, revision: Revision, facts: dict[str, object], at: datetime
) -> Alert:
    why = why_changed("The record", revision.recorded_at, at)
    return new_alert(
        subscription=subscription,
        key=f"changed:{subscription.pk}:{revision.number}",
        reason=Alert.Reason.CHANGED,
        own={**facts, "why": why, "label": subscription.label},
        at=at,
    )
