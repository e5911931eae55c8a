"""Supplement No. 4 to 15 CFR part 744, the Entity List, read from the XML of the eCFR.

Pure: an element goes in, frozen values come out. A row that cannot be read fully is a
value with problems, never an exception; only a file without the list is refused.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from entities.sources.listing import parse_listing, read_listing, read_requirement
from entities.sources.parsed import (
    Cells,
    ParsedListing,
    ParsedName,
    ParsedParty,
    Problem,
    Severity,
    Supplement4,
    substance,
)
from entities.sources.party import parse_party_cell
from entities.sources.table import Row, read_footnotes, read_notes, read_rows
from policy.sources.safe_xml import Refused

__all__ = [
    "Cells",
    "ParsedListing",
    "ParsedName",
    "ParsedParty",
    "Problem",
    "Severity",
    "Supplement4",
    "find_supplement4",
    "parse_listing",
    "parse_party_cell",
    "parse_supplement4",
    "read_requirement",
    "substance",
]

_SUPPLEMENT_4 = re.compile(r"supplement\s+no\.?\s*4\s+to\s+part\s+744", re.IGNORECASE)


def find_supplement4(root: etree._Element) -> etree._Element:
    """The element that holds Supplement No. 4 to part 744.

    Raises ``Refused`` when ``root`` is another part, or the part without its list.
    """
    for element in root.iter("DIV9"):
        if _SUPPLEMENT_4.search(element.get("N", "")):
            if element.find(".//TR") is None:
                raise Refused("Supplement No. 4 to part 744 in this file holds no table.")
            return element
    raise Refused(
        f"This file does not hold Supplement No. 4 to part 744, the Entity List{_instead(root)}."
    )


def _instead(root: etree._Element) -> str:
    head = root.find(".//HEAD")
    if head is None:
        return f": its outermost element is {etree.QName(root).localname}"
    return f": it holds “{_words(head)[:120]}”"


def _words(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def parse_supplement4(root: etree._Element) -> Supplement4:
    """Read the Entity List out of part 744 (``DIV5``) or the supplement (``DIV9``) itself.

    Raises ``Refused`` when the list is not in ``root``, or names nobody.
    """
    supplement = find_supplement4(root)
    read = list(read_rows(supplement))
    rows = [row for row in read if isinstance(row, Row)]
    footnotes = read_footnotes(supplement)
    destinations = _destinations(rows)
    problems = [problem for problem in read if isinstance(problem, Problem)]
    problems += _row_problems(rows, destinations)
    listings = [
        _read_entry(entry, destinations[entry[0].number], footnotes) for entry in _entries(rows)
    ]
    if not listings:
        raise Refused("Supplement No. 4 to part 744 in this file lists nobody.")
    problems += [problem for listing in listings for problem in listing.problems]
    problems += _dates_that_disagree(listings)
    return Supplement4(
        rows=len(read),
        listings=tuple(listings),
        footnotes=footnotes,
        problems=tuple(sorted(problems, key=lambda problem: (problem.row, problem.cell))),
        stays=read_notes(supplement, "EFFDNOT"),
        notes=read_notes(supplement, "EDNOTE"),
        reserved=tuple(row.number for row in rows if row.is_reserved),
        row_destinations=tuple(destinations[row.number] for row in rows),
    )


def _destinations(rows: Iterable[Row]) -> dict[int, str]:
    """The destination of each row: an empty country cell inherits the one above."""
    destinations, current = {}, ""
    for row in rows:
        current = row.country or current
        destinations[row.number] = current
    return destinations


def _entries(rows: Iterable[Row]) -> list[list[Row]]:
    """Rows grouped into entries: a row without licence and citation continues the one above."""
    entries: list[list[Row]] = []
    may_continue = False
    for row in rows:
        if row.is_reserved or not row.text.entity:
            may_continue = False
        elif row.continues_above and may_continue and not row.country:
            entries[-1].append(row)
        else:
            entries.append([row])
            may_continue = True
    return entries


def _row_problems(rows: list[Row], destinations: dict[int, str]) -> Iterator[Problem]:
    before: Row | None = None
    for row in rows:
        if not destinations[row.number]:
            reason = "no country is printed here or above"
            yield Problem(row.number, "country", row.text.entity, reason, Severity.HIGH)
        if not row.is_reserved:
            yield from _orphans(row, before)
        before = row


def _orphans(row: Row, before: Row | None) -> Iterator[Problem]:
    """A row that names nobody, or that goes on with an entry that is not there."""
    if not row.text.entity:
        words = row.text.requirement or row.text.citation or row.country
        yield Problem(row.number, "entity", words, "the row names no party", Severity.HIGH)
    elif row.continues_above and (before is None or before.is_reserved or row.country):
        reason = "the row continues an entry, but none stands above it"
        yield Problem(row.number, "row", row.text.entity, reason, Severity.HIGH)


def _read_entry(entry: list[Row], destination: str, footnotes: dict[str, str]) -> ParsedListing:
    first = entry[0]
    cells = replace(first.text, entity="\n".join(row.text.entity for row in entry))
    listing = read_listing(destination, cells, tuple(row.number for row in entry))
    unexplained = tuple(
        Problem(first.number, "requirement", mark, f"footnote {mark} is not explained in the file")
        for mark in listing.footnotes
        if mark not in footnotes
    )
    raw = replace(first.raw, entity="\n".join(row.raw.entity for row in entry))
    return replace(listing, raw_cells=raw, problems=listing.problems + unexplained)


def _dates_that_disagree(listings: Iterable[ParsedListing]) -> Iterator[Problem]:
    """One page is published on one day: where rows disagree, the rarer date is reported."""
    rows: dict[tuple[int, int], dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for listing in listings:
        for cited in listing.citations:
            if cited.published:
                rows[cited.volume, cited.page][cited.published].append(listing.row)
    for (volume, page), by_date in rows.items():
        counts = Counter({day: len(numbers) for day, numbers in by_date.items()})
        (usual, times), *others = counts.most_common()
        for day, _ in others:
            for row in by_date[day]:
                reason = f"dated {day} here, {usual} in {times} other rows"
                yield Problem(row, "citation", f"{volume} FR {page}", reason, Severity.MEDIUM)
