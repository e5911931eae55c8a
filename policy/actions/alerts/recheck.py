"""Whether a planned mail is still true and wanted at the moment when it would leave."""

from datetime import datetime

from policy.models import Alert
from policy.queries.asof import read_parameters
from policy.queries.due_dates import topic_now


def reason_to_cancel(alert: Alert, *, at: datetime) -> str:
    """Why a mail must not leave at the UTC instant ``at``; empty if it may."""
    subscription = alert.subscription
    subscription.refresh_from_db(fields=["confirmed_at", "ended_at"])
    if alert.reason == Alert.Reason.CONFIRM:
        waits = subscription.confirmed_at is None and subscription.ended_at is None
        return "" if waits else "The subscription is no longer waiting to be confirmed."
    if not subscription.is_active:
        return "The subscription has ended."
    if alert.not_after and at > alert.not_after:
        return "The date had passed before the mail could be sent."
    return date_has_changed(alert, at) if alert.topic else ""


def date_has_changed(alert: Alert, at: datetime) -> str:
    reading = read_parameters("", "", now=at)
    now = topic_now(alert.topic, reading.revision_number, reading.today)
    if now is None or now.code != alert.told:
        return f"The date is now {now.words if now else 'not set'}."
    return ""
