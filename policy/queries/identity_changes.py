"""What a revision changed in rules, documents, sources and the like: before and after."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, Model, Q

from policy.domain.identity_chain import differences
from policy.models import IdentityState, Revision, said_by

# Identities whose changes a page shows of one revision; of the others it says how many.
MOST = 100
# What rows of other tables are called, by the name of the table and the primary key.
Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class ColumnChange:
    """One column of one identity; texts as they are stored, empty where there was none."""

    identity: str
    column: str
    before: str
    after: str


@dataclass(frozen=True)
class IdentityChanges:
    """What a revision kept of identities: lines of the first ones that say something else.

    ``shown`` and ``more`` count the identities with lines and those without; ``first`` those
    that were kept for the first time, which is no change.
    """

    lines: tuple[ColumnChange, ...]
    shown: int
    more: int
    first: int

    @property
    def without_facts(self) -> str:
        """What a revision that wrote no fact did, as a sentence."""
        if not self.first:
            return "This revision kept a file or raised questions, and recorded or closed no fact."
        whose = (
            "one rule, document, source or the like says of itself"
            if self.first == 1
            else f"{self.first:,} rules, documents, sources and the like say of themselves"
        )
        return f"This revision recorded or closed no fact. It kept for the first time what {whose}."


@dataclass(frozen=True)
class Cell:
    """One column of a state before and after, as it is kept."""

    state: IdentityState
    column: str
    before: object
    after: object

    @property
    def related(self) -> type[Model] | None:
        """The model whose rows the column names, if it names any."""
        fields = apps.get_model(self.state.table)._meta.concrete_fields
        found = next((field for field in fields if field.attname == self.column), None)
        model: type[Model] | None = found.related_model if found else None
        return model


def identity_changes(revision: Revision) -> IdentityChanges:
    """What identities said otherwise before this revision; first states are no change."""
    states = IdentityState.objects.filter(revision=revision)
    counts = states.aggregate(
        first=Count("pk", filter=Q(position=1)), later=Count("pk", filter=Q(position__gt=1))
    )
    first, later = counts["first"], counts["later"]
    wanted = states.filter(position__gt=1).order_by("pk")[:MOST] if later else ()
    cells = list(changed_cells(list(wanted)))
    names = names_of(cells)
    lines = tuple(
        ColumnChange(
            identity_name(cell.state.table, cell.state.values, cell.state.row),
            cell.column.removesuffix("_id").replace("_", " "),
            as_text(cell.before, cell.related, names),
            as_text(cell.after, cell.related, names),
        )
        for cell in cells
    )
    shown = min(later, MOST)
    return IdentityChanges(lines, shown, later - shown, first)


def changed_cells(states: list[IdentityState]) -> Iterator[Cell]:
    """The columns in which each of the states differs from the one before it."""
    wanted = Q(pk__in=())
    for state in states:
        wanted |= Q(table=state.table, row=state.row, position=state.position - 1)
    rows = IdentityState.objects.filter(wanted) if states else ()
    before = {(state.table, state.row): state.values for state in rows}
    for state in states:
        old = before.get((state.table, state.row), {})
        for column in differences(old, state.values):
            yield Cell(state, column, old.get(column), state.values.get(column))


def names_of(cells: Iterable[Cell]) -> Names:
    """What the rows are called that the cells name by primary key; one query for each table."""
    wanted: defaultdict[type[Model], set[Any]] = defaultdict(set)
    for cell in cells:
        if cell.related is not None:
            wanted[cell.related] |= {key for key in (cell.before, cell.after) if key is not None}
    return {
        (model._meta.label_lower, str(key)): row_name(row)
        for model, keys in wanted.items()
        for key, row in model._default_manager.in_bulk(keys).items()
    }


def row_name(row: Model) -> str:
    """As ``identity_name``; a revision's number is its public name."""
    return identity_name(row._meta.label_lower, said_by(row), str(row.pk))


def identity_name(table: str, values: Mapping[str, Any], row: str) -> str:
    """What a sentence calls an identity: its short name, number or key."""
    said = (values.get(name) for name in ("slug", "number", "cited", "identifier"))
    return f"{apps.get_model(table)._meta.verbose_name} {next(filter(None, said), row)}"


def as_text(value: object, related: type[Model] | None, names: Names) -> str:
    if value is None:
        return ""
    if related is not None:
        # A primary key says nothing to a reader, and may mean another row elsewhere.
        return names.get((related._meta.label_lower, str(value)), "a row that is gone")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)
