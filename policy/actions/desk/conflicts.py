"""Settling a conflict between sources: a change like any other, which a second person approves."""

from datetime import datetime

from django.db import transaction

from policy.actions.desk.drafts import Item, Words, start_change
from policy.actions.desk.kinds import kind_of
from policy.actions.desk.review import submit_change
from policy.models import Change, Conflict, User


class AlreadyClosed(Exception):
    """The conflict has been closed, or was never held. The message is for the person."""


class ReasonMissing(Exception):
    """A conflict cannot be closed without a reason. The message is for the person."""


def close_conflict(slug: str, *, governs: str, by: User, at: datetime) -> Change:
    """Submit the change that closes an open conflict: ``governs`` says which value, and why.

    Both values stay in the record. Raises ReasonMissing or AlreadyClosed, having written
    nothing.
    """
    if not governs.strip():
        msg = "Say which of the two governs, and why: readers see the reason."
        raise ReasonMissing(msg)
    held = Conflict.objects.known(None).filter(slug=slug, is_open=True).first()
    if held is None:
        msg = f"No conflict {slug} is open: somebody has closed it, or it never was."
        raise AlreadyClosed(msg)
    kind = kind_of("conflict")
    values = {**kind.values_of(held), "is_open": False, "governs": governs.strip()}
    words = Words(
        title=f"Settle: {held.about}",
        why=governs.strip(),
        source=held.source.slug,
        quote=held.quote,
        items=(Item(kind.slug, values=values),),
    )
    with transaction.atomic():
        change = start_change(words, by=by, at=at)
        return submit_change(change, version=change.version, by=by, at=at)
