"""A simple limit on what strangers can make the site do, counted in the cache."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def network_of(request: HttpRequest) -> str:
    """The address that a request comes from.

    In production a proxy stands in front, and what it saw is the last it has added to
    X-Forwarded-For; everything before that is the client's own word.
    """
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.PRODUCTION else ""
    return seen.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def is_within_limit(what: str, who: str, *, limit: int, per: timedelta) -> bool:
    """Count one more attempt of ``who`` at ``what``; False once there were too many.

    The count starts anew ``per`` after its first attempt. Only a digest of ``who`` is kept.
    """
    digest = hashlib.sha256(who.encode()).hexdigest()[:32]
    key = f"throttle:{what}:{digest}"
    if cache.add(key, 1, timeout=int(per.total_seconds())):
        return limit >= 1
    try:
        return cache.incr(key) <= limit
    except ValueError:
        # It expired between the two calls.
        return True
