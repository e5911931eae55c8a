"""Planning what webhooks are told: every change after the last one that is in the outbox."""

import json
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction

from policy.models import Event, Revision, Webhook, WebhookDelivery
from policy.queries.news import event_id, event_url, news_about


def plan_webhooks(*, at: datetime) -> int:
    """Put what changed into the outbox, once for each webhook and event; returns how many.

    A paused webhook's changes are put in too, and wait there.
    """
    newest = Revision.objects.order_by("-number").first()
    if newest is None:
        return 0
    behind = Webhook.objects.filter(announced_revision__lt=newest.number)
    return sum(plan_webhook(webhook, newest.number, at) for webhook in behind)


@transaction.atomic
def plan_webhook(webhook: Webhook, newest: int, at: datetime) -> int:
    """The changes up to the revision ``newest``; another planner's are left alone."""
    rows = news_about((webhook.subject, webhook.subject_id))
    rows = rows.filter(revision__number__gt=webhook.announced_revision)
    rows = rows.filter(revision__number__lte=newest).order_by("revision_id", "pk")
    deliveries = [delivery_of(webhook, event, at) for event in rows]
    WebhookDelivery.objects.bulk_create(deliveries, ignore_conflicts=True, batch_size=500)
    held = Webhook.objects.filter(pk=webhook.pk, announced_revision__lt=newest)
    held.update(announced_revision=newest)
    return len(deliveries)


def delivery_of(webhook: Webhook, event: Event, at: datetime) -> WebhookDelivery:
    return WebhookDelivery(
        webhook=webhook,
        event=event,
        key=key_of(webhook, event),
        body=json.dumps(body_of(webhook, event), ensure_ascii=False, separators=(",", ":")),
        planned_at=at,
        not_before=at,
    )


def key_of(webhook: Webhook, event: Event) -> str:
    """The Idempotency-Key: the same whoever plans it, and however often."""
    name = f"{settings.SITE_URL}/webhooks/{webhook.pk}/{event_id(event)}"
    return f"msg_{uuid5(NAMESPACE_URL, name).hex}"


def body_of(webhook: Webhook, event: Event) -> dict[str, object]:
    """A change as a receiver reads it. ``id`` is that of the entry in the Atom feed."""
    source = event.source
    return {
        "type": "record.changed",
        "timestamp": event.revision.recorded_at.isoformat(),
        "subscription": {"subject": webhook.subject, "id": webhook.subject_id},
        "data": {
            "id": event_id(event),
            "kind": event.kind,
            "subject": {"kind": event.subject_kind, "id": event.subject_id},
            "title": event.title,
            "detail": event.detail,
            "day": event.day.isoformat() if event.day else None,
            "source": {"citation": str(source), "url": source.url} if source else None,
            "revision": event.revision_id,
            "url": event_url(event),
        },
    }
