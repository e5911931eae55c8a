"""``manage.py watchdog``: outside Celery, see whether beat, worker and sources are alive."""

import json
import logging
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.db import Error, close_old_connections

from policy.actions.watch import watch
from policy.clock import now
from policy.management.base import RecordCommand

logger = logging.getLogger(__name__)

EVERY = 60.0
# What starts beside the watchdog is given time to show itself.
FIRST_LOOK = 150.0


class Command(RecordCommand):
    help = "See whether beat, worker and sources are alive, each minute; --once for cron."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once and stop")
        parser.add_argument("--json", action="store_true", help="print one JSON object a look")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"]:
            self.look(options)
            return
        time.sleep(FIRST_LOOK)
        while True:
            try:
                close_old_connections()
                self.look(options)
            except Error as error:
                logger.warning("watchdog: %s", error)
            time.sleep(EVERY)

    def look(self, options: dict[str, Any]) -> None:
        found = asdict(watch(at=now()))
        if options["json"]:
            self.stdout.write(json.dumps(found))
        elif options["once"] or found["opened"] or found["closed"]:
            self.stdout.write(", ".join(f"{count} {name}" for name, count in found.items()))
