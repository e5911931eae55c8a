"""Add, list, resume and remove webhooks on the command line."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from policy.actions.webhooks.manage import add_webhook, remove_webhook, resume_webhook
from policy.clock import now
from policy.domain.due import EVERYTHING
from policy.fetching.errors import Unsafe
from policy.management.base import RecordCommand
from policy.models import Webhook, WebhookDelivery
from policy.queries.subjects import find_subject


class Command(RecordCommand):
    help = "Tell another program of changes to the record: add, list, resume or remove a webhook."

    def add_arguments(self, parser: CommandParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        adding = ways.add_parser("add", help="an address, and what it is told of")
        adding.add_argument("url", help="https://…")
        adding.add_argument("--subject", default=EVERYTHING[0], help="everything, rule, docket, …")
        adding.add_argument("--id", default="", help="the public id: ai-diffusion, BIS-2025-0001")
        ways.add_parser("list", help="every webhook, and what waits for it")
        for way in ("resume", "remove"):
            named = ways.add_parser(way)
            named.add_argument("number", type=int, help="as the list prints it")

    def handle(self, *_args: Any, **options: Any) -> None:
        way = options["way"]
        if way == "add":
            self.add(options["url"], options["subject"], options["id"])
        elif way == "list":
            for webhook in Webhook.objects.all():
                self.stdout.write(line_of(webhook))
        elif way == "resume":
            waiting = resume_webhook(webhook=self.named(options["number"]), at=now())
            self.stdout.write(f"Resumed; {waiting} changes wait.")
        else:
            remove_webhook(webhook=self.named(options["number"]))
            self.stdout.write("Removed.")

    def add(self, url: str, kind: str, subject_id: str) -> None:
        subject = find_subject(kind, subject_id)
        if subject is None:
            raise CommandError(f"Nothing is called {kind} {subject_id}.")
        try:
            webhook = add_webhook(url=url, subject=subject, at=now())
        except Unsafe as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Webhook {webhook.pk} is told of changes to {webhook.label}.")
        self.stdout.write(f"Its secret, shown only now: {webhook.secret}")

    def named(self, number: int) -> Webhook:
        webhook = Webhook.objects.filter(pk=number).first()
        if webhook is None:
            raise CommandError(f"There is no webhook {number}.")
        return webhook


def line_of(webhook: Webhook) -> str:
    """A webhook as the list prints it, without its secret."""
    waiting = webhook.deliveries.filter(state=WebhookDelivery.State.QUEUED).count()
    line = f"{webhook.pk}  {webhook.url}  {webhook.label}  {waiting} waiting"
    return f"{line}  paused: {webhook.paused_because}" if webhook.paused_at else line
