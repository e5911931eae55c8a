"""The index of letter trigrams."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.domain.trigrams import TrigramIndex, Words, trigram_set

unhurried = settings(deadline=None)

NAMES: tuple[Words, ...] = (
    ("beijing", "zhipu", "huazhang"), ("zhipu",), ("huawei",), ("sea", "glass"), ("glass", "sea"),
)  # fmt: skip

name_words = st.lists(st.text("abcd3", min_size=1, max_size=6), min_size=1, max_size=4).map(tuple)
name_lists = st.lists(name_words, min_size=1, max_size=12)


def shared_trigrams(one: Words, other: Words) -> set[int]:
    return set(trigram_set([one]).tolist()) & set(trigram_set([other]).tolist())


@unhurried
@given(name_lists, st.data())
def test_an_exact_name_comes_first(names: list[Words], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(names) - 1))
    index = TrigramIndex.build(names)
    found = index.overlap([names[place]]) / index.lengths
    assert found[place] >= found.max() - 1e-3


@unhurried
@given(name_lists, name_words)
def test_a_name_shares_something_exactly_when_it_shares_a_trigram(
    names: list[Words], query: Words
) -> None:
    overlap = TrigramIndex.build(names).overlap([query])
    assert [bool(share > 0) for share in overlap] == [
        bool(shared_trigrams(name, query)) for name in names
    ]


@pytest.mark.parametrize(
    "query",
    [("zhipu", "huazhang"), ("zhi", "pu", "hua", "zhang"), ("zhipuhuazhang",), ("huazang", "zhipu"),
     ("zhipu", "huazhnag", "beijing")],
)  # fmt: skip
def test_spacing_order_and_a_typing_error_leave_the_name_the_likeliest(query: Words) -> None:
    found = TrigramIndex.build(NAMES).overlap([query])
    assert int(found.argmax()) == 0


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    names = [("glass", "vega"), *(("glass", f"{letter * 4}") for letter in "bcdfhjk")]
    index = TrigramIndex.build(names)
    assert index.overlap([("vega",)])[0] > index.overlap([("glass",)])[0]


@pytest.mark.parametrize("query", [(), ("",), ("qqqq",), ("0000", "1111")])
def test_a_query_that_shares_nothing_finds_nothing(query: Words) -> None:
    assert not TrigramIndex.build(NAMES).overlap([query]).any()


def test_no_names_and_a_name_without_letters_share_nothing() -> None:
    assert TrigramIndex.build([]).overlap([("zhipu",)]).tolist() == []
    assert (TrigramIndex.build([(), ("zhipu",)]).overlap([("zhipu",)]) > 0).tolist() == [
        False,
        True,
    ]


def test_more_names_than_one_portion_keep_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = TrigramIndex.build(NAMES)
    monkeypatch.setattr("entities.domain.trigrams.PORTION", 2)
    in_portions = TrigramIndex.build(NAMES)
    for name in NAMES:
        assert np.array_equal(in_portions.overlap([name]), whole.overlap([name]))


def test_trigrams_that_most_names_share_are_left_out_for_rarer_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("entities.domain.trigrams.MOST_POSTINGS", 20)
    names = [("vega", "technology"), *(("technology", f"{at:04}") for at in range(60))]
    found = TrigramIndex.build(names).overlap([("vega", "technology")])
    assert int(found.argmax()) == 0
    assert not found[1:].any()
