"""A Federal Register document, and a section of the regulations, as of a day."""

from dataclasses import dataclass
from itertools import chain

from django.db.models import Q

from policy.models import (
    DeadlineDate,
    Document,
    DocumentFact,
    Enforcement,
    Fact,
    LegalForce,
    Provision,
    Rule,
    RuleDocument,
    Threshold,
)
from policy.queries.asof import Reading
from policy.queries.rules import ProvisionStatus, document_facts, provision_statuses
from policy.queries.sections import SectionChange, SectionReading, amendments_by, section_reading


@dataclass(frozen=True)
class DocumentPage:
    """What a document says of itself, and what it did to rules and dates."""

    document: Document
    fact: DocumentFact | None
    rules: list[Rule]
    acts_on: list[RuleDocument]
    dates: list[DeadlineDate]
    statuses: list[Fact]
    changes: list[SectionChange]

    @property
    def facts(self) -> list[Fact]:
        own: list[Fact] = [self.fact] if self.fact else []
        amendments = [row for change in self.changes for row in change.rows]
        return [*own, *self.acts_on, *self.dates, *self.statuses, *amendments]


def document_page(document: Document, reading: Reading) -> DocumentPage:
    asof, source = reading.asof, document.source
    acts = RuleDocument.objects.known(asof.revision).begun(asof.on)
    acts = acts.filter(document_source=source).select_related("rule", "source")
    dates = DeadlineDate.objects.known(asof.revision).begun(asof.on)
    dates = dates.filter(source=source).select_related("deadline__rule", "source")
    statuses = [
        model.objects.known(asof.revision)
        .filter(source=source)
        .select_related("provision__rule", "source")
        .order_by("valid_from", "provision__slug", "pk")
        for model in (LegalForce, Enforcement)
    ]
    return DocumentPage(
        document=document,
        fact=document_facts([document.pk], asof).get(document.pk),
        rules=list(document.rules.all()),
        acts_on=list(acts.order_by("valid_from", "pk")),
        dates=list(dates.order_by("day", "pk")),
        statuses=list(chain(*statuses)),
        changes=amendments_by(document, reading),
    )


@dataclass(frozen=True)
class SectionPage:
    """The provisions of the record that cite a section, and the numbers set there."""

    number: str
    statuses: list[ProvisionStatus]
    thresholds: list[Threshold]
    found: SectionReading | None = None

    @property
    def title(self) -> str:
        """The section as it is cited; supplements have no sign."""
        return f"§ {self.number}" if self.number[:1].isdigit() else self.number

    @property
    def facts(self) -> list[Fact]:
        axes = chain.from_iterable((s.force.fact, s.enforcement.fact) for s in self.statuses)
        texts = [self.found.text] if self.found and self.found.text else []
        amended = [row for c in (self.found.changes if self.found else []) for row in c.rows]
        return [*(fact for fact in axes if fact), *self.thresholds, *texts, *amended]


def provisions_of_section(number: str, reading: Reading) -> SectionPage:
    """``number`` is a section without its sign, such as 742.6 or 742.6(a)(6)(iii)."""
    cited = Provision.objects.select_related("rule").filter(
        Q(cite__contains=f"§ {number}")
        | Q(scope__contains=f"§ {number}")
        | Q(cite__istartswith=number)
    )
    thresholds = Threshold.objects.as_of(reading.asof).filter(where__contains=number)
    return SectionPage(
        number=number,
        statuses=provision_statuses(reading, [], cited),
        thresholds=list(thresholds.select_related("rule", "source").order_by("slug")),
        found=section_reading(number, reading),
    )
