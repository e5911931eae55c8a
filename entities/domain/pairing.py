"""Which row of a new list is which listing of the old one.

A name identifies nobody: two listings may share name and destination. So rows pair first by
all that they say, then by what listed them, and only then by being the last ones left of
their name. Nothing pairs across names or destinations; that takes a person.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Old = TypeVar("Old")
New = TypeVar("New")


@dataclass(frozen=True)
class Candidate(Generic[Old]):
    """A listing or row reduced to what pairing looks at.

    ``place`` is destination and name in normal form, ``digest`` stands for all that the row
    says, ``listed_by`` is its first citation.
    """

    place: Hashable
    digest: str
    listed_by: Hashable
    item: Old


@dataclass
class Pairing(Generic[Old, New]):
    """``same`` say the same, ``revised`` are one listing with another text."""

    same: list[tuple[Old, New]] = field(default_factory=list)
    revised: list[tuple[Old, New]] = field(default_factory=list)
    added: list[New] = field(default_factory=list)
    gone: list[Old] = field(default_factory=list)


def pair(old: Iterable[Candidate[Old]], new: Iterable[Candidate[New]]) -> Pairing[Old, New]:
    """Pair every old listing with at most one new row, and the other way round."""
    found: Pairing[Old, New] = Pairing()
    olds, news = by_place(old), by_place(new)
    for place in {**olds, **news}:
        pair_one_place(olds.get(place, []), news.get(place, []), found)
    return found


def by_place(candidates: Iterable[Candidate[Old]]) -> dict[Hashable, list[Candidate[Old]]]:
    grouped: dict[Hashable, list[Candidate[Old]]] = defaultdict(list)
    for candidate in candidates:
        grouped[candidate.place].append(candidate)
    return grouped


def pair_one_place(
    olds: list[Candidate[Old]], news: list[Candidate[New]], found: Pairing[Old, New]
) -> None:
    """Pair the rows of one name and destination, the surest pairs first."""
    remaining = list(news)
    unpaired = []
    for one in olds:
        match = next((n for n in remaining if n.digest == one.digest), None)
        if match is None:
            unpaired.append(one)
        else:
            remaining.remove(match)
            found.same.append((one.item, match.item))
    still_unpaired = []
    for one in unpaired:
        match = next((n for n in remaining if n.listed_by == one.listed_by), None)
        if match is None:
            still_unpaired.append(one)
        else:
            remaining.remove(match)
            found.revised.append((one.item, match.item))
    if len(still_unpaired) == 1 and len(remaining) == 1:
        found.revised.append((still_unpaired.pop().item, remaining.pop().item))
    found.gone.extend(one.item for one in still_unpaired)
    found.added.extend(one.item for one in remaining)
