"""Planning the mails that go out some days before a date."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache

from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.actions.alerts.payload import DatePayload, date_payload
from policy.domain.alert_words import why_now
from policy.domain.due import Cause, DueAlert, Follower, ReaderClock, Told, due_alerts
from policy.models import Alert, Subscription
from policy.queries.asof import Reading
from policy.queries.due_dates import Chain, ChangeTopic, Topic, change_topics, deadline_topics


def plan_leads(
    subscriptions: Sequence[Subscription],
    held: Mapping[str, Chain],
    reading: Reading,
    *,
    at: datetime,
) -> int:
    """Put the alerts that are due at ``at`` into the outbox; returns how many are new."""
    followers = {s.pk: follower_of(s) for s in subscriptions}
    topics = near_topics(held, list(followers.values()), reading)
    told = told_instants(topics, list(followers.values()))
    dates = [topic.due for topic in topics.values()]
    due = list(due_alerts(dates, followers.values(), at, told))
    new = unplanned([alert.key for alert in due])
    by_id = {s.pk: s for s in subscriptions}

    @cache
    def facts(topic: str) -> DatePayload:
        return date_payload(topics[topic], reading)

    alerts = [
        lead_alert(alert, by_id[alert.follower.subscription], facts(alert.date.topic), at)
        for alert in due
        if alert.key in new
    ]
    for alert in alerts:
        supersede_earlier(alert)
    return put(alerts)


def follower_of(subscription: Subscription) -> Follower:
    return Follower(
        subscription=subscription.pk,
        subscriber=subscription.subscriber_id,
        subject=(subscription.subject, subscription.subject_id),
        leads=frozenset(subscription.leads),
        since=subscription.confirmed_at or subscription.created_at,
        clock=ReaderClock(subscription.subscriber.zone, subscription.subscriber.hour),
    )


def near_topics(
    held: Mapping[str, Chain], followers: Sequence[Follower], reading: Reading
) -> dict[str, Topic]:
    """The dates, from today on, that lie within the longest lead time."""
    subjects = {follower.subject for follower in followers}
    deadlines = deadline_topics(held, reading.revision_number, reading.today)
    found: dict[str, Topic] = {**deadlines, **change_topics(subjects, reading.today)}
    longest = max((lead.days for f in followers for lead in f.leads), default=0)
    last = reading.today + timedelta(days=2 * longest)
    days = {name: topic.due.stated.day for name, topic in found.items()}
    return {n: found[n] for n, day in days.items() if day and reading.today <= day <= last}


def told_instants(topics: Mapping[str, Topic], followers: Sequence[Follower]) -> Told:
    """When each subscriber was told of a date, by any mail that names it as it is now."""
    found: defaultdict[tuple[int, str], list[datetime]] = defaultdict(list)
    rows = Alert.objects.standing().filter(topic__in=topics)
    for subscriber, topic, told, planned in rows.values_list(
        "subscriber", "topic", "told", "planned_at"
    ):
        if told == topics[topic].due.stated.code:
            found[subscriber, topic].append(planned)
    for (subscriber, topic), planned in announced(topics, followers):
        found[subscriber, topic].append(planned)
    return found


def announced(
    topics: Mapping[str, Topic], followers: Sequence[Follower]
) -> list[tuple[tuple[int, str], datetime]]:
    """When a mail about a change to the record told of a scheduled change, day and all."""
    keys = {
        f"changed:{follower.subscription}:{topic.change.revision}": (follower.subscriber, name)
        for name, topic in topics.items()
        if isinstance(topic, ChangeTopic)
        for follower in followers
        if follower.subject in topic.due.subjects
    }
    rows = Alert.objects.standing().filter(key__in=keys)
    return [(keys[key], planned) for key, planned in rows.values_list("key", "planned_at")]


def lead_alert(
    due: DueAlert, subscription: Subscription, facts: DatePayload, at: datetime
) -> Alert:
    since, recorded = due.follower.since, due.date.recorded_at
    happened = since if due.cause is Cause.NEW_SUBSCRIPTION else recorded
    why = why_now(due.cause, due.lead, due.meant_for, happened)
    return new_alert(
        subscription=subscription,
        key=due.key,
        reason=Alert.Reason.LEAD,
        topic=due.date.topic,
        told=due.date.stated,
        lead=due.lead,
        payload={**facts, "why": why, "label": subscription.label},
        at=at,
    )


def supersede_earlier(alert: Alert) -> None:
    """Of the alerts of a date that could not be sent, only the newest goes out."""
    waiting = Alert.objects.filter(
        subscriber=alert.subscriber_id,
        topic=alert.topic,
        reason=Alert.Reason.LEAD,
        state=Alert.State.QUEUED,
    )
    waiting.exclude(key=alert.key).update(
        state=Alert.State.CANCELLED, last_error="A later alert for the same date takes its place."
    )
