"""From an entry as parsed to the facts about it: for the starting record and for imports.

Nothing is saved here, and nothing is asked of the database: who calls hands over what the
record knows of countries and documents.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from anyascii import anyascii
from django.utils.text import slugify

from entities.models import Address, Entity, ListedUnder, Listing, ListingCitation, PartyName
from entities.sources.parsed import ParsedListing, ParsedName, ParsedParty
from policy.domain.citations import FrCitation
from policy.domain.normal_form import normal_form
from policy.models import Country, DocumentFact, Fact, Source
from policy.queries.cited import Joins

SLUG_LENGTH = 120
# Names and addresses that people add stand from here on, after those that the list prints.
AFTER_PRINTED_NAMES = 1000


@dataclass(frozen=True)
class ListingRows:
    """The unsaved facts that one entry, or one party named inside it, comes to."""

    listing: Listing | None = None
    listed_under: ListedUnder | None = None
    names: tuple[PartyName, ...] = ()
    addresses: tuple[Address, ...] = ()
    citations: tuple[ListingCitation, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        single = tuple(fact for fact in (self.listing, self.listed_under) if fact)
        return (*single, *self.names, *self.addresses, *self.citations)


def start_of(citation: FrCitation, fact: DocumentFact | None) -> date | None:
    """The day from which what is cited holds: the effective day if known, else publication."""
    return fact.effective if fact and fact.effective else citation.published


def rows_for(
    parsed: ParsedListing,
    entity: Entity,
    *,
    country: Country,
    source: Source,
    documents: Joins,
) -> ListingRows:
    """The facts of one entry.

    The listing starts on the effective day of the document cited first. Where the record
    does not know that, it starts on the day of publication that the citation prints and is
    marked as reconstructed.
    """
    joined = [documents.fact(citation) for citation in parsed.citations]
    starts = [start_of(c, d) for c, d in zip(parsed.citations, joined, strict=True)]
    since = starts[0] if starts else None
    listing = Listing(
        entity=entity,
        country=country,
        destination=parsed.destination,
        name=parsed.name,
        sort_name=sort_name(parsed.name),
        requirement=parsed.requirement,
        footnotes=list(parsed.footnotes),
        review_policy=parsed.review_policy,
        review_policy_normal=policy_label(parsed.review_policy),
        cross_references=list(parsed.cross_references),
        raw=parsed.raw_cells.as_dict(),
        digest=parsed.digest,
        reconstructed=not (joined and joined[0] and joined[0].effective),
        worded_since=max((day for day in starts if day), default=None),
        valid_from=since,
        source=source,
    )
    return ListingRows(
        listing=listing,
        names=tuple(name_rows(parsed.names, entity, since, source)),
        addresses=tuple(address_rows(parsed.addresses, entity, since, source)),
        citations=tuple(citation_rows(parsed.citations, documents, entity, source)),
    )


def party_rows(
    party: ParsedParty,
    entity: Entity,
    parent: Listing,
    *,
    position: int,
    source: Source,
) -> ListingRows:
    """The facts of a party named inside the listing ``parent``, which it shares."""
    since = parent.valid_from
    under = ListedUnder(
        entity=entity,
        parent=parent.entity,
        name=party.name,
        position=position,
        valid_from=since,
        source=source,
    )
    return ListingRows(
        listed_under=under,
        names=tuple(name_rows(party.names, entity, since, source)),
        addresses=tuple(address_rows(party.addresses, entity, since, source)),
    )


def name_rows(
    names: Iterable[ParsedName],
    entity: Entity,
    since: date | None,
    source: Source,
) -> Iterator[PartyName]:
    """Names in printed order; one that differs from an earlier one in form only is dropped."""
    seen: set[str] = set()
    for position, name in enumerate(names):
        normal = normal_form(name.text)
        if normal in seen:
            continue
        seen.add(normal)
        yield PartyName(
            entity_id=entity.pk,
            text=name.text,
            normal=normal,
            kind=name.kind,
            position=position,
            valid_from=since,
            source_id=source.pk,
        )


def address_rows(
    addresses: Iterable[str],
    entity: Entity,
    since: date | None,
    source: Source,
) -> Iterator[Address]:
    seen: set[str] = set()
    for position, text in enumerate(addresses):
        digest = address_digest(text)
        if digest in seen:
            continue
        seen.add(digest)
        yield Address(
            entity_id=entity.pk,
            text=text,
            digest=digest,
            position=position,
            valid_from=since,
            source_id=source.pk,
        )


def citation_rows(
    citations: Sequence[FrCitation],
    documents: Joins,
    entity: Entity,
    source: Source,
) -> Iterator[ListingCitation]:
    """The first citation listed the party, later ones revised its entry."""
    for position, citation in enumerate(citations):
        document = documents.document(citation)
        act = ListingCitation.Act.REVISED if position else ListingCitation.Act.LISTED
        yield ListingCitation(
            entity_id=entity.pk,
            position=position,
            act=act,
            volume=citation.volume,
            page=citation.page,
            printed=citation.printed,
            published=citation.published,
            problems=list(citation.notes),
            document_id=document.pk if document else None,
            valid_from=start_of(citation, documents.fact(citation)),
            source_id=source.pk,
        )


def address_digest(text: str) -> str:
    """SHA-256, in hexadecimal, of the address in normal form."""
    return hashlib.sha256(normal_form(text).encode()).hexdigest()


def sort_name(name: str) -> str:
    """The name as lists sort it: in Latin letters, without case or leading signs."""
    return anyascii(name).casefold().lstrip(" \"'“”‘’().,-#")


def policy_label(policy: str) -> str:
    """A review policy as facets count it: without the stop at its end, and cut."""
    return " ".join(policy.split()).rstrip(" .;")[:200]


def new_slug(name: str, taken: Collection[str]) -> str:
    """A public id that is not taken: from the name, with -2, -3 … where it is."""
    stem = slugify(anyascii(name))[:SLUG_LENGTH].strip("-") or "entity"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
