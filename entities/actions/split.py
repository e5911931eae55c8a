"""What the record holds as one party and is two: the words of the change that takes it apart.

Nothing is moved: what is the other party's ends with the first and begins with the second, on
the same days and with the same values, so that the history of both says what happened.
"""

from collections.abc import Collection, Iterator
from typing import Any

from entities.models import Address, Entity, ListedUnder, Ownership, PartyName
from policy.actions.desk.drafts import Item, Words
from policy.actions.desk.fields import text_of
from policy.actions.desk.kinds import Act, BadValues, Kind, desk_kinds
from policy.models import Fact

# What may belong to the other party. Its listing is the list's own and comes with the next one.
MOVABLE = (PartyName, Address, ListedUnder, Ownership)


def movable(entity: Entity) -> list[Any]:
    """The facts recorded now that a person may give to the other party."""
    return [
        row
        for model in MOVABLE
        for row in model.objects.known(None).filter(entity=entity).order_by("pk")
    ]


def split_words(entity: Entity, *, slug: str, chosen: Collection[tuple[str, int]]) -> Words:
    """The change that makes a party ``slug`` of ``chosen``: pairs of a kind's slug and a row's id.

    Raises BadValues where nothing was chosen, or all of its names.
    """
    kinds = {kind.model: kind for kind in desk_kinds().values()}
    rows = [row for row in movable(entity) if (kinds[type(row)].slug, row.pk) in chosen]
    names = PartyName.objects.known(None).filter(entity=entity).count()
    if not any(isinstance(row, PartyName) for row in rows):
        raise BadValues({"": "Choose at least one name: the other party needs one."})
    if sum(isinstance(row, PartyName) for row in rows) == names:
        raise BadValues({"": "Leave at least one name: this party needs one."})
    items = [Item("new-entity", Act.CREATE.value, {"slug": slug})]
    items += [item for row in rows for item in moved(row, kinds[type(row)], slug)]
    return Words(title=f"Split {slug} off {entity.slug}", items=tuple(items))


def moved(row: Fact, kind: Kind, slug: str) -> Iterator[Item]:
    """A row's end with the one party, and the same with the other."""
    values = kind.values_of(row)
    key = {name: text_of(getattr(row, name)) for name in kind.key_fields}
    span = {name: values[name] for name in ("valid_from", "unknown_start", "last_day")}
    yield Item(kind.slug, Act.RETRACT.value, {**key, **span})
    yield Item(kind.slug, Act.SET.value, {**values, "entity": slug})
