"""Importing Supplement No. 4 to part 744, the Entity List, from a file of the eCFR.

One transaction and one revision a snapshot. Whatever is wrong with the file or its date is
said before anything is written, and the list stays as it was.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from entities.actions.list_events import write_events
from entities.actions.listing_rows import KnownDocuments
from entities.actions.write_listings import Writer
from entities.domain.pairing import Candidate, pair
from entities.models import Entity, Listing, ListingCitation, ListTerm
from entities.sources.parsed import ParsedListing, Problem, Severity, Supplement4
from entities.sources.supplement4 import parse_supplement4
from policy.actions.facts import reconcile_keys
from policy.actions.revisions import new_revision
from policy.actions.snapshots import keep_snapshot
from policy.domain.deadlines import eastern_day
from policy.domain.normal_form import normal_form
from policy.domain.partial_dates import day_text
from policy.models import Country, Coverage, Revision, Snapshot, Source
from policy.sources.safe_xml import Refused, read_xml

TOPIC = Coverage.Topic.ENTITY_LIST
# A real revision of the list has never ended more than a few entries in a hundred; a list
# that loses a tenth is more likely to be damaged than amended.
LARGEST_LOSS = 0.10
# Small lists, as tests have them, may lose a few entries without being damaged.
SMALLEST_ALARM = 20


@dataclass(frozen=True)
class Pairs:
    """What a file says of the listings in force on its day."""

    unchanged: int
    revised: list[tuple[Listing, ParsedListing]]
    added: list[ParsedListing]
    gone: list[Listing]


@dataclass(frozen=True)
class ImportReport:
    """What an import read and did. ``revision`` is None if nothing was written."""

    date: str
    sha256: str
    rows: int
    listings: int
    destinations: int
    entities: int
    names: int
    addresses: int
    citations: int
    created: int = 0
    changed: int = 0
    ended: int = 0
    unchanged: int = 0
    revision: int | None = None
    problems: list[dict[str, Any]] = field(default_factory=list)


def import_ecfr(  # noqa: PLR0913  # keyword-only; each is a decision of the person who imports
    *,
    data: bytes,
    file_name: str,
    as_of: date,
    at: datetime,
    by: str,
    backfill: bool = False,
    accept_losses: bool = False,
) -> ImportReport:
    """Bring the record in step with one file.

    ``as_of`` is the Eastern day for which the eCFR serves this text, ``at`` the UTC instant
    of the import. ``backfill`` allows a day before the newest snapshot, and other bytes for
    a day that was imported; ``accept_losses`` allows a list that shrinks beyond reason.
    Raises Refused with a sentence, having written nothing.
    """
    parsed = parse_supplement4(read_xml(data))
    sha256 = hashlib.sha256(data).hexdigest()
    check_date(as_of, sha256, at=at, backfill=backfill)
    if Snapshot.objects.filter(topic=TOPIC, as_of=as_of, sha256=sha256).exists():
        return report_of(parsed, as_of, sha256, unchanged=len(parsed.listings))
    countries = countries_of(parsed)
    reason = f"Entity List as the eCFR had it on {day_text(as_of)}"
    with new_revision(by=by, kind=Revision.Kind.IMPORT, reason=reason, at=at) as revision:
        pairs = pair_listings(parsed, as_of)
        check_losses(pairs, accept_losses=accept_losses)
        first = not Snapshot.objects.filter(topic=TOPIC).exists()
        writer = Writer(
            revision=revision,
            source=snapshot_source(as_of, sha256),
            as_of=as_of,
            countries=countries,
            documents=KnownDocuments.now(),
            taken=set(Entity.objects.values_list("slug", flat=True)),
            until=next_snapshot_day(as_of),
        )
        write(writer, pairs)
        write_events(writer, baseline=first or backfill)
        if writer.until is None:
            write_terms(parsed, writer.source, revision)
        confirm(as_of, writer.source, revision)
        report = report_of(parsed, as_of, sha256, **counts_of(writer, pairs))
        if writer.until:
            report.problems.extend(asdict(problem) for problem in contradictions(pairs))
        keep(report, data, file_name, writer)
    return report


def keep(report: ImportReport, data: bytes, file_name: str, writer: Writer) -> None:
    keep_snapshot(
        topic=TOPIC,
        as_of=writer.as_of,
        data=data,
        file_name=file_name,
        source=writer.source,
        revision=writer.revision,
        counts={key: value for key, value in asdict(report).items() if key != "problems"},
        problems=report.problems,
    )


def counts_of(writer: Writer, pairs: Pairs) -> dict[str, int]:
    return {
        "created": len(pairs.added),
        "changed": len(writer.changed),
        "ended": len(writer.ended),
        "unchanged": pairs.unchanged,
        "revision": writer.revision.number,
    }


def check_date(as_of: date, sha256: str, *, at: datetime, backfill: bool) -> None:
    """Raise Refused for a day that lies ahead or that the record has already gone past."""
    today = eastern_day(at)
    if as_of > today:
        msg = f"{day_text(as_of)} lies in the future; today is {day_text(today)} Eastern."
        raise Refused(msg)
    if backfill:
        return
    held = Snapshot.objects.filter(topic=TOPIC)
    other = held.filter(as_of=as_of).exclude(sha256=sha256).first()
    if other and not held.filter(as_of=as_of, sha256=sha256).exists():
        msg = (
            f"The list of {day_text(as_of)} was imported from {other.file_name} with other "
            f"bytes. If this file is the right one, import it with --backfill."
        )
        raise Refused(msg)
    newer = held.filter(as_of__gt=as_of).order_by("-as_of").first()
    if newer:
        msg = (
            f"The record already holds the list of {day_text(newer.as_of)}, which is newer than "
            f"{day_text(as_of)}. To add the older one to the past, use --backfill."
        )
        raise Refused(msg)


def next_snapshot_day(as_of: date) -> date | None:
    """The day of the next newer snapshot; None if this is the newest."""
    newer = Snapshot.objects.filter(topic=TOPIC, as_of__gt=as_of).order_by("as_of")
    return newer.values_list("as_of", flat=True).first()


def countries_of(parsed: Supplement4) -> dict[str, Country]:
    """Each printed destination's country. Raises Refused for one that the record lacks."""
    known = {
        normal_form(name): country
        for country in Country.objects.all()
        for name in (country.name, *country.other_names, *country.entity_list_names)
    }
    missing = [d for d in parsed.destinations if normal_form(d) not in known]
    if missing:
        msg = (
            f"The record knows no place for the destination {missing[0]!r}. Add the name to "
            f"policy/record/places.yaml and run `manage.py load_record`, then import again."
        )
        raise Refused(msg)
    return known


