"""Adding, resuming and removing webhooks."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from policy.domain.webhooks import new_secret
from policy.fetching.posting import check_target
from policy.models import Revision, Webhook, WebhookDelivery
from policy.queries.subjects import Followed


def add_webhook(*, url: str, subject: Followed, at: datetime) -> Webhook:
    """A webhook that is told of changes from now on. Raises Unsafe for an address that is none."""
    newest = Revision.objects.order_by("-number").first()
    return Webhook.objects.create(
        url=check_target(url, loopback=settings.WEBHOOK_LOOPBACK),
        secret=new_secret(),
        subject=subject.kind,
        subject_id=subject.id,
        label=subject.label,
        created_at=at,
        announced_revision=newest.number if newest else 0,
    )


@transaction.atomic
def resume_webhook(*, webhook: Webhook, at: datetime) -> int:
    """Tell it again, what it could not be told included; returns how many changes wait."""
    Webhook.objects.filter(pk=webhook.pk).update(paused_at=None, paused_because="")
    failed = webhook.deliveries.filter(state=WebhookDelivery.State.FAILED)
    failed.update(state=WebhookDelivery.State.QUEUED, attempts=0, not_before=at)
    return webhook.deliveries.filter(state=WebhookDelivery.State.QUEUED).count()


def remove_webhook(*, webhook: Webhook) -> None:
    """The webhook and all that it was told, or was to be told."""
    webhook.delete()
