"""Putting mails into the outbox. The unique key makes putting one in twice do nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings

from policy.domain.due import StatedDate
from policy.domain.leads import Lead
from policy.models import Alert, Subscription


def new_alert(  # noqa: PLR0913  # keyword-only; each is a column of the row
    *,
    subscription: Subscription,
    key: str,
    reason: Alert.Reason,
    payload: dict[str, Any],
    at: datetime,
    topic: str = "",
    told: StatedDate | None = None,
    lead: Lead | None = None,
) -> Alert:
    """An unsaved mail, ready at the UTC instant ``at``, with its Message-ID for good."""
    return Alert(
        subscriber_id=subscription.subscriber_id,
        subscription=subscription,
        key=key,
        reason=reason,
        topic=topic,
        told=told.code if told else "",
        lead=lead.code if lead else "",
        own=payload,
        not_before=at,
        not_after=told.cutoff if told and lead is not None else None,
        message_id=f"<{uuid4().hex}@{mail_domain()}>",
        planned_at=at,
    )


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
