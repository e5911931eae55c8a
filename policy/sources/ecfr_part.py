"""A part of the Code of Federal Regulations from the eCFR's XML: its sections as text.

Pure: an element goes in, frozen values come out. Words are kept as printed, in order; only
white space is set anew. The table of Supplement No. 4 to part 744, the Entity List, is left
out: it is read row by row where entities are kept.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from lxml import etree

from policy.domain.citations import FrCitation, parse_fr_citations
from policy.domain.designators import ITALIC, ROMAN_TYPE, Path, designator, path_of
from policy.domain.normal_form import normal_form
from policy.sources.safe_xml import Refused

Kind = Literal["text", "heading", "note", "footnote", "row"]

_BLOCKS = frozenset(
    ("P", "PSPACE", "LI", "TR", "HED", "FP", "FP-1", "FP-2", "HD1", "HD2", "HD3", "HD4")
)
# Read apart from the text: its heading, source line and notes; marks without words.
_APART = frozenset(("HEAD", "CITA", "SECAUTH", "EFFDNOT", "EDNOTE"))
_KINDS: dict[str, Kind] = {
    **{"NOTE": "note", "FTNT": "footnote", "TR": "row", "HED": "heading"},
    **{f"HD{level}": "heading" for level in range(1, 5)},
}
_ENTITY_LIST = re.compile(r"supplement\s+no\.?\s*4\s+to\s+part\s+744", re.IGNORECASE)
# "88 FR 73448, 73494, Oct. 25, 2023" cites two pages.
_TWO_PAGES = re.compile(
    r"(?P<volume>\d{1,3}) FR (?P<pages>\d{1,6}(?:, \d{3,6})+), "
    r"(?P<day>[A-Z][a-z]+\.? \d{1,2}, \d{4})"
)
_WITH_DAY = re.compile(r"\d{1,3} FR [\d,]+?, [A-Z][a-z]+\.? \d{1,2}, \d{4}")


@dataclass(frozen=True)
class SectionParagraph:
    """One paragraph, note, footnote or table row; the designator is that of its place."""

    text: str
    designator: str = ""
    kind: Kind = "text"


@dataclass(frozen=True)
class ParsedSection:
    """A section or supplement. ``stays`` are the effective-date notes, as printed."""

    identifier: str
    is_supplement: bool
    heading: str
    paragraphs: tuple[SectionParagraph, ...] = ()
    source_line: str = ""
    stays: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The paragraphs, a line each."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)

    @cached_property
    def citations(self) -> tuple[FrCitation, ...]:
        """The documents that made the text what it is, as the source line cites them."""
        return source_citations(self.source_line)

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of what the section says in normal form.

        Source lines count by volume and page, since they are set anew too; editorial notes
        do not count, since they enact nothing.
        """
        said = (
            normal_form(self.heading),
            normal_form(self.text),
            tuple(normal_form(stay) for stay in self.stays),
            tuple((cited.volume, cited.page) for cited in self.citations),
        )
        return hashlib.sha256(repr(said).encode()).hexdigest()


@dataclass(frozen=True)
class ParsedPart:
    """A part as one file has it."""

    number: str
    heading: str
    sections: tuple[ParsedSection, ...] = field(default=())


def parse_part(root: etree._Element) -> ParsedPart:
    """The part in ``root``. Raises ``Refused`` for XML that is no part, or one without text."""
    part = root if root.tag == "DIV5" else root.find(".//DIV5")
    if part is None or not part.get("N"):
        raise Refused("The file is XML, but it holds no part of the Code of Federal Regulations.")
    found = (parse_section(element) for element in part.iter("DIV8", "DIV9"))
    sections = tuple(section for section in found if section.heading or section.paragraphs)
    return ParsedPart(str(part.get("N")).strip(), words_of(part.find("HEAD")), sections)


def parse_section(element: etree._Element) -> ParsedSection:
    """One ``DIV8`` (section) or ``DIV9`` (supplement)."""
    identifier = " ".join(element.get("N", "").replace("§", " ").split())
    return ParsedSection(
        identifier=identifier,
        is_supplement=element.tag == "DIV9",
        heading=words_of(element.find("HEAD")),
        paragraphs=tuple(read_paragraphs(element, bool(_ENTITY_LIST.search(identifier)))),
        source_line=" ".join(words_of(cited) for cited in element.iter("CITA")),
        stays=tuple(note_words(note) for note in element.iter("EFFDNOT")),
        notes=tuple(note_words(note) for note in element.iter("EDNOTE")),
    )


def source_citations(line: str) -> tuple[FrCitation, ...]:
    """Every document of a source line: "[88 FR 73458, Oct. 25, 2023, as amended at …]"."""
    found = parse_fr_citations(_TWO_PAGES.sub(_one_by_one, line)).citations
    return tuple(replace(cited, printed=_without_words(cited.printed)) for cited in found)


def _without_words(printed: str) -> str:
    """A citation without the words that lead to the next one: ", as amended at"."""
    found = _WITH_DAY.match(printed)
    return found[0] if found else printed.rstrip(" ]")


def _one_by_one(found: re.Match[str]) -> str:
    pages = found["pages"].split(", ")
    return "; ".join(f"{found['volume']} FR {page}, {found['day']}" for page in pages)


def read_paragraphs(element: etree._Element, is_entity_list: bool) -> Iterator[SectionParagraph]:
    above: Path = ()
    for kind, marked in blocks(element, "text", is_entity_list):
        text = plain(marked)
        if not text:
            continue
        path: Path = ()
        if kind == "text":
            path, above = path_of(marked, above)
        yield SectionParagraph(text, designator(path), kind)


def blocks(element: etree._Element, kind: Kind, is_entity_list: bool) -> Iterator[tuple[Kind, str]]:
    """The blocks of text inside an element, in order; words between them are blocks too."""
    if element.text and element.text.strip():
        yield kind, element.text
    for child in element:
        if child.tag == "TABLE" and is_entity_list:
            yield from _tail(child, kind)
            continue
        if child.tag not in _APART:
            own = _KINDS.get(str(child.tag), kind)
            if child.tag == "TR":
                yield own, " | ".join(filter(None, (plain(marked_text(cell)) for cell in child)))
            elif child.tag in _BLOCKS or not has_blocks(child):
                yield (kind if kind in ("note", "footnote") else own), marked_text(child)
            else:
                yield from blocks(child, own, is_entity_list)
        yield from _tail(child, kind)


def _tail(child: etree._Element, kind: Kind) -> Iterator[tuple[Kind, str]]:
    if child.tail and child.tail.strip():
        yield kind, child.tail


def has_blocks(element: etree._Element) -> bool:
    return any(child.tag in _BLOCKS for child in element.iter() if child is not element)


def marked_text(element: etree._Element) -> str:
    """The text of an element with its italics marked, since italics are levels of their own."""
    parts = [element.text or ""]
    for child in element:
        inner = marked_text(child)
        parts.append(f"{ITALIC}{inner}{ROMAN_TYPE}" if child.tag == "I" else inner)
        if child.tag in ("br", "BR"):
            parts.append(" ")
        parts.append(child.tail or "")
    return "".join(parts)


def plain(marked: str) -> str:
    return " ".join(marked.replace(ITALIC, "").replace(ROMAN_TYPE, "").split())


def words_of(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def note_words(note: etree._Element) -> str:
    """The words of a note without its heading."""
    return " ".join(words_of(part) for part in note if part.tag != "HED")
