"""Documents of followed dockets and the counts of comments, from answers of regulations.gov."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date

from policy.actions.docket_periods import HeldPeriods, PeriodPlan, judge_period
from policy.actions.docket_plan import (
    Answers,
    Posting,
    RegulationsReport,
    Total,
    differs,
    held_counts,
    held_documents,
    is_older,
    known,
    stated,
)
from policy.domain.deadlines import eastern_day
from policy.models import Docket, DocketDocument, Proposal
from policy.sources.regulations import ApiDocket, ApiPosted


@dataclass
class DocumentPlan:
    """What the documents of dockets come to; proposals lack their source and revision."""

    postings: list[Posting] = field(default_factory=list)
    counts: list[tuple[Docket, Total]] = field(default_factory=list)
    periods: PeriodPlan = field(default_factory=PeriodPlan)
    questions: list[tuple[Proposal, str]] = field(default_factory=list)


def plan_documents(
    answers: Answers, dockets: Mapping[str, Docket], report: RegulationsReport
) -> DocumentPlan:
    """Compare what the answers say with the record."""
    plan, held = DocumentPlan(), held_documents(dockets.values())
    periods = HeldPeriods.of(answers.documents)
    for item in answers.documents:
        docket = followed(item, dockets, report)
        if docket is None:
            continue
        older = held.get((docket.number, item.number))
        if older and is_older(item, older):
            report.skip(item.number, item.file, "is older than what the record holds")
            continue
        plan.postings += posting_of(item, docket, older, report)
        judge_period(item, docket, periods, plan.periods, report)
    plan_counts(answers, dockets, plan, report)
    plan_dockets(answers.dockets, dockets, plan, report)
    return plan


def followed(
    item: ApiPosted, dockets: Mapping[str, Docket], report: RegulationsReport
) -> Docket | None:
    if not item.docket:
        report.skip(item.number, item.file, "names no docket")
        return None
    docket = dockets.get(str(item.docket))
    if docket is None:
        report.skip(item.number, item.file, f"the docket {item.docket} is not followed")
    return docket


def posting_of(
    item: ApiPosted, docket: Docket, held: DocketDocument | None, report: RegulationsReport
) -> Iterator[Posting]:
    """The row to write; nothing where the record already says the same."""
    values = stated(item)
    posted, modified = known(item.posted), known(item.modified)
    if held is None:
        report.documents_new += 1
        yield Posting(item, docket, None, values, eastern_day(posted) if posted else None)
    elif differs(held, values):
        report.documents_changed += 1
        since = eastern_day(modified) if modified else held.valid_from
        yield Posting(item, docket, held, values, max_day(since, held.valid_from))
    else:
        report.documents_unchanged += 1


def max_day(one: date | None, other: date | None) -> date | None:
    """The later of two starts; None is before the first source."""
    return max(one, other) if one and other else one or other


def posting_fact(posting: Posting) -> DocketDocument:
    """An unsaved fact, without its sources."""
    if posting.held:
        fact = copy(posting.held)
        # Rows are equal by their keys: with the held one's a change on its first day is none.
        fact.pk = None
    else:
        fact = DocketDocument(docket=posting.docket, number=posting.item.number)
    for column, value in posting.values.items():
        setattr(fact, column, value)
    fact.modified = known(posting.item.modified) or fact.modified
    fact.valid_from, fact.valid_until = posting.since, None
    return fact


def plan_counts(
    answers: Answers, dockets: Mapping[str, Docket], plan: DocumentPlan, report: RegulationsReport
) -> None:
    """Counts that are new. One that fell is for a person: the question may have been narrower."""
    held = held_counts(dockets.values())
    for number, total in answers.totals.items():
        docket, before = dockets.get(number), held.get(number)
        listed = sum(comment.docket == number for comment in answers.comments)
        if docket is None or (before and before.count == total.count):
            continue
        if total.count < listed:
            report.skip(number, total.file, f"counts {total.count} comments and lists {listed}")
        elif before and total.count < before.count:
            plan.questions.append((fallen(total, before.count), total.file))
        else:
            plan.counts.append((docket, total))


def fallen(total: Total, before: int) -> Proposal:
    return Proposal(
        key=f"difference:{total.docket}:comments:{before}:{total.count}",
        kind=Proposal.Kind.DIFFERENCE,
        subject_kind="docket",
        subject_id=total.docket,
        title=f"The count of comments fell from {before} to {total.count}",
        evidence={"before": before, "count": total.count, "file": total.file},
    )


def plan_dockets(
    items: list[ApiDocket],
    dockets: Mapping[str, Docket],
    plan: DocumentPlan,
    report: RegulationsReport,
) -> None:
    """A docket's RIN against those of its rules; its title is the record's own."""
    for item in items:
        docket = dockets.get(item.number)
        if docket is None:
            report.skip(item.number, item.file, f"the docket {item.number} is not followed")
            continue
        rins = {rule.rin for rule in docket.rules.all() if rule.rin}
        if item.rin and rins and item.rin not in rins:
            held = ", ".join(sorted(rins))
            question = Proposal(
                key=f"difference:{item.number}:rin:{item.rin}"[:200],
                kind=Proposal.Kind.DIFFERENCE,
                subject_kind="docket",
                subject_id=item.number,
                title=f"regulations.gov gives the RIN {item.rin}; its rules bear {held}",
                evidence={"rin": item.rin, "held": sorted(rins)},
            )
            plan.questions.append((question, item.file))
