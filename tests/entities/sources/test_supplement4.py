"""The Entity List read from XML: a golden pair, and one row at a time."""

import json
from collections import Counter
from typing import Any

import pytest
from lxml import etree

from entities.sources.supplement4 import (
    ParsedListing,
    Problem,
    Severity,
    Supplement4,
    find_supplement4,
    parse_listing,
    parse_supplement4,
    read_requirement,
    substance,
)
from policy.sources.safe_xml import Refused, read_xml
from tests.entities.sources.samples import (
    CITATION,
    ENTITY,
    GOLDEN,
    POLICY,
    REQUIREMENT,
    parse,
    part744,
    row,
    sample,
)


def as_json(read: Supplement4) -> dict[str, Any]:
    return {
        "rows": read.rows,
        "reserved": list(read.reserved),
        "destinations": list(read.destinations),
        "footnotes": read.footnotes,
        "stays": list(read.stays),
        "notes": list(read.notes),
        "listings": [listing_as_json(listing) for listing in read.listings],
        "problems": [[p.row, p.cell, p.severity.value, p.reason] for p in read.problems],
    }


def listing_as_json(listing: ParsedListing) -> dict[str, Any]:
    return {
        "rows": list(listing.rows),
        "destination": listing.destination,
        "names": [name.text for name in listing.names],
        "addresses": list(listing.addresses),
        "requirement": listing.requirement,
        "footnotes": list(listing.footnotes),
        "review_policy": listing.review_policy,
        "citations": [f"{cited} {cited.published}" for cited in listing.citations],
        "parties": [party.name for party in listing.parties],
        "cross_references": list(listing.cross_references),
    }


def reasons(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.reason for problem in problems]


def test_the_sample_file_is_read_as_its_golden_file_says() -> None:
    assert as_json(sample("part744.xml")) == json.loads((GOLDEN / "part744.json").read_text())


def test_the_same_list_set_anew_differs_in_bytes_and_in_no_entry() -> None:
    first, anew = sample("part744.xml"), sample("part744_reset.xml")
    pairs = list(zip(first.listings, anew.listings, strict=True))
    assert sum(old.raw_cells != new.raw_cells for old, new in pairs) >= 4
    assert [substance(old) for old, _ in pairs] == [substance(new) for _, new in pairs]
    assert [old.digest for old, _ in pairs] == [new.digest for _, new in pairs]


def test_names_and_addresses_are_cut_alike_wherever_the_line_breaks_stand() -> None:
    first, anew = sample("part744.xml").listings, sample("part744_reset.xml").listings
    assert [len(old.names) for old in first] == [len(new.names) for new in anew]
    assert [len(old.addresses) for old in first] == [len(new.addresses) for new in anew]


