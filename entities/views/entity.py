"""One party: what its listing requires, since when, and by which documents."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from entities.models import Entity
from entities.queries.entity import entity_page
from policy.exports import facts_csv, wants_csv
from policy.http import ReadingRequest, Response, with_parameters
from policy.views.render import render


@require_safe
def entity(request: ReadingRequest, slug: str) -> Response:
    """A party; one that was found to be another leads there, and ``own`` shows what it holds."""
    found = get_object_or_404(Entity, slug=slug)
    page = entity_page(found, request.reading)
    if not page.is_held:
        msg = "the record did not hold this party at the moment asked for"
        raise Http404(msg)
    if page.shown_as and "own" not in request.GET:
        return redirect(with_parameters(address_of(page.shown_as.shown_as), request.GET.dict()))
    if wants_csv(request):
        return facts_csv(f"entity-{slug}", page.facts, request.reading)
    return render(request, "entities/entity.html", {"page": page, "entity": found})


def address_of(entity: Entity) -> str:
    return reverse("entities:entity", args=[entity.slug])
