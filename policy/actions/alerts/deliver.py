"""Delivering the outbox: claim a row, send outside any transaction, settle.

A row is claimed by one UPDATE that only one sender can win, and settled right after the
server's 250, one commit a mail. A sender that dies in between leaves a lease; when that ends
the row goes out again under the same Message-ID. So a mail is never lost, and is sent twice
only where a sender died between the server's answer and the commit.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from policy.actions.alerts.compose import Mail, compose
from policy.actions.alerts.failures import Failure, failure_of, retry_after
from policy.actions.alerts.outbox import new_message_id
from policy.actions.alerts.payload import fix_content
from policy.actions.alerts.recheck import reason_to_cancel
from policy.models import Alert

logger = logging.getLogger(__name__)

# Longer than any send can take: see EMAIL_TIMEOUT and the tasks' time limit.
LEASE = timedelta(minutes=6)
# One run ends before the next is due, so that runs do not pile up.
LONGEST_RUN = timedelta(seconds=50)


@dataclass
class Delivered:
    """What one run did with the rows that it claimed; ``requeued`` counts ended leases."""

    sent: int = 0
    cancelled: int = 0
    retried: int = 0
    failed: int = 0
    requeued: int = 0
    unreachable: str = ""


def deliver_alerts(*, clock: Callable[[], datetime]) -> Delivered:
    """Send what is due until nothing is left or the run has lasted long enough.

    ``clock`` gives the current UTC instant: a run lasts, and a lease counts from its claim.
    Call it outside any transaction.
    """
    done = Delivered(requeued=requeue_stuck(at=clock()))
    end = clock() + LONGEST_RUN
    connection = get_connection()
    try:
        while not done.unreachable and clock() < end and (alert := claim_next(at=clock())):
            deliver(alert, connection, done, at=clock())
    finally:
        close(connection)
    return done


def requeue_stuck(*, at: datetime) -> int:
    """Put rows back whose sender never settled them; they may go out a second time."""
    stuck = Alert.objects.stuck(at)
    for message_id in stuck.values_list("message_id", flat=True):
        logger.warning("lease ended, sending again: %s", message_id)
    return stuck.update(state=Alert.State.QUEUED, leased_until=None)


def claim_next(*, at: datetime) -> Alert | None:
    """The oldest row that is due, held by this sender and by no other; None if none is."""
    rows = Alert.objects.sendable(at).select_related("subscriber", "subscription")
    while (alert := rows.order_by("not_before", "pk").first()) is not None:
        if claim(alert, at=at):
            return alert
    return None


def claim(alert: Alert, *, at: datetime) -> bool:
    """Whether this sender won the row: of several, the database lets one change it."""
    lease = at + LEASE
    alert.message_id = alert.message_id or new_message_id()
    row = Alert.objects.sendable(at).filter(pk=alert.pk)
    won = row.update(
        state=Alert.State.SENDING,
        leased_until=lease,
        attempts=F("attempts") + 1,
        message_id=alert.message_id,
    )
    alert.leased_until, alert.attempts = lease, alert.attempts + won
    return bool(won)


def deliver(alert: Alert, connection: BaseEmailBackend, done: Delivered, *, at: datetime) -> None:
    """Send one claimed row, or settle why not."""
    unwanted = reason_to_cancel(alert, at=at)
    if unwanted:
        settle(alert, Alert.State.CANCELLED, last_error=unwanted)
        done.cancelled += 1
        return
    try:
        connection.open()
    except OSError as error:
        logger.warning("mail server not reachable: %s", error)
        done.unreachable = str(error)
        release(alert)
        return
    send(alert, connection, done, at=at)


def send(alert: Alert, connection: BaseEmailBackend, done: Delivered, *, at: datetime) -> None:
    try:
        fix_content(alert, at=at)
        mail = compose(alert, at=at)
        connection.send_messages([mail])
    except Exception as error:  # one broken row must not hold up the others
        fail(alert, failure_of(error), done, at=at)
        close(connection)
        return
    settle_sent(alert, mail, at=at)
    done.sent += 1


def settle_sent(alert: Alert, mail: Mail, *, at: datetime) -> None:
    """Mark a row right after the server took it, even if the lease has ended meanwhile."""
    row = Alert.objects.filter(pk=alert.pk).exclude(state=Alert.State.SENT)
    marked = row.update(
        state=Alert.State.SENT,
        leased_until=None,
        sent_at=at,
        sent_content=mail.as_sent,
        last_error="",
    )
    if not marked:
        logger.error("sent twice: %s", alert.message_id)


def settle(alert: Alert, state: Alert.State, **changes: object) -> None:
    """Record the outcome of a row that this sender still holds."""
    held = Alert.objects.filter(
        pk=alert.pk, state=Alert.State.SENDING, leased_until=alert.leased_until
    )
    held.update(state=state, leased_until=None, **changes)


def fail(alert: Alert, failure: Failure, done: Delivered, *, at: datetime) -> None:
    """Queue the row again for later, or give up on it."""
    logger.warning("mail %s: %s", alert.message_id, failure.text)
    delay = None if failure.permanent else retry_after(alert.attempts)
    if delay is None:
        settle(alert, Alert.State.FAILED, last_error=failure.text)
        done.failed += 1
        return
    settle(alert, Alert.State.QUEUED, not_before=at + delay, last_error=failure.text)
    done.retried += 1


def release(alert: Alert) -> None:
    """Give a row back untried: a server that is away costs no mail an attempt."""
    settle(alert, Alert.State.QUEUED, attempts=F("attempts") - 1)


def close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        logger.info("closing the mail connection: %s", error)
