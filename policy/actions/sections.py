"""Sections of the regulations from a part of the eCFR: their text, and what amended it.

Texts compare in normal form: a part that is only set anew writes nothing but the snapshot.
The eCFR says what the text is on a day, not since when, so a text begins on the day of the
first snapshot that has it, unless the record knows the effective day of the document that
the source line newly cites.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from django.conf import settings

from policy.actions.documents import join_citations
from policy.actions.facts import close_rows, insert_rows, new_row, reconcile_keys, set_portion
from policy.actions.snapshots import confirm, keep_snapshot
from policy.actions.stays import write_stays
from policy.domain.citations import FrCitation
from policy.domain.losses import is_beyond_reason
from policy.domain.partial_dates import day_text
from policy.domain.validity import Dated, Span
from policy.models import (
    Amendment,
    Event,
    Revision,
    Section,
    SectionText,
    Snapshot,
    Source,
)
from policy.queries.cited import Joins, KnownDocuments
from policy.sources.ecfr_part import ParsedPart, ParsedSection, source_citations
from policy.sources.inputs import InputFile
from policy.sources.safe_xml import Refused

TITLE = 15
# Of its sections a part may lose two at once without having been cut off.
SMALLEST_ALARM = 3
BECAUSE = "The part reads otherwise in a newer text."


@dataclass(frozen=True)
class SectionsReport:
    """What an import read of a part's sections and did with them."""

    part: str
    sections: int
    paragraphs: int
    added: int = 0
    amended: int = 0
    removed: int = 0
    unchanged: int = 0
    stays: int = 0
    proposals: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """What happens to one section: the text that stood, and the one that comes."""

    section: Section
    before: SectionText | None
    parsed: ParsedSection | None

    @property
    def act(self) -> Amendment.Act:
        if self.before is None:
            return Amendment.Act.ADDED
        return Amendment.Act.AMENDED if self.parsed else Amendment.Act.REMOVED

    @property
    def is_same(self) -> bool:
        digest = self.parsed.digest if self.parsed else None
        return self.before is not None and self.before.digest == digest

    @property
    def new_citations(self) -> list[FrCitation]:
        """What the source line cites and did not cite before."""
        old = source_citations(self.before.source_line) if self.before else ()
        held = {(cited.volume, cited.page) for cited in old}
        now = self.parsed.citations if self.parsed else ()
        return [cited for cited in now if (cited.volume, cited.page) not in held]


def topic_of(part: str) -> str:
    """The topic of a part's snapshots."""
    return f"ecfr-part-{part}"


def check_followed(part: str) -> None:
    """Raise Refused for a part that the record does not follow."""
    if part not in settings.FOLLOWED_PARTS:
        msg = (
            f"The record does not follow part {part}, only {', '.join(settings.FOLLOWED_PARTS)}. "
            f"The setting EARMARK_PARTS names the parts."
        )
        raise Refused(msg)


def is_held(part: str, as_of: date, sha256: str) -> bool:
    """Whether the text of this very file was imported for this day."""
    held = Snapshot.objects.filter(topic=topic_of(part), as_of=as_of, sha256=sha256)
    return held.exists()


