"""The kinds of policy's own facts and identities."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from policy.actions import record_notices as notices
from policy.actions.desk.kinds import Kind, Values
from policy.domain.calendar import FederalCalendar
from policy.domain.deadlines import (
    BadDeadline,
    Receipt,
    count_deadline,
    printed_deadline,
    reported_deadline,
)
from policy.domain.due import Subject
from policy.domain.partial_dates import PartialDate
from policy.domain.roles import Power
from policy.models import (
    Claim,
    Conflict,
    Country,
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
    Particulars,
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


def of_particulars(row: Particulars) -> Subject:
    """Of the identity that they are of: ``new-rule`` and its slug are a rule."""
    return row.kind.removeprefix("new-"), row.public_id


def close_for_the_day(row: FederalClosing) -> None:
    """A closing is in force on the day that it closes, whenever it was proclaimed."""
    row.valid_from, row.valid_until = row.day, row.day + timedelta(days=1)


def date_receipts(read: Values, calendar: FederalCalendar, today: date) -> list[Receipt]:
    """How the date comes about: as printed, and as counted where a period is given.

    A printed day is kept as it is typed, whatever the count gives.
    """
    found: list[Receipt] = []
    deadline: Deadline | None = read.get("deadline")
    kind = deadline.kind if deadline else Deadline.Kind.COMMENT
    on: PartialDate | None = read.get("day")
    basis = read.get("basis")
    with suppress(BadDeadline):
        if on and on.is_exact and basis == DeadlineDate.Basis.PRINTED:
            at = read.get("at")
            found.append(printed_deadline(due=on.earliest, kind=kind, source=None, at=at))
        elif on and on.is_exact and basis == DeadlineDate.Basis.REPORTED:
            found.append(reported_deadline(due=on.earliest, kind=kind, source=None))
    start, days = read.get("counted_from"), read.get("counted_days")
    with suppress(BadDeadline):
        if start and days:
            counted = count_deadline(
                published=start, days=days, calendar=calendar, known=max(start, today), kind=kind
            )
            found.append(counted)
    return found


DATE_LABELS = {
    "day": "Day",
    "at": "Time, Eastern",
    "basis": "How it is known",
    "act": "What the document does",
    "counted_from": "Counted from",
    "counted_days": "Days counted",
    "scheduled": "Scheduled, not confirmed",
}
DATE_HELPS = {
    "day": "As printed, a Saturday too: it is never moved.",
    "at": "If printed; else the end of the day.",
    "counted_from": "The day of publication; the day after is day 1.",
    "counted_days": "Calendar days.",
    "act": "To the date before; empty: not known.",
}
SLUG = {"slug": "Short name"}
DOCUMENT_LABELS = {
    "dates_text": "DATES paragraph, as printed",
    "rins": "RINs, one a line",
    "agency_dockets": "Agency dockets, one a line",
    "comments_close": "Comments close",
}
SCHEDULED = {"scheduled": "Scheduled, not confirmed"}
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
RULE_LABELS = {**SLUG, "rin": "RIN"}
DEADLINE_FIELDS = ("slug", "kind", "label", "rule", "docket", "provision", "scope")


FACT_KINDS = (
    Kind(
        "particulars",
        "What something is called",
        Particulars,
        ("kind", "public_id"),
        of_particulars,
        is_kept_only=True,
    ),
    Kind(
        "date",
        "Date of a deadline",
        DeadlineDate,
        (*DATE_FIELDS, "withdrawn", "scheduled"),
        of_deadline,
        notices.deadline,
        labels=DATE_LABELS,
        helps=DATE_HELPS,
        receipts=date_receipts,
    ),
    Kind(
        "legal-force",
        "Legal force of a provision",
        LegalForce,
        ("provision", "state", "scheduled"),
        of_provision,
        notices.legal_force,
        labels=SCHEDULED,
    ),
    Kind(
        "enforcement",
        "Enforcement of a provision",
        Enforcement,
        ("provision", "posture", "scheduled"),
        of_provision,
        notices.enforcement,
        labels=SCHEDULED,
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
        labels={"document_source": "Document, as a source"},
    ),
    Kind(
        "document",
        "What a document says",
        DocumentFact,
        DOCUMENT_FIELDS,
        of_document,
        labels=DOCUMENT_LABELS,
    ),
    Kind(
        "threshold",
        "Threshold of a rule",
        Threshold,
        ("slug", "rule", "label", "value", "where"),
        of_rule,
        notices.threshold,
        labels=SLUG,
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
        labels={**SLUG, **SCHEDULED},
    ),
    Kind(
        "conflict",
        "Conflict between sources",
        Conflict,
        ("slug", "rule", "document", "about", "one_says", "other_says", "governs", "is_open"),
        of_itself("conflict"),
        notices.conflict,
        labels={**SLUG, "is_open": "Still open"},
    ),
    Kind(
        "reaction",
        "Reaction of an organisation",
        Reaction,
        REACTION_FIELDS,
        of_organization,
        notices.reaction,
        Power.DRAFT_VOICES,
        labels={**SLUG, "role": "Office, as printed", "stance_printed": "Stance, as printed"},
        helps={"role": ""},
    ),
    Kind(
        "claim",
        "Claim and verdict",
        Claim,
        CLAIM_FIELDS,
        of_claim,
        notices.claim,
        Power.DRAFT_VOICES,
        labels={**SLUG, "is_quoted": "In the claim’s own words", "primary": "Primary source"},
        helps={"is_quoted": ""},
    ),
)


IDENTITY_KINDS = (
    Kind(
        "new-country",
        "Place",
        Country,
        ("key", "name", "kind", "iso3", "iso_numeric", "other_names", "parent"),
        of_itself("country", "key"),
    ),
    Kind("new-rule", "Rule", Rule, RULE_FIELDS, of_itself("rule"), labels=RULE_LABELS),
    Kind("new-docket", "Docket", Docket, ("number", "title"), of_itself("docket", "number")),
    Kind(
        "new-provision",
        "Provision",
        Provision,
        ("slug", "rule", "label", "cite", "scope"),
        of_rule,
        labels={**SLUG, "cite": "Citation"},
    ),
    Kind(
        "new-deadline",
        "Deadline",
        Deadline,
        DEADLINE_FIELDS,
        of_itself("deadline"),
        labels=SLUG,
    ),
    Kind(
        "new-organization",
        "Organisation",
        Organization,
        ("slug", "name", "kind", "other_names"),
        of_itself("organization"),
        labels={**SLUG, "other_names": "Other names, one a line"},
        power=Power.DRAFT_VOICES,
    ),
    Kind(
        "new-person",
        "Person",
        Person,
        ("slug", "name"),
        of_itself("person"),
        labels=SLUG,
        power=Power.DRAFT_VOICES,
    ),
)


def policy_kinds() -> list[Kind]:
    """What is made new comes before the facts about it."""
    return [*IDENTITY_KINDS, *FACT_KINDS]
