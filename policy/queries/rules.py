"""Rules as of a day: documents, provisions on both axes, dates, reactions, claims."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar

from django.db.models import QuerySet

from policy.domain.asof import AsOf
from policy.domain.status import StatusReading, read_status
from policy.models import (
    Claim,
    Conflict,
    DocumentFact,
    Enforcement,
    Fact,
    LegalForce,
    Milestone,
    Provision,
    Reaction,
    Rule,
    RuleDocument,
    Threshold,
)
from policy.queries.asof import Reading
from policy.queries.deadlines import DatedDeadline, dated_deadlines
from policy.queries.dockets import DocketReading, docket_reading
from policy.queries.sections import SectionChange, amendments_by

F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class ProvisionStatus:
    """A provision's two axes on a day, and the compliance date that still lies ahead.

    ``force`` reads LegalForce and ``enforcement`` Enforcement; mypy does not see a model's
    fields when it checks a protocol inside an annotation.
    """

    provision: Provision
    force: StatusReading[Any]
    enforcement: StatusReading[Any]
    compliance: DatedDeadline | None = None

    @property
    def compliance_ahead(self) -> bool:
        return self.compliance is not None and (self.compliance.days_left or 0) > 0

    @property
    def noted(self) -> list[Fact]:
        """The statements whose printed words or reading a page shows below the axes."""
        readings = (self.force.pending or self.force.fact, self.enforcement.fact)
        return [fact for fact in readings if fact and (fact.quote or fact.note)]


@dataclass(frozen=True)
class RuleLine:
    """A rule in a list: its publishing document, its first provision's status, what is next."""

    rule: Rule
    document: DocumentFact | None
    status: ProvisionStatus | None
    next_deadline: DatedDeadline | None

    def matches(self, q: str) -> bool:
        """Whether every word of ``q`` stands in the rule's titles or numbers."""
        rule, document = self.rule, self.document
        numbers = f"{document.document.number} {document.citation}" if document else ""
        words = f"{rule.title} {rule.short_title} {rule.rin} {numbers}".casefold()
        return all(word in words for word in q.casefold().split())


@dataclass(frozen=True)
class RulePage:
    """Everything a rule's page shows, as of one point in both times; newest reactions first."""

    rule: Rule
    document: DocumentFact | None
    provisions: list[ProvisionStatus]
    deadlines: list[DatedDeadline]
    documents: list[RuleDocument]
    reactions: list[Reaction]
    claims: list[Claim]
    milestones: list[Milestone]
    thresholds: list[Threshold]
    conflicts: list[Conflict]
    changes: list[SectionChange] = field(default_factory=list)
    docket: DocketReading | None = None

    @property
    def facts(self) -> list[Fact]:
        """Every fact that the page shows, for export."""
        axes = [fact for s in self.provisions for fact in (s.force.fact, s.enforcement.fact)]
        dates = [row for dated in self.deadlines for row in dated.history]
        own: list[Fact | None] = [self.document, *axes, *dates]
        rest = (self.documents, self.reactions, self.claims, self.milestones, self.thresholds)
        amendments = [row for change in self.changes for row in change.rows]
        docket = self.docket.facts if self.docket else []
        groups = (*rest, self.conflicts, amendments, docket)
        return [f for f in own if f] + [f for group in groups for f in group]


def rule_page(rule: Rule, reading: Reading) -> RulePage:
    """One query a kind of fact, however many facts there are."""
    deadlines = dated_deadlines(reading, rule=rule)
    return RulePage(
        rule=rule,
        document=document_facts([rule.document_id], reading.asof).get(rule.document_id or 0),
        provisions=provision_statuses(reading, deadlines, rule.provisions.all()),
        deadlines=deadlines,
        documents=list(of_rule(RuleDocument, rule, reading.asof, "document_source__document")),
        reactions=[*of_rule(Reaction, rule, reading.asof, "organization", "person").reverse()],
        claims=list(of_rule(Claim, rule, reading.asof, "organization", "primary")),
        milestones=list(of_rule(Milestone, rule, reading.asof)),
        thresholds=list(of_rule(Threshold, rule, reading.asof)),
        conflicts=list(of_rule(Conflict, rule, reading.asof)),
        changes=amendments_by(rule.document, reading) if rule.document else [],
        docket=docket_reading(rule.docket, reading) if rule.docket else None,
    )


