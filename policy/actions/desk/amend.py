"""Amending what an identity is called: its columns change, and a fact keeps what they said.

A rule's title or an organisation's name is no fact over days, but who changed it, why, and what
it was before is kept like one: as ``Particulars``, in the chains of the history.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from policy.actions.desk.fields import public_id_of
from policy.actions.desk.kinds import Act, BadValues, Kind, kind_of
from policy.actions.facts import Written, set_portion
from policy.models import Change, Particulars, Revision

FIRST = "As it was before the desk amended it for the first time."


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
    """Keep what the identity will say, and what it said; ``put_particulars`` makes it say so."""
    before = kind.values_of(held_identity(kind, read))
    after = kind.values_of(kind.row(read, change))
    if before == after:
        return Written()
    public_id = str(after[public_id_of(kind.model)])
    known = Particulars.objects.known(None).filter(kind=kind.slug, public_id=public_id)
    if not known.exists():
        first = particulars(kind, public_id, before, change)
        first.quote, first.note = "", FIRST
        set_portion(first, revision=revision, because=change.why)
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

    Where an undoing left none, they say what they said before the first.
    """
    keys = {
        row.key
        for done in written
        for row in (*done.closed, *done.inserted)
        if isinstance(row, Particulars)
    }
    for slug, public_id in keys:
        rows = Particulars.objects.filter(kind=slug, public_id=public_id)
        row = rows.known(None).first() or rows.order_by("pk").first()
        if row is not None:
            put(kind_of(slug), row.values)


def put(kind: Kind, values: Mapping[str, Any]) -> None:
    read = kind.read(values, Act.AMEND)
    held = held_identity(kind, read)
    for name, value in kind.columns(read).items():
        setattr(held, name, value)
    held.save()
