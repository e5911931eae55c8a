"""Issuing revisions: every write to the record happens inside exactly one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from policy.actions.history import seal_revision
from policy.actions.identities import keep_identities, noting_identities
from policy.models import Change, Revision
from policy.vendor import lock_revisions


@contextmanager
def new_revision(
    *, by: str, kind: Revision.Kind, reason: str, at: datetime, change: Change | None = None
) -> Iterator[Revision]:
    """One transaction and the revision that all its facts point to.

    A revision of the desk names the ``change`` that was approved. ``at`` is the UTC instant of
    recording. If the clock has gone back, the instant of the previous revision is used again,
    so that "as known" never changes afterwards. Nothing remains of a revision whose block
    raises. At the end of the block the revision is sealed: nothing can be added to it any more.
    """
    with transaction.atomic():
        lock_revisions()
        last = Revision.objects.order_by("number").last()
        revision = Revision.objects.create(
            number=last.number + 1 if last else 1,
            recorded_at=max(at, last.recorded_at) if last else at,
            by=by,
            kind=kind,
            reason=reason,
            change=change,
        )
        with noting_identities() as noted:
            yield revision
        keep_identities(noted, revision)
        seal_revision(revision)
