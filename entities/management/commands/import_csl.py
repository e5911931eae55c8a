"""Import the Consolidated Screening List from trade.gov's CSV or JSON."""

import gc
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from entities.actions.import_csl import ScreeningReport, import_csl
from entities.sources.screening_list import MAX_BYTES
from policy.clock import now
from policy.domain.asof import parse_day
from policy.domain.partial_dates import BadDate
from policy.management.base import RecordCommand
from policy.sources.inputs import read_inputs
from policy.sources.safe_xml import Refused

COUNTS = ("rows", "created", "changed", "ended", "unchanged")
# Enough to see what kind of trouble there is; --json has them all.
SHOWN = 20


class Command(RecordCommand):
    help = "Import one day's Consolidated Screening List from trade.gov's CSV or JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the file, or a folder that holds it alone")
        parser.add_argument("--date", required=True, help="the day that the list speaks for")
        parser.add_argument("--by", default="import_csl", help="who imports, for the record")
        parser.add_argument(
            "--accept-losses", action="store_true", help="allow a list that shrinks or is gone"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        # No row is garbage before the end; looking for some takes a tenth of the time.
        gc.disable()
        try:
            files = read_inputs(options["path"], suffixes={".csv", ".json"}, max_bytes=MAX_BYTES)
            report = import_csl(
                files=files,
                as_of=parse_day(options["date"], "--date"),
                at=now(),
                by=options["by"],
                accept_losses=options["accept_losses"],
            )
        except (Refused, BadDate) as refused:
            msg = f"Nothing was imported: {refused} The lists are as they were."
            raise CommandError(msg) from refused
        finally:
            gc.enable()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        else:
            self.print_table(report)

    def print_table(self, report: ScreeningReport) -> None:
        for code, count in report.lists.items():
            self.stdout.write(f"{code:<14}{count:>8,}")
        for name in COUNTS:
            self.stdout.write(f"{name:<14}{getattr(report, name):>8,}")
        self.stdout.write(f"{'problems':<14}{len(report.problems):>8,}")
        for problem in report.problems[:SHOWN]:
            self.stdout.write(
                f"  row {problem['row']}, {problem['cell']}: {problem['reason']}: {problem['text']}"
            )
        if len(report.problems) > SHOWN:
            self.stdout.write(f"  … and {len(report.problems) - SHOWN} more; --json has them all")
        if report.revision is None:
            self.stdout.write("This very file was imported before; nothing was written.")
