"""What is followed by docket, kind or saved search is planned for like any other subject."""

from datetime import date

import pytest

from policy.actions.alerts.plan import plan_alerts
from policy.models import Alert, Deadline, Docket, Rule, Subscription
from tests.policy.alerts import world
from tests.policy.alerts.world import SUBSCRIBED, eastern

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 8)
HOLDS = [
    ("docket", "BIS-2025-0001"),
    ("kind", "comment"),
    ("search", "q=artificial"),
    ("search", "kind=comment&rule=ai-diffusion"),
]
HOLDS_NOT = [
    ("docket", "BIS-2026-0001"),
    ("kind", "effective"),
    ("search", "q=quantum"),
    ("search", "kind=effective&q=artificial"),
]


@pytest.fixture(autouse=True)
def record() -> Deadline:
    Docket.objects.create(number="BIS-2026-0001")
    return world.comment_deadline()


@pytest.mark.parametrize(("kind", "subject_id"), HOLDS)
def test_what_holds_the_date_brings_its_reminder(kind: str, subject_id: str) -> None:
    subscription = world.subscribe(kind, subject_id)
    assert plan_alerts(at=D_7).leads == 1
    assert Alert.objects.get().subscription == subscription


@pytest.mark.parametrize(("kind", "subject_id"), HOLDS_NOT)
def test_what_does_not_hold_it_brings_none(kind: str, subject_id: str) -> None:
    world.subscribe(kind, subject_id)
    assert plan_alerts(at=D_7).leads == 0


@pytest.mark.parametrize(("kind", "subject_id"), HOLDS)
def test_what_holds_the_date_tells_of_its_move(kind: str, subject_id: str) -> None:
    world.subscribe(kind, subject_id)
    at = eastern(2025, 3, 1, 9)
    world.state(world.deadline(), date(2025, 6, 15), at=at, governs=date(2025, 3, 1))
    assert plan_alerts(at=at).moves == 1


def test_two_searches_that_hold_a_date_bring_one_mail() -> None:
    world.subscribe("search", "q=artificial")
    world.subscribe("search", "q=intelligence")
    world.subscribe_to_everything()
    assert plan_alerts(at=D_7).leads == 1


def test_a_date_that_comes_later_is_found_by_a_search_saved_before() -> None:
    world.subscribe("search", "q=quantum")
    rule = world.rule("quantum", "Controls on quantum computers")
    at = eastern(2025, 4, 1, 9)
    deadline = world.deadline("quantum-comment", of=rule)
    world.state(deadline, date(2025, 5, 15), at=at, governs=date(2025, 4, 1))
    plan_alerts(at=D_7)
    assert set(Alert.objects.filter(reason="lead").values_list("topic", flat=True)) == {
        "quantum-comment"
    }


def test_a_saved_search_that_can_no_longer_be_read_stops_nobody_s_mail() -> None:
    broken = world.subscribe("search", "q=artificial", email="other@example.org")
    Subscription.objects.filter(pk=broken.pk).update(subject_id="page=2")
    world.subscribe()
    assert plan_alerts(at=D_7).leads == 1


def test_more_searches_than_one_condition_holds_are_planned_and_moved() -> None:
    """SQLite refuses a condition of more than a thousand alternatives."""
    searches = [f"q=artificial+{n}" for n in range(1200)]
    titles = " ".join(str(n) for n in range(1200))
    Rule.objects.update(title=f"Artificial {titles}")
    subscriber = world.subscribe("kind", "effective").subscriber
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=subscriber,
            subject="search",
            subject_id=query,
            label=query,
            created_at=SUBSCRIBED,
            confirmed_at=SUBSCRIBED,
            since_revision=1,
        )
        for query in searches
    )
    at = eastern(2025, 3, 1, 9)
    world.state(world.deadline(), date(2025, 6, 15), at=at, governs=date(2025, 3, 1))
    assert plan_alerts(at=at).moves == 1
