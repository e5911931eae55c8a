"""How alike names are to a query, and in which order."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.domain.names import fold
from entities.domain.ranking import Likeness, Reading, Rendition, alike_words
from entities.domain.trigrams import TrigramIndex

unhurried = settings(deadline=None)

ZHIPU = "Beijing Zhipu Huazhang Technology"
NAMES = [
    *("Zhipu AI", ZHIPU, "Huawei Technologies", "Sugon", "Dawning Information Industry"),
    "Beijing Sense Time Technology",
]

some_words = st.lists(st.sampled_from(["vega", "glass", "star", "sea"]), min_size=1, max_size=3)
some_names = st.lists(some_words.map(" ".join), min_size=1, max_size=8)


def ranked(names: Sequence[str], *queries: str, least: float = 0) -> list[Likeness]:
    words = [fold(name).words for name in names]
    rendition = Rendition(words, list(map("".join, words)), TrigramIndex.build(words))
    readings = [Reading(fold(query).words, fold(query).joined) for query in queries]
    found = rendition.likenesses(readings, least=least, count=20, keep=None)
    return sorted(found, key=lambda likeness: -likeness.score)


@pytest.mark.parametrize(
    ("query", "name"),
    [(ZHIPU, ZHIPU), ("zhipu huazhang", ZHIPU), ("technology huazhang zhipu beijing", ZHIPU),
     ("zhi pu hua zhang", ZHIPU), ("huazang zhipo", ZHIPU), ("zhipu", "Zhipu AI"),
     ("sugom", "Sugon"), ("hua wei", "Huawei Technologies"), ("sensetime", NAMES[5]),
     ("dawning industry", NAMES[4]), ("dawn info industry", NAMES[4])],
)  # fmt: skip
def test_the_name_that_is_meant_comes_first(query: str, name: str) -> None:
    assert NAMES[ranked(NAMES, query)[0].place] == name


@unhurried
@given(some_names, st.sampled_from(["vega", "sea glass", "star vega", "glas", "x"]))
def test_scores_run_from_0_to_99_and_each_name_comes_once(names: list[str], query: str) -> None:
    found = ranked(names, query)
    assert all(0 <= likeness.score <= 99 for likeness in found)
    assert len({likeness.place for likeness in found}) == len(found)


@unhurried
@given(some_names, st.data())
def test_nothing_is_likelier_than_the_name_itself(names: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(names) - 1))
    scores = {likeness.place: likeness.score for likeness in ranked(names, names[place])}
    assert scores[place] >= max(scores.values()) - 1e-3
    assert scores[place] > 97


@unhurried
@given(some_names, st.integers(0, 100))
def test_nothing_below_the_least_score_is_given(names: list[str], least: int) -> None:
    every = ranked(names, "sea glass")
    found = ranked(names, "sea glass", least=least)
    assert {one.place for one in found} == {one.place for one in every if one.score >= least}


@pytest.mark.parametrize(
    ("closer", "farther"),
    [("sugon", "sugom"), ("sugom", "sogum"), ("zhipu huazhang", "zhipu huazang"),
     ("beijing zhipu huazhang technology", "zhipu huazhang"), ("zhipu huazhang", "zhipu"),
     ("huawei technologies", "huawei technology")],
)  # fmt: skip
def test_a_query_that_is_closer_to_a_name_scores_higher(closer: str, farther: str) -> None:
    (higher, *_) = ranked(NAMES, closer)
    lower = [one.score for one in ranked(NAMES, farther) if one.place == higher.place]
    assert higher.score > max(lower, default=0)


def test_a_name_that_the_query_fills_goes_before_a_longer_one() -> None:
    names = ["Glass and Stone Works of Baku", "Glass Works", "Glass"]
    assert [likeness.place for likeness in ranked(names, "glass")] == [2, 1, 0]


def test_a_rare_word_decides_where_a_common_one_does_not() -> None:
    names = ["Sea Works", "Star Works", "Kunlun Machines"]
    assert names[ranked(names, "kunlun works")[0].place] == "Kunlun Machines"


def test_of_several_readings_the_likeliest_is_told() -> None:
    (found, *_) = ranked(NAMES, "hua chang", "zhipu huazhang")
    assert (found.place, found.reading) == (1, 1)


@pytest.mark.parametrize(
    ("word", "form", "low", "high"),
    [("zhipu", "zhipu", 1.0, 1.0), ("zhipo", "zhipu", 0.7, 0.9),
     ("tech", "technology", 0.75, 0.95), ("t", "technology", 0.5, 0.7),
     ("zhipu", "beijing", 0.0, 0.0), ("co", "cp", 0.0, 0.0)],
)  # fmt: skip
def test_words_are_alike_by_their_errors_or_their_beginning(
    word: str, form: str, low: float, high: float
) -> None:
    assert low <= float(alike_words([word], [form])[0, 0]) <= high


@unhurried
@given(st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=6))
def test_each_word_is_wholly_alike_itself_and_nothing_is_more(words: list[str]) -> None:
    table = alike_words(words, words)
    assert (table.diagonal() == 1).all()
    assert ((table >= 0) & (table <= 1)).all()
