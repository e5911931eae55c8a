"""What every page needs besides its own content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from policy.domain.partial_dates import day_text
from policy.domain.roles import Power
from policy.models import Change
from policy.permissions import can_power
from policy.queries.asof import Reading
from policy.queries.desk import unreviewed
from policy.queries.incidents import open_incidents

NAVIGATION = (
    ("Home", "policy:home"),
    ("Rules", "policy:rules"),
    ("Deadlines", "policy:deadlines"),
    ("Tier map", "policy:tiers"),
    ("Entity List", "entities:list"),
    ("Reactions", "policy:reactions"),
    ("Claims", "policy:claims"),
    ("Sources", "policy:sources"),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """The reading, the navigation that keeps it, and how to cite the page."""
    reading: Reading = request.reading  # type: ignore[attr-defined]  # set by ReadingMiddleware
    permalink = permalink_of(request, reading)
    query = f"?{reading.query}" if reading.query else ""
    return {
        "asof": reading,
        "incidents": open_incidents(),
        "unreviewed": unreviewed_for(request),
        "nav": [navigation_item(request, label, name, reading) for label, name in NAVIGATION],
        "site_url": settings.SITE_URL,
        "support_email": settings.SUPPORT_EMAIL,
        "permalink": permalink,
        "citation_text": citation_text(reading, permalink),
        "export_url": f"?{urlencode({**single_values(request), 'format': 'csv'})}",
        "kept_params": kept_parameters(request),
        "today_url": address(request.path, kept_parameters(request)),
        "home_url": reverse("policy:home") + query,
        "search_url": reverse("policy:search"),
        "about_url": reverse("policy:sources") + query,
        "api_url": reverse("api-1:openapi-view"),
        "search_query": request.GET.get("q", "")
        if request.path == reverse("policy:search")
        else "",
    }


def unreviewed_for(request: HttpRequest) -> list[Change]:
    """On every page of the desk: what was published as an emergency and nobody has looked at."""
    on_desk = request.path.startswith(reverse("policy:desk")) and hasattr(request, "user")
    return unreviewed() if on_desk and can_power(request.user, Power.SEE_DESK) else []


def address(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


def single_values(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.GET.items() if name != "format"}


def kept_parameters(request: HttpRequest) -> list[tuple[str, str]]:
    """The page's own parameters, for a form that changes only the point in time."""
    skipped = {"on", "known", "format", "page"}
    return [
        (name, value)
        for name, values in request.GET.lists()
        if name not in skipped
        for value in values
    ]


def navigation_item(
    request: HttpRequest, label: str, name: str, reading: Reading
) -> dict[str, Any]:
    url = reverse(name)
    is_home = name == "policy:home"
    current = request.path == url if is_home else request.path.startswith(url)
    query = f"?{reading.query}" if reading.query else ""
    return {"label": label, "url": url + query, "current": current}


def permalink_of(request: HttpRequest, reading: Reading) -> str:
    """The absolute address that keeps showing what the reader sees now."""
    page_number = [("page", n) for n in request.GET.getlist("page")[:1]]
    own = [(n, v) for n, v in [*kept_parameters(request), *page_number] if v]
    return f"{settings.SITE_URL}{request.path}?{urlencode([*own, *reading.pinned.items()])}"


def citation_text(reading: Reading, permalink: str) -> str:
    known = f", as known {reading.known_text}"
    return f"Earmark, record as of {day_text(reading.on)}{known}. {permalink}"
