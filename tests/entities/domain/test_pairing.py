"""Which row of a new list is which listing of the old one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.domain.pairing import Candidate, Pairing, pair

unhurried = settings(deadline=None)

Rows = list[Candidate[str]]

PLACES = ("baku: sea glass", "lima: sea glass", "lima: arc light")


def row(item: str, says: str, listed_by: str = "90 FR 1", place: str = PLACES[0]) -> Candidate[str]:
    return Candidate(place, says, listed_by, item)


cells = st.tuples(st.sampled_from(PLACES), st.sampled_from("abc"), st.sampled_from(["90", "91"]))
# Many rows share name, text or citation; what a row says includes what listed it.
lists = st.lists(cells, max_size=9).map(
    lambda drawn: [
        row(f"row {at}", says + cited, cited, place)
        for at, (place, says, cited) in enumerate(drawn)
    ]
)


def named(rows: Rows, item: str) -> Candidate[str]:
    (found,) = (one for one in rows if one.item == item)
    return found


def counts(found: Pairing[str, str]) -> tuple[int, int, int, int]:
    return len(found.same), len(found.revised), len(found.added), len(found.gone)


@unhurried
@given(lists, lists)
def test_every_old_and_every_new_row_appears_exactly_once(old: Rows, new: Rows) -> None:
    found = pair(old, new)
    paired = found.same + found.revised
    olds = [*(before for before, _ in paired), *found.gone]
    news = [*(after for _, after in paired), *found.added]
    assert sorted(olds) == sorted(one.item for one in old)
    assert sorted(news) == sorted(one.item for one in new)


@unhurried
@given(lists, lists)
def test_pairs_share_their_place_and_the_same_ones_alone_their_text(old: Rows, new: Rows) -> None:
    found = pair(old, new)
    for before, after in found.same + found.revised:
        one, other = named(old, before), named(new, after)
        assert one.place == other.place
        assert (one.digest == other.digest) is ((before, after) in found.same)


@unhurried
@given(lists, lists, st.data())
def test_the_order_of_the_lists_pairs_neither_more_nor_less(
    old: Rows, new: Rows, data: st.DataObject
) -> None:
    other_old, other_new = data.draw(st.permutations(old)), data.draw(st.permutations(new))
    assert counts(pair(other_old, other_new)) == counts(pair(old, new))
    assert counts(pair(old, other_old)) == (len(old), 0, 0, 0)


@unhurried
@given(lists, lists)
def test_pairing_backwards_swaps_what_was_added_and_what_is_gone(old: Rows, new: Rows) -> None:
    same, revised, added, gone = counts(pair(old, new))
    assert counts(pair(new, old)) == (same, revised, gone, added)


def test_two_listings_of_one_name_are_told_apart_by_what_listed_them() -> None:
    old = [row("first", "a", listed_by="90 FR 1"), row("second", "b", listed_by="91 FR 2")]
    new = [row("late", "d", listed_by="91 FR 2"), row("early", "c", listed_by="90 FR 1")]
    assert sorted(pair(old, new).revised) == [("first", "early"), ("second", "late")]


def test_the_last_two_left_of_a_name_are_one_listing_revised() -> None:
    old = [row("stays", says="a"), row("moved", says="b", listed_by="90 FR 1")]
    new = [row("moves", says="c", listed_by="92 FR 3"), row("stood", says="a")]
    found = pair(old, new)
    assert found.same == [("stays", "stood")]
    assert found.revised == [("moved", "moves")]


@pytest.mark.parametrize(
    ("before", "after", "revised", "added", "gone"),
    [(1, 1, 1, 0, 0), (1, 2, 0, 2, 1), (2, 1, 0, 1, 2), (2, 2, 0, 2, 2)],
)
def test_where_several_are_left_of_a_name_nothing_is_guessed(
    before: int, after: int, revised: int, added: int, gone: int
) -> None:
    old = [row(f"old {at}", says=f"a{at}", listed_by=f"90 FR {at}") for at in range(before)]
    new = [row(f"new {at}", says=f"b{at}", listed_by=f"91 FR {at}") for at in range(after)]
    assert counts(pair(old, new)) == (0, revised, added, gone)


def test_a_row_that_says_the_same_goes_before_one_of_the_same_citation() -> None:
    found = pair([row("old", says="a")], [row("cited", says="b"), row("equal", says="a")])
    assert found == Pairing(same=[("old", "equal")], added=["cited"])
