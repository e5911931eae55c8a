"""Rendering a page, or the one part of it that htmx asks for."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render as django_render
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers

from policy.http import ReadingRequest


def render(
    request: ReadingRequest,
    template: str,
    context: dict[str, Any],
    part: str = "",
    *,
    moves: bool = True,
) -> HttpResponse:
    """The whole page, or its partial ``part`` when htmx asks to swap that part in.

    Whatever swaps the body asks for the whole page, since its target has no id: so does a
    change of the day, which is in every link. History restores ask for the whole page too.
    Where the part ``moves`` the reader to the address that it came from, what the frame says of
    that address (citation, permalink, export, the form of the two times) comes with it.
    The answers differ by header, so caches are told.
    """
    details = request.htmx
    swap = part and details and details.target and not details.history_restore_request
    response = django_render(request, f"{template}#{part}" if swap else template, context)
    if swap and moves:
        response.write(render_to_string("policy/parts/frame.html", context, request))
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
