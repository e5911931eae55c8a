"""What the pages below ``staff/`` share: no cache and no search engine keeps one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

# Neither cited nor exported: it is no part of the record.
FRAME = {"permalink": "", "citation_text": "", "export_url": ""}

View = Callable[..., HttpResponse]


def staff_page(view: View) -> View:
    """For a staff page; ``policy.middleware.PowerMiddleware`` has asked who may open it."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


def show(
    request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"policy/staff/{page}.html", {**FRAME, **context}, status=status)
