"""The kinds of sections in record files, and how each is written to the record.

A section knows its schema, the tables behind it, and how to make the record say what the
changed items say. It never decides *what* has changed; ``load_record`` does.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, Literal, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import AutoField, JSONField, Model

from policy.actions.facts import Written, reconcile_keys
from policy.actions.record_events import Notice, events_of
from policy.domain.partial_dates import PartialDate
from policy.domain.validity import Overlap, check_disjoint
from policy.models import Event, Fact, Revision
from policy.registry import Fault, Lookup
from policy.sources.record_schema import Record, reference_of

I = TypeVar("I", bound=Record)  # noqa: E741  # the usual name for an item's type
F = TypeVar("F", bound=Fact)

Changes = Mapping[str, Sequence[Any]]

# Which events a first load leaves behind.
History = Literal["all", "changes", "none"]
HISTORY_KINDS: Mapping[History, Sequence[str]] = {
    "all": Event.Kind.values,
    "changes": (Event.Kind.CHANGED, Event.Kind.MOVED),
    "none": (),
}

BECAUSE_CHANGED = "The starting record was corrected."
BECAUSE_REMOVED = "The starting record no longer says so."


class Directory:
    """Identities by section and key, read from the database when first asked for."""

    def __init__(self, lookups: Mapping[str, Lookup]) -> None:
        self.lookups = lookups
        self._found: dict[str, dict[str, Model]] = {}

    def of(self, section: str) -> dict[str, Model]:
        if section not in self._found:
            model, name = self.lookups[section]
            # A stub has no number that a file could name it by.
            rows = model._default_manager.exclude(**{name: None})
            self._found[section] = {str(getattr(row, name)): row for row in rows}
        return self._found[section]

    def get(self, section: str, key: str) -> Any:
        return self.of(section)[key]

    def add(self, section: str, key: str, row: Model) -> None:
        self.of(section)[key] = row


@dataclass
class Writing:
    """One load in progress: where to write, and what has been written so far."""

    revision: Revision
    directory: Directory
    baseline: bool
    closed: int = 0
    inserted: int = 0
    events: list[Event] = field(default_factory=list)
    identities: Counter[str] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        """Whether anything has been written: the files may differ in form only."""
        return bool(self.closed or self.inserted or self.identities)

    def count(self, written: Written[Any]) -> None:
        self.closed += len(written.closed)
        self.inserted += len(written.inserted)

    def tell(self, events: Iterable[Event], history: History) -> None:
        """Keep the events; a first load keeps those of ``history``, marked as a baseline."""
        kept = HISTORY_KINDS[history] if self.baseline else Event.Kind.values
        for event in events:
            event.baseline = self.baseline
            if event.kind in kept:
                self.events.append(event)


class Section(ABC, Generic[I]):
    """What sections have in common; see ``policy.registry.RecordSection``."""

    name: str
    schema: type[I]
    item_schema: type[Record] | None = None
    lookups: Mapping[str, Lookup] = MappingProxyType({})
    is_chain = False

    def faults(self, item: I) -> Iterator[Fault]:
        return iter(())

    def overlaps(self, items: Sequence[I]) -> str | None:
        return None

    @abstractmethod
    def write(self, changed: Changes, removed: Sequence[str], writing: Writing) -> None:
        """Make the record say what ``changed`` says, by key; ``removed`` keys are gone."""


class IdentitySection(Section[I]):
    """Identities: updated in place for their labels, never deleted."""

    def __init__(self, name: str, schema: type[I], model: type[Model], field_name: str) -> None:
        self.name = name
        self.schema = schema
        self.model = model
        self.lookups = {name: (model, field_name)}

    def faults(self, item: I) -> Iterator[Fault]:
        return field_faults(self.model(**values_of(item, None)), item)

    def write(self, changed: Changes, removed: Sequence[str], writing: Writing) -> None:
        for key, [item] in sorted(changed.items(), key=self.parents_first):
            self.write_one(key, item, writing)

    def parents_first(self, entry: tuple[str, Sequence[Any]]) -> bool:
        """Items that refer to another item of this section come after those that do not."""
        item = entry[1][0]
        return any(
            getattr(item, name)
            for name, info in type(item).model_fields.items()
            if reference_of(info) == self.name
        )

    def write_one(self, key: str, item: I, writing: Writing) -> Model:
        row = save_identity(
            self.model,
            writing.directory.of(self.name).get(key),
            values_of(item, writing.directory),
        )
        writing.directory.add(self.name, key, row)
        writing.identities[self.name] += 1
        return row


class FactSection(Section[I], Generic[I, F]):
    """Facts of one kind: a changed key is superseded, a removed one is closed.

    ``notice`` is what readers are told of such a fact; without it they are told nothing.
    ``history`` says which events a first load leaves: of all facts, of those that took the
    place of another, or none.
    """

    is_chain = True

    def __init__(
        self,
        name: str,
        schema: type[I],
        model: type[F],
        notice: Callable[[F], Notice | None] | None = None,
        history: History = "none",
    ) -> None:
        self.name = name
        self.schema = schema
        self.model = model
        self.notice = notice
        self.history = history

    def build(self, item: I, directory: Directory | None) -> list[F]:
        """An item's unsaved facts; without a directory, their relations are left out."""
        return [self.model(**values_of(item, directory))]

    def faults(self, item: I) -> Iterator[Fault]:
        for row in self.build(item, None):
            yield from field_faults(row, item)

    def overlaps(self, items: Sequence[I]) -> str | None:
        try:
            check_disjoint(row.span for item in items for row in self.build(item, None))
        except Overlap as error:
            return str(error)
        return None

    def fact_key(self, text: str, directory: Directory) -> tuple[Any, ...]:
        """The key that rows of the model have, from the key as files write it."""
        names = self.schema.key_names
        parts = text.split("|", len(names) - 1)
        return tuple(self.key_part(n, p, directory) for n, p in zip(names, parts, strict=True))

    def key_part(self, name: str, text: str, directory: Directory) -> Any:
        section = reference_of(self.schema.model_fields[name])
        if section:
            return directory.get(section, text).pk
        column: Any = self.model._meta.get_field(name)
        return column.to_python(text)

    def write(self, changed: Changes, removed: Sequence[str], writing: Writing) -> None:
        items = [item for said in changed.values() for item in said]
        self.reconcile(self.rows(items, writing.directory), changed, BECAUSE_CHANGED, writing)
        self.reconcile([], removed, BECAUSE_REMOVED, writing)

    def rows(self, items: Sequence[I], directory: Directory) -> list[F]:
        """The unsaved facts of several items."""
        return [row for item in items for row in self.build(item, directory)]

    def reconcile(
        self, rows: Sequence[F], keys: Iterable[str], because: str, writing: Writing
    ) -> None:
        written = reconcile_keys(
            self.model,
            rows,
            keys=[self.fact_key(key, writing.directory) for key in keys],
            revision=writing.revision,
            because=because,
        )
        writing.count(written)
        if self.notice:
            events = events_of(written, self.notice, writing.revision)
            writing.tell(events, self.history)


def values_of(item: Record, directory: Directory | None) -> dict[str, Any]:
    """An item as values of the model's fields; without a directory, relations are left out."""
    values: dict[str, Any] = {}
    for name, info in type(item).model_fields.items():
        value = getattr(item, name)
        section = reference_of(info)
        if section is not None:
            if directory is not None:
                values[name] = directory.get(section, value) if value else None
        elif isinstance(value, PartialDate):
            values[name] = value.earliest
            values[f"{name}_precision"] = value.precision
        else:
            values[name] = value
    return values


def save_identity(model: type[Model], standing: Model | None, values: dict[str, Any]) -> Model:
    """Create an identity, or update the one that stands."""
    row = standing or model()
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def field_faults(row: Model, item: Record) -> Iterator[Fault]:
    """What the model's own fields refuse: unknown choices, texts too long, bad addresses."""
    for column in row._meta.concrete_fields:
        if column.is_relation or isinstance(column, AutoField | JSONField):
            continue
        try:
            column.clean(getattr(row, column.attname), row)
        except ValidationError as error:
            info = type(item).model_fields.get(column.name)
            yield ((info.alias if info and info.alias else column.name,), error.messages[0])
