"""Whether a planned mail is still true and wanted at the moment when it would leave."""

from dataclasses import dataclass, field
from datetime import date, datetime

from policy.domain.due import StatedDate
from policy.models import Alert, Subscription
from policy.queries.asof import Reading
from policy.queries.due_dates import topic_now


@dataclass
class Dates:
    """What the record says of dates now, looked up once for each revision and Eastern day.

    Everything written to the record belongs to a revision, and revisions only grow: while the
    newest one stays, no date can have changed.
    """

    found: dict[tuple[str, int, date], StatedDate | None] = field(default_factory=dict)

    def now(self, topic: str, reading: Reading) -> StatedDate | None:
        key = (topic, reading.revision_number, reading.today)
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


def reason_to_cancel(alert: Alert, reading: Reading, *, at: datetime, dates: Dates) -> str:
    """Why a mail must not leave at the UTC instant ``at``; empty if it may."""
    subscription = alert.subscription
    if alert.reason == Alert.Reason.CONFIRM:
        again = subscription.is_active and subscription.subscriber.paused_at is not None
        waits = subscription.confirmed_at is None and subscription.ended_at is None
        return "" if waits or again else "The subscription is no longer waiting to be confirmed."
    if not subscription.is_active:
        return "The subscription has ended."
    if alert.reason == Alert.Reason.DIGEST:
        return nothing_left(alert, reading, at, dates)
    return no_longer_true(alert, reading, at, dates)


def no_longer_true(alert: Alert, reading: Reading, at: datetime, dates: Dates) -> str:
    if alert.not_after and at > alert.not_after:
        return "The date had passed before the mail could be sent."
    if not alert.topic:
        return ""
    now = dates.now(alert.topic, reading)
    if now is None or now.code != alert.told:
        return f"The date is now {now.words if now else 'not set'}."
    return ""


def nothing_left(digest: Alert, reading: Reading, at: datetime, dates: Dates) -> str:
    """Take out of a digest what is no longer true; why it must not leave if that is all."""
    left = 0
    for part in Alert.objects.filter(digest=digest.pk, state=Alert.State.COLLECTED):
        why = no_longer_true(part, reading, at, dates)
        left += not why
        if why:
            row = Alert.objects.filter(pk=part.pk)
            row.update(state=Alert.State.CANCELLED, last_error=why)
    return "" if left else "Nothing in it is true any longer."
