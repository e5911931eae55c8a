"""Subscribing by double opt-in, choosing how to be told, and ending it.

Whoever asks gets the same answer, whether the address is known or not: only the mail to the
address itself tells. Each subscription is confirmed by itself, and so is each backup person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from secrets import token_urlsafe

from django.db import transaction
from django.db.models import Max

from policy.actions.alerts.bounces import resume_address
from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.domain.leads import Lead, leads_words
from policy.models import Alert, Revision, Subscriber, Subscription
from policy.models.subscriptions import SubscriptionQuerySet
from policy.queries.subjects import Followed

# A request that nobody confirms is forgotten, address and all.
CONFIRM_WITHIN = timedelta(days=7)


@dataclass(frozen=True)
class HowToTell:
    """How a reader wants to be told of one subject.

    ``weekday`` counts from Monday, 0. An empty zone (IANA) or hour leaves the reader's as it
    is. The backup person is told ``escalate_days`` calendar days before a date.
    """

    delivery: str = Subscription.Delivery.IMMEDIATE
    weekday: int = 0
    zone: str = ""
    hour: time | None = None
    backup_email: str = ""
    escalate_days: int | None = None


@transaction.atomic
def request_subscription(  # noqa: PLR0913  # keyword-only; each is a part of the wish
    *,
    email: str,
    subject: Followed,
    leads: Iterable[Lead],
    at: datetime,
    how: HowToTell = HowToTell(),
    by: str = "",
) -> Subscription:
    """Keep the wish and queue a mail that asks the address to confirm it.

    A second request before confirmation changes the choices of the first. ``by`` names who
    asks for an address that is not their own.
    """
    subscriber, _ = Subscriber.objects.get_or_create(
        email=normal_address(email), defaults={"token": token_urlsafe(32), "created_at": at}
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
    take(subscription, how)
    subscription.asked_by = by[:150]
    subscription.save()
    subscription.set_leads(leads)
    ask_to_confirm(subscription, at=at)
    return subscription


def subscribe_team(  # noqa: PLR0913  # keyword-only; each is a part of the wish
    *,
    email: str,
    by: str,
    subject: Followed,
    leads: Iterable[Lead],
    at: datetime,
    how: HowToTell = HowToTell(),
) -> Subscription:
    """A wish for a team's address, by an account holder whom the confirmation names.

    Nothing of the opt-in is skipped: somebody who reads that address has to confirm. Raises
    ValueError for a wish that nobody stands behind.
    """
    if not by.strip():
        msg = "a team address is subscribed by somebody who is named"
        raise ValueError(msg)
    return request_subscription(
        email=email, subject=subject, leads=leads, at=at, how=how, by=by.strip()
    )


def normal_address(email: str) -> str:
    """One address is one reader, however it is typed."""
    return email.strip().lower()


def take(subscription: Subscription, how: HowToTell) -> None:
    """Put the choices on a subscription, without saving it."""
    subscription.delivery, subscription.weekday = how.delivery, how.weekday
    subscription.backup_email = normal_address(how.backup_email)
    subscription.escalate_days = how.escalate_days if subscription.backup_email else None
    subscription.asked_zone, subscription.asked_hour = how.zone, how.hour


def ask_to_confirm(subscription: Subscription, *, at: datetime) -> None:
    """Queue the confirmation mail, unless one is still on its way."""
    settled = subscription.alerts.exclude(state__in=[Alert.State.QUEUED, Alert.State.SENDING])
    key = f"confirm:{subscription.pk}:{settled.count()}"
    if unplanned([key]):
        own = {
            "label": subscription.label,
            "leads": told_words(subscription),
            "asked_by": subscription.asked_by,
        }
        reason = Alert.Reason.CONFIRM
        alert = new_alert(subscription=subscription, key=key, reason=reason, own=own, at=at)
        put([alert])


def told_words(subscription: Subscription) -> str:
    """When a subscription brings mail, as the confirmation says it: ``7 days before, …``."""
    if subscription.subject == Subscription.Subject.BACKUP:
        return "where a date has not been acknowledged in time"
    words = leads_words(subscription.leads)
    if subscription.delivery == Subscription.Delivery.IMMEDIATE:
        return words
    return f"{words}; {subscription.get_delivery_display().lower()}"


@transaction.atomic
def confirm_subscription(*, subscription: Subscription, at: datetime) -> Subscription:
    """Make a wish active from the UTC instant ``at``; confirming twice does nothing more.

    Where the reader already follows the subject, only the choices are taken over. An
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
        change_subscription(
            subscription=standing, leads=subscription.leads, how=how_of(subscription), at=at
        )
        end_subscription(subscription=subscription, at=at)
        return standing
    newest = newest_revision()
    subscription.confirmed_at = at
    subscription.since_revision = subscription.announced_revision = newest
    subscription.save()
    change_clock(subscriber=subscription.subscriber, how=how_of(subscription))
    Subscriber.objects.filter(pk=subscription.subscriber_id, confirmed_at__isnull=True).update(
        confirmed_at=at
    )
    return subscription


