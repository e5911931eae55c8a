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
from policy.actions.desk.reopen import reopen_answered, reopen_corrected
from policy.actions.facts import Key, Written, clear_portion, reconcile_keys, set_portion
from policy.actions.recompute import Recomputed, recompute_deadlines
from policy.actions.record_events import events_of
from policy.domain.validity import Span
from policy.models import (
    Change,
    DeadlineDate,
    DocumentFact,
    Event,
    Fact,
    FederalClosing,
    IdentityState,
    Particulars,
    Proposal,
    Revision,
)
from policy.registry import learned_of_documents

TAKES_AWAY = (Act.END, Act.RETRACT)


class Stale(Exception):
    """The record has changed under the change.

    ``rows`` are the facts written since, newest last: none where only an identity's columns were.
    """

    def __init__(self, what: object, newest: Revision, rows: Sequence[Fact] = ()) -> None:
        self.rows = rows
        super().__init__(
            f"{newest.by} has changed {what} since this was written ({newest.reason}). "
            "Look at both, and save the change anew."
        )


class SaysNothing(Exception):
    """The record says all of it already. The message is for the person."""


@dataclass(frozen=True)
class Applied:
    """What one change came to: rows closed and inserted, identities made, and the events.

    ``learned`` is that part of what was written which follows from what documents say.
    """

    written: tuple[Written[Any], ...]
    made: tuple[Any, ...]
    events: tuple[Event, ...]
    learned: tuple[Written[Any], ...] = ()


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
    """Raises Stale where what the change writes was written after its writers looked."""
    since = Q(recorded__gt=change.based_on) | Q(superseded__gt=change.based_on)
    found: list[Any] = []
    for item in change.items.all():
        kind = kind_of(item.kind)
        if item.act == Act.AMEND:
            named = str(item.values.get(public_id_of(kind.model), ""))
            amended = Particulars.objects.filter(since, kind=kind.slug, public_id=named)
            found += amended.select_related("recorded", "superseded")
            if not found:
                check_columns(kind, named, change)
        if not kind.is_fact:
            continue
        try:
            key = kind.key(kind.read(item.values, item.act), change)
        except BadValues:
            # It names what the same change makes new, so nobody has written it before.
            continue
        rows = kind.facts.of_key(key).filter(since)
        found += rows.select_related("recorded", "superseded")
    if found:
        found.sort(key=lambda row: row.superseded_id or row.recorded_id)
        raise Stale(found[-1], found[-1].superseded or found[-1].recorded, found)


def check_columns(kind: Kind, public_id: str, change: Change) -> None:
    """Raises Stale where an import or a record file has since changed what an identity says."""
    try:
        held = held_identity(kind, {public_id_of(kind.model): public_id})
    except BadValues:
        return
    states = IdentityState.objects.filter(table=held._meta.label_lower, row=str(held.pk))
    # The first says what was there already: kept late, it is no change.
    newest = states.filter(revision__gt=change.based_on, position__gt=1).order_by("pk").last()
    if newest is not None:
        raise Stale(held, newest.revision)


def write_items(change: Change, revision: Revision, *, at: datetime) -> Applied:
    """Write all that a change says into its revision.

    Raises BadValues for what cannot be read or stands against the record, SaysNothing where
    the record says it all already.
    """
    written: list[Written[Any]] = []
    made: list[Any] = []
    events: list[Event] = []
    put: list[Target] = []
    for item in change.items.all():
        kind = kind_of(item.kind)
        read = kind.read(item.values, item.act)
        put.append(Target(kind, item.act, read, change))
        if kind.is_fact:
            done = write_fact(put[-1], revision)
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
    learned = took_in(written, revision)
    counted = recounted(written, revision, at)
    check_standing(put)
    reopen_answered(change, revision)
    events += counted.events
    Event.objects.bulk_create(events)
    every = (*written, *learned, *counted.written)
    return Applied(every, tuple(made), tuple(events), tuple(learned))


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
    rows = [copy(row) for row in model.objects.known(known).of_key(key)]
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


def took_in(written: Sequence[Written[Any]], revision: Revision) -> list[Written[Any]]:
    """What follows in the same revision from what identities are called and documents say."""
    put_particulars(written)
    if DocumentFact not in models_of(written):
        return []
    try:
        with transaction.atomic():
            learned = learned_of_documents(revision)
    except IntegrityError as refused:
        sentence = "What follows from this day cannot stand beside the record"
        raise BadValues({"": f"{sentence}: {refused}."}) from refused
    inserted = (row for done in written for row in done.inserted)
    reopen_corrected((r for r in inserted if isinstance(r, DocumentFact)), revision)
    return learned


def recounted(written: Sequence[Written[Any]], revision: Revision, at: datetime) -> Recomputed:
    """What follows in the same revision from closings and from dates that are counted."""
    if not models_of(written) & {FederalClosing, DeadlineDate}:
        return Recomputed()
    return recompute_deadlines(revision=revision, at=at)


def models_of(written: Sequence[Written[Any]]) -> set[type[Any]]:
    return {type(row) for done in written for row in (*done.closed, *done.inserted)}


def check_standing(put: Sequence[Target]) -> None:
    """Ask each kind whether what a change has put can stand beside the rest of the record.

    All of it is written by then, so that the order of its items does not count. What only ends
    or takes away is not asked. Raises BadValues with the kind's sentence.
    """
    for target in put:
        if target.kind.check is not None and target.act not in TAKES_AWAY:
            for row in standing_rows(target):
                target.kind.check(row)


def standing_rows(target: Target) -> list[Any]:
    """What the record holds of what an item names: a fact's rows, or an identity."""
    if not target.kind.is_fact:
        return [held_identity(target.kind, target.read)]
    return list(target.kind.facts.known(None).of_key(target.key).order_by("pk"))


def accept_proposals(change: Change, revision: Revision) -> None:
    """The proposals that a change answers are closed by its revision."""
    open_ones = change.proposals.filter(state=Proposal.State.OPEN)
    open_ones.update(state=Proposal.State.ACCEPTED, closed=revision)
