"""What a reader answers to a mail: seen, owned, later, or none of it.

The link in a mail is signed: it names the reader, the deadline and the date, and opens that
one page without a login. It ends with the date, or when the address is erased.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from policy.actions.alerts.outbox import new_alert, put
from policy.domain.alert_words import days_between
from policy.domain.due import ReaderClock, StatedDate
from policy.domain.leads import Lead
from policy.domain.snooze import Snooze, local_words, snooze_of
from policy.models import Acknowledgement, Alert, Subscriber, Subscription
from policy.models.alerts import AlertQuerySet

SALT = "policy.alerts.answers"
ACKNOWLEDGED = "The date was acknowledged."
UNDONE = "The snooze was undone."
REPLACED = "Another snooze takes its place."
HELD = "The reader has put the date off; the mail at the end of that takes its place."


@dataclass(frozen=True)
class AnswerKey:
    """What a signed link opens: one date of one deadline, for one subscriber."""

    subscriber: int
    topic: str
    told: str

    @property
    def signed(self) -> str:
        return signing.dumps([self.subscriber, self.topic, self.told], salt=SALT)

    @classmethod
    def read(cls, signed: str) -> "AnswerKey | None":
        """The key of a link; None for one that was not made here."""
        try:
            subscriber, topic, told = signing.loads(signed, salt=SALT)
        except (signing.BadSignature, ValueError):
            return None
        return cls(subscriber, topic, told)


def acknowledge_links(alert: Alert) -> dict[str, str]:
    """Absolute addresses for the mail of one date; none for a mail that tells no open date."""
    if not alert.topic or StatedDate.from_code(alert.told).cutoff is None:
        return {}
    key = AnswerKey(alert.subscriber_id, alert.topic, alert.told)
    path = reverse("policy:subscription-answer", args=[key.signed])
    url = f"{settings.SITE_URL}{path}"
    return {"acknowledge_url": url, "snooze_url": f"{url}#snooze"}


def answer_to(key: AnswerKey) -> Acknowledgement | None:
    rows = Acknowledgement.objects.filter(subscriber=key.subscriber)
    return rows.filter(topic=key.topic, told=key.told).first()


@transaction.atomic
def acknowledge(*, key: AnswerKey, state: Acknowledgement.State, at: datetime) -> None:
    """Note that the reader has seen or owns the date; nobody else is told of it then."""
    Acknowledgement.objects.update_or_create(
        subscriber_id=key.subscriber,
        topic=key.topic,
        told=key.told,
        defaults={"state": state, "at": at},
    )
    waiting = escalations_of(key).filter(state=Alert.State.QUEUED)
    waiting.update(state=Alert.State.CANCELLED, last_error=ACKNOWLEDGED)


def escalations_of(key: AnswerKey) -> AlertQuerySet:
    """The mails to the reader's backup persons about that date."""
    own = Subscription.objects.filter(subscriber=key.subscriber).values_list("pk", flat=True)
    return Alert.objects.filter(
        reason=Alert.Reason.ESCALATED,
        topic=key.topic,
        told=key.told,
        subscription__subject=Subscription.Subject.BACKUP,
        subscription__subject_id__in=[str(pk) for pk in own],
    )


@transaction.atomic
def snooze(*, key: AnswerKey, days: int, at: datetime) -> Snooze | None:
    """Hold the reader's reminders of the date for so many days; None where it is too late.

    One reminder comes when the snooze ends, whatever was held in between.
    """
    subscriber = Subscriber.objects.get(pk=key.subscriber)
    found = snooze_of(StatedDate.from_code(key.told), days, at, clock_of(subscriber))
    if found is None:
        return None
    Acknowledgement.objects.update_or_create(
        subscriber=subscriber,
        topic=key.topic,
        told=key.told,
        defaults={"snoozed_until": found.until, "at": at},
    )
    forget_reminders(key, REPLACED)
    plan_reminder(subscriber, key, found.until)
    hold_snoozed(at=at)
    return found


