"""Whether mails leave, for people and for what watches the site from outside."""

from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from policy.clock import now
from policy.queries.health import health
from policy.views.unlisted import FRAME

NO_DATABASE = "The database cannot be reached."
RED = 503


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """``/health/``: 200 is green, 503 is red; ``?format=json`` for programs."""
    wants_json = request.GET.get("format") == "json"
    try:
        found = health(now())
        status = 200 if found.is_green else RED
        if wants_json:
            return JsonResponse(found.as_json, status=status)
        context: dict[str, Any] = {**FRAME, "health": found}
        return render(request, "policy/health.html", context, status=status)
    except Error:
        return without_database(wants_json=wants_json)


def without_database(*, wants_json: bool) -> HttpResponse:
    """What can be said when nothing can be asked: the frame of a page needs the database."""
    if wants_json:
        return JsonResponse({"status": "red", "problems": [NO_DATABASE]}, status=RED)
    context = {"sentence": NO_DATABASE, "support_email": settings.SUPPORT_EMAIL}
    return HttpResponse(render_to_string("policy/health_red.html", context), status=RED)