@dataclass
class SectionWriter:
    """One import of a part's sections in progress.

    ``since`` is the day of the snapshot before, None for a first one; ``until`` that of the
    next newer one, set where an older snapshot is added to the past.
    """

    revision: Revision
    source: Source
    part: str
    as_of: date
    since: date | None
    until: date | None
    joins: Joins = field(default_factory=Joins)
    texts: list[SectionText] = field(default_factory=list)
    amendments: list[Amendment] = field(default_factory=list)

    @property
    def is_first(self) -> bool:
        return self.since is None and self.until is None

    def write(self, step: Step) -> None:
        day = self.day_of(step)
        if step.parsed is None:
            self.end(step, day)
        elif step.before is None:
            self.texts.append(self.text(step, day))
        else:
            set_portion(self.text(step, day), revision=self.revision, because=BECAUSE)
        starts = step.before.valid_from if step.before else None
        # Other bytes for the day of a text put it right; nobody amended it.
        if not self.is_first and not self.until and not (starts and starts >= day):
            self.amendments += self.amendments_of(step, day)

    def day_of(self, step: Step) -> date:
        """The effective day of what is newly cited, if it lies between the two snapshots."""
        facts = [self.joins.fact(cited) for cited in step.new_citations]
        days = [fact.effective for fact in facts if fact and fact.effective]
        known = bool(facts) and len(days) == len(facts) and self.since is not None
        if known and self.since and all(self.since < day <= self.as_of for day in days):
            return max(days)
        return self.as_of

    def text(self, step: Step, day: date) -> SectionText:
        parsed = step.parsed
        assert parsed is not None  # noqa: S101  # only what has a text comes here
        return SectionText(
            section=step.section,
            heading=parsed.heading,
            text=parsed.text,
            paragraphs=[[p.designator, p.kind, p.text] for p in parsed.paragraphs],
            source_line=parsed.source_line,
            stays=list(parsed.stays),
            notes=list(parsed.notes),
            digest=parsed.digest,
            valid_from=day,
            valid_until=self.until,
            source=self.source,
            recorded=self.revision,
        )

    def end(self, step: Step, day: date) -> None:
        row = step.before
        if row is None:
            return
        close_rows([row], revision=self.revision, because=BECAUSE)
        if row.valid_from is None or row.valid_from < day:
            self.texts.append(new_row(Dated(Span(row.valid_from, day), row), self.revision))

    def amendments_of(self, step: Step, day: date) -> Iterator[Amendment]:
        cited: Sequence[FrCitation | None] = step.new_citations or [None]
        note = "" if day != self.as_of else self.note_on_day()
        for position, citation in enumerate(cited):
            yield Amendment(
                section=step.section,
                day=day,
                position=position,
                act=step.act,
                printed=citation.printed[:120] if citation else "",
                document=self.joins.document(citation) if citation else None,
                valid_from=day,
                source=self.source,
                note=note,
            )

    def note_on_day(self) -> str:
        since = day_text(self.since) if self.since else ""
        return (
            f"The text changed after {since} and by {day_text(self.as_of)}; the day shown is "
            f"that of the newer text."
        )

    def flush(self) -> None:
        insert_rows(self.texts)
        keys = {row.key for row in self.amendments}
        reconcile_keys(
            Amendment, self.amendments, keys=keys, revision=self.revision, because=BECAUSE
        )
        insert_rows([self.event_of(row) for row in self.amendments if row.position == 0])

    def event_of(self, row: Amendment) -> Event:
        kinds = {
            Amendment.Act.ADDED: Event.Kind.ADDED,
            Amendment.Act.AMENDED: Event.Kind.CHANGED,
            Amendment.Act.REMOVED: Event.Kind.ENDED,
        }
        return Event(
            revision=self.revision,
            kind=kinds[Amendment.Act(row.act)],
            subject_kind="section",
            subject_id=row.section.identifier,
            title=f"{row.section} was {row.get_act_display().lower()}",
            detail=row.printed,
            day=row.day,
            source=self.source,
        )


def import_sections(  # noqa: PLR0913  # keyword-only; what the import of a file knows
    *,
    parsed: ParsedPart,
    file: InputFile,
    sha256: str,
    as_of: date,
    revision: Revision,
    accept_losses: bool = False,
) -> SectionsReport:
    """Bring the sections of a part in step with one file, inside the revision of its import.

    ``as_of`` is the Eastern day for which the eCFR serves the text. Raises Refused, before
    anything is written, when the part would lose sections beyond reason.
    """
    since, until = neighbours(topic_of(parsed.number), as_of)
    steps = list(steps_of(parsed, as_of))
    if not until:
        check_losses(parsed.number, steps, accept_losses=accept_losses)
    differing = [step for step in steps if not step.is_same]
    source = snapshot_source(parsed.number, as_of, sha256)
    writer = SectionWriter(revision, source, parsed.number, as_of, since, until)
    writer.joins = joins_of(writer, differing)
    allowed = [step for step in differing if not until or step.before is None]
    save_sections(step.section for step in allowed)
    for step in allowed:
        writer.write(step)
    writer.flush()
    stays, proposals = write_stays(
        [(s.section, w) for s in allowed if s.parsed and not until for w in s.parsed.stays],
        known=writer.joins.known,
        source=source,
        revision=revision,
    )
    report = replace(count(parsed, steps, writer), stays=stays, proposals=proposals)
    report.problems.extend(contradictions(differing, until))
    if not until:
        confirm(topic_of(parsed.number), as_of, source, revision)
    keep_snapshot(
        topic=topic_of(parsed.number),
        as_of=as_of,
        data=file.data,
        file_name=file.name,
        source=source,
        revision=revision,
        counts={key: value for key, value in asdict(report).items() if key != "problems"},
        problems=report.problems,
    )
    return report


