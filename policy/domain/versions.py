"""What one writing made of a fact: which row took the place of which, and what it says else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from policy.domain.redline import Gap, Paragraph, Redline, Run, redline, shortened
from policy.domain.validity import Span

T = TypeVar("T")
# The labels of fields that hold other people's words.
PRINTED = ("Text", "Quote", "Title", "Source")


@dataclass(frozen=True)
class FieldChange:
    """One field that reads otherwise. ``parts`` are its redline as a page shows it."""

    label: str
    before: str
    after: str
    parts: tuple[Paragraph | Gap, ...]

    @property
    def is_printed(self) -> bool:
        """Whether these are words of the source and not the record's own."""
        return self.label in PRINTED


def pairs(
    closed: Sequence[T], inserted: Sequence[T], span_of: Callable[[T], Span]
) -> list[tuple[T | None, T | None]]:
    """Each inserted row with the closed one whose days it takes, in the order of days.

    None where a row takes nothing's place, and where nothing takes the place of a row.
    """
    old = sorted(closed, key=lambda row: span_of(row).sort_key)
    new = sorted(inserted, key=lambda row: span_of(row).sort_key)
    met: set[int] = set()
    found: list[tuple[T | None, T | None]] = []
    for row in new:
        places = [n for n, other in enumerate(old) if span_of(other).overlaps(span_of(row))]
        met.update(places)
        found.append((old[places[0]] if places else None, row))
    return [*found, *((row, None) for place, row in enumerate(old) if place not in met)]


def field_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[FieldChange]:
    """The fields in which two rows differ; of one row alone, those with something in them.

    Pass an empty mapping where there is no row.
    """
    return [
        FieldChange(label, old, new, parts_of(old, new))
        for label in dict.fromkeys([*after, *before])
        if (old := before.get(label, "")) != (new := after.get(label, ""))
    ]


def parts_of(old: str, new: str) -> tuple[Paragraph | Gap, ...]:
    """The redline of two texts; where only the setting differs, the one as a whole."""
    found = redline(old, new) if old and new else None
    if found is None or not found:
        found = Redline((*redline_of_one(old, ""), *redline_of_one("", new)))
    return tuple(shortened(found))


def redline_of_one(old: str, new: str) -> tuple[Paragraph, ...]:
    if not old and not new:
        return ()
    run = Run("delete", before=old) if old else Run("insert", after=new)
    return (Paragraph(old or None, new or None, (run,)),)
