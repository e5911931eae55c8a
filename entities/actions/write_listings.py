"""Writing what an import decided: new listings, revised ones, ended ones."""

from collections.abc import Callable, Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from entities.actions.listing_rows import (
    ListingRows,
    new_slug,
    party_rows,
    rows_for,
)
from entities.models import Address, Entity, ListedUnder, Listing, ListingCitation, PartyName
from entities.sources.parsed import ParsedListing
from policy.actions.bulk import CHUNK
from policy.actions.facts import Written, close_rows, insert_rows, new_row
from policy.domain.normal_form import normal_form
from policy.domain.validity import Dated, Span
from policy.models import Country, Fact, Revision, Source
from policy.queries.cited import Joins

F = TypeVar("F", bound=Fact)


@dataclass
class Writer:
    """One import's writes. Facts are gathered, then inserted kind by kind.

    ``as_of`` is the day of the snapshot: what a row without a newer citation says changed
    by that day, for want of a better one. ``until`` is set when an older snapshot is added
    to the past: what only it holds was gone by that day, that of the next newer snapshot.
    ``changed`` and ``ended`` are the listings so treated, each with the day of law.
    """

    revision: Revision
    source: Source
    as_of: date
    countries: dict[str, Country]
    documents: Joins
    taken: set[str]
    until: date | None = None
    pending: dict[type[Fact], list[Fact]] = field(default_factory=dict)
    closing: dict[type[Fact], list[Fact]] = field(default_factory=dict)
    changed: list[tuple[Listing, date]] = field(default_factory=list)
    ended: list[tuple[Listing, date]] = field(default_factory=list)

    def add(self, parsed: Sequence[ParsedListing]) -> None:
        """New entities with their listings and all that stands in them."""
        created = self.create_entities(listing.name for listing in parsed)
        rows = [self.rows_of(p, e) for p, e in zip(parsed, created, strict=True)]
        parties = [
            (party, row.listing, position)
            for p, row in zip(parsed, rows, strict=True)
            for position, party in enumerate(p.parties)
        ]
        inside = self.create_entities(party.name for party, _, _ in parties)
        for (party, parent, position), entity in zip(parties, inside, strict=True):
            if parent is not None:
                rows.append(
                    party_rows(party, entity, parent, position=position, source=self.source)
                )
        for row in rows:
            self.insert(every_fact(row))

    def create_entities(self, names: Iterable[str]) -> list[Entity]:
        entities = []
        for name in names:
            slug = new_slug(name, self.taken)
            self.taken.add(slug)
            entities.append(Entity(slug=slug, created=self.revision))
        return Entity.objects.bulk_create(entities, batch_size=CHUNK)

    def rows_of(self, parsed: ParsedListing, entity: Entity) -> ListingRows:
        country = self.countries[normal_form(parsed.destination)]
        return rows_for(
            parsed, entity, country=country, source=self.source, documents=self.documents
        )

    def revise(self, old: Listing, parsed: ParsedListing) -> None:
        """The listing's text changes on a day; before that day the old text stays in force."""
        rows = self.rows_of(parsed, old.entity)
        if rows.listing is None:
            return
        cited = cited_anew(own_rows(ListingCitation, old.entity), rows.citations)
        day = self.change_day(old, cited)
        self.replace([old], [rows.listing], day, lambda fact: fact.key)
        for model, new in (
            (PartyName, rows.names),
            (Address, rows.addresses),
            (ListingCitation, rows.citations),
        ):
            self.replace(own_rows(model, old.entity), list(new), day, lambda fact: fact.key)
        self.revise_parties(rows.listing, parsed, day)
        self.changed.append((old, day))

    def revise_parties(self, listing: Listing, parsed: ParsedListing, day: date) -> None:
        held = ListedUnder.objects.known(None).filter(parent=listing.entity)
        held = held.filter(valid_until__isnull=True).select_related("entity")
        by_name = {normal_form(row.name): row for row in held}
        wanted = {normal_form(party.name): party for party in parsed.parties}
        fresh = [party for name, party in wanted.items() if name not in by_name]
        listing.valid_from = day
        for position, (party, entity) in enumerate(
            zip(fresh, self.create_entities(p.name for p in fresh), strict=True)
        ):
            rows = party_rows(party, entity, listing, position=position, source=self.source)
            self.insert(every_fact(rows))
        for name, row in by_name.items():
            if name not in wanted:
                self.end_facts(row.entity, day)

    def end(self, listing: Listing, day: date) -> None:
        """The listing is in force up to, and not including, ``day``."""
        self.end_facts(listing.entity, day)
        for under in ListedUnder.objects.known(None).filter(parent=listing.entity):
            self.end_facts(under.entity, day)
        self.ended.append((listing, day))

    def end_facts(self, entity: Entity, day: date) -> None:
        for model in (Listing, ListedUnder, ListingCitation, Address):
            self.replace(own_rows(model, entity), [], day, lambda fact: fact.key)

    def replace(
        self,
        old: Sequence[F],
        new: Sequence[F],
        day: date,
        key: Callable[[F], Any],
    ) -> None:
        """From ``day`` on, ``new`` stands instead of ``old``; what is the same is left alone."""
        standing = {key(row): row for row in old}
        coming = {key(row): row for row in new}
        for k, row in standing.items():
            successor = coming.get(k)
            if successor is not None and row.says_the_same_as(successor):
                del coming[k]
                continue
            self.closing.setdefault(type(row), []).append(row)
            if row.valid_from is None or row.valid_from < day:
                ended = new_row(Dated(Span(row.valid_from, day), row), self.revision)
                self.insert([ended])
        for fact in coming.values():
            fact.valid_from = day
            self.insert([fact])

    def change_day(self, old: Listing, cited: date | None) -> date:
        """The day of the newest citation that came with the text, else the snapshot's.

        A new citation of no later day than the text that stands, such as one whose page was
        put right, did not bring the change.
        """
        is_later = cited and (old.worded_since is None or cited > old.worded_since)
        day = cited if cited and is_later else self.as_of
        return max(day, old.valid_from) if old.valid_from else day

    def insert(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            fact.recorded = self.revision
            if self.until and fact.valid_until is None:
                fact.valid_until = self.until
            self.pending.setdefault(type(fact), []).append(fact)

    def flush(self, because: str) -> Written[Fact]:
        """Close, then insert, everything that was gathered."""
        for rows in self.closing.values():
            close_rows(rows, revision=self.revision, because=because)
        for rows in self.pending.values():
            insert_rows(rows)
        closed = tuple(row for rows in self.closing.values() for row in rows)
        return Written(closed, tuple(row for rows in self.pending.values() for row in rows))


def every_fact(rows: ListingRows) -> list[Fact]:
    single = [fact for fact in (rows.listing, rows.listed_under) if fact]
    return [*single, *rows.names, *rows.addresses, *rows.citations]


def cited_anew(held: Iterable[ListingCitation], coming: Iterable[ListingCitation]) -> date | None:
    """The first day of the newest of the citations that an entry did not have before.

    What is asked is whether a citation is new: the days of those that stand may have been
    learned since.
    """
    known = {(row.volume, row.page) for row in held}
    days = (row.valid_from for row in coming if (row.volume, row.page) not in known)
    return max((day for day in days if day), default=None)


def own_rows(model: type[F], entity: Entity) -> list[F]:
    """The open facts of one kind that the list itself stated; names that people added stay."""
    rows = model.objects.known(None).filter(entity=entity, valid_until__isnull=True)
    if model is PartyName:
        rows = rows.exclude(kind=PartyName.Kind.NATIVE)
    return [copy(row) for row in rows]
