"""What a newer version of the list changed: added, revised, removed, each with its document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import unescape

from entities.actions.write_listings import Writer
from entities.models import Listing, ListingChange, ListingCitation
from entities.sources.parsed import ParsedListing
from policy.actions.facts import reconcile_keys
from policy.actions.proposals import propose
from policy.domain.citations import FrCitation
from policy.domain.normal_form import normal_form
from policy.models import DocumentFact, Proposal
from policy.queries.cited import KnownDocuments

FIELDS = ("destination", "entity", "requirement", "review_policy", "citation")
_BREAK = re.compile(r"\s*<br\s*/?>\s*")
_TAG = re.compile(r"<[^<>]*>")
_REMOVES = re.compile(r"\bremov", re.IGNORECASE)
_REVISES = re.compile(r"\bentity list\b", re.IGNORECASE)


@dataclass(frozen=True)
class Removal:
    """When a listing ended and by which document; without one a person has to say."""

    day: date
    fact: DocumentFact | None = None
    candidates: tuple[DocumentFact, ...] = ()
    list_day: date = date.max

    def day_for(self, listing: Listing) -> date:
        """The first day without the listing, which had begun before."""
        begun = listing.valid_from is None or listing.valid_from < self.day
        return self.day if begun else self.list_day


def removal_of(known: KnownDocuments, since: date | None, as_of: date) -> Removal:
    """How entries that the list of ``as_of`` lacks were removed.

    The list does not say. Where the record knows exactly one document that removes entries
    and took effect after the list before, which is of the day ``since``, it was that one.
    Without such a document a listing ends on the day of the list.
    """
    found = tuple(fact for fact in known.facts if removes(fact) and within(fact, since, as_of))
    if len(found) != 1:
        return Removal(as_of, None, found, as_of)
    return Removal(found[0].effective or as_of, found[0], found, as_of)


def removes(fact: DocumentFact) -> bool:
    """Whether a document says of itself that it takes entries off the Entity List."""
    words = f"{fact.title} {fact.abstract}"
    return bool(_REVISES.search(words) and _REMOVES.search(words))


def within(fact: DocumentFact, since: date | None, as_of: date) -> bool:
    exact = fact.published if fact.published_precision == "day" else None
    day = fact.effective or exact
    return bool(since and day and since < day <= as_of)


def write_changes(
    writer: Writer,
    revised: Sequence[tuple[Listing, ParsedListing]],
    removal: Removal,
) -> None:
    """One fact a change; what nobody but a person can tie to a document is proposed."""
    rows = [*added(writer), *revisions(writer, revised), *removals(writer, removal)]
    reconcile_keys(
        ListingChange,
        rows,
        keys={row.key for row in rows},
        revision=writer.revision,
        because="The list of that day was imported again.",
    )
    if removal.fact is None:
        propose(suspected(writer, row, removal) for row, _ in writer.ended)


def change(
    writer: Writer,
    listing: Listing,
    act: ListingChange.Act,
    day: date,
    citation: FrCitation | None = None,
) -> ListingChange:
    return ListingChange(
        entity=listing.entity,
        act=act,
        day=day,
        valid_from=day,
        printed=citation.printed[:120] if citation else "",
        document=writer.documents.document(citation) if citation else None,
        source=writer.source,
    )


def added(writer: Writer) -> Iterator[ListingChange]:
    """Entries that this revision created, by the document that they cite first."""
    cited = {
        row.entity_id: FrCitation(row.volume, row.page, row.published, row.printed)
        for row in writer.pending.get(ListingCitation, [])
        if isinstance(row, ListingCitation) and row.position == 0
    }
    for row in writer.pending.get(Listing, []):
        if isinstance(row, Listing) and row.entity.created_id == writer.revision.number:
            day = row.valid_from or writer.as_of
            citation = cited.get(row.entity_id)
            yield change(writer, row, ListingChange.Act.ADDED, day, citation)


def revisions(
    writer: Writer, revised: Sequence[tuple[Listing, ParsedListing]]
) -> Iterator[ListingChange]:
    """Entries with another text, by the citation that is new in them."""
    days = {listing.entity_id: day for listing, day in writer.changed}
    # Closed by now in this very revision: what they cited before is what it superseded.
    before = ListingCitation.objects.known(writer.revision.number - 1)
    held: dict[int, set[tuple[int, int]]] = {}
    for row in before.filter(entity__in=days):
        held.setdefault(row.entity_id, set()).add((row.volume, row.page))
    for listing, parsed in revised:
        if listing.entity_id in days:
            old = held.get(listing.entity_id, set())
            new = [c for c in parsed.citations if (c.volume, c.page) not in old]
            day = days[listing.entity_id]
            citation = new[-1] if new else None
            row = change(writer, listing, ListingChange.Act.REVISED, day, citation)
            row.fields = list(differing_fields(listing, parsed))
            yield row


def differing_fields(listing: Listing, parsed: ParsedListing) -> Iterator[list[str]]:
    """[field, before, after] of each column that reads otherwise in normal form."""
    old = {"destination": listing.destination, **listing.raw}
    new = {"destination": parsed.destination, **parsed.raw_cells.as_dict()}
    for name in FIELDS:
        before, after = readable(old.get(name, "")), readable(new.get(name, ""))
        if normal_form(before) != normal_form(after):
            yield [name, before, after]


def readable(markup: str) -> str:
    """A cell's words, a printed line each."""
    lines = (_TAG.sub(" ", line) for line in _BREAK.split(markup))
    return "\n".join(filter(None, (" ".join(unescape(line).split()) for line in lines)))


def removals(writer: Writer, removal: Removal) -> Iterator[ListingChange]:
    for listing, day in writer.ended:
        row = change(writer, listing, ListingChange.Act.REMOVED, day)
        if removal.fact:
            row.document = removal.fact.document
            row.printed = removal.fact.citation
        yield row


def suspected(writer: Writer, listing: Listing, removal: Removal) -> Proposal:
    """That a listing is gone and the record does not know by which document."""
    return Proposal(
        key=f"removal:{listing.entity.slug}:{writer.as_of.isoformat()}",
        kind=Proposal.Kind.REMOVAL,
        subject_kind="entity",
        subject_id=listing.entity.slug,
        title=f"Suspected removal of {listing.name} ({listing.destination})",
        evidence={
            "missing_from": writer.as_of.isoformat(),
            "candidates": [str(fact.document) for fact in removal.candidates],
            "entry": listing.raw,
        },
        source=writer.source,
        revision=writer.revision,
    )
