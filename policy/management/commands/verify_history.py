"""``manage.py verify_history``: whether anything was altered behind the application's back."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policy.queries.verify import SealFile, Verified, compare_seal, verify_history

# So many faults are printed; whoever finds more has to look at the database itself.
PRINTED = 100


class Command(BaseCommand):
    help = "Compute the whole history anew and find any row altered, added or removed. Ends with 1."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, help="write the newest seal to this file")
        parser.add_argument(
            "--against", type=Path, help="a file of --export: is its seal still in the history?"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        kept = read_seal(options["against"]) if options["against"] else None
        found = verify_history()
        if kept:
            found.findings += compare_seal(kept)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), default=str, ensure_ascii=False))
        else:
            self.tell(found)
        if found.findings:
            raise SystemExit(1)
        if options["export"]:
            self.export(found, options["export"])

    def tell(self, found: Verified) -> None:
        for finding in found.findings[:PRINTED]:
            self.stdout.write(str(finding))
        if len(found.findings) > PRINTED:
            self.stdout.write(f"… and {len(found.findings) - PRINTED} more.")
        self.stdout.write(
            f"{found.revisions:,} revisions, {found.entries:,} entries and {found.rows:,} rows "
            f"checked; {len(found.findings):,} do not agree."
        )
        if found.seal:
            self.stdout.write(f"Seal of revision {found.newest}: {found.seal}")

    def export(self, found: Verified, file: Path) -> None:
        """A history that does not agree is not vouched for, so it is not exported either."""
        if found.sealed_at is None:
            raise CommandError("The record has no revision yet, so there is no seal to export.")
        kept = SealFile(found.newest, found.seal, found.sealed_at.isoformat())
        file.write_text(json.dumps(asdict(kept), indent=2) + "\n", encoding="utf-8")


def read_seal(file: Path) -> SealFile:
    """Raises CommandError with a sentence for a file that --export did not write."""
    try:
        return SealFile(**json.loads(file.read_text(encoding="utf-8")))
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError) as error:
        raise CommandError(f"{file} is no seal that --export of this command wrote.") from error
