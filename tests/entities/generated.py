"""Several hundred listings that no list ever had, beside the 27 of the starting record."""

from collections.abc import Iterable
from datetime import date

from entities.actions.listing_rows import policy_label, sort_name
from entities.models import Address, Entity, ListedUnder, Listing, ListingCitation, PartyName
from policy.domain.normal_form import normal_form
from policy.models import Revision, Source

COUNTRIES = (("cn", "CHINA, PEOPLE'S REPUBLIC OF"), ("ru", "RUSSIA"), ("ir", "IRAN"))
POLICIES = ("Presumption of denial", "Case-by-case review", "Policy of denial")


def generate_listings(count: int, **values: object) -> list[Listing]:
    """``count`` listings in three countries over ten years, as revision 1 recorded them.

    ``values`` are put in place of what would be generated.
    """
    return write_listings([listing_row(number) | values for number in range(count)])


def listing_row(number: int) -> dict[str, object]:
    country, destination = COUNTRIES[number % len(COUNTRIES)]
    return {
        "slug": f"generated-{number}",
        "name": f"Generated Works No. {number:04}",
        "country_id": country,
        "destination": destination,
        "requirement": "For all items subject to the EAR. (See § 744.11 of the EAR)",
        "review_policy": POLICIES[number % len(POLICIES)],
        "valid_from": date(2014 + number % 10, 1 + number % 12, 1 + number % 28),
        "valid_until": None,
        "digest": f"digest-{number}",
    }


def write_listings(rows: Iterable[dict[str, object]]) -> list[Listing]:
    """Listings with the name that each bears, all recorded by revision 1."""
    revision, source = Revision.objects.get(number=1), Source.objects.get(slug="2025-00704")
    written = []
    for row in rows:
        slug = str(row.pop("slug"))
        entity, _ = Entity.objects.get_or_create(slug=slug, defaults={"created": revision})
        listing = Listing(entity=entity, source=source, recorded=revision, **row)
        listing.sort_name = sort_name(listing.name)
        listing.review_policy_normal = policy_label(listing.review_policy)
        written.append(listing)
    Listing.objects.bulk_create(written)
    PartyName.objects.bulk_create(name_of(listing) for listing in written)
    return written


def name_of(listing: Listing) -> PartyName:
    return PartyName(
        entity=listing.entity,
        text=listing.name,
        normal=normal_form(listing.name)[:500],
        kind=PartyName.Kind.PRIMARY,
        valid_from=listing.valid_from,
        valid_until=listing.valid_until,
        source=listing.source,
        recorded=listing.recorded,
    )


def cite(listing: Listing, volume: int, page: int, position: int = 0) -> ListingCitation:
    return ListingCitation.objects.create(
        entity=listing.entity,
        position=position,
        act=ListingCitation.Act.REVISED if position else ListingCitation.Act.LISTED,
        volume=volume,
        page=page,
        printed=f"{volume} FR {page}",
        published=listing.valid_from,
        valid_from=listing.valid_from,
        source=listing.source,
        recorded=listing.recorded,
    )


def address(listing: Listing, text: str) -> Address:
    return Address.objects.create(
        entity=listing.entity,
        text=text,
        digest=text[:64],
        valid_from=listing.valid_from,
        source=listing.source,
        recorded=listing.recorded,
    )


def party(listing: Listing, slug: str, name: str, position: int = 0) -> ListedUnder:
    """A party named inside a listing."""
    entity = Entity.objects.create(slug=slug, created=listing.recorded)
    return ListedUnder.objects.create(
        entity=entity,
        parent=listing.entity,
        name=name,
        position=position,
        valid_from=listing.valid_from,
        source=listing.source,
        recorded=listing.recorded,
    )
