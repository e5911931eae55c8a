"""One party: what its listing requires, since when, and by which documents."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404

from entities.models import Entity
from entities.queries.entity import entity_page
from policy.exports import facts_csv, wants_csv
from policy.http import ReadingRequest
from policy.views.render import render


def entity(request: ReadingRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Entity, slug=slug)
    page = entity_page(found, request.reading)
    if page.listing is None and not page.other_listings and not page.under:
        msg = "the record did not hold this party at the moment asked for"
        raise Http404(msg)
    if wants_csv(request):
        return facts_csv(f"entity-{slug}", page.facts, request.reading)
    return render(request, "entities/entity.html", {"page": page, "entity": found})
