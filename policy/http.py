"""The request as this project's middleware leaves it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from policy.queries.asof import Reading


class ReadingRequest(HttpRequest):
    """An HttpRequest with the point in both times that it asks about."""

    reading: Reading
    htmx: HtmxDetails
