"""What readers are told of each kind of fact in the record files."""

from policy.actions.record_events import Notice
from policy.models import (
    Claim,
    Conflict,
    CountryGroup,
    DeadlineDate,
    Enforcement,
    LegalForce,
    Milestone,
    Reaction,
    Rule,
    RuleDocument,
    Threshold,
)


def of_rule(rule: Rule, title: str, detail: str = "") -> Notice:
    return Notice("rule", rule.slug, f"{rule.short_title}: {title}", detail)


def rule_document(fact: RuleDocument) -> Notice:
    role = fact.get_role_display().lower()
    return of_rule(fact.rule, f"{fact.document_source} {role}", fact.summary)


def legal_force(fact: LegalForce) -> Notice:
    state = fact.get_state_display().lower()
    scheduled = " (scheduled)" if fact.scheduled else ""
    return of_rule(fact.provision.rule, f"{fact.provision.label}: {state}{scheduled}", fact.note)


def enforcement(fact: Enforcement) -> Notice:
    posture = fact.get_posture_display().lower()
    return of_rule(fact.provision.rule, f"{fact.provision.label}: {posture}", fact.note)


def threshold(fact: Threshold) -> Notice:
    return of_rule(fact.rule, f"{fact.label}: {fact.value}")


def conflict(fact: Conflict) -> Notice:
    what = f"sources differ on {fact.about}"
    if not fact.is_open:
        what = f"settled: {fact.about}"
    if fact.rule is not None:
        return of_rule(fact.rule, what, fact.governs)
    number = fact.document.public_id if fact.document else ""
    return Notice("document", number, f"{number}: {what}", fact.governs)


def deadline(fact: DeadlineDate) -> Notice | None:
    """The date is the value that moves. Days on which nobody has to act are no news."""
    if not fact.deadline.is_countdown:
        return None
    value = "withdrawn" if fact.withdrawn else str(fact.on or "a day not known to the record")
    title = f"{fact.deadline.rule.short_title}: {fact.deadline.label}"
    return Notice("deadline", fact.deadline.slug, title, fact.note, value)


def reaction(fact: Reaction) -> Notice:
    title = f"{fact.organization}: {fact.title}"
    return Notice("reaction", fact.slug, title, fact.summary)


def claim(fact: Claim) -> Notice:
    verdict = fact.get_verdict_display().lower()
    return Notice("claim", fact.slug, f"Claim by {fact.claimant}: {verdict}", fact.why)


def milestone(fact: Milestone) -> Notice:
    """A milestone of a rule belongs to the rule; one of politics at large to itself."""
    if fact.rule is None:
        return Notice("milestone", fact.slug, fact.title, fact.detail)
    return Notice("rule", fact.rule.slug, fact.title, fact.detail)


def country_group(fact: CountryGroup) -> Notice:
    title = f"{fact.country}: {fact.get_group_display()} ({fact.get_scheme_display()})"
    return Notice("country", fact.country_id, title, fact.note)
