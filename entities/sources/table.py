"""The table of Supplement No. 4 as rows of text.

The eCFR gives the Entity List as an HTML-like table: ``DIV9`` → ``TABLE`` → ``TR`` → five
``TD``. White space of the source means nothing; ``<br/>`` is a line break.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from entities.sources.parsed import Cells, Problem, Severity

COLUMNS = 5
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_DIGITS = {"sup": _SUPERSCRIPTS, "sub": _SUBSCRIPTS}


@dataclass(frozen=True)
class Row:
    """One row: its number (from 1), the country cell, and the four other cells."""

    number: int
    country: str
    text: Cells
    raw: Cells

    @property
    def is_reserved(self) -> bool:
        """Whether the row only says "[Reserved]", in whichever cell."""
        if self.text.citation:
            return False
        words = {self.text.entity, self.text.requirement, self.text.review_policy} - {""}
        return {_plain_word(word) for word in words} == {"reserved"}

    @property
    def continues_above(self) -> bool:
        """Whether the row goes on with the entry above it: licence and citation are empty."""
        text = self.text
        return bool(text.entity) and not (text.requirement or text.review_policy or text.citation)


def _plain_word(text: str) -> str:
    return text.strip(" .[]()").lower()


def cell_text(cell: etree._Element) -> str:
    """The text of a cell with ``\\n`` for ``<br/>``; superscript digits stay superscript."""
    parts = [cell.text or ""]
    for child in cell:
        if child.tag == "br":
            parts.append("\v")
        elif isinstance(child.tag, str):
            inside = "".join(child.itertext(with_tail=False))
            parts.append(inside.translate(_DIGITS.get(child.tag, {})))
        parts.append(child.tail or "")
    # str.split() also drops the no-break and fixed-width spaces that come and go.
    lines = "".join(parts).split("\v")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def cell_markup(cell: etree._Element) -> str:
    """The inside of a cell exactly as published."""
    markup = etree.tostring(cell, encoding="unicode", with_tail=False)
    return markup[markup.index(">") + 1 : max(markup.rfind("</"), 0)]


def read_rows(supplement: etree._Element) -> Iterator[Row | Problem]:
    """Every body row of the table, or a problem in place of one that is no list row."""
    number = 0
    for row in supplement.iter("TR"):
        if row.find("TH") is not None or _stands_in(row, "TFOOT"):
            continue
        number += 1
        cells = row.findall("TD")
        if len(cells) != COLUMNS:
            words = " ".join("".join(row.itertext()).split())
            reason = f"the row has {len(cells)} cells instead of {COLUMNS}"
            yield Problem(number, "row", words, reason, Severity.HIGH)
            continue
        country, *others = (cell_text(cell) for cell in cells)
        if _plain_word(country) == "reserved":
            country, others[0] = "", others[0] or country
        raw = Cells(*(cell_markup(cell) for cell in cells[1:]))
        yield Row(number, " ".join(country.split()), Cells(*others), raw)


def read_footnotes(supplement: etree._Element) -> dict[str, str]:
    """Footnote marks ("1") and their texts."""
    footnotes = {}
    for cell in supplement.iterfind(".//TFOOT//TD"):
        mark = cell.find("sup")
        if mark is not None and mark.text:
            words = " ".join("".join(cell.itertext()).split())
            footnotes[mark.text.strip()] = words.removeprefix(mark.text.strip()).strip()
    return footnotes


def read_notes(supplement: etree._Element, tag: str) -> tuple[str, ...]:
    """The texts of the notes with ``tag`` (``EFFDNOT``, ``EDNOTE``), without their headings."""
    notes = []
    for note in supplement.iter(tag):
        parts = [part for part in note if part.tag != "HED"]
        notes.append(" ".join(" ".join("".join(part.itertext()).split()) for part in parts))
    return tuple(notes)


def _stands_in(row: etree._Element, tag: str) -> bool:
    return any(ancestor.tag == tag for ancestor in row.iterancestors())
