"""How to be told: digests, a clock, a backup person, a team; all of it confirmed first."""

from datetime import time, timedelta

import pytest

from policy.actions.alerts.compose import compose
from policy.actions.alerts.subscribe import (
    HowToTell,
    backups,
    change_clock,
    change_subscription,
    confirm_subscription,
    end_all,
    end_subscription,
    request_backup,
    request_subscription,
    subscribe_team,
)
from policy.domain.leads import Lead
from policy.models import Alert, Subscriber, Subscription
from policy.queries.subjects import find_subject
from tests.policy.alerts import world
from tests.policy.alerts.world import SUBSCRIBED

pytestmark = pytest.mark.django_db

LATER = SUBSCRIBED + timedelta(hours=1)
BACKUP = "backup@example.org"
WEEKLY = HowToTell(
    delivery="weekly",
    weekday=2,
    zone="Asia/Taipei",
    hour=time(17),
    backup_email=f" {BACKUP.upper()}",
    escalate_days=3,
)


@pytest.fixture(autouse=True)
def followed() -> None:
    world.comment_deadline()
    world.country()


def ask(how: HowToTell = WEEKLY, email: str = "reader@example.org") -> Subscription:
    subject = find_subject("rule", "ai-diffusion")
    assert subject
    leads = [Lead(7), Lead(5, business=True)]
    return request_subscription(email=email, subject=subject, leads=leads, how=how, at=SUBSCRIBED)


def confirmed(how: HowToTell = WEEKLY) -> Subscription:
    return confirm_subscription(subscription=ask(how), at=LATER)


def with_backup() -> tuple[Subscription, Subscription]:
    """A subscription, and the consent of its backup person, not confirmed yet."""
    subscription = confirmed()
    consent = request_backup(subscription=subscription, at=LATER)
    assert consent
    return subscription, consent


def words_of_confirmation(subscription: Subscription) -> str:
    return str(subscription.alerts.get(reason=Alert.Reason.CONFIRM).payload["leads"])


def test_what_was_asked_for_is_kept_with_the_wish() -> None:
    wish = ask()
    assert (wish.delivery, wish.weekday, wish.escalate_days) == ("weekly", 2, 3)
    assert wish.backup_email == BACKUP
    assert [lead.code for lead in wish.leads] == ["7d", "5b"]
    assert words_of_confirmation(wish) == ("7 days and 5 business days before; in a weekly digest")


def test_nobody_s_clock_changes_before_they_confirm() -> None:
    """Whoever knows an address could else move its mails to the middle of the night."""
    reader = world.subscribe_to_everything().subscriber
    wish = ask(email=reader.email)
    reader.refresh_from_db()
    assert (reader.zone, reader.hour) == ("America/New_York", time(8))
    confirm_subscription(subscription=wish, at=LATER)
    reader.refresh_from_db()
    assert (reader.zone, reader.hour) == ("Asia/Taipei", time(17))


def test_a_wish_that_names_no_clock_leaves_it_as_it_is() -> None:
    reader = confirmed().subscriber
    confirm_subscription(subscription=ask(HowToTell()), at=LATER)
    reader.refresh_from_db()
    assert reader.zone == "Asia/Taipei"


def test_the_hour_alone_can_be_changed() -> None:
    reader = confirmed().subscriber
    change_clock(subscriber=reader, how=HowToTell(hour=time(0)))
    reader.refresh_from_db()
    assert (reader.zone, reader.hour) == ("Asia/Taipei", time(0))


def test_confirming_again_takes_over_every_choice() -> None:
    first = confirmed(HowToTell())
    assert confirmed() == first
    first.refresh_from_db()
    assert (first.delivery, first.backup_email) == ("weekly", BACKUP)


def test_days_without_a_backup_person_mean_nothing() -> None:
    assert ask(HowToTell(escalate_days=3)).escalate_days is None


