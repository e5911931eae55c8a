"""Listings that were reconstructed from publication begin anew once more is known.

The list prints only the day of publication. When the record learns the effective day of the
document that listed a party, the listing and what came with it begin on that day instead.
"""

from datetime import date
from typing import TypeVar

from django.db.models import Q

from entities.models import Address, ListedUnder, Listing, ListingCitation, PartyName
from policy.actions.facts import close_rows, insert_rows, new_row
from policy.domain.validity import Dated, Span
from policy.models import DocumentFact, Fact, Revision

F = TypeVar("F", bound=Fact)
BECAUSE = "The effective day of the document that listed the party became known."


def redate_listings(revision: Revision) -> int:
    """Let reconstructed listings begin on the effective day; how many entities it changed."""
    effective = effective_days()
    cited = ListingCitation.objects.known(None).filter(
        Q(document__in=effective) | Q(document__merged_into__in=effective), position=0
    )
    days: dict[int, tuple[date | None, date]] = {}
    for row in cited.select_related("document__merged_into"):
        if row.document:
            days[row.entity_id] = (row.valid_from, effective[row.document.resolved().pk])
    listings = list(Listing.objects.known(None).filter(entity__in=days, reconstructed=True))
    wanted = {row.entity_id for row in listings if can_begin(row, *days[row.entity_id])}
    redate([row for row in listings if row.entity_id in wanted], days, revision)
    for model in (PartyName, Address, ListingCitation):
        begun = model.objects.known(None).filter(entity__in=wanted)
        moved = [row for row in begun if begins_at(row, days[row.entity_id][0])]
        redate(moved, days, revision)
    redate_parties(wanted, days, revision)
    return len(wanted)


def effective_days() -> dict[int, date]:
    """By document, the first effective day that the record knows."""
    rows = DocumentFact.objects.known(None).filter(effective__isnull=False)
    return dict(rows.values_list("document", "effective"))


def can_begin(row: Listing, old: date | None, new: date) -> bool:
    """Whether the listing began on ``old`` and had not ended by ``new``."""
    return begins_at(row, old) and (row.valid_until is None or new < row.valid_until)


def begins_at(row: Fact, day: date | None) -> bool:
    return row.valid_from == day


def redate(rows: list[F], days: dict[int, tuple[date | None, date]], revision: Revision) -> None:
    """Rows that began on the day of publication begin on the effective day.

    A listing's later rows keep their days, and are no longer marked as reconstructed.
    """
    close: list[F] = []
    fresh: list[F] = []
    for row in rows:
        old, new = days[row.entity_id]  # type: ignore[attr-defined]  # the kinds named above
        start = new if begins_at(row, old) else row.valid_from
        if row.valid_until and start and start >= row.valid_until:
            continue
        successor = new_row(Dated(Span(start, row.valid_until), row), revision)
        if isinstance(successor, Listing):
            successor.reconstructed = False
        close.append(row)
        fresh.append(successor)
    if close:
        close_rows(close, revision=revision, because=BECAUSE)
        insert_rows(fresh)


def redate_parties(
    parents: set[int], days: dict[int, tuple[date | None, date]], revision: Revision
) -> None:
    """Parties named inside a listing began with it, and so did what is held of them."""
    unders = list(ListedUnder.objects.known(None).filter(parent__in=parents))
    unders = [row for row in unders if begins_at(row, days[row.parent_id][0])]
    inside = {row.entity_id: days[row.parent_id] for row in unders}
    redate(unders, inside, revision)
    for model in (PartyName, Address):
        rows = model.objects.known(None).filter(entity__in=inside)
        redate([r for r in rows if begins_at(r, inside[r.entity_id][0])], inside, revision)
