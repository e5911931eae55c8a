"""Planning the mails about changes to a followed country or listed entity.

Revisions are issued one at a time and only grow, so each subscription resumes after the
last one that is in the outbox, whatever the clock did meanwhile.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

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


def plan_changes(subscriptions: Sequence[Subscription], reading: Reading, *, at: datetime) -> int:
    """One mail for each revision that changed a followed subject; returns how many."""
    newest = reading.revision_number
    behind = [
        s for s in subscriptions if s.subject in TOLD_OF_CHANGES and s.announced_revision < newest
    ]
    if not behind:
        return 0
    news = news_since(min(s.announced_revision for s in behind), behind)
    alerts = [alert for s in behind for alert in change_alerts(s, news, reading, at)]
    new = unplanned([alert.key for alert in alerts])
    count = put([alert for alert in alerts if alert.key in new])
    Subscription.objects.filter(pk__in=[s.pk for s in behind]).update(announced_revision=newest)
    return count


def news_since(revision: int, subscriptions: Iterable[Subscription]) -> News:
    """Events after a revision about the followed subjects; a first load is no news."""
    subjects = {(s.subject, s.subject_id) for s in subscriptions}
    rows = Event.objects.filter(
        baseline=False,
        revision__number__gt=revision,
        subject_kind__in={kind for kind, _ in subjects},
        subject_id__in={subject_id for _, subject_id in subjects},
    )
    found: defaultdict[Subject, dict[Revision, list[Event]]] = defaultdict(dict)
    for event in rows.select_related("source", "revision").order_by("revision_id", "pk"):
        by_revision = found[event.subject_kind, event.subject_id]
        by_revision.setdefault(event.revision, []).append(event)
    return found


def change_alerts(
    subscription: Subscription, news: News, reading: Reading, at: datetime
) -> list[Alert]:
    by_revision = news.get((subscription.subject, subscription.subject_id), {})
    subject = subject_of(subscription) if by_revision else None
    return [
        change_alert(subscription, revision, events_payload(subject, events, reading), at)
        for revision, events in by_revision.items()
        if subject and revision.number > subscription.announced_revision
    ]


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
        payload={**facts, "why": why, "label": subscription.label},
        at=at,
    )
