"""Cells of the column "Entity" against golden pairs written by hand (``golden/cells``)."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.sources.parsed import ParsedParty, PartyCell
from entities.sources.party import parse_party_cell
from tests.entities.sources.samples import lost_words

GOLDEN = Path(__file__).parent / "golden" / "cells"
CASES = sorted(path.stem for path in GOLDEN.glob("*.txt"))

FRAGMENTS = [
    "a.k.a., ", "f.k.a. ", "the following two aliases:", "the following one alias,", "\n", "—",
    "; and", "; ", ", ", "Co., Ltd.", "China", "(", ")", "Subordinate institution\n", ".", "“",
    "Affiliated entities:", "and the following four subordinate entities:", "Room 1", "Acme",
    "The following X entities:", "(See alternate address under Iran)", "Address:", "and any ",
    "and to include the following addresses and the following 22 affiliated entities:", "²",
    "The following addresses apply to the entity:", " subordinate institution: ", "two ",
]  # fmt: skip


def as_json(cell: PartyCell) -> dict[str, Any]:
    """A cell in the shape of the golden files, which leave out what is empty."""
    found: dict[str, Any] = {
        "names": [[name.text, name.kind] for name in cell.names],
        "addresses": list(cell.addresses),
        "parties": [party_as_json(party) for party in cell.parties],
        "cross_references": list(cell.cross_references),
        "scope": list(cell.scope),
        "parent": cell.parent,
        "remarks": [remark.reason for remark in cell.remarks],
    }
    return {key: value for key, value in found.items() if value or key in ("names", "addresses")}


def party_as_json(party: ParsedParty) -> dict[str, Any]:
    names = [[name.text, name.kind] for name in party.names]
    return {"name": party.name, "names": names, "addresses": list(party.addresses)}


@pytest.mark.parametrize("case", CASES)
def test_a_cell_is_read_as_its_golden_file_says(case: str) -> None:
    cell = parse_party_cell((GOLDEN / f"{case}.txt").read_text())
    assert as_json(cell) == json.loads((GOLDEN / f"{case}.json").read_text())


@pytest.mark.parametrize("case", CASES)
def test_the_listed_name_is_the_first_of_its_names(case: str) -> None:
    cell = parse_party_cell((GOLDEN / f"{case}.txt").read_text())
    assert cell.name == cell.names[0].text
    assert cell.names[0].kind == "name"


@pytest.mark.parametrize("case", CASES)
def test_no_word_of_a_cell_is_lost(case: str) -> None:
    text = (GOLDEN / f"{case}.txt").read_text()
    assert lost_words(text, parse_party_cell(text)) == []


def test_every_golden_cell_has_both_halves_of_its_pair() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*.json")) == CASES


@pytest.mark.parametrize(
    "intro",
    [
        "a.k.a., the following one alias:",
        "a.k.a. the following one alias:",
        "a.k.a, the following one alias:",
        "a.k.a , the following one alias:",
        "a.k.a., and the following one alias:",
        "a.k.a., as the following one alias:",
        "a.k.a., including the following alias:",
        "a.k.a., the follow one alias:",
        "a.k.a., the one following alias:",
        "a.k.a., the one alias:",
        "a.k.a., the following the following one alias:",
        "a.k.a., the following one entity:",
        "a.k.a., the following 1 alias:",
        "a.k.a., the following one\nalias:",
        "a.k.a., following one alias:",
        "the following one alias:",
        "and the following one alias:",
    ],
)
def test_every_printed_way_to_open_an_alias_list_is_understood(intro: str) -> None:
    cell = parse_party_cell(f"Sea Glass LLC, {intro}\n—Glass of the Sea.\n\n5 Bay Road, Baku.")
    assert [name.text for name in cell.names] == ["Sea Glass LLC", "Glass of the Sea"]
    assert cell.addresses == ("5 Bay Road, Baku",)
    assert cell.remarks == ()


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("(See alternate addresses under Pakistan).", "See alternate addresses under Pakistan"),
        ("(see also address under Spain)", "see also address under Spain"),
        ("(For alternate addresses, see Peru.)", "For alternate addresses, see Peru"),
        ("(See also Crimea (Occupied)).", "See also Crimea (Occupied)"),
        (
            "(See addresses in the United Arab (Emirates).",
            "See addresses in the United Arab (Emirates)",
        ),
        ("(See alternate address under Malta", "See alternate address under Malta"),
    ],
)
def test_a_cross_reference_is_no_part_of_the_address(printed: str, kept: str) -> None:
    cell = parse_party_cell(f"Sea Glass LLC, 5 Bay Road, Baku. {printed}")
    assert cell.cross_references == (kept,)
    assert cell.addresses == ("5 Bay Road, Baku",)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
def test_no_cell_however_broken_stops_the_parser(text: str) -> None:
    assert isinstance(parse_party_cell(text), PartyCell)


@given(st.text(max_size=200))
def test_no_text_at_all_stops_the_parser(text: str) -> None:
    assert isinstance(parse_party_cell(text), PartyCell)
