"""Importing documents from answers of the Federal Register's API.

One transaction and one revision an import. What the data say of a document is a fact at once;
what only its prose says becomes a proposal. Documents of the starting record and those of the
API are the same, known by their number.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from policy.actions.conflicts import open_conflicts
from policy.actions.desk.reopen import reopen_corrected
from policy.actions.document_facts import (
    Difference,
    conflict_words,
    entered_columns,
    merge,
    stated,
)
from policy.actions.document_proposals import findings
from policy.actions.documents import adopt_stubs
from policy.actions.facts import reconcile_keys
from policy.actions.proposals import propose
from policy.actions.revisions import new_revision
from policy.actions.snapshots import keep_answers
from policy.domain.deadlines import eastern_day
from policy.domain.partial_dates import day_text
from policy.models import (
    Conflict,
    DeadlineDate,
    Document,
    DocumentFact,
    Event,
    Proposal,
    Revision,
    Snapshot,
    Source,
)
from policy.sources.federal_register import (
    ApiDocument,
    DocumentProblem,
    read_answer,
)
from policy.sources.inputs import InputFile, read_named

TOPIC = "federal-register"
BECAUSE = "The Federal Register's data say otherwise."


@dataclass(frozen=True)
class Skipped:
    """A document that was not taken in, and why."""

    document: str
    file: str
    reason: str


@dataclass
class DocumentsReport:
    """What an import read and did: every document is created, changed, unchanged or skipped,
    or stands among the problems. ``revision`` is None if nothing was written."""

    files: int
    documents: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)
    dates_confirmed: int = 0
    proposals: int = 0
    conflicts: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    revision: int | None = None


@dataclass(frozen=True)
class Pending:
    """One document's fact as it should stand, and where the answer differs from it."""

    fact: DocumentFact
    document: ApiDocument
    is_new: bool
    is_changed: bool
    differences: tuple[Difference, ...] = ()


def import_federal_register(
    *, files: Sequence[InputFile], at: datetime, by: str
) -> DocumentsReport:
    """Bring the record in step with answers of the API, oldest first.

    ``at`` is the UTC instant of the import. Raises Refused with a sentence, having written
    nothing, if any of the files is no such answer.
    """
    report = DocumentsReport(files=len(files))
    documents = read_all(files, report)
    pending = [p for p in plan(documents, report) if p.is_changed or p.differences]
    differing = [(p, conflict) for p in pending for conflict in conflicts_of(p)]
    conflicts = [conflict for _, conflict in differing]
    news = [p for p in pending if p.is_changed]
    if not news and not new_conflicts(conflicts):
        return report
    first = not Snapshot.objects.filter(topic=TOPIC).exists()
    which = "1 document" if len(news) == 1 else f"{len(news)} documents"
    reason = f"Federal Register, {which} new or changed"
    with new_revision(by=by, kind=Revision.Kind.IMPORT, reason=reason, at=at) as revision:
        sources = keep_files(files, pending, report, revision, at)
        for item, conflict in differing:
            conflict.also = sources[item.document.file]
        write(news, sources, revision)
        adopt_stubs(revision=revision)
        reopened = reopen_corrected([item.fact for item in news], revision)
        conflicts += read_words(news, report, revision)
        report.proposals += len(reopened)
        opened = open_conflicts(conflicts, revision=revision)
        report.conflicts = len(opened)
        Event.objects.bulk_create([event_of(p, revision, baseline=first) for p in news])
        report.revision = revision.number
    return report


def read_all(files: Iterable[InputFile], report: DocumentsReport) -> list[ApiDocument]:
    """Each document once: of two that say different things the later file's is taken."""
    found: dict[str, ApiDocument] = {}
    for file in files:
        answer = read_named(file, read_answer)
        report.problems += [asdict(problem) for problem in answer.problems]
        for document in answer.documents:
            report.documents += 1
            if earlier := found.get(document.number):
                reason = f"stands again in {document.file}, which is read instead"
                report.skipped.append(asdict(Skipped(earlier.number, earlier.file, reason)))
            found[document.number] = document
    return list(found.values())


def plan(documents: Sequence[ApiDocument], report: DocumentsReport) -> list[Pending]:
    """What each document comes to, counted; nothing is written."""
    numbers = [document.number for document in documents]
    held = facts_by_number(numbers)
    planned: list[Pending] = []
    for document in documents:
        standing, entered = held.get(document.number, (None, None))
        if standing is None:
            if document.published:
                report.created += 1
                planned.append(Pending(new_fact(document), document, True, True))
            else:
                skip_undated(document, report)
            continue
        merged = merge(standing, document, by_hand=entered_columns(entered))
        report.changed += merged.fact is not None
        report.unchanged += merged.fact is None
        fact = merged.fact or standing
        changed = merged.fact is not None
        planned.append(Pending(fact, document, False, changed, merged.differences))
    return planned


def skip_undated(document: ApiDocument, report: DocumentsReport) -> None:
    """A document that the record does not know cannot stand in it without a day."""
    reason = "its day of publication is not given, and the record does not hold it yet"
    report.skipped.append(asdict(Skipped(document.number, document.file, reason)))


def facts_by_number(
    numbers: Sequence[str],
) -> dict[str, tuple[DocumentFact | None, DocumentFact | None]]:
    """By document number: the fact that stands, and the newest one that a person entered."""
    rows: dict[str, list[DocumentFact]] = defaultdict(list)
    for start in range(0, len(numbers), 2000):
        found = DocumentFact.objects.filter(document__number__in=numbers[start : start + 2000])
        for row in found.select_related("document", "recorded", "source").order_by("recorded"):
            rows[row.document.number].append(row)
    return {number: (standing_of(facts), entered_of(facts)) for number, facts in rows.items()}


