"""Amending what an identity is called: its columns change, and a fact keeps what they said.

A rule's title or an organisation's name is no fact over days, but who changed it, why, and what
it was before is kept like one: as ``Particulars``, in the chains of the history.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from policy.actions.desk.fields import public_id_of
from policy.actions.desk.kinds import Act, BadValues, Kind, kind_of
from policy.actions.facts import Written, set_portion
from policy.models import Change, FactQuerySet, Particulars, Revision

# How the note begins on what the columns said when the desk came to amend them.
BEFORE = "As it was before the desk amended it"


def held_identity(kind: Kind, read: Mapping[str, Any]) -> Any:
    """The identity that an item amends. Raises BadValues where the record holds none."""
    name = public_id_of(kind.model)
    row = kind.model._default_manager.filter(**{name: read[name]}).first()
    if row is None:
        sentence = f"The record holds no {kind.model._meta.verbose_name} “{read[name]}” to amend."
        raise BadValues({name: sentence})
    return row


def amend(
    kind: Kind, read: Mapping[str, Any], change: Change, revision: Revision
) -> Written[Particulars]:
    """Keep what the identity will say, and what it said; ``put_particulars`` makes it say so.

    What it said is kept anew where the newest particulars say otherwise: something else than
    the desk, a file of the record, has changed the columns since.
    """
    before = kind.values_of(held_identity(kind, read))
    after = kind.values_of(kind.row(read, change))
    if before == after:
        return Written()
    public_id = str(after[public_id_of(kind.model)])
    known = Particulars.objects.known(None).filter(kind=kind.slug, public_id=public_id).first()
    if known is None or not says(before, known.values):
        found = particulars(kind, public_id, before, change)
        found.quote, found.note = "", f"{BEFORE}."
        set_portion(found, revision=revision, because=change.why)
    row = particulars(kind, public_id, after, change)
    return set_portion(row, revision=revision, because=change.why)


def particulars(kind: Kind, public_id: str, values: Mapping[str, Any], change: Change) -> Any:
    return Particulars(
        kind=kind.slug,
        public_id=public_id,
        values=dict(values),
        source=change.source,
        quote=change.quote,
    )


def put_particulars(written: Iterable[Written[Any]]) -> None:
    """Make each identity's columns say what its newest particulars say.

    Where a restoring left none, they say what they said before the newest amendment of those
    that it took back.
    """
    keys = {
        row.key
        for done in written
        for row in (*done.closed, *done.inserted)
        if isinstance(row, Particulars)
    }
    for slug, public_id in keys:
        rows = Particulars.objects.filter(kind=slug, public_id=public_id)
        row = rows.known(None).first() or found_before(rows)
        if row is not None:
            put(kind_of(slug), row.values)


def found_before(rows: FactQuerySet) -> Particulars | None:
    """What the newest amendment found that the desk had not written."""
    found: Particulars | None = rows.filter(note__startswith=BEFORE).order_by("pk").last()
    return found


def unamended(row: Particulars, revision: Revision) -> Mapping[str, Any] | None:
    """What an identity said before a revision amended it, for another amendment to say again.

    ``row`` is one that the revision closed or inserted. None where the columns say otherwise by
    now than the revision made them say, so that to amend them back would undo that, too.
    """
    kind = kind_of(row.kind)
    held = kind.values_of(held_identity(kind, {public_id_of(kind.model): row.public_id}))
    rows = Particulars.objects.filter(kind=row.kind, public_id=row.public_id)
    after = rows.known(revision.number).first()
    if after is not None and not says(held, after.values):
        return None
    earlier = rows.filter(superseded=revision, recorded__lt=revision.number).first()
    before = found_before(rows.filter(recorded=revision)) or earlier or found_before(rows)
    return {**held, **before.values} if before else held


def says(held: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether an identity reads as it was put, in the fields that both know."""
    return all(held[name] == value for name, value in values.items() if name in held)


def put(kind: Kind, values: Mapping[str, Any]) -> None:
    read = kind.read(values, Act.AMEND)
    held = held_identity(kind, read)
    for name, value in kind.columns(read).items():
        setattr(held, name, value)
    held.save()
