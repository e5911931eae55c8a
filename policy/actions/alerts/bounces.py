"""Addresses that take no mail: pausing one, and taking it up again.

While an address is paused its mails wait. Whoever has it confirms it again by a mail that
went there; what has waited and what was refused then goes out late, unless the date has passed.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.domain.leads import leads_words
from policy.models import Alert, SendAttempt, Subscriber

logger = logging.getLogger(__name__)

OUTCOME = SendAttempt.Outcome


def note_bounce(*, address: str, permanent: bool, text: str, at: datetime) -> bool:
    """Pause an address that takes no mail; whether it was paused now, at ``at``.

    A bounce that is not permanent (a full mailbox, an absence) changes nothing.
    """
    logger.warning("bounce of %s, permanent: %s: %s", address, permanent, text)
    if not permanent:
        return False
    rows = Subscriber.objects.filter(email=address.strip().lower(), paused_at__isnull=True)
    return bool(rows.update(paused_at=at, paused_because=text))


@transaction.atomic
def resume_address(*, subscriber: Subscriber, at: datetime) -> int:
    """Take up mails to an address again; returns how many that were refused go out after all."""
    held = Subscriber.objects.select_for_update().filter(pk=subscriber.pk)
    paused = held.filter(paused_at__isnull=False).first()
    if paused is None:
        return 0
    count = queue_refused(paused, at=at)
    held.update(paused_at=None, paused_because="")
    subscriber.paused_at, subscriber.paused_because = None, ""
    return count


def queue_refused(subscriber: Subscriber, *, at: datetime) -> int:
    """Queue what the address refused since it is paused and what can still be of use."""
    refused = SendAttempt.objects.filter(outcome=OUTCOME.BOUNCED, at__gte=subscriber.paused_at)
    rows = Alert.objects.filter(
        Q(not_after__isnull=True) | Q(not_after__gte=at),
        subscriber=subscriber,
        state=Alert.State.FAILED,
        pk__in=refused.values("alert"),
    ).exclude(reason=Alert.Reason.CONFIRM)
    found = list(rows.values_list("pk", flat=True))
    SendAttempt.objects.bulk_create(
        SendAttempt(alert_id=pk, at=at, outcome=OUTCOME.RESUMED) for pk in found
    )
    # What a refused digest brought waits for it again.
    parts = Alert.objects.filter(digest__in=found, state=Alert.State.FAILED)
    parts.update(state=Alert.State.COLLECTED, last_error="")
    return Alert.objects.filter(pk__in=found).update(
        state=Alert.State.QUEUED, not_before=at, attempts=0, last_error=""
    )


@transaction.atomic
def ask_to_confirm_again(*, subscriber: Subscriber, at: datetime) -> bool:
    """Queue a mail to a paused address that asks to confirm it; False if there is no need."""
    subscription = subscriber.subscriptions.active().first()
    if subscriber.paused_at is None or subscription is None:
        return False
    asked = Alert.objects.filter(subscriber=subscriber, reason=Alert.Reason.CONFIRM)
    if asked.filter(state__in=[Alert.State.QUEUED, Alert.State.SENDING]).exists():
        return True
    key = f"again:{subscriber.pk}:{asked.count()}"
    if unplanned([key]):
        label = {"label": subscription.label, "leads": leads_words(subscription.leads)}
        confirm = Alert.Reason.CONFIRM
        put([new_alert(subscription=subscription, key=key, reason=confirm, own=label, at=at)])
    return True
