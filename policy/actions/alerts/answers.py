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

from policy.actions.alerts.outbox import new_alert, put, unplanned
from policy.actions.alerts.payload import date_payload
from policy.domain.alert_words import days_between
from policy.domain.due import ReaderClock, StatedDate
from policy.domain.leads import Lead
from policy.domain.snooze import Snooze, reader_words, snooze_of
from policy.models import Acknowledgement, Alert, Subscriber, Subscription
from policy.models.alerts import AlertQuerySet
from policy.queries.asof import Reading
from policy.queries.topics import NamedTopic

SALT = "policy.alerts.answers"
ACKNOWLEDGED = "The date was acknowledged."
UNDONE = "The snooze was undone."


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
def snooze(
    *, key: AnswerKey, named: NamedTopic, days: int, reading: Reading, at: datetime
) -> Snooze | None:
    """Hold the reader's reminders of the date for so many days; None where it is too late.

    One reminder comes when the snooze ends, whatever was held in between.
    """
    subscriber = Subscriber.objects.get(pk=key.subscriber)
    found = snooze_of(StatedDate.from_code(key.told), days, at, clock_of(subscriber))
    if found is None or named.topic is None:
        return None
    Acknowledgement.objects.update_or_create(
        subscriber=subscriber,
        topic=key.topic,
        told=key.told,
        defaults={"snoozed_until": found.until, "at": at},
    )
    forget_reminders(key, "Another snooze takes its place.")
    plan_reminder(subscriber, key, named, found, reading)
    hold_snoozed(at=at)
    return found


def clock_of(subscriber: Subscriber) -> ReaderClock:
    return ReaderClock(subscriber.zone, subscriber.hour)


def plan_reminder(
    subscriber: Subscriber, key: AnswerKey, named: NamedTopic, found: Snooze, reading: Reading
) -> None:
    """Put the reminder of a snooze's end into the outbox, once."""
    covering = subscriber.subscriptions.active().exclude(subject=Subscription.Subject.BACKUP)
    told = subscriber.alerts.filter(topic=key.topic, subscription__in=covering).order_by("-pk")
    last = told.select_related("subscription").first()
    subscription = last.subscription if last else covering.first()
    stated = StatedDate.from_code(key.told)
    if subscription is None or named.topic is None or stated.day is None:
        return
    name = f"snooze:{subscriber.pk}:{key.topic}:{key.told}:{found.until:%Y-%m-%dT%H:%M}"
    settled = Alert.objects.filter(key__startswith=name).exclude(state=Alert.State.QUEUED)
    reminder = new_alert(
        subscription=subscription,
        key=f"{name}:{settled.count()}",
        reason=Alert.Reason.LEAD,
        topic=key.topic,
        told=stated,
        lead=Lead(max(days_between(found.until, stated.day), 0)),
        payload={
            **date_payload(named.topic, reading),
            "why": snoozed_words(found.until, clock_of(subscriber)),
            "label": subscription.label,
        },
        at=found.until,
    )
    reminder.meant_for = found.until
    if unplanned([reminder.key]):
        put([reminder])


def snoozed_words(until: datetime, reader: ReaderClock) -> str:
    return f"You put this off until {reader_words(until, reader)}."


def reminders_of(key: AnswerKey) -> AlertQuerySet:
    """The mails for the ends of this date's snoozes."""
    return Alert.objects.filter(
        subscriber=key.subscriber,
        key__startswith=f"snooze:{key.subscriber}:{key.topic}:{key.told}:",
    )


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
    if answer.snoozed_until:
        release(key, answer.snoozed_until, at=at)
    stopped = escalations_of(key).filter(state=Alert.State.CANCELLED, last_error=ACKNOWLEDGED)
    stopped.update(state=Alert.State.QUEUED, last_error="")


def release(key: AnswerKey, until: datetime, *, at: datetime) -> None:
    """Let go what waited for the end of a snooze."""
    held = Alert.objects.filter(
        subscriber=key.subscriber,
        topic=key.topic,
        told=key.told,
        reason=Alert.Reason.LEAD,
        state=Alert.State.QUEUED,
        not_before=until,
    )
    held.update(not_before=at, planned_at=at)


@transaction.atomic
def hold_snoozed(*, at: datetime) -> int:
    """Make reminders of snoozed dates wait until the snooze ends; returns how many.

    Call it after planning and before sending. A mail that a sender has already claimed goes.
    """
    asleep = Acknowledgement.objects.asleep(at)
    same = asleep.filter(
        subscriber=OuterRef("subscriber"), topic=OuterRef("topic"), told=OuterRef("told")
    )
    due = Alert.objects.filter(reason=Alert.Reason.LEAD, state=Alert.State.QUEUED)
    late = same.filter(snoozed_until__gt=OuterRef("not_before"))
    rows = list(due.filter(Exists(late)).select_related("subscriber"))
    answers = asleep.filter(subscriber__in={row.subscriber_id for row in rows})
    until = {(a.subscriber_id, a.topic, a.told): a.snoozed_until for a in answers}
    return sum(
        hold(row, ends) for row in rows if (ends := until[row.subscriber_id, row.topic, row.told])
    )


def hold(alert: Alert, until: datetime) -> int:
    """Move one mail to the end of a snooze, unless a sender was quicker."""
    row = Alert.objects.filter(pk=alert.pk, state=Alert.State.QUEUED)
    why = {**alert.own, "why": snoozed_words(until, clock_of(alert.subscriber))}
    return row.update(not_before=until, planned_at=until, own=why)
