"""The screening lists, one entry of them, and how their Entity List compares with the law's."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from entities.domain.cross_check import Compared, Reason
from entities.models import Listing, ScreeningEntry
from entities.queries.screening import (
    comparison_with_entity_list,
    entries,
    found_entries,
    list_counts,
    listings_by_entity,
    lists_confirmed,
)
from policy.exports import Columns, csv_response, facts_csv, wants_csv
from policy.http import ReadingRequest, Response
from policy.views.render import render

PER_PAGE = 50
ENTRY_COLUMNS: Columns[ScreeningEntry] = {
    "list": lambda entry: entry.code,
    "name": lambda entry: entry.name,
    "other_names": lambda entry: "; ".join(entry.fields.get("alt_names", [])),
    "countries": lambda entry: " ".join(entry.country_codes or []),
    "since": lambda entry: entry.valid_from,
    "federal_register_notice": lambda entry: entry.fields.get("federal_register_notice", ""),
    "reference": lambda entry: entry.ref,
    "source": lambda entry: entry.source,
}


@dataclass(frozen=True)
class Line:
    """One compared row, or a listing that no row speaks of."""

    name: str
    countries: str
    reason: str
    listings: list[Listing]


LINE_COLUMNS: Columns[Line] = {
    "name": lambda line: line.name,
    "countries": lambda line: line.countries,
    "reason": lambda line: line.reason,
    "entity_list": lambda line: "; ".join(row.entity.slug for row in line.listings),
}
ONLY_IN_LAW = "listed in Supplement No. 4, in no row of the screening list"


@require_safe
def screening_lists(request: ReadingRequest) -> Response:
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "list", "country")}
    found = found_entries(
        request.reading, q=asked["q"], code=asked["list"], country=asked["country"]
    )
    if wants_csv(request):
        return csv_response("screening-lists", ENTRY_COLUMNS, found, request.reading)
    context = {
        **asked,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "lists": list_counts(request.reading),
        "confirmed": lists_confirmed(request.reading),
    }
    return render(request, "entities/screening.html", context, part="results")


@require_safe
def screening_entry(request: ReadingRequest, code: str, ref: str) -> Response:
    entry = get_object_or_404(entries(request.reading), code=code, ref=ref)
    if wants_csv(request):
        return facts_csv(f"screening-{code}-{ref}", [entry], request.reading)
    context = {"entry": entry, "confirmed": lists_confirmed(request.reading)}
    return render(request, "entities/screening_entry.html", context)


@require_safe
def cross_check(request: ReadingRequest) -> Response:
    """Each difference with its reason; what no reason explains comes first."""
    found = comparison_with_entity_list(request.reading)
    reason = request.GET.get("reason", Reason.NOBODY.name)
    chosen = [c for c in found.rows if c.reason.name == reason]
    holders = {h for c in chosen for h in c.holders} | set(found.unmatched)
    listings = listings_by_entity(holders, request.reading)
    lines = [line_of(compared, listings) for compared in chosen]
    alone = sorted((listings[h] for h in found.unmatched if h in listings), key=lambda r: r.name)
    only_in_law = [Line(row.name, row.country_id.upper(), ONLY_IN_LAW, [row]) for row in alone]
    if wants_csv(request):
        rows = [*lines, *only_in_law]
        return csv_response("cross-check", LINE_COLUMNS, rows, request.reading)
    context = {
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "reasons": [(r.name, r.value, found.counts[r]) for r in Reason if found.counts[r]],
        "reason": reason,
        "reason_text": Reason[reason].value if reason in Reason.__members__ else "",
        "total": len(found.rows),
        "only_in_law": only_in_law[:PER_PAGE],
        "more_in_law": max(len(only_in_law) - PER_PAGE, 0),
        "confirmed": lists_confirmed(request.reading),
    }
    return render(request, "entities/cross_check.html", context, part="results")


def line_of(compared: Compared, listings: dict[int, Listing]) -> Line:
    row = compared.row
    countries = " ".join(sorted(code.upper() for code in row.countries or ()))
    found = [listings[h] for h in sorted(compared.holders) if h in listings]
    return Line(row.name, countries, compared.reason.value, found)
