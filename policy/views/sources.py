"""What the record rests on, and how fresh it is."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from policy.clock import now
from policy.exports import Columns, csv_response, wants_csv
from policy.http import ReadingRequest, Response
from policy.models import Coverage, Proposal, Source
from policy.models.sources import topic_name
from policy.queries.asof import Reading
from policy.queries.freshness import source_states
from policy.queries.sources import resting_on, revisions_known, snapshots_known, sources_known
from policy.registry import channels
from policy.views.render import render

COLUMNS: Columns[Source] = {
    "source": str,
    "kind": lambda s: s.get_kind_display(),
    "title": lambda s: s.title,
    "publisher": lambda s: s.publisher,
    "published": lambda s: s.published_on.iso if s.published_on else "",
    "url": lambda s: s.url,
    "note": lambda s: s.note,
}
PER_PAGE = 60


@require_safe
def sources(request: ReadingRequest) -> Response:
    if request.htmx and request.htmx.target == "fresh":
        return render(request, "policy/sources.html", checks(), part="fresh", moves=False)
    kind, q = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    found = sources_known(request.reading.asof).order_by("kind", "-published", "slug")
    if kind in Source.Kind.values:
        found = found.filter(kind=kind)
    if q:
        words = Q(title__icontains=q) | Q(citation__icontains=q) | Q(publisher__icontains=q)
        found = found.filter(words)
    if wants_csv(request):
        return csv_response("sources", COLUMNS, found, request.reading)
    context = {
        **checks(),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": Source.Kind.choices,
        "kind": kind,
        "q": q,
        "snapshots": snapshots_known(request.reading.asof)[:5],
        "revisions": revisions_known(request.reading.asof)[:5],
        "other_coverage": other_coverage(request.reading),
        "open_questions": Proposal.objects.open(request.reading.asof.revision).count(),
    }
    return render(request, "policy/sources.html", context, part="list")


def checks() -> dict[str, Any]:
    """How fresh each source is now, whatever day is read: it is no fact of the record."""
    states = source_states(channels(), now())
    return {
        "states": states,
        "is_running": any(state.running for state in states),
        "refresh_url": reverse("policy:sources"),
    }


def other_coverage(reading: Reading) -> list[tuple[str, date]]:
    """How far each topic reaches besides those that the page names itself."""
    named = (Coverage.Topic.LAW, Coverage.Topic.ENTITY_LIST)
    reached = (
        (topic, day) for topic, day in sorted(reading.coverage.items()) if topic not in named
    )
    return [(topic_name(topic), day) for topic, day in reached]


@require_safe
def source(request: ReadingRequest, slug: str) -> Response:
    found = get_object_or_404(Source.objects.select_related("document", "snapshot"), slug=slug)
    if not sources_known(request.reading.asof).filter(pk=found.pk).exists():
        msg = "the record did not hold this source at the moment asked for"
        raise Http404(msg)
    resting = resting_on(found, request.reading.asof)
    if wants_csv(request):
        return csv_response(f"source-{slug}", COLUMNS, [found], request.reading)
    return render(request, "policy/source.html", {"source": found, "resting": resting})
