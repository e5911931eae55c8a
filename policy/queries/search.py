"""Search over the whole record. Apps above this one add their own kinds of hits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.module_loading import import_string

from policy.domain.citations import Reference, parse_query_reference
from policy.models import (
    Claim,
    Country,
    Docket,
    Document,
    DocumentFact,
    Fact,
    Milestone,
    Organization,
    Provision,
    Reaction,
    Rule,
)
from policy.queries.asof import Reading
from policy.queries.sections import find_section
from policy.queries.tiers import find_countries

# Hits of one kind that a results page shows.
MOST = 12
# Shorter words would match inside nearly every text.
SHORTEST_FREE_TEXT = 2
ORGANIZATION = "Organisation"


@dataclass(frozen=True)
class Hit:
    """One result.

    ``exact`` says that the words name this thing and nothing else by it; ``screened`` that it
    is a party for which names are screened, so that no other page may be opened in its place.
    """

    kind: str
    title: str
    url: str
    detail: str = ""
    exact: bool = False
    screened: bool = False

    @property
    def rank(self) -> int:
        """Order in a list: what the words name, what they resemble, what merely holds them.

        What resembles a listed party stands before an organisation of that very name: whoever
        screens a name must see both.
        """
        if self.exact:
            return 2 if self.kind == ORGANIZATION else 0
        return 1 if self.screened else 3


@dataclass(frozen=True)
class Found:
    """Results in the order shown; ``straight_to`` is set when there is no choice to make."""

    hits: list[Hit] = field(default_factory=list)
    straight_to: str = ""


F = TypeVar("F", bound=Fact)
Provider = Callable[[str, Reading], list[Hit]]
_provider_names: list[str] = []


def register_search(dotted_name: str) -> None:
    """Add a source of hits, a Provider; for the apps that stand above this one, in ``ready()``.

    It is imported when somebody first searches, so that commands start fast.
    """
    if dotted_name not in _provider_names:
        _provider_names.append(dotted_name)


def registered_providers() -> list[Provider]:
    return [import_string(name) for name in _provider_names]


def search(q: str, reading: Reading) -> Found:
    """What a reader may mean by ``q`` at a point in both times."""
    if not q:
        return Found()
    reference = parse_query_reference(q)
    hits = reference_hits(reference, reading) if reference else []
    for provider in (
        country_hits,
        *registered_providers(),
        organization_hits,
        rule_hits,
        document_title_hits,
        text_hits,
    ):
        hits += provider(q, reading)
    once: dict[str, Hit] = {}
    for hit in hits:
        once.setdefault(hit.url, hit)
    hits = sorted(once.values(), key=attrgetter("rank"))
    return Found(hits, straight_to=hits[0].url if hits and hits[0].exact else "")


def reference_hits(reference: Reference, reading: Reading) -> list[Hit]:
    """The page of a citation, document number, RIN, docket or section."""
    if reference.kind == "fr_citation":
        return citation_hits(reference.volume or 0, reference.page or 0, reading)
    if reference.kind == "section":
        return section_hits(reference.value)
    found = Rule.objects.select_related("document")
    by = {
        "document_number": Q(document__number=reference.value),
        "rin": Q(rin=reference.value),
        "docket": Q(docket__number=reference.value),
    }
    rules = list(found.filter(by[reference.kind]).distinct()) if reference.kind in by else []
    hits = [rule_hit(rule, exact=len(rules) == 1) for rule in rules]
    if reference.kind == "docket":
        # A docket with one rule leads to the rule, which links to the docket.
        hits += docket_hits(reference.value, exact=len(rules) != 1)
    return hits or document_hits(reference.value, reading)


def docket_hits(number: str, *, exact: bool) -> list[Hit]:
    rows = Docket.objects.filter(number=number)
    return [
        Hit("Docket", row.title, reverse("policy:docket", args=[row.number]), row.number, exact)
        for row in rows
    ]


def citation_hits(volume: int, page: int, reading: Reading) -> list[Hit]:
    """Documents whose pages hold the cited one: lists cite a rule's first or amending page."""
    rows = appeared(reading).filter(volume=volume).prefetch_related("document__rules")
    held = [row for row in rows if row.holds_page(page)]
    hits = []
    for row in held:
        rule = next(iter(row.document.rules.all()), None)
        hits.append(rule_hit(rule, exact=True) if rule else document_hit(row, exact=True))
    return hits or stub_hits(volume, page, reading)


def stub_hits(volume: int, page: int, reading: Reading) -> list[Hit]:
    """What something cites by this page, and the record knows no more of."""
    stubs = Document.objects.filter(cited_volume=volume, cited_page=page).order_by("cited")
    return [
        Hit(
            "Document",
            str(stub),
            reverse("policy:document", args=[stub.public_id]),
            "Known by its citation only",
            exact=len(stubs) == 1,
        )
        for stub in stubs
        if stub.resolved(reading.asof.revision) is stub
    ]


