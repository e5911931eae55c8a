"""The sections of the entities' own record files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from entities.actions.listing_rows import AFTER_PRINTED_NAMES, ListingRows, rows_for
from entities.models import (
    Address,
    Entity,
    Listing,
    ListingCitation,
    ListTerm,
    OrganizationLink,
    PartyName,
)
from entities.sources.parsed import ParsedListing, Severity
from entities.sources.record_schema import EntryItem, LinkItem, ListTermItem, NameItem
from entities.sources.supplement4 import parse_listing
from policy.actions.documents import join_citations
from policy.actions.facts import Key, Written, reconcile_keys
from policy.actions.record_events import Notice, events_of
from policy.actions.record_sections import (
    BECAUSE_CHANGED,
    BECAUSE_REMOVED,
    Changes,
    Directory,
    FactSection,
    Section,
    Writing,
    values_of,
)
from policy.domain.normal_form import normal_form
from policy.models import Fact
from policy.queries.cited import Joins
from policy.registry import Fault, Lookup, RecordSection

F = TypeVar("F", bound=Fact)


class EntrySection(Section[EntryItem]):
    """Entries of the list, read by the parser that reads the whole list."""

    name = "entries"
    schema = EntryItem
    lookups: Mapping[str, Lookup] = {"entities": (Entity, "slug")}

    def faults(self, item: EntryItem) -> Iterator[Fault]:
        for problem in parsed(item).problems:
            if problem.severity is not Severity.LOW:
                yield (problem.cell,), problem.reason

    def write(self, changed: Changes, removed: Sequence[str], writing: Writing) -> None:
        items = [item for [item] in changed.values()]
        documents = join_citations(c for item in items for c in parsed(item).citations)
        rows = []
        for slug, [item] in changed.items():
            create_entity(slug, writing)
            rows.append(entry_rows(item, writing.directory, documents))
        keys = [writing.directory.get("entities", slug).pk for slug in changed]
        write_facts(rows, keys, BECAUSE_CHANGED, writing)
        gone = [writing.directory.get("entities", slug).pk for slug in removed]
        write_facts([], gone, BECAUSE_REMOVED, writing)


def create_entity(slug: str, writing: Writing) -> None:
    """The entity of an entry, unless an import has made it already."""
    if slug not in writing.directory.of("entities"):
        entity = Entity.objects.create(slug=slug, created=writing.revision)
        writing.directory.add("entities", slug, entity)


def parsed(item: EntryItem) -> ParsedListing:
    return parse_listing(
        destination=item.destination,
        entity=item.entity,
        requirement=item.requirement,
        review_policy=item.review_policy,
        citation=item.citation,
    )


def entry_rows(item: EntryItem, directory: Directory, documents: Joins) -> ListingRows:
    rows = rows_for(
        parsed(item),
        directory.get("entities", item.slug),
        country=directory.get("places", item.country),
        source=directory.get("sources", item.document),
        documents=documents,
    )
    if item.also:
        for fact in rows.facts:
            fact.also = directory.get("sources", item.also)
    return rows


def write_facts(
    rows: Sequence[ListingRows], entities: Sequence[int], because: str, writing: Writing
) -> None:
    """Make what the list prints of these entities exactly ``rows``."""
    facts = [fact for found in rows for fact in found.facts]

    def write(model: type[F]) -> Written[F]:
        written = reconcile_keys(
            model,
            [fact for fact in facts if isinstance(fact, model)],
            keys=printed_keys(model, entities),
            revision=writing.revision,
            because=because,
        )
        writing.count(written)
        return written

    writing.tell(events_of(write(Listing), listing_notice, writing.revision), "all")
    for model in (PartyName, Address, ListingCitation):
        write(model)


def printed_keys(model: type[Fact], entities: Sequence[int]) -> set[Key]:
    """The keys of what the list prints of entities; names that the record adds stay."""
    rows = model.objects.known(None).filter(entity__in=entities)
    if model is PartyName:
        rows = rows.exclude(kind=PartyName.Kind.NATIVE)
    return {row.key for row in rows}


def listing_notice(listing: Listing) -> Notice:
    title = f"{listing.name}: on the Entity List under {listing.country}"
    return Notice("entity", listing.entity.slug, title, listing.requirement)


class NameSection(FactSection[NameItem, PartyName]):
    """Names that the list does not print; the normal form of the name is their key."""

    def __init__(self) -> None:
        super().__init__("names", NameItem, PartyName, name_notice)

    def build(self, item: NameItem, directory: Directory | None) -> list[PartyName]:
        values = values_of(item, directory)
        normal = normal_form(item.text)
        return [PartyName(**values, normal=normal, position=AFTER_PRINTED_NAMES)]

    def key_part(self, name: str, text: str, directory: Directory) -> Any:
        return normal_form(text) if name == "text" else super().key_part(name, text, directory)


def name_notice(name: PartyName) -> Notice:
    return Notice("entity", name.entity.slug, f"{name.entity}: also known as {name.text}")


def link_notice(link: OrganizationLink) -> Notice:
    return Notice("entity", link.entity.slug, str(link), link.note)


def entity_sections() -> list[RecordSection]:
    """The sections in the order in which they are written."""
    return [
        EntrySection(),
        NameSection(),
        FactSection("links", LinkItem, OrganizationLink, link_notice),
        FactSection("list_terms", ListTermItem, ListTerm),
    ]
