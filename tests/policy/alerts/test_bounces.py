"""Addresses that take no mail: paused, said so, and taken up again by whoever has them."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from policy.actions.alerts.bounces import ask_to_confirm_again, note_bounce, resume_address
from policy.actions.alerts.deliver import Delivered, deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.actions.alerts.subscribe import end_all
from policy.models import Alert, SendAttempt, Subscriber, Subscription
from policy.provider import note_tracking
from tests.instants import TODAY
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 8)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
READER = "reader@example.org"


@pytest.fixture
def subscription() -> Subscription:
    world.comment_deadline()
    return world.subscribe(email=READER, leads=[7])


def bounce(at: datetime = D_7, *, permanent: bool = True, address: str = READER) -> bool:
    return note_bounce(address=address, permanent=permanent, text="550 no such user", at=at)


def reader() -> Subscriber:
    return Subscriber.objects.get(email=READER)


def deliver(at: datetime) -> Delivered:
    return deliver_alerts(clock=lambda: at)


@pytest.mark.usefixtures("subscription")
def test_a_permanent_bounce_pauses_an_address_once() -> None:
    assert not bounce(permanent=False)
    assert reader().paused_at is None
    assert bounce(address=" Reader@Example.org ")
    assert not bounce(D_7 + HOUR)
    assert (reader().paused_at, reader().paused_because) == (D_7, "550 no such user")
    assert not bounce(address="nobody@example.org")


@pytest.mark.usefixtures("subscription")
def test_the_mails_of_a_paused_address_wait_and_go_out_late_once_it_is_resumed() -> None:
    bounce()
    plan_alerts(at=D_7)
    assert deliver(D_7 + MINUTE) == Delivered()
    assert Alert.objects.held().count() == 1
    assert Alert.objects.get().state == "queued"
    resume_address(subscriber=reader(), at=D_7 + 5 * HOUR)
    assert deliver(D_7 + 5 * HOUR).sent == 1
    assert "This mail is late" in str(mail.outbox[0].body)


@pytest.mark.usefixtures("subscription")
def test_what_waited_beyond_its_date_is_not_sent() -> None:
    bounce()
    plan_alerts(at=D_7)
    resume_address(subscriber=reader(), at=D_7 + timedelta(days=9))
    assert deliver(D_7 + timedelta(days=9)).cancelled == 1
    assert mail.outbox == []


@pytest.mark.parametrize(("later", "sent"), [(HOUR, 1), (timedelta(days=9), 0)])
@pytest.mark.usefixtures("subscription")
def test_a_mail_that_bounced_goes_out_after_all_while_it_is_of_use(
    later: timedelta, sent: int
) -> None:
    plan_alerts(at=D_7)
    alert = Alert.objects.get()
    Alert.objects.update(state=Alert.State.FAILED, attempts=1)
    SendAttempt.objects.create(alert=alert, at=D_7, outcome="bounced", text="550")
    bounce()
    assert resume_address(subscriber=reader(), at=D_7 + later) == sent
    assert deliver(D_7 + later).sent == sent
    assert Alert.objects.get().state == ("sent" if sent else "failed")


@pytest.mark.usefixtures("subscription")
def test_an_older_failure_stays_where_it_is() -> None:
    plan_alerts(at=D_7)
    Alert.objects.update(state=Alert.State.FAILED)
    SendAttempt.objects.create(alert=Alert.objects.get(), at=D_7 - HOUR, outcome="bounced")
    bounce()
    assert resume_address(subscriber=reader(), at=D_7 + HOUR) == 0
    assert resume_address(subscriber=reader(), at=D_7 + HOUR) == 0


def page(client: Client, query: str = "") -> Shown:
    url = f"/subscribe/manage/{reader().token}/{query}"
    return shown(url, client.get(url))


@pytest.mark.usefixtures("subscription")
def test_the_reader_s_page_says_so_and_a_mail_confirms_the_address_again(client: Client) -> None:
    assert "paused" not in page(client).main
    bounce()
    assert "Your address is paused" in page(client).main
    assert "550 no such user" in page(client).main
    answer = client.post(f"/subscribe/resume/{reader().token}/")
    assert "A mail is on its way" in page(client, f"?{answer['Location'].partition('?')[2]}").main
    assert reader().paused_at, "asking alone resumes nothing"

    assert deliver(TODAY).sent == 1, "the one mail that a paused address gets"
    (sent,) = mail.outbox
    path = f"/subscribe/confirm/{reader().token}/"
    (link,) = {word for word in str(sent.body).split() if path in word}
    link = link[link.index("/subscribe/") :]
    assert "Yes, send me these mails" in shown(link, client.get(link)).main
    assert reader().paused_at, "programs follow links"
    client.post(link)
    assert reader().paused_at is None
    assert "paused" not in page(client).main


def test_asking_again_queues_one_mail_and_only_where_there_is_need(
    subscription: Subscription,
) -> None:
    assert not ask_to_confirm_again(subscriber=reader(), at=D_7)
    bounce()
    for _ in range(2):
        assert ask_to_confirm_again(subscriber=reader(), at=D_7)
    assert Alert.objects.get().reason == Alert.Reason.CONFIRM
    Alert.objects.update(state=Alert.State.SENT)
    assert ask_to_confirm_again(subscriber=reader(), at=D_7)
    assert Alert.objects.count() == 2
    end_all(subscriber=subscription.subscriber, at=D_7)
    assert not ask_to_confirm_again(subscriber=reader(), at=D_7)


@pytest.mark.usefixtures("subscription")
def test_an_address_can_be_asked_three_times_a_day(client: Client) -> None:
    bounce()
    for _ in range(5):
        client.post(f"/subscribe/resume/{reader().token}/")
        Alert.objects.update(state=Alert.State.SENT)
    assert Alert.objects.count() == 3
    assert client.get(f"/subscribe/resume/{reader().token}/").status_code == 405
    assert client.post("/subscribe/resume/nobody/").status_code == 404


def event(kind: str, reason: str | None = None, recipient: str | None = READER) -> object:
    said = {"mta_response": "550 5.1.1 gone", "description": None}
    return SimpleNamespace(event_type=kind, reject_reason=reason, recipient=recipient, **said)


@pytest.mark.parametrize(
    ("kind", "reason", "pauses"),
    [
        ("bounced", "bounced", True),
        ("bounced", "invalid", True),
        ("bounced", None, True),
        ("bounced", "timed_out", False),
        ("bounced", "blocked", False),
        ("rejected", "blocked", True),
        ("complained", None, True),
        ("deferred", None, False),
        ("delivered", None, False),
        ("opened", None, False),
    ],
)
@pytest.mark.usefixtures("subscription")
def test_what_a_provider_reports(kind: str, reason: str | None, pauses: bool) -> None:
    note_tracking(None, event(kind, reason))
    assert (reader().paused_at == TODAY) == pauses
    note_tracking(None, event(kind, reason, recipient=None))


@pytest.mark.usefixtures("subscription")
def test_a_bounce_can_be_noted_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("bounce", "Reader@example.org", "--reason", "came back by post")
    assert "is paused now" in capsys.readouterr().out
    assert reader().paused_because == "came back by post"
    call_command("bounce", READER, "--reason", "again")
    assert "was paused already" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Nobody follows anything under nobody@example"):
        call_command("bounce", "nobody@example.org", "--reason", "x")
