"""Keeping the raw bytes of what was imported, with the day that they speak for."""

import gzip
import hashlib
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from policy.actions.facts import reconcile_keys
from policy.domain.deadlines import eastern_day
from policy.domain.partial_dates import day_text
from policy.models import Coverage, Revision, Snapshot, SnapshotContent, Source
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused


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


def keep_answers(  # noqa: PLR0913  # keyword-only; what an import knows of its files
    *,
    topic: str,
    files: Iterable[InputFile],
    wanted: Container[str],
    day: date,
    revision: Revision,
    new_source: Callable[[InputFile, str], Source],
    counts: Mapping[str, Any],
    problems_of: Callable[[InputFile], Sequence[Mapping[str, Any]]],
) -> dict[str, Source]:
    """Keep the answers of an API that say something new; by file name, the sources they are.

    ``wanted`` are the names of those files, ``day`` the Eastern day of the answers.
    ``new_source`` makes the unsaved source of a file and its digest; an answer whose very
    bytes are held is the source that it was then.
    """
    sources: dict[str, Source] = {}
    for file in (file for file in files if file.name in wanted):
        digest = hashlib.sha256(file.data).hexdigest()
        if (held := held_snapshot(topic, digest)) is not None:
            sources[file.name] = held.source
            continue
        source = new_source(file, digest)
        source.save()
        keep_snapshot(
            topic=topic,
            as_of=day,
            data=file.data,
            file_name=file.name,
            source=source,
            revision=revision,
            counts=counts,
            problems=problems_of(file),
        )
        sources[file.name] = source
    return sources


def confirm(topic: str, as_of: date, source: Source, revision: Revision) -> None:
    """The topic is confirmed for an Eastern day: the record reaches to it."""
    coverage = Coverage(topic=topic, until=as_of, source=source)
    because = f"Confirmed again for {day_text(as_of)}."
    reconcile_keys(Coverage, [coverage], keys={(topic,)}, revision=revision, because=because)


def check_day(  # noqa: PLR0913  # keyword-only; what a person said of the file, and the file
    *, topic: str, what: str, as_of: date, sha256: str, at: datetime, backfill: bool | None
) -> None:
    """Raise Refused for a day that lies ahead or that the record has already gone past.

    ``what`` names the topic to a person: "list", "text of part 742". ``at`` is the UTC instant
    of the import; ``backfill`` allows a day before the newest snapshot, and other bytes for a
    day that was imported; None says that the import has no such way.
    """
    today = eastern_day(at)
    if as_of > today:
        msg = f"{day_text(as_of)} lies in the future; today is {day_text(today)} Eastern."
        raise Refused(msg)
    if backfill:
        return
    held = Snapshot.objects.filter(topic=topic)
    other = held.filter(as_of=as_of).exclude(sha256=sha256).first()
    if other and not held.filter(as_of=as_of, sha256=sha256).exists():
        way = (
            "" if backfill is None else " If this file is the right one, import it with --backfill."
        )
        msg = (
            f"The {what} of {day_text(as_of)} was imported from {other.file_name} with other "
            f"bytes.{way}"
        )
        raise Refused(msg)
    newer = held.filter(as_of__gt=as_of).order_by("-as_of").first()
    if newer:
        way = "" if backfill is None else " To add the older one to the past, use --backfill."
        msg = (
            f"The record already holds the {what} of {day_text(newer.as_of)}, which is newer than "
            f"{day_text(as_of)}.{way}"
        )
        raise Refused(msg)