def pair_listings(parsed: Supplement4, as_of: date) -> Pairs:
    """The rows of the file and the listings in force on its day, paired.

    Only the listings that differ are read whole: on most days none does.
    """
    held = Listing.objects.known(None).in_force(as_of)
    cited = first_citations()
    old = (
        Candidate((normal_form(destination), normal_form(name)), digest, cited.get(entity), pk)
        for pk, entity, destination, name, digest in held.values_list(
            "pk", "entity", "destination", "name", "digest"
        )
    )
    new = (
        Candidate(
            place=(normal_form(row.destination), normal_form(row.name)),
            digest=row.digest,
            listed_by=next(((c.volume, c.page) for c in row.citations), None),
            item=row,
        )
        for row in parsed.listings
    )
    found = pair(old, new)
    touched = [*found.gone, *(pk for pk, _ in found.revised)]
    rows = Listing.objects.select_related("entity", "source").in_bulk(touched)
    return Pairs(
        unchanged=len(found.same),
        revised=[(rows[pk], row) for pk, row in found.revised],
        added=found.added,
        gone=[rows[pk] for pk in found.gone],
    )


def first_citations() -> dict[int, tuple[int, int]]:
    """By entity, the volume and page that listed it."""
    rows = ListingCitation.objects.known(None).filter(position=0)
    return {pk: (volume, page) for pk, volume, page in rows.values_list("entity", "volume", "page")}


