"""Rendering a page, or the one part of it that htmx asks for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render as django_render

from policy.http import ReadingRequest


def render(
    request: ReadingRequest, template: str, context: dict[str, Any], part: str = ""
) -> HttpResponse:
    """The whole page, or its partial ``part`` when htmx asks to swap that part in.

    History restores ask for the whole page. Both answers differ by HX-Request, so caches
    are told.
    """
    swap = part and request.htmx and not request.htmx.history_restore_request
    response = django_render(request, f"{template}#{part}" if swap else template, context)
    response["Vary"] = "HX-Request"
    return response
