"""What was recorded over a change since its writers looked, field by field beside their words."""

from dataclasses import dataclass

from policy.actions.desk.fields import text_of
from policy.actions.desk.kinds import BadValues, kind_for, kind_of, span_of
from policy.actions.desk.publish import Stale, check_current
from policy.domain.validity import Span
from policy.models import Change, ChangeItem, Fact


@dataclass(frozen=True)
class Beside:
    """One field in which the record and a change differ, as each would type it."""

    label: str
    recorded: str
    own: str


def recorded_since(change: Change) -> list[Fact]:
    """The facts that were recorded since and stand, newest last; those closed if none does."""
    try:
        check_current(change)
    except Stale as stale:
        standing = [row for row in stale.rows if row.superseded_id is None]
        meant = [row for row in standing if is_for_its_days(change, row)]
        return meant or standing or list(stale.rows)
    return []


def is_for_its_days(change: Change, row: Fact) -> bool:
    """Whether a row is in force on days for which the change says something of its key."""
    kind = kind_for(type(row))
    return any(
        item.kind == kind.slug and row.span.overlaps(span)
        for item in change.items.all()
        if kind and (span := span_written(item))
    )


def span_written(item: ChangeItem) -> Span | None:
    """The days that an item is about, if they can be read."""
    kind = kind_of(item.kind)
    read = kind.readable(item.values, item.act)
    try:
        return span_of({"valid_from": None, **read})
    except BadValues:
        return None


def beside_row(change: Change, row: Fact) -> list[Beside]:
    """The fields in which a recorded row and the change's item of its key differ."""
    kind = kind_for(type(row))
    if kind is None:
        return []
    recorded = kind.values_of(row)
    named = kind.keyed(kind.public_key(row))
    for item in change.items.all():
        if item.kind != kind.slug or any(item.values.get(n) != v for n, v in named.items()):
            continue
        fields = kind.form_fields(item.act)
        pairs = ((n, words(recorded.get(n)), words(item.values.get(n))) for n in fields)
        return [
            Beside(str(kind_of(item.kind).form_field(name).label), theirs, own)
            for name, theirs, own in pairs
            if theirs != own
        ]
    return []


def words(value: object) -> str:
    """A typed value as a table shows it."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(text_of(value))
