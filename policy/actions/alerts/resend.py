"""What a person does to a mail: send it once more, or cancel it. Both leave a trace."""

from datetime import datetime

from django.db import transaction

from policy.models import Alert, SendAttempt

OPEN = (Alert.State.COLLECTED, Alert.State.QUEUED, Alert.State.SENDING)
COPIED = (
    *("subscriber_id", "subscription_id", "reason", "topic", "told", "lead", "meant_for"),
    *("revision", "content_id", "own", "not_after"),
)


class NotPossible(Exception):
    """Carries the sentence that says why."""


@transaction.atomic
def resend_alert(*, alert: Alert, by: str, because: str, at: datetime) -> Alert:
    """A new mail that says what the old one said, for ``by`` and because of ``because``.

    Raises NotPossible for one that is still on its way, and for a digest, which is a frame
    around mails of their own. Before it leaves it is checked as any other: a date that has
    moved since is not told again.
    """
    if alert.reason == Alert.Reason.DIGEST:
        msg = "A digest cannot be sent once more; each mail that it brought can."
        raise NotPossible(msg)
    if alert.state in OPEN:
        msg = "This mail is still on its way; it cannot be sent once more yet."
        raise NotPossible(msg)
    same = {name: getattr(alert, name) for name in COPIED}
    number = Alert.objects.filter(resend_of=alert).count() + 1
    return Alert.objects.create(
        **same,
        key=f"resend:{alert.pk}:{number}",
        not_before=at,
        planned_at=at,
        resend_of=alert,
        resent_by=by,
        resent_because=because,
    )


@transaction.atomic
def cancel_alert(*, alert: Alert, by: str, because: str, at: datetime) -> None:
    """Take a waiting mail back. Raises NotPossible if a sender or the end was faster."""
    text = f"{by}: {because}"
    waiting = Alert.objects.filter(pk=alert.pk, state__in=[*OPEN[:2]])
    if not waiting.update(state=Alert.State.CANCELLED, last_error=f"Cancelled by {text}"):
        msg = "Only a mail that still waits can be cancelled."
        raise NotPossible(msg)
    outcome = SendAttempt.Outcome.CANCELLED
    SendAttempt.objects.create(alert=alert, at=at, outcome=outcome, text=text)
