"""Erasing an address: no trace of it anywhere, and no count the less."""

from datetime import timedelta

import pytest
from django.core import serializers

from policy.actions.alerts.answers import AnswerKey, acknowledge
from policy.actions.alerts.erase import ERASED, erase_subscriber, forget_stragglers
from policy.actions.alerts.plan import plan_alerts
from policy.actions.alerts.subscribe import (
    HowToTell,
    change_subscription,
    confirm_subscription,
    request_backup,
)
from policy.models import (
    Acknowledgement,
    Alert,
    CalendarLink,
    SendAttempt,
    Subscriber,
    Subscription,
)
from tests.policy.alerts import world
from tests.policy.alerts.world import SUBSCRIBED, eastern

pytestmark = pytest.mark.django_db

READER, BACKUP = "reader@example.org", "backup@example.org"
D_3 = eastern(2025, 5, 12, 8)
LATER = D_3 + timedelta(hours=1)


@pytest.fixture
def reader() -> Subscriber:
    """A reader with a backup person; both have been sent something."""
    world.comment_deadline()
    subscription = world.subscribe(email=READER)
    how = HowToTell(backup_email=BACKUP, escalate_days=3)
    change_subscription(subscription=subscription, leads=subscription.leads, how=how, at=SUBSCRIBED)
    consent = request_backup(subscription=subscription, at=SUBSCRIBED)
    assert consent
    confirm_subscription(subscription=consent, at=SUBSCRIBED)
    plan_alerts(at=D_3)
    for alert in Alert.objects.select_related("subscriber"):
        alert.state, alert.sent_at = Alert.State.SENT, D_3
        alert.sent_content = f"To: {alert.subscriber.email}\n\n{alert.payload}"
        alert.last_error = f"450 <{alert.subscriber.email}>: greylisted"
        alert.save()
    return subscription.subscriber


def everything() -> str:
    """Every table that may hold an address, as text."""
    tables = (Subscriber, Subscription, Alert, Acknowledgement, SendAttempt, CalendarLink)
    return "".join(serializers.serialize("json", table.objects.all()) for table in tables)


def test_the_address_and_its_key_are_nowhere_any_more(reader: Subscriber) -> None:
    token = reader.token
    assert everything().count(READER) > 3
    erase_subscriber(subscriber=reader, at=LATER)
    assert READER not in everything()
    assert token not in everything()
    assert BACKUP in everything()


def test_how_many_mails_were_sent_stays(reader: Subscriber) -> None:
    before = Alert.objects.filter(state=Alert.State.SENT).count()
    erase_subscriber(subscriber=reader, at=LATER)
    assert Alert.objects.filter(state=Alert.State.SENT).count() == before
    kept = Subscriber.objects.get(pk=reader.pk)
    assert kept.erased_at == LATER
    assert kept.confirmed_at == SUBSCRIBED
    assert kept.alerts.exists()


def test_what_was_sent_and_answered_is_gone(reader: Subscriber) -> None:
    key = AnswerKey(reader.pk, "ai-diffusion-comment", "2025-05-15")
    acknowledge(key=key, state=Acknowledgement.State.SEEN, at=D_3)
    erase_subscriber(subscriber=reader, at=LATER)
    assert set(reader.alerts.values_list("sent_content", flat=True)) == {""}
    assert not Acknowledgement.objects.exists()


def test_what_a_server_said_of_the_address_is_gone(reader: Subscriber) -> None:
    alert = reader.alerts.all()[0]
    text = f"SMTPRecipientsRefused: {READER}"
    SendAttempt.objects.create(alert=alert, at=D_3, outcome="bounced", text=text)
    Alert.objects.filter(pk=alert.pk).update(resent_because=f"{READER} asked")
    erase_subscriber(subscriber=reader, at=LATER)
    assert SendAttempt.objects.get().text == ""
    assert Alert.objects.get(pk=alert.pk).resent_because == ""


def test_what_servers_said_of_it_and_its_calendar_addresses_are_gone(reader: Subscriber) -> None:
    for alert in reader.alerts.all():
        SendAttempt.objects.create(alert=alert, at=D_3, outcome="soon", text=f"450 <{READER}>")
    CalendarLink.objects.create(token="k" * 40, subject="rule", subscriber=reader, created_at=D_3)
    erase_subscriber(subscriber=reader, at=LATER)
    assert set(SendAttempt.objects.values_list("text", flat=True)) == {""}
    assert not CalendarLink.objects.exists()


def test_a_mail_that_was_on_its_way_is_emptied_when_it_has_arrived(reader: Subscriber) -> None:
    """Its sender knows nothing of the erasing, and keeps what it has sent."""
    erase_subscriber(subscriber=reader, at=LATER)
    reader.alerts.filter(reason="lead").update(state="sent", sent_content=f"To: {READER}")
    assert forget_stragglers(at=LATER + timedelta(minutes=1)) == 1
    assert forget_stragglers(at=LATER + timedelta(minutes=2)) == 0
    assert READER not in everything()


def test_what_others_were_sent_stays(reader: Subscriber) -> None:
    world.subscribe(email="other@example.org")
    plan_alerts(at=LATER)
    Alert.objects.filter(subscriber__email="other@example.org").update(sent_content="a mail")
    erase_subscriber(subscriber=reader, at=LATER)
    assert Alert.objects.filter(sent_content="a mail").exists()


def test_all_mails_end_and_what_waits_is_not_sent(reader: Subscriber) -> None:
    world.subscribe_to_everything(email=READER)
    Alert.objects.filter(subscriber=reader).update(state=Alert.State.QUEUED)
    erase_subscriber(subscriber=reader, at=LATER)
    assert not Subscription.objects.active().filter(subscriber=reader).exists()
    assert set(reader.alerts.values_list("state", "last_error")) == {("cancelled", ERASED)}
    assert plan_alerts(at=eastern(2025, 5, 14, 8)).leads == 0


def test_who_was_a_backup_person_is_erased_where_others_named_them(reader: Subscriber) -> None:
    backup = Subscriber.objects.get(email=BACKUP)
    erase_subscriber(subscriber=backup, at=LATER)
    assert BACKUP not in everything()
    assert READER in everything()
    own = Subscription.objects.get(subscriber=reader, subject="rule")
    assert (own.backup_email, own.escalate_days, own.is_active) == ("", None, True)
    assert READER not in str(list(backup.subscriptions.values_list("label")))


def test_a_backup_person_keeps_their_own_mails(reader: Subscriber) -> None:
    own = world.subscribe_to_everything(email=BACKUP)
    erase_subscriber(subscriber=reader, at=LATER)
    own.refresh_from_db()
    assert own.is_active
    consent = Subscription.objects.get(subject="backup")
    assert consent.ended_at == LATER


def test_the_same_address_may_come_back_as_somebody_new(reader: Subscriber) -> None:
    erase_subscriber(subscriber=reader, at=LATER)
    again = world.subscribe(email=READER, at=LATER)
    assert again.subscriber_id != reader.pk
    assert again.is_active


def test_erasing_two_addresses_is_no_conflict(reader: Subscriber) -> None:
    other = world.subscribe(email="other@example.org").subscriber
    erase_subscriber(subscriber=reader, at=LATER)
    erase_subscriber(subscriber=other, at=LATER)
    assert Subscriber.objects.filter(erased_at=LATER).count() == 2
