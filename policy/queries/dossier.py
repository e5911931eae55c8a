"""A dossier: every fact about one subject as known at a moment, with its history and the seal.

It holds nothing of the moment at which it is asked for, so that the same reading gives the same
bytes, today and in ten years. Only what rules, places and sources are called is as it is now:
names of identities are labels, and have no history.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import cached_property
from typing import Any

from policy.models import Fact, HistoryEntry, Revision, Source
from policy.models.chains import shape_of
from policy.queries.asof import Reading
from policy.queries.fact_names import kind_name, name_of, said_by, title_of, with_related
from policy.queries.scopes import Scope

FORMAT = "earmark-dossier-1"
# Chains asked for at once.
CHUNK = 500


@dataclass(frozen=True)
class Subject:
    """What a dossier is about: "rule" and its public id, and the facts about it."""

    kind: str
    id: str
    scope: Scope


@dataclass(frozen=True)
class Dossier:
    """The dossier as data, and as the JSON whose checksum stands in every form of it."""

    subject: Subject
    revision: Revision | None
    said: Mapping[str, Any]

    @cached_property
    def data(self) -> bytes:
        """The JSON, UTF-8, with sorted keys."""
        text = json.dumps(self.said, ensure_ascii=False, indent=2, sort_keys=True)
        return f"{text}\n".encode()

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the JSON."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def facts(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.said["facts"]
        return found

    @property
    def kinds(self) -> list[tuple[str, int]]:
        """How many facts of each kind it holds, in its order."""
        counts: dict[str, int] = defaultdict(int)
        for fact in self.facts:
            counts[fact["kind"]] += 1
        return list(counts.items())


def make_dossier(subject: Subject, reading: Reading) -> Dossier:
    """Everything that the record knew of a subject after the revision of ``reading``."""
    number = reading.revision_number
    revision = Revision.objects.filter(number=number).select_related("seal").first()
    held = (rows.known(number) for rows in subject.scope.rows())
    rows: list[Fact] = [row for rows in held for row in with_related(rows)]
    chains = entries_of({shape_of(type(row)).chain(row) for row in rows}, number)
    said = {
        "format": FORMAT,
        "subject": {"kind": subject.kind, "id": subject.id, "title": subject.scope.title},
        "on": reading.on.isoformat(),
        "revision": sealed(revision),
        "facts": sorted((fact_of(row, chains, reading) for row in rows), key=order),
    }
    return Dossier(subject, revision, said)


def order(fact: Mapping[str, Any]) -> tuple[str, ...]:
    """By what is said, never by how a database happens to keep it."""
    return (fact["kind"], fact["name"], fact["valid_from"] or "", fact["digest"])


def entries_of(names: Iterable[str], number: int) -> dict[str, list[HistoryEntry]]:
    found: dict[str, list[HistoryEntry]] = defaultdict(list)
    ordered = sorted(names)
    for start in range(0, len(ordered), CHUNK):
        entries = HistoryEntry.objects.filter(
            chain__in=ordered[start : start + CHUNK], revision__lte=number
        )
        for entry in entries.order_by("chain", "position"):
            found[entry.chain].append(entry)
    return found


def sealed(revision: Revision | None) -> dict[str, Any] | None:
    if revision is None:
        return None
    return {**written(revision), "seal": revision.seal.hex}


def written(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "recorded_at": revision.recorded_at.astimezone(UTC).isoformat(),
        "by": revision.by,
        "reason": revision.reason,
    }


def fact_of(
    row: Fact, chains: Mapping[str, Sequence[HistoryEntry]], reading: Reading
) -> dict[str, Any]:
    shape = shape_of(type(row))
    told = said_by(row)
    for label in ("Days", "Source", "Quote", "Note", "Confidence"):
        told.pop(label, None)
    return {
        "kind": kind_name(type(row)),
        "name": name_of(row),
        "title": title_of(row),
        "says": {label: text for label, text in told.items() if text},
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_from_precision": str(row.valid_from_precision),
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "in_force": reading.on in row.span,
        "source": source_of(row.source),
        "also": source_of(row.also) if row.also else None,
        "quote": row.quote,
        "note": row.note,
        "confidence": row.confidence,
        "recorded": written(row.recorded),
        "digest": shape.digest(row).whole.hex(),
        "history": [told_of(entry) for entry in chains[shape.chain(row)]],
    }


def source_of(source: Source) -> dict[str, Any]:
    return {
        "id": source.slug,
        "citation": source.citation,
        "title": source.title,
        "publisher": source.publisher,
        "url": source.url,
        "published": source.published.isoformat() if source.published else None,
    }


def told_of(entry: HistoryEntry) -> dict[str, Any]:
    return {
        "position": entry.position,
        "act": entry.act,
        "revision": entry.revision_id,
        "because": entry.because,
        "digest": bytes(entry.digest).hex(),
        "hash": bytes(entry.hash).hex(),
    }
