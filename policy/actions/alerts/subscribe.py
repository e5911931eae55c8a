"""Subscribing by double opt-in, choosing lead times, and ending it.

Whoever asks gets the same answer, whether the address is known or not: only the mail to the
address itself tells. Each subscription is confirmed by itself.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import Max

from policy.actions.alerts.bounces import resume_address
from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.domain.leads import Lead, leads_words
from policy.models import Alert, Revision, Subscriber, Subscription
from policy.queries.subjects import Followed

# A request that nobody confirms is forgotten, address and all.
CONFIRM_WITHIN = timedelta(days=7)


@transaction.atomic
def request_subscription(
    *, email: str, subject: Followed, leads: Iterable[Lead], at: datetime
) -> Subscription:
    """Keep the wish and queue a mail that asks the address to confirm it.

    A second request before confirmation changes the lead times of the first.
    """
    subscriber, _ = Subscriber.objects.get_or_create(
        email=email.strip().lower(), defaults={"token": token_urlsafe(32), "created_at": at}
    )
    pending = subscriber.subscriptions.pending()
    subscription = pending.filter(subject=subject.kind, subject_id=subject.id).first()
    if subscription is None:
        subscription = Subscription(
            subscriber=subscriber,
            subject=subject.kind,
            subject_id=subject.id,
            label=subject.label[:300],
            created_at=at,
            since_revision=newest_revision(),
        )
    subscription.save()
    subscription.set_leads(leads)
    ask_to_confirm(subscription, at=at)
    return subscription


def ask_to_confirm(subscription: Subscription, *, at: datetime) -> None:
    """Queue the confirmation mail, unless one is still on its way."""
    settled = subscription.alerts.exclude(state__in=[Alert.State.QUEUED, Alert.State.SENDING])
    key = f"confirm:{subscription.pk}:{settled.count()}"
    if unplanned([key]):
        leads = subscription.leads
        alert = new_alert(
            subscription=subscription,
            key=key,
            reason=Alert.Reason.CONFIRM,
            own={"label": subscription.label, "leads": leads_words(leads)},
            at=at,
        )
        put([alert])


@transaction.atomic
def confirm_subscription(*, subscription: Subscription, at: datetime) -> Subscription:
    """Make a wish active from the UTC instant ``at``; confirming twice does nothing more.

    Where the reader already follows the subject, only the lead times are taken over. An
    address that was paused takes mail again: its owner has just had one.
    """
    resume_address(subscriber=subscription.subscriber, at=at)
    if subscription.confirmed_at or subscription.ended_at:
        return subscription
    same = Subscription.objects.active().filter(
        subscriber=subscription.subscriber_id,
        subject=subscription.subject,
        subject_id=subscription.subject_id,
    )
    standing = same.first()
    if standing:
        change_leads(subscription=standing, leads=subscription.leads)
        end_subscription(subscription=subscription, at=at)
        return standing
    newest = newest_revision()
    subscription.confirmed_at = at
    subscription.since_revision = subscription.announced_revision = newest
    subscription.save()
    Subscriber.objects.filter(pk=subscription.subscriber_id, confirmed_at__isnull=True).update(
        confirmed_at=at
    )
    return subscription


@transaction.atomic
def change_leads(*, subscription: Subscription, leads: Iterable[Lead]) -> None:
    subscription.set_leads(leads)


def end_subscription(*, subscription: Subscription, at: datetime) -> None:
    """End it for good. What is queued for it is not sent; ending twice does nothing more."""
    Subscription.objects.filter(pk=subscription.pk, ended_at__isnull=True).update(ended_at=at)


def end_all(*, subscriber: Subscriber, at: datetime) -> int:
    """End every subscription of an address, confirmed or not; returns how many there were."""
    return subscriber.subscriptions.filter(ended_at__isnull=True).update(ended_at=at)


@transaction.atomic
def forget_unconfirmed(*, at: datetime) -> int:
    """Delete wishes that nobody confirmed in time, and addresses that have nothing else."""
    stale = Subscription.objects.pending().filter(created_at__lt=at - CONFIRM_WITHIN)
    subscribers = list(stale.values_list("subscriber", flat=True))
    count = stale.count()
    stale.delete()
    Subscriber.objects.filter(pk__in=subscribers, subscriptions__isnull=True).delete()
    return count


def newest_revision() -> int:
    return Revision.objects.aggregate(newest=Max("number"))["newest"] or 0
