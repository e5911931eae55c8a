"""Words of a name that only say what kind of body a party is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.domain.legal_forms import strip_legal_suffix, without_legal_words

unhurried = settings(deadline=None)

# Parts of proper names, none of which names a legal form.
PROPER = ["zhipu", "huazhang", "vega", "romashka", "technology", "glass", "38", "beijing"]
FORMS = [
    *("co ltd", "ltd", "llc", "inc", "corporation", "company limited", "gmbh", "ag", "sa", "s a"),
    *("limited liability company", "joint stock company", "public joint stock company", "ooo"),
    *("pao", "ao", "oao", "fgup", "pte ltd", "sdn bhd", "pt", "sp z oo", "s r l", "l l c", "bv"),
    *("kabushiki kaisha", "obshchestvo s ogranichennoy otvetstvennostyu", "fze", "w l l", "ab"),
]
proper_names = st.lists(st.sampled_from(PROPER), min_size=1, max_size=4).map(tuple)
forms = st.sampled_from(FORMS).map(lambda form: tuple(form.split()))

Words = tuple[str, ...]


def stripped(name: str) -> str:
    return " ".join(strip_legal_suffix(tuple(name.split())))


@pytest.mark.parametrize("form", FORMS)
@unhurried
@given(name=proper_names)
def test_a_legal_form_is_dropped_from_either_end_of_a_name(form: str, name: Words) -> None:
    words = tuple(form.split())
    assert strip_legal_suffix(words + name) == strip_legal_suffix(name + words) == name
    assert strip_legal_suffix(name) == name
    assert strip_legal_suffix(words) == words


@unhurried
@given(proper_names, st.lists(forms, max_size=2), st.lists(forms, max_size=2))
def test_several_forms_are_dropped_at_once_and_for_good(
    name: Words, before: list[Words], after: list[Words]
) -> None:
    once = strip_legal_suffix((*sum(before, ()), *name, *sum(after, ())))
    assert strip_legal_suffix(once) == once


@pytest.mark.parametrize(
    ("name", "core"),
    [("huawei technologies co ltd beijing", "huawei technologies beijing"),
     ("beijing zhipu huazhang technology co ltd", "beijing zhipu huazhang technology"),
     ("pt indo", "indo"), ("ao nii girikond", "nii girikond"), ("fabryka sp z oo", "fabryka"),
     ("vega limited liability company moscow branch", "vega moscow branch")],
)  # fmt: skip
def test_a_form_inside_or_in_front_of_a_name_is_dropped_too(name: str, core: str) -> None:
    assert stripped(name) == core


@pytest.mark.parametrize(
    "name",
    ["stock exchange of tehran", "state university press", "institute as such", "new se asia lines",
     "liability insurance bureau", "open society", "public works", "ventosa trading"],
)  # fmt: skip
def test_words_that_name_no_form_where_they_stand_are_kept(name: str) -> None:
    assert stripped(name) == name


@pytest.mark.parametrize(
    ("query", "core"),
    [("stock polimer joint", "polimer"), ("liability vega limited company", "vega"),
     ("company limited vega", "vega"), ("stok polimer joint", "polimer"),
     ("vega limted liabilty company", "vega")],
)  # fmt: skip
def test_words_of_a_form_are_left_out_of_order_and_misspelled(query: str, core: str) -> None:
    assert " ".join(without_legal_words(tuple(query.split()), {"polimer", "vega"})) == core


@pytest.mark.parametrize(
    "query", ["zhipu huazhang", "open energy", "a and b", "joint stock company", "limited", ""]
)
def test_a_query_without_a_form_or_with_nothing_else_is_left_whole(query: str) -> None:
    words = tuple(query.split())
    assert without_legal_words(words, ()) == words


def test_a_known_word_is_not_taken_for_a_misspelled_form() -> None:
    words = ("vega", "stack", "company", "limited")
    assert without_legal_words(words, {"vega", "stack"}) == ("vega", "stack")
    assert without_legal_words(words, {"vega"}) == ("vega",)


@unhurried
@given(st.lists(st.sampled_from([*PROPER, *" ".join(FORMS).split()]), max_size=7).map(tuple))
def test_what_is_left_is_some_of_the_words_in_their_order(words: Words) -> None:
    for left in (strip_legal_suffix(words), without_legal_words(words, PROPER)):
        remaining = iter(words)
        assert all(word in remaining for word in left)
        assert bool(left) == bool(words)
