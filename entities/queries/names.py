"""Search by name: an index over every known name, rebuilt when the record changes.

The index of one revision is never changed, so it is kept by the revision's number: in the
process, and as a file that other processes load.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from django.conf import settings
from django.db.models import Max
from numpy.typing import NDArray

from entities.domain.matching import IndexedName, Match, NameIndex
from entities.models import ListedUnder, PartyName
from policy.queries.asof import Reading

# More would be a list to browse, not an answer.
MOST_MATCHES = 200
# An index takes some ten megabytes; readers of the past look at few moments at a time.
INDEXES_KEPT = 3
FOREVER = 2**31 - 1


@dataclass(frozen=True)
class HeldIndex:
    """The index of one revision, with the spans of its names as ordinals of days."""

    index: NameIndex
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]

    def in_force(self, ordinal: int) -> NDArray[np.bool_]:
        kept: NDArray[np.bool_] = (self.starts <= ordinal) & (self.ends > ordinal)
        return kept


def find_names(q: str, reading: Reading, *, limit: int = 10) -> list[Match]:
    """The best names in force on the reading's day, at most one an entity."""
    held = held_index(name_revision(reading))
    return held.index.search(q, limit=limit, keep=held.in_force(reading.on.toordinal()))


def matching_entities(q: str, reading: Reading) -> list[int]:
    """Ids of listed entities whose names match, best first.

    A party named inside a listing leads to the entity that holds the listing.
    """
    ids = [match.entity_id for match in find_names(q, reading, limit=MOST_MATCHES)]
    rows = ListedUnder.objects.as_of(reading.asof).filter(entity__in=ids)
    holders = dict(rows.values_list("entity", "parent"))
    return list(dict.fromkeys(holders.get(pk, pk) for pk in ids))


def name_revision(reading: Reading) -> int:
    """The last revision up to the reading's that recorded or closed a name."""
    asked = reading.revision_number
    recorded = PartyName.objects.filter(recorded__lte=asked).aggregate(last=Max("recorded"))
    closed = PartyName.objects.filter(superseded__lte=asked).aggregate(last=Max("superseded"))
    return max(recorded["last"] or 0, closed["last"] or 0)


@lru_cache(maxsize=INDEXES_KEPT)
def held_index(revision: int) -> HeldIndex:
    rows = list(
        PartyName.objects.known(revision)
        .order_by("pk")
        .values_list("entity", "text", "kind", "valid_from", "valid_until")
    )
    names = [IndexedName(entity, text, kind) for entity, text, kind, _, _ in rows]
    return HeldIndex(
        index=load_or_build(names, Path(settings.INDEX_DIR) / f"names-{revision}.npz"),
        starts=np.array([start.toordinal() if start else 0 for *_, start, _ in rows], np.int32),
        ends=np.array([end.toordinal() if end else FOREVER for *_, end in rows], np.int32),
    )


def load_or_build(names: list[IndexedName], path: Path) -> NameIndex:
    """The stored index if it fits the names; else a new one, stored for other processes."""
    try:
        return NameIndex.from_bytes(path.read_bytes(), names)
    except (OSError, ValueError, KeyError):
        index = NameIndex.build(names)
    store(index.to_bytes(), path)
    return index


def store(data: bytes, path: Path) -> None:
    """Written whole under another name first, so that no process reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