def test_no_backup_person_is_asked_before_the_reader_has_confirmed() -> None:
    wish = ask()
    assert request_backup(subscription=wish, at=LATER) is None
    assert not Subscriber.objects.filter(email=BACKUP).exists()


def test_a_backup_person_is_asked_and_told_for_whom() -> None:
    _, consent = with_backup()
    assert not consent.is_active
    assert consent.subscriber.email == BACKUP
    assert consent.label.startswith("backup for reader@example.org: Framework")
    assert words_of_confirmation(consent) == "where a date has not been acknowledged in time"


def test_a_backup_person_who_has_agreed_is_not_asked_again() -> None:
    subscription, consent = with_backup()
    confirm_subscription(subscription=consent, at=LATER)
    assert request_backup(subscription=subscription, at=LATER) is None
    assert backups([subscription.pk]).count() == 1


def test_asking_a_backup_person_twice_before_they_answer_sends_one_mail() -> None:
    subscription, consent = with_backup()
    assert request_backup(subscription=subscription, at=LATER) == consent
    assert consent.alerts.count() == 1


def test_naming_another_backup_person_ends_what_the_first_agreed_to() -> None:
    subscription, consent = with_backup()
    confirm_subscription(subscription=consent, at=LATER)
    other = HowToTell(backup_email="other@example.org", escalate_days=1)
    change_subscription(subscription=subscription, leads=[], how=other, at=LATER)
    consent.refresh_from_db()
    assert consent.ended_at == LATER


def test_changing_something_else_leaves_the_backup_person() -> None:
    subscription, consent = with_backup()
    change_subscription(subscription=subscription, leads=[Lead(1)], how=WEEKLY, at=LATER)
    consent.refresh_from_db()
    assert consent.ended_at is None
    assert subscription.leads == [Lead(1)]


def test_where_the_mails_end_nobody_stands_behind_them_any_more() -> None:
    subscription, consent = with_backup()
    end_subscription(subscription=subscription, at=LATER)
    consent.refresh_from_db()
    assert consent.ended_at == LATER


def test_ending_all_mails_ends_their_backups() -> None:
    subscription, consent = with_backup()
    assert end_all(subscriber=subscription.subscriber, at=LATER) == 1
    consent.refresh_from_db()
    assert consent.ended_at == LATER


def test_a_team_is_asked_like_anybody_and_told_who_asks() -> None:
    subject = find_subject("country", "kh")
    assert subject
    wish = subscribe_team(
        email="team@example.org", by=" Ada Byron ", subject=subject, leads=[], at=SUBSCRIBED
    )
    assert not wish.is_active
    assert wish.asked_by == "Ada Byron"
    (mail,) = wish.alerts.all()
    assert (mail.reason, mail.payload["asked_by"]) == (Alert.Reason.CONFIRM, "Ada Byron")


def test_no_team_is_subscribed_by_nobody() -> None:
    subject = find_subject("country", "kh")
    assert subject
    with pytest.raises(ValueError, match="by somebody who is named"):
        subscribe_team(email="t@example.org", by=" ", subject=subject, leads=[], at=SUBSCRIBED)
    assert not Subscription.objects.exists()


def test_the_mail_to_a_team_names_who_asks() -> None:
    subject = find_subject("country", "kh")
    assert subject
    wish = subscribe_team(
        email="team@example.org", by="Ada Byron", subject=subject, leads=[], at=SUBSCRIBED
    )
    mail = compose(wish.alerts.get(), at=SUBSCRIBED)
    assert str(mail.body).startswith("Ada Byron asked for deadline e-mails to this address.")


def test_the_mail_to_a_backup_person_says_what_for() -> None:
    _, consent = with_backup()
    body = str(compose(consent.alerts.select_related("subscriber").get(), at=LATER).body)
    assert "Subject: backup for reader@example.org: Framework" in body
    assert "Reminders: where a date has not been acknowledged in time" in body
