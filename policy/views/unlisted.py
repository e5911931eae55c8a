"""Pages that are no part of the record: neither cited nor exported, kept by no cache or engine."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

FRAME = {"permalink": "", "citation_text": "", "export_url": ""}

View = Callable[..., HttpResponseBase]


def unlisted(view: View) -> View:
    """For a page of staff, of the desk, or behind a token; the table of powers says whose."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped
