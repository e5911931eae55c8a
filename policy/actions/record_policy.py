"""The sections of policy's own record files, in the order in which they are written."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from policy.actions import record_notices as notices
from policy.actions.recompute import recompute_deadlines, with_recounts
from policy.actions.record_sections import (
    Changes,
    Directory,
    FactSection,
    IdentitySection,
    Writing,
    field_faults,
    save_identity,
    values_of,
)
from policy.domain.deadline_acts import derived_act
from policy.models import (
    Claim,
    Conflict,
    Country,
    CountryGroup,
    Coverage,
    Deadline,
    DeadlineDate,
    Docket,
    Document,
    DocumentFact,
    Enforcement,
    FederalClosing,
    LegalForce,
    Milestone,
    Organization,
    Person,
    Provision,
    Reaction,
    Rule,
    RuleDocument,
    Source,
    Threshold,
)
from policy.registry import Fault, Lookup, RecordSection
from policy.sources import record_schema as schema


class DocumentSection(FactSection[schema.DocumentItem, DocumentFact]):
    """A Federal Register document: its source, its identity, and what it says of itself."""

    is_chain = False
    lookups: Mapping[str, Lookup] = {
        "documents": (Document, "number"),
        "sources": (Source, "slug"),
    }

    def __init__(self) -> None:
        super().__init__("documents", schema.DocumentItem, DocumentFact)

    def source_values(self, item: schema.DocumentItem) -> dict[str, Any]:
        published = item.published
        return {
            "slug": item.number,
            "kind": Source.Kind.FEDERAL_REGISTER,
            "title": item.title,
            "publisher": "Federal Register",
            "url": item.url,
            "citation": item.citation or f"FR Doc. {item.number}",
            "published": published.earliest if published else None,
            "published_precision": published.precision if published else "day",
        }

    def build(self, item: schema.DocumentItem, directory: Directory | None) -> list[DocumentFact]:
        values = values_of(item, directory)
        since = item.since
        if since:
            values |= {"valid_from": since.earliest, "valid_from_precision": since.precision}
        if directory is not None:
            values["source"] = directory.get("sources", item.number)
            values["document"] = directory.get("documents", item.number)
        del values["number"], values["url"]
        return [DocumentFact(**values)]

    def faults(self, item: schema.DocumentItem) -> Iterator[Fault]:
        yield from field_faults(Source(**self.source_values(item)), item)
        yield from super().faults(item)

    def key_part(self, name: str, text: str, directory: Directory) -> Any:
        return directory.get("documents", text).pk

    def write(self, changed: Changes, removed: Sequence[str], writing: Writing) -> None:
        directory = writing.directory
        for number, [item] in changed.items():
            known = directory.of("sources").get(number)
            source = save_identity(Source, known, self.source_values(item))
            directory.add("sources", number, source)
            values = {"number": number, "source": source}
            document = save_identity(Document, directory.of("documents").get(number), values)
            directory.add("documents", number, document)
        writing.identities["documents"] += len(changed)
        super().write(changed, removed, writing)


class DeadlineSection(FactSection[schema.DeadlineItem, DeadlineDate]):
    """A deadline and the chain of dates that documents set for it."""

    is_chain = False
    lookups: Mapping[str, Lookup] = {"deadlines": (Deadline, "slug")}

    def __init__(self) -> None:
        super().__init__("deadlines", schema.DeadlineItem, DeadlineDate, notices.deadline, "all")

    def deadline_values(
        self, item: schema.DeadlineItem, directory: Directory | None
    ) -> dict[str, Any]:
        values = values_of(item, directory)
        del values["dates"]
        return values

    def build(self, item: schema.DeadlineItem, directory: Directory | None) -> list[DeadlineDate]:
        rows = [DeadlineDate(**values_of(date, directory)) for date in item.dates]
        if directory is not None:
            first = min(rows, key=lambda row: row.span.sort_key)
            for row, date in zip(rows, item.dates, strict=True):
                row.deadline = directory.get("deadlines", item.slug)
                row.act = row.act or derived_act(
                    is_first=row is first,
                    is_withdrawn=row.withdrawn,
                    is_own=is_own(item, date, directory),
                )
        return rows

    def faults(self, item: schema.DeadlineItem) -> Iterator[Fault]:
        yield from field_faults(Deadline(**self.deadline_values(item, None)), item)
        for index, row in enumerate(self.build(item, None)):
            for path, reason in field_faults(row, item.dates[index]):
                yield (("dates", index, *path), reason)

    def key_part(self, name: str, text: str, directory: Directory) -> Any:
        return directory.get("deadlines", text).pk

    def write(self, changed: Changes, removed: Sequence[str], writing: Writing) -> None:
        directory = writing.directory
        for slug, [item] in changed.items():
            values = self.deadline_values(item, directory)
            known = directory.of("deadlines").get(slug)
            directory.add("deadlines", slug, save_identity(Deadline, known, values))
        writing.identities["deadlines"] += len(changed)
        super().write(changed, removed, writing)
        recompute(writing)

    def rows(
        self, items: Sequence[schema.DeadlineItem], directory: Directory
    ) -> list[DeadlineDate]:
        return with_recounts(super().rows(items, directory))


def recompute(writing: Writing) -> None:
    """Count open computed dates anew, in the revision that brought a date or a closing."""
    found = recompute_deadlines(revision=writing.revision, at=writing.revision.recorded_at)
    for written in found.written:
        writing.count(written)
    writing.tell(found.events, "all")


def is_own(item: schema.DeadlineItem, date: schema.DeadlineDateItem, known: Directory) -> bool:
    """Whether the document that publishes the rule gives the date."""
    document = known.of("documents").get(date.source)
    published: bool = known.get("rules", item.rule).document_id == getattr(document, "pk", 0)
    return published


class ClosingSection(FactSection[schema.ClosingItem, FederalClosing]):
    """Closings: in force on the day that they close, whenever they were proclaimed."""

    def __init__(self) -> None:
        super().__init__("closings", schema.ClosingItem, FederalClosing)

    def build(self, item: schema.ClosingItem, directory: Directory | None) -> list[FederalClosing]:
        rows = super().build(item, directory)
        for row in rows:
            row.valid_from, row.valid_until = row.day, row.day + timedelta(days=1)
        return rows

    def write(self, changed: Changes, removed: Sequence[str], writing: Writing) -> None:
        super().write(changed, removed, writing)
        recompute(writing)


class GroupSection(FactSection[schema.GroupItem, CountryGroup]):
    """Groups: written for many places at once, recorded for each."""

    item_schema: type[schema.Record] | None = schema.GroupsItem

    def __init__(self) -> None:
        super().__init__("groups", schema.GroupItem, CountryGroup, notices.country_group, "changes")


def policy_sections() -> list[RecordSection]:
    """Identities before the facts about them."""
    return [
        IdentitySection("sources", schema.SourceItem, Source, "slug"),
        DocumentSection(),
        IdentitySection("dockets", schema.DocketItem, Docket, "number"),
        IdentitySection("organizations", schema.OrganizationItem, Organization, "slug"),
        IdentitySection("people", schema.PersonItem, Person, "slug"),
        IdentitySection("places", schema.PlaceItem, Country, "key"),
        IdentitySection("rules", schema.RuleItem, Rule, "slug"),
        IdentitySection("provisions", schema.ProvisionItem, Provision, "slug"),
        DeadlineSection(),
        ClosingSection(),
        FactSection("rule_documents", schema.RuleDocumentItem, RuleDocument, notices.rule_document),
        FactSection("legal_force", schema.LegalForceItem, LegalForce, notices.legal_force),
        FactSection("enforcement", schema.EnforcementItem, Enforcement, notices.enforcement),
        FactSection("thresholds", schema.ThresholdItem, Threshold, notices.threshold),
        FactSection("conflicts", schema.ConflictItem, Conflict, notices.conflict),
        GroupSection(),
        FactSection("coverage", schema.CoverageItem, Coverage),
        FactSection(
            "reactions",
            schema.ReactionItem,
            Reaction,
            notices.reaction,
            "all",
        ),
        FactSection("claims", schema.ClaimItem, Claim, notices.claim, "all"),
        FactSection(
            "milestones",
            schema.MilestoneItem,
            Milestone,
            notices.milestone,
            "all",
        ),
    ]
