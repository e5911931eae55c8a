"""Importing the Consolidated Screening List from trade.gov's CSV or JSON.

One transaction and one revision a list. Whatever is wrong with the file or its date is said
before anything is written, and the lists stay as they were.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from entities.models import ScreeningEntry
from entities.sources.screening_list import ScreeningList, ScreeningRow, read_screening_list
from policy.actions.facts import close_rows, insert_rows
from policy.actions.revisions import new_revision
from policy.actions.snapshots import check_day, confirm, keep_snapshot
from policy.domain.losses import is_beyond_reason
from policy.domain.normal_form import normal_form
from policy.domain.partial_dates import day_text
from policy.models import Coverage, Event, Revision, Snapshot, Source
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused

TOPIC = Coverage.Topic.SCREENING_LIST
# Lists change by a few entries a day.
SMALLEST_ALARM = 20
CHUNK = 2000
Key = tuple[str, str]


@dataclass(frozen=True)
class Pairs:
    """What a file says of the entries that stand."""

    added: list[tuple[Key, ScreeningRow]]
    changed: list[tuple[ScreeningEntry, ScreeningRow]]
    gone: list[Key]
    unchanged: int


@dataclass(frozen=True)
class ScreeningReport:
    """What an import read and did. ``revision`` is None if nothing was written."""

    date: str
    sha256: str
    rows: int
    lists: dict[str, int]
    created: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    revision: int | None = None


def import_csl(
    *,
    files: Sequence[InputFile],
    as_of: date,
    at: datetime,
    by: str,
    accept_losses: bool = False,
) -> ScreeningReport:
    """Bring the record in step with one day's list.

    ``as_of`` is the Eastern day that the list speaks for, ``at`` the UTC instant of the
    import. ``accept_losses`` allows a list that shrinks beyond reason or is gone. Raises
    Refused with a sentence, having written nothing.
    """
    if len(files) != 1:
        msg = f"There are {len(files)} files; a screening list is one. Import each day by itself."
        raise Refused(msg)
    [file] = files
    sha256 = hashlib.sha256(file.data).hexdigest()
    parsed = read_screening_list(file)
    check_day(topic=TOPIC, what="list", as_of=as_of, sha256=sha256, at=at, backfill=None)
    report = ScreeningReport(
        date=as_of.isoformat(),
        sha256=sha256,
        rows=len(parsed.rows) + len(parsed.problems),
        lists=parsed.counts,
        problems=[asdict(problem) for problem in parsed.problems],
        unchanged=len(parsed.rows),
    )
    if Snapshot.objects.filter(topic=TOPIC, as_of=as_of, sha256=sha256).exists():
        return report
    reason = f"Consolidated Screening List of {day_text(as_of)}"
    with new_revision(by=by, kind=Revision.Kind.IMPORT, reason=reason, at=at) as revision:
        pairs = pair(parsed)
        if not accept_losses:
            check_losses(parsed, pairs)
        return write(file, report, pairs, as_of, revision)


def pair(parsed: ScreeningList) -> Pairs:
    """The rows of the file and the entries that stand, by list and reference."""
    rows = dict(keyed(parsed.rows))
    standing = {
        (code, ref): digest
        for code, ref, digest in ScreeningEntry.objects.known(None)
        .filter(valid_until__isnull=True)
        .values_list("code", "ref", "digest")
    }
    differing = [k for k, row in rows.items() if k in standing and standing[k] != digest_of(row)]
    changed = [
        (entry, rows[entry.code, entry.ref])
        for entry in standing_entries(differing)
        if differs(entry.fields, rows[entry.code, entry.ref])
    ]
    added = [(key, row) for key, row in rows.items() if key not in standing]
    return Pairs(
        added=added,
        changed=changed,
        gone=[key for key in standing if key not in rows],
        unchanged=len(rows) - len(added) - len(changed),
    )


def keyed(rows: Sequence[ScreeningRow]) -> Iterator[tuple[Key, ScreeningRow]]:
    """Each row with its list and reference.

    A name identifies nobody: of several rows of one name in one list without numbers, each
    has its own reference, in the order of what they say and not of the file.
    """
    groups: dict[Key, list[ScreeningRow]] = defaultdict(list)
    for row in rows:
        name = hashlib.sha256(normal_form(row.name).encode()).hexdigest()[:16]
        groups[row.code, row.number or name].append(row)
    for (code, ref), group in groups.items():
        ordered = sorted(group, key=digest_of) if len(group) > 1 else group
        for place, row in enumerate(ordered, start=1):
            yield (code, ref if place == 1 else f"{ref}-{place}"), row


def digest_of(row: ScreeningRow) -> str:
    said = {"name": normal_form(row.name), **{k: v for k, v in row.normal.items() if v}}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def differs(held: Mapping[str, Any], row: ScreeningRow) -> bool:
    """Whether a field that both know says otherwise; what one of them lacks is unknown."""
    before = ScreeningRow(0, row.code, row.list_name, row.name, held).normal
    after = row.normal
    return any(before[key] != after[key] for key in before.keys() & after.keys())


def standing_entries(keys: Sequence[Key]) -> Iterator[ScreeningEntry]:
    wanted = set(keys)
    refs = list({ref for _, ref in keys})
    for start in range(0, len(refs), CHUNK):
        rows = ScreeningEntry.objects.known(None).filter(
            valid_until__isnull=True, ref__in=refs[start : start + CHUNK]
        )
        yield from (row for row in rows if (row.code, row.ref) in wanted)


def check_losses(parsed: ScreeningList, pairs: Pairs) -> None:
    """Raise Refused when one of the lists would shrink beyond reason, or is gone."""
    lost = Counter(code for code, _ in pairs.gone)
    for code, count in sorted(lost.items()):
        standing = ScreeningEntry.objects.known(None).filter(code=code, valid_until__isnull=True)
        total = standing.count()
        if code not in parsed.counts:
            what = f"This file lacks the whole list {code}, of which {total} entries stand."
        elif is_beyond_reason(count, total, alarm=SMALLEST_ALARM):
            what = f"This file would end {count} of {total} entries of the list {code}."
        else:
            continue
        msg = (
            f"{what} A list that shrinks so far is more likely damaged than amended, so nothing "
            f"was changed. If it is right, import it with --accept-losses."
        )
        raise Refused(msg)


def write(
    file: InputFile, report: ScreeningReport, pairs: Pairs, as_of: date, revision: Revision
) -> ScreeningReport:
    first = not Snapshot.objects.filter(topic=TOPIC).exists()
    source = snapshot_source(as_of)
    gone = list(standing_entries(pairs.gone))
    ended = [ended_on(entry, as_of) for entry in gone if entry.valid_from != as_of]
    replaced = [entry for entry, _ in pairs.changed]
    because = f"The screening list of {day_text(as_of)} says otherwise."
    if gone or replaced:
        close_rows([*gone, *replaced], revision=revision, because=because)
    added = [new_entry(key, row, started(row, as_of, first)) for key, row in pairs.added]
    changed = [row for pair in pairs.changed for row in revised(*pair, as_of)]
    for entry in (*added, *changed):
        entry.source = source if entry.source_id is None else entry.source
    entries = [*added, *changed, *ended]
    for entry in entries:
        entry.recorded = revision
    insert_rows(entries)
    confirm(TOPIC, as_of, source, revision)
    if not first:
        Event.objects.bulk_create(events(pairs, source, as_of, revision))
    return keep(file, report, pairs, as_of, source, revision)


def keep(  # noqa: PLR0913, PLR0917  # the import's own steps
    file: InputFile,
    report: ScreeningReport,
    pairs: Pairs,
    as_of: date,
    source: Source,
    revision: Revision,
) -> ScreeningReport:
    done = ScreeningReport(
        **{
            **asdict(report),
            "created": len(pairs.added),
            "changed": len(pairs.changed),
            "ended": len(pairs.gone),
            "unchanged": pairs.unchanged,
            "revision": revision.number,
        }
    )
    keep_snapshot(
        topic=TOPIC,
        as_of=as_of,
        data=file.data,
        file_name=file.name,
        source=source,
        revision=revision,
        counts={key: value for key, value in asdict(done).items() if key != "problems"},
        problems=done.problems,
    )
    return done


def started(row: ScreeningRow, as_of: date, first: bool) -> date | None:
    """The first day on the list that is known: the list's own, or that of the first file."""
    try:
        printed = date.fromisoformat(str(row.fields.get("start_date", "")))
    except ValueError:
        printed = None
    if printed and printed <= as_of:
        return printed
    return None if first else as_of


