"""The one place that asks the machine for the time. Only edges call it; below, ``at`` is given."""

from datetime import datetime

from django.utils import timezone


def now() -> datetime:
    """The current UTC instant."""
    return timezone.now()
