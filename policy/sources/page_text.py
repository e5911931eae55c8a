"""What a fetched page or text says, as lines of words; the bytes themselves are kept apart."""

import re

from policy.sources.ecfr_part import ParsedSection, parse_section
from policy.sources.foreign_html import plain_text
from policy.sources.safe_xml import read_xml

# Where a printed page begins: set by the Federal Register between words, and no word of it.
_PAGE_MARK = re.compile(r"\s*(?:\[\[Page [\w -]+\]\]|Start Printed Page [\d,]+)\s*")
_TRAILING = re.compile(r"[^\S\n]+$", re.MULTILINE)


def page_text(data: bytes) -> str:
    """The words of a page in UTF-8, paragraphs kept; of plain text the text as it is.

    Marks of printed pages are left out, so that they part no quoted sentence.
    """
    text = data.decode(errors="replace").lstrip("\ufeff")
    words = plain_text(text) if text.lstrip().startswith("<") else _TRAILING.sub("", text)
    return _PAGE_MARK.sub(_one_break, words).strip()


def _one_break(mark: re.Match[str]) -> str:
    """What stands for a page mark: a line break where it stood between two lines of its own."""
    return "\n" if mark[0].count("\n") > 1 else " "


def ecfr_text(data: bytes) -> str:
    """The sections and supplements of the eCFR's XML, each with heading and source line.

    Raises Refused for bytes that are no such XML.
    """
    found = read_xml(data).iter("DIV8", "DIV9")
    return "\n\n".join(filter(None, (section_text(parse_section(element)) for element in found)))


def section_text(section: ParsedSection) -> str:
    return "\n".join(filter(None, (section.heading, section.text, section.source_line)))
