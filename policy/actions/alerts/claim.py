"""Claiming mails: a batch belongs to one sender, until it settles or its lease ends.

The claim gives each mail its Message-ID, once and for good.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from policy.actions.alerts.outbox import mail_domain
from policy.models import Alert, AlertContent, SendAttempt

logger = logging.getLogger(__name__)

BATCH = 50
# Longer than a run and the one send that may outlast it (see EMAIL_TIMEOUT, and the hard time
# limit of tasks); it is renewed before each send.
LEASE = timedelta(minutes=6)
OUTCOME = SendAttempt.Outcome


def claim_batch(*, at: datetime, size: int = BATCH) -> list[Alert]:
    """The oldest rows that are due at ``at``, held by this sender and by no other."""
    lease = uuid4()
    with transaction.atomic():
        due = Alert.objects.sendable(at).order_by("not_before", "pk")
        # Where rows can be locked, those that another sender is just claiming are passed over;
        # SQLite has one writer at a time, and the clause does nothing there.
        due = due.select_for_update(skip_locked=True, of=("self",))
        found = list(due.values_list("pk", flat=True)[:size])
        if not found:
            return []
        Alert.objects.filter(pk__in=found, state=Alert.State.QUEUED).update(
            state=Alert.State.SENDING,
            lease=lease,
            leased_until=at + LEASE,
            begun_at=None,
            attempts=F("attempts") + 1,
            message_id=Coalesce("message_id", new_message_id(lease)),
        )
    return held_by(lease)


def new_message_id(lease: UUID) -> Concat:
    """Unique in the world by the claim, and within the claim by the row."""
    row = Cast("pk", CharField())
    return Concat(Value("<alert-"), row, Value(f".{lease.hex}@{mail_domain()}>"))


def held_by(lease: UUID) -> list[Alert]:
    """The rows of a claim; what several of them say is read once.

    Their readers are not: each is read anew just before its mail leaves.
    """
    rows = Alert.objects.filter(lease=lease).order_by("not_before", "pk")
    alerts = list(rows.defer("sent_content", "last_error"))
    contents = AlertContent.objects.in_bulk({a.content_id for a in alerts if a.content_id})
    for alert in alerts:
        if alert.content_id:
            alert.content = contents[alert.content_id]
    return alerts


def held(alert: Alert) -> QuerySet[Alert]:
    """The row, as long as this sender holds it."""
    return Alert.objects.filter(pk=alert.pk, state=Alert.State.SENDING, lease=alert.lease)


def begin(alert: Alert, *, at: datetime) -> bool:
    """Whether the row is still this sender's as it hands it over.

    Renews its lease, and fixes what it says for every later try.
    """
    alert.begun_at, alert.leased_until = at, at + LEASE
    row = held(alert)
    return bool(
        row.update(
            begun_at=at,
            leased_until=alert.leased_until,
            content=alert.content_id,
            own=alert.own,
        )
    )


def release(alerts: Sequence[Alert]) -> int:
    """Give rows of one claim back untried: it costs them no attempt."""
    return give_back(alerts) if alerts else 0


def put_off(alerts: Sequence[Alert], *, until: datetime) -> int:
    """Give rows of one claim back until a later instant, untried."""
    return give_back(alerts, not_before=until) if alerts else 0


def give_back(alerts: Sequence[Alert], **changes: datetime) -> int:
    rows = Alert.objects.filter(
        pk__in=[alert.pk for alert in alerts], state=Alert.State.SENDING, lease=alerts[0].lease
    )
    return rows.update(
        state=Alert.State.QUEUED,
        lease=None,
        leased_until=None,
        begun_at=None,
        attempts=F("attempts") - 1,
        **changes,
    )


@transaction.atomic
def requeue_stuck(*, at: datetime) -> int:
    """Put rows back whose sender never settled them.

    Only one that was being handed over may go out a second time; it says so.
    """
    rows = Alert.objects.stuck(at).select_for_update(skip_locked=True)
    stuck = list(rows.only("pk", "begun_at", "message_id"))
    begun = [alert for alert in stuck if alert.begun_at]
    for alert in begun:
        logger.warning("lease ended, may be sent twice: %s", alert.message_id)
    text = "Its sender did not settle it; it goes out again under the same Message-ID."
    SendAttempt.objects.bulk_create(
        SendAttempt(alert=alert, at=at, outcome=OUTCOME.LEASE_ENDED, text=text) for alert in begun
    )
    rows = Alert.objects.filter(pk__in=[a.pk for a in stuck], state=Alert.State.SENDING)
    back = {"state": Alert.State.QUEUED, "lease": None, "leased_until": None}
    tried = rows.filter(begun_at__isnull=False).update(**back, maybe_sent=True)
    # It was claimed and never tried.
    return tried + rows.filter(begun_at__isnull=True).update(**back, attempts=F("attempts") - 1)
