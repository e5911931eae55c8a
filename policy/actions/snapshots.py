"""Keeping the raw bytes of what was imported, with the day that they speak for."""

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from policy.models import Revision, Snapshot, SnapshotContent, Source


def keep_snapshot(  # noqa: PLR0913  # keyword-only; each is a column
    *,
    topic: str,
    as_of: date,
    data: bytes,
    file_name: str,
    source: Source,
    revision: Revision,
    counts: Mapping[str, Any],
    problems: Sequence[Mapping[str, Any]] = (),
) -> Snapshot:
    """Store the bytes and what the import made of them. ``as_of`` is an Eastern day."""
    snapshot = Snapshot.objects.create(
        source=source,
        topic=topic,
        as_of=as_of,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        file_name=file_name,
        revision=revision,
        counts=dict(counts),
        problems=list(problems),
    )
    SnapshotContent.objects.create(snapshot=snapshot, gzipped=gzip.compress(data, 6, mtime=0))
    return snapshot


def held_snapshot(topic: str, sha256: str) -> Snapshot | None:
    """The snapshot of these very bytes, if the record holds it."""
    return Snapshot.objects.filter(topic=topic, sha256=sha256).order_by("-as_of").first()
