"""From what an import read to what a change would write of it.

A builder takes the values that the evidence holds. What it does not hold stays empty for a
person to write: nothing is guessed but where the record leaves one possibility only.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.text import slugify

from policy.actions.desk.drafts import Item
from policy.actions.document_proposals import DEADLINES
from policy.domain.dates_paragraph import Kind as DateKind
from policy.models import (
    ChangeItem,
    Deadline,
    DocumentFact,
    Organization,
    Proposal,
    Provision,
    Rule,
    RuleDocument,
)

# How a document's words name an act, and the record's role of a document for it.
ROLES: Mapping[str, str] = {
    "corrects": RuleDocument.Role.CORRECTS,
    "amends": RuleDocument.Role.AMENDS,
    "stays": RuleDocument.Role.STAYS,
    "delays": RuleDocument.Role.STAYS,
    "extends": RuleDocument.Role.EXTENDS,
    "reopens": RuleDocument.Role.EXTENDS,
}
LISTING = "listing"

Builder = Callable[[Proposal], Item | None]


def item_of(proposal: Proposal) -> Item | None:
    """The item that answers a proposal; None where nothing that the desk writes would."""
    return BUILDERS[Proposal.Kind(proposal.kind)](proposal)


def date_item(proposal: Proposal) -> Item:
    """A date read in a document's words, or given by regulations.gov for a deadline."""
    said = proposal.evidence
    of_deadline = proposal.subject_kind == "deadline"
    slug = proposal.subject_id if of_deadline else deadline_of(proposal)
    values = {
        "deadline": slug,
        "day": said.get("day") or "",
        "at": said.get("at") or "",
        "basis": "reported" if of_deadline else "printed",
        "valid_from": governs_from(proposal),
    }
    return Item("date", values=values)


def deadline_of(proposal: Proposal) -> str:
    """The one deadline that a date of this kind can be about, of the rules of the document."""
    kind = proposal.evidence.get("kind", "")
    if kind not in set(DateKind) or DateKind(kind) not in DEADLINES:
        return ""
    of_document = Q(rule__document__number=proposal.subject_id)
    rows = Deadline.objects.filter(of_document, kind=DEADLINES[DateKind(kind)])
    return only(rows.values_list("slug", flat=True))


def governs_from(proposal: Proposal) -> str:
    """The day from which the document of a proposal speaks: that of its publication."""
    if proposal.source is not None and proposal.source.published_on is not None:
        return proposal.source.published_on.iso
    facts = DocumentFact.objects.known(None).filter(document__number=proposal.subject_id)
    days: list[date] = [fact.published for fact in facts if fact.published]
    return days[0].isoformat() if days else ""


def unread_item(proposal: Proposal) -> Item:
    values = {"basis": "printed", "valid_from": governs_from(proposal)}
    return Item("date", values=values)


def status_item(proposal: Proposal) -> Item:
    """A stay that no provision matched for certain."""
    cites = proposal.evidence.get("provisions") or []
    provision = only(Provision.objects.filter(cite__in=cites).values_list("slug", flat=True))
    until = proposal.evidence.get("until") or ""
    return Item(
        "legal-force", values={"provision": provision, "state": "stayed", "last_day": until}
    )


def removal_item(proposal: Proposal) -> Item:
    """The end of a listing, on a last day that a person has to give."""
    values = {"entity": proposal.subject_id, "last_day": ""}
    return Item(LISTING, ChangeItem.Act.END.value, values)


def identity_item(proposal: Proposal) -> Item:
    """A new organisation of the name; where it is one that is held, the answer is another."""
    name = str(proposal.evidence.get("name", ""))
    slug = slugify(name)[: max_length(Organization, "slug")]
    return Item("new-organization", ChangeItem.Act.CREATE.value, {"name": name, "slug": slug})


def act_item(proposal: Proposal) -> Item:
    """A document that acts on a rule, or that moves the day on which one takes effect."""
    said = proposal.evidence
    rule = rule_of(said.get("targets") or [])
    if said.get("day"):
        effective = Deadline.objects.filter(rule__slug=rule, kind=Deadline.Kind.EFFECTIVE)
        values = {
            "deadline": only(effective.values_list("slug", flat=True)),
            "day": said["day"],
            "basis": "printed",
            "act": "delayed",
            "valid_from": governs_from(proposal),
        }
        return Item("date", values=values)
    values = {
        "rule": rule,
        "document_source": proposal.source.slug if proposal.source else "",
        "role": ROLES.get(str(said.get("act")), ""),
        "valid_from": governs_from(proposal),
    }
    return Item("rule-document", values=values)


def difference_item(proposal: Proposal) -> Item | None:
    """Where two items end a comment period on two days; other differences are not written."""
    day = proposal.evidence.get("day")
    if not day or proposal.subject_kind != "docket":
        return None
    periods = Deadline.objects.filter(
        docket__number=proposal.subject_id, kind=Deadline.Kind.COMMENT
    )
    values = {
        "deadline": only(periods.values_list("slug", flat=True)),
        "day": day,
        "basis": "reported",
        "valid_from": governs_from(proposal),
    }
    return Item("date", values=values)


BUILDERS: Mapping[Proposal.Kind, Builder] = {
    Proposal.Kind.DATE: date_item,
    Proposal.Kind.UNREAD: unread_item,
    Proposal.Kind.STATUS: status_item,
    Proposal.Kind.REMOVAL: removal_item,
    Proposal.Kind.DIFFERENCE: difference_item,
    Proposal.Kind.IDENTITY: identity_item,
    Proposal.Kind.ACT: act_item,
}


def rule_of(targets: list[Any]) -> str:
    """The one rule that a document's words name, by number, RIN or citation of its document."""
    named = [str(target).strip() for target in targets]
    by_words = Q(document__number__in=named) | Q(rin__in=named)
    by_words |= Q(document__source__citation__in=named)
    return only(Rule.objects.filter(by_words).values_list("slug", flat=True))


def only(found: Any) -> str:
    """The one that was found; empty where there are none or several."""
    slugs = sorted(set(found[:3]))
    return str(slugs[0]) if len(slugs) == 1 else ""


def max_length(model: Any, name: str) -> int:
    return int(model._meta.get_field(name).max_length)
