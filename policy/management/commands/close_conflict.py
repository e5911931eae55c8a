"""``manage.py close_conflict``: a person says which of two sources governs, and why."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policy.actions.conflicts import AlreadyClosed, ReasonMissing, close_conflict
from policy.clock import now
from policy.models import Conflict


class Command(BaseCommand):
    help = "Close an open conflict between sources with a reason; without a name, list them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="as the list prints it")
        parser.add_argument("--by", default="", help="who decides; readers see it")
        parser.add_argument("--governs", default="", help="which of the two governs, and why")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["slug"] is None:
            self.list_open()
            return
        if not options["by"].strip():
            raise CommandError("Say who decides with --by: a decision without a name is none.")
        try:
            closed = close_conflict(
                options["slug"], governs=options["governs"], by=options["by"].strip(), at=now()
            )
        except (AlreadyClosed, ReasonMissing) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Closed: {closed.about}. {closed.governs}")

    def list_open(self) -> None:
        rows = Conflict.objects.known(None).filter(is_open=True).order_by("slug")
        for row in rows:
            self.stdout.write(f"{row.slug}: {row.about}")
            self.stdout.write(f"    one says: {row.one_says}\n    the other: {row.other_says}")
        if not rows:
            self.stdout.write("No conflict is open.")