def how_of(subscription: Subscription) -> HowToTell:
    """The choices that were asked for with a subscription."""
    return HowToTell(
        delivery=subscription.delivery,
        weekday=subscription.weekday,
        zone=subscription.asked_zone,
        hour=subscription.asked_hour,
        backup_email=subscription.backup_email,
        escalate_days=subscription.escalate_days,
    )


@transaction.atomic
def change_leads(*, subscription: Subscription, leads: Iterable[Lead]) -> None:
    subscription.set_leads(leads)


@transaction.atomic
def change_subscription(
    *, subscription: Subscription, leads: Iterable[Lead], how: HowToTell, at: datetime
) -> None:
    """Make these the choices of an active subscription; another backup person ends the last."""
    before = subscription.backup_email
    take(subscription, how)
    subscription.save()
    subscription.set_leads(leads)
    change_clock(subscriber=subscription.subscriber, how=how)
    if before != subscription.backup_email:
        end_backups([subscription.pk], at=at)


def change_clock(*, subscriber: Subscriber, how: HowToTell) -> None:
    """Send the reader's mails by this zone and hour, as far as they are chosen."""
    if how.zone or how.hour:
        subscriber.zone, subscriber.hour = how.zone or subscriber.zone, how.hour or subscriber.hour
        subscriber.save(update_fields=["zone", "hour"])


@transaction.atomic
def request_backup(*, subscription: Subscription, at: datetime) -> Subscription | None:
    """Ask the backup person of an active subscription; None where there is nobody to ask.

    Their consent is a subscription of their own, so it is confirmed, listed and ended as any.
    """
    email = subscription.backup_email
    if not email or not subscription.is_active:
        return None
    consents = backups([subscription.pk]).filter(subscriber__email=email)
    if consents.active().exists():
        return None
    label = f"backup for {subscription.subscriber.email}: {subscription.label}"
    subject = Followed(Subscription.Subject.BACKUP, str(subscription.pk), label, "")
    return request_subscription(email=email, subject=subject, leads=(), at=at)


def backups(subscriptions: Iterable[int]) -> SubscriptionQuerySet:
    """The consents of backup persons for these subscriptions, by their ids."""
    ids = [str(pk) for pk in subscriptions]
    kind = Subscription.Subject.BACKUP
    return Subscription.objects.filter(subject=kind, subject_id__in=ids)


def end_backups(subscriptions: Iterable[int], *, at: datetime) -> None:
    backups(subscriptions).filter(ended_at__isnull=True).update(ended_at=at)


@transaction.atomic
def end_subscription(*, subscription: Subscription, at: datetime) -> None:
    """End it for good. What is queued for it is not sent; ending twice does nothing more."""
    Subscription.objects.filter(pk=subscription.pk, ended_at__isnull=True).update(ended_at=at)
    end_backups([subscription.pk], at=at)


@transaction.atomic
def end_all(*, subscriber: Subscriber, at: datetime) -> int:
    """End every subscription of an address, confirmed or not; returns how many there were."""
    end_backups(subscriber.subscriptions.values_list("pk", flat=True), at=at)
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
