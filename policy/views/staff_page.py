"""What the pages below ``staff/`` share: their place among the templates."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from policy.views.unlisted import FRAME


def show(
    request: HttpRequest, page: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"policy/staff/{page}.html", {**FRAME, **context}, status=status)
