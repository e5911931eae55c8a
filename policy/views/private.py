"""Pages that a key in their address opens: nobody else's eyes, no cache, no search engine."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

# A page that a token opens must not be cited or linked: whoever has the address has the key.
PRIVATE = {"permalink": "", "citation_text": "", "export_url": ""}

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """For pages that a token opens; an unknown token gets a page that says so."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            response = show(request, "unknown", {}, status=404)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


def show(
    request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    template = f"policy/subscriptions/{page}.html"
    return render(request, template, {**PRIVATE, **context}, status=status)
