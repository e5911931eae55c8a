"""Which facts the page of a party is about."""

from django.db.models import Q

from entities.models import (
    Address,
    Entity,
    ListedUnder,
    Listing,
    ListingChange,
    ListingCitation,
    OrganizationLink,
    PartyName,
)
from policy.queries.scopes import Scope

OWN = (Listing, PartyName, Address, ListingCitation, ListingChange, OrganizationLink)


def entity_scope(slug: str, revision: int | None = None) -> Scope | None:
    """The facts of a party, and what stands under it in its own listing.

    It is called by its first name as known after ``revision``; None is the newest.
    """
    found = Entity.objects.filter(slug=slug).first()
    if found is None:
        return None
    about = Q(entity=found)
    names = PartyName.objects.known(revision).filter(entity=found)
    name = names.order_by("position", "valid_from", "text").first()
    kinds = tuple((model, about) for model in OWN)
    return Scope(str(name or slug), (*kinds, (ListedUnder, about | Q(parent=found))))
