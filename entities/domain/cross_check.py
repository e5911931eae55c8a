"""Comparing the Entity List as Supplement No. 4 prints it with the screening list's copy.

Two publishers print the same list in two ways: one sets a row for each address or affiliate,
cites the first page of a rule, shortens names. Every difference gets its reason; what no
reason explains is left to a person. A name identifies nobody, so nothing is merged here.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from entities.domain.names import fold
from policy.domain.normal_form import normal_form


class Reason(StrEnum):
    """How a row of the screening list and a party of Supplement No. 4 belong together."""

    NAME = "same name and destination"
    SPELLING = "same name, its spelling or legal form apart"
    ALIAS = "an alias stands as a row of its own"
    PARTY = "a party named inside a listing stands as a row of its own"
    LONGER = "the row's name holds the listed name and more words"
    DESTINATION = "same name, listed under another destination"
    NOBODY = "no party of that name stands on the Entity List"


@dataclass(frozen=True)
class Row:
    """A row of the screening list; ``countries`` are ISO codes in small letters, if known."""

    ref: str
    name: str
    countries: frozenset[str] | None


@dataclass(frozen=True)
class Party:
    """A name of an entity. ``holder`` is the entity whose listing it stands in."""

    holder: int
    name: str
    country: str
    is_primary: bool
    is_inside: bool = False


@dataclass(frozen=True)
class Compared:
    """One row, the listings that it speaks of, and why."""

    row: Row
    holders: frozenset[int]
    reason: Reason


@dataclass(frozen=True)
class CrossCheck:
    """Every row of the one list with its reason, and the listings that no row speaks of."""

    rows: tuple[Compared, ...]
    unmatched: frozenset[int]

    @cached_property
    def counts(self) -> Mapping[Reason, int]:
        return {reason: sum(c.reason is reason for c in self.rows) for reason in Reason}

    @property
    def unexplained(self) -> tuple[Compared, ...]:
        return tuple(compared for compared in self.rows if compared.reason is Reason.NOBODY)


# The EAR treat Hong Kong as China (note to Country Group E and § 740.2); the Crimea region is
# a destination of its own, whose addresses the screening list writes as Ukrainian or Russian.
_ALSO: Mapping[str, frozenset[str]] = {
    "cn": frozenset({"cn", "hk"}),
    "hk": frozenset({"hk", "cn"}),
    "ua-crimea": frozenset({"ua", "ru"}),
}
# Before these the name that is listed, after them what belongs to it, or the other way round.
_PARTS = re.compile(
    r"[()]|\ba\.?k\.?a\.?\b|\bf\.?k\.?a\.?\b|\bincluding\b|:|;|,\s|\.\s"
    r"|\bsubordinate (?:institution|entity)\b|\s[-–—]\s",
    re.IGNORECASE,
)
# A shorter part would be found in names that have nothing to do with it.
_SHORTEST_PART = 6


def cross_check(rows: Iterable[Row], parties: Sequence[Party]) -> CrossCheck:
    """Compare a day's rows with the parties listed on it."""
    exact, folded = _index(parties, normal_form), _index(parties, _folded)
    compared = tuple(_compare(row, exact, folded) for row in rows)
    met = frozenset(holder for one in compared for holder in one.holders)
    listed = frozenset(p.holder for p in parties if p.is_primary and not p.is_inside)
    return CrossCheck(compared, listed - met)


_Index = Mapping[str, Sequence[Party]]


def _index(parties: Iterable[Party], key: Callable[[str], str]) -> _Index:
    found: dict[str, list[Party]] = defaultdict(list)
    for party in parties:
        found[key(party.name)].append(party)
    return found


def _folded(name: str) -> str:
    return fold(name).joined


def _compare(row: Row, exact: _Index, folded: _Index) -> Compared:
    for named, reason in (
        (exact.get(normal_form(row.name), ()), Reason.NAME),
        (folded.get(_folded(row.name), ()), Reason.SPELLING),
    ):
        if named:
            return _judged(row, named, reason)
    for part in _parts(row.name):
        if named := folded.get(part, ()):
            return Compared(row, _holders(_near(row, named) or named), Reason.LONGER)
    return Compared(row, frozenset(), Reason.NOBODY)


def _judged(row: Row, named: Sequence[Party], reason: Reason) -> Compared:
    near = _near(row, named)
    if not near:
        return Compared(row, _holders(named), Reason.DESTINATION)
    if any(party.is_primary and not party.is_inside for party in near):
        own = [p for p in near if p.is_primary and not p.is_inside]
        return Compared(row, _holders(own), reason)
    is_inside = any(party.is_inside for party in near)
    return Compared(row, _holders(near), Reason.PARTY if is_inside else Reason.ALIAS)


def _near(row: Row, named: Sequence[Party]) -> list[Party]:
    """Those listed under one of the row's countries; all, where the row gives none."""
    if not row.countries:
        return list(named)
    countries = row.countries
    return [p for p in named if _ALSO.get(p.country, {p.country}) & countries]


def _holders(parties: Iterable[Party]) -> frozenset[int]:
    return frozenset(party.holder for party in parties)


def _parts(name: str) -> list[str]:
    """The names that a longer one may hold, the longest first."""
    parts = {_folded(part) for part in _PARTS.split(name)}
    return sorted((p for p in parts if len(p) >= _SHORTEST_PART), key=len, reverse=True)
