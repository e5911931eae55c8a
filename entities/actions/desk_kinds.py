"""What the legal desk writes about parties: names, addresses, listings, owners, who is who."""

import hashlib
from typing import Any

from entities.actions.listing_rows import address_digest, policy_label, sort_name
from entities.models import (
    Address,
    Entity,
    ListedUnder,
    Listing,
    OrganizationLink,
    Ownership,
    PartyName,
    SameParty,
)
from entities.queries.followed import name_of
from policy.actions.desk.kinds import BadValues, Kind
from policy.actions.record_events import Notice
from policy.domain.due import Subject
from policy.domain.normal_form import normal_form

# Names that the desk adds stand after those that the list prints.
AFTER_PRINTED_NAMES = 2000


def of_entity(row: Any) -> Subject:
    return "entity", row.entity.slug


def of_itself(row: Entity) -> Subject:
    return "entity", row.slug


def name_to_entity(row: PartyName) -> None:
    row.normal = normal_form(row.text)
    row.position = AFTER_PRINTED_NAMES
    if not row.normal:
        raise BadValues({"text": "A name has at least one letter or digit."})


def address_to_entity(row: Address) -> None:
    row.digest = address_digest(row.text)
    row.position = AFTER_PRINTED_NAMES


def complete_listing(row: Listing) -> None:
    """What is found in lists and compared with the next one, from what was typed."""
    row.sort_name = sort_name(row.name)
    row.review_policy_normal = policy_label(row.review_policy)
    row.worded_since = row.valid_from
    row.raw = {}
    said = (row.destination, row.name, row.requirement, row.review_policy, *row.footnotes)
    row.digest = hashlib.sha256(repr([normal_form(text) for text in said]).encode()).hexdigest()


def join_another(row: SameParty) -> None:
    refuse_itself(row, "shown_as")


def check_leads_one_way(row: SameParty) -> None:
    """Raises BadValues for a party that is led to and led away from on the same day."""
    held = SameParty.objects.known(None)
    if any(row.span.overlaps(one.span) for one in held.filter(entity=row.shown_as)):
        sentence = f"{row.shown_as} is itself shown as another party: name that one."
        raise BadValues({"shown_as": sentence})
    if any(row.span.overlaps(one.span) for one in held.filter(shown_as=row.entity)):
        sentence = f"Others are shown as {row.entity}: lead those elsewhere first."
        raise BadValues({"entity": sentence})


def refuse_itself(row: Any, name: str) -> None:
    if row.entity == getattr(row, name):
        raise BadValues({name: "Name another party than the one that this is about."})


def own_another(row: Ownership) -> None:
    refuse_itself(row, "owner")


def listing_notice(row: Listing) -> Notice:
    title = f"{row.name}: on the Entity List under {row.country}"
    return Notice("entity", row.entity.slug, title, row.requirement)


def name_notice(row: PartyName) -> Notice:
    return Notice("entity", row.entity.slug, f"{name_of(row.entity)}: also named {row.text}")


def ownership_notice(row: Ownership) -> Notice:
    share = f", {row.per_cent.normalize():f} %" if row.per_cent is not None else ""
    how = row.get_kind_display().lower()
    title = f"{name_of(row.entity)}: {how} {name_of(row.owner)}{share}"
    return Notice("entity", row.entity.slug, title, row.note)


def same_notice(row: SameParty) -> Notice:
    title = f"{name_of(row.entity)}: the same party as {name_of(row.shown_as)}"
    return Notice("entity", row.entity.slug, title, row.note)


LISTING_FIELDS = (
    "entity",
    "country",
    "destination",
    "name",
    "requirement",
    "footnotes",
    "review_policy",
    "reconstructed",
)


KINDS = (
    Kind("new-entity", "Party", Entity, ("slug",), of_itself),
    Kind(
        "name",
        "Name of a party",
        PartyName,
        ("entity", "text", "kind", "language"),
        of_entity,
        name_notice,
        prepare=name_to_entity,
    ),
    Kind(
        "address",
        "Address of a party",
        Address,
        ("entity", "text"),
        of_entity,
        prepare=address_to_entity,
    ),
    Kind(
        "listing",
        "Listing",
        Listing,
        LISTING_FIELDS,
        of_entity,
        listing_notice,
        prepare=complete_listing,
    ),
    Kind(
        "listed-under",
        "Party named inside a listing",
        ListedUnder,
        ("entity", "parent", "name"),
        of_entity,
    ),
    Kind(
        "ownership",
        "Owner or parent of a party",
        Ownership,
        ("entity", "owner", "kind", "per_cent"),
        of_entity,
        ownership_notice,
        prepare=own_another,
    ),
    Kind(
        "same-party",
        "Two entries that are one party",
        SameParty,
        ("entity", "shown_as"),
        of_entity,
        same_notice,
        prepare=join_another,
        check=check_leads_one_way,
    ),
    Kind(
        "organization-link",
        "Organisation that is a party",
        OrganizationLink,
        ("organization", "entity"),
        of_entity,
    ),
)


def entity_kinds() -> list[Kind]:
    """What is made new comes before the facts about it."""
    return list(KINDS)
