"""One box for everything: an exact reference leads straight to its page."""

from django.shortcuts import redirect
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from policy.exports import Columns, csv_response, wants_csv
from policy.http import ReadingRequest, Response
from policy.queries.search import MOST, Hit, search
from policy.views.render import render

COLUMNS: Columns[Hit] = {
    "kind": lambda hit: hit.kind,
    "title": lambda hit: hit.title,
    "detail": lambda hit: hit.detail,
    "address": lambda hit: hit.url,
}


@require_safe
def search_everything(request: ReadingRequest) -> Response:
    q = request.GET.get("q", "").strip()
    found = search(q, request.reading)
    if wants_csv(request):
        return csv_response("search", COLUMNS, found.hits, request.reading)
    if found.straight_to and not request.htmx and "all" not in request.GET:
        parameters = urlencode(request.reading.parameters)
        joiner = "&" if "?" in found.straight_to else "?"
        return redirect(
            f"{found.straight_to}{joiner}{parameters}" if parameters else found.straight_to
        )
    context = {"q": q, "found": found, "most": MOST}
    return render(request, "policy/search.html", context, part="results")
