"""The read-only JSON of the Entity List: the same queries, the same two parameters."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from ninja.pagination import paginate

from entities.models import Entity, Listing, ListingCitation, Ownership, ScreeningEntry
from entities.queries.entity import EntityPage, entity_page
from entities.queries.listings import Choice, listings
from entities.queries.screening import found_entries
from policy.api import PER_PAGE, PROBLEMS, Pages, one
from policy.api_schemas import FactOut, PointInTime, Problem
from policy.http import ReadingRequest

router = Router()


class ListingOut(FactOut):
    """A listing. ``reconstructed``: the start is the publication date of its citation."""

    key: str
    name: str
    country: str
    destination: str
    requirement: str
    footnotes: list[str]
    review_policy: str
    reconstructed: bool
    worded_since: date | None

    @staticmethod
    def resolve_key(row: Listing) -> str:
        return row.entity.slug

    @staticmethod
    def resolve_country(row: Listing) -> str:
        return row.country_id


class NameOut(Schema):
    text: str
    kind: str
    language: str


class CitationOut(Schema):
    citation: str
    printed: str
    act: str
    published: date | None
    document: str | None

    @staticmethod
    def resolve_citation(row: ListingCitation) -> str:
        return str(row)

    @staticmethod
    def resolve_document(row: ListingCitation) -> str | None:
        """The number; null where only the citation is known."""
        return row.document.resolved().number if row.document else None


class PartyOut(Schema):
    key: str
    name: str


class OwnerOut(FactOut):
    """An owner or parent; ``per_cent`` is the share as the source gives it, null: not known."""

    key: str
    kind: str
    per_cent: str | None

    @staticmethod
    def resolve_key(row: Ownership) -> str:
        return row.owner.slug

    @staticmethod
    def resolve_per_cent(row: Ownership) -> str | None:
        return None if row.per_cent is None else str(row.per_cent)


class EntityOut(Schema):
    """A party; ``listing`` is null on a day when it is not listed."""

    key: str
    title: str
    listing: ListingOut | None
    listed_under: str | None
    names: list[NameOut]
    addresses: list[str]
    citations: list[CitationOut]
    parties: list[PartyOut]
    shown_as: str | None
    also_recorded: list[str]
    owners: list[OwnerOut]

    @staticmethod
    def resolve_key(page: EntityPage) -> str:
        return page.entity.slug

    @staticmethod
    def resolve_shown_as(page: EntityPage) -> str | None:
        """The party that this one was found to be; it keeps what it holds here."""
        return page.shown_as.shown_as.slug if page.shown_as else None

    @staticmethod
    def resolve_also_recorded(page: EntityPage) -> list[str]:
        return [row.entity.slug for row in page.also_recorded]

    @staticmethod
    def resolve_listed_under(page: EntityPage) -> str | None:
        return page.under.parent.slug if page.under else None

    @staticmethod
    def resolve_addresses(page: EntityPage) -> list[str]:
        return [row.text for row in page.addresses]

    @staticmethod
    def resolve_parties(page: EntityPage) -> list[dict[str, Any]]:
        return [{"key": row.entity.slug, "name": row.name} for row in page.parties]


class ListingQuery(PointInTime):
    """``q``: a name in any script; ``country``: a key; ``year``: that of the listing;
    ``policy``: a review policy in normal form; ``rule``: the slug of a rule."""

    q: str = ""
    country: str = ""
    year: str = ""
    policy: str = ""
    rule: str = ""
    sort: str = ""


@router.get("/entities", response={200: list[ListingOut], **PROBLEMS}, summary="Listings")
@paginate(Pages, page_size=PER_PAGE)
def entities(request: ReadingRequest, asked: Query[ListingQuery]) -> QuerySet[Listing]:
    """The listings in force on the day; with ``q``, those whose names match, best first."""
    choice = Choice(
        q=asked.q.strip()[:200],
        country=asked.country.lower(),
        year=asked.year,
        policy=asked.policy,
        rule=asked.rule,
        sort=asked.sort,
    )
    return listings(choice, request.reading)


@router.get(
    "/entities/{slug}", response={200: EntityOut, **PROBLEMS, 404: Problem}, summary="One party"
)
def entity(request: ReadingRequest, slug: str, point: Query[PointInTime]) -> EntityPage:
    """A party with its listing, names, addresses, citations and the parties under it."""
    page = entity_page(one(Entity.objects.all(), "party", slug=slug), request.reading)
    if not page.is_held:
        raise HttpError(404, f"The record did not hold the party “{slug}” by then.")
    return page


class ScreeningOut(FactOut):
    """An entry of a screening list; ``countries`` is null where the list gives no address."""

    code: str
    list_name: str
    ref: str
    name: str
    countries: list[str] | None
    published: dict[str, Any]

    @staticmethod
    def resolve_countries(row: ScreeningEntry) -> list[str] | None:
        return row.country_codes

    @staticmethod
    def resolve_published(row: ScreeningEntry) -> dict[str, Any]:
        return dict(row.fields)


class ScreeningQuery(PointInTime):
    """``q``: words of a name; ``list``: a code such as SDN; ``country``: two letters."""

    q: str = ""
    list: str = ""
    country: str = ""


@router.get("/screening", response={200: list[ScreeningOut], **PROBLEMS}, summary="Screening lists")
@paginate(Pages, page_size=PER_PAGE)
def screening(request: ReadingRequest, asked: Query[ScreeningQuery]) -> QuerySet[ScreeningEntry]:
    """The entries in force on the day. A name that is not found is not cleared."""
    return found_entries(
        request.reading, q=asked.q.strip()[:200], code=asked.list, country=asked.country[:2]
    )
