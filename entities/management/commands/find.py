"""Search the Entity List by name on the command line."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from entities.models import Entity
from entities.queries.names import find_names
from policy.clock import now
from policy.domain.partial_dates import BadDate, day_text
from policy.management.base import RecordCommand
from policy.queries.asof import Reading, read_parameters


class Command(RecordCommand):
    help = "Find parties of the Entity List by name, alias, typing error or Chinese characters."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--on", default="", help="the day, 2025-01-16; today if left out")
        parser.add_argument("--known", default="", help="as known at the end of this day")
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--json", action="store_true", help="one JSON array")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            reading = read_parameters(options["on"], options["known"], now=now())
        except BadDate as refused:
            raise CommandError(str(refused)) from refused
        rows = self.rows(options["name"], reading, options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            reasons = ", ".join(row["reasons"])
            self.stdout.write(f"{row['score']:>5}  {row['name']}  ({reasons})  {row['entity']}")
        if not rows:
            self.stdout.write(self.nothing(reading))

    def rows(self, name: str, reading: Reading, limit: int) -> list[dict[str, Any]]:
        matches = find_names(name, reading, limit=max(1, limit))
        slugs = dict(
            Entity.objects.filter(pk__in=[m.entity_id for m in matches]).values_list("pk", "slug")
        )
        return [
            {
                "entity": slugs[match.entity_id],
                "name": match.name,
                "score": match.score,
                "reasons": list(match.reasons),
            }
            for match in matches
        ]

    def nothing(self, reading: Reading) -> str:
        end = reading.list_coverage_end
        covered = f"confirmed for {day_text(end)}" if end else "which has not been imported yet"
        return (
            f"No name of the Entity List ({covered}) in force on {day_text(reading.on)} is alike. "
            f"The list is not the law: parties may be caught without standing on it."
        )
