"""Whether a planned mail is still true and wanted at the moment when it would leave."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Max

from policy.domain.deadlines import eastern_day
from policy.domain.due import StatedDate
from policy.models import Alert, Revision, Subscription
from policy.queries.due_dates import topic_now


@dataclass
class Dates:
    """What the record says of dates now, looked up once for each revision and Eastern day.

    Everything written to the record belongs to a revision, and revisions only grow: while the
    newest one stays, no date can have changed.
    """

    found: dict[tuple[str, int, date], StatedDate | None] = field(default_factory=dict)

    def now(self, topic: str, at: datetime) -> StatedDate | None:
        revision = Revision.objects.aggregate(newest=Max("number"))["newest"] or 0
        key = (topic, revision, eastern_day(at))
        if key not in self.found:
            self.found[key] = topic_now(*key)
        return self.found[key]


def is_paused(alert: Alert) -> bool:
    """Whether the address has come to take no mail since the row was claimed.

    Reads the subscription and its reader anew; call it before ``reason_to_cancel``.
    """
    rows = Subscription.objects.select_related("subscriber")
    alert.subscription = rows.get(pk=alert.subscription_id)
    alert.subscriber = alert.subscription.subscriber
    return alert.subscriber.paused_at is not None and alert.reason != Alert.Reason.CONFIRM


def reason_to_cancel(alert: Alert, *, at: datetime, dates: Dates) -> str:
    """Why a mail must not leave at the UTC instant ``at``; empty if it may."""
    subscription = alert.subscription
    if alert.reason == Alert.Reason.CONFIRM:
        again = subscription.is_active and subscription.subscriber.paused_at is not None
        waits = subscription.confirmed_at is None and subscription.ended_at is None
        return "" if waits or again else "The subscription is no longer waiting to be confirmed."
    if not subscription.is_active:
        return "The subscription has ended."
    if alert.not_after and at > alert.not_after:
        return "The date had passed before the mail could be sent."
    return date_has_changed(alert, at, dates) if alert.topic else ""


def date_has_changed(alert: Alert, at: datetime, dates: Dates) -> str:
    now = dates.now(alert.topic, at)
    if now is None or now.code != alert.told:
        return f"The date is now {now.words if now else 'not set'}."
    return ""