def check_losses(pairs: Pairs, *, accept_losses: bool) -> None:
    """Raise Refused when the list would shrink beyond reason: a person has to look."""
    standing = pairs.unchanged + len(pairs.revised) + len(pairs.gone)
    lost = len(pairs.gone)
    if accept_losses or lost < SMALLEST_ALARM or lost <= standing * LARGEST_LOSS:
        return
    msg = (
        f"This file would end {lost} of {standing} listings. A list that shrinks so far is more "
        f"likely damaged than amended, so nothing was changed. If it is right, import it with "
        f"--accept-losses."
    )
    raise Refused(msg)


def write(writer: Writer, pairs: Pairs) -> None:
    """Turn the pairs into facts. An older snapshot only adds what the record lacks."""
    writer.add(pairs.added)
    if writer.until is None:
        for old, new in pairs.revised:
            writer.revise(old, new)
        for old in pairs.gone:
            writer.end(old)
    writer.flush(because=f"The Entity List of {day_text(writer.as_of)} says otherwise.")


def contradictions(pairs: Pairs) -> Iterator[Problem]:
    """Where an older list differs from what the record holds for its day: a person decides."""
    for old, new in pairs.revised:
        reason = "reads otherwise in this older list; the record was left as it was"
        yield Problem(new.row, "entity", old.name, reason, Severity.MEDIUM)
    for old in pairs.gone:
        reason = "does not stand in this older list; the record was left as it was"
        yield Problem(0, "entity", old.name, reason, Severity.MEDIUM)


def write_terms(parsed: Supplement4, source: Source, revision: Revision) -> None:
    """Footnote texts; the wording may churn without anything having changed."""
    held = {
        term.mark: normal_form(term.text)
        for term in ListTerm.objects.known(None).filter(valid_until__isnull=True)
    }
    changed = [
        ListTerm(mark=mark, text=text, source=source)
        for mark, text in parsed.footnotes.items()
        if held.get(mark) != normal_form(text)
    ]
    keys = {(term.mark,) for term in changed}
    because = "The footnote reads otherwise in a newer list."
    reconcile_keys(ListTerm, changed, keys=keys, revision=revision, because=because)


def confirm(as_of: date, source: Source, revision: Revision) -> None:
    """The list is now confirmed for this day, unless a later one already was."""
    standing = Coverage.objects.known(None).filter(topic=TOPIC).first()
    if standing and standing.until >= as_of:
        return
    coverage = Coverage(topic=TOPIC, until=as_of, source=source)
    because = f"Confirmed again for {day_text(as_of)}."
    reconcile_keys(Coverage, [coverage], keys={(TOPIC,)}, revision=revision, because=because)


def snapshot_source(as_of: date, sha256: str) -> Source:
    """The source that facts of this snapshot cite; a second file of a day gets its own."""
    slug = f"ecfr-744-supplement-4-{as_of.isoformat()}"
    if Source.objects.filter(slug=slug).exists():
        slug = f"{slug}-{sha256[:8]}"
    return Source.objects.create(
        slug=slug,
        kind=Source.Kind.ECFR,
        title=f"15 CFR part 744, Supplement No. 4 (Entity List), as of {day_text(as_of)}",
        publisher="eCFR",
        url=f"https://www.ecfr.gov/on/{as_of.isoformat()}/title-15/part-744",
        citation=f"Supp. No. 4 to part 744, {as_of.isoformat()}",
        published=as_of,
    )


def report_of(parsed: Supplement4, as_of: date, sha256: str, **counts: int) -> ImportReport:
    parties = [party for listing in parsed.listings for party in listing.parties]
    holders: Iterable[Any] = [*parsed.listings, *parties]
    return ImportReport(
        date=as_of.isoformat(),
        sha256=sha256,
        rows=parsed.rows,
        listings=len(parsed.listings),
        destinations=len(parsed.destinations),
        entities=len(parsed.listings) + len(parties),
        names=sum(len(holder.names) for holder in holders),
        addresses=sum(len(holder.addresses) for holder in holders),
        citations=len(parsed.distinct_citations),
        problems=[asdict(problem) for problem in parsed.problems],
        **counts,
    )
