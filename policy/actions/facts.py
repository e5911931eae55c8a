"""Writing facts. Nothing is overwritten: old rows are closed and new ones inserted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    TextField,
)

from policy.domain.validity import Change, Dated, Span, reconcile, remove_portion, replace_portion
from policy.models import Fact, Revision

F = TypeVar("F", bound=Fact)
Key = tuple[Any, ...]

# SQLite takes at most 32,766 variables in one statement; PostgreSQL plans long lists slowly.
CHUNK = 5000
# Values of these go to a database as they are; dates, times and JSON do not.
AS_THEY_ARE = (BooleanField, CharField, ForeignKey, IntegerField, TextField)


@dataclass(frozen=True)
class Written(Generic[F]):
    """What one call did: rows closed and rows inserted, both in memory."""

    closed: tuple[F, ...] = ()
    inserted: tuple[F, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.closed or self.inserted)


def set_portion(fact: F, *, revision: Revision, because: str) -> Written[F]:
    """Put one unsaved fact in force for its span; what stood there before and after stays."""
    current = [as_dated(row) for row in current_rows(type(fact), [fact.key])]
    change = replace_portion(current, as_dated(fact))
    if len(change.close) == 1 and len(change.insert) == 1:
        old, new = change.close[0], change.insert[0]
        if old.span == new.span and old.value.says_the_same_as(new.value):
            return Written()
    return apply_change(change, revision=revision, because=because)


def clear_portion(
    model: type[F], key: Key, span: Span, *, revision: Revision, because: str
) -> Written[F]:
    """Take the days of ``span`` out of a key's current rows; what stood around them stays."""
    current = [as_dated(row) for row in current_rows(model, [key])]
    return apply_change(remove_portion(current, span), revision=revision, because=because)


def reconcile_keys(
    model: type[F],
    desired: Iterable[F],
    *,
    keys: Collection[Key],
    revision: Revision,
    because: str,
) -> Written[F]:
    """Make the current rows of ``keys`` exactly ``desired``; other keys are left alone.

    A key without a desired row is closed with the reason ``because`` and no successor.
    """
    wanted: dict[Key, list[Dated[F]]] = defaultdict(list)
    for fact in desired:
        wanted[fact.key].append(as_dated(fact))
    standing: dict[Key, list[Dated[F]]] = defaultdict(list)
    for row in current_rows(model, keys):
        standing[row.key].append(as_dated(row))
    close: list[Dated[F]] = []
    insert: list[Dated[F]] = []
    for key in {*keys, *wanted}:
        change = reconcile(standing[key], wanted[key], same=model.says_the_same_as)
        close.extend(change.close)
        insert.extend(change.insert)
    return apply_change(Change(tuple(close), tuple(insert)), revision=revision, because=because)


def apply_change(change: Change[F], *, revision: Revision, because: str) -> Written[F]:
    """Close and insert in that order, so that the overlap guard never sees both."""
    closed = tuple(dated.value for dated in change.close)
    close_rows(closed, revision=revision, because=because)
    inserted = tuple(new_row(dated, revision) for dated in change.insert)
    insert_rows(inserted)
    return Written(closed, inserted)


def insert_rows(rows: Sequence[Model]) -> None:
    """Insert many unsaved rows of one model; their primary keys are not read back.

    ``bulk_create`` builds a statement of some sixty rows at a time on SQLite; one statement
    executed for every row takes a third of the time.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(f.column)) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  # names come from the model
    read = attrgetter(*(f.attname for f in fields))
    converted = [(i, f) for i, f in enumerate(fields) if not isinstance(f, AS_THEY_ARE)]
    with connection.cursor() as cursor:
        cursor.executemany(sql, [column_values(read(row), converted) for row in rows])


def column_values(
    values: tuple[Any, ...], converted: Sequence[tuple[int, "Field[Any, Any]"]]
) -> list[Any]:
    prepared = list(values)
    for place, field in converted:
        if prepared[place] is not None:
            prepared[place] = field.get_db_prep_save(prepared[place], connection)
    return prepared


def close_rows(rows: Sequence[F], *, revision: Revision, because: str) -> None:
    """End the recorded span of currently recorded rows of one model."""
    for chunk in chunks([row.pk for row in rows]):
        type(rows[0]).objects.filter(pk__in=chunk, superseded__isnull=True).update(
            superseded=revision, closed_because=because
        )


def current_rows(model: type[F], keys: Collection[Key]) -> Iterator[F]:
    """The currently recorded rows of these keys."""
    wanted = set(keys)
    first = list({key[0] for key in wanted})
    for chunk in chunks(first):
        rows = model.objects.known(None).filter(**{f"{model.key_fields[0]}__in": chunk})
        yield from (row for row in rows if row.key in wanted)


def as_dated(fact: F) -> Dated[F]:
    return Dated(fact.span, fact)


def new_row(dated: Dated[F], revision: Revision) -> F:
    """An unsaved copy of a fact for another span or revision."""
    row = copy(dated.value)
    row._state = copy(dated.value._state)
    row._state.adding = True
    row.pk = None
    row.valid_from, row.valid_until = dated.span.start, dated.span.end
    row.recorded = revision
    row.superseded = None
    row.closed_because = ""
    return row


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
