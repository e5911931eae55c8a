"""Beat and worker say that they are alive, in rows that the watchdog reads."""

import logging
import time
from datetime import datetime, timedelta
from typing import Any

from celery.beat import PersistentScheduler
from django.db import Error, close_old_connections

from policy.clock import now
from policy.models import Heartbeat

logger = logging.getLogger(__name__)

BEAT, WORKER = "beat", "worker"
# How often a process writes its row.
EVERY = timedelta(seconds=20)


def beat_heart(process: str, *, at: datetime) -> None:
    """Note that a process was alive at the UTC instant ``at``."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": at})


class Pulse:
    """Writes a heartbeat now and then. A database that is away must not stop the process."""

    def __init__(self, process: str) -> None:
        self.process, self.last = process, float("-inf")

    def __call__(self) -> None:
        if time.monotonic() - self.last < EVERY.total_seconds():
            return
        self.last = time.monotonic()
        try:
            close_old_connections()
            beat_heart(self.process, at=now())
        except Error as error:
            logger.warning("heartbeat of %s: %s", self.process, error)


class BeatingScheduler(PersistentScheduler):
    """Celery's own scheduler, with a pulse, for clocks that may be set back."""

    # It wakes often enough for its pulse, however rare its entries are.
    max_interval = 15

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.pulse = Pulse(BEAT)
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        self.pulse()
        self.believe_the_clock()
        return min(super().tick(*args, **kwargs), float(self.max_interval))

    def believe_the_clock(self) -> None:
        """Forget runs that lie ahead of the clock, which was set back since.

        Celery keeps them in a file, and would wait until the clock has come as far again.
        """
        at = self.app.now()
        ahead = [e for e in self.schedule.values() if e.last_run_at and e.last_run_at > at]
        for entry in ahead:
            logger.warning("%s last ran at %s, ahead of the clock", entry.name, entry.last_run_at)
            entry.last_run_at = at
        if ahead:
            # It is in the order of the wrong times.
            self._heap = None
