"""What the answer to an attempt means, and when to try again.

Replies are those of RFC 5321, section 4.2; enhanced codes (``5.1.1``) those of RFC 3463.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# A connection that broke is tried again at once, a server that said "later" is given time:
# greylisting wants several minutes. Both give up after two and a half days, as servers do.
LONG = (HOUR, 4 * HOUR, *[11 * HOUR] * 5)
SOON_AFTER = (MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, *LONG)
LATE_AFTER = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE, *LONG)

ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
SERVICE_CLOSING, MAILBOX_FULL = 421, 552
TRANSIENT, PERMANENT = 400, 500
# No such mailbox, not local, name not allowed, takes no mail at all (RFC 7504).
NO_MAILBOX = frozenset({521, 550, 551, 553, 556})


class Stage(StrEnum):
    """Which command of the session the server answered."""

    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    CONTENT = "DATA"


class Verdict(StrEnum):
    """What to do with the mail. A server that is away costs it no attempt."""

    AWAY = "away"
    SOON = "retry soon"
    LATE = "retry late"
    PERMANENT = "permanent"


@dataclass(frozen=True)
class Failure:
    """Why an attempt failed, in the server's words.

    ``is_address``: the address itself takes no mail, whatever it says. ``maybe_sent``: the
    server had the whole mail, and nobody knows whether it took it.
    """

    verdict: Verdict
    text: str
    is_address: bool = False
    maybe_sent: bool = False


def failure_of_reply(stage: Stage, code: int, reply: str, text: str) -> Failure:
    """Sort a negative reply.

    Refusing our sender (``SENDER``) or our policy (``5.7.x``) is no verdict on this mail: it
    is mended on our side, so it is tried for days. A full mailbox is emptied.
    """
    if code == SERVICE_CLOSING or code < TRANSIENT:
        return Failure(Verdict.SOON, text)
    if code < PERMANENT or stage is Stage.SENDER or is_mended(code, reply):
        return Failure(Verdict.LATE, text)
    return Failure(Verdict.PERMANENT, text, is_address=is_of_address(stage, code, reply))


def enhanced_code(reply: str) -> str:
    """The enhanced status code in a reply; empty if it has none."""
    found = ENHANCED.search(reply)
    return found.group(1) if found else ""


def is_mended(code: int, reply: str) -> bool:
    """Whether a permanent reply speaks of something that passes."""
    enhanced = enhanced_code(reply)
    full = enhanced == "5.2.2" or (code == MAILBOX_FULL and not enhanced)
    return full or enhanced.startswith("5.7.")


def is_of_address(stage: Stage, code: int, reply: str) -> bool:
    """Whether a permanent reply says that the address does not exist or is closed."""
    enhanced = enhanced_code(reply)
    if enhanced:
        return enhanced.startswith("5.1.") or enhanced == "5.2.1"
    return stage is Stage.RECIPIENT and code in NO_MAILBOX


def retry_after(attempts: int, verdict: Verdict) -> timedelta | None:
    """How long to wait after that many attempts; None when it is time to give up."""
    pauses = {Verdict.SOON: SOON_AFTER, Verdict.LATE: LATE_AFTER}.get(verdict, ())
    return pauses[attempts - 1] if 1 <= attempts <= len(pauses) else None
