"""Count a deadline on the command line."""

import json
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from policy.clock import now
from policy.domain.asof import parse_day
from policy.domain.deadlines import BadInterval, Receipt, count_deadline, eastern_day
from policy.domain.partial_dates import BadDate, day_text
from policy.management.base import RecordCommand
from policy.queries.asof import read_parameters
from policy.queries.deadlines import federal_calendar


class Command(RecordCommand):
    help = "Count a period under 1 CFR 18.17 and show how its end came about."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--published", required=True, help="day of publication, 2025-01-15")
        parser.add_argument("--days", required=True, type=int, help="calendar days, 1 to 3650")
        parser.add_argument("--known", help="count as on this day: later closings do not count")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            published = parse_day(options["published"], "--published")
            known = parse_day(options["known"], "--known") if options["known"] else None
            receipt = self.count(published, options["days"], known)
        except (BadDate, BadInterval) as refused:
            raise CommandError(str(refused)) from refused
        if options["json"]:
            self.stdout.write(json.dumps(receipt.as_json(), indent=1))
            return
        for name, value in table_of(receipt):
            self.stdout.write(f"{name:<16}{value}")

    def count(self, published: date, days: int, known: date | None) -> Receipt:
        reading = read_parameters("", "", now=now())
        known = known or max(published, eastern_day(now()))
        return count_deadline(
            published=published, days=days, calendar=federal_calendar(reading), known=known
        )


def table_of(receipt: Receipt) -> list[tuple[str, str]]:
    """The receipt as lines for a person."""
    rows = [
        ("Published", day_text(receipt.anchor) if receipt.anchor else "not known"),
        ("Day 1", day_text(receipt.day_one) if receipt.day_one else "not known"),
        (f"Day {receipt.days}", day_text(receipt.raw_last_day) if receipt.raw_last_day else ""),
    ]
    rows += [("Closed", f"{day_text(roll.day)}: {roll.reason}") for roll in receipt.rolls]
    rows += [
        ("Due", f"{receipt.due:%A}, {day_text(receipt.due)}, {receipt.cutoff} Eastern"),
        ("In UTC", receipt.instant.strftime("%Y-%m-%dT%H:%M:%SZ")),
        ("Basis", f"{receipt.basis}, {receipt.rule}"),
    ]
    return rows
