"""Event rows about the Entity List, which the policy app's pages, feeds and alerts read."""

from collections.abc import Iterator
from datetime import date

from entities.actions.write_listings import Writer
from entities.models import Listing
from policy.actions.facts import insert_rows
from policy.models import Event

VERBS = {
    Event.Kind.ADDED: "stands on the Entity List",
    Event.Kind.CHANGED: "has a new text on the Entity List",
    Event.Kind.ENDED: "stands on the Entity List no longer",
}


def write_events(writer: Writer, *, baseline: bool) -> None:
    """One event a listing that was added, worded anew or ended, with the day of law.

    A ``baseline`` is a first load or one of the past: it sends no mail and is no news.
    """
    changed = [event_of(writer, row, Event.Kind.CHANGED, day) for row, day in writer.changed]
    ended = [event_of(writer, row, Event.Kind.ENDED, day) for row, day in writer.ended]
    events = [*added(writer), *changed, *ended]
    for event in events:
        event.baseline = baseline
    insert_rows(events)


def added(writer: Writer) -> Iterator[Event]:
    """Listings of entities that this revision created."""
    for row in writer.pending.get(Listing, []):
        if isinstance(row, Listing) and row.entity.created_id == writer.revision.number:
            yield event_of(writer, row, Event.Kind.ADDED, row.valid_from)


def event_of(writer: Writer, listing: Listing, kind: Event.Kind, day: date | None) -> Event:
    return Event(
        revision_id=writer.revision.number,
        kind=kind,
        subject_kind="entity",
        subject_id=listing.entity.slug,
        title=f"{listing.name} {VERBS[kind]}",
        detail=listing.destination,
        day=day,
        source_id=writer.source.pk,
    )
