"""``manage.py create_account``: an account, and the link by which its holder sets a password."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from policy.actions.accounts import AccountRefused, make_account, password_key
from policy.adapters import password_url
from policy.clock import now
from policy.domain.roles import Role


class Command(BaseCommand):
    help = "Make an account and print a link, good for three days, that sets its password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address to sign in with")
        parser.add_argument("--name", required=True, help="as history shows it")
        parser.add_argument("--role", choices=[role.value for role in Role], required=True)
        parser.add_argument("--because", default="made by manage.py create_account")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
            user = make_account(
                email=options["email"],
                name=options["name"],
                role=Role(options["role"]),
                by=None,
                because=options["because"],
                at=now(),
            )
        except ValidationError as error:
            raise CommandError("That is no e-mail address; it needs the form name@host.") from error
        except AccountRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(password_url(*password_key(user)))
