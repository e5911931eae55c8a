"""Importing a part of the eCFR: its sections, and of part 744 the Entity List too.

One transaction and one revision a file. Whatever is wrong with the file or its date is said
before anything is written, and the record stays as it was.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.conf import settings

from entities.actions.import_report import ImportReport, report_of
from entities.actions.joins import join_the_unjoined, shares_of
from entities.actions.list_changes import Removal, removal_of, write_changes
from entities.actions.list_events import write_events
from entities.actions.write_listings import Writer
from entities.domain.pairing import Candidate, pair
from entities.models import Entity, Listing, ListingCitation, ListTerm
from entities.sources.parsed import ParsedListing, Problem, Severity, Supplement4
from entities.sources.supplement4 import parse_supplement4
from policy.actions.documents import join_citations
from policy.actions.facts import reconcile_keys
from policy.actions.revisions import new_revision
from policy.actions.sections import check_followed, import_sections, is_held, topic_of
from policy.actions.snapshots import check_day, confirm, keep_snapshot
from policy.domain.losses import is_beyond_reason
from policy.domain.normal_form import normal_form
from policy.domain.partial_dates import day_text
from policy.models import Country, Coverage, Revision, Snapshot, Source
from policy.queries.cited import KnownDocuments
from policy.sources.ecfr_part import ParsedPart, parse_part
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused, read_xml

# The part whose Supplement No. 4 is the Entity List.
LIST_PART = "744"
TOPIC = Coverage.Topic.ENTITY_LIST
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
class PartFile:
    """A file as read: the list if it is part 744, and the part's text if that is followed.

    What it ``wants`` written is what the record did not hold when it was first asked.
    """

    file: InputFile
    as_of: date
    sha256: str
    part: ParsedPart | None
    supplement: Supplement4 | None

    @cached_property
    def wants_list(self) -> bool:
        held = Snapshot.objects.filter(topic=TOPIC, as_of=self.as_of, sha256=self.sha256)
        return self.supplement is not None and not held.exists()

    @cached_property
    def wants_text(self) -> bool:
        return self.part is not None and not is_held(self.part.number, self.as_of, self.sha256)


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
    """Bring the record in step with one file: a part's sections, and of part 744 the list.

    ``as_of`` is the Eastern day for which the eCFR serves this text, ``at`` the UTC instant
    of the import. ``backfill`` allows a day before the newest snapshot, and other bytes for
    a day that was imported; ``accept_losses`` allows a list that shrinks beyond reason.
    Raises Refused with a sentence, having written nothing.
    """
    reading = read_part(InputFile(file_name, data), as_of)
    check_days(reading, at=at, backfill=backfill)
    wants_list, wants_text = reading.wants_list, reading.wants_text
    if not wants_list and not wants_text:
        return untouched(reading)
    countries = countries_of(reading.supplement) if reading.supplement else {}
    what = "Entity List" if wants_list else f"Part {reading.part.number if reading.part else ''}"
    reason = f"{what} as the eCFR had it on {day_text(as_of)}"
    with new_revision(by=by, kind=Revision.Kind.IMPORT, reason=reason, at=at) as revision:
        if wants_list and reading.supplement:
            report = import_list(
                reading,
                reading.supplement,
                countries,
                revision,
                backfill=backfill,
                accept_losses=accept_losses,
            )
        else:
            report = replace(untouched(reading), revision=revision.number)
        if wants_text and reading.part:
            found = import_sections(
                parsed=reading.part,
                file=reading.file,
                sha256=reading.sha256,
                as_of=as_of,
                revision=revision,
                accept_losses=accept_losses,
            )
            report = replace(report, text=asdict(found))
    return report


def read_part(file: InputFile, as_of: date) -> PartFile:
    """Parse a file. Raises Refused for one that is no part, or a part that is not followed."""
    root = read_xml(file.data)
    number = (root.get("N") or "").strip() if root.tag == "DIV5" else ""
    is_other = bool(number) and number != LIST_PART
    if is_other:
        check_followed(number)
    supplement = None if is_other else parse_supplement4(root)
    follows = number in settings.FOLLOWED_PARTS
    part = parse_part(root) if follows else None
    if is_other and part and not part.sections:
        raise Refused(f"This file of part {number} holds no section.")
    sha256 = hashlib.sha256(file.data).hexdigest()
    return PartFile(file, as_of, sha256, part if part and part.sections else None, supplement)


def check_days(reading: PartFile, *, at: datetime, backfill: bool) -> None:
    """Raise Refused for a day that lies ahead or that the record has already gone past.

    What was imported before needs no check: it writes nothing.
    """
    topics: list[tuple[str, str]] = [(TOPIC, "list")] if reading.wants_list else []
    if reading.part and reading.wants_text:
        topics.append((topic_of(reading.part.number), f"text of part {reading.part.number}"))
    for topic, what in topics:
        check_day(
            topic=topic,
            what=what,
            as_of=reading.as_of,
            sha256=reading.sha256,
            at=at,
            backfill=backfill,
        )


def untouched(reading: PartFile) -> ImportReport:
    """The report where nothing of the list was written."""
    if reading.supplement is None:
        number = reading.part.number if reading.part else ""
        return ImportReport(date=reading.as_of.isoformat(), sha256=reading.sha256, part=number)
    shares = shares_of(reading.supplement, KnownDocuments.now())
    unchanged = len(reading.supplement.listings)
    return report_of(reading.supplement, reading.as_of, reading.sha256, shares, unchanged=unchanged)


def import_list(  # noqa: PLR0913  # the parts of one import
    reading: PartFile,
    parsed: Supplement4,
    countries: dict[str, Country],
    revision: Revision,
    *,
    backfill: bool,
    accept_losses: bool,
) -> ImportReport:
    """Bring the Entity List in step with a file, inside the revision of its import."""
    as_of = reading.as_of
    pairs = pair_listings(parsed, as_of)
    check_losses(pairs, accept_losses=accept_losses)
    since = previous_snapshot_day(as_of)
    first = not Snapshot.objects.filter(topic=TOPIC).exists()
    touched = [*pairs.added, *(row for _, row in pairs.revised)]
    writer = Writer(
        revision=revision,
        source=snapshot_source(as_of, reading.sha256),
        as_of=as_of,
        countries=countries,
        documents=join_citations(c for row in touched for c in row.citations),
        taken=set(Entity.objects.values_list("slug", flat=True)),
        until=next_snapshot_day(as_of),
    )
    removal = removal_of(writer.documents.known, since, as_of)
    write(writer, pairs, removal)
    write_events(writer, baseline=first or backfill)
    if not (first or writer.until):
        write_changes(writer, pairs.revised, removal)
    if writer.until is None:
        write_terms(parsed, writer.source, revision)
    join_the_unjoined(revision)
    confirm_list(as_of, writer.source, revision)
    shares = shares_of(parsed, writer.documents.known)
    report = report_of(parsed, as_of, reading.sha256, shares, **counts_of(writer, pairs))
    if writer.until:
        report.problems.extend(asdict(problem) for problem in contradictions(pairs))
    keep(report, reading.file, writer)
    return report


def keep(report: ImportReport, file: InputFile, writer: Writer) -> None:
    keep_snapshot(
        topic=TOPIC,
        as_of=writer.as_of,
        data=file.data,
        file_name=file.name,
        source=writer.source,
        revision=writer.revision,
        counts=report.counts,
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


def previous_snapshot_day(as_of: date) -> date | None:
    """The day of the newest snapshot before ``as_of``; None if there is none."""
    older = Snapshot.objects.filter(topic=TOPIC, as_of__lt=as_of).order_by("-as_of")
    return older.values_list("as_of", flat=True).first()


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
    if accept_losses or not is_beyond_reason(lost, standing, alarm=SMALLEST_ALARM):
        return
    msg = (
        f"This file would end {lost} of {standing} listings. A list that shrinks so far is more "
        f"likely damaged than amended, so nothing was changed. If it is right, import it with "
        f"--accept-losses."
    )
    raise Refused(msg)


def write(writer: Writer, pairs: Pairs, removal: Removal) -> None:
    """Turn the pairs into facts. An older snapshot only adds what the record lacks."""
    writer.add(pairs.added)
    if writer.until is None:
        for old, new in pairs.revised:
            writer.revise(old, new)
        for old in pairs.gone:
            writer.end(old, removal.day_for(old))
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


def confirm_list(as_of: date, source: Source, revision: Revision) -> None:
    """The list is now confirmed for this day, unless a later one already was."""
    standing = Coverage.objects.known(None).filter(topic=TOPIC).first()
    if standing is None or standing.until < as_of:
        confirm(TOPIC, as_of, source, revision)


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
