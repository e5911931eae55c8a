"""Import answers of the regulations.gov API on the followed dockets."""

import json
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from policy.actions.docket_plan import RegulationsReport
from policy.actions.import_regulations import import_regulations
from policy.clock import now
from policy.management.base import RecordCommand
from policy.sources.inputs import read_inputs
from policy.sources.safe_xml import Refused

COUNTS = (
    "files",
    "dockets",
    "documents",
    "documents_new",
    "documents_changed",
    "documents_unchanged",
    "periods_confirmed",
    "periods_set",
    "conflicts",
    "comments",
    "comment_counts",
    "reactions_new",
    "reactions_changed",
    "reactions_unchanged",
    "reactions_ended",
    "comments_asked_about",
    "questions",
)
# Enough to see what kind of trouble there is; --json has them all.
SHOWN = 20


class Command(RecordCommand):
    help = "Import answers of regulations.gov on the followed dockets, from a file or a folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="a JSON file, or a folder of them")
        parser.add_argument(
            "--asked-at",
            type=instant,
            help="when the answers were given, such as 2026-11-20T09:00-05:00; else now",
        )
        parser.add_argument(
            "--part",
            action="store_true",
            help="the answers are to a narrower question, so that their totals count no docket",
        )
        parser.add_argument(
            "--accept-losses", action="store_true", help="end comments however many are withdrawn"
        )
        parser.add_argument("--by", default="import_regulations", help="who imports")
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["path"]
        try:
            report = import_regulations(
                files=read_inputs(path, suffixes={".json"}),
                at=now(),
                by=options["by"],
                asked_at=asked_at(options["asked_at"]),
                is_part=options["part"],
                accept_losses=options["accept_losses"],
            )
        except Refused as refused:
            msg = f"Nothing was imported. {refused} The record is as it was."
            raise CommandError(msg) from refused
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
        else:
            self.print_table(report)

    def print_table(self, report: RegulationsReport) -> None:
        for name in COUNTS:
            self.stdout.write(f"{name.replace('_', ' '):<22}{getattr(report, name):>8,}")
        self.stdout.write(f"{'skipped':<22}{len(report.skipped):>8,}")
        for reason, count in Counter(row["reason"] for row in report.skipped).most_common(SHOWN):
            self.stdout.write(f"  {count:>8,}  {reason}")
        self.stdout.write(f"{'problems':<22}{len(report.problems):>8,}")
        for row in report.problems[:SHOWN]:
            self.stdout.write(f"  {row['item']} {row['field']}: {row['reason']}")
        if len(report.problems) > SHOWN:
            self.stdout.write(f"  … and {len(report.problems) - SHOWN} more; --json lists them all")
        if report.next_filter:
            self.stdout.write(f"To go on, ask for lastModifiedDate from {report.next_filter}.")
        if report.revision is None:
            self.stdout.write("Nothing in these files is new; nothing was written.")


def instant(text: str) -> datetime:
    """An argument's instant. Raises ValueError, which argparse turns into its own sentence."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        msg = f"{text} has no time zone"
        raise ValueError(msg)
    return found


def asked_at(given: datetime | None) -> datetime | None:
    """Raises Refused for an instant that lies ahead."""
    if given and given > now():
        msg = "The answers cannot have been given after now."
        raise Refused(msg)
    return given
