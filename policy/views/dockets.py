"""Dockets of regulations.gov."""

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from policy.exports import facts_csv, wants_csv
from policy.http import ReadingRequest, Response
from policy.models import Docket
from policy.queries.dockets import docket_page
from policy.views.render import render

# A docket may hold thousands of comments; the export has them all.
PER_PAGE = 50


@require_safe
def docket(request: ReadingRequest, number: str) -> Response:
    found = get_object_or_404(Docket, number=number)
    page = docket_page(found, request.reading)
    if wants_csv(request):
        return facts_csv(f"docket-{number}", page.facts, request.reading)
    comments = Paginator(page.reactions, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "docket": found, "comments": comments}
    return render(request, "policy/docket.html", context)
