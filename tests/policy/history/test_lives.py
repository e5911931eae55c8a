"""Reading a chain back: whatever is altered in it, or in the rows that it tells of, is found."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policy.domain.chain import GENESIS, Act, Digest, Group, Link, digest_row, link_hash
from policy.domain.lives import Finding, Life, Replay, difference, explain

RECORD = "country group kh|d5"


def digest(says: object = "d5", days: object = None, source: object = 1) -> Digest:
    key = {"country_id": "kh"}
    said = {Group.KEY: key, Group.DAYS: days, Group.SAYS: says, Group.SOURCE: source}
    return digest_row(said)


@st.composite
def chains(draw: st.DrawFn) -> list[Link]:
    """A chain as actions write it: rows are inserted, and open ones closed."""
    links: list[Link] = []
    standing: list[Digest] = []
    for position in range(1, draw(st.integers(1, 7)) + 1):
        revision = position
        closes: bool = draw(st.booleans())
        if standing and closes:
            closed = standing.pop(draw(st.integers(0, len(standing) - 1)))
            links.append(Link("c", position, Act.CLOSED, revision, closed, "So."))
        else:
            row = digest(says=position)
            standing.append(row)
            links.append(Link("c", position, Act.INSERTED, revision, row))
    return links


Written = list[tuple[Link, bytes]]


def written(links: list[Link]) -> Written:
    found, previous = [], GENESIS
    for link in links:
        previous = link_hash(previous, link)
        found.append((link, previous))
    return found


def read(entries: Written) -> Replay:
    replay = Replay(RECORD)
    for link, hashed in entries:
        replay.take(link, hashed)
    return replay


def lives_of(links: list[Link]) -> list[Life]:
    """The reference: what the rows of the table are, from the chain as it was written."""
    found = []
    for link in links:
        if link.act == Act.INSERTED:
            later = (c for c in links[link.position :] if c.digest == link.digest)
            closing = next((c for c in later if c.act == Act.CLOSED), None)
            end = (closing.revision, closing.because) if closing else (None, "")
            found.append(Life(link.revision, link.digest, *end))
    return found


@given(chains())
def test_a_chain_as_it_was_written_tells_of_its_rows_and_of_no_fault(links: list[Link]) -> None:
    replay = read(written(links))
    assert replay.findings == []
    assert replay.lives == lives_of(links)


ALTERED: dict[str, Any] = {
    "chain": "another",
    "act": Act.CLOSED,
    "revision": 99,
    "because": "Otherwise.",
    "digest": digest("forged"),
}


@given(chains(), st.data(), st.sampled_from(sorted(ALTERED)))
def test_an_altered_entry_is_found(links: list[Link], data: st.DataObject, name: str) -> None:
    entries = written(links)
    place = data.draw(st.integers(0, len(entries) - 1))
    link, hashed = entries[place]
    assume(getattr(link, name) != ALTERED[name])
    entries[place] = (replace(link, **{name: ALTERED[name]}), hashed)
    assert read(entries).findings != []


@given(chains(), st.data())
def test_an_entry_with_another_hash_is_found(links: list[Link], data: st.DataObject) -> None:
    entries = written(links)
    place = data.draw(st.integers(0, len(entries) - 1))
    entries[place] = (entries[place][0], bytes(32))
    assert read(entries).findings != []


@given(chains(), st.data())
def test_an_entry_taken_out_is_found_in_the_chain_or_in_its_rows(
    links: list[Link], data: st.DataObject
) -> None:
    entries = written(links)
    place = data.draw(st.integers(0, len(entries) - 1))
    del entries[place]
    replay = read(entries)
    assert replay.findings != [] or replay.lives != lives_of(links)


@given(chains(), st.data())
def test_two_entries_in_another_order_are_found(links: list[Link], data: st.DataObject) -> None:
    entries = written(links)
    assume(len(entries) > 1)
    place = data.draw(st.integers(0, len(entries) - 2))
    entries[place], entries[place + 1] = entries[place + 1], entries[place]
    assert read(entries).findings != []


ROW = Life(1, digest())
CLOSED = replace(ROW, closed=2, because="So.")


@pytest.mark.parametrize(
    ("told", "row", "sentence"),
    [
        (ROW, replace(ROW, digest=digest("x")), "what it says was altered behind"),
        (ROW, replace(ROW, digest=digest(days=1)), "the days on which it is in force was altered"),
        (ROW, replace(ROW, digest=digest(source=2)), "its source, quote or note was altered"),
        (ROW, replace(ROW, digest=replace(digest(), whole=bytes(32))), "a field was altered"),
        (CLOSED, ROW, "that revision 2 closed and that stands open again"),
        (ROW, CLOSED, "stands closed by revision 2, which did not do so"),
        (CLOSED, replace(CLOSED, closed=3), "that revision 2 closed, and not 3"),
        (CLOSED, replace(CLOSED, because="x"), "whose reason of closing, by revision 2, was"),
    ],
)
def test_how_a_row_differs_is_said_in_a_sentence(told: Life, row: Life, sentence: str) -> None:
    assert sentence in difference(told, row)
    (found,) = explain(RECORD, [told], [row])
    assert str(found).startswith("Country group kh|d5 has a row of revision 1 ")


def test_a_row_is_compared_with_the_one_that_it_has_most_in_common_with() -> None:
    one, other = Life(1, digest("a", days=1)), Life(2, digest("b", days=2))
    bent = [replace(other, digest=digest("b", days=3)), replace(one, digest=digest("c", days=1))]
    assert [
        (f.revision, f.sentence.partition(" in which ")[2])
        for f in explain(RECORD, [one, other], bent)
    ] == [
        (1, "what it says was altered behind the application's back."),
        (2, "the days on which it is in force was altered behind the application's back."),
    ]


def test_what_has_nothing_in_common_is_one_row_gone_and_another_put_in() -> None:
    stranger = Life(7, Digest(bytes(32), bytes(32)))
    assert explain(RECORD, [ROW], [stranger]) == [
        Finding(RECORD, 1, "lacks the row that revision 1 recorded."),
        Finding(RECORD, 7, "has a row said to be of revision 7 that no revision recorded."),
    ]
