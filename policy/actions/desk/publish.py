"""From an approved change to facts: one revision, its events, and what depends on them."""

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import JSONField, Q

from policy.actions.desk.amend import amend, held_identity, put_particulars
from policy.actions.desk.fields import after, public_id_of
from policy.actions.desk.kinds import Act, BadValues, Kind, kind_of, span_of
from policy.actions.desk.reopen import reopen_corrected
from policy.actions.facts import Key, Written, clear_portion, reconcile_keys, set_portion
from policy.actions.recompute import recompute_deadlines
from policy.actions.record_events import events_of
from policy.domain.validity import Span
from policy.models import (
    Change,
    DeadlineDate,
    DocumentFact,
    Event,
    Fact,
    FederalClosing,
    Particulars,
    Proposal,
    Revision,
)
from policy.registry import learned_of_documents


class Stale(Exception):
    """The record has changed under the change. ``rows`` are those written since, newest last."""

    def __init__(self, rows: Sequence[Fact]) -> None:
        self.rows = rows
        newest = rows[-1].superseded or rows[-1].recorded
        super().__init__(
            f"{newest.by} has changed {rows[-1]} since this was written ({newest.reason}). "
            "Look at both, and save the change anew."
        )


class SaysNothing(Exception):
    """The record says all of it already. The message is for the person."""


@dataclass(frozen=True)
class Applied:
    """What one change came to: rows closed and inserted, identities made, and the events."""

    written: tuple[Written[Any], ...]
    made: tuple[Any, ...]
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Target:
    """A fact's key that an item writes, and how the item reads."""

    kind: Kind
    act: str
    read: dict[str, Any]
    change: Change

    @property
    def key(self) -> Key:
        return self.kind.key(self.read, self.change)


def check_current(change: Change) -> None:
    """Raises Stale where a fact that the change writes was written after its writers looked."""
    since = Q(recorded__gt=change.based_on) | Q(superseded__gt=change.based_on)
    found: list[Any] = []
    for item in change.items.all():
        kind = kind_of(item.kind)
        if item.act == Act.AMEND:
            named = str(item.values.get(public_id_of(kind.model), ""))
            amended = Particulars.objects.filter(since, kind=kind.slug, public_id=named)
            found += amended.select_related("recorded", "superseded")
        if not kind.is_fact:
            continue
        try:
            key = kind.key(kind.read(item.values, item.act), change)
        except BadValues:
            # It names what the same change makes new, so nobody has written it before.
            continue
        names = (kind.model.attname(name) for name in kind.key_fields)  # type: ignore[attr-defined]
        rows = kind.model._default_manager.filter(since, **dict(zip(names, key, strict=True)))
        found += rows.select_related("recorded", "superseded")
    if found:
        raise Stale(sorted(found, key=lambda row: row.superseded_id or row.recorded_id))


def write_items(change: Change, revision: Revision, *, at: datetime) -> Applied:
    """Write all that a change says into its revision.

    Raises BadValues for what cannot be read or stands against the record, SaysNothing where
    the record says it all already.
    """
    written: list[Written[Any]] = []
    made: list[Any] = []
    events: list[Event] = []
    for item in change.items.all():
        kind = kind_of(item.kind)
        read = kind.read(item.values, item.act)
        if kind.is_fact:
            done = write_fact(Target(kind, item.act, read, change), revision)
            written.append(done)
            if kind.notice:
                events += events_of(done, kind.notice, revision)
        elif item.act == Act.AMEND:
            done = amend(kind, read, change, revision)
            written.append(done)
            events += amended_events(kind, read, done, revision)
        else:
            made.append(make(kind, read, change, revision))
    if not made and not any(written):
        msg = "The record says all of this already, so there is nothing to publish."
        raise SaysNothing(msg)
    more, told = consequences(written, revision, at)
    events += told
    Event.objects.bulk_create(events)
    return Applied((*written, *more), tuple(made), tuple(events))


