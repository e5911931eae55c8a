"""The chain: any field, any order and any entry that is altered shows, whatever the values."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.chain import (
    GENESIS,
    KEPT,
    Act,
    Digest,
    Group,
    Link,
    Sealed,
    canonical,
    digest_row,
    link_hash,
    seal_hash,
)

AT = datetime(2026, 10, 1, 12, tzinfo=UTC)
texts = st.text(max_size=12)
scalars = st.none() | st.booleans() | st.integers(-9, 9) | texts | st.dates()
values = scalars | st.lists(scalars, max_size=3) | st.dictionaries(texts, scalars, max_size=3)
rows = st.fixed_dictionaries({group: st.dictionaries(texts, values, max_size=4) for group in Group})
links = st.builds(
    Link,
    chain=texts,
    position=st.integers(1, 99),
    act=st.sampled_from(Act),
    revision=st.integers(1, 99),
    digest=st.builds(digest_row, rows),
    because=texts,
)


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (None, b"null"),
        ("", b'""'),
        (True, b"true"),
        (1, b"1"),
        ("1", b'"1"'),
        (date(2025, 1, 13), b'"2025-01-13"'),
        (time(23, 59), b'"23:59:00"'),
        (AT, b'"2026-10-01T12:00:00+00:00"'),
        ({"b": [1, None], "a": "§"}, b'{"a":"\\u00a7","b":[1,null]}'),
        (Group.DAYS, b'"the days on which it is in force"'),
    ],
)
def test_a_value_has_one_spelling(value: object, spelled: bytes) -> None:
    assert canonical(value) == spelled


def test_an_instant_is_spelled_alike_in_every_zone() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=-4)))
    assert canonical(elsewhere) == canonical(AT)


def test_what_names_no_instant_or_has_no_spelling_is_refused() -> None:
    with pytest.raises(ValueError, match="names no instant"):
        canonical(datetime(2026, 10, 1, 12))  # noqa: DTZ001  # that it has no zone is the point
    with pytest.raises(TypeError, match="bytes has no canonical form"):
        canonical(b"x")


@given(st.dictionaries(texts, values, max_size=5))
def test_the_order_in_which_a_mapping_was_made_does_not_count(said: dict[str, Any]) -> None:
    assert canonical(dict(reversed(said.items()))) == canonical(said)


@given(rows, st.sampled_from(Group), st.text(min_size=1, max_size=5), values, values)
def test_a_changed_field_changes_the_digest_and_the_beginnings_name_its_group(
    row: dict[Group, Any], group: Group, name: str, before: Any, after: Any
) -> None:
    one = digest_row({**row, group: {**row[group], name: before}})
    other = digest_row({**row, group: {**row[group], name: after}})
    differ = canonical(before) != canonical(after)
    assert (one != other) == differ
    assert other.differs_in(one.parts) == ([group] if differ else [])


@given(rows)
def test_a_digest_keeps_the_beginning_of_each_group(row: dict[Group, Any]) -> None:
    digest = digest_row(row)
    assert len(digest.whole) == 32
    assert len(digest.parts) == KEPT * len(Group)


def chain_of(said: list[Link]) -> list[bytes]:
    hashes, previous = [], GENESIS
    for link in said:
        previous = link_hash(previous, link)
        hashes.append(previous)
    return hashes


OTHERS: dict[str, Any] = {
    "chain": "another",
    "position": 100,
    "act": "other",
    "revision": 100,
    "because": "something that no text of twelve letters is",
    "digest": Digest(bytes(32), bytes(32)),
}


@given(st.lists(links, min_size=1, max_size=5), st.data(), st.sampled_from(sorted(OTHERS)))
def test_any_field_of_any_entry_changes_its_hash_and_all_that_follow(
    said: list[Link], data: st.DataObject, name: str
) -> None:
    place = data.draw(st.integers(0, len(said) - 1))
    altered = [*said]
    altered[place] = replace(said[place], **{name: OTHERS[name]})
    before, after = chain_of(said), chain_of(altered)
    assert before[:place] == after[:place]
    assert all(one != other for one, other in zip(before[place:], after[place:], strict=True))


@given(st.lists(links, min_size=2, max_size=5), st.data())
def test_entries_in_another_order_or_without_one_end_in_another_hash(
    said: list[Link], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(said) - 2))
    swapped = [*said]
    swapped[place], swapped[place + 1] = said[place + 1], said[place]
    if swapped != said:
        assert chain_of(swapped)[-1] != chain_of(said)[-1]
    without = said[:place] + said[place + 1 :]
    assert chain_of(without)[-1] != chain_of(said)[-1]


SEALED = Sealed(7, AT, "an editor", "desk", "A reason", 3)


@pytest.mark.parametrize(
    "other",
    [
        {"number": 8},
        {"recorded_at": AT + timedelta(microseconds=1)},
        {"by": "another editor"},
        {"kind": "import"},
        {"reason": ""},
    ],
    ids=lambda other: next(iter(other)),
)
def test_a_seal_covers_every_column_of_its_revision(other: dict[str, Any]) -> None:
    assert seal_hash(GENESIS, SEALED, []) != seal_hash(GENESIS, replace(SEALED, **other), [])


hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=5, unique=True)


@given(hashes, st.data())
def test_a_seal_covers_its_entries_their_order_and_their_number(
    entries: list[bytes], data: st.DataObject
) -> None:
    other = data.draw(st.permutations(entries) | hashes)
    one, count = seal_hash(GENESIS, SEALED, entries)
    assert count == len(entries)
    assert (one == seal_hash(GENESIS, SEALED, other)[0]) == (entries == other)


@given(st.binary(min_size=32, max_size=32))
def test_a_seal_follows_the_one_before(previous: bytes) -> None:
    same = previous == GENESIS
    assert (seal_hash(previous, SEALED, []) == seal_hash(GENESIS, SEALED, [])) == same
