"""Designators: the place of a paragraph from the few steps that it prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.designators import ITALIC, ROMAN_TYPE, Path, designator, path_of


def italic(text: str) -> str:
    return f"{ITALIC}{text}{ROMAN_TYPE}"


def places(*texts: str) -> list[str]:
    above: Path = ()
    found = []
    for text in texts:
        own, above = path_of(text, above)
        found.append(designator(own))
    return found


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (("(a) One.", "(b) Two."), ["(a)", "(b)"]),
        (("(a)(1) One.", "(2) Two.", "(b) Three."), ["(a)(1)", "(a)(2)", "(b)"]),
        (("(a) x", "(1) x", "(i) x", "(A) x"), ["(a)", "(a)(1)", "(a)(1)(i)", "(a)(1)(i)(A)"]),
        (("(h) x", "(i) x", "(j) x"), ["(h)", "(i)", "(j)"]),
        (("(a)(4) x", "(i) x", "(ii) x", "(b) x"), ["(a)(4)", "(a)(4)(i)", "(a)(4)(ii)", "(b)"]),
        (("(d)(8)(iv) x", "(v) x", "(vi) x"), ["(d)(8)(iv)", "(d)(8)(v)", "(d)(8)(vi)"]),
        (("(u) x", "(v) x"), ["(u)", "(v)"]),
        (("No step.", "(a) x", "Words.", "(1) x"), ["", "(a)", "", "(a)(1)"]),
        (("(1) Without one above.",), ["(1)"]),
        (("In paragraph (a) of this section",), [""]),
    ],
)
def test_a_paragraph_stands_under_those_above_it(texts: tuple[str, ...], wanted: list[str]) -> None:
    assert places(*texts) == wanted


def test_italics_are_levels_of_their_own() -> None:
    first = f"(a)(1)(i)(A)({italic('1')}) x"
    assert places(first, f"({italic('2')}) x", "(2) x") == [
        "(a)(1)(i)(A)(1)",
        "(a)(1)(i)(A)(2)",
        "(a)(2)",
    ]


def test_a_step_after_a_heading_counts_for_what_follows() -> None:
    heading = f"(b) {italic('Exception for carriers')}—(1) {italic('General.')} Notwithstanding"
    assert places(heading, "(i) x", "(2) x") == ["(b)", "(b)(1)(i)", "(b)(2)"]
    twice = f"(1) {italic('Chips')}—(i) {italic('Scope.')} (A) A circuit; or"
    assert places("(a) x", twice, "(B) x") == ["(a)", "(a)(1)", "(a)(1)(i)(B)"]


@given(st.text(max_size=60), st.text(alphabet="(ai1A) x", max_size=40))
def test_any_text_has_a_place_or_none(first: str, second: str) -> None:
    found = places(first, second)
    assert all(place == "" or place.startswith("(") for place in found)
