"""Mails of the desk to its own people, sent by Django and not by the outbox, which is for readers.

Should one be lost, nothing is: what it says stands on the pages of the desk.
"""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse

from policy.models import Change, User

logger = logging.getLogger(__name__)


def address_of(change: Change) -> str:
    """Where the page of a change is, complete with scheme and host."""
    return f"{settings.SITE_URL}{reverse('policy:desk-change', args=[change.pk])}"


def addresses_of(people: Iterable[int | None]) -> list[str]:
    """The mail addresses of accounts, by id; of those that are still active."""
    rows = User.objects.filter(is_active=True, pk__in=[pk for pk in people if pk])
    return list(rows.order_by("pk").values_list("email", flat=True))


def write_to(told: list[str], *, subject: str, text: str) -> None:
    """One mail to all of them, none of whom sees the others; a server that is away is logged."""
    message = EmailMessage(
        # One line, whatever was typed: a mail program would refuse another.
        subject=" ".join(subject.split()),
        body=text,
        to=[settings.DEFAULT_FROM_EMAIL],
        bcc=told,
    )
    try:
        message.send()
    except (OSError, SMTPException, ValueError):
        logger.exception("the mail “%s” could not be sent", message.subject)
