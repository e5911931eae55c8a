"""What every page of the desk's editor has in common: nobody keeps or cites it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from policy.http import ReadingRequest, Response
from policy.models import User
from policy.views.render import render

# Neither cited nor exported: it is no part of the record.
FRAME = {"permalink": "", "citation_text": "", "export_url": ""}
View = Callable[..., Response]


def desk_page(view: View) -> View:
    """For pages that no cache and no search engine keeps; who may open them the table says."""

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> Response:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapped


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
