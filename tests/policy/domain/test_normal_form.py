"""What counts as the same text: churn gives nothing, an amendment shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.normal_form import normal_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Presumption of denial", "PRESUMPTION OF DENIAL"),
        ("Presumption of denial", "Presumption of denial."),
        ("5  Bay\n Road", "5 Bay Road"),
        ("5\u00a0Bay\u2009Road", "5 Bay Road"),
        ("Sharjah, U.A.E.", "Sharjah, UAE"),
        ("N. P. Fedorov", "N.P. Fedorov"),
        ("Sea-Glass", "Sea–Glass"),
        ("Sea—Glass", "Sea Glass"),
        ("“Sea Glass”", '"Sea Glass"'),
        ("Xi’an", "Xi'an"),
        ("Sea\u200bGlass\ufeff", "SeaGlass"),
        ("S\u00adea Glass", "Sea Glass"),
        ("Ｓｅａ　Ｇｌａｓｓ", "Sea Glass"),
        ("See § 744.11of the EAR", "See § 744.11 of the EAR"),
        ("; and495 Soi", "; and 495 Soi"),
        ("of the EAR)⁴", "of the EAR) 4"),
        ("Straße", "STRASSE"),
        ("é", "e\u0301"),
        ("ﬁn", "fin"),
    ],
)
def test_churn_of_the_text_gives_nothing(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Room 1, 2", "Room 12"),
        ("Building 1; Building 2", "Building 12"),
        ("744.11", "74.411"),
        ("Presumption of denial", "Presumption of approval"),
        ("AT&T", "AT T"),
        ("50 percent", "50%"),
        ("Sinan Kılıç", "Sinan Kilic"),
        ("Delta Ltd", "Delta Ltd Co"),
        ("智谱", "智譜"),
    ],
)
def test_a_change_of_words_or_figures_shows(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@given(st.text())
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    once = normal_form(text)
    assert normal_form(once) == once


@given(st.text(), st.sampled_from([" ", "\n", "\t", ".", ",", "—", "“", "\u200b", "\u00a0"]))
def test_a_sign_around_a_text_changes_nothing(text: str, sign: str) -> None:
    assert normal_form(f"{sign}{text}{sign}") == normal_form(text)


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_case_never_counts_in_english(text: str) -> None:
    assert normal_form(text.upper()) == normal_form(text.lower())


@given(st.lists(st.integers(0, 999), min_size=1, max_size=5))
def test_figures_never_run_together(figures: list[int]) -> None:
    texts = [str(figure) for figure in figures]
    assert normal_form(", ".join(texts)).split() == texts


@given(st.text())
def test_nothing_is_left_but_letters_figures_and_their_separator(text: str) -> None:
    assert all(char.isalnum() or char in " &+%" for char in normal_form(text))