def joins_of(writer: SectionWriter, differing: Sequence[Step]) -> Joins:
    """The documents that are newly cited. A first text is no amendment, and needs no stubs."""
    if writer.is_first or writer.until:
        return Joins(KnownDocuments.now())
    return join_citations(c for step in differing for c in step.new_citations)


def neighbours(topic: str, as_of: date) -> tuple[date | None, date | None]:
    """The days of the newest snapshot not after ``as_of``, and of the oldest one after it."""
    days = Snapshot.objects.filter(topic=topic).values_list("as_of", flat=True)
    before = [day for day in days if day <= as_of]
    after = [day for day in days if day > as_of]
    return max(before, default=None), min(after, default=None)


def steps_of(parsed: ParsedPart, as_of: date) -> Iterator[Step]:
    """Every section of the file with its text in force, then those that the file lacks."""
    held = {row.identifier: row for row in Section.objects.filter(title=TITLE, part=parsed.number)}
    rows = SectionText.objects.known(None).in_force(as_of).filter(section__in=held.values())
    texts = {row.section_id: row for row in rows.select_related("section")}
    seen = set()
    for position, section in enumerate(parsed.sections):
        seen.add(section.identifier)
        identity = held.get(section.identifier) or Section(
            title=TITLE, part=parsed.number, identifier=section.identifier, position=position
        )
        yield Step(identity, texts.get(identity.pk), section)
    for identifier, identity in held.items():
        if identifier not in seen and identity.pk in texts:
            yield Step(identity, texts[identity.pk], None)


def save_sections(sections: Iterator[Section]) -> None:
    for section in sections:
        if section._state.adding:
            section.save()


def check_losses(part: str, steps: Sequence[Step], *, accept_losses: bool) -> None:
    """Raise Refused when the part would shrink beyond reason: a person has to look."""
    standing = sum(step.before is not None for step in steps)
    lost = sum(step.parsed is None for step in steps)
    if accept_losses or not is_beyond_reason(lost, standing, alarm=SMALLEST_ALARM):
        return
    msg = (
        f"This file would remove {lost} of {standing} sections of part {part}. A part that "
        f"shrinks so far is more likely cut off than amended, so nothing was changed. If it is "
        f"right, import it with --accept-losses."
    )
    raise Refused(msg)


def count(parsed: ParsedPart, steps: Sequence[Step], writer: SectionWriter) -> SectionsReport:
    acts = [step.act for step in steps if not step.is_same]
    if writer.until:
        acts = [act for act in acts if act == Amendment.Act.ADDED]
    return SectionsReport(
        part=parsed.number,
        sections=len(parsed.sections),
        paragraphs=sum(len(section.paragraphs) for section in parsed.sections),
        added=acts.count(Amendment.Act.ADDED),
        amended=acts.count(Amendment.Act.AMENDED),
        removed=acts.count(Amendment.Act.REMOVED),
        unchanged=sum(step.is_same for step in steps),
    )


def contradictions(steps: Sequence[Step], until: date | None) -> Iterator[dict[str, Any]]:
    """Where an older text differs from what the record holds for its day: a person decides."""
    for step in steps:
        if until and step.before is not None:
            reason = "reads otherwise in this older text; the record was left as it was"
            text = str(step.section)
            yield {
                "row": 0,
                "cell": "section",
                "text": text,
                "reason": reason,
                "severity": "medium",
            }


def snapshot_source(part: str, as_of: date, sha256: str) -> Source:
    """The source that texts of this snapshot cite; a second file of a day gets its own."""
    slug = f"ecfr-part-{part}-{as_of.isoformat()}"
    if Source.objects.filter(slug=slug).exists():
        slug = f"{slug}-{sha256[:8]}"
    return Source.objects.create(
        slug=slug,
        kind=Source.Kind.ECFR,
        title=f"{TITLE} CFR part {part}, as of {day_text(as_of)}",
        publisher="eCFR",
        url=f"https://www.ecfr.gov/on/{as_of.isoformat()}/title-{TITLE}/part-{part}",
        citation=f"{TITLE} CFR part {part}, {as_of.isoformat()}",
        published=as_of,
    )
