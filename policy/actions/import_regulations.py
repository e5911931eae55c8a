"""Importing answers of regulations.gov on the followed dockets: those that the record holds.

One transaction and one revision an import. What the answers say of documents, periods and
counts is a fact at once, with the answer as its source; a date that differs from a printed one
overwrites nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from policy.actions.conflicts import open_conflicts
from policy.actions.docket_comments import (
    CommentPlan,
    Known,
    Statement,
    check_losses,
    documents_commented,
    plan_comments,
    questions,
)
from policy.actions.docket_documents import DocumentPlan, plan_documents, posting_fact
from policy.actions.docket_periods import SetPeriod, page_slug, slug_of
from policy.actions.docket_plan import Answers, Posting, RegulationsReport, Total, read_answers
from policy.actions.facts import Written, reconcile_keys, set_portion
from policy.actions.import_federal_register import new_conflicts
from policy.actions.proposals import propose
from policy.actions.record_events import events_of
from policy.actions.record_notices import deadline as notice_of_deadline
from policy.actions.record_notices import reaction as notice_of_reaction
from policy.actions.revisions import new_revision
from policy.actions.snapshots import keep_answers
from policy.domain.deadline_acts import Act
from policy.domain.deadlines import eastern_day
from policy.domain.partial_dates import day_text
from policy.domain.regulations import next_filter
from policy.models import (
    CommentCount,
    Conflict,
    Deadline,
    DeadlineDate,
    Docket,
    DocketDocument,
    Event,
    Proposal,
    Reaction,
    Revision,
    Snapshot,
    Source,
)
from policy.sources.inputs import InputFile
from policy.sources.regulations import ApiComment, ApiPosted

TOPIC = "regulations-gov"
SITE = "https://www.regulations.gov"
BECAUSE = "regulations.gov says otherwise."


@dataclass(frozen=True)
class Plan:
    """All that an import would write."""

    documents: DocumentPlan
    comments: CommentPlan
    questions: tuple[tuple[Proposal, str], ...]

    @property
    def conflicts(self) -> list[Conflict]:
        return [conflict for conflict, _ in self.documents.periods.conflicts]

    @property
    def is_empty(self) -> bool:
        facts = (self.documents.postings, self.documents.counts, self.documents.periods.sets)
        return not (
            any(facts)
            or self.comments.written
            or self.comments.ended
            or self.questions
            or new_conflicts(self.conflicts)
        )


@dataclass(frozen=True)
class Writing:
    """What every step of one import needs. ``asked_at`` is the UTC instant of the answers."""

    revision: Revision
    asked_at: datetime
    files: Mapping[str, Source]
    is_first: bool


def import_regulations(  # noqa: PLR0913  # keyword-only; what a person says of the files
    *,
    files: Sequence[InputFile],
    at: datetime,
    by: str,
    asked_at: datetime | None = None,
    is_part: bool = False,
    accept_losses: bool = False,
) -> RegulationsReport:
    """Bring the record in step with answers on the followed dockets.

    ``at`` is the UTC instant of the import, ``asked_at`` that of the answers where it is known
    to be another. ``is_part`` says that the question was narrower than a docket, as one for
    what changed since a day: then its totals count no docket. Raises Refused with a sentence,
    having written nothing, if any file is no answer, or comments would vanish beyond reason.
    """
    report = RegulationsReport(files=len(files))
    dockets = {docket.number: docket for docket in Docket.objects.prefetch_related("rules")}
    answers = read_answers(files, dockets, report)
    if is_part:
        answers.totals.clear()
    answered = asked_at or at
    plan = plan_import(answers, dockets, answered, report, accept_losses=accept_losses)
    report.next_filter = next_filter(answers.modified)
    if plan.is_empty:
        return report
    reason = f"regulations.gov, {report.documents} documents and {report.comments} comments"
    is_first = not Snapshot.objects.filter(topic=TOPIC).exists()
    with new_revision(by=by, kind=Revision.Kind.IMPORT, reason=reason, at=at) as revision:
        sources = keep_files(files, plan, report, revision, answered)
        write(plan, Writing(revision, answered, sources, is_first), report)
        report.revision = revision.number
    return report


def plan_import(
    answers: Answers,
    dockets: Mapping[str, Docket],
    answered: datetime,
    report: RegulationsReport,
    *,
    accept_losses: bool,
) -> Plan:
    """Compare the answers with the record; nothing is written."""
    documents = plan_documents(answers, dockets, report)
    held = list(DocketDocument.objects.known(None).filter(docket__in=list(dockets.values())))
    said = {d.number: str(d.fr_number) for d in answers.documents if d.fr_number}
    numbers = documents_commented(held, said)
    known = Known.now(dockets)
    comments = plan_comments(answers.comments, known, numbers, eastern_day(answered), report)
    check_losses(comments, known.held, accept_losses=accept_losses)
    raised = [*documents.questions, *documents.periods.questions, *questions(comments)]
    return Plan(documents, comments, tuple(unasked(raised)))


def unasked(raised: Sequence[tuple[Proposal, str]]) -> list[tuple[Proposal, str]]:
    """Those that nobody was asked before, whatever became of them."""
    keys = [proposal.key for proposal, _ in raised]
    held = set(Proposal.objects.filter(key__in=keys).values_list("key", flat=True))
    return [(proposal, file) for proposal, file in raised if proposal.key not in held]


def files_of(plan: Plan) -> set[str]:
    """The names of the files that say something new."""
    statements = (*plan.comments.written, *plan.comments.ended)
    periods = plan.documents.periods
    items: list[ApiPosted | ApiComment] = [posting.item for posting in plan.documents.postings]
    items += [one.item for one in statements] + [one.item for one in periods.sets]
    items += [item for _, item in periods.conflicts]
    counted = {total.file for _, total in plan.documents.counts}
    return {item.file for item in items} | counted | {file for _, file in plan.questions}


def keep_files(
    files: Sequence[InputFile],
    plan: Plan,
    report: RegulationsReport,
    revision: Revision,
    answered: datetime,
) -> dict[str, Source]:
    """Keep the answers that say something new; by file name, the sources that they are."""
    day = eastern_day(answered)
    counts = {name: v for name, v in asdict(report).items() if isinstance(v, int)}
    return keep_answers(
        topic=TOPIC,
        files=files,
        wanted=files_of(plan),
        day=day,
        revision=revision,
        new_source=lambda file, digest: Source(
            slug=f"regulations-gov-data-{day.isoformat()}-{digest[:8]}",
            kind=Source.Kind.OFFICIAL,
            title=f"Answer of regulations.gov, {day_text(day)}, from {file.name}",
            publisher="regulations.gov",
            citation=f"regulations.gov data, {day.isoformat()}",
            published=day,
        ),
        counts={**counts, "next_filter": report.next_filter},
        problems_of=lambda file: [p for p in report.problems if p["file"] == file.name],
    )


def write(plan: Plan, writing: Writing, report: RegulationsReport) -> None:
    """Every step of the revision, in the order in which facts need each other."""
    for posting in plan.documents.postings:
        write_posting(posting, writing)
    for docket, total in plan.documents.counts:
        write_count(docket, total, writing)
        report.comment_counts += 1
    for found in plan.documents.periods.sets:
        write_period(found, writing)
        report.periods_set += 1
    write_statements(plan.comments, writing)
    for conflict, item in plan.documents.periods.conflicts:
        conflict.also = page_of("document", item, writing)
    report.conflicts = len(open_conflicts(plan.conflicts, revision=writing.revision))
    for proposal, file in plan.questions:
        proposal.source, proposal.revision = writing.files.get(file), writing.revision
    report.questions = len(propose([proposal for proposal, _ in plan.questions]))


def write_posting(posting: Posting, writing: Writing) -> None:
    fact = posting_fact(posting)
    fact.source = page_of("document", posting.item, writing)
    fact.also = writing.files[posting.item.file]
    set_portion(fact, revision=writing.revision, because=BECAUSE)


def write_count(docket: Docket, total: Total, writing: Writing) -> None:
    count = CommentCount(
        docket=docket,
        count=total.count,
        counted_at=writing.asked_at,
        valid_from=eastern_day(writing.asked_at),
        source=writing.files[total.file],
    )
    set_portion(count, revision=writing.revision, because="regulations.gov counts anew.")


def write_period(found: SetPeriod, writing: Writing) -> None:
    """A new deadline or date. One that has passed is no news, nor is that of a first import."""
    before = found.moves
    fact = DeadlineDate(
        deadline=before.deadline if before else new_deadline(found),
        day=found.day,
        basis=DeadlineDate.Basis.REPORTED,
        # That it moved is plain; whether it was extended, reopened or corrected is not.
        act="" if before else Act.SET,
        valid_from=found.since,
        source=page_of("document", found.item, writing),
        also=writing.files[found.item.file],
    )
    written = set_portion(fact, revision=writing.revision, because=BECAUSE)
    events = events_of(written, notice_of_deadline, writing.revision)
    tell(events, is_news=found.day >= eastern_day(writing.asked_at), writing=writing)


def new_deadline(found: SetPeriod) -> Deadline:
    return Deadline.objects.create(
        slug=slug_of(found.rule),
        kind=Deadline.Kind.COMMENT,
        label="Comments due",
        rule=found.rule,
        docket=found.docket,
    )


def write_statements(plan: CommentPlan, writing: Writing) -> None:
    statements = [*plan.written, *plan.ended]
    for one in statements:
        one.reaction.source = page_of("comment", one.item, writing)
        one.reaction.also = writing.files[one.item.file]
    facts = [one.reaction for one in statements if stands(one.reaction)]
    keys = {one.reaction.key for one in statements}
    written: Written[Reaction] = reconcile_keys(
        Reaction, facts, keys=keys, revision=writing.revision, because=because(plan.ended)
    )
    tell(events_of(written, notice_of_reaction, writing.revision), is_news=True, writing=writing)


def stands(reaction: Reaction) -> bool:
    """Whether it was in force on any day: one may be withdrawn on the day of its receipt."""
    start, end = reaction.valid_from, reaction.valid_until
    return not (start and end and end <= start)


def because(ended: Sequence[Statement]) -> str:
    return "The comment was withdrawn." if ended else BECAUSE


def tell(events: list[Event], *, is_news: bool, writing: Writing) -> None:
    for event in events:
        event.baseline = writing.is_first or not is_news
    Event.objects.bulk_create(events)


def page_of(kind: str, item: ApiPosted | ApiComment, writing: Writing) -> Source:
    """The page of a document or comment at regulations.gov, made where the record has none."""
    posted = item.posted if isinstance(item.posted, datetime) else None
    title = item.title if isinstance(item.title, str) else ""
    is_comment = kind == "comment"
    source, _ = Source.objects.get_or_create(
        slug=page_slug(item.number),
        defaults={
            "kind": Source.Kind.COMPANY if is_comment else Source.Kind.OFFICIAL,
            "title": title or f"{kind.capitalize()} {item.number}",
            "publisher": "regulations.gov",
            "url": f"{SITE}/{kind}/{item.number}",
            "citation": item.number,
            "published": eastern_day(posted) if posted else None,
        },
    )
    return source
