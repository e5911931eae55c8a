"""What a parser hands on: a list row as read, the row as printed, and what stayed doubtful."""

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Literal

from policy.domain.citations import FrCitation
from policy.domain.normal_form import normal_form

NameKind = Literal["name", "alias", "former", "acronym"]


class Severity(StrEnum):
    """How much a problem matters to someone who relies on the reading."""

    LOW = "low"  # read by a rule of thumb, or an oddity without consequence
    MEDIUM = "medium"  # the print contradicts itself; kept as printed
    HIGH = "high"  # something could not be read


@dataclass(frozen=True)
class Problem:
    """A part of a row that was not read fully, or that contradicts itself in print."""

    row: int
    cell: str
    text: str
    reason: str
    severity: Severity = Severity.LOW


@dataclass(frozen=True)
class Remark:
    """A problem found inside a cell, before it is known in which row the cell stands."""

    text: str
    reason: str
    severity: Severity = Severity.LOW

    def at(self, row: int, cell: str) -> Problem:
        return Problem(row, cell, self.text, self.reason, self.severity)


@dataclass(frozen=True)
class ParsedName:
    """A name as printed; ``kind`` says what the print calls it."""

    text: str
    kind: NameKind = "name"


@dataclass(frozen=True)
class ParsedParty:
    """A party named inside another party's listing, which is an entity of its own."""

    name: str
    names: tuple[ParsedName, ...]
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class PartyCell:
    """A cell of the column "Entity", read.

    ``parent`` is the institution whose subordinate the listed party is said to be.
    ``scope`` holds clauses that widen a listing without naming anybody ("and all operating
    units wherever located"). ``cross_references`` are the "See alternate addresses" notes.
    """

    name: str
    names: tuple[ParsedName, ...]
    addresses: tuple[str, ...] = ()
    parties: tuple[ParsedParty, ...] = ()
    cross_references: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    parent: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Cells:
    """The four cells of a row beside its destination."""

    entity: str = ""
    requirement: str = ""
    review_policy: str = ""
    citation: str = ""

    def as_dict(self) -> dict[str, str]:
        return {
            "entity": self.entity,
            "requirement": self.requirement,
            "review_policy": self.review_policy,
            "citation": self.citation,
        }


@dataclass(frozen=True)
class ParsedListing:
    """One entry of the Entity List, which may span several rows of the table.

    ``requirement`` is without its footnote marks, which are in ``footnotes``. The first of
    ``citations`` listed the party, later ones revised the entry. ``printed`` is the text of
    the cells with line breaks, ``raw_cells`` their markup as published.
    """

    destination: str
    row: int
    name: str
    names: tuple[ParsedName, ...]
    addresses: tuple[str, ...]
    requirement: str
    footnotes: tuple[str, ...]
    review_policy: str
    citations: tuple[FrCitation, ...]
    printed: Cells
    raw_cells: Cells
    parties: tuple[ParsedParty, ...] = ()
    cross_references: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    parent: str = ""
    rows: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_address(self) -> bool:
        """Whether the entry lists an address rather than a party ("Address 07")."""
        return normal_form(self.name).removeprefix("address").isdigit()

    @cached_property
    def digest(self) -> str:
        """SHA-256, in hexadecimal, of what the entry says; see ``substance``."""
        return hashlib.sha256(repr(substance(self)).encode()).hexdigest()


def substance(listing: ParsedListing) -> tuple[object, ...]:
    """What an entry says, so that two printings of it compare equal.

    Built from the cells as printed, not from the names and addresses read out of them:
    whether a line break stands between a name and its address may change how the cell is
    read, but it amends nothing. Citations count by volume, page and date.
    """
    return (
        normal_form(listing.destination),
        normal_form(listing.printed.entity),
        normal_form(listing.requirement),
        listing.footnotes,
        normal_form(listing.review_policy),
        tuple(
            (cited.volume, cited.page, cited.published and cited.published.isoformat())
            for cited in listing.citations
        ),
    )


@dataclass(frozen=True)
class Supplement4:
    """Supplement No. 4 to part 744, the Entity List, as one file has it.

    ``rows`` counts the rows of the table, among them those that continue the row above and
    the ``reserved`` ones, which list nobody. ``footnotes`` maps marks to texts, ``stays``
    are the effective-date notes, ``notes`` the editorial ones.
    """

    rows: int
    listings: tuple[ParsedListing, ...]
    footnotes: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    stays: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    reserved: tuple[int, ...] = ()
    row_destinations: tuple[str, ...] = ()

    @property
    def destinations(self) -> tuple[str, ...]:
        """The destinations as printed, each once, in the order of the table."""
        return tuple(dict.fromkeys(self.row_destinations))

    @property
    def distinct_citations(self) -> frozenset[tuple[int, int]]:
        """Every (volume, page) cited, as printed."""
        return frozenset(
            (cited.volume, cited.page) for listing in self.listings for cited in listing.citations
        )
