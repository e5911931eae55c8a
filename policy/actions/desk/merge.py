"""Words of a change as flat texts by path, so that two writers' can be laid side by side.

An item is named by its kind and its place among those of its kind: ``item/date/1/day``. One
that not all three versions have is a single text, since it is there or not as a whole.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django import forms

from policy.actions.desk.drafts import Item, Words
from policy.actions.desk.kinds import kind_of
from policy.domain.merging import Difference, Flat, Side, differences, merged
from policy.models import Change, Contribution

OWN = ("title", "why", "source", "quote")
LABELS = {
    "title": "Title",
    "why": "Why",
    "source": "Source",
    "quote": "Quote",
    "publish_at": "Publish at",
}
YES, NO = "yes", "no"
# What an item does; a date has a field “act” of its own.
ACT = "@act"


def words_at(change: Change, version: int) -> Words:
    """The words as they were at a version; none where nobody wrote that one."""
    written = change.contributions.filter(step=Contribution.WRITE, version=version).last()
    return words_from_json(written.written or {}) if written else Words("")


def words_from_json(held: Mapping[str, Any]) -> Words:
    at = held.get("publish_at")
    items = (Item(i["kind"], i["act"], i["values"]) for i in held.get("items", ()))
    return Words(
        **{name: held.get(name, "") for name in OWN},
        publish_at=datetime.fromisoformat(at) if at else None,
        items=tuple(items),
    )


def named_items(words: Words) -> dict[str, Item]:
    """The items by kind and place among those of their kind."""
    seen: Counter[str] = Counter()
    named = {}
    for item in words.items:
        seen[item.kind] += 1
        named[f"item/{item.kind}/{seen[item.kind]}"] = item
    return named


def flattened(base: Words, theirs: Words, mine: Words) -> tuple[Flat, Flat, Flat]:
    """The three as flat texts, with the items that all three have field by field."""
    items = [named_items(words) for words in (base, theirs, mine)]
    shared = set.intersection(*map(set, items))
    flat = [flat_of(w, i, shared) for w, i in zip((base, theirs, mine), items, strict=True)]
    return flat[0], flat[1], flat[2]


def flat_of(words: Words, items: Mapping[str, Item], shared: set[str]) -> dict[str, str]:
    flat = {name: str(getattr(words, name)) for name in OWN}
    flat["publish_at"] = words.publish_at.isoformat() if words.publish_at else ""
    for name, item in items.items():
        values = {field: as_text(value) for field, value in item.values.items()}
        if name not in shared:
            flat[name] = json.dumps({ACT: item.act, **values}, ensure_ascii=False)
            continue
        flat[f"{name}/{ACT}"] = item.act
        flat |= {f"{name}/{field}": value for field, value in values.items()}
    return flat


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return str(value)


def words_of_flat(flat: Flat) -> Words:
    """The words again, items in the order of their first path."""
    found: dict[str, dict[str, str]] = {}
    for path, text in flat.items():
        parts = path.split("/")
        if parts[0] == "item":
            fields = json.loads(text) if len(parts) == len(("item", "kind", "1")) else {}
            found.setdefault("/".join(parts[:3]), {}).update(fields or {parts[-1]: text})
    items = tuple(item_of(name.split("/")[1], dict(fields)) for name, fields in found.items())
    at = flat.get("publish_at", "")
    own = {name: flat.get(name, "") for name in OWN}
    publish_at = datetime.fromisoformat(at) if at else None
    return Words(**own, publish_at=publish_at, items=items)


def item_of(slug: str, fields: dict[str, str]) -> Item:
    kind = kind_of(slug)
    act = fields.pop(ACT, kind.acts[0])
    columns = kind.form_fields(act)
    values: dict[str, Any] = {
        name: text == YES if isinstance(columns.get(name), forms.BooleanField) else text
        for name, text in fields.items()
    }
    return Item(slug, act, values)


def what_differs(base: Words, theirs: Words, mine: Words) -> list[Difference]:
    return differences(*flattened(*map(without_blanks, (base, theirs, mine))))


def merged_words(base: Words, theirs: Words, mine: Words, chosen: Mapping[str, Side]) -> Words:
    """What comes of two writers' words. Raises NotChosen where both wrote and nobody chose."""
    flat = flattened(*map(without_blanks, (base, theirs, mine)))
    return words_of_flat(merged(*flat, chosen))


def without_blanks(words: Words) -> Words:
    """A field that is not there says the same as one that is empty."""
    items = (
        replace(item, values={n: v for n, v in item.values.items() if v not in ("", False)})
        for item in words.items
    )
    return replace(words, items=tuple(items))


def label_of(path: str) -> str:
    """What a path is called on the form: "Date of a deadline, Day"."""
    if path in LABELS:
        return LABELS[path]
    _, slug, place, *field = path.split("/")
    kind = kind_of(slug)
    name = kind.title if place == "1" else f"{kind.title} {place}"
    if not field:
        return name
    if field[0] == ACT:
        return f"{name}, what it says"
    try:
        return f"{name}, {kind.form_field(field[0]).label}"
    except (LookupError, ValueError):
        return f"{name}, {field[0]}"
