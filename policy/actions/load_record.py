"""Loading the starting record: whole files checked, then one transaction, one revision.

Loading compares files with what they said when last loaded, never with the facts: a file
that did not change never undoes what the legal desk has changed since.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from policy.actions.check_record import Entries, Entry, check_files
from policy.actions.documents import adopt_stubs
from policy.actions.record_sections import Directory, Writing
from policy.actions.revisions import new_revision
from policy.models import Event, RecordedItem, Revision
from policy.registry import RecordLoader, RecordSection, record_loaders
from policy.sources.record_files import digest_of, read_record_file
from policy.vendor import lock_revisions

# RecordedItem rows with this section hold the digest of a whole file.
WHOLE_FILE = "file"


@dataclass(frozen=True)
class SectionReport:
    """How many keys of one section are new, changed and gone."""

    name: str
    new: int = 0
    changed: int = 0
    removed: int = 0


@dataclass(frozen=True)
class LoadReport:
    """What a load did; ``revision`` is None where nothing had changed."""

    revision: int | None = None
    files: int = 0
    facts_inserted: int = 0
    facts_closed: int = 0
    events: int = 0
    sections: tuple[SectionReport, ...] = ()


@dataclass(frozen=True)
class Change:
    """The keys of one section that differ from what was last loaded."""

    section: RecordSection
    changed: dict[str, list[Any]] = field(default_factory=dict)
    removed: tuple[str, ...] = ()
    new: int = 0

    def __bool__(self) -> bool:
        return bool(self.changed or self.removed)

    @property
    def report(self) -> SectionReport:
        gone, new = len(self.removed), self.new
        return SectionReport(self.section.name, new, len(self.changed) - new, gone)


class NothingWritten(Exception):
    """Raised inside this module to give back a revision that no fact needs."""


# By (section, key): the file that holds it and the digest of what the file says.
Digests = dict[tuple[str, str], tuple[str, str]]


def load_record(*, at: datetime, by: str, paths: Sequence[Path] | None = None) -> LoadReport:
    """Load every app's record, or only the files ``paths``, in one transaction.

    ``at`` is the UTC instant of recording, ``by`` who loads. Without ``paths`` an item that
    is in no file any more closes its facts; with them only items of those files can.
    Raises RecordRefused, having loaded nothing, if anything at all is wrong with a file.
    """
    raw = read_bytes(paths)
    with transaction.atomic():
        lock_revisions()
        stored = stored_digests()
        whole = {(WHOLE_FILE, name): (name, digest_of(text)) for name, text in raw.items()}
        if not differs(whole, stored, complete=paths is None):
            return LoadReport(files=len(raw))
        sections = {s.name: s for loader in record_loaders() for s in loader.sections}
        known = Directory({k: v for s in sections.values() for k, v in s.lookups.items()})
        files = [read_record_file(name, text) for name, text in raw.items()]
        entries = check_files(files, sections, known)
        digests = whole | digests_of(entries)
        scope = None if paths is None else set(raw)
        changes = changes_of(entries, digests, stored, sections, scope)
        report = apply(changes, known, at=at, by=by, baseline=not stored)
        remember(digests, stored, scope)
    return LoadReport(files=len(raw), **report)


def read_bytes(paths: Sequence[Path] | None) -> dict[str, bytes]:
    """The files by the name under which the record remembers them, in a stable order."""
    if paths is not None:
        return {remembered_name(path): path.read_bytes() for path in paths}
    return {
        file_name(loader, path): path.read_bytes()
        for loader in record_loaders()
        for path in sorted(loader.folder.glob("*.yaml"))
    }


def file_name(loader: RecordLoader, path: Path) -> str:
    return f"{loader.app}/record/{path.name}"


def remembered_name(path: Path) -> str:
    """The name of the record file that ``path`` stands in for, by its own name."""
    for loader in record_loaders():
        if (loader.folder / path.name).exists():
            return file_name(loader, path)
    return path.name


def stored_digests() -> Digests:
    rows = RecordedItem.objects.values_list("model", "key", "file", "digest")
    return {(section, key): (file, digest) for section, key, file, digest in rows}


def differs(whole: Digests, stored: Digests, *, complete: bool) -> bool:
    """Whether any file differs from its last load; ``complete`` if missing files count."""
    if any(stored.get(key) != value for key, value in whole.items()):
        return True
    return complete and any(key not in whole for key in stored if key[0] == WHOLE_FILE)


def digests_of(entries: Entries) -> Digests:
    return {
        (name, key): (found[0].item.file, digest_of_entries(found))
        for name, by_key in entries.items()
        for key, found in by_key.items()
    }


def digest_of_entries(found: Sequence[Entry]) -> str:
    """Of the values that are given, whatever their order in the file or its comments.

    Values that are left out do not count, so that a later field with a default changes no
    digest.
    """
    said = sorted(entry.record.model_dump_json(exclude_unset=True) for entry in found)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def changes_of(
    entries: Entries,
    digests: Digests,
    stored: Digests,
    sections: Mapping[str, RecordSection],
    scope: set[str] | None,
) -> list[Change]:
    """What differs from the last load, section by section; ``scope`` is the files that count."""
    found = []
    for name, section in sections.items():
        changed = {
            key: [entry.record for entry in said]
            for key, said in entries[name].items()
            if (name, key) not in stored or stored[name, key][1] != digests[name, key][1]
        }
        removed = tuple(
            key
            for (stored_name, key), (file, _) in stored.items()
            if stored_name == name and key not in entries[name] and in_scope(file, scope)
        )
        new = sum((name, key) not in stored for key in changed)
        found.append(Change(section, changed, removed, new))
    return found


def in_scope(file: str, scope: set[str] | None) -> bool:
    return scope is None or file in scope


def apply(
    changes: Sequence[Change], known: Directory, *, at: datetime, by: str, baseline: bool
) -> dict[str, Any]:
    """Write the changes under one revision; none is issued if there is nothing to write."""
    pending = [change for change in changes if change]
    if not pending:
        return {}
    reason = "First load of the starting record" if baseline else "Starting record corrected"
    try:
        with new_revision(by=by, kind=Revision.Kind.RECORD, reason=reason, at=at) as revision:
            writing = Writing(revision, known, baseline)
            for change in pending:
                change.section.write(change.changed, change.removed, writing)
            if not writing:
                raise NothingWritten
            adopt_stubs(revision=revision)
            Event.objects.bulk_create(writing.events)
    except NothingWritten:
        return {}
    return {
        "revision": revision.number,
        "facts_inserted": writing.inserted,
        "facts_closed": writing.closed,
        "events": len(writing.events),
        "sections": tuple(change.report for change in pending),
    }


def remember(digests: Digests, stored: Digests, scope: set[str] | None) -> None:
    """Keep what the files say now, for the next load to compare with."""
    gone = [
        key for key, (file, _) in stored.items() if key not in digests and in_scope(file, scope)
    ]
    stale = gone + [key for key, value in digests.items() if stored.get(key, value) != value]
    for section, key in stale:
        RecordedItem.objects.filter(model=section, key=key).delete()
    RecordedItem.objects.bulk_create(
        RecordedItem(file=file, model=section, key=key, digest=digest)
        for (section, key), (file, digest) in digests.items()
        if stored.get((section, key)) != (file, digest)
    )
