"""Two official sources that differ: both stay, until a person says which one governs."""

from copy import copy
from datetime import datetime

from policy.actions.facts import reconcile_keys
from policy.actions.record_events import events_of
from policy.actions.record_notices import conflict as notice_of_conflict
from policy.actions.revisions import new_revision
from policy.models import Conflict, Event, Revision


class AlreadyClosed(Exception):
    """The conflict has been closed, or was never held. The message is for the person."""


class ReasonMissing(Exception):
    """A conflict cannot be closed without a reason. The message is for the person."""


def open_conflicts(found: list[Conflict], *, revision: Revision) -> list[Conflict]:
    """Record the conflicts that are not held yet, open; returns those.

    A conflict whose two values are those that a person has already judged stays as it is; one
    with another value opens anew.
    """
    held = {
        conflict.slug: conflict
        for conflict in Conflict.objects.known(None).filter(slug__in=[c.slug for c in found])
    }
    new = [c for c in found if (h := held.get(c.slug)) is None or h.other_says != c.other_says]
    keys = {conflict.key for conflict in new}
    because = "A source says otherwise than when this was judged."
    written = reconcile_keys(Conflict, new, keys=keys, revision=revision, because=because)
    return list(written.inserted)


def close_conflict(slug: str, *, governs: str, by: str, at: datetime) -> Conflict:
    """Close an open conflict: ``governs`` says which value governs, and why.

    Both values stay in the record. Raises ReasonMissing or AlreadyClosed, having written
    nothing.
    """
    if not governs.strip():
        msg = "Say which of the two governs, and why: readers see the reason."
        raise ReasonMissing(msg)
    reason = f"Conflict {slug} closed"
    with new_revision(by=by, kind=Revision.Kind.DESK, reason=reason, at=at) as revision:
        held = Conflict.objects.known(None).filter(slug=slug, is_open=True).first()
        if held is None:
            msg = f"No conflict {slug} is open: somebody has closed it, or it never was."
            raise AlreadyClosed(msg)
        closed: Conflict = copy(held)
        closed.is_open, closed.governs = False, governs.strip()
        written = reconcile_keys(
            Conflict, [closed], keys={held.key}, revision=revision, because=governs.strip()
        )
        Event.objects.bulk_create(events_of(written, notice_of_conflict, revision))
    [standing] = written.inserted
    return standing
