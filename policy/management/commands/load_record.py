"""``manage.py load_record``: load the starting record from its files."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from policy.actions.check_record import RecordRefused
from policy.actions.load_record import LoadReport, load_record
from policy.clock import now
from policy.management.base import RecordCommand

# A file of the wrong kind has a problem on every line; the first few say what it is.
SHOWN = 40


class Command(RecordCommand):
    help = "Load the starting record. A second load of the same files changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--by", default="load_record", help="who loads, for the revision")
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument(
            "--file",
            type=Path,
            action="append",
            help="only this file, in place of the record file of that name; may be repeated",
        )
        chosen.add_argument("--folder", type=Path, help="only the files of this folder")

    def handle(self, *args: object, **options: Any) -> None:
        paths: list[Path] | None = options["file"]
        if options["folder"]:
            paths = sorted(options["folder"].glob("*.yaml"))
        try:
            report = load_record(at=now(), by=options["by"], paths=paths)
        except RecordRefused as refused:
            self.refuse(refused, as_json=options["json"])
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        else:
            self.stdout.write(json.dumps(asdict(report)) if options["json"] else table(report))

    def refuse(self, refused: RecordRefused, *, as_json: bool) -> None:
        if as_json:
            problems = [asdict(problem) for problem in refused.problems]
            self.stdout.write(json.dumps({"problems": problems}))
        shown = [str(problem) for problem in refused.problems[:SHOWN]]
        if len(refused.problems) > SHOWN:
            shown.append(f"… and {len(refused.problems) - SHOWN} more problems.")
        raise CommandError("\n".join(["Nothing was loaded.", *shown]))


def table(report: LoadReport) -> str:
    """The report as people read it."""
    if report.revision is None:
        return f"{report.files} files read, nothing has changed."
    lines = [f"{'section':<18}{'new':>7}{'changed':>9}{'removed':>9}"]
    lines += [f"{s.name:<18}{s.new:>7}{s.changed:>9}{s.removed:>9}" for s in report.sections]
    lines.append(
        f"{report.files} files read; revision {report.revision}: "
        f"{report.facts_inserted} facts recorded, {report.facts_closed} superseded, "
        f"{report.events} events."
    )
    return "\n".join(lines)
