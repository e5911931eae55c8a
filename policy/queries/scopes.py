"""Which facts a page is about: what "changed on this page" means, and what a dossier holds."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils.module_loading import import_string

from policy.models import (
    Amendment,
    Claim,
    CommentCount,
    Conflict,
    Country,
    CountryGroup,
    Deadline,
    DeadlineDate,
    Docket,
    DocketDocument,
    Document,
    DocumentFact,
    Enforcement,
    Fact,
    FactQuerySet,
    LegalForce,
    Milestone,
    Organization,
    Reaction,
    Rule,
    RuleDocument,
    Section,
    SectionText,
    Threshold,
)


@dataclass(frozen=True)
class Scope:
    """The facts about one subject: of each kind the condition that its rows meet."""

    title: str
    kinds: tuple[tuple[type[Fact], Q], ...]

    def rows(self) -> list[FactQuerySet]:
        """Every row of each kind, whenever it was recorded."""
        return [model.objects.filter(condition) for model, condition in self.kinds]


MakeScope = Callable[[str], Scope | None]
_scopes: dict[str, MakeScope] = {}


def register_scope(url_name: str, dotted_name: str) -> None:
    """For ``ready()``: the function that gives the scope of a page of another app.

    It takes the one argument of the page's address, and gives None where it names nothing.
    """

    def make(argument: str) -> Scope | None:
        found: MakeScope = import_string(dotted_name)
        return found(argument)

    _scopes[url_name] = make


def scope_of_page(path: str) -> Scope | None:
    """What a page of this site is about; None for pages that are about no one thing."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    make = {**POLICY_SCOPES, **_scopes}.get(match.view_name)
    return make(str(next(iter(match.kwargs.values())))) if make else None


def rule_scope(slug: str) -> Scope | None:
    rule = Rule.objects.filter(slug=slug).first()
    if rule is None:
        return None
    own, provision = Q(rule=rule), Q(provision__rule=rule)
    kinds: list[tuple[type[Fact], Q]] = [
        (LegalForce, provision),
        (Enforcement, provision),
        (DeadlineDate, Q(deadline__rule=rule)),
        *((model, own) for model in (RuleDocument, Threshold, Conflict)),
        *((model, own) for model in (Reaction, Claim, Milestone)),
    ]
    if rule.document_id:
        kinds += [(model, Q(document=rule.document_id)) for model in (DocumentFact, Amendment)]
    if rule.docket_id:
        kinds += [(model, Q(docket=rule.docket_id)) for model in (DocketDocument, CommentCount)]
    return Scope(rule.title, tuple(kinds))


def deadline_scope(slug: str) -> Scope | None:
    found = Deadline.objects.filter(slug=slug).select_related("rule").first()
    title = f"{found.label}, {found.rule.short_title}" if found else ""
    return Scope(title, ((DeadlineDate, Q(deadline=found)),)) if found else None


def country_scope(key: str) -> Scope | None:
    found = Country.objects.filter(key=key).first()
    return Scope(found.name, ((CountryGroup, Q(country=found)),)) if found else None


def document_scope(number: str) -> Scope | None:
    found = Document.objects.filter(Q(number=number) | Q(cited=number)).first()
    if found is None:
        return None
    about = Q(document=found)
    return Scope(str(found), tuple((m, about) for m in (DocumentFact, Amendment, Conflict)))


def docket_scope(number: str) -> Scope | None:
    found = Docket.objects.filter(number=number).first()
    if found is None:
        return None
    about = Q(docket=found)
    kinds = tuple((model, about) for model in (DocketDocument, CommentCount, Reaction))
    return Scope(f"Docket {number}", ((DeadlineDate, Q(deadline__docket=found)), *kinds))


def organization_scope(slug: str) -> Scope | None:
    found = Organization.objects.filter(slug=slug).first()
    about = Q(organization=found)
    return Scope(found.name, ((Reaction, about), (Claim, about))) if found else None


def section_scope(identifier: str) -> Scope | None:
    found = Section.objects.filter(identifier=identifier).first()
    about = Q(section=found)
    return Scope(str(found), ((SectionText, about), (Amendment, about))) if found else None


POLICY_SCOPES: dict[str, MakeScope] = {
    "policy:rule": rule_scope,
    "policy:deadline": deadline_scope,
    "policy:country": country_scope,
    "policy:document": document_scope,
    "policy:docket": docket_scope,
    "policy:organization": organization_scope,
    "policy:section": section_scope,
}
