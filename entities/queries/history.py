"""What successive versions of the list changed in an entry, as of a day."""

from dataclasses import dataclass
from functools import cached_property

from entities.models import Entity, ListingChange
from policy.domain.redline import Gap, Paragraph, redline, shortened
from policy.queries.asof import Reading

LABELS = {
    "destination": "Country",
    "entity": "Entity",
    "requirement": "License requirement",
    "review_policy": "License review policy",
    "citation": "Federal Register citation",
}


@dataclass(frozen=True)
class FieldChange:
    """One column of the entry, before and after, as printed."""

    label: str
    before: str
    after: str

    @cached_property
    def parts(self) -> list[Paragraph | Gap]:
        return shortened(redline(self.before, self.after))


@dataclass(frozen=True)
class EntryChange:
    """A change of an entry, and the columns that read otherwise since."""

    row: ListingChange
    fields: list[FieldChange]


def entry_changes(entity: Entity, reading: Reading) -> list[EntryChange]:
    """The changes that had taken effect by the asked day, newest first."""
    rows = ListingChange.objects.known(reading.asof.revision)
    rows = rows.filter(entity=entity, day__lte=reading.on)
    rows = rows.select_related("source", "document__merged_into", "document__source")
    return [
        EntryChange(row, [FieldChange(LABELS[name], old, new) for name, old, new in row.fields])
        for row in rows.order_by("-day", "-pk")
    ]
