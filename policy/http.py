"""The request as this project's middleware leaves it, and the answers that views give."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_htmx.middleware import HtmxDetails

from policy.queries.asof import Reading

# A page, a redirect, or a download that streams.
Response = HttpResponseBase


class ReadingRequest(HttpRequest):
    """An HttpRequest with the point in both times that it asks about."""

    reading: Reading
    htmx: HtmxDetails


def with_parameters(url: str, parameters: Mapping[str, object]) -> str:
    """``url`` with parameters added to those that it has, before any fragment."""
    if not parameters:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(parameters))))
    return urlunsplit(parts._replace(query=query))
