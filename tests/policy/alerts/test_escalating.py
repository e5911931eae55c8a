"""A date that nobody acknowledges reaches the backup person: once, in time, with their consent."""

from datetime import date, datetime, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from policy.actions.alerts import escalate
from policy.actions.alerts.answers import AnswerKey, acknowledge, snooze, undo
from policy.actions.alerts.plan import plan_alerts
from policy.actions.alerts.subscribe import (
    HowToTell,
    change_subscription,
    confirm_subscription,
    end_subscription,
    request_backup,
)
from policy.models import Acknowledgement, Alert, Subscription
from policy.queries.asof import read_parameters
from policy.queries.due_dates import chains
from tests.policy.alerts import world
from tests.policy.alerts.world import SUBSCRIBED, eastern

pytestmark = pytest.mark.django_db

TOPIC, TOLD = "ai-diffusion-comment", "2025-05-15"
BACKUP = "backup@example.org"
D_3 = eastern(2025, 5, 12, 8)
CUTOFF = eastern(2025, 5, 15, 23, 59) + timedelta(seconds=59)
SEEN = Acknowledgement.State.SEEN


@pytest.fixture(autouse=True)
def record() -> None:
    world.comment_deadline()


def with_backup(
    kind: str = "rule", subject_id: str = "ai-diffusion", *, agreed: bool = True, days: int = 3
) -> Subscription:
    subscription = world.subscribe(kind, subject_id)
    how = HowToTell(backup_email=BACKUP, escalate_days=days)
    change_subscription(subscription=subscription, leads=subscription.leads, how=how, at=SUBSCRIBED)
    consent = request_backup(subscription=subscription, at=SUBSCRIBED)
    if agreed and consent:
        confirm_subscription(subscription=consent, at=SUBSCRIBED)
    return subscription


def plan_escalations(at: datetime) -> int:
    return plan_alerts(at=at).escalated


def key_of(subscription: Subscription) -> AnswerKey:
    return AnswerKey(subscription.subscriber_id, TOPIC, TOLD)


def escalated() -> list[Alert]:
    return list(Alert.objects.filter(reason=Alert.Reason.ESCALATED))


@pytest.mark.parametrize(
    ("at", "mails"),
    [
        (D_3 - timedelta(seconds=1), 0),
        (D_3, 1),
        (eastern(2025, 5, 15, 20), 1),
        (CUTOFF, 1),
        (CUTOFF + timedelta(seconds=1), 0),
    ],
)
def test_the_backup_person_is_told_from_the_set_day_on_until_the_date_closes(
    at: datetime, mails: int
) -> None:
    with_backup()
    assert plan_escalations(at=at) == mails


def test_the_mail_goes_to_the_backup_person_and_says_for_whom() -> None:
    with_backup()
    plan_escalations(at=D_3)
    (alert,) = escalated()
    assert alert.subscriber.email == BACKUP
    assert (alert.topic, alert.told, alert.not_after) == (TOPIC, TOLD, CUTOFF)
    assert alert.payload["what"] == "Comments due"
    assert alert.payload["why"] == (
        "reader@example.org follows this date, has not acknowledged it, and named you as the "
        "person to tell 3 days before."
    )
    assert world.why_not(alert, D_3) == ""


def test_planning_twice_tells_once() -> None:
    with_backup()
    assert [plan_escalations(at=D_3 + timedelta(hours=n)) for n in range(4)] == [1, 0, 0, 0]


def test_two_subscriptions_that_cover_a_date_tell_one_person_once() -> None:
    with_backup()
    with_backup("everything", "")
    assert plan_escalations(at=D_3) == 1
    assert plan_escalations(at=D_3) == 0


@pytest.mark.parametrize(
    ("kind", "subject_id"),
    [
        ("everything", ""),
        ("docket", "BIS-2025-0001"),
        ("kind", "comment"),
        ("search", "q=artificial"),
    ],
)
def test_each_kind_of_subject_escalates(kind: str, subject_id: str) -> None:
    with_backup(kind, subject_id)
    assert plan_escalations(at=D_3) == 1


def test_other_dates_do_not() -> None:
    world.rule("other", "Another rule")
    with_backup("rule", "other")
    with_backup("search", "q=nothing+of+this")
    assert plan_escalations(at=D_3) == 0


def test_a_scheduled_change_escalates_too() -> None:
    world.put_in_group(world.country(), date(2025, 5, 15))
    with_backup("country", "kh")
    assert plan_escalations(at=D_3) == 1


