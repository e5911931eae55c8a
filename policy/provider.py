"""What a mail provider reports of mails that it took, by django-anymail's tracking webhook."""

from typing import Any

from policy.actions.alerts.bounces import note_bounce
from policy.clock import now

# Why a mail bounced that says nothing of the next one: the server was away, or its policy.
FOR_NOW = frozenset({"timed_out", "blocked"})
COMPLAINT = "The reader marked a mail as spam."


def note_tracking(sender: object, event: Any, **_kwargs: object) -> None:
    """Pause the address of a bounce or a complaint; everything else changes nothing."""
    said = event.mta_response or event.description or event.event_type
    if event.event_type == "rejected":
        # The provider itself does not even try the address.
        permanent = True
    elif event.event_type == "bounced":
        permanent = event.reject_reason not in FOR_NOW
    elif event.event_type == "complained":
        permanent, said = True, COMPLAINT
    else:
        return
    if event.recipient:
        note_bounce(address=event.recipient, permanent=permanent, text=str(said), at=now())
