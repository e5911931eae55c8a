"""Writing a change: drafts that several people may write, none of whom loses the other's words."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from policy.actions.desk.kinds import BadValues, Kind, kind_of
from policy.models import (
    Change,
    ChangeItem,
    Contribution,
    Proposal,
    Revision,
    Source,
    User,
)
from policy.permissions import check_power


class Outdated(Exception):
    """Somebody else has written the change since; ``change`` is as it stands now."""

    def __init__(self, change: Change, written: Contribution | None) -> None:
        self.change, self.written = change, written
        who = f"{written.who} has changed this" if written else "This has changed"
        super().__init__(f"{who} since you opened it: nothing of yours was saved.")


class NotWritable(Exception):
    """The change has been submitted, published or discarded. The message is for the person."""


@dataclass(frozen=True)
class Item:
    """One thing that a change is to write, as it was typed."""

    kind: str
    act: str = ChangeItem.Act.SET.value
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """All that the writers of a change decide. ``source`` is the slug of a source."""

    title: str
    why: str = ""
    source: str = ""
    quote: str = ""
    publish_at: datetime | None = None
    items: tuple[Item, ...] = ()

    def as_json(self) -> dict[str, Any]:
        items = [{"kind": i.kind, "act": i.act, "values": dict(i.values)} for i in self.items]
        publish_at = self.publish_at.isoformat() if self.publish_at else ""
        own = {"title": self.title, "why": self.why, "source": self.source, "quote": self.quote}
        return {**own, "publish_at": publish_at, "items": items}


def start_change(
    words: Words, *, by: User, at: datetime, proposals: Sequence[Proposal] = ()
) -> Change:
    """A new draft. Raises BadValues for a kind that is unknown, NotPermitted without its power."""
    check_kinds(words, by)
    with transaction.atomic():
        change = Change(author=by, created_at=at, based_on=newest_revision())
        put_words(change, words)
        change.save()
        change.proposals.set(proposals)
        put_items(change, words.items)
        contribute(change, by=by, at=at, step=Contribution.WRITE, written=words.as_json())
    return change


def write_change(  # noqa: PLR0913  # what is written over what, by whom and when
    change: Change,
    words: Words,
    *,
    version: int,
    by: User,
    at: datetime,
    based_on: int | None = None,
) -> Change:
    """Save what ``by`` has written over version ``version``; the same words again are no write.

    ``based_on`` is the newest revision that the writer has been shown since. Raises Outdated,
    NotWritable, BadValues or NotPermitted, and has then written nothing.
    """
    check_kinds(words, by)
    with transaction.atomic():
        held = locked(change)
        check_writable(held)
        for item in held.items.all():
            check_power(by, kind_of(item.kind).power)
        if held.version != version:
            raise Outdated(held, last_written(held))
        if words_of(held) == words and based_on in (None, held.based_on):
            return held
        put_words(held, words)
        held.version += 1
        # Nobody has seen what is not recorded yet.
        held.based_on = max(held.based_on, min(based_on or 0, newest_revision()))
        held.save()
        held.items.all().delete()
        put_items(held, words.items)
        contribute(held, by=by, at=at, step=Contribution.WRITE, written=words.as_json())
    return held


def check_kinds(words: Words, by: User) -> None:
    """Raises BadValues for an act that a kind does not have, NotPermitted without its power."""
    for item in words.items:
        kind = kind_of(item.kind)
        if item.act not in kind.acts:
            raise BadValues({"": f"{kind.title}: “{item.act}” is not possible here."})
        check_power(by, kind.power)
    if not words.items:
        raise BadValues({"": "A change has to write something."})


def put_words(change: Change, words: Words) -> None:
    change.title, change.why, change.quote = words.title[:200], words.why, words.quote
    change.source = Source.objects.filter(slug=words.source).first() if words.source else None
    if words.source and change.source is None:
        raise BadValues({"source": f"The record holds no source “{words.source}”."})
    change.publish_at = words.publish_at
    change.subject_kind, change.subject_id = subject_of(words)


def put_items(change: Change, items: Sequence[Item]) -> None:
    ChangeItem.objects.bulk_create(
        ChangeItem(change=change, position=n, kind=i.kind, act=i.act, values=dict(i.values))
        for n, i in enumerate(items, start=1)
    )


def subject_of(words: Words) -> tuple[str, str]:
    """What the first item that can be read belongs to; nothing while none can."""
    for item in words.items:
        kind = kind_of(item.kind)
        if found := subject_of_item(kind, item):
            return found
    return "", ""


def subject_of_item(kind: Kind, item: Item) -> tuple[str, str] | None:
    """What an item belongs to, so far as it can be read; a draft may be unfinished."""
    read = {}
    for name, column in kind.form_fields(item.act).items():
        with suppress(forms.ValidationError):
            read[name] = column.clean(item.values.get(name, ""))
    try:
        found = kind.subject(kind.model(**{n: v for n, v in read.items() if n in kind.fields}))
    except (AttributeError, ObjectDoesNotExist):
        return None
    # A kind may name what its row would belong to by a column that is not there yet.
    return found if all(found) else None


def words_of(change: Change) -> Words:
    """What the writers of a change have decided so far."""
    items = tuple(Item(i.kind, i.act, i.values) for i in change.items.all())
    source = change.source.slug if change.source else ""
    return Words(change.title, change.why, source, change.quote, change.publish_at, items)


def locked(change: Change) -> Change:
    """The change as it stands, held until the transaction ends."""
    # ``of``: the source may be missing, and a missing row cannot be held.
    rows = Change.objects.select_for_update(of=("self",)).select_related("source", "author")
    return rows.get(pk=change.pk)


def check_writable(change: Change) -> None:
    if not change.is_writable:
        msg = f"This change is {change.state} and stays as it is; take it back first."
        raise NotWritable(msg)


def last_written(change: Change) -> Contribution | None:
    written = change.contributions.filter(step=Contribution.WRITE)
    return written.select_related("by").order_by("pk").last()


def contribute(  # noqa: PLR0913  # who did what with what, and when
    change: Change,
    *,
    by: User | None,
    at: datetime,
    step: str,
    note: str = "",
    written: dict[str, Any] | None = None,
) -> Contribution:
    """Note who did what with a change, and when; nobody is the clock."""
    return Contribution.objects.create(
        change=change, by=by, at=at, step=step, version=change.version, note=note, written=written
    )


def newest_revision() -> int:
    last = Revision.objects.order_by("number").last()
    return last.number if last else 0
