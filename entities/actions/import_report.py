"""What an import of a part of the eCFR says that it read and did."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from entities.actions.joins import Shares
from entities.sources.parsed import Supplement4


@dataclass(frozen=True)
class ImportReport:
    """What an import read and did. ``revision`` is None if nothing was written.

    Of the list's rows, ``joined_known`` cite a document that the record knows by its pages,
    ``joined_stub`` one that it knows by the citation alone; ``unread`` cite none that could
    be read, and are named. ``text`` counts the part's sections; see ``SectionsReport``.
    """

    date: str
    sha256: str
    part: str = ""
    rows: int = 0
    listings: int = 0
    destinations: int = 0
    entities: int = 0
    names: int = 0
    addresses: int = 0
    citations: int = 0
    created: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    joined_known: int = 0
    joined_stub: int = 0
    unread: list[str] = field(default_factory=list)
    text: dict[str, Any] | None = None
    revision: int | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, Any]:
        """What a snapshot keeps of it."""
        return {key: value for key, value in asdict(self).items() if key != "problems"}


def report_of(
    parsed: Supplement4, as_of: date, sha256: str, shares: Shares, **counts: Any
) -> ImportReport:
    parties = [party for listing in parsed.listings for party in listing.parties]
    holders: Iterable[Any] = [*parsed.listings, *parties]
    return ImportReport(
        date=as_of.isoformat(),
        sha256=sha256,
        part="744",
        rows=parsed.rows,
        listings=len(parsed.listings),
        destinations=len(parsed.destinations),
        entities=len(parsed.listings) + len(parties),
        names=sum(len(holder.names) for holder in holders),
        addresses=sum(len(holder.addresses) for holder in holders),
        citations=len(parsed.distinct_citations),
        joined_known=shares.known,
        joined_stub=shares.stub,
        unread=list(shares.unread),
        problems=[asdict(problem) for problem in parsed.problems],
        **counts,
    )