def clock_of(subscriber: Subscriber) -> ReaderClock:
    return ReaderClock(subscriber.zone, subscriber.hour)


def plan_reminder(subscriber: Subscriber, key: AnswerKey, until: datetime) -> None:
    """Put the mail of a snooze's end into the outbox.

    It counts as planned when it leaves, so that whatever was due by then is told by it.
    """
    stated, subscription = StatedDate.from_code(key.told), covering(subscriber, key.topic)
    if subscription is None or stated.day is None:
        return
    reminder = new_alert(
        subscription=subscription,
        key=f"{reminder_key(key)}{until:%Y-%m-%dT%H:%M}:{reminders_of(key).count()}",
        reason=Alert.Reason.LEAD,
        topic=key.topic,
        told=stated,
        own={"why": f"You put this off until {local_words(until, clock_of(subscriber))}."},
        at=until,
    )
    reminder.lead = Lead(max(days_between(until, stated.day), 0)).code
    reminder.meant_for, reminder.not_after = until, stated.cutoff
    put([reminder])


def covering(subscriber: Subscriber, topic: str) -> Subscription | None:
    """The subscription that a mail on the date is credited to: that of the last one."""
    active = subscriber.subscriptions.active().exclude(subject=Subscription.Subject.BACKUP)
    told = subscriber.alerts.filter(topic=topic, subscription__in=active).order_by("-pk")
    last = told.select_related("subscription").first()
    return last.subscription if last else active.first()


def reminder_key(key: AnswerKey) -> str:
    return f"snooze:{key.subscriber}:{key.topic}:{key.told}:"


def reminders_of(key: AnswerKey) -> AlertQuerySet:
    """The mails for the ends of this date's snoozes."""
    rows = Alert.objects.filter(subscriber=key.subscriber, topic=key.topic)
    return rows.filter(key__startswith=reminder_key(key))


def forget_reminders(key: AnswerKey, why: str) -> None:
    waiting = reminders_of(key).filter(state=Alert.State.QUEUED)
    waiting.update(state=Alert.State.CANCELLED, last_error=why)


@transaction.atomic
def undo(*, key: AnswerKey, at: datetime) -> None:
    """Take an answer back: what it held goes out, and the backup person is told after all."""
    answer = answer_to(key)
    if answer is None:
        return
    answer.delete()
    forget_reminders(key, UNDONE)
    release(key, at=at)
    stopped = escalations_of(key).filter(state=Alert.State.CANCELLED, last_error=ACKNOWLEDGED)
    stopped.update(state=Alert.State.QUEUED, last_error="")


def release(key: AnswerKey, *, at: datetime) -> None:
    """Let the newest go of what a snooze held; it stands for the others."""
    held = Alert.objects.filter(
        subscriber=key.subscriber,
        topic=key.topic,
        told=key.told,
        state=Alert.State.CANCELLED,
        last_error=HELD,
    )
    newest = held.order_by("-meant_for", "-pk").values_list("pk", flat=True).first()
    if newest is not None:
        held.filter(pk=newest).update(
            state=Alert.State.QUEUED, not_before=at, planned_at=at, last_error=""
        )


def hold_snoozed(*, at: datetime) -> int:
    """Take reminders of snoozed dates out again; returns how many.

    Call it in the transaction that plans, before anybody can send them. The mail of the
    snooze's end stands for all of them.
    """
    asleep = Acknowledgement.objects.asleep(at)
    readers = list(asleep.values_list("subscriber", flat=True).distinct())
    same = asleep.filter(
        subscriber=OuterRef("subscriber"), topic=OuterRef("topic"), told=OuterRef("told")
    )
    # By reader: of a million waiting mails, few are of somebody who has put a date off.
    waiting = Alert.objects.filter(
        subscriber__in=readers,
        reason=Alert.Reason.LEAD,
        state__in=[Alert.State.QUEUED, Alert.State.COLLECTED],
        not_before__lte=at,
    )
    return waiting.filter(Exists(same)).update(state=Alert.State.CANCELLED, last_error=HELD)
