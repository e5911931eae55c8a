"""Chaining a record that was written before there were chains; for one migration alone.

It takes the tables as the migration knows them: columns that came later are not there yet.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model

from policy.actions.bulk import chunks, insert_values
from policy.actions.history import Head, entry_values
from policy.domain.chain import GENESIS, Act, Digest, Link, seal_hash
from policy.models import Fact
from policy.models.chains import make_shape, sealed_columns

BATCH = 2000
# A revision's closings come first, then its rows, then those of its rows that it closed again.
CLOSED, INSERTED, CLOSED_AGAIN = range(3)
Step = tuple[int, int, str, int, Link]


def chain_what_stands(
    kinds: Mapping[type[Fact], type[Model]],
    *,
    revisions: type[Model],
    entries: type[Model],
    seals: type[Model],
) -> None:
    """Write the entries of all facts in the order of revisions, then seal every revision.

    ``kinds``: each kind of fact with the state of its table. Does nothing to a record without
    revisions.
    """
    steps = [step for kind, table in kinds.items() for step in steps_of(kind, table)]
    steps.sort(key=lambda step: step[:4])
    ends: dict[str, Head] = {}
    for chunk in chunks(steps):
        insert_values(entries, [entry_values(link, ends) for *_, link in chunk])
    seal_all(revisions, entries, seals)


def steps_of(kind: type[Fact], table: type[Model]) -> Iterator[Step]:
    """What was done to the rows of one kind, each step with its place in time."""
    shape = make_shape(table, tuple(map(kind.attname, kind.key_fields)))
    # A table as a migration has it bears no types.
    row: Any
    for row in table._default_manager.order_by("pk").iterator(BATCH):
        chain, digest = shape.chain(row), shape.digest(row)
        place = (shape.label, row.pk)
        yield step(row.recorded_id, INSERTED, place, chain, digest)
        if row.superseded_id is not None:
            order = CLOSED_AGAIN if row.superseded_id == row.recorded_id else CLOSED
            yield step(row.superseded_id, order, place, chain, digest, row.closed_because)


def step(  # noqa: PLR0913, PLR0917  # the parts of a link
    revision: int,
    order: int,
    place: tuple[str, int],
    chain: str,
    digest: Digest,
    because: str = "",
) -> Step:
    act = Act.INSERTED if order == INSERTED else Act.CLOSED
    return (revision, order, *place, Link(chain, 0, act, revision, digest, because))


def seal_all(revisions: type[Model], entries: type[Model], seals: type[Model]) -> None:
    previous = GENESIS
    revision: Any
    for revision in revisions._default_manager.order_by("number"):
        rows = entries._default_manager.filter(revision_id=revision.number).order_by("pk")
        hashes = rows.values_list("hash", flat=True).iterator(BATCH)
        previous, count = seal_hash(previous, sealed_columns(revision), map(bytes, hashes))
        seals._default_manager.create(revision_id=revision.number, entries=count, hash=previous)
