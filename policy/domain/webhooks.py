"""What a webhook is sent, and what its answer means.

The headers and the signature are those of Standard Webhooks 1.0 (standardwebhooks.com), for
which receivers find libraries: HMAC-SHA256 over the id, the time and the body.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

SECRET_PREFIX = "whsec_"  # noqa: S105  # what every secret begins with
# After each attempt; two days in all.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    *[timedelta(hours=11)] * 4,
)
# A server may ask for more patience than that, but not for ever.
LONGEST_WAIT = timedelta(days=1)
# Answers after which the same request may do: too early, too many, too slow.
BUSY = frozenset({408, 425, 429})
GONE, REFUSED, BROKEN = 410, 300, 500
OK = 200


class Verdict(StrEnum):
    """What an answer means for one delivery."""

    DELIVERED = "delivered"
    LATER = "later"
    NEVER = "never"


def verdict_on(status: int) -> Verdict:
    """2xx took it. A busy or broken server is asked again; a redirect is not followed: the
    address was given by a person, and where it leads to was not.
    """
    if OK <= status < REFUSED:
        return Verdict.DELIVERED
    return Verdict.LATER if status in BUSY or status >= BROKEN else Verdict.NEVER


def retry_after(attempts: int, asked: float | None = None) -> timedelta | None:
    """How long to wait after so many attempts; None is never again.

    ``asked`` is how many seconds the server wants to be left alone.
    """
    if attempts > len(BACK_OFF):
        return None
    patience = min(timedelta(seconds=asked or 0), LONGEST_WAIT)
    return max(BACK_OFF[attempts - 1], patience)


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(key: str, body: bytes, secret: str, at: datetime) -> dict[str, str]:
    """The headers of one attempt at the UTC instant ``at``.

    ``key`` is the same at each attempt, so that a receiver takes a change in once. The time is
    signed too: a receiver refuses what is older than it likes, and so what was replayed.
    """
    seconds = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "webhook-id": key,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature(key, seconds, body, secret)}",
    }


def signature(key: str, seconds: str, body: bytes, secret: str) -> str:
    signed = b".".join((key.encode(), seconds.encode(), body))
    raw = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()
