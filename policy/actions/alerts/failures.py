"""What a failed attempt means: try again soon, try again later, or never."""

import smtplib
from dataclasses import dataclass
from datetime import timedelta

# After each attempt; two and a half days in all, as mail servers themselves do.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=4),
    *[timedelta(hours=11)] * 5,
)
# RFC 5321, section 4.2.1: 5yz is a permanent, 4yz a transient negative reply.
PERMANENT = 500


@dataclass(frozen=True)
class Failure:
    """Why an attempt failed. A permanent failure is this mail's own and is not retried."""

    permanent: bool
    text: str


def failure_of(error: Exception) -> Failure:
    """Sort an error of the mail connection. What we or the server broke is tried again."""
    text = f"{type(error).__name__}: {error}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return Failure(bool(codes) and min(codes) >= PERMANENT, text)
    # Refusing our login or our sender address is no verdict on this mail.
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused):
        return Failure(permanent=False, text=text)
    if isinstance(error, smtplib.SMTPDataError):
        return Failure(error.smtp_code >= PERMANENT, text)
    return Failure(permanent=False, text=text)


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after that many attempts; None when it is time to give up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None
