"""What a mail server's answers mean, as a table, and when a mail is tried again."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.domain.delivery import (
    LATE_AFTER,
    SOON_AFTER,
    Failure,
    Stage,
    Verdict,
    enhanced_code,
    failure_of_reply,
    retry_after,
)

SENDER, RECIPIENT, CONTENT = Stage.SENDER, Stage.RECIPIENT, Stage.CONTENT
SOON, LATE, PERMANENT = Verdict.SOON, Verdict.LATE, Verdict.PERMANENT

# The command, the reply, what to do, and whether the address itself is at fault.
TABLE = [
    (SENDER, 421, "closing", SOON, False),
    (RECIPIENT, 421, "4.7.0 too many connections", SOON, False),
    (CONTENT, 421, "closing", SOON, False),
    (RECIPIENT, -1, "gibberish", SOON, False),
    (SENDER, 451, "local error", LATE, False),
    (RECIPIENT, 450, "4.2.0 greylisted, come back", LATE, False),
    (RECIPIENT, 451, "4.3.0 later", LATE, False),
    (RECIPIENT, 452, "4.2.2 over quota", LATE, False),
    (CONTENT, 452, "no space", LATE, False),
    (SENDER, 550, "who are you", LATE, False),
    (SENDER, 535, "5.7.8 wrong password", LATE, False),
    (RECIPIENT, 550, "no such box", PERMANENT, True),
    (RECIPIENT, 550, "5.1.1 no such user", PERMANENT, True),
    (RECIPIENT, 551, "user not local", PERMANENT, True),
    (RECIPIENT, 553, "name not allowed", PERMANENT, True),
    (RECIPIENT, 550, "5.2.1 mailbox disabled", PERMANENT, True),
    (RECIPIENT, 556, "domain takes no mail", PERMANENT, True),
    (RECIPIENT, 554, "transaction failed", PERMANENT, False),
    (RECIPIENT, 501, "5.5.4 syntax", PERMANENT, False),
    # Our name is on a list, or a signature is missing: mended on our side.
    (RECIPIENT, 550, "5.7.1 blocked by policy", LATE, False),
    (CONTENT, 550, "5.7.26 unauthenticated", LATE, False),
    # A mailbox is emptied some day.
    (RECIPIENT, 552, "mailbox full", LATE, False),
    (RECIPIENT, 550, "5.2.2 over quota", LATE, False),
    (CONTENT, 552, "5.3.4 message too big", PERMANENT, False),
    (CONTENT, 554, "refused as spam", PERMANENT, False),
    (CONTENT, 550, "no", PERMANENT, False),
    (CONTENT, 550, "5.1.1 no such user", PERMANENT, True),
]


@pytest.mark.parametrize(("stage", "code", "reply", "verdict", "is_address"), TABLE)
def test_each_reply_says_what_to_do(
    stage: Stage, code: int, reply: str, verdict: Verdict, is_address: bool
) -> None:
    found = failure_of_reply(stage, code, reply, f"{code} {reply}")
    assert found == Failure(verdict, f"{code} {reply}", is_address=is_address)


@given(st.sampled_from(list(Stage)), st.integers(400, 599), st.text(max_size=20))
def test_a_transient_reply_is_never_final_and_only_a_final_one_blames_the_address(
    stage: Stage, code: int, reply: str
) -> None:
    found = failure_of_reply(stage, code, reply, reply)
    assert found.verdict in (SOON, LATE) if code < 500 else found.verdict in (LATE, PERMANENT)
    assert not found.is_address or found.verdict is PERMANENT
    assert not found.maybe_sent, "a reply leaves no doubt"


@pytest.mark.parametrize(
    ("reply", "code"),
    [("5.1.1 gone", "5.1.1"), ("no 4.2.2", "4.2.2"), ("from 10.5.7.1", ""), ("", "")],
)
def test_the_enhanced_code_is_read_where_there_is_one(reply: str, code: str) -> None:
    assert enhanced_code(reply) == code


@pytest.mark.parametrize(("verdict", "pauses"), [(SOON, SOON_AFTER), (LATE, LATE_AFTER)])
def test_the_pauses_grow_to_more_than_two_days(
    verdict: Verdict, pauses: tuple[timedelta, ...]
) -> None:
    found = [retry_after(n, verdict) for n in range(1, len(pauses) + 1)]
    assert found == sorted(pauses)
    assert sum(pauses, timedelta()) > timedelta(days=2)
    assert retry_after(len(pauses) + 1, verdict) is None


def test_a_broken_connection_is_tried_again_sooner_than_a_server_that_says_later() -> None:
    soon, late = retry_after(1, SOON), retry_after(1, LATE)
    assert soon == timedelta(minutes=1)
    assert late == timedelta(minutes=5), "greylisting wants several minutes"


@pytest.mark.parametrize("verdict", [PERMANENT, Verdict.AWAY])
def test_what_is_final_is_not_tried_again(verdict: Verdict) -> None:
    assert retry_after(1, verdict) is None
