"""How a row of facts becomes a link of its chain: the one reading of columns for all who hash.

Writing, checking and the migration that chained what stood all read rows through a ``Shape``,
so that a digest made in memory is that of the row in the database.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import DateField, DateTimeField, Field, Model, TimeField

from policy.domain.chain import Digest, Group, Sealed, digest_row, sha256
from policy.models.facts import Fact, Revision
from policy.models.history import HistoryEntry
from policy.models.identities import IdentityState

DAYS = ("valid_from", "valid_until", "valid_from_precision")
SOURCE = ("source_id", "also_id", "quote", "note", "confidence")
# What is not part of a row as it was inserted.
LATER = ("id", "superseded_id", "closed_because")
# An index of PostgreSQL takes no more; what is longer is cut and told apart by its hash.
LONGEST = 600
# Hashes read at once while a revision is sealed or checked.
BATCH = 2000
# The attribute, its default, and the field where it is a day, an instant or a time.
Column = tuple[str, Any, "Field[Any, Any] | None"]


@dataclass(frozen=True)
class Shape:
    """The columns of one kind of fact, by group, each with the value that it has by default.

    A column with its default is left out of the digest, as if the table had no such column:
    so one that a later migration adds, with a default, leaves every digest as it was.
    """

    label: str
    keys: tuple[str, ...]
    groups: dict[Group, tuple[Column, ...]]

    def chain(self, row: Model) -> str:
        """The fact that a row is about: its table's label and its key."""
        return chain_of(self.label, [getattr(row, name) for name in self.keys])

    def digest(self, row: Model) -> Digest:
        return digest_row({group: self.values(row, group) for group in Group})

    def values(self, row: Model, group: Group) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, default, moment in self.groups[group]:
            value = getattr(row, name)
            if type(value) is tuple:  # JSON gives back lists
                value = list(value)
            if value == default:
                continue
            found[name] = moment.to_python(value) if moment else value
        if group is Group.KEY:
            found[""] = self.label
        return found


def chain_of(label: str, key: Sequence[object]) -> str:
    text = f"{label}:{'|'.join(map(str, key))}"
    if len(text) <= LONGEST:
        return text
    return f"{text[: LONGEST - 65]}…{sha256(text.encode()).hex()}"


@cache
def shape_of(model: type[Fact]) -> Shape:
    """The columns of a kind of fact as its table has them now."""
    return make_shape(model, tuple(map(model.attname, model.key_fields)))


def make_shape(model: type[Model], keys: tuple[str, ...]) -> Shape:
    """The same of any state of a table; ``keys`` are the columns of the key."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    in_key = (*keys, "recorded_id")
    known = {*in_key, *DAYS, *SOURCE, *LATER}
    names = {
        Group.KEY: in_key,
        Group.DAYS: DAYS,
        Group.SAYS: tuple(sorted(fields.keys() - known)),
        Group.SOURCE: tuple(name for name in SOURCE if name not in keys),
    }
    return Shape(
        label=model._meta.label_lower,
        keys=keys,
        groups={
            group: tuple(column(fields[name]) for name in found) for group, found in names.items()
        },
    )


def column(field: "Field[Any, Any]") -> Column:
    moment = field if isinstance(field, DateField | DateTimeField | TimeField) else None
    return field.attname, field.get_default(), moment


def sealed_columns(revision: Revision) -> Sealed:
    """What a seal covers of a revision itself; of its columns, as migrations had them too."""
    return Sealed(
        number=revision.number,
        recorded_at=revision.recorded_at,
        by=revision.by,
        kind=str(revision.kind),
        reason=revision.reason,
        change=revision.change_id,
    )


def sealed_hashes(revision: Revision) -> Iterator[bytes]:
    """What a seal covers besides: the entries, then the states of identities, as they came."""
    for model in (HistoryEntry, IdentityState):
        rows = model._default_manager.filter(revision=revision).order_by("pk")
        for hashed in rows.values_list("hash", flat=True).iterator(BATCH):
            yield bytes(hashed)
