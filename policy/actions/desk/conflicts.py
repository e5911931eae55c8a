"""Settling a conflict between sources: a change like any other, which a second person approves."""

from datetime import datetime

from django.db import transaction

from policy.actions.desk.drafts import Item, Words, start_change
from policy.actions.desk.kinds import kind_of
from policy.actions.desk.review import submit_change
from policy.models import Change, Conflict, User
from policy.vendor import lock_revisions


class AlreadyClosed(Exception):
    """The conflict has been closed, or was never held. The message is for the person."""


class AlreadyWaiting(Exception):
    """A change that settles the conflict is on its way. The message is for the person."""


class ReasonMissing(Exception):
    """A conflict cannot be closed without a reason. The message is for the person."""


def close_conflict(slug: str, *, governs: str, by: User, at: datetime) -> Change:
    """Submit the change that closes an open conflict: ``governs`` says which value, and why.

    Both values stay in the record. Raises ReasonMissing, AlreadyClosed or AlreadyWaiting, having
    written nothing.
    """
    if not governs.strip():
        msg = "Say which of the two governs, and why: readers see the reason."
        raise ReasonMissing(msg)
    with transaction.atomic():
        # Before the conflict, as whatever supersedes one takes them; the rehearsal needs it.
        lock_revisions()
        held = hold_conflict(slug)
        draft = start_change(settling_words(held, governs.strip()), by=by, at=at)
        draft.settles = slug
        draft.save(update_fields=["settles"])
        return submit_change(draft, version=draft.version, by=by, at=at)


def hold_conflict(slug: str) -> Conflict:
    """The open conflict, held, so that a second press waits for the first and finds its change.

    The database refuses the second of two by itself. Raises AlreadyClosed or AlreadyWaiting.
    """
    rows = Conflict.objects.known(None).filter(slug=slug, is_open=True)
    held: Conflict | None = rows.select_for_update(of=("self",)).first()
    if held is None:
        msg = f"No conflict {slug} is open: somebody has closed it, or it never was."
        raise AlreadyClosed(msg)
    if waiting := Change.objects.settling(slug).first():
        msg = f"Change {waiting.pk} settles it already; it is {waiting.state}."
        raise AlreadyWaiting(msg)
    return held


def settling_words(held: Conflict, governs: str) -> Words:
    kind = kind_of("conflict")
    values = {**kind.values_of(held), "is_open": False, "governs": governs}
    return Words(
        title=f"Settle: {held.about}",
        why=governs,
        source=held.source.slug,
        quote=held.quote,
        items=(Item(kind.slug, values=values),),
    )
