"""What an error of the mail connection means: try again soon, try again late, or never."""

import errno
import smtplib

import requests
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from celery.exceptions import SoftTimeLimitExceeded

from policy.domain.delivery import Failure, Stage, Verdict, failure_of_reply
from policy.smtp import AnswerLost

TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500
# What is wrong with the machine or the mail store, and with no mail.
OF_THE_MACHINE = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.ECONNREFUSED}
)


def failure_of(error: Exception) -> Failure:
    """Sort an error. What we or the server broke is no verdict on the mail."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, AnymailRecipientsRefused):
        return Failure(Verdict.PERMANENT, text, is_address=True)
    if isinstance(error, AnymailAPIError):
        return failure_of_provider(error, text)
    if isinstance(error, AnswerLost | SoftTimeLimitExceeded):
        return Failure(Verdict.SOON, text, maybe_sent=True)
    if isinstance(error, smtplib.SMTPException):
        return failure_of_session(error, text)
    if isinstance(error, OSError):
        away = error.errno in OF_THE_MACHINE
        return Failure(Verdict.AWAY if away else Verdict.SOON, text)
    return Failure(Verdict.LATE, text)


def failure_of_session(error: smtplib.SMTPException, text: str) -> Failure:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = list(error.recipients.values())
        if not replies:
            return Failure(Verdict.LATE, text)
        code, reply = min(replies)
        return failure_of_reply(Stage.RECIPIENT, code, words_of(reply), text)
    if isinstance(error, smtplib.SMTPDataError):
        return failure_of_reply(Stage.CONTENT, error.smtp_code, words_of(error.smtp_error), text)
    # Refusing our login or our sender address is no verdict on this mail.
    if isinstance(error, smtplib.SMTPResponseException):
        return failure_of_reply(Stage.SENDER, error.smtp_code, words_of(error.smtp_error), text)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Failure(Verdict.SOON, text)
    return Failure(Verdict.LATE, text)


def failure_of_provider(error: AnymailAPIError, text: str) -> Failure:
    """Of a provider's API: django-anymail's error is the one of requests, too."""
    status: int | None = error.status_code
    if status is not None:
        soon = status == TOO_MANY_REQUESTS or status >= SERVER_ERROR
        return Failure(Verdict.SOON if soon else Verdict.LATE, text)
    if isinstance(error, requests.ConnectTimeout) or "NewConnectionError" in text:
        return Failure(Verdict.AWAY, text)
    # The question was out when the connection broke.
    lost = isinstance(error, requests.ConnectionError | requests.Timeout)
    return Failure(Verdict.SOON, text, maybe_sent=lost)


def words_of(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
