"""Rules, and the sections that they are made of."""

from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from policy.exports import Columns, csv_response, facts_csv, wants_csv
from policy.http import ReadingRequest, Response
from policy.models import Rule
from policy.queries.axis import rule_axis
from policy.queries.documents import provisions_of_section
from policy.queries.rules import RuleLine, rule_lines, rule_page
from policy.views.render import render

RULE_COLUMNS: Columns[RuleLine] = {
    "rule": lambda line: line.rule.title,
    "document": lambda line: line.document.document.number if line.document else "",
    "citation": lambda line: line.document.citation if line.document else "",
    "published": lambda line: line.document.published if line.document else "",
    "rin": lambda line: line.rule.rin,
    "docket": lambda line: line.rule.docket,
    "legal_force": lambda line: line.status.force.fact if line.status else "",
    "enforcement": lambda line: line.status.enforcement.fact if line.status else "",
    "next_date": lambda line: line.next_deadline.iso if line.next_deadline else "",
}


@require_safe
def rules(request: ReadingRequest) -> Response:
    kind, q = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    chosen = Rule.objects.filter(kind=kind) if kind in Rule.Kind.values else Rule.objects.all()
    lines = [line for line in rule_lines(request.reading, chosen) if line.matches(q)]
    if wants_csv(request):
        return csv_response("rules", RULE_COLUMNS, lines, request.reading)
    context = {"lines": lines, "kinds": Rule.Kind.choices, "kind": kind, "q": q}
    return render(request, "policy/rules.html", context, part="list")


@require_safe
def rule(request: ReadingRequest, slug: str) -> Response:
    found = get_object_or_404(Rule.objects.select_related("document__source", "docket"), slug=slug)
    page = rule_page(found, request.reading)
    if wants_csv(request):
        return facts_csv(f"rule-{slug}", page.facts, request.reading)
    context = {"page": page, "rule": found, "axis": rule_axis(page, request.reading)}
    return render(request, "policy/rule.html", context)


@require_safe
def section(request: ReadingRequest, number: str) -> Response:
    page = provisions_of_section(number, request.reading)
    if wants_csv(request):
        return facts_csv(f"section-{slugify(number)}", page.facts, request.reading)
    return render(request, "policy/section.html", {"page": page, "number": number})
