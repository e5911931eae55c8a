"""Planning alerts before a date: the right one, once, explained."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from policy.actions.alerts.plan import Planned, plan_alerts
from policy.actions.alerts.subscribe import change_leads, end_subscription
from policy.domain.leads import Lead
from policy.models import Alert, Deadline
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 8)


def plan(at: Any) -> Planned:
    return plan_alerts(at=at)


def planned() -> list[tuple[int | None, str]]:
    rows = Alert.objects.order_by("pk").values_list("lead", "told")
    return [(Lead.from_code(lead).days, told) for lead, told in rows]


def test_planning_three_times_plans_once() -> None:
    world.comment_deadline()
    world.subscribe()
    assert [plan(D_7).leads for _ in range(3)] == [1, 0, 0]
    assert Alert.objects.count() == 1


def test_the_key_holds_subscriber_deadline_due_date_and_lead() -> None:
    world.comment_deadline()
    subscription = world.subscribe()
    plan(D_7)
    alert = Alert.objects.get()
    assert alert.key == f"lead:{subscription.subscriber_id}:ai-diffusion-comment:2025-05-15:7d"
    assert alert.not_after == eastern(2025, 5, 15, 23, 59) + timedelta(seconds=59)


def test_each_lead_time_goes_out_on_its_own_eastern_day() -> None:
    world.comment_deadline()
    world.subscribe()
    start = eastern(2025, 4, 1, 8)
    for day in range(60):
        plan(start + timedelta(days=day))
    assert [
        (Lead.from_code(a.lead).days, a.planned_at - start) for a in Alert.objects.order_by("pk")
    ] == [(lead, timedelta(days=44 - lead)) for lead in (30, 14, 7, 1, 0)]


def test_nobody_who_has_not_confirmed_or_has_ended_it_is_told() -> None:
    world.comment_deadline()
    subscription = world.subscribe()
    end_subscription(subscription=subscription, at=eastern(2025, 5, 1))
    assert plan(D_7) == Planned()


def test_a_late_subscription_brings_one_mail_at_once_and_says_why() -> None:
    world.comment_deadline()
    world.subscribe(at=eastern(2025, 5, 10, 9, 30))
    plan(eastern(2025, 5, 10, 9, 31))
    plan(eastern(2025, 5, 10, 9, 32))
    [alert] = Alert.objects.all()
    assert alert.lead == "7d"
    assert world.said(alert)["why"].startswith("You subscribed on 10 May 2025, 09:30 Eastern")


def test_days_of_downtime_bring_one_mail_that_says_it_is_late() -> None:
    world.comment_deadline()
    world.subscribe()
    plan(eastern(2025, 4, 15, 8))
    plan(eastern(2025, 5, 12, 3))
    first, late = Alert.objects.order_by("pk")
    assert (first.lead, late.lead) == ("30d", "7d")
    assert "This mail is late: it was to go out on 8 May 2025" in world.said(late)["why"]


def test_a_date_learned_late_brings_one_mail_that_says_so() -> None:
    world.rule()
    world.subscribe()
    world.state(world.deadline(), world.DUE, at=eastern(2025, 5, 10, 9))
    plan(eastern(2025, 5, 10, 9, 1))
    [alert] = Alert.objects.all()
    assert world.said(alert)["why"].startswith("The record learned of this date on 10 May 2025")


@pytest.mark.parametrize(
    "stated",
    [
        {"day": None},
        {"day": date(2025, 5, 1), "day_precision": "month"},
        {"day": date(2025, 1, 1), "day_precision": "year"},
        {"day": world.DUE, "withdrawn": True},
    ],
)
def test_no_alert_for_a_guessed_unknown_or_withdrawn_date(stated: dict[str, Any]) -> None:
    world.state(world.deadline(), **stated)
    world.subscribe()
    for day in range(1, 20):
        assert plan(eastern(2025, 5, day, 8)).leads == 0


@pytest.mark.parametrize("kind", Deadline.Kind)
def test_alerts_go_out_for_the_dates_by_which_readers_act(kind: Deadline.Kind) -> None:
    world.state(world.deadline("any", kind=kind), world.DUE, baseline=True)
    world.subscribe()
    noted = {Deadline.Kind.PUBLIC_INSPECTION, Deadline.Kind.FILED, Deadline.Kind.PUBLISHED}
    assert plan(D_7).leads == (0 if kind in noted else 1)


def test_a_scheduled_date_is_told_and_marked() -> None:
    world.comment_deadline(scheduled=True)
    world.subscribe()
    plan(D_7)
    [alert] = Alert.objects.all()
    assert world.said(alert)["scheduled"] is True
    assert world.said(alert)["caveats"][0].startswith("Scheduled, not confirmed")


def test_a_mail_says_where_the_record_ends() -> None:
    world.comment_deadline()
    world.covered_until(date(2025, 5, 1))
    world.subscribe()
    plan(D_7)
    [alert] = Alert.objects.all()
    assert world.said(alert)["caveats"] == [
        "The record ends 1 May 2025: a change made since then is not known to it."
    ]


def test_a_printed_hour_is_the_last_moment() -> None:
    world.comment_deadline(closes=time(17))
    world.subscribe()
    assert plan(eastern(2025, 5, 15, 17, 1)).leads == 0
    assert plan(eastern(2025, 5, 15, 17)).leads == 1


def test_a_subscription_to_another_rule_is_not_told() -> None:
    world.comment_deadline()
    world.rule("chip-security", "Chip Security")
    world.subscribe("rule", "chip-security")
    assert plan(D_7).leads == 0


def test_everything_closing_covers_every_rule() -> None:
    world.comment_deadline()
    other = world.rule("chip-security", "Chip Security")
    world.state(world.deadline("chip-comment", of=other), world.DUE)
    world.subscribe_to_everything()
    assert plan(D_7).leads == 2


def test_following_a_rule_and_everything_brings_one_mail() -> None:
    world.comment_deadline()
    world.subscribe_to_everything()
    particular = world.subscribe()
    plan(D_7)
    assert [alert.subscription for alert in Alert.objects.all()] == [particular]


def test_ending_one_of_two_subscriptions_does_not_repeat_what_was_told() -> None:
    world.comment_deadline()
    world.subscribe_to_everything()
    particular = world.subscribe()
    plan(D_7)
    end_subscription(subscription=particular, at=D_7 + timedelta(minutes=1))
    plan(D_7 + timedelta(minutes=2))
    assert planned() == [(7, "2025-05-15")]


def test_choosing_more_lead_times_does_not_bring_back_those_that_passed() -> None:
    world.comment_deadline()
    subscription = world.subscribe(leads=[7])
    plan(D_7)
    change_leads(subscription=subscription, leads=map(Lead, [30, 14, 7, 1]))
    plan(D_7 + timedelta(hours=1))
    plan(eastern(2025, 5, 14, 8))
    assert [lead for lead, _ in planned()] == [7, 1]


def test_an_alert_that_could_not_be_sent_gives_way_to_the_next() -> None:
    world.comment_deadline()
    world.subscribe()
    plan(D_7)
    plan(eastern(2025, 5, 14, 8))
    states = dict(Alert.objects.values_list("lead", "state"))
    assert states == {"7d": Alert.State.CANCELLED, "1d": Alert.State.QUEUED}


def test_a_clock_set_back_skips_no_alert_and_repeats_none() -> None:
    world.comment_deadline()
    world.subscribe()
    plan(eastern(2025, 5, 8, 9))
    for day in (15, 16):
        plan(eastern(2025, 4, day, 9))
    plan(eastern(2025, 5, 1, 9))
    plan(eastern(2025, 5, 8, 9))
    assert [lead for lead, _ in planned()] == [7, 30, 14]


def test_leap_day_and_daylight_saving_each_bring_one_alert_on_the_right_day() -> None:
    for slug, day in {"leap": date(2028, 3, 1), "spring": date(2028, 3, 13)}.items():
        world.state(world.deadline(slug), day, baseline=True)
    world.subscribe(leads=[1])
    start = eastern(2028, 2, 27, 0)
    for hour in range(24 * 18):
        plan(start + timedelta(hours=hour))
    days = {a.topic: a.planned_at for a in Alert.objects.all()}
    assert days == {"leap": eastern(2028, 2, 29, 8), "spring": eastern(2028, 3, 12, 8)}


class TestScheduledChangesOfACountry:
    def test_a_country_that_enters_a_group_is_told_ahead(self) -> None:
        world.put_in_group(world.country(), date(2025, 5, 15))
        world.subscribe("country", "kh")
        assert plan(D_7).leads == 1
        [alert] = Alert.objects.all()
        assert world.said(alert)["what"] == "Country Group D:5 (Country Group D:5)"
        assert world.said(alert)["about"] == "Cambodia"

    def test_a_country_that_leaves_a_group_is_told_ahead(self) -> None:
        world.put_in_group(world.country(), None, date(2025, 5, 15))
        world.subscribe("country", "kh")
        assert plan(D_7).leads == 1
        assert world.said(Alert.objects.get())["what"].startswith("no longer Country Group D:5")

    def test_everything_closing_is_about_deadlines_only(self) -> None:
        world.put_in_group(world.country(), date(2025, 5, 15))
        world.subscribe_to_everything()
        assert plan(D_7).leads == 0

    def test_the_mail_about_the_change_stands_in_for_the_alerts_that_passed(self) -> None:
        country = world.country()
        world.subscribe("country", "kh")
        fact = world.put_in_group(country, date(2025, 5, 15), at=eastern(2025, 5, 10, 9))
        event = world.announce("country", "kh", "Cambodia enters D:5", at=eastern(2025, 5, 10, 9))
        event.revision_id = type(fact).objects.get().recorded_id
        event.save()
        assert plan(eastern(2025, 5, 10, 9, 5)) == Planned(changes=1)
        assert plan(eastern(2025, 5, 14, 8)) == Planned(leads=1)
