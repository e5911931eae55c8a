"""Reactions, organisations and claims."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from policy.exports import Columns, csv_response, facts_csv, wants_csv
from policy.http import ReadingRequest, Response
from policy.models import Claim, Organization, Reaction, Rule
from policy.queries.voices import claims as claims_as_of
from policy.queries.voices import reactions as reactions_as_of
from policy.queries.voices import stance_lines
from policy.views.render import render

REACTION_COLUMNS: Columns[Reaction] = {
    "date": lambda r: r.since.iso if r.since else "",
    "organisation": lambda r: r.organization.name,
    "person": lambda r: r.person,
    "role": lambda r: r.role,
    "rule": lambda r: r.rule,
    "title": lambda r: r.title,
    "stance": lambda r: r.get_stance_display(),
    "stance_as_printed": lambda r: r.stance_printed,
    "quote": lambda r: r.quote,
    "source": lambda r: r.source,
    "url": lambda r: r.source.url,
    "confidence": lambda r: r.confidence,
}
CLAIM_COLUMNS: Columns[Claim] = {
    "claim": lambda c: c.text,
    "claimant": lambda c: c.claimant,
    "verdict": lambda c: c.get_verdict_display(),
    "why": lambda c: c.why,
    "primary_source": lambda c: c.primary,
    "source": lambda c: c.source,
    "url": lambda c: c.source.url,
}


@require_safe
def reactions(request: ReadingRequest) -> Response:
    chosen = {name: request.GET.get(name, "") for name in ("rule", "stance", "kind", "q")}
    found = reactions_as_of(request.reading)
    for name, path in (("rule", "rule__slug"), ("kind", "organization__kind"), ("stance",) * 2):
        if chosen[name]:
            found = found.filter(**{path: chosen[name]})
    if chosen["q"]:
        found = found.filter(organization__name__icontains=chosen["q"])
    if wants_csv(request):
        return csv_response("reactions", REACTION_COLUMNS, found, request.reading)
    context = {
        "reactions": found,
        "lines": stance_lines(found),
        "chosen": chosen,
        "rules": Rule.objects.filter(reactions__isnull=False).distinct(),
        "stances": Reaction.Stance.choices,
        "kinds": Organization.Kind.choices,
    }
    return render(request, "policy/reactions.html", context, part="list")


@require_safe
def organization(request: ReadingRequest, slug: str) -> Response:
    found = get_object_or_404(Organization, slug=slug)
    made = reactions_as_of(request.reading).filter(organization=found)
    claimed = claims_as_of(request.reading).filter(organization=found)
    if wants_csv(request):
        return facts_csv(f"organisation-{slug}", [*made, *claimed], request.reading)
    context = {"organization": found, "reactions": made, "claims": claimed}
    return render(request, "policy/organization.html", context)


@require_safe
def claims(request: ReadingRequest) -> Response:
    chosen = {name: request.GET.get(name, "") for name in ("rule", "verdict")}
    found = claims_as_of(request.reading)
    if chosen["verdict"] in Claim.Verdict.values:
        found = found.filter(verdict=chosen["verdict"])
    if chosen["rule"]:
        found = found.filter(rule__slug=chosen["rule"])
    if wants_csv(request):
        return csv_response("claims", CLAIM_COLUMNS, found, request.reading)
    context = {
        "claims": found,
        "chosen": chosen,
        "rules": Rule.objects.filter(claims__isnull=False).distinct(),
        "verdicts": Claim.Verdict.choices,
    }
    return render(request, "policy/claims.html", context, part="list")