def standing_of(facts: Sequence[DocumentFact]) -> DocumentFact | None:
    return next((fact for fact in reversed(facts) if fact.superseded_id is None), None)


def entered_of(facts: Sequence[DocumentFact]) -> DocumentFact | None:
    by_hand = (f for f in reversed(facts) if f.recorded.kind != Revision.Kind.IMPORT)
    return next(by_hand, None)


def new_fact(document: ApiDocument) -> DocumentFact:
    """An unsaved fact of a document that the record does not know yet."""
    published = document.published if isinstance(document.published, date) else None
    source = Source(
        slug=document.number,
        kind=Source.Kind.FEDERAL_REGISTER,
        title=document.title,
        publisher="Federal Register",
        url=str(document.url or f"https://www.federalregister.gov/d/{document.number}"),
        citation=citation_of(document),
        published=published,
    )
    values = stated(document)
    identity = Document(number=document.number, source=source)
    return DocumentFact(document=identity, source=source, valid_from=published, **values)


def citation_of(document: ApiDocument) -> str:
    if document.volume and document.start_page:
        return f"{document.volume} FR {document.start_page}"
    return f"FR Doc. {document.number}"


def conflicts_of(item: Pending) -> list[Conflict]:
    """One conflict for each value that the record and the answer give differently."""
    found = []
    for difference in item.differences:
        one, other, governs = conflict_words(item.fact, difference)
        column = difference.column.replace("_", "-")
        found.append(
            Conflict(
                slug=f"{item.document.number.lower()}-{column}",
                document=item.fact.document,
                rule=item.fact.document.rules.first(),
                about=difference.about,
                one_says=one,
                other_says=other,
                governs=governs,
                valid_from=item.fact.valid_from,
                source=item.fact.source,
            )
        )
    return found


def new_conflicts(conflicts: Sequence[Conflict]) -> bool:
    """Whether any of them is not held with these very values."""
    held = Conflict.objects.known(None).filter(slug__in=[c.slug for c in conflicts])
    known = set(held.values_list("slug", "other_says"))
    return any((c.slug, c.other_says) not in known for c in conflicts)


def keep_files(
    files: Sequence[InputFile],
    pending: Sequence[Pending],
    report: DocumentsReport,
    revision: Revision,
    at: datetime,
) -> dict[str, Source]:
    """Keep the answers that add to the record or differ from it; by file name, their sources."""
    day = eastern_day(at)
    counts = {name: v for name, v in asdict(report).items() if isinstance(v, int)}
    return keep_answers(
        topic=TOPIC,
        files=files,
        wanted={item.document.file for item in pending},
        day=day,
        revision=revision,
        new_source=lambda file, digest: Source(
            slug=f"federal-register-data-{day.isoformat()}-{digest[:8]}",
            kind=Source.Kind.FEDERAL_REGISTER,
            title=f"Data of the Federal Register, imported on {day_text(day)} from {file.name}",
            publisher="Federal Register",
            citation=f"Federal Register data, {day.isoformat()}",
            published=day,
        ),
        counts={**counts, "rows": report.documents, "ended": 0},
        problems_of=lambda _file: [*report.problems, *report.skipped],
    )


def write(news: Sequence[Pending], sources: dict[str, Source], revision: Revision) -> None:
    for item in news:
        if item.is_new:
            item.fact.source.save()
            item.fact.document.source = item.fact.source
            item.fact.document.save()
            # Set once more now that they have keys: rows are inserted by their columns.
            item.fact.document, item.fact.source = item.fact.document, item.fact.source
        if item.fact.also is None:
            item.fact.also = sources[item.document.file]
    facts = [item.fact for item in news]
    keys = {fact.key for fact in facts}
    reconcile_keys(DocumentFact, facts, keys=keys, revision=revision, because=BECAUSE)


def read_words(
    news: Sequence[Pending], report: DocumentsReport, revision: Revision
) -> list[Conflict]:
    """Turn what only the prose says into proposals, problems and the conflicts returned."""
    held = held_dates()
    proposals: list[Proposal] = []
    conflicts: list[Conflict] = []
    for item in news:
        dates = held[item.fact.source_id] | held[item.fact.document.source_id]
        found = findings(item.fact, frozenset(dates), revision)
        proposals += found.proposals
        conflicts += found.conflicts
        report.dates_confirmed += found.confirmed
        for words, reason in found.unread:
            problem = DocumentProblem(item.document.number, "dates", words, reason)
            report.problems.append(asdict(problem))
    report.proposals = len(propose(proposals))
    return conflicts


def held_dates() -> defaultdict[int, set[tuple[str, date]]]:
    """By a document's source: the dates that it set, and those of the rule that it publishes."""
    rows = DeadlineDate.objects.known(None).filter(day__isnull=False)
    found: defaultdict[int, set[tuple[str, date]]] = defaultdict(set)
    for source, published_by, kind, day in rows.values_list(
        "source", "deadline__rule__document__source", "deadline__kind", "day"
    ):
        found[source].add((kind, day))
        found[published_by].add((kind, day))
    return found


def event_of(item: Pending, revision: Revision, *, baseline: bool) -> Event:
    kind = Event.Kind.ADDED if item.is_new else Event.Kind.CHANGED
    verb = "published" if item.is_new else "has new data"
    return Event(
        revision=revision,
        kind=kind,
        subject_kind="document",
        subject_id=item.document.number,
        title=f"{item.fact.title} ({verb})",
        detail=item.fact.action,
        day=item.fact.published,
        source=item.fact.source,
        baseline=baseline,
    )
