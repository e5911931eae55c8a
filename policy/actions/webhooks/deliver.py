"""Delivering the outbox of webhooks: claim a row, send outside any transaction, settle.

As with mails, a sender that dies leaves a lease; when that ends the row goes out again under
the same Idempotency-Key, by which the receiver knows it. So none is lost, and one that comes
twice can be told.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from policy.actions.webhooks.plan import plan_webhooks
from policy.domain.webhooks import Verdict, retry_after, signed_headers, verdict_on
from policy.fetching.errors import FetchError, RetryLater
from policy.fetching.posting import Poster
from policy.models import Webhook, WebhookDelivery

logger = logging.getLogger(__name__)

# Longer than any attempt can take: see the time-outs of the poster and the tasks' time limit.
LEASE = timedelta(minutes=5)
# Mails and webhooks share a minute.
LONGEST_RUN = timedelta(seconds=20)

State = WebhookDelivery.State


@dataclass
class Told:
    """What one run did; ``requeued`` counts ended leases, ``paused`` webhooks given up on."""

    planned: int = 0
    sent: int = 0
    retried: int = 0
    paused: int = 0
    requeued: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt, with a sentence where it failed.

    ``after`` is how many seconds the server asks to be left alone.
    """

    verdict: Verdict
    text: str = ""
    after: float | None = None


def deliver_webhooks(*, clock: Callable[[], datetime]) -> Told:
    """Plan what changed and send what is due, until nothing is left or the run has lasted.

    ``clock`` gives the current UTC instant. Call it outside any transaction.
    """
    done = Told(planned=plan_webhooks(at=clock()), requeued=requeue_stuck(at=clock()))
    end = clock() + LONGEST_RUN
    with Poster(loopback=settings.WEBHOOK_LOOPBACK) as poster:
        while clock() < end and (row := claim_next(at=clock())):
            outcome = attempt(row, poster, at=clock())
            settle(row, outcome, done, at=clock())
    return done


def requeue_stuck(*, at: datetime) -> int:
    """Put rows back whose sender never settled them; they may go out a second time."""
    stuck = WebhookDelivery.objects.stuck(at)
    for key in stuck.values_list("key", flat=True):
        logger.warning("lease ended, telling again: %s", key)
    return stuck.update(state=State.QUEUED, leased_until=None)


def claim_next(*, at: datetime) -> WebhookDelivery | None:
    """The oldest row that is due, held by this sender and by no other; None if none is."""
    rows = WebhookDelivery.objects.sendable(at).select_related("webhook")
    while (row := rows.order_by("not_before", "pk").first()) is not None:
        if claim(row, at=at):
            return row
    return None


def claim(row: WebhookDelivery, *, at: datetime) -> bool:
    """Whether this sender won the row: of several, the database lets one change it."""
    lease = at + LEASE
    free = WebhookDelivery.objects.filter(pk=row.pk, state=State.QUEUED)
    won = free.update(state=State.SENDING, leased_until=lease, attempts=F("attempts") + 1)
    row.leased_until, row.attempts = lease, row.attempts + won
    return bool(won)


def attempt(row: WebhookDelivery, poster: Poster, *, at: datetime) -> Outcome:
    body, webhook = row.body.encode(), row.webhook
    headers = signed_headers(row.key, body, webhook.secret, at)
    try:
        answer = poster.post(webhook.url, body, headers, at=at)
    except RetryLater as error:
        return Outcome(Verdict.LATER, str(error))
    except FetchError as error:
        return Outcome(Verdict.NEVER, str(error))
    text = f"The server answers with status {answer.status}."
    return Outcome(verdict_on(answer.status), text, answer.after)


def settle(row: WebhookDelivery, outcome: Outcome, done: Told, *, at: datetime) -> None:
    """Record what came of an attempt: taken, to be tried again, or given up."""
    if outcome.verdict is Verdict.DELIVERED:
        settle_sent(row, at=at)
        done.sent += 1
        return
    logger.warning("webhook %s: %s", row.key, outcome.text)
    later = outcome.verdict is Verdict.LATER
    delay = retry_after(row.attempts, outcome.after) if later else None
    held = WebhookDelivery.objects.filter(
        pk=row.pk, state=State.SENDING, leased_until=row.leased_until
    )
    if delay is None:
        held.update(state=State.FAILED, leased_until=None, last_error=outcome.text)
        pause(row.webhook, outcome.text, at=at)
        done.paused += 1
        return
    wait = {"not_before": at + delay, "last_error": outcome.text}
    held.update(state=State.QUEUED, leased_until=None, **wait)
    # What else waits for a server that is away would only hold up the others.
    others = WebhookDelivery.objects.filter(webhook=row.webhook, state=State.QUEUED)
    others.filter(not_before__lt=at + delay).update(not_before=at + delay)
    done.retried += 1


def settle_sent(row: WebhookDelivery, *, at: datetime) -> None:
    """Mark a row that the server took, even if the lease has ended meanwhile."""
    rows = WebhookDelivery.objects.filter(pk=row.pk)
    told = {"state": State.SENT, "leased_until": None, "sent_at": at, "last_error": ""}
    if not rows.exclude(state=State.SENT).update(**told) and rows.exists():
        logger.error("told twice: %s", row.key)


def pause(webhook: Webhook, because: str, *, at: datetime) -> None:
    """Stop telling a server that cannot be told; what changes meanwhile waits."""
    held = Webhook.objects.filter(pk=webhook.pk, paused_at=None)
    held.update(paused_at=at, paused_because=because)
