"""What a revision changed in rules, documents, sources and the like: before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q

from policy.domain.identity_chain import differences
from policy.models import IdentityState, Revision

# What a page takes of one revision; a larger one is read with verify_history's tables.
MOST = 100


@dataclass(frozen=True)
class ColumnChange:
    """One column of one identity; texts as they are stored, empty where there was none."""

    identity: str
    column: str
    before: str
    after: str


def identity_changes(revision: Revision) -> list[ColumnChange]:
    """What identities said otherwise before this revision; first states are no change."""
    states = list(
        IdentityState.objects.filter(revision=revision, position__gt=1).order_by("pk")[:MOST]
    )
    if not states:
        return []
    wanted = Q()
    for state in states:
        wanted |= Q(table=state.table, row=state.row, position=state.position - 1)
    before = {(s.table, s.row): s.values for s in IdentityState.objects.filter(wanted)}
    return [
        ColumnChange(
            identity_name(state.table, state.values, state.row),
            column.removesuffix("_id").replace("_", " "),
            as_text(before.get((state.table, state.row), {}).get(column)),
            as_text(state.values.get(column)),
        )
        for state in states
        for column in differences(before.get((state.table, state.row), {}), state.values)
    ]


def identity_name(table: str, values: Mapping[str, Any], row: str) -> str:
    """What a sentence calls an identity: its short name, number or key."""
    said = (values.get(name) for name in ("slug", "number", "cited", "identifier"))
    return f"{apps.get_model(table)._meta.verbose_name} {next(filter(None, said), row)}"


def as_text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
