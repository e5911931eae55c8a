"""What every page says of incidents: looked up seldom, since every page asks."""

from django.core.cache import caches

from policy.models import Incident

# An incident may show this many seconds late.
LOOKED_UP_EVERY = 15
KEY = "policy.incidents"


def open_incidents() -> list[str]:
    """The sentences of what has gone quiet, the oldest first."""
    found: list[str] | None = caches["local"].get(KEY)
    if found is None:
        rows = Incident.objects.filter(closed=None).order_by("opened", "pk")
        found = list(rows.values_list("sentence", flat=True))
        caches["local"].set(KEY, found, LOOKED_UP_EVERY)
    return found
