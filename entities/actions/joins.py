"""How far the rows of a list are joined to the documents that they cite."""

from dataclasses import dataclass

from entities.models import ListingCitation
from entities.sources.parsed import Supplement4
from policy.actions.documents import join_citations
from policy.actions.facts import close_rows, insert_rows, new_row
from policy.domain.citations import FrCitation
from policy.domain.validity import Dated
from policy.models import Revision
from policy.queries.cited import KnownDocuments


@dataclass(frozen=True)
class Shares:
    """How many rows are joined, by the citation that listed them; ``unread`` names the rest."""

    known: int = 0
    stub: int = 0
    unread: tuple[str, ...] = ()


def shares_of(parsed: Supplement4, known: KnownDocuments) -> Shares:
    """A row whose first citation no known document's pages hold is joined to a stub."""
    found: dict[FrCitation, bool] = {}
    counts = {True: 0, False: 0}
    unread = []
    for listing in parsed.listings:
        if not listing.citations:
            unread.append(f"row {listing.row}: {listing.name}")
            continue
        first = listing.citations[0]
        if first not in found:
            found[first] = known.find(first) is not None
        counts[found[first]] += 1
    return Shares(counts[True], counts[False], tuple(unread))


def join_the_unjoined(revision: Revision) -> int:
    """Citations recorded before there were stubs get their documents; how many did."""
    rows = list(ListingCitation.objects.known(None).filter(document__isnull=True))
    if not rows:
        return 0
    joins = join_citations(citation_of(row) for row in rows)
    fresh = []
    for row in rows:
        successor = new_row(Dated(row.span, row), revision)
        successor.document = joins.document(citation_of(row))
        fresh.append(successor)
    close_rows(rows, revision=revision, because="The citation was joined to a document.")
    insert_rows(fresh)
    return len(fresh)


def citation_of(row: ListingCitation) -> FrCitation:
    return FrCitation(row.volume, row.page, row.published, row.printed)
