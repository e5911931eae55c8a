"""What two spellings of one name share."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.domain.names import (
    LONGEST_NAME,
    consonants,
    fold,
    fold_variants,
    normalise_name,
    transliterate,
)

unhurried = settings(deadline=None)

plain = st.text("abcxyzABCXYZ0189 \t&-àéüЖж智谱华ＡＢ", max_size=40)
any_text = st.text(max_size=40) | plain
words = st.lists(st.from_regex(r"[b-z]{4,9}", fullmatch=True), min_size=1, max_size=5)


@unhurried
@given(plain)
def test_the_normal_form_is_its_own_and_that_of_the_name_in_capitals(name: str) -> None:
    normal = normalise_name(name)
    assert normalise_name(normal) == normal == normalise_name(f"\n {name.upper()} ")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sea  Glass\nLtd.", "sea glass ltd."), ("ＳＥＡ Ｇｌａｓｓ", "Sea Glass"),
     ("Sea\u00a0Glass", "Sea Glass"), ("Gro\u00dfglas", "GROSSGLAS"), ("Caf\u00e9", "Cafe\u0301"),
     ("ﬁbre", "Fibre")],
)  # fmt: skip
def test_names_that_differ_in_case_width_or_spacing_are_one(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sea Glass", "Seaglass"), ("Café", "Cafe"), ("Glass Co.", "Glass Co"), ("智谱", "智譜")],
)
def test_names_that_differ_in_more_are_not_one(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


@unhurried
@given(any_text)
def test_a_folded_name_is_plain_letters_and_digits_and_its_core_some_of_them(name: str) -> None:
    folded = fold(name)
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in folded.words)
    assert set(folded.core) <= set(folded.words)
    assert bool(folded.core) == bool(folded.words)


@unhurried
@given(words, st.sampled_from(["-", ", ", "/", " & ", "  ", ". "]))
def test_case_signs_and_folding_again_change_nothing(name: list[str], sign: str) -> None:
    folded = fold(" ".join(name))
    assert fold(sign.join(name)) == fold(sign.join(name).upper()) == folded == fold(folded.text)


@pytest.mark.parametrize(
    ("name", "words"),
    [("Société Générale", "societe generale"), ("O'Neil’s Works", "oneils works"),
     ("I.B.M. Research", "ibm research"), ("«Ромашка»", "romashka"), ("Сосна", "sosna"),
     ("ＺＨＩＰＵ", "zhipu"), ("智谱", "zhi pu"), ("智譜", "zhi pu"), ("重庆", "chong qing"),
     ("Huawei华为", "huawei hua wei"), ("Second Bureau", "2 bureau"),
     ("Sea Со., Ltd.", "sea co ltd"), ("Straße 5", "strasse 5"), (" !? ", "")],
)  # fmt: skip
def test_a_name_folds_to_words_in_plain_latin_letters(name: str, words: str) -> None:
    assert fold(name).text == words


@pytest.mark.parametrize(
    "name",
    ["38 Institute", "38th Institute", "No. 38 Institute", "No.38 Institute", "№ 38 Institute",
     "No.  38 Institute", "No-38 Institute", "no 38 institute", "NO. 38 INSTITUTE"],
)  # fmt: skip
def test_every_way_to_write_a_number_is_that_number(name: str) -> None:
    assert fold(name).words == ("38", "institute")


@pytest.mark.parametrize(
    "name", ["Norfolk Works", "Northern Star", "Nova 38", "Astana", "Secondary"]
)
def test_words_that_only_begin_like_a_number_stay_as_they_are(name: str) -> None:
    assert fold(name).text == name.lower()


@unhurried
@given(any_text)
def test_the_likeliest_way_to_fold_a_name_comes_first_and_none_comes_twice(name: str) -> None:
    variants = fold_variants(name)
    assert variants[0] == fold(name)
    assert len(set(variants)) == len(variants)


def test_what_lies_beyond_the_longest_name_is_not_read() -> None:
    name = "a" * LONGEST_NAME
    assert transliterate(f"{name}b") == transliterate(name) == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Mohammed", "Muhamad", True), ("Khalid", "Khaled", True), ("Qasim", "Kassem", True),
     ("Mohammed", "Ahmed", False), ("Khalid", "Walid", False), ("Qasim", "Nasim", False),
     ("Zhaleh", "Jaleh", True)],
)  # fmt: skip
def test_spellings_of_one_arabic_name_share_their_consonants(
    one: str, other: str, same: bool
) -> None:
    assert (consonants(fold(one).words) == consonants(fold(other).words)) is same
