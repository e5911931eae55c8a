"""Rendering a page, or the one part of it that htmx asks for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render as django_render
from django.utils.cache import patch_vary_headers

from policy.http import ReadingRequest


def render(
    request: ReadingRequest, template: str, context: dict[str, Any], part: str = ""
) -> HttpResponse:
    """The whole page, or its partial ``part`` when htmx asks to swap that part in.

    Whatever swaps the body asks for the whole page, since its target has no id: so does a
    change of the day, which is in every link. History restores ask for the whole page too.
    The answers differ by header, so caches are told.
    """
    details = request.htmx
    swap = part and details and details.target and not details.history_restore_request
    response = django_render(request, f"{template}#{part}" if swap else template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
