"""Delivering the outbox: claim a batch, send outside any transaction, settle mail by mail.

A batch is claimed so that only one sender can win each row, and a row is settled right after
the server's 250, one commit a mail. A sender that dies in between leaves a lease; when that
ends its rows go out under the same Message-ID. So a mail is never lost, and is sent twice only
where a sender died, or the connection broke, between the server's answer and the commit.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from policy.actions.alerts.claim import BATCH, begin, claim_batch, release, requeue_stuck
from policy.actions.alerts.compose import Mail, compose
from policy.actions.alerts.failures import failure_of
from policy.actions.alerts.pace import within_pace
from policy.actions.alerts.payload import Said, fill_content
from policy.actions.alerts.recheck import Dates, is_paused, reason_to_cancel
from policy.actions.alerts.settle import settle, settle_failed, settle_sent
from policy.domain.delivery import Failure, Verdict
from policy.models import Alert
from policy.queries.asof import Reading, read_parameters

logger = logging.getLogger(__name__)

# One run ends before the next is due, so that runs do not pile up.
LONGEST_RUN = timedelta(seconds=50)
# A server that breaks so many connections in a row is left alone until the next run.
TROUBLE = 3


@dataclass
class Delivered:
    """What one run did with the rows that it claimed.

    ``requeued`` counts ended leases, ``put_off`` what is over the pace of its domain, and
    ``held`` what waits because its address has just been paused.
    """

    sent: int = 0
    cancelled: int = 0
    retried: int = 0
    failed: int = 0
    requeued: int = 0
    put_off: int = 0
    held: int = 0
    unreachable: str = ""


@dataclass
class Run:
    """One sender at work. ``clock`` gives the current UTC instant."""

    clock: Callable[[], datetime]
    connection: BaseEmailBackend
    ends: datetime
    done: Delivered
    dates: Dates = field(default_factory=Dates)
    said: Said = field(default_factory=Said)
    trouble: int = 0

    @property
    def goes_on(self) -> bool:
        return not self.done.unreachable and self.clock() < self.ends


def deliver_alerts(*, clock: Callable[[], datetime], size: int = BATCH) -> Delivered:
    """Send what is due until nothing is left or the run has lasted long enough.

    ``clock`` gives the current UTC instant: a run lasts, and a lease counts from its claim.
    Call it outside any transaction.
    """
    done = Delivered(requeued=requeue_stuck(at=clock()))
    run = Run(clock, get_connection(), clock() + LONGEST_RUN, done)
    try:
        while run.goes_on and (batch := claim_batch(at=clock(), size=size)):
            deliver_batch(batch, run)
    finally:
        close(run.connection)
    return done


def deliver_batch(batch: list[Alert], run: Run) -> None:
    """Send the rows of one claim; those that are not reached go back to the queue."""
    rest = batch
    try:
        rest, over = within_pace(batch, at=run.clock())
        run.done.put_off += over
        while rest and run.goes_on:
            # One that breaks off in the middle may be sent: it waits for its lease to end.
            alert, *rest = rest
            deliver(alert, run)
    finally:
        release(rest)


def deliver(alert: Alert, run: Run) -> None:
    """Send one claimed row, or settle why not."""
    at = run.clock()
    if is_paused(alert):
        run.done.held += release([alert])
        return
    reading = read_parameters("", "", now=at)
    unwanted = reason_to_cancel(alert, reading, at=at, dates=run.dates)
    if unwanted:
        run.done.cancelled += settle(alert, Alert.State.CANCELLED, last_error=unwanted)
        return
    try:
        run.connection.open()
    except OSError as error:
        leave_alone(alert, str(error), run)
        return
    mail = compose_or_fail(alert, reading, run, at=at)
    if mail and begin(alert, at=at):
        send(alert, mail, run)


def compose_or_fail(alert: Alert, reading: Reading, run: Run, *, at: datetime) -> Mail | None:
    """The message of a row; one that cannot be built must not hold up the others."""
    try:
        fill_content(alert, reading, run.said)
        return compose(alert, at=at)
    except Exception as error:
        logger.exception("composing mail %s", alert.message_id)
        failure = Failure(Verdict.LATE, f"{type(error).__name__}: {error}")
        settle_failure(alert, failure, run)
        return None


def send(alert: Alert, mail: Mail, run: Run) -> None:
    try:
        run.connection.send_messages([mail])
    except Exception as error:  # one mail that is refused must not hold up the others
        close(run.connection)
        settle_failure(alert, failure_of(error), run)
        return
    settle_sent(alert, mail, at=run.clock())
    run.trouble = 0
    run.done.sent += 1


def settle_failure(alert: Alert, failure: Failure, run: Run) -> None:
    if failure.verdict is Verdict.AWAY:
        leave_alone(alert, failure.text, run)
        return
    if settle_failed(alert, failure, at=run.clock()):
        run.done.retried += 1
    else:
        run.done.failed += 1
    run.trouble = run.trouble + 1 if failure.verdict is Verdict.SOON else 0
    if run.trouble >= TROUBLE:
        run.done.unreachable = failure.text


def leave_alone(alert: Alert, why: str, run: Run) -> None:
    """End the run: a server that is away costs no mail an attempt."""
    logger.warning("mail server not reachable: %s", why)
    run.done.unreachable = why
    release([alert])


def close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        logger.info("closing the mail connection: %s", error)
