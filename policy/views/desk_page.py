"""What every page of the desk's editor has in common: who asks, and how it is rendered."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse

from policy.http import ReadingRequest
from policy.models import User
from policy.views.render import render
from policy.views.unlisted import FRAME


def user_of(request: HttpRequest) -> User:
    """Who asks, on a page that the table of powers has let them open."""
    return cast(User, request.user)


def show(
    request: ReadingRequest,
    page: str,
    context: dict[str, Any],
    *,
    part: str = "",
    status: int = 200,
) -> HttpResponse:
    """A page of the editor, or the part of it that htmx asks for."""
    template = f"policy/desk/{page}.html"
    response = render(request, template, {**FRAME, **context}, part=part, moves=False)
    response.status_code = status
    return response