def of_rule(model: type[F], rule: Rule, asof: AsOf, *related: str) -> QuerySet[F]:
    """The facts of one kind about a rule that had begun by the asked day, oldest first."""
    rows: QuerySet[F] = model.objects.known(asof.revision).begun(asof.on).filter(rule=rule)
    return rows.select_related("rule", "source", "also", *related).order_by("valid_from", "pk")


def document_facts(pks: Iterable[int | None], asof: AsOf) -> dict[int, DocumentFact]:
    rows = DocumentFact.objects.known(asof.revision).filter(document__in=[p for p in pks if p])
    rows = rows.filter(valid_from__lte=asof.on).select_related("document", "source")
    return {row.document_id: row for row in rows.order_by("valid_from", "pk")}


def provision_statuses(
    reading: Reading, deadlines: list[DatedDeadline], provisions: Iterable[Provision]
) -> list[ProvisionStatus]:
    """Both axes of each provision; statements that had not begun are shown as upcoming."""
    listed = list(provisions)
    force = statements(LegalForce, listed, reading.asof)
    enforcement = statements(Enforcement, listed, reading.asof)
    end = reading.coverage_end
    found = [
        ProvisionStatus(
            provision=provision,
            force=read_status(force[provision.pk], reading.on, end),
            enforcement=read_status(enforcement[provision.pk], reading.on, end),
            compliance=compliance_of(provision, deadlines),
        )
        for provision in listed
    ]
    return [status for status in found if status.force.fact or status.force.upcoming]


def statements(
    model: type[F], provisions: list[Provision], asof: AsOf
) -> defaultdict[int, list[F]]:
    """All known statements of each provision, whatever the day: readings need the next one."""
    rows = model.objects.known(asof.revision).filter(provision__in=provisions)
    found: defaultdict[int, list[F]] = defaultdict(list)
    for row in rows.select_related("source", "also").order_by("valid_from", "pk"):
        found[row.provision_id].append(row)
    return found


def compliance_of(provision: Provision, deadlines: list[DatedDeadline]) -> DatedDeadline | None:
    """The compliance date that names this provision's scope, else the rule's general one."""
    compliance = [d for d in deadlines if d.deadline.kind == "compliance"]
    named = [d for d in compliance if d.deadline.scope == provision.scope]
    return next(iter(named), None)


def rule_lines(reading: Reading, rules: QuerySet[Rule]) -> list[RuleLine]:
    """The rules that a list shows: those whose document had appeared by the asked day."""
    listed = list(rules.select_related("document", "docket").prefetch_related("provisions"))
    facts = document_facts([rule.document_id for rule in listed], reading.asof)
    deadlines: dict[int, list[DatedDeadline]] = defaultdict(list)
    for dated in dated_deadlines(reading):
        deadlines[dated.deadline.rule_id].append(dated)
    provisions = [p for rule in listed for p in rule.provisions.all()]
    statuses: dict[int, list[ProvisionStatus]] = defaultdict(list)
    for status in provision_statuses(reading, [], provisions):
        statuses[status.provision.rule_id].append(status)
    lines = [
        RuleLine(
            rule=rule,
            document=facts.get(rule.document_id or 0),
            status=next(iter(statuses[rule.pk]), None),
            next_deadline=next_of(deadlines[rule.pk]),
        )
        for rule in listed
    ]
    known = [line for line in lines if line.document or line.rule.document_id is None]
    return sorted(known, key=publication_of, reverse=True)


def publication_of(line: RuleLine) -> date:
    return (line.document.published if line.document else None) or date.min


def next_of(deadlines: list[DatedDeadline]) -> DatedDeadline | None:
    counted = [(d.days_left, d) for d in deadlines if d.deadline.is_countdown]
    ahead = [(left, dated) for left, dated in counted if left is not None and left >= 0]
    return min(ahead, key=itemgetter(0), default=(None, None))[1]


# The rule whose groups the tier map shows.
DIFFUSION_SLUG = "ai-diffusion"


def rule_status_of_scheme(reading: Reading) -> list[ProvisionStatus]:
    """Both axes of the AI Diffusion rule's provisions: a group without them misleads."""
    provisions = Provision.objects.filter(rule__slug=DIFFUSION_SLUG).select_related("rule")
    return provision_statuses(reading, [], provisions)
