"""Where a name ends, and what its brackets hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.sources.lexicon import number
from entities.sources.names import (
    clean_name,
    looks_like_address,
    merge_forms,
    pieces,
    read_group,
    read_name,
    split_name,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sea Glass Co., Ltd.;", "Sea Glass Co., Ltd."),
        ("—Sea Glass; and", "Sea Glass"),
        ("Sea Glass and", "Sea Glass"),
        ("Sea  Glass\nInc.,", "Sea Glass Inc."),
        ("Institute of Glass.", "Institute of Glass"),
        ("Glas S.A.", "Glas S.A."),
        ("Glas Ltd. Sti.", "Glas Ltd. Sti."),
        ("Glass (UK))", "Glass (UK)"),
        (" ,;", ""),
    ],
)
def test_a_name_loses_the_signs_of_the_list_and_keeps_its_own(text: str, name: str) -> None:
    assert clean_name(text) == name


@given(st.text(max_size=60))
def test_cleaning_a_name_twice_changes_nothing_more(text: str) -> None:
    once = clean_name(text)
    assert len(clean_name(once)) <= len(once)
    assert "\n" not in once


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("A Trading LLC, 5 Bay Road, Baku", "A Trading LLC", "5 Bay Road, Baku"),
        ("A Trading Co., Ltd., Baku, Iran", "A Trading Co., Ltd.", "Baku, Iran"),
        ("A Trading, Inc., Unit 5, Baku", "A Trading, Inc.", "Unit 5, Baku"),
        ("A Trading S.A., Calle 5, Lima", "A Trading S.A.", "Calle 5, Lima"),
        ("A Trading, OOO, 5 Mira Street", "A Trading, OOO", "5 Mira Street"),
        ("A, Private Limited, Karachi, Pakistan", "A, Private Limited", "Karachi, Pakistan"),
        ("A, Ltd. (ABC), 5 Bay Road", "A, Ltd. (ABC)", "5 Bay Road"),
        ("A Company, Ltd. Room 5, Bay Road", "A Company, Ltd.", "Room 5, Bay Road"),
        ("A, Hong Kong Co., Ltd., Room 5", "A, Hong Kong Co., Ltd.", "Room 5"),
        ("A (B, C and D), 5 Bay Road", "A (B, C and D)", "5 Bay Road"),
        (
            "A Corporation, 7th Design Bureau (B7), 5 Bay Road",
            "A Corporation, 7th Design Bureau (B7)",
            "5 Bay Road",
        ),
        ("A Plant, branch of B, 5 Bay Road", "A Plant, branch of B", "5 Bay Road"),
        ("A Field, in the Sea of B", "A Field", "in the Sea of B"),
        ("A Ltd.; HA'Assif 19", "A Ltd.", "HA'Assif 19"),
        ("Ivo Maraschin", "Ivo Maraschin", ""),
        ("", "", ""),
    ],
)
def test_a_line_is_split_into_name_and_address(text: str, name: str, address: str) -> None:
    split = split_name(text)
    assert (split.name, split.address) == (name, address)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("Parus. 8 Mira Str., Perm, Russia", "Parus", "8 Mira Str., Perm, Russia"),
        ("B Co. Ltd. 300 South Way, Reading", "B Co. Ltd.", "300 South Way, Reading"),
        ("PLT, LLC. D. 10 ul. Mira, Moscow 121170", "PLT, LLC", "D. 10 ul. Mira, Moscow 121170"),
        ("K. Surin.140/65 Tower, Bangkok", "K. Surin", "140/65 Tower, Bangkok"),
        ("OOO 'Vesna'.' Lesnaya Street, 34", "OOO 'Vesna'", "Lesnaya Street, 34"),
        ("Dr. A. B. Klee", "Dr. A. B. Klee", ""),
        ("St. Nicolas Trading Est.", "St. Nicolas Trading Est", ""),
    ],
)
def test_after_the_last_alias_a_full_stop_may_end_the_name(
    text: str, name: str, address: str
) -> None:
    split = split_name(text, stops=True)
    assert (split.name, split.address) == (name, address)


@given(st.text(alphabet="AaBb19 ,.;()-", max_size=60), st.booleans())
def test_splitting_a_line_loses_no_letter(text: str, stops: bool) -> None:
    split = split_name(text, stops=stops)
    kept = sorted(char for char in split.name + split.address if char.isalnum())
    assert kept == sorted(char for char in text if char.isalnum())


def test_commas_in_brackets_cut_nothing() -> None:
    assert pieces("A (B, C), D, E") == ["A (B, C)", "D", "E"]


def test_brackets_that_are_never_closed_do_not_hide_the_commas() -> None:
    assert pieces("A (B, C, D") == ["A (B", "C", "D"]


def test_legal_forms_rejoin_the_name_before_them() -> None:
    assert merge_forms(["A Co.", "Ltd.", "B", "Inc.", "C"]) == ["A Co., Ltd.", "B, Inc.", "C"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sea Glass", [("Sea Glass", "alias")]),
        ("Sea Glass (SG)", [("Sea Glass (SG)", "alias"), ("SG", "acronym")]),
        ("Sea Glass (HK)", [("Sea Glass (HK)", "alias")]),
        (
            "Sea Glass Closed Joint Stock Company (CJSC)",
            [("Sea Glass Closed Joint Stock Company (CJSC)", "alias")],
        ),
        ("Sea Glass (Parent: Bay Glass (BG))", [("Sea Glass (Parent: Bay Glass (BG))", "alias")]),
        ("Sea Glass (XYZ)", [("Sea Glass (XYZ)", "alias")]),
        ("Sea Glass (f.k.a., Bay Glass)", [("Sea Glass", "alias"), ("Bay Glass", "former")]),
        ("Sea Glass, a.k.a., Bay Glass", [("Sea Glass", "alias"), ("Bay Glass", "alias")]),
        (
            "Sea Glass, formerly known as Bay Glass",
            [("Sea Glass", "alias"), ("Bay Glass", "former")],
        ),
        ("f.k.a., Bay Glass", [("Bay Glass", "former")]),
        ("DBA Sea Glass", [("Sea Glass", "alias")]),
        ("", []),
    ],
)
def test_a_name_is_read_with_what_its_brackets_say(text: str, names: list[tuple[str, str]]) -> None:
    assert [(name.text, name.kind) for name in read_name(text, "alias")] == names


@pytest.mark.parametrize(
    ("inside", "names"),
    [
        ("a.k.a. A", ["A"]),
        ("a.k.a., A, B and C", ["A", "B", "C"]),
        ("a.k.a., A Co., Ltd. and B", ["A Co., Ltd.", "B"]),
        ("a.k.a. A; a.k.a. B, C and D", ["A", "B, C and D"]),
        ("f.k.a., A; and B", ["A", "B"]),
    ],
)
def test_a_bracket_of_names_is_cut_at_its_strongest_sign(inside: str, names: list[str]) -> None:
    assert [name.text for name in read_group(inside)] == names


@pytest.mark.parametrize("text", ["5", "Bay Road", "Tehran, Iran", "P.O. Box", "Iran 11365"])
def test_digits_streets_and_countries_look_like_an_address(text: str) -> None:
    assert looks_like_address(text)


@pytest.mark.parametrize("text", ["Isaac Gill", "Amber Council", "Centre for Glass"])
def test_names_do_not_look_like_an_address(text: str) -> None:
    assert not looks_like_address(text)


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("one", 1),
        ("Seventeen", 17),
        ("twenty-two", 22),
        ("thirty-three", 33),
        ("22", 22),
        ("a", None),
        ("²", None),
        ("9" * 5000, None),
        (None, None),
    ],
)
def test_a_count_in_words_or_figures_is_a_number(word: str | None, value: int | None) -> None:
    assert number(word) == value
