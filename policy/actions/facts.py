"""Writing facts. Nothing is overwritten: old rows are closed and new ones inserted."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Generic, TypeGuard, TypeVar

from django.db.models import Model

from policy.actions.bulk import chunks, insert_models
from policy.actions.history import note_closed, note_inserted
from policy.domain.partial_dates import Precision
from policy.domain.validity import Change, Dated, Span, reconcile, remove_portion, replace_portion
from policy.models import Fact, Revision

F = TypeVar("F", bound=Fact)
Key = tuple[Any, ...]


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

    Facts leave an entry of their history each.
    """
    for chunk in chunks(rows):
        insert_models(chunk)
        if is_facts(chunk):
            note_inserted(chunk)


def is_facts(rows: Sequence[Model]) -> TypeGuard[Sequence[Fact]]:
    """Rows are of one model: the first tells."""
    return isinstance(rows[0], Fact)


def close_rows(rows: Sequence[F], *, revision: Revision, because: str) -> None:
    """End the recorded span of currently recorded rows of one model.

    They are read anew, since what is closed is what the table holds, whatever has become of
    the objects in memory.
    """
    for chunk in chunks([row.pk for row in rows]):
        current = type(rows[0]).objects.known(None).filter(pk__in=chunk)
        standing = list(current.order_by("pk"))
        if standing:
            note_closed(standing, revision=revision, because=because)
            current.update(superseded=revision, closed_because=because)


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
    """An unsaved copy of a fact for another span or revision.

    A first day that a cut gave is exact, however vaguely the fact's own was known; of last days
    only exact ones are kept.
    """
    row = copy(dated.value)
    row._state = copy(dated.value._state)
    row._state.adding = True
    row.pk = None
    if dated.span.start != row.valid_from:
        row.valid_from_precision = Precision.DAY
    row.valid_from, row.valid_until = dated.span.start, dated.span.end
    row.recorded = revision
    row.superseded = None
    row.closed_because = ""
    return row
