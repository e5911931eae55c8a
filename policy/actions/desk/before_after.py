"""How a change reads: each item as value before and after, and what its writers wrote when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models

from policy.actions.desk.fields import public_id_of
from policy.actions.desk.kinds import Act, BadValues, Kind, kind_of
from policy.domain.redline import Gap, Paragraph, redline, shortened
from policy.domain.workflow import State, Step
from policy.models import Change, ChangeItem, Contribution, Fact, Particulars

# Texts from this length on are shown as a redline.
LONG = 60
# Acts of which every field is typed.
TYPED = (Act.SET, Act.CREATE, Act.AMEND)
SPAN_NAMES = {"valid_from", "unknown_start", "last_day", "revision"}


@dataclass(frozen=True)
class Line:
    """One field before and after, as people read it; ``redline`` where both are long texts."""

    label: str
    before: str
    after: str
    error: str = ""
    redline: tuple[Paragraph | Gap, ...] = ()

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class ShownItem:
    """One item of a change beside what the record says, or said before it was published."""

    title: str
    act: str
    lines: tuple[Line, ...]
    days_before: str
    days_after: str
    errors: tuple[str, ...]
    is_new: bool


def shown_items(change: Change, known: int | None) -> list[ShownItem]:
    """The items beside what the record held after revision ``known``; None is the newest."""
    return [shown_item(item, known) for item in change.items.all()]


def shown_item(item: ChangeItem, known: int | None) -> ShownItem:
    kind = kind_of(item.kind)
    try:
        read, wrong = kind.read(item.values, item.act), {}
        if kind.is_fact:
            kind.key(read, item.change)
    except BadValues as refused:
        read, wrong = {}, refused.sentences
    rows = rows_before(kind, read, item.change, known) if kind.is_fact and read else []
    row = best_row(rows, read)
    before = kind.values_of(row) if row else amended_before(kind, item, read, known)
    after = after_values(kind, item, row, read)
    lines = tuple(lines_of(kind, item.act, before, after, wrong))
    errors = tuple(sentence for name, sentence in wrong.items() if not name)
    act = item.get_act_display()
    days = days_of(row) if row else ""
    return ShownItem(kind.title, act, lines, days, days_after(item, read), errors, not before)


def amended_before(
    kind: Kind, item: ChangeItem, read: Mapping[str, Any], known: int | None
) -> Mapping[str, Any]:
    """What an item amends: as it is now, or as it was before the change was published."""
    if item.act != Act.AMEND or not read:
        return {}
    name = public_id_of(kind.model)
    held = kind.model._default_manager.filter(**{name: read[name]}).first()
    if known is not None:
        public_id = str(read[name])
        rows = Particulars.objects.filter(kind=kind.slug, public_id=public_id)
        closed = rows.filter(superseded=known + 1).order_by("pk").last()
        return closed.values if closed else {}
    return kind.values_of(held) if held else {}


def rows_before(
    kind: Kind, read: Mapping[str, Any], change: Change, known: int | None
) -> list[Any]:
    relations = [n for n in kind.fields if is_relation(kind, n)]
    rows = kind.facts.known(known).of_key(kind.key(read, change))
    return sorted(rows.select_related(*relations), key=lambda row: row.span.sort_key)


def is_relation(kind: Kind, name: str) -> bool:
    return isinstance(kind.model._meta.get_field(name), models.ForeignKey)


def best_row(rows: Sequence[Any], read: Mapping[str, Any]) -> Any:
    """The row that stands on the first day written, or else the last one before it."""
    first = read.get("valid_from") or read.get("last_day")
    day = getattr(first, "earliest", first)
    standing = [
        row for row in rows if day is None or row.valid_from is None or row.valid_from <= day
    ]
    return (standing or list(rows) or [None])[-1]


def after_values(
    kind: Kind, item: ChangeItem, row: Any, read: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What the fields will say, as it would be typed."""
    if item.act in TYPED or not read:
        return dict(item.values)
    if item.act == Act.RESTORE:
        restored = best_row(rows_before(kind, read, item.change, read["revision"]), {})
        return kind.values_of(restored) if restored else {}
    kept = kind.values_of(row) if row and item.act == Act.END else {}
    return {**kept, **item.values}


