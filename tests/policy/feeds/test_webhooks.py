"""Webhooks against a real server: told once, told again after a failure, never lost."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from policy.actions.webhooks import deliver as delivering
from policy.actions.webhooks.deliver import LEASE, Told, claim, deliver_webhooks
from policy.actions.webhooks.manage import add_webhook, remove_webhook, resume_webhook
from policy.actions.webhooks.plan import plan_webhooks
from policy.domain.webhooks import BACK_OFF, SECRET_PREFIX
from policy.fetching.errors import RetryLater, Unsafe
from policy.fetching.posting import Poster, check_target
from policy.models import Webhook, WebhookDelivery
from policy.queries.subjects import find_subject
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern
from tests.policy.feeds.receiver import Receiver, dripping, receiving

pytestmark = pytest.mark.django_db

ADDED = eastern(2025, 2, 3, 12)
MARCH = eastern(2025, 3, 3, 10)
JUNE_16 = date(2025, 6, 16)
State = WebhookDelivery.State


@pytest.fixture(autouse=True)
def small_record(settings: Settings) -> None:
    settings.SITE_URL = "https://earmark.example"
    settings.WEBHOOK_LOOPBACK = True
    world.comment_deadline()


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def hook(url: str, subject: str = "rule", subject_id: str = "ai-diffusion") -> Webhook:
    found = find_subject(subject, subject_id)
    assert found
    return add_webhook(url=url, subject=found, at=ADDED)


def change(title: str = "A change", at: datetime = MARCH) -> None:
    world.announce("rule", "ai-diffusion", title, at=at)


def run(at: datetime = MARCH) -> Told:
    return deliver_webhooks(clock=lambda: at)


def test_a_change_is_told_once_with_what_an_entry_of_the_feed_says(server: Receiver) -> None:
    hook(server.url)
    world.state(world.deadline(), JUNE_16, at=MARCH, governs=date(2025, 3, 3))
    assert run() == Told(planned=1, sent=1)
    assert run(MARCH + timedelta(days=1)) == Told()
    (taken,) = server.taken
    said = json.loads(taken.body)
    assert said["type"] == "record.changed"
    assert said["subscription"] == {"subject": "rule", "id": "ai-diffusion"}
    data = said["data"]
    assert data["title"] == "AI Diffusion: Comments due moved from 15 May 2025 to 16 June 2025"
    assert data["subject"] == {"kind": "deadline", "id": "ai-diffusion-comment"}
    assert data["id"].startswith("tag:earmark.example,2025-03-03:revision/")
    assert data["source"]["citation"] == "90 FR 4544"
    assert data["url"].startswith("https://earmark.example/deadlines/ai-diffusion-comment/?on=")
    assert taken.headers["content-type"] == "application/json"


def test_a_receiver_can_check_who_speaks_and_when(server: Receiver) -> None:
    webhook = hook(server.url)
    change()
    run()
    (taken,) = server.taken
    key, seconds = taken.headers["webhook-id"], taken.headers["webhook-timestamp"]
    raw = base64.b64decode(webhook.secret.removeprefix(SECRET_PREFIX))
    signed = hmac.new(raw, f"{key}.{seconds}.".encode() + taken.body, hashlib.sha256).digest()
    assert taken.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"
    assert int(seconds) == MARCH.timestamp()
    assert taken.headers["idempotency-key"] == key


def test_what_came_before_the_webhook_and_what_is_about_others_is_not_told(
    server: Receiver,
) -> None:
    change("Before", eastern(2025, 2, 1))
    hook(server.url)
    world.rule("odd", "Odd")
    world.announce("rule", "odd", "Another rule's", at=MARCH)
    world.announce("rule", "ai-diffusion", "Loaded", at=MARCH, baseline=True)
    assert run() == Told()
    assert server.taken == []


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_a_server_in_trouble_is_told_later_under_the_same_key(
    server: Receiver, status: int
) -> None:
    hook(server.url)
    change()
    server.answers = [status, status, 204]
    assert run() == Told(planned=1, retried=1)
    assert run(MARCH + BACK_OFF[0] - timedelta(seconds=1)) == Told()
    second = MARCH + BACK_OFF[0]
    assert run(second) == Told(retried=1)
    assert run(second + BACK_OFF[1]) == Told(sent=1)
    assert len(server.keys) == 3
    assert len(set(server.keys)) == 1
    times = [one.headers["webhook-timestamp"] for one in server.taken]
    assert len(set(times)) == 3  # each attempt is signed anew
    row = WebhookDelivery.objects.get()
    assert (row.state, row.attempts, row.last_error) == (State.SENT, 3, "")


def test_a_server_that_names_a_time_is_left_alone_until_then(server: Receiver) -> None:
    hook(server.url)
    change()
    server.answers, server.headers = [503, 204], {"Retry-After": "7200"}
    run()
    assert WebhookDelivery.objects.get().not_before == MARCH + timedelta(hours=2)


def test_a_server_that_says_nothing_is_told_later(
    server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "Poster", partial(Poster, read_seconds=0.2))
    hook(server.url)
    change()
    server.delay = 0.6
    assert run() == Told(planned=1, retried=1)
    assert "does not answer" in WebhookDelivery.objects.get().last_error
    server.delay = 0.0
    assert run(MARCH + BACK_OFF[0]).sent == 1
    assert len(set(server.keys)) == 1


def test_a_server_that_is_away_is_told_once_it_is_back() -> None:
    with receiving() as gone:
        hook(gone.url)
    change()
    assert run() == Told(planned=1, retried=1)
    assert "There is no way to 127.0.0.1" in WebhookDelivery.objects.get().last_error


@pytest.mark.parametrize("status", [400, 404, 410, 301, 307])
def test_a_server_that_refuses_pauses_its_webhook(server: Receiver, status: int) -> None:
    webhook = hook(server.url)
    change()
    server.answers, server.headers = [status], {"Location": f"{server.url}/elsewhere"}
    assert run() == Told(planned=1, paused=1)
    webhook.refresh_from_db()
    assert webhook.paused_at == MARCH
    assert webhook.paused_because == f"The server answers with status {status}."
    assert [one.path for one in server.taken] == ["/hook"]  # no redirect is followed


def test_a_server_that_stays_in_trouble_pauses_its_webhook_in_the_end(server: Receiver) -> None:
    webhook = hook(server.url)
    change()
    server.answers = [500]
    at = MARCH
    for wait in BACK_OFF:
        assert run(at).paused == 0
        at += wait
    assert run(at).paused == 1
    webhook.refresh_from_db()
    assert webhook.paused_at == at
    assert len(server.taken) == len(BACK_OFF) + 1
    assert len(set(server.keys)) == 1
    assert run(at + timedelta(days=9)) == Told()


def test_what_changes_while_a_webhook_is_paused_waits_until_it_is_resumed(
    server: Receiver,
) -> None:
    webhook = hook(server.url)
    change("First")
    server.answers = [404, 204]
    run()
    change("Second", MARCH + timedelta(hours=1))
    later = MARCH + timedelta(hours=2)
    assert run(later) == Told(planned=1)
    assert resume_webhook(webhook=webhook, at=later) == 2
    assert run(later) == Told(sent=2)
    titles = [json.loads(one.body)["data"]["title"] for one in server.taken]
    assert titles == ["First", "First", "Second"]


def test_a_sender_that_dies_after_the_answer_tells_again_under_the_same_key(
    server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the server's answer and the commit: the lease ends, and it goes out again."""
    hook(server.url)
    change()

    def die(*_args: Any, **_more: Any) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as killed, pytest.raises(SystemExit):
        killed.setattr(delivering, "settle", die)
        run()
    assert WebhookDelivery.objects.get().state == State.SENDING
    assert run(MARCH + LEASE - timedelta(seconds=1)) == Told()
    assert run(MARCH + LEASE + timedelta(seconds=1)) == Told(sent=1, requeued=1)
    assert len(server.keys) == 2
    assert len(set(server.keys)) == 1
    bodies = {one.body for one in server.taken}
    assert len(bodies) == 1


