"""``manage.py send_alerts``: plan and send deadline mails without Celery."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from policy.clock import now
from policy.tasks import tick

# As often as Celery's beat.
EVERY = 60.0


class Command(BaseCommand):
    help = "Plan the mails that are due and send what waits; every minute, or once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do it once and stop")
        parser.add_argument("--json", action="store_true", help="print one JSON object a run")

    def handle(self, *args: object, **options: Any) -> None:
        while True:
            report = {"at": now().isoformat(), **tick()}
            self.stdout.write(json.dumps(report) if options["json"] else table(report))
            if options["once"]:
                return
            time.sleep(EVERY)


def table(report: dict[str, Any]) -> str:
    """The report as people read it."""
    planned, delivered = report["planned"], report["delivered"]
    lines = [f"{'planned':<12}{name:<12}{count:>7}" for name, count in planned.items()]
    lines += [
        f"{'delivered':<12}{name:<12}{count:>7}"
        for name, count in delivered.items()
        if name != "unreachable"
    ]
    if delivered["unreachable"]:
        lines.append(f"The mail server is not reachable: {delivered['unreachable']}")
    return "\n".join(lines)
