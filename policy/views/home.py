"""The first page."""

from django.http import HttpResponse

from policy.clock import now
from policy.exports import csv_response, wants_csv
from policy.http import ReadingRequest
from policy.queries.home import home_page
from policy.queries.rules import rule_status_of_scheme
from policy.views.deadlines import COLUMNS
from policy.views.render import render


def home(request: ReadingRequest) -> HttpResponse:
    page = home_page(request.reading, now())
    if wants_csv(request):
        return csv_response("due", COLUMNS, page.due, request.reading)
    statuses = rule_status_of_scheme(request.reading)
    return render(request, "policy/home.html", {"page": page, "statuses": statuses})
