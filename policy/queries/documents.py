"""A Federal Register document, and a section of the regulations, as of a day."""

from dataclasses import dataclass
from itertools import chain

from django.db.models import F, Q, QuerySet

from policy.models import (
    Conflict,
    DeadlineDate,
    Document,
    DocumentFact,
    Enforcement,
    Fact,
    LegalForce,
    Proposal,
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
    corrected_is_held: bool
    corrected_by: list[DocumentFact]
    conflicts: list[Conflict]
    questions: list[Proposal]

    @property
    def facts(self) -> list[Fact]:
        own: list[Fact] = [self.fact] if self.fact else []
        amendments = [row for change in self.changes for row in change.rows]
        rest = (self.acts_on, self.dates, self.statuses, self.corrected_by, self.conflicts)
        return [*own, *chain.from_iterable(rest), *amendments]


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
    fact = document_facts([document.pk], asof).get(document.pk)
    return DocumentPage(
        document=document,
        fact=fact,
        rules=list(document.rules.all()),
        acts_on=list(acts.order_by("valid_from", "pk")),
        dates=list(dates.order_by("day", "pk")),
        statuses=list(chain(*statuses)),
        changes=amendments_by(document, reading),
        corrected_is_held=bool(fact and fact.corrects) and appeared(fact, reading),
        corrected_by=list(corrections_of(document, reading)),
        conflicts=list(conflicts_of(document, reading)),
        questions=list(questions_about(document, reading)),
    )


def appeared(fact: DocumentFact | None, reading: Reading) -> bool:
    """Whether the document that this one corrects has a page at this point in time."""
    number = fact.corrects if fact else ""
    return listed_documents(reading).filter(document__number=number).exists()


def corrections_of(document: Document, reading: Reading) -> QuerySet[DocumentFact]:
    """The documents whose data say that they correct this one."""
    rows = listed_documents(reading).filter(corrects=document.public_id)
    return rows.order_by("published", "pk")


def conflicts_of(document: Document, reading: Reading) -> QuerySet[Conflict]:
    rows: QuerySet[Conflict] = Conflict.objects.known(reading.asof.revision).begun(reading.on)
    return rows.filter(document=document).select_related("source", "also").order_by("slug")


def questions_about(document: Document, reading: Reading) -> QuerySet[Proposal]:
    """What an import left for a person to judge about this document."""
    rows = Proposal.objects.open(reading.asof.revision).filter(subject_kind="document")
    return rows.filter(subject_id=document.public_id).order_by("kind", "key")


def listed_documents(reading: Reading) -> QuerySet[DocumentFact]:
    """What every document that had appeared by the asked day says of itself, newest first."""
    rows: QuerySet[DocumentFact]
    rows = DocumentFact.objects.known(reading.asof.revision).begun(reading.on)
    rows = rows.select_related("document", "source", "also")
    return rows.order_by(F("published").desc(nulls_last=True), "document__number", "pk")


def matching(rows: QuerySet[DocumentFact], q: str) -> QuerySet[DocumentFact]:
    """The documents in whose title, number, action or RIN every word of ``q`` stands."""
    for word in q.split():
        places = ("title", "document__number", "action", "abstract")
        named = Q(*((f"{place}__icontains", word) for place in places), _connector=Q.OR)
        rows = rows.filter(named)
    return rows


def document_types(reading: Reading) -> list[str]:
    """The types that the Federal Register gives its documents, as far as they are known."""
    types = listed_documents(reading).exclude(type="").order_by("type")
    return list(types.values_list("type", flat=True).distinct())


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
