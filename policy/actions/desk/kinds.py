"""What the desk can write: each kind of fact or identity, its fields, and what readers hear.

Apps register their own kinds (``policy.registry``); a change names a kind by its slug.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, cast

from django import forms
from django.db import models
from django.db.models import Q

from policy.actions.desk.fields import (
    REMARKS,
    after,
    field_for,
    has_precision,
    span_fields,
    text_of,
)
from policy.actions.record_events import Notice
from policy.domain.calendar import FederalCalendar
from policy.domain.deadlines import Receipt
from policy.domain.due import Subject
from policy.domain.partial_dates import PartialDate
from policy.domain.roles import Power
from policy.domain.validity import EmptySpan, Span
from policy.models import Change, ChangeItem, Fact, FactQuerySet
from policy.registry import desk_kind_lists

Act = ChangeItem.Act
# What the column holds.
MOST_REVISIONS = 2_147_483_647
Values = Mapping[str, Any]
NOTHING: Subject = ("", "")


def no_receipts(_read: Values, _calendar: FederalCalendar, _today: date) -> Sequence[Receipt]:
    return ()


class BadValues(ValueError):
    """What cannot be read of an item: a sentence by field. ``""`` is the item as a whole."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences = dict(sentences)


@dataclass(frozen=True)
class Kind:
    """One kind of thing that a change writes.

    ``fields`` are the model's, in the order in which they are typed; ``subject`` is what the
    thing belongs to, by kind and public id, for queue and history. ``prepare`` completes an
    unsaved row from what was typed; ``check`` raises BadValues for a row that cannot stand
    beside the rest of the record, once all of a change is written, whether typed or brought
    back. ``receipts`` are the derivations of dates, from what can be read so far, the calendar
    and the Eastern day. What is kept only is written by the desk itself, beside what was typed,
    and can be brought back.
    """

    slug: str
    title: str
    model: type[models.Model]
    fields: tuple[str, ...]
    subject: Callable[[Any], Subject] = lambda _row: NOTHING
    notice: Callable[[Any], Notice | None] | None = None
    power: Power = Power.DRAFT
    prepare: Callable[[Any], None] = lambda _row: None
    check: Callable[[Any], None] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    helps: Mapping[str, str] = field(default_factory=dict)
    receipts: Callable[[Values, FederalCalendar, date], Sequence[Receipt]] = no_receipts
    is_kept_only: bool = False

    @property
    def is_fact(self) -> bool:
        return issubclass(self.model, Fact)

    @property
    def key_fields(self) -> tuple[str, ...]:
        return getattr(self.model, "key_fields", ())

    @property
    def facts(self) -> FactQuerySet:
        """All rows of its model, where that is a kind of fact."""
        return cast(FactQuerySet, self.model._default_manager.all())

    @property
    def acts(self) -> tuple[str, ...]:
        if self.is_kept_only:
            return (Act.RESTORE.value,)
        facts = (Act.SET.value, Act.END.value, Act.RETRACT.value, Act.RESTORE.value)
        return facts if self.is_fact else (Act.CREATE.value, Act.AMEND.value)

    def form_fields(self, act: str) -> dict[str, forms.Field]:
        """The fields that an act of this kind wants, by name."""
        if act == Act.END:
            wanted = [*self.key_fields, "last_day"]
        elif act == Act.RETRACT:
            wanted = [*self.key_fields, "valid_from", "unknown_start", "last_day"]
        elif act == Act.RESTORE:
            wanted = [*self.key_fields, "revision"]
        else:
            wanted = [*self.fields]
            if self.is_fact:
                wanted += [*span_fields(), *REMARKS]
        return {name: self.form_field(name) for name in wanted}

    def form_field(self, name: str) -> forms.Field:
        if name == "revision":
            return forms.IntegerField(
                label="As known after revision", min_value=0, max_value=MOST_REVISIONS
            )
        found = span_fields().get(name) if self.is_fact else None
        found = found or field_for(self.model, name)
        if name in self.labels:
            found.label = self.labels[name]
        if name in self.helps:
            found.help_text = self.helps[name]
        return found

    def readable(self, values: Values, act: str) -> dict[str, Any]:
        """So much of the values as can be read already: a draft may be unfinished."""
        read: dict[str, Any] = {}
        for name, column in self.form_fields(act).items():
            with suppress(forms.ValidationError):
                read[name] = column.clean(values.get(name, ""))
        return read

    def read(self, values: Values, act: str) -> dict[str, Any]:
        """The values as the model has them. Raises BadValues with a sentence by field."""
        read: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, column in self.form_fields(act).items():
            try:
                read[name] = column.clean(values.get(name, ""))
            except forms.ValidationError as refused:
                wrong[name] = str(refused.messages[0])
        if "valid_from" in read and not read["valid_from"] and not read.get("unknown_start"):
            wrong["valid_from"] = "Give the first day, or say that it is not known."
        if act == Act.END and not wrong.get("last_day") and not read.get("last_day"):
            wrong["last_day"] = "Give the last day in force."
        if wrong:
            raise BadValues(wrong)
        return read

    def key(self, read: Mapping[str, Any], change: Change) -> tuple[Any, ...]:
        """The key of a fact, from values that were read; a part of it may be made of others."""
        if not set(self.key_fields) <= set(read):
            key: tuple[Any, ...] = self.row(read, change).key
            return key
        parts = (read[name] for name in self.key_fields)
        return tuple(one.pk if isinstance(one, models.Model) else one for one in parts)

    def row(self, read: Mapping[str, Any], change: Change) -> Any:
        """The unsaved row that an item stands for. Raises BadValues for an impossible span."""
        values = self.columns(read)
        if self.is_fact:
            span = span_of(read)
            values |= dated("valid_from", read["valid_from"])
            values |= {"valid_from": span.start, "valid_until": span.end}
            values |= {name: read[name] for name in REMARKS}
            values |= {"source": change.source, "quote": change.quote}
        row = self.model(**values)
        self.prepare(row)
        return row

    def public_key(self, row: Any) -> str:
        """What names a fact's key in an address: the public ids of its key fields."""
        return ",".join(text_of(getattr(row, name)) for name in self.key_fields)

    def keyed(self, public_key: str) -> dict[str, str]:
        """The typed key fields that such a name stands for."""
        return dict(zip(self.key_fields, public_key.split(","), strict=False))

    def in_force(self, values: Values, on: date) -> Any:
        """The row that the record holds now for the typed key on an Eastern day, or None.

        Where none is in force on the day, the next one that will be.
        """
        if not self.is_fact:
            return None
        read = self.readable({n: values.get(n, "") for n in self.key_fields}, Act.END)
        key = {name: read.get(name) for name in self.key_fields}
        if None in key.values() or "" in key.values():
            return None
        model: Any = self.model
        rows = model.objects.known(None).filter(**key)
        ahead = Q(valid_until__isnull=True) | Q(valid_until__gt=on)
        return rows.filter(ahead).order_by("valid_from").first()

    def columns(self, read: Mapping[str, Any]) -> dict[str, Any]:
        """The model's own fields from values that were read, how exact a date is among them."""
        values = {name: read[name] for name in self.fields}
        for name, value in list(values.items()):
            if has_precision(self.model, name):
                values |= dated(name, value)
        return values

    def values_of(self, row: Any) -> dict[str, Any]:
        """What would be typed to write a row as it stands."""
        values = {name: self.typed(row, name) for name in self.fields}
        if self.is_fact:
            values["valid_from"] = row.since.iso if row.since else ""
            values["unknown_start"] = row.since is None
            values["last_day"] = text_of(row.last_day)
            values |= {name: text_of(getattr(row, name)) for name in REMARKS}
        return values

    def typed(self, row: Any, name: str) -> Any:
        value = getattr(row, name)
        if isinstance(value, date) and has_precision(self.model, name):
            return PartialDate(value, getattr(row, f"{name}_precision")).iso
        return text_of(value)


