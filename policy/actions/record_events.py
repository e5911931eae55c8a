"""Events from facts written: what readers, feeds and alerts are told of a change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from policy.actions.facts import Written
from policy.models import Event, Fact, Revision

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Notice:
    """What an event says about one fact. ``value`` is what may move from A to B."""

    subject_kind: str
    subject_id: str
    title: str
    detail: str = ""
    value: str = ""

    @property
    def headline(self) -> str:
        return f"{self.title}: {self.value}" if self.value else self.title


def events_of(
    written: Written[F], notice_of: Callable[[F], Notice | None], revision: Revision
) -> list[Event]:
    """One unsaved event per statement that is new, changed or gone.

    A row that was only cut to another span says nothing new and makes no event, nor does one
    without a notice.
    """
    closed, inserted = by_key(written.closed), by_key(written.inserted)
    events: list[Event] = []
    for key in {**inserted, **closed}:
        for row, previous in news(inserted[key], closed[key]):
            if notice := notice_of(row):
                earlier = notice_of(previous) if previous is not None else None
                kind, title = wording(notice, earlier)
                events.append(make_event(row, notice, kind, title, revision))
        gone = closed[key][-1] if not inserted[key] else None
        if gone is not None and (notice := notice_of(gone)):
            title = f"No longer in the record: {notice.headline}"
            events.append(make_event(gone, notice, Event.Kind.ENDED, title, revision))
    return events


def by_key(rows: Iterable[F]) -> defaultdict[tuple[Any, ...], list[F]]:
    found: defaultdict[tuple[Any, ...], list[F]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.span.sort_key):
        found[row.key].append(row)
    return found


def news(inserted: Sequence[F], closed: Sequence[F]) -> list[tuple[F, F | None]]:
    """Each inserted row that says something new, with the row whose place it takes.

    That is the closed row that stood on its first day or the first one after, else the
    inserted row just before it; None where the key had nothing there.
    """
    found: list[tuple[F, F | None]] = []
    before: F | None = None
    for row in inserted:
        met = [old for old in closed if old.span.overlaps(row.span)]
        if not any(row.says_the_same_as(old) for old in met):
            found.append((row, met[0] if met else before))
        before = row
    return found


def wording(notice: Notice, earlier: Notice | None) -> tuple[Event.Kind, str]:
    if earlier is None:
        return Event.Kind.ADDED, notice.headline
    if notice.value and earlier.value and notice.value != earlier.value:
        title = f"{notice.title} moved from {earlier.value} to {notice.value}"
        return Event.Kind.MOVED, title
    return Event.Kind.CHANGED, notice.headline


def make_event(
    row: Fact, notice: Notice, kind: Event.Kind, title: str, revision: Revision
) -> Event:
    return Event(
        revision=revision,
        kind=kind,
        subject_kind=notice.subject_kind,
        subject_id=notice.subject_id,
        title=title,
        detail=notice.detail,
        day=row.valid_from,
        source_id=row.source_id,
    )
