"""``manage.py sync``: ask every source once, now, and say what came of it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from policy.actions.sync import channel_named, sync_channel
from policy.clock import now
from policy.fetching.channel import Channel
from policy.management.base import RecordCommand
from policy.models import SourceCheck
from policy.queries.freshness import why_off
from policy.registry import channels

RUNNING = "running"
OFF = "not asked"


class Command(RecordCommand):
    help = "Ask all sources once, whatever their time, and import what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", action="append", help="only this one: ecfr, csl, …")
        parser.add_argument(
            "--accept-losses",
            action="store_true",
            help="allow a list that shrinks beyond reason; only with --source",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object by source")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["accept_losses"] and not options["source"]:
            raise CommandError("--accept-losses is said of a source: name it with --source.")
        found = {channel.slug: self.ask(channel, options) for channel in wanted(options)}
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            for slug, row in found.items():
                self.stdout.write(f"{slug:<18}{row['outcome']:<12}{row['message']}")
        waiting = (SourceCheck.Outcome.FAILED, SourceCheck.Outcome.WAITING)
        if any(row["outcome"] in waiting for row in found.values()):
            raise CommandError("Not every source could be read; see above.", returncode=1)

    def ask(self, channel: Channel, options: dict[str, Any]) -> dict[str, Any]:
        off = why_off(channel)
        if off:
            hint = f" By hand: {channel.import_command}"
            return {"outcome": OFF, "message": off + hint, "counts": {}}
        check = sync_channel(
            channel,
            clock=now,
            by="sync",
            accept_losses=options["accept_losses"],
            follow=self.follow,
        )
        if check is None:
            return {"outcome": RUNNING, "message": "Another run asks it now.", "counts": {}}
        return {"outcome": check.outcome, "message": check.message, "counts": check.counts}

    def follow(self, text: str) -> None:
        """Progress is for a person who waits: beside the table, not in it."""
        if self.stderr.isatty():
            self.stderr.write(f"\r\033[K  {text}", ending="")


def wanted(options: dict[str, Any]) -> list[Channel]:
    if not options["source"]:
        return channels()
    found = [channel_named(slug) for slug in options["source"]]
    if None in found:
        known = ", ".join(channel.slug for channel in channels())
        raise CommandError(f"There is no such source. There are: {known}.")
    return [channel for channel in found if channel is not None]
