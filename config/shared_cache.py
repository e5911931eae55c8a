"""Counts that all web processes share: in Redis beside the queue, and what holds without it.

Here are limits on requests for mail (``policy.views.throttle``), limits on sign-in and codes of
second factors that were used (allauth). Lockouts are not: django-axes keeps them in the database.
Nor is what each page asks for or what is large: that stays in the memory of each process, under
the alias ``local``, so that no page of the record waits for Redis.
"""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

BACKEND = "config.shared_cache.SharedCache"
# In seconds. A server that does not answer holds up a sign-in, so it is not waited for.
PATIENCE = 0.5
DIRECT = ("redis://", "rediss://", "unix://")


def location_of(url: str) -> str:
    """Where redis-py finds the server that an address of Celery's names; empty where it cannot.

    Sentinels and clusters have addresses of their own, which CACHE_URL has to translate.
    """
    unix = re.sub(r"^redis\+socket://", "unix://", url).replace("virtual_host=", "db=")
    return unix if unix.startswith(DIRECT) else ""


def shared_cache(url: str) -> dict[str, Any]:
    """The entry of ``CACHES`` for a server; none where the address names no Redis."""
    if not (location := location_of(url)):
        return {}
    options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    return {
        "BACKEND": BACKEND,
        "LOCATION": location,
        "KEY_PREFIX": "earmark",
        "OPTIONS": options,
    }


def or_here(name: str) -> Callable[..., Any]:
    """A method of Django's cache that falls back on the memory of this process."""
    there = getattr(RedisCache, name)

    def method(self: "SharedCache", *args: Any, **kwargs: Any) -> Any:
        try:
            found = there(self, *args, **kwargs)
        except RedisError as away:
            self.note_away(away)
            return getattr(caches["local"], name)(*args, **kwargs)
        self.is_away = False
        return found

    return method


class SharedCache(RedisCache):
    """Django's cache in Redis, which holds by itself while the server is away.

    A limit that were open then would be lifted by whoever brings Redis down, and one that were
    closed would let nobody sign in. So each process goes on counting, and a limit is at most as
    many times wider as there are processes. A server that comes back, or was emptied, counts anew.
    """

    add = or_here("add")
    get = or_here("get")
    set = or_here("set")
    touch = or_here("touch")
    delete = or_here("delete")
    has_key = or_here("has_key")
    incr = or_here("incr")
    get_many = or_here("get_many")
    set_many = or_here("set_many")
    delete_many = or_here("delete_many")

    is_away = False

    def note_away(self, away: RedisError) -> None:
        """Once an outage: each sign-in would say it several times."""
        if not self.is_away:
            logger.warning("Redis cannot be asked, so this process counts for itself: %s", away)
        self.is_away = True

    def clear(self) -> None:
        """Raises NotImplementedError: Django would empty the server, and the queue with it."""
        msg = "The queue lives on the same server: delete keys, never all of it."
        raise NotImplementedError(msg)
