"""Settling a mail: what became of an attempt, one commit a mail."""

import logging
from datetime import datetime

from django.db import OperationalError, connection, transaction

from policy.actions.alerts.bounces import note_bounce
from policy.actions.alerts.claim import held
from policy.actions.alerts.compose import Mail
from policy.domain.delivery import Failure, Verdict, retry_after
from policy.models import Alert, SendAttempt

logger = logging.getLogger(__name__)

OUTCOME = SendAttempt.Outcome
OUTCOMES = {Verdict.SOON: OUTCOME.SOON, Verdict.LATE: OUTCOME.LATE}
# The server has the mail: its row must not be lost to a database that is busy for a while.
TRIES = 3


def settle_sent(alert: Alert, mail: Mail, *, at: datetime) -> None:
    """Mark a row right after the server took it, even if the lease has ended meanwhile."""
    content = mail.as_sent
    for attempt in range(1, TRIES + 1):
        try:
            marked = mark_sent(alert, content, at)
        except OperationalError as error:
            if attempt == TRIES or connection.in_atomic_block:
                raise
            logger.warning("marking %s as sent: %s", alert.message_id, error)
            connection.close()
        else:
            break
    if not marked:
        logger.error("sent twice: %s", alert.message_id)
    elif alert.maybe_sent:
        logger.warning("sent again, may have arrived twice: %s", alert.message_id)


@transaction.atomic
def mark_sent(alert: Alert, content: str, at: datetime) -> int:
    """How many rows it marked: none if another sender had sent it already."""
    row = Alert.objects.filter(pk=alert.pk).exclude(state=Alert.State.SENT)
    marked = row.update(
        state=Alert.State.SENT,
        lease=None,
        leased_until=None,
        sent_at=at,
        sent_content=content,
        last_error="",
    )
    settle_parts(alert, Alert.State.SENT, sent_at=at)
    return marked


def settle_parts(alert: Alert, state: Alert.State, **changes: object) -> None:
    """What a digest brings is settled with it."""
    if alert.reason == Alert.Reason.DIGEST:
        parts = Alert.objects.filter(digest=alert.pk, state=Alert.State.COLLECTED)
        parts.update(state=state, **changes)


@transaction.atomic
def settle(alert: Alert, state: Alert.State, **changes: object) -> int:
    """Record the outcome of a row that this sender still holds; 0 if it does not."""
    settled = held(alert).update(state=state, lease=None, leased_until=None, **changes)
    if settled and state in (Alert.State.FAILED, Alert.State.CANCELLED):
        settle_parts(alert, state, last_error=changes["last_error"])
    return settled


@transaction.atomic
def settle_failed(alert: Alert, failure: Failure, *, at: datetime) -> bool:
    """Queue the row for another try, or give up on it; whether it will be tried again."""
    logger.warning("mail %s: %s", alert.message_id, failure.text)
    delay = retry_after(alert.attempts, failure.verdict)
    maybe = {"maybe_sent": True} if failure.maybe_sent else {}
    if failure.maybe_sent:
        logger.warning("no answer, may be sent twice: %s", alert.message_id)
    if delay is None:
        held_still = settle(alert, Alert.State.FAILED, last_error=failure.text, **maybe)
    else:
        held_still = settle(
            alert, Alert.State.QUEUED, not_before=at + delay, last_error=failure.text, **maybe
        )
    if held_still:
        note_attempt(alert, failure, gives_up=delay is None, at=at)
    return delay is not None


def note_attempt(alert: Alert, failure: Failure, *, gives_up: bool, at: datetime) -> None:
    """Keep the attempt; an address that takes no mail is paused."""
    if failure.is_address:
        outcome = OUTCOME.BOUNCED
    elif failure.verdict is Verdict.PERMANENT:
        outcome = OUTCOME.PERMANENT
    elif gives_up:
        outcome = OUTCOME.GIVEN_UP
    else:
        outcome = OUTCOME.MAYBE if failure.maybe_sent else OUTCOMES[failure.verdict]
    SendAttempt.objects.create(alert=alert, at=at, outcome=outcome, text=failure.text)
    if failure.is_address:
        note_bounce(address=alert.subscriber.email, permanent=True, text=failure.text, at=at)
