"""Import documents from answers of the Federal Register's API."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from policy.actions.import_federal_register import DocumentsReport, import_federal_register
from policy.clock import now
from policy.management.base import RecordCommand
from policy.sources.inputs import read_inputs
from policy.sources.safe_xml import Refused

COUNTS = (
    "files",
    "documents",
    "created",
    "changed",
    "unchanged",
    "dates_confirmed",
    "proposals",
    "conflicts",
)
# Enough to see what kind of trouble there is; --json has them all.
SHOWN = 20


class Command(RecordCommand):
    help = "Import Federal Register documents from a file, or a folder of files, of its API."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a JSON file, or a folder of them")
        parser.add_argument("--by", default="import_federal_register", help="who imports")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["path"]
        try:
            files = read_inputs(path, suffixes={".json"})
            report = import_federal_register(files=files, at=now(), by=options["by"])
        except Refused as refused:
            msg = f"Nothing was imported. {refused} The record is as it was."
            raise CommandError(msg) from refused
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        else:
            self.print_table(report)

    def print_table(self, report: DocumentsReport) -> None:
        for name in COUNTS:
            value = getattr(report, name)
            self.stdout.write(f"{name.replace('_', ' '):<18}{value:>8,}")
        for title, rows in (("skipped", report.skipped), ("problems", report.problems)):
            self.stdout.write(f"{title:<18}{len(rows):>8,}")
            for row in rows[:SHOWN]:
                self.stdout.write(f"  {row['document']}: {row['reason']}")
            if len(rows) > SHOWN:
                self.stdout.write(f"  … and {len(rows) - SHOWN} more; --json lists them all")
        if report.revision is None:
            self.stdout.write("Nothing in these files is new; nothing was written.")
