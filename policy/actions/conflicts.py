"""Two official sources that differ: both stay, until a person says which one governs."""

from policy.actions.facts import reconcile_keys
from policy.models import Conflict, Revision


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
