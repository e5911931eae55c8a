"""A change that begins with what the record says: its first item and its title."""

from datetime import date

from policy.actions.desk.drafts import Item, Words
from policy.actions.desk.fields import public_id_of
from policy.actions.desk.kinds import Act, Kind, kind_of


def begun(slug: str, public_key: str, on: date) -> Words:
    """The words of a new change of one kind, with the values in force on an Eastern day.

    Where the record holds nothing of that key, the key alone. Raises BadValues for a kind
    that nobody registered.
    """
    kind = kind_of(slug)
    if not kind.is_fact and public_key:
        return amending(kind, public_key)
    item = filled(Item(slug, kind.acts[0], kind.keyed(public_key) if public_key else {}), on)
    return Words(title=title_of(kind, item, on), items=(item,))


def amending(kind: Kind, public_id: str) -> Words:
    """The words of a change of what an identity is called, with what it is called now."""
    name = public_id_of(kind.model)
    held = kind.model._default_manager.filter(**{name: public_id}).first()
    values = kind.values_of(held) if held else {name: public_id}
    act = Act.AMEND if held else Act.CREATE
    title = f"{kind.title}: {held}" if held else kind.title
    return Words(title=title[:200], items=(Item(kind.slug, act.value, values),))


def filled(item: Item, on: date) -> Item:
    """The item with the values that the record has in force for its key."""
    kind = kind_of(item.kind)
    row = kind.in_force(item.values, on)
    if row is None:
        return item
    # What ends or takes back is of the same key and days; the other values are not its own.
    values = kind.values_of(row)
    wanted = kind.form_fields(item.act)
    if item.act == Act.END:
        values["last_day"] = item.values.get("last_day", "")
    return Item(item.kind, item.act, {n: v for n, v in values.items() if n in wanted})


def title_of(kind: Kind, item: Item, on: date) -> str:
    row = kind.in_force(item.values, on)
    named = getattr(row, kind.key_fields[0]) if row is not None else ""
    return f"{kind.title}: {named}"[:200] if named else kind.title