def test_a_sender_that_dies_before_it_sends_loses_nothing(
    server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook(server.url)
    change()

    def die(*_args: Any, **_more: Any) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as killed, pytest.raises(SystemExit):
        killed.setattr(delivering, "attempt", die)
        run()
    assert run(MARCH + LEASE + timedelta(seconds=1)).sent == 1
    assert len(server.taken) == 1


def test_of_two_senders_one_wins_a_row(server: Receiver) -> None:
    hook(server.url)
    change()
    plan_webhooks(at=MARCH)
    one, other = WebhookDelivery.objects.get(), WebhookDelivery.objects.get()
    assert [claim(one, at=MARCH), claim(other, at=MARCH)] == [True, False]
    assert run() == Told()


def test_planning_twice_and_after_a_loss_of_the_mark_tells_once(server: Receiver) -> None:
    webhook = hook(server.url)
    change()
    run()
    Webhook.objects.update(announced_revision=webhook.announced_revision)
    plan_webhooks(at=MARCH)
    assert run() == Told()
    assert len(server.taken) == 1


def test_a_server_in_trouble_does_not_hold_up_the_others(server: Receiver) -> None:
    with receiving() as broken:
        broken.answers = [500]
        hook(broken.url)
        hook(server.url)
        for number in range(3):
            change(f"Change {number}")
        done = run()
        assert (done.planned, done.sent, done.retried) == (6, 3, 1)
        assert len(broken.taken) == 1


def test_two_webhooks_of_one_server_have_keys_and_secrets_of_their_own(server: Receiver) -> None:
    one, other = hook(server.url), hook(server.url)
    change()
    run()
    assert one.secret != other.secret
    assert len(set(server.keys)) == 2


def test_a_webhook_removed_meanwhile_is_told_no_more(server: Receiver) -> None:
    webhook = hook(server.url)
    change()
    plan_webhooks(at=MARCH)
    remove_webhook(webhook=webhook)
    assert run() == Told()
    assert WebhookDelivery.objects.count() == 0


@pytest.mark.parametrize(
    ("url", "loopback", "allowed"),
    [
        ("https://example.org/hook", False, True),
        ("https://example.org:8443/hook?a=b", False, True),
        ("http://example.org/hook", False, False),
        ("http://example.org/hook", True, False),
        ("ftp://example.org/hook", False, False),
        ("https://user:password@example.org/", False, False),
        ("https://", False, False),
        ("https://[::1", False, False),
        ("https://example.org:notaport/", False, False),
        ("https://10.0.0.1/hook", False, False),
        ("https://192.168.1.1/hook", True, False),
        ("https://169.254.169.254/latest/", False, False),
        ("https://[fd00::1]/", False, False),
        ("https://[64:ff9b::a00:1]/", False, False),
        ("https://localhost/hook", False, False),
        ("https://intranet/hook", False, False),
        ("http://127.0.0.1:8000/hook", False, False),
        ("http://127.0.0.1:8000/hook", True, True),
        ("http://[::1]:8000/hook", True, True),
        ("https://93.184.215.14/hook", False, True),
    ],
)
def test_which_addresses_may_be_told(url: str, loopback: bool, allowed: bool) -> None:
    if allowed:
        assert check_target(url, loopback=loopback) == url
        return
    with pytest.raises(Unsafe):
        check_target(url, loopback=loopback)


def test_an_address_that_leads_inside_is_refused_before_a_byte_is_sent(
    server: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name may lead anywhere: what counts is where the connected socket leads."""
    monkeypatch.setattr("policy.fetching.posting.check_target", lambda url, **_: url)
    with Poster(loopback=False) as poster, pytest.raises(Unsafe, match="no public address"):
        poster.post(server.url, b"{}", {}, at=MARCH)
    assert server.taken == []


def test_a_server_without_tls_is_not_told_over_https(server: Receiver) -> None:
    with Poster(loopback=True) as poster, pytest.raises(RetryLater):
        poster.post(server.url.replace("http:", "https:"), b"{}", {}, at=MARCH)
    assert server.taken == []


def test_a_server_that_answers_a_byte_at_a_time_holds_nobody_for_long() -> None:
    with dripping() as url, Poster(loopback=True, whole_seconds=0.4) as poster:
        began = time.monotonic()
        with pytest.raises(RetryLater, match=r"does not finish its answer within 0\.4 seconds"):
            poster.post(url, b"{}", {}, at=MARCH)
        assert time.monotonic() - began < 2


def test_an_address_that_has_become_unsafe_pauses_its_webhook(settings: Settings) -> None:
    with receiving() as server:
        webhook = hook(server.url)
        settings.WEBHOOK_LOOPBACK = False
        change()
        assert run().paused == 1
        assert server.taken == []
    webhook.refresh_from_db()
    assert "https://" in webhook.paused_because


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("webhook", *arguments, stdout=out)
    return out.getvalue()


def test_a_webhook_is_added_listed_resumed_and_removed_by_command() -> None:
    said = command("add", "https://example.org/hook", "--subject", "rule", "--id", "ai-diffusion")
    webhook = Webhook.objects.get()
    assert webhook.secret in said
    assert "Framework for Artificial Intelligence Diffusion" in said
    Webhook.objects.update(paused_at=MARCH, paused_because="The server answers with status 404.")
    listed = command("list")
    assert "https://example.org/hook" in listed
    assert "paused: The server answers with status 404." in listed
    assert webhook.secret not in listed
    assert command("resume", str(webhook.pk)) == "Resumed; 0 changes wait.\n"
    assert "paused" not in command("list")
    command("remove", str(webhook.pk))
    assert command("list") == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["add", "http://example.org/"], "https://"),
        (["add", "https://10.0.0.1/"], "no public address"),
        (["add", "https://example.org/", "--subject", "rule", "--id", "no"], "Nothing is called"),
        (["remove", "7"], "There is no webhook 7."),
        (["resume", "7"], "There is no webhook 7."),
    ],
)
def test_a_slip_on_the_command_line_is_answered_with_a_sentence(
    arguments: list[str], sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        command(*arguments)
    assert Webhook.objects.count() == 0
