"""The kinds of policy's own facts and identities."""

from datetime import timedelta
from typing import Any

from policy.actions import record_notices as notices
from policy.actions.desk.kinds import Kind
from policy.domain.due import Subject
from policy.domain.roles import Power
from policy.models import (
    Claim,
    Conflict,
    CountryGroup,
    Coverage,
    Deadline,
    DeadlineDate,
    Docket,
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
    Threshold,
)


def of_rule(row: Any) -> Subject:
    return ("rule", row.rule.slug) if row.rule else ("", "")


def of_provision(row: Any) -> Subject:
    return of_rule(row.provision)


def of_deadline(row: DeadlineDate) -> Subject:
    return "deadline", row.deadline.slug


def of_document(row: DocumentFact) -> Subject:
    return "document", row.document.public_id


def of_country(row: CountryGroup) -> Subject:
    return "country", row.country_id


def of_organization(row: Reaction) -> Subject:
    return "organization", row.organization.slug


def of_claim(row: Claim) -> Subject:
    return "claim", row.slug


def of_itself(kind: str, name: str = "slug") -> Any:
    return lambda row: (kind, getattr(row, name))


def close_for_the_day(row: FederalClosing) -> None:
    """A closing is in force on the day that it closes, whenever it was proclaimed."""
    row.valid_from, row.valid_until = row.day, row.day + timedelta(days=1)


DATE_FIELDS = ("deadline", "day", "at", "basis", "act", "counted_from", "counted_days")
DOCUMENT_FIELDS = (
    "document",
    "title",
    "action",
    "published",
    "effective",
    "volume",
    "start_page",
    "end_page",
    "type",
    "dates_text",
    "comments_close",
    "corrects",
    "rins",
    "agency_dockets",
    "abstract",
)
REACTION_FIELDS = (
    "slug",
    "organization",
    "person",
    "role",
    "rule",
    "docket",
    "about",
    "title",
    "stance",
    "stance_printed",
    "summary",
)
CLAIM_FIELDS = (
    "slug",
    "claimant",
    "organization",
    "rule",
    "text",
    "is_quoted",
    "verdict",
    "why",
    "primary",
)
RULE_FIELDS = ("slug", "title", "short_title", "kind", "summary", "document", "docket", "rin")
DEADLINE_FIELDS = ("slug", "kind", "label", "rule", "docket", "provision", "scope")


def fact_kinds() -> list[Kind]:
    return [
        Kind(
            "date",
            "Date of a deadline",
            DeadlineDate,
            (*DATE_FIELDS, "withdrawn", "scheduled"),
            of_deadline,
            notices.deadline,
        ),
        Kind(
            "legal-force",
            "Legal force of a provision",
            LegalForce,
            ("provision", "state", "scheduled"),
            of_provision,
            notices.legal_force,
        ),
        Kind(
            "enforcement",
            "Enforcement of a provision",
            Enforcement,
            ("provision", "posture", "scheduled"),
            of_provision,
            notices.enforcement,
        ),
        Kind(
            "group",
            "Group of a country",
            CountryGroup,
            ("country", "scheme", "group", "derived_from"),
            of_country,
            notices.country_group,
        ),
        Kind(
            "rule-document",
            "Document that acts on a rule",
            RuleDocument,
            ("rule", "document_source", "role", "summary"),
            of_rule,
            notices.rule_document,
        ),
        Kind("document", "What a document says", DocumentFact, DOCUMENT_FIELDS, of_document),
        Kind(
            "threshold",
            "Threshold of a rule",
            Threshold,
            ("slug", "rule", "label", "value", "where"),
            of_rule,
            notices.threshold,
        ),
        Kind(
            "closing",
            "Closing of Federal offices",
            FederalClosing,
            ("day", "order", "proclaimed"),
            of_itself("closing", "day"),
            prepare=close_for_the_day,
        ),
        Kind("coverage", "How far the record goes", Coverage, ("topic", "until")),
        Kind(
            "milestone",
            "Milestone",
            Milestone,
            ("slug", "title", "detail", "rule", "scheduled"),
            of_rule,
            notices.milestone,
        ),
        Kind(
            "conflict",
            "Conflict between sources",
            Conflict,
            ("slug", "rule", "document", "about", "one_says", "other_says", "governs", "is_open"),
            of_itself("conflict"),
            notices.conflict,
        ),
        Kind(
            "reaction",
            "Reaction of an organisation",
            Reaction,
            REACTION_FIELDS,
            of_organization,
            notices.reaction,
            Power.DRAFT_VOICES,
        ),
        Kind(
            "claim",
            "Claim and verdict",
            Claim,
            CLAIM_FIELDS,
            of_claim,
            notices.claim,
            Power.DRAFT_VOICES,
        ),
    ]


def identity_kinds() -> list[Kind]:
    return [
        Kind("new-rule", "Rule", Rule, RULE_FIELDS, of_itself("rule")),
        Kind("new-docket", "Docket", Docket, ("number", "title"), of_itself("docket", "number")),
        Kind(
            "new-provision",
            "Provision",
            Provision,
            ("slug", "rule", "label", "cite", "scope"),
            of_rule,
        ),
        Kind("new-deadline", "Deadline", Deadline, DEADLINE_FIELDS, of_itself("deadline")),
        Kind(
            "new-organization",
            "Organisation",
            Organization,
            ("slug", "name", "kind", "other_names"),
            of_itself("organization"),
            power=Power.DRAFT_VOICES,
        ),
        Kind(
            "new-person",
            "Person",
            Person,
            ("slug", "name"),
            of_itself("person"),
            power=Power.DRAFT_VOICES,
        ),
    ]


def policy_kinds() -> list[Kind]:
    """What is made new comes before the facts about it."""
    return [*identity_kinds(), *fact_kinds()]