@pytest.mark.parametrize(
    "change",
    [
        {"entity": "Sea Glass LLC, 6 Bay Road, Baku."},
        {"entity": "Sea Glass LLC, a.k.a., the following one alias:\n—SG.\n\n5 Bay Road, Baku."},
        {"requirement": "For all items subject to the EAR. (See § 744.12 of the EAR)"},
        {"requirement": f"{REQUIREMENT} 4"},
        {"review_policy": "Policy of denial"},
        {"citation": f"{CITATION} 90 FR 44499, 9/16/25."},
        {"citation": "90 FR 4619, 1/17/25."},
        {"destination": "GEORGIA"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_substance_changes_the_digest(change: dict[str, str]) -> None:
    cells = {
        "destination": "AZERBAIJAN",
        "entity": ENTITY,
        "requirement": REQUIREMENT,
        "review_policy": POLICY,
        "citation": CITATION,
    }
    assert parse_listing(**cells).digest != parse_listing(**(cells | change)).digest


def test_an_entry_copied_as_plain_text_is_the_entry_in_the_xml() -> None:
    copied = parse_listing(
        destination="China, People's Republic of",
        entity=(
            "Delta AI Co., Ltd., a.k.a., the following two aliases:\n\n—Delta “Brain”; and\n\n"
            "—DAI.\n\n\n\nFloor 10, Building 9, Beijing, China."
        ),
        requirement=REQUIREMENT,
        review_policy=POLICY,
        citation="90 FR 4619, 1/16/25",
    )
    printed = sample("part744.xml").listings[3]
    assert substance(copied) == substance(printed)
    assert (copied.names, copied.addresses) == (printed.names, printed.addresses)


@pytest.mark.parametrize(
    ("printed", "text", "marks"),
    [
        ("All items (See § 744.11 of the EAR) ⁴", "All items (See § 744.11 of the EAR)", ("4",)),
        ("All items (See § 744.11 of the EAR) 4", "All items (See § 744.11 of the EAR)", ("4",)),
        (
            "See §§ 734.9(e) ¹ and 744.11 of the EAR ²",
            "See §§ 734.9(e) and 744.11 of the EAR",
            ("1", "2"),
        ),
        (
            "See §§ 734.9(e) 1 and 744.11 of the EAR 2",
            "See §§ 734.9(e) and 744.11 of the EAR",
            ("1", "2"),
        ),
        ("(See §§ 734.9(g),³ 746.8(a)(3))", "(See §§ 734.9(g), 746.8(a)(3))", ("3",)),
        ("(See §§ 734.9(g),3 746.8(a)(3))", "(See §§ 734.9(g), 746.8(a)(3))", ("3",)),
        (
            "EAR 99 items in supplement no. 7 to part 746",
            "EAR 99 items in supplement no. 7 to part 746",
            (),
        ),
        ("under § 740.11(b)(2) and (e)", "under § 740.11(b)(2) and (e)", ()),
        ("General License No. 1B of March 2, 2021", "General License No. 1B of March 2, 2021", ()),
    ],
)
def test_footnote_marks_are_taken_out_of_the_requirement(
    printed: str, text: str, marks: tuple[str, ...]
) -> None:
    assert read_requirement(printed) == (text, marks)


def test_an_empty_country_cell_inherits_the_one_above() -> None:
    read = parse(row("GEORGIA"), row(), row("IRAN"), row())
    assert [listing.destination for listing in read.listings] == [
        "GEORGIA",
        "GEORGIA",
        "IRAN",
        "IRAN",
    ]
    assert Counter(read.row_destinations) == {"GEORGIA": 2, "IRAN": 2}


@pytest.mark.parametrize("country", [" ", "GEORGIA"])
def test_a_reserved_row_counts_as_a_row_and_lists_nobody(country: str) -> None:
    read = parse(row("IRAN"), row(country, "[Reserved]", "", "", ""), row())
    assert (read.rows, len(read.listings), read.reserved) == (3, 2, (2,))
    assert read.problems == ()


def test_a_reserved_country_is_no_destination() -> None:
    read = parse(row("IRAN"), row("[Reserved]", "", "", "", ""), row())
    assert read.destinations == ("IRAN",)
    assert read.reserved == (2,)


def test_a_row_without_licence_and_citation_continues_the_one_above() -> None:
    read = parse(row("IRAN", "Sea Glass LLC,"), row(" ", "5 Bay Road, Baku.", "", "", ""))
    assert [listing.rows for listing in read.listings] == [(1, 2)]
    assert read.listings[0].addresses == ("5 Bay Road, Baku",)
    assert read.listings[0].raw_cells.entity == "Sea Glass LLC,\n5 Bay Road, Baku."


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([row(" ")], "no country is printed here or above"),
        ([row("IRAN", "")], "the row names no party"),
        ([row("IRAN", ENTITY, "", "", "")], "the row continues an entry, but none stands above it"),
        ([row("IRAN", ".")], "no name could be read"),
        ([row("IRAN", citation="see above")], "no citation could be read"),
        ([row("IRAN", citation="90 FR 4619.")], "no date is printed with the citation"),
        ([row("IRAN", citation="90 FR 4619, 13/45/25.")], "“13/45/25” is no day of the calendar"),
        (["<TR><TD>IRAN</TD></TR>"], "the row has 1 cells instead of 5"),
    ],
)
def test_a_row_that_cannot_be_read_is_a_problem_and_no_crash(rows: list[str], reason: str) -> None:
    read = parse(*rows, row("GEORGIA"))
    problems = [problem for problem in read.problems if problem.reason == reason]
    assert [(problem.row, problem.severity) for problem in problems] == [(1, Severity.HIGH)]
    assert read.listings[-1].destination == "GEORGIA"


@pytest.mark.parametrize(
    ("cells", "cell", "reason"),
    [
        ({"requirement": ""}, "requirement", "the cell is empty"),
        ({"policy": ""}, "review_policy", "the cell is empty"),
        (
            {"requirement": POLICY, "policy": REQUIREMENT},
            "requirement",
            "licence requirement and review policy look exchanged in print",
        ),
        (
            {"policy": "See § 744.3(d) of the EAR88 FR 13675, 3/6/23."},
            "review_policy",
            "a citation is printed in this cell and is not counted among the citations",
        ),
    ],
)
def test_cells_that_contradict_each_other_are_said_and_kept(
    cells: dict[str, str], cell: str, reason: str
) -> None:
    read = parse(row("IRAN", **cells))
    assert [(p.cell, p.reason, p.severity) for p in read.problems] == [
        (cell, reason, Severity.MEDIUM)
    ]
    assert read.listings[0].requirement == cells.get("requirement", REQUIREMENT)


def test_the_raw_markup_of_each_cell_is_kept() -> None:
    read = parse(row("IRAN", 'A <E T="03">and</E> B,<br/>5 Bay Road, Baku.', policy=""))
    listing = read.listings[0]
    assert listing.raw_cells.entity == 'A <E T="03">and</E> B,<br/>5 Bay Road, Baku.'
    assert listing.raw_cells.review_policy == ""
    assert listing.printed.entity == "A and B,\n5 Bay Road, Baku."
    assert listing.raw_cells.as_dict().keys() == {
        "entity", "requirement", "review_policy", "citation",
    }  # fmt: skip


def test_white_space_of_the_source_means_nothing_and_a_break_ends_a_line() -> None:
    read = parse(row("IRAN", "Sea\n  Glass&#xA0;LLC,<br/>\n\n5\tBay Road, Baku."))
    assert read.listings[0].printed.entity == "Sea Glass LLC,\n5 Bay Road, Baku."


def test_comments_and_processing_instructions_in_a_cell_are_passed_over() -> None:
    root = etree.fromstring(part744(row("IRAN", "Sea <!-- note --><?x y?>Glass LLC, Baku, Iran")))
    assert parse_supplement4(root).listings[0].name == "Sea Glass LLC"


def test_a_listed_address_is_told_from_a_party() -> None:
    read = parse(row("IRAN", "Address 07,<br/>Room 5, 1 Bay Road, Baku."), row())
    assert [listing.is_address for listing in read.listings] == [True, False]


def test_two_entries_with_one_name_stay_two_entries() -> None:
    read = parse(row("PAKISTAN", "Allied Sails Co"), row(" ", "Allied Sails Co"))
    assert [listing.name for listing in read.listings] == ["Allied Sails Co"] * 2


def test_the_supplement_is_found_in_the_part_or_alone() -> None:
    part = read_xml(part744(row("IRAN")))
    supplement = find_supplement4(part)
    assert supplement.tag == "DIV9"
    assert find_supplement4(supplement) is supplement


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        (
            b'<DIV5 N="742"><HEAD>PART 742-CONTROL POLICY</HEAD></DIV5>',
            "This file does not hold Supplement No. 4 to part 744, the Entity List: "
            "it holds “PART 742-CONTROL POLICY”.",
        ),
        (
            b"<feed><entry/></feed>",
            "This file does not hold Supplement No. 4 to part 744, the Entity List: "
            "its outermost element is feed.",
        ),
        (
            b'<DIV5><HEAD>A</HEAD><DIV9 N="Supplement No. 4 to Part 774"><TR/></DIV9></DIV5>',
            "This file does not hold Supplement No. 4 to part 744, the Entity List: it holds “A”.",
        ),
        (
            b'<DIV5><DIV9 N="Supplement No. 4 to Part 744"><P>Moved.</P></DIV9></DIV5>',
            "Supplement No. 4 to part 744 in this file holds no table.",
        ),
    ],
)
def test_a_file_without_the_list_is_refused(xml: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_supplement4(read_xml(xml))
    assert str(refusal.value) == sentence