def dated(name: str, on: PartialDate | None) -> dict[str, Any]:
    """A date and how exactly it is known, as the two columns that hold it."""
    if on is None:
        return {name: None, f"{name}_precision": "day"}
    return {name: on.earliest, f"{name}_precision": on.precision}


def span_of(read: Mapping[str, Any]) -> Span:
    """The half-open span that first and last day mean. Raises BadValues where it is empty."""
    first: PartialDate | None = read["valid_from"]
    start = first.earliest if first and not read.get("unknown_start") else None
    try:
        return Span(start, after(read.get("last_day")))
    except EmptySpan as refused:
        sentence = "The last day lies before the first one."
        raise BadValues({"last_day": sentence}) from refused


@cache
def desk_kinds() -> dict[str, Kind]:
    """Every kind that an app has registered, by slug."""
    return {kind.slug: kind for kinds in desk_kind_lists() for kind in kinds}


def kind_of(slug: str) -> Kind:
    """Raises BadValues for a kind that nobody registered."""
    try:
        return desk_kinds()[slug]
    except KeyError as error:
        raise BadValues({"": f"The desk knows no kind of entry “{slug}”."}) from error


def kind_for(model: type[models.Model]) -> Kind | None:
    """The kind that writes a model, if one does."""
    return next((kind for kind in desk_kinds().values() if kind.model is model), None)
