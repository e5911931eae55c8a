"""Errors of the mail connection, of a server and of a provider, and what each means."""

import errno
import smtplib
from typing import Any

import pytest
import requests
from anymail.exceptions import (
    AnymailAPIError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
)
from celery.exceptions import SoftTimeLimitExceeded

from policy.actions.alerts.failures import failure_of
from policy.domain.delivery import Verdict
from policy.smtp import AnswerLost

AWAY, SOON, LATE, PERMANENT = Verdict.AWAY, Verdict.SOON, Verdict.LATE, Verdict.PERMANENT


def refused(code: int, reply: bytes) -> Exception:
    return smtplib.SMTPRecipientsRefused({"a@example.org": (code, reply)})


def provider(status: int | None, mixed_with: type[Exception] | None = None) -> Exception:
    """An error as django-anymail raises it: of a status, or of the connection."""
    if mixed_with is None:
        response = requests.Response()
        response.status_code, response.reason = status or 0, "so"
        simple: Exception = AnymailRequestsAPIError("provider", response=response)
        return simple
    mixed: Any = type("AnymailRequestsAPIError", (AnymailRequestsAPIError, mixed_with), {})
    error: Exception = mixed("provider")
    return error


@pytest.mark.parametrize(
    ("error", "verdict", "is_address", "maybe_sent"),
    [
        (refused(550, b"no such box"), PERMANENT, True, False),
        (refused(450, b"greylisted"), LATE, False, False),
        (refused(421, b"closing"), SOON, False, False),
        (smtplib.SMTPRecipientsRefused({}), LATE, False, False),
        (smtplib.SMTPDataError(554, b"spam"), PERMANENT, False, False),
        (smtplib.SMTPDataError(451, b"later"), LATE, False, False),
        (smtplib.SMTPSenderRefused(550, b"who", "us@example.org"), LATE, False, False),
        (smtplib.SMTPSenderRefused(421, b"closing", "us@example.org"), SOON, False, False),
        (smtplib.SMTPAuthenticationError(535, b"no"), LATE, False, False),
        (smtplib.SMTPHeloError(421, b"closing"), SOON, False, False),
        (smtplib.SMTPNotSupportedError("no SMTPUTF8"), LATE, False, False),
        (smtplib.SMTPServerDisconnected("gone"), SOON, False, False),
        (AnswerLost("timed out"), SOON, False, True),
        (SoftTimeLimitExceeded(), SOON, False, True),
        (TimeoutError("too slow"), SOON, False, False),
        (OSError(errno.ENOSPC, "no space left on device"), AWAY, False, False),
        (ConnectionRefusedError(errno.ECONNREFUSED, "nobody listens"), AWAY, False, False),
        (ValueError("a bug of ours"), LATE, False, False),
        (AnymailRecipientsRefused(), PERMANENT, True, False),
        (AnymailInvalidAddress("a@"), LATE, False, False),
        (AnymailAPIError("unparsable"), SOON, False, False),
        (provider(429), SOON, False, False),
        (provider(503), SOON, False, False),
        (provider(401), LATE, False, False),
        (provider(None, requests.ConnectTimeout), AWAY, False, False),
        (provider(None, requests.ReadTimeout), SOON, False, True),
        (provider(None, requests.ConnectionError), SOON, False, True),
    ],
    ids=lambda value: f"{type(value).__name__}" if isinstance(value, Exception) else None,
)
def test_each_error_says_what_to_do(
    error: Exception, verdict: Verdict, is_address: bool, maybe_sent: bool
) -> None:
    found = failure_of(error)
    assert (found.verdict, found.is_address, found.maybe_sent) == (verdict, is_address, maybe_sent)
    assert found.text.startswith(type(error).__name__)
