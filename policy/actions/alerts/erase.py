"""Erasing an address on its owner's request: the counts stay, nothing that names them does."""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import Q

from policy.actions.alerts.subscribe import backups, end_all
from policy.models import Alert, CalendarLink, SendAttempt, Subscriber, Subscription

# Longer than a mail can be on its way that was claimed before its address was erased.
STRAGGLERS = timedelta(days=1)
ERASED = "The address was erased on request."
NOBODY = "backup for an address that was erased"


@transaction.atomic
def erase_subscriber(*, subscriber: Subscriber, at: datetime) -> None:
    """Erase the address, its key, and what was sent to it; how many mails there were stays.

    Others may have named the address as their backup person: it is erased there too, and from
    what was said of it to its own backup persons. Nobody can find their way back to it.
    """
    email, own = subscriber.email, list(subscriber.subscriptions.values_list("pk", flat=True))
    consents = list(backups(own).values_list("pk", flat=True))
    end_all(subscriber=subscriber, at=at)
    backups(own).update(label=NOBODY)
    forget_mails(Q(subscriber=subscriber) | Q(subscription__in=consents))
    subscriber.subscriptions.update(backup_email="", escalate_days=None, asked_by="")
    subscriber.subscriptions.filter(subject=Subscription.Subject.BACKUP).update(label=NOBODY)
    Subscription.objects.filter(backup_email=email).update(backup_email="", escalate_days=None)
    subscriber.acknowledgements.all().delete()
    CalendarLink.objects.filter(subscriber=subscriber).delete()
    forget_address(subscriber, at=at)


def forget_mails(mails: Q) -> None:
    """Cancel what has not gone out, and empty what has."""
    rows = Alert.objects.filter(mails)
    waiting = rows.filter(state__in=[Alert.State.QUEUED, Alert.State.COLLECTED])
    waiting.update(state=Alert.State.CANCELLED)
    rows.update(sent_content="", own={}, last_error="", resent_because="")
    # Servers name the address that they refuse.
    SendAttempt.objects.filter(alert__in=rows).update(text="")
    rows.filter(state=Alert.State.CANCELLED).update(last_error=ERASED)


@transaction.atomic
def forget_stragglers(*, at: datetime) -> int:
    """Empty the mails that were on their way while their address was erased; how many."""
    erased = Subscriber.objects.filter(erased_at__gte=at - STRAGGLERS)
    late = Alert.objects.filter(subscriber__in=erased, state=Alert.State.SENT)
    return late.exclude(sent_content="").update(sent_content="", own={}, last_error="")


def forget_address(subscriber: Subscriber, *, at: datetime) -> None:
    """An address that no mail reaches, RFC 2606, and a key that nobody has been told."""
    nobody = Subscriber(created_at=at)
    Subscriber.objects.filter(pk=subscriber.pk).update(
        email=f"erased-{subscriber.pk}@erased.invalid",
        token=token_urlsafe(32),
        zone=nobody.zone,
        hour=nobody.hour,
        paused_because="",
        erased_at=at,
    )
