"""Event rows about the Entity List, which the policy app's pages, feeds and alerts read."""

from collections.abc import Iterator
from datetime import date

from entities.domain.pairing import Pairing
from entities.models import Entity, Listing
from entities.sources.parsed import ParsedListing
from policy.actions.facts import insert_rows
from policy.models import Event, Revision, Source

VERBS = {
    Event.Kind.ADDED: "stands on the Entity List",
    Event.Kind.CHANGED: "has a new text on the Entity List",
    Event.Kind.ENDED: "stands on the Entity List no longer",
}


def write_events(
    revision: Revision,
    source: Source,
    pairs: Pairing[Listing, ParsedListing],
    *,
    as_of: date,
    baseline: bool,
) -> None:
    """One event a listing that was added, worded anew or ended."""
    events = [
        *added(revision, source, baseline),
        *(event_of(revision, source, old, Event.Kind.CHANGED, as_of) for old, _ in pairs.revised),
        *(event_of(revision, source, old, Event.Kind.ENDED, as_of) for old in pairs.gone),
    ]
    for event in events:
        event.baseline = baseline
    insert_rows(events)


def added(revision: Revision, source: Source, baseline: bool) -> Iterator[Event]:
    """Listings of entities that this revision created."""
    rows = Listing.objects.filter(recorded=revision, entity__created=revision)
    for row in rows.select_related("entity"):
        yield event_of(revision, source, row, Event.Kind.ADDED, row.valid_from)


def event_of(
    revision: Revision, source: Source, listing: Listing, kind: Event.Kind, day: date | None
) -> Event:
    entity: Entity = listing.entity
    return Event(
        revision=revision,
        kind=kind,
        subject_kind="entity",
        subject_id=entity.slug,
        title=f"{listing.name} {VERBS[kind]}",
        detail=listing.destination,
        day=day,
        source=source,
    )