def new_entry(key: Key, row: ScreeningRow, since: date | None) -> ScreeningEntry:
    names = [row.name, *(row.alt_names or ())]
    countries = row.countries
    return ScreeningEntry(
        code=key[0],
        ref=key[1],
        list_name=row.list_name,
        name=row.name,
        searched="\n".join(names).casefold(),
        countries=None if countries is None else f"|{'|'.join(countries)}|",
        fields=dict(row.fields),
        digest=digest_of(row),
        valid_from=since,
    )


def revised(entry: ScreeningEntry, row: ScreeningRow, as_of: date) -> Iterator[ScreeningEntry]:
    """What stood up to this day, and what stands from it on."""
    if entry.valid_from is None or entry.valid_from < as_of:
        yield ended_on(entry, as_of)
        yield new_entry((entry.code, entry.ref), row, as_of)
    else:
        yield new_entry((entry.code, entry.ref), row, entry.valid_from)


def ended_on(entry: ScreeningEntry, day: date) -> ScreeningEntry:
    """An unsaved copy of an entry that ends on an Eastern day."""
    values = {
        f.attname: getattr(entry, f.attname)
        for f in ScreeningEntry._meta.concrete_fields
        if f.attname not in {"id", "superseded_id", "closed_because"}
    }
    return ScreeningEntry(**{**values, "valid_until": day})


def snapshot_source(as_of: date) -> Source:
    return Source.objects.create(
        slug=f"consolidated-screening-list-{as_of.isoformat()}",
        kind=Source.Kind.OFFICIAL,
        title=f"Consolidated Screening List as of {day_text(as_of)}",
        publisher="International Trade Administration (trade.gov)",
        url="https://www.trade.gov/consolidated-screening-list",
        citation=f"Consolidated Screening List, {as_of.isoformat()}",
        published=as_of,
    )


def events(pairs: Pairs, source: Source, as_of: date, revision: Revision) -> Iterator[Event]:
    """One event a list that changed, with its figures: a list may change by hundreds a day."""
    added = Counter(code for (code, _), _ in pairs.added)
    changed = Counter(entry.code for entry, _ in pairs.changed)
    ended = Counter(code for code, _ in pairs.gone)
    for code in sorted(added.keys() | changed.keys() | ended.keys()):
        yield Event(
            revision=revision,
            kind=Event.Kind.CHANGED,
            subject_kind="screening-list",
            subject_id=code,
            title=(
                f"Screening list {code}: {added[code]} added, {changed[code]} changed, "
                f"{ended[code]} ended"
            ),
            day=as_of,
            source=source,
            url=f"/lists/?list={code}",
        )
