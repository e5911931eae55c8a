"""A simple limit on what strangers can make the site do, counted in the cache."""

import hashlib
from datetime import timedelta

from django.core.cache import cache


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
