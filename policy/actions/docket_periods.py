"""Comment periods of regulations.gov against the dates that documents printed.

The record's dates rest on what documents print, and print governs. What regulations.gov says
confirms such a date, sets one where a rule has none, or differs: then both stay. What it alone
gave it may also move.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q

from policy.actions.docket_plan import RegulationsReport, known
from policy.domain.deadlines import eastern_day
from policy.domain.partial_dates import day_text
from policy.domain.regulations import period_of
from policy.models import Conflict, Deadline, DeadlineDate, Docket, Proposal, Rule
from policy.sources.regulations import ApiPosted

GOVERNS = "The printed date governs; what regulations.gov writes beside it is not the document."
UNDECIDED = "Not yet decided: the printed words govern, and a person has to read them."


@dataclass(frozen=True)
class SetPeriod:
    """A last day of comments for a rule of which the record holds none but its own.

    ``moves`` is the date that the same item of regulations.gov gave before, if it gave one.
    """

    rule: Rule
    docket: Docket
    day: date
    since: date | None
    item: ApiPosted
    moves: DeadlineDate | None = None


@dataclass
class PeriodPlan:
    """What the periods come to; conflicts lack their sources, proposals their revision too."""

    sets: list[SetPeriod] = field(default_factory=list)
    conflicts: list[tuple[Conflict, ApiPosted]] = field(default_factory=list)
    questions: list[tuple[Proposal, str]] = field(default_factory=list)


@dataclass(frozen=True)
class HeldPeriods:
    """The dates for comments that the record holds, and the rules that documents publish."""

    rows: Sequence[DeadlineDate]
    rules: dict[str, Rule]
    slugs: frozenset[str]

    @classmethod
    def of(cls, items: Iterable[ApiPosted]) -> "HeldPeriods":
        """What the record holds on the Federal Register documents that answers name."""
        numbers = {str(item.fr_number) for item in items if item.fr_number}
        rules = Rule.objects.filter(document__number__in=numbers).select_related("document")
        by_number = {rule.document.number: rule for rule in rules if rule.document}
        rows = DeadlineDate.objects.known(None).filter(deadline__kind=Deadline.Kind.COMMENT)
        named = Q(deadline__rule__in=list(by_number.values())) | Q(source__slug__in=numbers)
        dates = rows.filter(named | Q(deadline__in=rows.filter(named).values("deadline")))
        return cls(
            rows=list(dates.select_related("deadline__rule__document", "source")),
            rules={str(number): rule for number, rule in by_number.items()},
            slugs=frozenset(Deadline.objects.values_list("slug", flat=True)),
        )

    def about(self, number: str) -> list[DeadlineDate]:
        """The whole chains of the dates that a document set, or that its rule has."""
        rule = self.rules.get(number)
        slugs = {
            row.deadline.slug
            for row in self.rows
            if row.source.slug == number or (rule and row.deadline.rule_id == rule.pk)
        }
        return [row for row in self.rows if row.deadline.slug in slugs]


def judge_period(
    item: ApiPosted,
    docket: Docket,
    held: HeldPeriods,
    plan: PeriodPlan,
    report: RegulationsReport,
) -> None:
    """Compare the last Eastern day of a document's comment period with the record."""
    period = period_of(known(item.comment_start), known(item.comment_end))
    if period.end is None or not item.fr_number or item.withdrawn:
        return
    number = str(item.fr_number)
    rows, rule = held.about(number), held.rules.get(number)
    days = {row.exact_day for row in rows if row.exact_day}
    if own := given_by(item, rows):
        if own.exact_day == period.end:
            report.periods_confirmed += 1
        else:
            plan.sets.append(moved_period(item, docket, own, period.end))
    elif period.end in days:
        report.periods_confirmed += 1
    elif unknown := [r for r in rows if r.exact_day is None and r.source.slug == number]:
        plan.questions.append((question(item, unknown[0].deadline, period.end), item.file))
    elif days:
        plan.conflicts.append((conflict(item, rows, period.end), item))
    elif rule and not rows and period.start and slug_of(rule) not in held.slugs:
        found = SetPeriod(rule, docket, period.end, period.start, item)
        set_period(found, plan, report)


