"""Reads ``on`` and ``known`` once per request, and asks who may see the page that is meant."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from policy.clock import now
from policy.domain.partial_dates import BadDate
from policy.domain.roles import Power
from policy.permissions import check_power, lacks_second_factor, power_of
from policy.queries.asof import read_parameters

NUL = "The address holds a NUL character (%00), which no text of the record has."
POSTED_NUL = "What was sent holds a NUL character, which no text of the record has."
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


class PowerMiddleware:
    """Lets a request pass to a page whose power its user has; the one place that decides.

    Whoever has not signed in is sent to do so and comes back; who lacks a second factor is
    told what to do. Readers of public pages are not even looked up. Every page shows who has
    signed in, so caches are told that it differs by cookie, and keep none of an account.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
            if has_session(request):
                patch_cache_control(response, private=True)
        return response

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        match = request.resolver_match
        if any("\0" in value for _, values in request.POST.lists() for value in values):
            return refuse(request, POSTED_NUL)
        power = power_of(match.view_name if match else "", request.method or "")
        if power is Power.READ:
            return None
        if not request.user.is_authenticated:
            return go_to(request, settings.LOGIN_URL)
        check_power(request.user, power)
        if lacks_second_factor(request.user, power):
            return go_to(request, "policy:second-factor")
        return None


def has_session(request: HttpRequest) -> bool:
    """Whether somebody may have signed in, without a look at the database."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def go_to(request: HttpRequest, name: str) -> HttpResponse:
    """To another page first, which leads back to this one; what was posted is not repeated."""
    url = reverse(name)
    if request.method in ("GET", "HEAD"):
        url = f"{url}?{urlencode({'next': request.get_full_path()})}"
    # htmx would put the other page into a part of this one.
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)
