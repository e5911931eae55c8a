"""Reads ``on`` and ``known`` once per request."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from policy.clock import now
from policy.domain.partial_dates import BadDate
from policy.queries.asof import read_parameters

GetResponse = Callable[[HttpRequest], HttpResponse]


class ReadingMiddleware:
    """Puts ``request.reading`` on every request, and answers bad dates with a sentence.

    The reading is lazy: a page that needs no record, such as a static file, costs no query.
    The API answers bad dates itself, in JSON.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        on, known = request.GET.get("on", ""), request.GET.get("known", "")
        request.reading = SimpleLazyObject(  # type: ignore[attr-defined]  # see policy.http
            lambda: read_parameters(on, known, now=now())
        )
        if (on or known) and not request.path.startswith(settings.API_PATH):
            try:
                bool(request.reading.on)  # type: ignore[attr-defined]
            except BadDate as refused:
                return refuse(request, refused)
        return self.get_response(request)


def refuse(request: HttpRequest, refused: BadDate) -> HttpResponse:
    request.reading = read_parameters("", "", now=now())  # type: ignore[attr-defined]
    return render(request, "400.html", {"sentence": str(refused)}, status=400)
