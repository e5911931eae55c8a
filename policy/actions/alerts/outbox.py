"""Putting mails into the outbox. The unique key makes putting one in twice do nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Case, QuerySet, Value, When

from policy.domain.due import StatedDate
from policy.models import Alert, AlertContent, Subscription


def new_alert(  # noqa: PLR0913  # keyword-only; each is a column of the row
    *,
    subscription: Subscription,
    key: str,
    reason: Alert.Reason,
    own: dict[str, Any],
    at: datetime,
    topic: str = "",
    told: StatedDate | None = None,
    content: AlertContent | None = None,
) -> Alert:
    """An unsaved mail, ready at the UTC instant ``at``, or when its digest is."""
    at_once = subscription.delivery == Subscription.Delivery.IMMEDIATE
    collects = not at_once and reason in (Alert.Reason.MOVED, Alert.Reason.CHANGED)
    return Alert(
        subscriber_id=subscription.subscriber_id,
        subscription=subscription,
        key=key,
        reason=reason,
        topic=topic,
        told=told.code if told else "",
        content=content,
        revision=content.revision if content else 0,
        own=own,
        not_before=at,
        state=Alert.State.COLLECTED if collects else Alert.State.QUEUED,
        planned_at=at,
    )


def particular_first(subscriptions: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """The more particular subscriptions before "everything"."""
    general = When(subject=Subscription.Subject.EVERYTHING, then=Value(1))
    return subscriptions.order_by(Case(general, default=Value(0)), "pk")


def mail_domain() -> str:
    """The host that links in mails lead to, for Message-IDs."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def unplanned(keys: Sequence[str]) -> set[str]:
    """Those of the keys that the outbox does not hold yet."""
    held: set[str] = set()
    for start in range(0, len(keys), 1000):
        rows = Alert.objects.filter(key__in=keys[start : start + 1000])
        held.update(rows.values_list("key", flat=True))
    return set(keys) - held


def put(alerts: Sequence[Alert]) -> int:
    """Insert the mails; a key that another planner put in meanwhile is left alone."""
    Alert.objects.bulk_create(alerts, ignore_conflicts=True, batch_size=500)
    return len(alerts)
