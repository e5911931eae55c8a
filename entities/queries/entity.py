"""One party as of a day: its listing, names, addresses, citations and relations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from django.db.models import Q, QuerySet

from entities.models import (
    Address,
    Entity,
    ListedUnder,
    Listing,
    ListingCitation,
    ListTerm,
    OrganizationLink,
    Ownership,
    PartyName,
    SameParty,
)
from entities.queries.history import EntryChange, entry_changes
from entities.queries.published import PublishedCell, published_cells
from policy.models import Fact
from policy.queries.asof import Reading

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class EntityPage:
    """``listing`` is the party's own, or that of the party which it is listed under."""

    entity: Entity
    listing: Listing | None
    other_listings: list[Listing]
    under: ListedUnder | None
    names: list[PartyName]
    addresses: list[Address]
    citations: list[ListingCitation]
    parties: list[ListedUnder]
    organizations: list[OrganizationLink]
    footnotes: list[ListTerm]
    exceptions: ListTerm | None
    changes: list[EntryChange]
    ownerships: list[Ownership]
    same: list[SameParty]

    @property
    def owners(self) -> list[Ownership]:
        """Whom the party belongs to."""
        return [row for row in self.ownerships if row.entity_id == self.entity.pk]

    @property
    def owned(self) -> list[Ownership]:
        """What belongs to the party."""
        return [row for row in self.ownerships if row.owner_id == self.entity.pk]

    @property
    def shown_as(self) -> SameParty | None:
        """The party that this one was found to be, on the day and as known at the moment."""
        return next((row for row in self.same if row.entity_id == self.entity.pk), None)

    @property
    def also_recorded(self) -> list[SameParty]:
        """Others that were found to be this party."""
        return [row for row in self.same if row.shown_as_id == self.entity.pk]

    @property
    def title(self) -> str:
        primary = (n.text for n in self.names if n.kind == PartyName.Kind.PRIMARY)
        listed = (row.name for row in (self.listing, *self.other_listings) if row)
        named = (self.under.name,) if self.under else ()
        names = (*primary, *(n.text for n in self.names), *named, *listed)
        return next(iter(names), self.entity.slug)

    @property
    def begun(self) -> Listing | None:
        """The row with which the listing began: later ones only word it anew."""
        first = self.listing
        for row in sorted(
            self.other_listings, key=lambda r: r.valid_from or date.min, reverse=True
        ):
            if first and row.valid_until and row.valid_until == first.valid_from:
                first = row
        return first

    @property
    def is_held(self) -> bool:
        """Whether the record knew anything of the party: a listing on whatever day, a name."""
        return bool(self.listing or self.other_listings or self.under or self.names)

    @cached_property
    def published(self) -> list[PublishedCell]:
        """The row that the record holds, where it holds one."""
        return published_cells(self.listing) if self.listing else []

    @property
    def has_markup(self) -> bool:
        return any(cell.has_markup for cell in self.published)

    @property
    def missing_footnotes(self) -> list[str]:
        held = {term.mark for term in self.footnotes}
        return [m for m in (self.listing.footnotes if self.listing else []) if m not in held]

    @property
    def facts(self) -> list[Fact]:
        single = [self.listing, self.under, self.exceptions]
        groups: tuple[Sequence[Fact], ...] = (self.names, self.addresses, self.citations)
        groups += (self.parties, self.footnotes, self.ownerships, self.same)
        changes = [change.row for change in self.changes]
        return [f for f in single if f] + [f for group in (*groups, changes) for f in group]


def entity_page(entity: Entity, reading: Reading) -> EntityPage:
    """Everything the entity's page shows; one query a kind of fact."""
    under = facts_of(ListedUnder, entity, reading, "parent").first()
    holder = under.parent if under else entity
    known = Listing.objects.known(reading.asof.revision).filter(entity=holder)
    known = known.select_related("country", "source", "also").order_by("valid_from", "pk")
    rows = list(known)
    listing = next((row for row in rows if reading.on in row.span), None)
    terms = {term.mark: term for term in list_terms(reading)}
    return EntityPage(
        entity=entity,
        listing=listing,
        other_listings=[row for row in rows if row is not listing],
        under=under,
        names=list(facts_of(PartyName, entity, reading, "entity").order_by("position", "pk")),
        addresses=list(facts_of(Address, entity, reading, "entity").order_by("position", "pk")),
        citations=list(
            facts_of(ListingCitation, holder, reading, "document__merged_into").order_by(
                "position", "pk"
            )
        ),
        parties=list(parties_of(entity, reading)),
        organizations=list(
            facts_of(OrganizationLink, entity, reading, "organization").order_by("organization")
        ),
        footnotes=[terms[m] for m in (listing.footnotes if listing else []) if m in terms],
        exceptions=terms.get(ListTerm.LICENSE_EXCEPTIONS),
        changes=entry_changes(holder, reading),
        ownerships=list(between(Ownership, entity, "owner", reading)),
        same=list(between(SameParty, entity, "shown_as", reading)),
    )


def between(model: type[F], entity: Entity, other: str, reading: Reading) -> QuerySet[F]:
    """The facts that tie a party to another, whichever of the two it is."""
    rows: QuerySet[F] = model.objects.as_of(reading.asof)
    rows = rows.filter(Q(entity=entity) | Q(**{other: entity}))
    return rows.select_related("source", "entity", other).order_by("pk")


def facts_of(model: type[F], entity: Entity, reading: Reading, *related: str) -> QuerySet[F]:
    rows: QuerySet[F] = model.objects.as_of(reading.asof).filter(entity=entity)
    return rows.select_related("source", *related)


def parties_of(entity: Entity, reading: Reading) -> QuerySet[ListedUnder]:
    rows: QuerySet[ListedUnder] = ListedUnder.objects.as_of(reading.asof).filter(parent=entity)
    return rows.select_related("entity", "source").order_by("position", "pk")


def list_terms(reading: Reading) -> QuerySet[ListTerm]:
    rows: QuerySet[ListTerm] = ListTerm.objects.as_of(reading.asof)
    return rows.select_related("source")
