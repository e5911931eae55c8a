"""The Entity List's tables: parties, and facts about their listings, names and addresses."""

from entities.models.listings import (
    Address,
    Entity,
    ListedUnder,
    Listing,
    ListingChange,
    ListingCitation,
    ListTerm,
    OrganizationLink,
    PartyName,
)
from entities.models.relations import Ownership, SameParty
from entities.models.screening import ScreeningEntry

__all__ = [
    "Address",
    "Entity",
    "ListTerm",
    "ListedUnder",
    "Listing",
    "ListingChange",
    "ListingCitation",
    "OrganizationLink",
    "Ownership",
    "PartyName",
    "SameParty",
    "ScreeningEntry",
]
