"""Raising what a person must judge. Nothing here changes a fact."""

from collections.abc import Iterable

from policy.models import Proposal

# SQLite takes at most 32,766 variables in one statement.
CHUNK = 2000


def propose(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Save the proposals whose key is new, and return those.

    The same evidence imported again proposes nothing, whatever became of it. Call it inside
    the revision that the proposals name.
    """
    by_key = {proposal.key: proposal for proposal in proposals}
    keys = list(by_key)
    for start in range(0, len(keys), CHUNK):
        held = Proposal.objects.filter(key__in=keys[start : start + CHUNK])
        for key in held.values_list("key", flat=True):
            del by_key[key]
    return Proposal.objects.bulk_create(list(by_key.values()), batch_size=500)
