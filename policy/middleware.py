"""Reads ``on`` and ``known`` once per request, and refuses what no address should hold."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from policy.clock import now
from policy.domain.partial_dates import BadDate
from policy.queries.asof import read_parameters

NUL = "The address holds a NUL character (%00), which no text of the record has."
GetResponse = Callable[[HttpRequest], HttpResponse]


class ReadingMiddleware:
    """Puts ``request.reading`` on every request, and answers bad dates with a sentence.

    The reading is lazy: a page that needs no record, such as a static file, costs no query.
    The API gets its sentences in JSON.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if holds_nul(request):
            return refuse(request, NUL)
        on, known = request.GET.get("on", ""), request.GET.get("known", "")
        request.reading = SimpleLazyObject(  # type: ignore[attr-defined]  # see policy.http
            lambda: read_parameters(on, known, now=now())
        )
        if on or known:
            try:
                bool(request.reading.on)  # type: ignore[attr-defined]
            except BadDate as refused:
                return refuse(request, str(refused))
        return self.get_response(request)


def holds_nul(request: HttpRequest) -> bool:
    """Whether the address holds a NUL character, which PostgreSQL cannot even be asked about."""
    values = (value for values in request.GET.lists() for value in values[1])
    return "\0" in request.path or any("\0" in value for value in values)


def refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    """The answer that says what is wrong with an address; a page is shown as of today."""
    if request.path.startswith(settings.API_PATH):
        return JsonResponse({"detail": sentence}, status=400)
    request.reading = read_parameters("", "", now=now())  # type: ignore[attr-defined]
    return render(request, "400.html", {"sentence": sentence}, status=400)
