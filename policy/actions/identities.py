"""Keeping what identities say: each that a revision wrote leaves a state, if it says something new.

``new_revision`` alone calls this. Whatever is saved inside a revision is noted by itself, so
that no import can forget it; rows that go to the database in bulk are noted by who writes them.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_save

from policy.actions.bulk import chunks
from policy.domain.chain import GENESIS
from policy.domain.identity_chain import State
from policy.models import IDENTITIES, IdentityState, Revision, said_by
from policy.models.identities import columns_of

Noted = dict[type[Model], dict[Any, None]]
_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)


@contextmanager
def noting_identities() -> Iterator[Noted]:
    """The identities that are saved while the block lasts, in the order of their first save."""
    noted: Noted = {}
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def note_identities(rows: Iterable[Model]) -> None:
    """Note identities that were written; without effect outside a revision."""
    noted = _noted.get()
    if noted is not None:
        for row in rows:
            noted.setdefault(type(row), {})[row.pk] = None


def note_saved(instance: Model, **_kwargs: object) -> None:
    note_identities([instance])


def follow_identities() -> None:
    """Note every save of an identity; called once, when the app is ready."""
    for model in IDENTITIES:
        post_save.connect(note_saved, sender=model, dispatch_uid=f"identity {model._meta.label}")


def keep_identities(noted: Noted, revision: Revision) -> None:
    """A state for each noted identity whose columns say something else than its newest one."""
    for model, keys in noted.items():
        for chunk in chunks(list(keys)):
            keep(model, chunk, revision)


def keep(model: type[Model], keys: Sequence[Any], revision: Revision) -> None:
    """Rows are read anew: what is kept is what the table holds, in the form that it gives back."""
    label = model._meta.label_lower
    newest = newest_states(label, [str(key) for key in keys])
    rows = model._default_manager.in_bulk(keys)
    fresh = []
    for key in keys:
        if key not in rows:
            continue
        said, before = said_by(rows[key]), newest.get(str(key))
        if before is None or before.values != said:
            position, previous = (before.position, bytes(before.hash)) if before else (0, GENESIS)
            state = State(label, str(key), position + 1, revision.number, said)
            fresh.append(IdentityState(**columns_of(state, previous)))
    IdentityState.objects.bulk_create(fresh, batch_size=500)


def newest_states(table: str, rows: Sequence[str]) -> dict[str, IdentityState]:
    """The newest state of each row that has one."""
    states = IdentityState.objects.filter(table=table, row__in=rows).order_by("position")
    return {state.row: state for state in states}