def given_by(item: ApiPosted, rows: Sequence[DeadlineDate]) -> DeadlineDate | None:
    """The date in force that rests on this item of regulations.gov and on nothing else."""
    for newest in sorted(rows, key=lambda row: row.span.sort_key)[-1:]:
        is_own = newest.source.slug == page_slug(item.number)
        if is_own and newest.basis == DeadlineDate.Basis.REPORTED:
            return newest
    return None


def moved_period(item: ApiPosted, docket: Docket, own: DeadlineDate, day: date) -> SetPeriod:
    """It governs from the Eastern day on which the item was changed, where that is known."""
    modified: datetime | None = known(item.modified)
    since = own.valid_from
    if modified and since:
        since = max(eastern_day(modified), since)
    return SetPeriod(own.deadline.rule, docket, day, since, item, moves=own)


def page_slug(number: str) -> str:
    """The source that stands for the page of a document or comment at regulations.gov."""
    return f"regulations-gov-{number.lower().replace('.', '-')}"


def set_period(found: SetPeriod, plan: PeriodPlan, report: RegulationsReport) -> None:
    """One date a rule: its document may stand in several dockets, which may differ."""
    other = next((one for one in plan.sets if one.rule == found.rule), None)
    if other is None:
        plan.sets.append(found)
    elif other.day == found.day:
        report.periods_confirmed += 1
    else:
        plan.questions.append((dispute(found, other), found.item.file))


def slug_of(rule: Rule) -> str:
    return f"{rule.slug}-comment"


def question(item: ApiPosted, deadline: Deadline, day: date) -> Proposal:
    """The record knows that a day was printed, not which: regulations.gov may have moved it."""
    return Proposal(
        key=f"date:{item.number}:comment:{day}"[:200],
        kind=Proposal.Kind.DATE,
        subject_kind="deadline",
        subject_id=deadline.slug,
        title=f"Comments due, as regulations.gov gives it: {day_text(day)}",
        evidence={"day": day.isoformat(), "instant": str(item.comment_end), "item": item.number},
    )


def dispute(found: SetPeriod, other: SetPeriod) -> Proposal:
    """Two items of one Federal Register document that end its period on different days."""
    return Proposal(
        key=f"difference:{found.item.number}:{found.docket}:comment:{found.day}"[:200],
        kind=Proposal.Kind.DIFFERENCE,
        subject_kind="docket",
        subject_id=found.docket.number,
        title=f"Comments end on {day_text(found.day)} by {found.item.number} and on "
        f"{day_text(other.day)} by {other.item.number}",
        evidence={"day": found.day.isoformat(), "other_day": other.day.isoformat()},
    )


def conflict(item: ApiPosted, rows: Sequence[DeadlineDate], day: date) -> Conflict:
    """Unsaved, without its sources. The record's own date stays as it is."""
    printed = [row for row in rows if row.exact_day]
    newest = max(printed, key=lambda row: row.span.sort_key)
    rule = newest.deadline.rule
    days = " or ".join(sorted(day_text(row.day) for row in printed if row.day))
    return Conflict(
        slug=f"{item.number.lower().replace('.', '-')}-comment-end"[:80],
        rule=rule,
        document=rule.document,
        about="the end of the comment period",
        one_says=f"{days}, {how(newest)}.",
        other_says=f"{day_text(day)}, at regulations.gov ({item.number}).",
        governs=GOVERNS if newest.basis == DeadlineDate.Basis.PRINTED else UNDECIDED,
        valid_from=newest.valid_from,
        source=newest.source,
    )


def how(row: DeadlineDate) -> str:
    """How the record came to its date, as the end of a sentence."""
    if row.basis == DeadlineDate.Basis.REPORTED:
        return f"at regulations.gov ({row.source})"
    return "as counted" if row.basis == DeadlineDate.Basis.COMPUTED else "as printed"
