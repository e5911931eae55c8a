"""Where one address ends and the next begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.sources.addresses import clean_address, split_addresses


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("5 Bay Road, Baku.", ["5 Bay Road, Baku"]),
        ("5 Bay Road, Baku; and 6 Bay Road, Baku", ["5 Bay Road, Baku", "6 Bay Road, Baku"]),
        ("5 Bay Road; 6 Bay Road;and 7 Bay Road", ["5 Bay Road", "6 Bay Road", "7 Bay Road"]),
        ("5 Bay Road, Iran; and495 Soi 5", ["5 Bay Road, Iran", "495 Soi 5"]),
        ("5 Bay Road; andHouse #4, Lahore", ["5 Bay Road", "House #4, Lahore"]),
        ("5 Bay Road; and\n6 Bay Road", ["5 Bay Road", "6 Bay Road"]),
        ("5 Bay Road,\nBaku", ["5 Bay Road, Baku"]),
        ("5 Bay Road, Taiwan, and 6 Hill Road", ["5 Bay Road, Taiwan", "6 Hill Road"]),
        ("5 Bay Road, China 710075 and Room 6", ["5 Bay Road, China 710075", "Room 6"]),
        ("5 Bay Road, Dubai, U.A.E. and P.O. Box 6", ["5 Bay Road, Dubai, U.A.E.", "P.O. Box 6"]),
        (
            "Sharjah, U.A.E. (Behind the Mall), and P.O. Box 6",
            ["Sharjah, U.A.E. (Behind the Mall)", "P.O. Box 6"],
        ),
        ("Building 1 and Building 2, Baku", ["Building 1 and Building 2, Baku"]),
        (
            "Road 5 (behind the Iran and Iraq offices), Baku",
            ["Road 5 (behind the Iran and Iraq offices), Baku"],
        ),
        ("Yard 5 (gate 1; and gate 2), Baku", ["Yard 5 (gate 1; and gate 2), Baku"]),
        ("Address: 5 Bay Road\nAlt. Address: 6 Bay Road", ["5 Bay Road", "6 Bay Road"]),
        ("Addresses for A Co., Ltd.: 5 Bay Road", ["5 Bay Road"]),
        ("Dubai, U.A.E.", ["Dubai, U.A.E."]),
        ("; and", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_its_addresses(text: str, addresses: list[str]) -> None:
    assert list(split_addresses(text)) == addresses


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" 5 Bay Road, Baku., ", "5 Bay Road, Baku"),
        ("5 Bay Road, U.A.E.", "5 Bay Road, U.A.E."),
        ("5 Bay Road.; and", "5 Bay Road"),
        ("5 Bay Road)", "5 Bay Road"),
        ("5 Bay Road (Gate 2)", "5 Bay Road (Gate 2)"),
    ],
)
def test_an_address_loses_the_signs_of_the_list_around_it(text: str, address: str) -> None:
    assert clean_address(text) == address


@given(st.text(alphabet="AB12 ,.;()", max_size=80))
def test_cutting_addresses_loses_no_letter(text: str) -> None:
    kept = "".join(char for address in split_addresses(text) for char in address if char.isalnum())
    assert kept == "".join(char for char in text if char.isalnum())
