"""The request as this project's middleware leaves it, and the answers that views give."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from policy.models import User
from policy.queries.asof import Reading

# Nine digits are some number of a row or a version; more were never one of ours.
MOST_DIGITS = 9
# A page, a redirect, or a download that streams.
Response = HttpResponseBase


class ReadingRequest(HttpRequest):
    """An HttpRequest with the point in both times that it asks about."""

    reading: Reading
    htmx: HtmxDetails


class AccountRequest(HttpRequest):
    """An HttpRequest that PowerMiddleware let pass for somebody who has signed in."""

    user: User


def whole(text: str) -> int:
    """The number that a form sent; 0 for what is none, or too long for any table."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else 0


def with_parameters(url: str, parameters: Mapping[str, object]) -> str:
    """``url`` with parameters added to those that it has, before any fragment."""
    if not parameters:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(parameters))))
    return urlunsplit(parts._replace(query=query))


def network_of(request: HttpRequest) -> str:
    """The address that a request comes from.

    In production a proxy stands in front, and what it saw is the last it has added to
    X-Forwarded-For; everything before that is the client's own word.
    """
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.PRODUCTION else ""
    return seen.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
