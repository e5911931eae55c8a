"""Kombu's Redis transport, with a worker that outlives the broker.

When the broker breaks off while a task runs, kombu 5.7 gives back that task's message over a
connection that it has already taken apart, and the AttributeError that comes of it ends the
worker: nothing is sent until somebody starts it again. Here it is the lost connection that it
is, which Celery knows how to mend.
"""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as ConnectionLost


class Channel(redis.Channel):
    """A channel that says that its connection is closed."""

    def _connparams(self, asynchronous: bool = False) -> Any:
        if self.connection.client is None:
            raise ConnectionLost("the connection to the broker has been closed")
        return super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]  # its stubs lack it


class Transport(redis.Transport):
    Channel = Channel
