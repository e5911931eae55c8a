"""Listings begin on the effective day of the document that listed the party, once it is known.

The list prints only the day of publication. When the record learns the effective day, the
listing and what came with it begin on that day instead. When the record comes to say another
day of the same document, or none any more, they follow: to that day, or back to publication.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q

from entities.actions.listing_rows import AFTER_PRINTED_NAMES
from entities.models import (
    Address,
    ListedUnder,
    Listing,
    ListingChange,
    ListingCitation,
    PartyName,
)
from policy.actions.facts import Written, close_rows, insert_rows, new_row
from policy.domain.validity import Dated, Span
from policy.models import DocumentFact, Fact, FactQuerySet, Revision

F = TypeVar("F", bound=Fact)
LEARNED = "The effective day of the document that listed the party became known."
SAID_ANEW = "What is known of the effective day of the document that listed the party changed."


@dataclass(frozen=True)
class Move:
    """The first day of what came with a listing, as it is and as it should be.

    ``was`` is the effective day that the revision has just taken back, if it has; without an
    effective day the new one is that of publication.
    """

    old: date | None
    new: date | None
    was: date | None
    is_effective: bool

    @property
    def follows(self) -> bool:
        """Whether it began on an effective day that no longer holds."""
        return self.was is not None and self.was == self.old

    def moved(self, day: date | None) -> date | None:
        """The new day in the place of the old one; any other stays."""
        return self.new if day == self.old else day


Moves = Mapping[int, Move]


def redate_listings(revision: Revision) -> list[Written[Any]]:
    """Let listings begin on the effective days that the record holds now; what it wrote.

    Those that a person worded, and names that people added, stay as they were put.
    """
    effective = effective_days()
    moves = moves_of(effective, days_taken_back(revision, effective))
    listings: list[Listing] = list(
        Listing.objects.known(None).filter(entity__in=moves).select_related("entity")
    )
    learned = [row for row in listings if row.reconstructed and moves[row.entity_id].is_effective]
    others = [row for row in listings if row.raw and moves[row.entity_id].follows]
    written = move_all(learned, moves, revision, LEARNED)
    taken = {row.entity_id for row in learned}
    others = [row for row in others if row.entity_id not in taken]
    return written + move_all(others, moves, revision, SAID_ANEW)


def effective_days() -> dict[int, date]:
    """By document, the effective day that the record knows."""
    return days_in(DocumentFact.objects.known(None))


def days_taken_back(revision: Revision, effective: Mapping[int, date]) -> dict[int, date]:
    """By document of which the revision has closed a fact, the effective day known before it."""
    touched = DocumentFact.objects.filter(superseded=revision).values("document")
    before = DocumentFact.objects.known(revision.number - 1)
    found = days_in(before.filter(document__in=touched))
    return {document: day for document, day in found.items() if effective.get(document) != day}


def days_in(rows: FactQuerySet) -> dict[int, date]:
    """By document, the effective day that the facts say; of several, the one in force last."""
    found = sorted(
        rows.values_list("document", "effective", "valid_from"), key=lambda row: row[2] or date.min
    )
    days = {document: effective for document, effective, _ in found}
    return {document: day for document, day in days.items() if day is not None}


def moves_of(effective: Mapping[int, date], was: Mapping[int, date]) -> dict[int, Move]:
    """By party, where its entry should begin: of those whose document has or had such a day."""
    documents: Collection[int] = {*effective, *was}
    cited = ListingCitation.objects.known(None).filter(
        Q(document__in=documents) | Q(document__merged_into__in=documents), position=0
    )
    moves = {}
    for row in cited.select_related("document__merged_into"):
        if row.document:
            document = row.document.resolved().pk
            day = effective.get(document)
            new = row.published if day is None else day
            moves[row.entity_id] = Move(row.valid_from, new, was.get(document), day is not None)
    return moves


def move_all(
    listings: Iterable[Listing], moves: Moves, revision: Revision, because: str
) -> list[Written[Any]]:
    """Move the listings, what came with them, and the parties named inside them."""
    rows = list(listings)
    wanted = {row.entity_id for row in rows if can_begin(row, moves[row.entity_id])}
    moved = [redate([r for r in rows if r.entity_id in wanted], moves, revision, because)]
    for model in (PartyName, Address, ListingCitation):
        moved.append(redate(came_with(model, wanted), moves, revision, because))
    moved.append(redate(additions(wanted), moves, revision, because))
    unders = ListedUnder.objects.known(None).filter(parent__in=wanted).select_related("entity")
    inside = [row for row in unders if row.valid_from == moves[row.parent_id].old]
    theirs = {row.entity_id: moves[row.parent_id] for row in inside}
    moved.append(redate(inside, theirs, revision, because))
    for model in (PartyName, Address):
        moved.append(redate(came_with(model, theirs), theirs, revision, because))
    return [done for done in moved if done]


def came_with(model: Any, entities: Collection[int]) -> list[Any]:
    """What is recorded of parties now, but for what people have added to the list."""
    rows = model.objects.known(None).filter(entity__in=entities).select_related("entity")
    return list(rows if model is ListingCitation else rows.filter(position__lt=AFTER_PRINTED_NAMES))


def additions(entities: Collection[int]) -> list[Any]:
    """That a newer list brought the entries; their day is the first of the listing."""
    rows = ListingChange.objects.known(None).filter(act=ListingChange.Act.ADDED)
    return list(rows.filter(entity__in=entities).select_related("entity"))


def can_begin(row: Listing, move: Move) -> bool:
    """Whether the listing begins where the move does, or ends, and had not ended by then."""
    begins = row.valid_from in (move.old, move.new)
    return begins and (row.valid_until is None or move.new is None or move.new < row.valid_until)


def redate(rows: list[F], moves: Moves, revision: Revision, because: str) -> Written[F]:
    """Rows that began on the old day begin on the new one; others keep theirs.

    All rows of a listing say whether it is reconstructed; a wording that came with the
    document is as old as what the document did.
    """
    close: list[F] = []
    fresh: list[F] = []
    for row in rows:
        move = moves[row.entity_id]  # type: ignore[attr-defined]  # the kinds named above
        start = move.moved(row.valid_from)
        if row.valid_until and start and start >= row.valid_until:
            continue
        successor = new_row(Dated(Span(start, row.valid_until), row), revision)
        say_anew(successor, move)
        if start != row.valid_from or not row.says_the_same_as(successor):
            close.append(row)
            fresh.append(successor)
    if not close:
        return Written()
    close_rows(close, revision=revision, because=because)
    insert_rows(fresh)
    return Written(tuple(close), tuple(fresh))


def say_anew(successor: Fact, move: Move) -> None:
    """Let what a row says of its own days agree with the move."""
    if isinstance(successor, Listing):
        successor.reconstructed = not move.is_effective
        successor.worded_since = move.moved(successor.worded_since)
    # A change has a day; where the listing has none any more it keeps the one it had.
    if isinstance(successor, ListingChange) and successor.valid_from:
        successor.day = successor.valid_from