@pytest.mark.parametrize("state", Acknowledgement.State)
def test_what_somebody_has_acknowledged_is_not_escalated(state: Acknowledgement.State) -> None:
    subscription = with_backup()
    acknowledge(key=key_of(subscription), state=state, at=D_3 - timedelta(hours=1))
    assert plan_escalations(at=D_3) == 0


def test_somebody_else_s_answer_does_not_count() -> None:
    with_backup()
    other = world.subscribe(email="other@example.org")
    acknowledge(key=key_of(other), state=SEEN, at=D_3 - timedelta(hours=1))
    assert plan_escalations(at=D_3) == 1


def test_an_answer_to_the_earlier_date_does_not_count_for_the_moved_one() -> None:
    subscription = with_backup()
    acknowledge(key=key_of(subscription), state=SEEN, at=D_3 - timedelta(hours=1))
    at = eastern(2025, 5, 13, 9)
    world.state(world.deadline(), date(2025, 5, 16), at=at, governs=date(2025, 5, 13))
    assert plan_escalations(at=at) == 1
    assert escalated()[0].told == "2025-05-16"


def test_a_snooze_alone_is_no_answer() -> None:
    subscription = with_backup()
    at = D_3 - timedelta(hours=1)
    plan_alerts(at=at)
    assert snooze(key=key_of(subscription), days=3, at=at)
    assert plan_escalations(at=D_3) == 1


def test_an_answer_stops_what_has_not_left_and_undoing_it_tells_after_all() -> None:
    subscription = with_backup()
    plan_escalations(at=D_3)
    acknowledge(key=key_of(subscription), state=SEEN, at=D_3)
    assert [alert.state for alert in escalated()] == [Alert.State.CANCELLED]
    assert plan_escalations(at=D_3) == 0
    undo(key=key_of(subscription), at=D_3)
    assert [alert.state for alert in escalated()] == [Alert.State.QUEUED]


def test_what_has_been_sent_is_not_sent_again_after_an_answer_is_undone() -> None:
    subscription = with_backup()
    plan_escalations(at=D_3)
    Alert.objects.filter(reason=Alert.Reason.ESCALATED).update(state=Alert.State.SENT)
    acknowledge(key=key_of(subscription), state=SEEN, at=D_3)
    undo(key=key_of(subscription), at=D_3)
    assert plan_escalations(at=D_3) == 0
    assert [alert.state for alert in escalated()] == [Alert.State.SENT]


def test_whoever_has_not_agreed_is_told_nothing() -> None:
    with_backup(agreed=False)
    assert plan_escalations(at=D_3) == 0


@pytest.mark.parametrize("who", ["reader", "backup"])
def test_nothing_is_told_once_either_has_ended_it(who: str) -> None:
    subscription = with_backup()
    consent = Subscription.objects.get(subject="backup")
    end_subscription(subscription=subscription if who == "reader" else consent, at=SUBSCRIBED)
    assert plan_escalations(at=D_3) == 0


def test_a_backup_person_who_ends_it_gets_nothing_that_was_planned() -> None:
    with_backup()
    plan_escalations(at=D_3)
    end_subscription(subscription=Subscription.objects.get(subject="backup"), at=D_3)
    assert world.why_not(escalated()[0], D_3) == "The subscription has ended."


def test_no_mail_is_planned_for_a_backup_person_by_itself() -> None:
    with_backup()
    plan_alerts(at=D_3)
    assert {a.subscriber.email for a in Alert.objects.filter(reason="lead")} == {
        "reader@example.org"
    }


def test_a_withdrawn_date_is_not_escalated() -> None:
    with_backup()
    at = eastern(2025, 5, 10, 9)
    world.state(world.deadline(), None, at=at, governs=date(2025, 5, 10), withdrawn=True)
    assert plan_escalations(at=D_3) == 0


def test_the_backup_person_s_own_hour_counts() -> None:
    with_backup()
    consent = Subscription.objects.select_related("subscriber").get(subject="backup")
    consent.subscriber.hour = time(17)
    consent.subscriber.save()
    assert plan_escalations(at=D_3) == 0
    assert plan_escalations(at=eastern(2025, 5, 12, 17)) == 1


def test_without_backup_persons_escalating_costs_one_question(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    world.subscribe()
    reading = read_parameters("", "", now=D_3)
    held = chains()
    with django_assert_num_queries(1):
        assert escalate.plan_escalations(held, reading, at=D_3) == 0