def lines_of(
    kind: Kind,
    act: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    wrong: Mapping[str, str],
) -> Iterator[Line]:
    names = kind.form_fields(act) if act in TYPED else kind.form_fields(Act.SET)
    for name, column in names.items():
        one, other = words(column, before.get(name, "")), words(column, after.get(name, ""))
        error = wrong.get(name, "")
        if (name in SPAN_NAMES or not (one or other)) and not error:
            continue
        yield Line(str(column.label), one, other, error, redline_of(one, other))


def words(column: forms.Field, value: Any) -> str:
    """A typed value as people read it."""
    if isinstance(column, forms.BooleanField):
        return "yes" if value in (True, "on", "true", "True", "1") else ""
    if isinstance(column, forms.ChoiceField):
        labels = {str(key): str(label) for key, label in flat(column.choices) if key}
        return labels.get(str(value), str(value))
    return str(value)


def flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def redline_of(before: str, after: str) -> tuple[Paragraph | Gap, ...]:
    if not before or not after or before == after or max(len(before), len(after)) < LONG:
        return ()
    return tuple(shortened(redline(before, after)))


def days_of(row: Fact) -> str:
    first = row.since.iso if row.since else "before the first source"
    return f"{first} to {row.last_day.isoformat() if row.last_day else 'further notice'}"


def days_after(item: ChangeItem, read: Mapping[str, Any]) -> str:
    if item.act == Act.RETRACT:
        return "never"
    if item.act == Act.RESTORE:
        return f"as known after revision {item.values.get('revision', '')}"
    if item.act == Act.END:
        return f"until {item.values.get('last_day') or 'a day that is not given'}"
    if "valid_from" not in read:
        return ""
    first = read["valid_from"].iso if read["valid_from"] else "before the first source"
    last = read["last_day"].isoformat() if read["last_day"] else "further notice"
    return f"{first} to {last}"


@dataclass(frozen=True)
class Turn:
    """One line of a change's trail; ``wrote`` are the words that it altered, old and new."""

    contribution: Contribution
    wrote: tuple[tuple[str, str, str], ...]

    @property
    def step(self) -> str:
        return TURNS.get(self.contribution.step, self.contribution.step.capitalize())

    @property
    def heading(self) -> str:
        return f"{self.step} by {self.contribution.who}"


TURNS = {
    "write": "Written",
    "submit": "Submitted",
    "take back": "Taken back",
    "return": "Returned",
    "approve": "Approved",
    "apply": "Published",
    "discard": "Discarded",
    "restore": "Taken up again",
    "publish at once": "Published at once",
    "review": "Reviewed",
    "read hold": "Has read the legal hold",
}


def trail_of(contributions: Sequence[Contribution]) -> list[Turn]:
    """The trail, oldest first, each writing with what it altered in the words before it."""
    found = []
    before: dict[str, str] = {}
    for one in contributions:
        wrote: tuple[tuple[str, str, str], ...] = ()
        if one.step == Contribution.WRITE and one.written:
            after = dict(flat_words(one.written))
            wrote = tuple(altered(before, after))
            before = after
        found.append(Turn(one, wrote))
    return found


def returned_by(change: Change, trail: Sequence[Turn]) -> Turn | None:
    """The line that says why a change lies with its writers again; None where it does not."""
    if change.state != State.RETURNED:
        return None
    return next((turn for turn in reversed(trail) if turn.contribution.step == Step.RETURN), None)


def altered(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name, ""), after.get(name, "")
        if one != other:
            yield name, one, other


def flat_words(written: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("title", "why", "source", "quote", "publish_at"):
        yield name.replace("_", " ").capitalize(), str(written.get(name) or "")
    for place, item in enumerate(written.get("items", []), start=1):
        yield f"Item {place}", f"{item['kind']}, {item['act']}"
        for name, value in item["values"].items():
            yield f"Item {place}: {name.replace('_', ' ')}", str(value)
