"""``manage.py bounce``: say by hand that an address takes no mail."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from policy.actions.alerts.bounces import note_bounce
from policy.clock import now
from policy.models import Subscriber


class Command(BaseCommand):
    help = "Pause an address whose mails come back, until its owner confirms it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address")
        parser.add_argument("--reason", required=True, help="what the bounce said")

    def handle(self, *_args: Any, **options: Any) -> None:
        address = options["address"].strip().lower()
        if not Subscriber.objects.filter(email=address).exists():
            raise CommandError(f"Nobody follows anything under {address}.")
        paused = note_bounce(address=address, permanent=True, text=options["reason"], at=now())
        words = "is paused now" if paused else "was paused already"
        self.stdout.write(f"{address} {words}. Its mails wait until its owner confirms it again.")
