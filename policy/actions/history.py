"""Writing the history: an entry for each row inserted or closed, a seal for each revision.

Nothing but ``policy.actions.facts`` and ``policy.actions.revisions`` calls this, so that no
write leaves two trails, and none leaves none. If an entry cannot be written, the transaction
of its revision ends with it.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.db import connection

from policy.actions.bulk import chunks, insert_values
from policy.domain.chain import GENESIS, Act, Link, link_hash, seal_hash
from policy.models import Fact, HistoryEntry, Revision, Seal
from policy.models.chains import Shape, sealed_columns, sealed_hashes, shape_of

# The last position of a chain and the hash of the entry there.
Head = tuple[int, bytes]


def note_inserted(rows: Sequence[Fact]) -> None:
    """An entry for each row of one kind that was inserted, in their order."""
    shape = shape_of(type(rows[0]))
    append([link_of(shape, row, Act.INSERTED, row.recorded_id) for row in rows])


def note_closed(rows: Sequence[Fact], *, revision: Revision, because: str) -> None:
    """An entry for each row of one kind that is closed; the rows are as the table holds them."""
    shape = shape_of(type(rows[0]))
    append([link_of(shape, row, Act.CLOSED, revision.number, because) for row in rows])


def link_of(shape: Shape, row: Fact, act: Act, revision: int, because: str = "") -> Link:
    """A link that has no position yet."""
    return Link(shape.chain(row), 0, act, revision, shape.digest(row), because)


def append(links: Sequence[Link]) -> None:
    """Write entries at the ends of their chains; ``heads`` are read once for all of them."""
    ends = heads({link.chain for link in links})
    insert_values(HistoryEntry, [entry_values(link, ends) for link in links])


def entry_values(link: Link, ends: dict[str, Head]) -> tuple[object, ...]:
    """The columns of an entry in the order of the model's fields; ``ends`` moves on with it."""
    position, previous = ends.get(link.chain, (0, GENESIS))
    placed = replace(link, position=position + 1)
    hashed = link_hash(previous, placed)
    ends[link.chain] = (placed.position, hashed)
    return (
        placed.chain,
        placed.position,
        placed.act,
        placed.revision,
        placed.because,
        placed.digest.whole,
        placed.digest.parts,
        hashed,
    )


def heads(names: Collection[str]) -> dict[str, Head]:
    """The ends of those of the chains that have begun.

    Plain SQL: to build this for some thousand names would take longer than to answer it.
    """
    found: dict[str, Head] = {}
    table = connection.ops.quote_name(HistoryEntry._meta.db_table)
    for chunk in chunks(list(names)):
        marks = ", ".join(["%s"] * len(chunk))
        sql = f"""
            SELECT chain, position, hash FROM {table} AS entry WHERE chain IN ({marks})
            AND NOT EXISTS (SELECT 1 FROM {table} AS later
              WHERE later.chain = entry.chain AND later.position = entry.position + 1)
        """  # noqa: S608  # the name comes from the model
        with connection.cursor() as cursor:
            cursor.execute(sql, chunk)
            found |= {chain: (position, bytes(end)) for chain, position, end in cursor.fetchall()}
    return found


def seal_revision(revision: Revision) -> Seal:
    """Close a revision: its columns, all its entries and the seal before, under one hash."""
    before = Seal.objects.filter(revision__lt=revision.number).order_by("-revision").first()
    previous = bytes(before.hash) if before else GENESIS
    hashed, count = seal_hash(previous, sealed_columns(revision), sealed_hashes(revision))
    return Seal.objects.create(revision=revision, entries=count, hash=hashed)
