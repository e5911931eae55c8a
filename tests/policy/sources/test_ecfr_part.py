"""Reading a part of the eCFR: every word, in order, with its place in the section."""

import json
import re
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import pytest
from lxml import etree

from policy.sources.ecfr_part import ParsedSection, parse_part, parse_section, source_citations
from policy.sources.safe_xml import Refused, read_file, read_xml
from tests.policy.sources.parts import parsed, part, section
from tests.shared_data import shared

GOLDEN = Path(__file__).parent / "golden"
WORD = re.compile(r"\w+")
SPRING, SUMMER = "2026-03-25", "2026-07-18"


def real_part(day: str) -> etree._Element:
    return read_xml(read_file(shared(f"ecfr/title-15_part-744_{day}.xml")))


def test_a_part_reads_as_the_golden_file_says() -> None:
    found = parse_part(read_xml(read_file(GOLDEN / "part742.xml")))
    wanted = json.loads((GOLDEN / "part742.json").read_text(encoding="utf-8"))
    assert json.loads(json.dumps(asdict(found))) == wanted


def test_a_source_line_may_cite_two_pages_of_one_day() -> None:
    line = "[88 FR 73448, 73494, Oct. 25, 2023, as amended at 90 FR 4544, Jan. 15, 2025]"
    found = [(c.printed, c.published and c.published.isoformat()) for c in source_citations(line)]
    assert found == [
        ("88 FR 73448, Oct. 25, 2023", "2023-10-25"),
        ("88 FR 73494, Oct. 25, 2023", "2023-10-25"),
        ("90 FR 4544, Jan. 15, 2025", "2025-01-15"),
    ]


def only(*paragraphs: str, cited: str = "[88 FR 1, Jan. 3, 2023]", stay: str = "") -> ParsedSection:
    return parsed(section("742.1", *paragraphs, cited=cited, stay=stay)).sections[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (only("(a) You may not."), only("(a)  YOU may\nnot")),
        (only("(a) <I>Duty.</I> (1) Do."), only("(a) <I>Duty</I>—(1) Do.")),
        (only("(a) Duty.", "(1) Do."), only("(a) Duty. (1) Do.")),
        (only("x", cited="[88 FR 1, Jan. 3, 2023]"), only("x", cited="[88 FR 1, 1/3/23.]")),
        (only("x", stay="At 90 FR 1, it was stayed."), only("x", stay="At 90 FR 1 it was stayed")),
    ],
    ids=["case and space", "dash", "line", "source line", "stay"],
)
def test_a_section_that_is_only_set_anew_says_the_same(
    one: ParsedSection, other: ParsedSection
) -> None:
    assert one.digest == other.digest


@pytest.mark.parametrize(
    "other",
    [
        only("(a) You may."),
        only("(a) You may not.", "(b) New."),
        only("(a) You may not.", cited="[88 FR 1, Jan. 3, 2023, as amended at 90 FR 5, 1/2/25]"),
        only("(a) You may not.", stay="At 90 FR 50857, paragraph (a) was stayed."),
    ],
    ids=["words", "paragraph", "source line", "stay"],
)
def test_an_amendment_of_a_section_shows_in_its_digest(other: ParsedSection) -> None:
    assert only("(a) You may not.").digest != other.digest


def test_the_table_of_the_entity_list_is_left_to_its_own_import() -> None:
    table = "<TABLE><TR><TD>BELIZE</TD><TD>Dry Dock</TD></TR></TABLE>"
    listed = f'<DIV9 N="{{}}"><HEAD>List</HEAD><P>Intro.</P>{table}<P>End.</P></DIV9>'
    found = parse_part(
        read_xml(
            part(
                "744",
                listed.format("Supplement No. 4 to Part 744"),
                listed.format("Supplement No. 6 to Part 744"),
            )
        )
    )
    assert [s.text for s in found.sections] == ["Intro.\nEnd.", "Intro.\nBELIZE | Dry Dock\nEnd."]


def test_an_empty_appendix_is_no_section() -> None:
    assert parse_part(read_xml(part("744", '<DIV9 N="Supplement No. 1"></DIV9>'))).sections == ()


@pytest.mark.parametrize("data", [b"<TITLE>x</TITLE>", b"<DIV8 N='744.1'><P>x</P></DIV8>"])
def test_xml_that_is_no_part_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused, match=r"no part of the Code of Federal Regulations\.$"):
        parse_part(read_xml(data))


def lost_words(element: etree._Element, found: ParsedSection) -> Counter[str]:
    """Words of a section that its reading lacks, but for the headings of its notes."""
    for unread in (*element.iter("TABLE"), *element.iter("HED")):
        if unread.tag == "HED" or "No. 4 to" in found.identifier:
            for inner in unread.iter():
                inner.text = inner.tail = None
    whole = Counter(WORD.findall("".join(element.itertext())))
    read = " ".join((found.heading, found.text, found.source_line, *found.stays, *found.notes))
    return whole - Counter(WORD.findall(read))


@pytest.mark.parametrize("day", [SPRING, SUMMER])
def test_no_word_of_the_real_sections_is_lost(day: str) -> None:
    root = real_part(day)
    for table_cell in root.iter("TD", "TH", "LI", "P", "HEAD", "br"):
        table_cell.tail = f" {table_cell.tail or ''}"
    elements = [*root.iter("DIV8", "DIV9")]
    assert len(elements) == 29
    for element in elements:
        found = parse_section(element)
        assert lost_words(element, found) == Counter(), found.identifier


def test_between_the_two_real_snapshots_no_section_was_amended() -> None:
    spring, summer = (parse_part(real_part(day)) for day in (SPRING, SUMMER))
    assert len(spring.sections) == len(summer.sections) == 29
    assert [s.digest for s in spring.sections] == [s.digest for s in summer.sections]
    assert [s.text for s in spring.sections] != [s.text for s in summer.sections], "they churn"


def test_the_real_part_has_seven_stays_and_its_deepest_paragraphs() -> None:
    found = parse_part(real_part(SUMMER))
    assert sum(len(s.stays) for s in found.sections) == 7
    by_id = {s.identifier: s for s in found.sections}
    designators = {p.designator for p in by_id["744.23"].paragraphs}
    assert {"(a)(3)(i)(B)", "(a)(3)(ii)(D)", "(d)(3)(iv)"} <= designators
    assert [str(c) for c in by_id["744.23"].citations][-2:] == ["90 FR 4562", "91 FR 1687"]
