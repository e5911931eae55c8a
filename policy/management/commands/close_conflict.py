"""``manage.py close_conflict``: a person says which of two sources governs, and why.

What they say waits in the queue of the legal desk until a second person approves it.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policy.actions.desk.conflicts import (
    AlreadyClosed,
    AlreadyWaiting,
    ReasonMissing,
    close_conflict,
)
from policy.actions.desk.publish import Stale
from policy.actions.desk.review import Refused
from policy.clock import now
from policy.models import Conflict, User
from policy.permissions import NotPermitted

REFUSALS = (AlreadyClosed, AlreadyWaiting, ReasonMissing, NotPermitted, Refused, Stale)


class Command(BaseCommand):
    help = "Submit which of two sources governs; without a name, list the open conflicts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="as the list prints it")
        parser.add_argument("--by", default="", help="the address of the account that decides")
        parser.add_argument("--governs", default="", help="which of the two governs, and why")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["slug"] is None:
            self.list_open()
            return
        by = self.account(options["by"])
        try:
            change = close_conflict(options["slug"], governs=options["governs"], by=by, at=now())
        except REFUSALS as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Submitted as {change}. A second person has to approve it.")

    def account(self, address: str) -> User:
        if not address.strip():
            raise CommandError("Say who decides with --by: a decision without a name is none.")
        found = User.objects.filter(email=address.strip().lower(), is_active=True).first()
        if found is None:
            raise CommandError(f"No account has the address {address}.")
        return found

    def list_open(self) -> None:
        rows = Conflict.objects.known(None).filter(is_open=True).order_by("slug")
        for row in rows:
            self.stdout.write(f"{row.slug}: {row.about}")
            self.stdout.write(f"    one says: {row.one_says}\n    the other: {row.other_says}")
        if not rows:
            self.stdout.write("No conflict is open.")
