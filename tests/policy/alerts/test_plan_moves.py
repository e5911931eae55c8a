"""A changed date brings one mail "moved from A to B, because of C"."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from policy.actions.alerts.deliver import deliver_alerts
from policy.actions.alerts.plan import Planned, plan_alerts
from policy.models import Alert, Deadline, DeadlineDate
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

MOVED_AT = eastern(2025, 3, 3, 10)
SOON_AFTER = MOVED_AT + timedelta(minutes=1)
LATER = date(2025, 6, 16)


def move(to: date | None = LATER, day: int = 3, **more: Any) -> None:
    """A document of March 2025 that states another date, recorded at 10:00 on its day."""
    extension = world.source("2025-09999", "90 FR 20000", "Extension of comment period")
    published = date(2025, 3, day)
    recorded = eastern(2025, 3, day, 10)
    world.state(world.deadline(), to, at=recorded, governs=published, by=extension, **more)


def plan(day: int = 3, hour: int = 10, minute: int = 1) -> Planned:
    return plan_alerts(at=eastern(2025, 3, day, hour, minute))


def send(day: int = 3, hour: int = 10, minute: int = 2) -> int:
    return deliver_alerts(clock=lambda: eastern(2025, 3, day, hour, minute)).sent


def moves() -> list[tuple[str, str, str]]:
    rows = Alert.objects.filter(reason=Alert.Reason.MOVED).order_by("pk")
    return [(a.payload["moved"]["from"], a.payload["moved"]["to"], a.state) for a in rows]


def test_a_moved_date_brings_one_mail_with_both_dates_and_the_cause() -> None:
    world.comment_deadline()
    world.subscribe()
    move()
    assert [plan().moves for _ in range(3)] == [1, 0, 0]
    alert = Alert.objects.get()
    assert world.said(alert)["moved"] == {
        "from": "2025-05-15",
        "to": "2025-06-16",
        "because": "90 FR 20000: Extension of comment period",
    }


def test_it_is_sent_once_however_often_planning_runs_afterwards() -> None:
    world.comment_deadline()
    world.subscribe()
    move()
    for minute in range(1, 6):
        plan(minute=minute)
        send(minute=minute)
    assert moves() == [("2025-05-15", "2025-06-16", "sent")]


def test_a_date_that_moved_before_the_subscription_is_no_news() -> None:
    world.comment_deadline()
    move()
    world.subscribe(at=eastern(2025, 3, 4, 9))
    assert plan(day=4) == Planned()


def test_a_new_deadline_is_not_a_moved_one() -> None:
    world.rule()
    world.subscribe()
    world.state(world.deadline(), world.DUE, at=MOVED_AT)
    assert plan().moves == 0


def test_a_deadline_that_came_after_the_subscription_may_move_too() -> None:
    world.rule()
    world.subscribe()
    world.state(world.deadline(), world.DUE, at=eastern(2025, 2, 3, 9))
    move()
    plan()
    assert moves() == [("2025-05-15", "2025-06-16", "queued")]


def test_moving_into_reach_brings_one_mail_and_not_the_missed_alerts_too() -> None:
    world.comment_deadline()
    world.subscribe()
    move(to=date(2025, 3, 8))
    assert plan() == Planned(moves=1)
    assert plan(minute=5) == Planned()
    assert plan(day=7, hour=8) == Planned(leads=1)


def test_after_an_outage_the_mail_about_the_move_stands_in_for_alerts_too() -> None:
    world.comment_deadline()
    world.subscribe()
    move(to=date(2025, 3, 20))
    assert plan(day=15) == Planned(moves=1)
    assert "This mail is late" in world.said(Alert.objects.get())["why"]


def test_what_is_reverted_before_it_was_sent_sends_nothing() -> None:
    world.comment_deadline()
    world.subscribe()
    move()
    plan()
    move(to=world.DUE, day=4)
    plan(day=4)
    assert send(day=4) == 0
    assert moves() == [("2025-05-15", "2025-06-16", "cancelled")]


def test_what_is_reverted_after_it_was_sent_sends_again() -> None:
    world.comment_deadline()
    world.subscribe()
    for day, to in ((3, LATER), (4, world.DUE), (5, LATER)):
        move(to=to, day=day)
        plan(day=day)
        assert send(day=day) == 1
    assert [(a, b) for a, b, _ in moves()] == [
        ("2025-05-15", "2025-06-16"),
        ("2025-06-16", "2025-05-15"),
        ("2025-05-15", "2025-06-16"),
    ]


def test_what_moves_twice_before_it_is_sent_brings_one_mail_from_first_to_last() -> None:
    world.comment_deadline()
    world.subscribe()
    move()
    plan()
    move(to=date(2025, 7, 1), day=4)
    plan(day=4)
    assert send(day=4) == 1
    assert moves() == [
        ("2025-05-15", "2025-06-16", "cancelled"),
        ("2025-05-15", "2025-07-01", "sent"),
    ]


def test_what_moves_away_back_and_away_again_before_sending_is_told_once() -> None:
    world.comment_deadline()
    world.subscribe()
    for day, to in ((3, LATER), (4, world.DUE)):
        move(to=to, day=day)
        plan(day=day)
        send(day=day, minute=0)
    move(day=5)
    plan(day=5)
    assert send(day=5) == 1
    assert [state for _, _, state in moves()].count("sent") == 1


def test_a_withdrawn_date_is_told_and_brings_no_more_alerts() -> None:
    world.comment_deadline()
    world.subscribe()
    move(withdrawn=True)
    plan()
    assert moves() == [("2025-05-15", "withdrawn", "queued")]
    assert plan_alerts(at=eastern(2025, 5, 8, 8)).leads == 0


def test_a_date_taken_out_of_the_record_is_told_with_the_reason() -> None:
    world.comment_deadline()
    world.subscribe()
    with world.revision(MOVED_AT) as issued:
        DeadlineDate.objects.update(superseded=issued, closed_because="Never printed")
    plan()
    [alert] = Alert.objects.all()
    assert world.said(alert)["moved"]["to"] == "removed"
    assert world.said(alert)["moved"]["because"] == "Never printed"


def test_another_hour_of_the_same_day_is_a_change() -> None:
    world.comment_deadline()
    world.subscribe()
    move(to=world.DUE, closes=time(17))
    plan()
    assert moves() == [("2025-05-15", "2025-05-15T17:00:00", "queued")]


def test_a_row_cut_to_another_span_is_no_change() -> None:
    world.comment_deadline()
    world.subscribe()
    # Another document takes over in April only; until then the first one governs.
    extension = world.source("2025-09999", "90 FR 20000", "Extension")
    april = date(2025, 4, 1)
    world.state(world.deadline(), LATER, at=MOVED_AT, governs=april, by=extension)
    assert plan() == Planned()
    assert plan_alerts(at=eastern(2025, 4, 1, 0, 1)).moves == 1


def test_an_alert_of_the_old_date_mentions_the_document_that_will_take_over() -> None:
    world.comment_deadline(day=date(2025, 3, 10))
    extension = world.source("2025-09999", "90 FR 20000", "Extension")
    world.state(world.deadline(), LATER, governs=date(2025, 4, 1), by=extension)
    world.subscribe(leads=[7])
    plan()
    [alert] = Alert.objects.all()
    assert world.said(alert)["caveats"] == [
        "From 1 April 2025 another document (90 FR 20000) governs: 16 June 2025."
    ]


def test_an_extension_published_after_the_date_had_passed_reopens_it() -> None:
    world.comment_deadline(day=date(2025, 2, 28))
    world.subscribe()
    move()
    plan()
    assert moves() == [("2025-02-28", "2025-06-16", "queued")]


def test_a_correction_of_the_past_goes_only_to_those_who_were_told() -> None:
    world.comment_deadline(day=date(2025, 2, 28))
    world.subscribe(email="told@example.org")
    plan_alerts(at=eastern(2025, 2, 28, 8))
    deliver_alerts(clock=lambda: eastern(2025, 2, 28, 8, 1))
    world.subscribe(email="new@example.org", at=eastern(2025, 3, 1, 12))
    move(to=date(2025, 2, 27))
    plan()
    rows = Alert.objects.filter(reason=Alert.Reason.MOVED)
    assert [alert.subscriber.email for alert in rows] == ["told@example.org"]


def test_a_backfill_sends_no_mail() -> None:
    world.comment_deadline()
    world.subscribe()
    move(baseline=True)
    assert plan() == Planned()


def test_a_date_that_readers_only_note_is_not_told() -> None:
    published = world.deadline("published", kind=Deadline.Kind.PUBLISHED, label="Published")
    world.state(published, world.DUE, baseline=True)
    world.subscribe()
    world.state(published, LATER, at=MOVED_AT, governs=date(2025, 3, 3))
    assert plan() == Planned()


def test_a_move_by_an_address_that_takes_no_mail_is_planned_once() -> None:
    world.comment_deadline()
    world.subscribe()
    move()
    plan()
    Alert.objects.update(state=Alert.State.FAILED)
    assert plan(minute=30) == Planned()


def test_two_subscriptions_of_one_reader_bring_one_mail() -> None:
    world.comment_deadline()
    world.subscribe_to_everything()
    particular = world.subscribe(at=eastern(2025, 3, 4, 9))
    move(day=3)
    plan(day=4)
    assert [alert.subscription for alert in Alert.objects.all()] == [particular]


def test_the_permalink_shows_the_page_as_of_the_mail() -> None:
    world.comment_deadline()
    world.subscribe()
    move()
    plan()
    [alert] = Alert.objects.all()
    assert (
        "/deadlines/ai-diffusion-comment/?on=2025-03-03&known=2025-03-03T15"
        in world.said(alert)["permalink"]
    )
