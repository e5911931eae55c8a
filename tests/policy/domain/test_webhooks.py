"""What a webhook's answer means, how patient we are, and how a receiver checks who speaks."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.webhooks import (
    BACK_OFF,
    LONGEST_WAIT,
    SECRET_PREFIX,
    Verdict,
    new_secret,
    retry_after,
    signature,
    signed_headers,
    verdict_on,
)

AT = datetime(2022, 11, 10, 21, 15, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.DELIVERED),
        (201, Verdict.DELIVERED),
        (204, Verdict.DELIVERED),
        (299, Verdict.DELIVERED),
        (300, Verdict.NEVER),
        (301, Verdict.NEVER),
        (307, Verdict.NEVER),
        (400, Verdict.NEVER),
        (401, Verdict.NEVER),
        (404, Verdict.NEVER),
        (408, Verdict.LATER),
        (410, Verdict.NEVER),
        (425, Verdict.LATER),
        (429, Verdict.LATER),
        (500, Verdict.LATER),
        (503, Verdict.LATER),
        (599, Verdict.LATER),
        (199, Verdict.NEVER),
    ],
)
def test_what_an_answer_means(status: int, verdict: Verdict) -> None:
    assert verdict_on(status) == verdict


def test_patience_grows_and_ends_after_two_days() -> None:
    waits = [retry_after(attempts) for attempts in range(1, len(BACK_OFF) + 2)]
    assert waits[-1] is None
    held = [wait for wait in waits if wait is not None]
    assert held == sorted(held)
    assert held[0] == timedelta(minutes=1)
    assert timedelta(days=1) < sum(held, timedelta()) < timedelta(days=3)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (None, BACK_OFF[0]),
        (5.0, BACK_OFF[0]),
        (600.0, timedelta(minutes=10)),
        (10**9, LONGEST_WAIT),
    ],
)
def test_a_server_that_asks_for_time_is_given_it_within_reason(
    asked: float | None, wait: timedelta
) -> None:
    assert retry_after(1, asked) == wait


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """Computed apart from the code, as the specification has it: id, time and body by dots."""
    raw = b"a secret of thirty-two bytes ..."
    secret = SECRET_PREFIX + base64.b64encode(raw).decode()
    headers = signed_headers("msg_1", b'{"a":1}', secret, AT)
    signed = hmac.new(raw, b'msg_1.1668114923.{"a":1}', hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(signed).decode()
    assert headers["webhook-timestamp"] == "1668114923"
    assert headers["webhook-id"] == headers["Idempotency-Key"] == "msg_1"


@given(st.binary(max_size=200), st.binary(max_size=200), st.integers(0, 2**33))
def test_another_body_time_or_secret_has_another_signature(
    body: bytes, other: bytes, seconds: int
) -> None:
    secret = new_secret()
    made = signature("msg_1", str(seconds), body, secret)
    assert (signature("msg_1", str(seconds), other, secret) == made) == (body == other)
    assert signature("msg_1", str(seconds + 1), body, secret) != made
    assert signature("msg_2", str(seconds), body, secret) != made
    assert signature("msg_1", str(seconds), body, new_secret()) != made


def test_every_secret_is_new_and_long() -> None:
    secrets = {new_secret() for _ in range(20)}
    assert len(secrets) == 20
    assert {len(base64.b64decode(one.removeprefix(SECRET_PREFIX))) for one in secrets} == {32}
    assert max(map(len, secrets)) <= 64
