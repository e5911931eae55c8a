"""Inserting many rows: one statement that is executed for every row.

``bulk_create`` builds a statement of some sixty rows at a time on SQLite; this takes a third of
the time.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, TypeVar

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

T = TypeVar("T")

# SQLite takes at most 32,766 variables in one statement; PostgreSQL plans long lists slowly.
CHUNK = 5000
# Values of these go to a database as they are; dates, times and JSON do not.
AS_THEY_ARE = (BooleanField, CharField, ForeignKey, IntegerField, TextField)


def insert_models(rows: Sequence[Model]) -> None:
    """Insert unsaved rows of one model; their primary keys are not read back."""
    if not rows:
        return
    fields = own_fields(type(rows[0]))
    read = attrgetter(*(f.attname for f in fields))
    converted = [(i, f) for i, f in enumerate(fields) if not isinstance(f, AS_THEY_ARE)]
    insert_values(type(rows[0]), [column_values(read(row), converted) for row in rows])


def insert_values(model: type[Model], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows given as values of every column but the key, in the order of the fields."""
    quote = connection.ops.quote_name
    fields = own_fields(model)
    columns = ", ".join(quote(str(f.column)) for f in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  # names come from the model
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def own_fields(model: type[Model]) -> list["Field[Any, Any]"]:
    return [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]


def column_values(
    values: tuple[Any, ...], converted: Sequence[tuple[int, "Field[Any, Any]"]]
) -> list[Any]:
    prepared = list(values)
    for place, field in converted:
        if prepared[place] is not None:
            prepared[place] = field.get_db_prep_save(prepared[place], connection)
    return prepared


def chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