def amended_events(
    kind: Kind, read: dict[str, Any], done: Written[Any], revision: Revision
) -> list[Event]:
    """What readers are told of an identity that reads otherwise."""
    if not done:
        return []
    held = held_identity(kind, read)
    subject_kind, subject_id = kind.subject(held)
    [row] = done.inserted
    return [
        Event(
            revision=revision,
            kind=Event.Kind.CHANGED,
            subject_kind=subject_kind,
            subject_id=subject_id,
            title=f"{kind.title}: reads otherwise: {row}",
            source_id=row.source_id,
        )
    ]


def write_fact(target: Target, revision: Revision) -> Written[Any]:
    kind, read, because = target.kind, target.read, target.change.why
    model: Any = kind.model
    if target.act == Act.END:
        span = Span(after(read["last_day"]), None)
        return clear_portion(model, target.key, span, revision=revision, because=because)
    if target.act == Act.RETRACT:
        return clear_portion(model, target.key, span_of(read), revision=revision, because=because)
    if target.act == Act.RESTORE:
        return restore(model, target.key, read["revision"], revision, because)
    row = kind.row(read, target.change)
    refuse_faults(row)
    try:
        with transaction.atomic():
            return set_portion(row, revision=revision, because=because)
    except IntegrityError as refused:
        raise BadValues({"": f"The record refuses this: {refused}."}) from refused


def restore(model: Any, key: Key, known: int, revision: Revision, because: str) -> Written[Any]:
    """Make a key's rows what they were after revision ``known``."""
    names = dict(zip((model.attname(n) for n in model.key_fields), key, strict=True))
    rows = [copy(row) for row in model.objects.known(known).filter(**names)]
    return reconcile_keys(model, rows, keys={key}, revision=revision, because=because)


def make(kind: Kind, read: dict[str, Any], change: Change, revision: Revision) -> Any:
    """A new identity. Raises BadValues where one of its name is there already."""
    row = kind.row(read, change)
    if "created" in {column.name for column in row._meta.concrete_fields}:
        row.created = revision
    refuse_faults(row)
    try:
        row.validate_unique()
    except ValidationError as refused:
        sentences = {n: " ".join(s) for n, s in refused.message_dict.items()}
        raise BadValues(
            {n if n in kind.fields else "": s for n, s in sentences.items()}
        ) from refused
    row.save(force_insert=True)
    return row


def refuse_faults(row: Any) -> None:
    """Raises BadValues for what the model's own fields refuse: a text too long, a bad choice."""
    try:
        row.clean_fields(exclude=[f.name for f in row._meta.fields if is_read_already(f)])
    except ValidationError as refused:
        raise BadValues({n: s[0] for n, s in refused.message_dict.items()}) from refused


def is_read_already(column: Any) -> bool:
    """Whether a field of the form has read it: an identity, a list of texts."""
    return bool(column.is_relation) or isinstance(column, JSONField)


def consequences(
    written: Sequence[Written[Any]], revision: Revision, at: datetime
) -> tuple[list[Written[Any]], list[Event]]:
    """What follows from the facts written, in the same revision."""
    models = {type(row) for done in written for row in (*done.closed, *done.inserted)}
    put_particulars(written)
    if DocumentFact in models:
        learned_of_documents(revision)
        inserted = (row for done in written for row in done.inserted)
        reopen_corrected((r for r in inserted if isinstance(r, DocumentFact)), revision)
    if models & {FederalClosing, DeadlineDate}:
        found = recompute_deadlines(revision=revision, at=at)
        return list(found.written), list(found.events)
    return [], []


def accept_proposals(change: Change, revision: Revision) -> None:
    """The proposals that a change answers are closed by its revision."""
    open_ones = change.proposals.filter(state=Proposal.State.OPEN)
    open_ones.update(state=Proposal.State.ACCEPTED, closed=revision)
