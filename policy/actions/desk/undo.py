"""Undoing what a change did: by another change, which a second person approves too.

What a change wrote in so many words is brought back. Dates that were counted anew after it are
brought back with it; the listings that follow what is known of documents are dated anew by what
is then known, once the undoing is published.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from policy.actions.desk.amend import unamended
from policy.actions.desk.drafts import Item, Words, start_change
from policy.actions.desk.kinds import BadValues, Kind, desk_kinds, kind_of
from policy.actions.desk.reopen import answered_by, asked_anew_by
from policy.actions.facts import Key
from policy.domain.workflow import State
from policy.models import (
    Change,
    ChangeItem,
    Fact,
    Particulars,
    Revision,
    User,
    fact_models,
)
from policy.registry import follows_documents

RESTORE = ChangeItem.Act.RESTORE.value


class CannotUndo(Exception):
    """What a change did cannot be undone, or not any more. The message is for the person."""


@dataclass(frozen=True)
class Undo:
    """What undoing a change comes to.

    ``items`` bring each fact back to what was known before. ``refusals`` say what stands
    against it, ``remains`` what will be there afterwards all the same.
    """

    items: tuple[Item, ...]
    refusals: tuple[str, ...]
    remains: tuple[str, ...]


def undo_of(change: Change) -> Undo:
    """What undoing an applied change would take; nothing is written."""
    revision = Revision.objects.filter(change=change).first()
    if revision is None:
        return Undo((), ("Only a published change can be undone.",), ())
    items: list[Item] = []
    refusals: list[str] = []
    for kind, row in written_by(change, revision):
        later = list(written_since(row, revision))
        item = restoring(kind, row, revision)
        if item is not None:
            items.append(item)
        elif not later:
            refusals.append(f"“{row}” reads otherwise by now, and not by the desk: amend it anew.")
        refusals += later
    refusals += beyond_the_desk(revision)
    remains = tuple(remaining(change))
    if not items:
        refusals.append("It wrote no fact that could be brought back.")
    return Undo(tuple(items), tuple(dict.fromkeys(refusals)), remains)


def undo_change(change: Change, *, because: str, by: User, at: datetime) -> Change:
    """A draft that undoes a published change; ``because`` is its reason.

    Raises CannotUndo with what stands against it, NotPermitted without the power to write its
    kinds, and has then written nothing.
    """
    if not because.strip():
        msg = "Say why it is undone: history shows the reason for good."
        raise CannotUndo(msg)
    with transaction.atomic():
        # The row is held, so that two people do not undo it at once.
        held = Change.objects.select_for_update(of=("self",)).get(pk=change.pk)
        check_not_undone(held)
        found = undo_of(held)
        if found.refusals:
            raise CannotUndo(" ".join([*found.refusals, *found.remains]))
        words = Words(
            title=f"Undo: {held.title}"[:200],
            why=because.strip(),
            source=held.source.slug if held.source else "",
            quote=held.quote,
            items=found.items,
        )
        draft = start_change(words, by=by, at=at)
        draft.undoes = held
        draft.save(update_fields=["undoes"])
        # What an undoing asked anew is answered again where that is undone in its turn.
        draft.proposals.set(asked_anew_by(held))
    return draft


def check_not_undone(change: Change) -> None:
    other = change.undone_by.exclude(state=State.DISCARDED).order_by("pk").last()
    if other is not None:
        msg = f"Change {other.pk} undoes it already; it is {other.state}."
        raise CannotUndo(msg)


def written_by(change: Change, revision: Revision) -> Iterator[tuple[Kind, Fact]]:
    """One row for each fact that a change's revision closed or inserted, with its kind.

    Those that follow from documents are not among them, unless the change names them.
    """
    named = named_by(change)
    for model, kind in kinds_by_model().items():
        seen: set[Key] = set()
        for row in touched(model, revision.number):
            follows = follows_documents(model) and (model, row.key) not in named
            if row.key not in seen and not follows:
                seen.add(row.key)
                yield kind, row


def named_by(change: Change) -> set[tuple[type[Any], Key]]:
    """The facts that the items of a published change write, by model and key."""
    found: set[tuple[type[Any], Key]] = set()
    for item in change.items.all():
        kind = kind_of(item.kind)
        if kind.is_fact:
            # What was published can be read, unless its kind has changed since.
            with suppress(BadValues):
                found.add((kind.model, kind.key(kind.read(item.values, item.act), change)))
    return found


def beyond_the_desk(revision: Revision) -> Iterator[str]:
    """A sentence for each kind of fact in a revision that the desk cannot bring back."""
    for model in fact_models():
        if model in kinds_by_model() or follows_documents(model):
            continue
        if count := len({row.key for row in touched(model, revision.number)}):
            name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
            yield f"It wrote {count} {name} too, which the desk has no form to bring back."


def kinds_by_model() -> dict[type[Any], Kind]:
    """The first kind that writes each model of facts."""
    found: dict[type[Any], Kind] = {}
    for kind in desk_kinds().values():
        if kind.is_fact:
            found.setdefault(kind.model, kind)
    return found


def touched(model: Any, number: int) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(Q(recorded=number) | Q(superseded=number))
    return rows.order_by("pk")


def restoring(kind: Kind, row: Fact, revision: Revision) -> Item | None:
    """What brings a fact back to what it was before a revision; None where nothing can.

    What something is called is amended again: its columns may have been changed by others.
    """
    if isinstance(row, Particulars):
        before = unamended(row, revision)
        return None if before is None else Item(row.kind, ChangeItem.Act.AMEND.value, before)
    values = {name: kind.typed(row, name) for name in kind.key_fields}
    return Item(kind.slug, RESTORE, {**values, "revision": str(revision.number - 1)})


def written_since(row: Fact, revision: Revision) -> Iterator[str]:
    """A sentence for each later revision that has written the same fact."""
    model: Any = type(row)
    number = revision.number
    later = Q(recorded__gt=number) | Q(superseded__gt=number)
    rows = model.objects.of_key(row.key).filter(later).select_related("recorded", "superseded")
    found = {r.number: r for one in rows for r in (one.recorded, one.superseded) if r}
    for _, one in sorted(found.items()):
        if one.number > number:
            yield f"{one.by} has changed “{row}” since, in {one}: {one.reason}"


def remaining(change: Change) -> Iterator[str]:
    """A sentence for each thing that an undoing leaves or asks anew.

    An identity that the change made keeps its public id; proposals that it answered are open
    questions again.
    """
    for item in change.items.all():
        kind = kind_of(item.kind)
        if item.act == ChangeItem.Act.CREATE:
            name = item.values.get("slug") or item.values.get("number") or ""
            yield f"{kind.title} “{name}” stays: what has once had an address is never unmade."
    if change.state == State.APPLIED:
        for proposal in answered_by(change):
            yield f"Proposal {proposal.pk}, “{proposal.title}”, is asked anew."
