"""``manage.py staff_link``: a link that opens the staff pages for twelve hours."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from policy.permissions import staff_token


class Command(BaseCommand):
    help = "Print a link that opens the staff pages under a name, for twelve hours from now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="who it is for; kept with what that person does")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = reverse("policy:staff-enter", args=[staff_token(options["name"])])
        self.stdout.write(f"{settings.SITE_URL}{path}")
