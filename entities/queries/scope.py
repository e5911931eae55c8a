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


def entity_scope(slug: str) -> Scope | None:
    """The facts of a party, and what stands under it in its own listing."""
    found = Entity.objects.filter(slug=slug).first()
    if found is None:
        return None
    about = Q(entity=found)
    name = PartyName.objects.known(None).filter(entity=found).order_by("position").first()
    kinds = tuple((model, about) for model in OWN)
    return Scope(str(name or slug), (*kinds, (ListedUnder, about | Q(parent=found))))
