"""The first page."""

from django.views.decorators.http import require_safe

from policy.clock import now
from policy.exports import csv_response, wants_csv
from policy.http import ReadingRequest, Response
from policy.queries.home import home_page
from policy.queries.rules import rule_status_of_scheme
from policy.views.deadlines import COLUMNS
from policy.views.render import render


@require_safe
def home(request: ReadingRequest) -> Response:
    page = home_page(request.reading, now())
    if wants_csv(request):
        return csv_response("due", COLUMNS, page.due, request.reading)
    statuses = rule_status_of_scheme(request.reading)
    return render(request, "policy/home.html", {"page": page, "statuses": statuses})