def document_hits(number: str, reading: Reading) -> list[Hit]:
    rows = appeared(reading).filter(document__number=number)
    return [document_hit(row, exact=True) for row in rows[:1]]


def appeared(reading: Reading) -> QuerySet[DocumentFact]:
    """Documents that the record knew, and that had appeared by the day: others have no page."""
    rows: QuerySet[DocumentFact]
    rows = DocumentFact.objects.known(reading.asof.revision).begun(reading.on)
    return rows.select_related("document").order_by("document__number")


def section_hits(number: str) -> list[Hit]:
    section = find_section(number)
    cited = Provision.objects.filter(cite__contains=f"§ {number}")
    if section is None and not cited.exists():
        return []
    is_whole = section is not None and section.identifier.casefold() == number.casefold()
    name = section.identifier if section and is_whole else number
    title = f"§ {name}" if name[:1].isdigit() else name
    url = reverse("policy:section", args=[name])
    what = "Text, amendments, provisions" if section else "Provisions and their status"
    return [Hit("Section", title, url, what, exact=True)]


def rule_hit(rule: Rule, *, exact: bool = False) -> Hit:
    number = f"{rule.document.number} · " if rule.document else ""
    return Hit(
        "Rule", rule.title, reverse("policy:rule", args=[rule.slug]), number + rule.rin, exact
    )


def document_hit(row: DocumentFact, *, exact: bool) -> Hit:
    number = row.document.public_id
    return Hit("Document", row.title, reverse("policy:document", args=[number]), number, exact)


def country_hits(q: str, _reading: Reading) -> list[Hit]:
    return [country_hit(country, q) for country in find_countries(q)[:MOST]]


def country_hit(country: Country, q: str) -> Hit:
    names = (country.name, country.key, country.iso3, *country.other_names)
    return Hit(
        "Country",
        country.name,
        reverse("policy:country", args=[country.key]),
        ", ".join(country.other_names),
        exact=q.casefold() in map(str.casefold, names),
    )


def organization_hits(q: str, _reading: Reading) -> list[Hit]:
    folded = q.casefold()
    hits = []
    for organization in Organization.objects.all():
        names = [organization.name, *organization.other_names]
        if any(folded in name.casefold() for name in names):
            url = reverse("policy:organization", args=[organization.slug])
            exact = folded in map(str.casefold, names)
            hits.append(Hit(ORGANIZATION, organization.name, url, "Statements", exact))
    return hits[:MOST]


def rule_hits(q: str, _reading: Reading) -> list[Hit]:
    if len(q) < SHORTEST_FREE_TEXT:
        return []
    words = Q()
    for word in q.split():
        words &= Q(title__icontains=word) | Q(short_title__icontains=word)
    rules = Rule.objects.filter(words).select_related("document")[:MOST]
    return [rule_hit(rule, exact=q.casefold() == rule.short_title.casefold()) for rule in rules]


def document_title_hits(q: str, reading: Reading) -> list[Hit]:
    """Documents in whose title ``q`` stands, newest first; those of a rule lead to the rule."""
    if len(q) < SHORTEST_FREE_TEXT:
        return []
    titled = appeared(reading).filter(title__icontains=q, document__rules__isnull=True)
    return [document_hit(row, exact=False) for row in titled.order_by("-published", "pk")[:MOST]]


def text_hits(q: str, reading: Reading) -> list[Hit]:
    """Reactions, claims and milestones whose words hold ``q``, the newest of each first."""
    if len(q) < SHORTEST_FREE_TEXT:
        return []
    said = newest_first(Reaction, reading).select_related("organization")
    said = said.filter(Q(title__icontains=q) | Q(quote__icontains=q) | Q(person__name__icontains=q))
    claimed = newest_first(Claim, reading).filter(text__icontains=q)
    happened = newest_first(Milestone, reading).filter(title__icontains=q)
    organization = "policy:organization"
    return [
        *(
            Hit(
                "Reaction",
                r.title,
                reverse(organization, args=[r.organization.slug]),
                str(r.organization),
            )
            for r in said[:MOST]
        ),
        *(
            Hit("Claim", c.text, f"{reverse('policy:claims')}#{c.slug}", c.get_verdict_display())
            for c in claimed[:MOST]
        ),
        *(
            Hit("Milestone", m.title, reverse("policy:source", args=[m.source.slug]), m.detail)
            for m in happened.select_related("source")[:MOST]
        ),
    ]


def newest_first(model: type[F], reading: Reading) -> QuerySet[F]:
    rows: QuerySet[F] = model.objects.known(reading.asof.revision).begun(reading.on)
    return rows.order_by("-valid_from", "slug")
