"""Words that are spelled nearly like a word of the list."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from entities.domain.spelling import LONGEST_FORM, MOST_FORMS, Spelling, errors_possible

unhurried = settings(deadline=None)

NAMES = [
    ("beijing", "zhipu", "huazhang"), ("sugon",), ("inspur", "group"), ("yitu", "face"), ("ai",),
]  # fmt: skip
SPELLING = Spelling.build(NAMES)

any_word = st.text("abcdz3", min_size=1, max_size=9)
vocabularies = st.lists(any_word, max_size=15).map(lambda words: [(word,) for word in words])


@pytest.mark.parametrize(
    ("word", "near"),
    [("zhipo", "zhipu"), ("zhpiu", "zhipu"), ("zipu", "zhipu"), ("zhippu", "zhipu"),
     ("sugom", "sugon"), ("inspru", "inspur"), ("huazang", "huazhang"), ("hauzhagn", "huazhang"),
     ("yituface", "yituface"), ("yitufaec", "yituface")],
)  # fmt: skip
def test_a_wrong_missing_doubled_or_swapped_letter_is_forgiven(word: str, near: str) -> None:
    assert SPELLING.near(word) == [near]


@pytest.mark.parametrize(
    "word", ["zzzzz", "zhp", "zopi", "su", "a", "ai", "", "sogen", "hzuahagn", "x" * 30]
)
def test_a_word_that_differs_by_too_much_is_near_to_nothing(word: str) -> None:
    assert SPELLING.near(word) == []


@unhurried
@given(vocabularies, any_word)
def test_near_forms_are_known_within_the_errors_possible_and_none_is_nearer(
    names: list[tuple[str]], word: str
) -> None:
    spelling = Spelling.build(names)
    near = spelling.near(word)
    distances = {OSA.distance(word, form) for form in near}
    least = min((OSA.distance(word, form) for form in spelling.known), default=99)
    assert set(near) <= spelling.known
    assert len(near) <= MOST_FORMS
    assert distances <= {least}
    assert bool(near) == (least <= errors_possible(word) and len(word) >= 3)


@unhurried
@given(st.text("abcdefghij", min_size=3, max_size=LONGEST_FORM), st.data())
def test_a_missing_letter_is_found_in_any_word_that_is_long_enough(
    word: str, data: st.DataObject
) -> None:
    gap = data.draw(st.integers(0, len(word) - 1))
    mistyped = word[:gap] + word[gap + 1 :]
    assume(len(mistyped) >= 3)
    assert Spelling.build([(word,)]).near(mistyped) == [word]


def test_short_and_endless_words_are_no_forms_but_a_short_name_joined_is() -> None:
    spelling = Spelling.build([("ai", "lab"), ("x" * (LONGEST_FORM + 1),)])
    assert spelling.known == {"lab", "ailab"}
