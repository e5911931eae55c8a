"""What a change touches: the subjects, by kind and public id, that its items belong to."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist

from policy.actions.desk.kinds import NOTHING, BadValues, Kind, kind_of
from policy.domain.due import Subject
from policy.models import Change, ChangeItem

# Attributes through which a row of the record belongs to something, and that thing's public id.
WAYS = (
    ("rule", "slug"),
    ("deadline", "slug"),
    ("docket", "number"),
    ("document", "public_id"),
    ("country", "key"),
    ("organization", "slug"),
    ("entity", "slug"),
)
# What these belong to in turn.
THROUGH = ("deadline", "provision")


def subjects_of(change: Change) -> frozenset[Subject]:
    """Everything that a change touches, so far as its items can be read."""
    found = {subject for item in change.items.all() for subject in subjects_of_item(item)}
    named = (change.subject_kind, change.subject_id)
    return frozenset({*found, named} - {NOTHING})


def subjects_of_item(item: ChangeItem) -> Iterator[Subject]:
    """Of what an item writes, and of what the record holds in its place."""
    kind = kind_of(item.kind)
    for row in (unfinished(kind, item), *held_rows(kind, item)):
        with suppress(AttributeError, ObjectDoesNotExist):
            name, public_id = kind.subject(row)
            yield name, str(public_id)
        yield from subjects_through(row)


def held_rows(kind: Kind, item: ChangeItem) -> list[Any]:
    """The rows that the record holds of an item's key: to take them away touches them, too."""
    if not kind.is_fact:
        return []
    try:
        key = kind.key(kind.read(item.values, item.act), item.change)
    except BadValues:
        return []
    return list(kind.facts.known(None).of_key(key))


def unfinished(kind: Kind, item: ChangeItem) -> Any:
    """The row of an item, so far as it can be read; a draft may be unfinished."""
    read = {}
    for name, column in kind.form_fields(item.act).items():
        with suppress(forms.ValidationError):
            read[name] = column.clean(item.values.get(name, ""))
    return kind.model(**{n: v for n, v in read.items() if n in (*kind.fields, *kind.key_fields)})


def subjects_through(row: Any) -> Iterator[Subject]:
    """What a row belongs to, and what that belongs to."""
    for name, public_id in WAYS:
        if (owner := related(row, name)) is not None:
            yield name, str(getattr(owner, public_id))
    for name in THROUGH:
        if (owner := related(row, name)) is not None:
            yield from subjects_through(owner)


def related(row: Any, name: str) -> Any:
    with suppress(AttributeError, ObjectDoesNotExist):
        return getattr(row, name)
    return None
