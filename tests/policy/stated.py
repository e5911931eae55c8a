"""The record's places and groups as its files state them, for the tests that judge them."""

from datetime import date
from functools import cache
from pathlib import Path

from policy.domain.validity import Span
from policy.sources.record_files import Item, read_record_file
from policy.sources.record_schema import GroupsItem, PlaceItem

RECORD = Path(__file__).parents[2] / "policy" / "record"


@cache
def items(file: str, section: str) -> tuple[Item, ...]:
    read = read_record_file(file, (RECORD / file).read_bytes())
    assert read.problems == ()
    return tuple(item for item in read.items if item.section == section)


@cache
def places() -> dict[str, PlaceItem]:
    said = [PlaceItem.model_validate(item.data) for item in items("places.yaml", "places")]
    found = {place.key: place for place in said}
    assert len(found) == len(said)
    return found


@cache
def statements() -> tuple[GroupsItem, ...]:
    return tuple(GroupsItem.model_validate(item.data) for item in items("tiers.yaml", "groups"))


def span_of(statement: GroupsItem) -> Span:
    start = statement.valid_from
    return Span(start.earliest if start else None, statement.valid_until)


def in_force(scheme: str, day: date) -> list[GroupsItem]:
    return [s for s in statements() if s.scheme == scheme and day in span_of(s)]


def groups_on(scheme: str, day: date) -> dict[str, set[str]]:
    """The places of each group, apart from those that only follow another place."""
    found: dict[str, set[str]] = {}
    for statement in in_force(scheme, day):
        if not statement.derived_from:
            found.setdefault(statement.group, set()).update(statement.places)
    return found


def group_of(scheme: str, key: str, day: date) -> str | None:
    found = [s.group for s in in_force(scheme, day) if key in s.places]
    assert len(found) <= 1, (key, day, found)
    return found[0] if found else None


def words(text: str) -> set[str]:
    return set(text.split())
