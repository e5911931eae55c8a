"""Import parts of the eCFR, and with part 744 the Entity List, from files."""

import gc
import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from entities.actions.import_ecfr import import_ecfr
from entities.actions.import_report import ImportReport
from policy.clock import now
from policy.domain.asof import parse_day
from policy.domain.partial_dates import BadDate
from policy.management.base import RecordCommand
from policy.sources.inputs import InputFile, read_inputs
from policy.sources.safe_xml import Refused

COUNTS = (
    "rows",
    "listings",
    "destinations",
    "entities",
    "names",
    "addresses",
    "citations",
    "created",
    "changed",
    "ended",
    "unchanged",
)
# Enough to see what kind of trouble there is; --json has them all.
PROBLEMS_SHOWN = 20
DAY_IN_NAME = re.compile(r"\d{4}-\d{2}-\d{2}")


def dated(path: Path, options: dict[str, Any]) -> list[tuple[date, InputFile]]:
    """The files with their days, the oldest first. Raises CommandError for what is unreadable."""
    name = path.name
    try:
        found = []
        for file in read_inputs(path, suffixes={".xml"}):
            name = file.name
            found.append((day_of(name, options["date"]), file))
    except (Refused, BadDate) as refused:
        raise CommandError(sentence(name, refused)) from refused
    return sorted(found, key=lambda one: (one[0], one[1].name))


def day_of(name: str, given: str | None) -> date:
    """The day given, else the one in a name such as title-15_part-744_2026-03-25.xml."""
    if given:
        return parse_day(given, "--date")
    found = DAY_IN_NAME.search(name)
    if found is None:
        raise Refused("Its name holds no day; say with --date for which day the eCFR serves it.")
    return parse_day(found[0], "the file's name")


def sentence(name: str, refused: Exception) -> str:
    return f"{name} was not imported: {refused} The list is as it was."


class Command(RecordCommand):
    help = (
        "Import a part from the eCFR's XML: the text of its sections, and of part 744 the "
        "Entity List, which is its Supplement No. 4."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the XML file, or a folder of them")
        parser.add_argument(
            "--date", help="the day for which the eCFR serves it; if left out, that of its name"
        )
        parser.add_argument("--by", default="import_ecfr", help="who imports, for the record")
        parser.add_argument(
            "--backfill", action="store_true", help="allow a day before the newest snapshot"
        )
        parser.add_argument(
            "--accept-losses", action="store_true", help="allow a list that shrinks beyond reason"
        )
        parser.add_argument(
            "--json", action="store_true", help="one JSON object; of a folder, a list of them"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["file"]
        # No row is garbage before the end; looking for some takes a tenth of the time.
        gc.disable()
        try:
            reports = [self.take_in(day, file, options) for day, file in dated(path, options)]
        finally:
            gc.enable()
        if options["json"]:
            values = [asdict(report) for report in reports]
            found = values if path.is_dir() else values[0]
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for report in reports:
            if path.is_dir():
                self.stdout.write(f"── part {report.part}, {report.date}")
            self.print_table(report)

    def take_in(self, day: date, file: InputFile, options: dict[str, Any]) -> ImportReport:
        try:
            return import_ecfr(
                data=file.data,
                file_name=file.name,
                as_of=day,
                at=now(),
                by=options["by"],
                backfill=options["backfill"],
                accept_losses=options["accept_losses"],
            )
        except Refused as refused:
            raise CommandError(sentence(file.name, refused)) from refused

    def print_table(self, report: ImportReport) -> None:
        if report.listings:
            self.print_list(report)
        if report.text:
            self.print_text(report.text)
        if report.revision is None:
            self.stdout.write("This very file was imported before; nothing was written.")

    def print_list(self, report: ImportReport) -> None:
        values = asdict(report)
        for name in COUNTS:
            self.stdout.write(f"{name:<14}{values[name]:>8,}")
        self.print_problems(report.problems)
        shares = {
            "joined to a known document": report.joined_known,
            "joined to a stub": report.joined_stub,
            "unread": len(report.unread),
        }
        for name, rows in shares.items():
            self.stdout.write(f"{name:<28}{rows:>8,} rows {rows / report.listings:>8.2%}")
        for name in report.unread:
            self.stdout.write(f"  {name[:100]}")

    def print_problems(self, problems: list[dict[str, Any]]) -> None:
        self.stdout.write(f"{'problems':<14}{len(problems):>8,}")
        for problem in problems[:PROBLEMS_SHOWN]:
            text = str(problem["text"])[:90]
            place = f"row {problem['row']}, " if problem["row"] else ""
            self.stdout.write(f"  {place}{problem['cell']}: {problem['reason']}: {text}")
        rest = len(problems) - PROBLEMS_SHOWN
        if rest > 0:
            self.stdout.write(f"  … and {rest} more; --json lists them all")

    def print_text(self, text: dict[str, Any]) -> None:
        self.stdout.write(f"part {text['part']}: {text['sections']} sections")
        for name in ("added", "amended", "removed", "unchanged", "stays", "proposals"):
            self.stdout.write(f"  {name:<12}{text[name]:>8,}")
        for problem in text["problems"]:
            self.stdout.write(f"  {problem['text']}: {problem['reason']}")
