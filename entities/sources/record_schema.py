"""What a file of the entities' record may say; see ``policy.sources.record_schema``."""

from typing import Annotated

from pydantic import Field

from policy.sources.record_schema import (
    DocumentRef,
    FactItem,
    OrganizationRef,
    PlaceRef,
    Record,
    Reference,
    SourceRef,
)

EntityRef = Annotated[str, Reference("entities")]


class EntryItem(Record):
    """One entry of the Entity List as printed: four cells and the destination above them.

    ``slug`` is the entity's public id; it does not follow later changes of the name.
    """

    slug: str
    document: DocumentRef = Field(alias="rule")
    country: PlaceRef
    destination: str
    entity: str
    requirement: str
    review_policy: str
    citation: str
    also: SourceRef = ""


class NameItem(FactItem):
    """A name that the list does not print, such as one in Chinese characters."""

    key_names = ("entity", "text")

    entity: EntityRef
    text: str
    kind: str
    language: str = ""


class LinkItem(FactItem):
    """That an organisation of the record is a listed entity."""

    key_names = ("organization", "entity")

    organization: OrganizationRef
    entity: EntityRef


class ListTermItem(FactItem):
    key_names = ("mark",)

    mark: str
    text: str
