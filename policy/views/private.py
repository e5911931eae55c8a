"""Pages that a key in their address opens: nobody else's eyes, no cache, no search engine."""

from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from policy.views.unlisted import FRAME, View, unlisted


def private(view: View) -> View:
    """For pages that a token opens; an unknown token gets a page that says so."""

    @unlisted
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return show(request, "unknown", {}, status=404)

    return wrapped


def show(
    request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    template = f"policy/subscriptions/{page}.html"
    return render(request, template, {**FRAME, **context}, status=status)
