"""Keeping what identities say that were written before there were states; for one migration.

It takes the tables as the migration knows them: columns that came later are not there yet.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Model

from policy.domain.chain import GENESIS, seal_hash
from policy.domain.identity_chain import State
from policy.models import IDENTITIES, Revision, said_by
from policy.models.chains import sealed_columns
from policy.models.identities import columns_of

BATCH = 2000


def keep_what_stands(apps: Any, *, reason: str, at: datetime) -> None:
    """One sealed revision, with a state for each identity of a record that has none yet.

    ``apps`` is the registry of the migration, ``at`` the UTC instant.
    """
    states = apps.get_model("policy", "IdentityState")
    revisions, seals = (apps.get_model("policy", name) for name in ("Revision", "Seal"))
    last = revisions.objects.order_by("number").last()
    if last is None or states.objects.exists():
        return
    revision = revisions.objects.create(
        number=last.number + 1,
        recorded_at=max(at, last.recorded_at),
        by="migration",
        kind=Revision.Kind.RECORD.value,
        reason=reason,
    )
    for model in IDENTITIES:
        table = apps.get_model(model._meta.label)
        rows = first_states(table, model._meta.label_lower, revision.number)
        states.objects.bulk_create((states(**row) for row in rows), batch_size=500)
    hashes = states.objects.order_by("pk").values_list("hash", flat=True)
    previous = bytes(seals.objects.order_by("revision_id").last().hash)
    hashed, count = seal_hash(previous, sealed_columns(revision), map(bytes, hashes))
    seals.objects.create(revision=revision, entries=count, hash=hashed)


def first_states(table: type[Model], label: str, revision: int) -> Iterator[dict[str, Any]]:
    for identity in table._default_manager.order_by("pk").iterator(BATCH):
        state = State(label, str(identity.pk), 1, revision, said_by(identity))
        yield columns_of(state, GENESIS)
