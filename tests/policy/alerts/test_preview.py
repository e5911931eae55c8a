"""What the last ninety days would have brought, over a small record."""

from datetime import date, time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from policy.actions.alerts.plan import plan_alerts
from policy.domain.due import ReaderClock
from policy.domain.leads import LEADS, Lead
from policy.domain.replay import Wish
from policy.models import Alert
from policy.queries.preview import Preview, preview
from policy.queries.subjects import Followed, find_subject
from tests.policy.alerts import world
from tests.policy.alerts.world import DUE, LOADED, eastern

pytestmark = pytest.mark.django_db

AFTER = eastern(2025, 5, 16, 12)
ALL = Wish(LEADS)


def subject(kind: str = "rule", subject_id: str = "ai-diffusion") -> Followed:
    found = find_subject(kind, subject_id)
    assert found
    return found


def counted(kind: str = "rule", subject_id: str = "ai-diffusion", wish: Wish = ALL) -> Preview:
    return preview(subject(kind, subject_id), wish, at=AFTER)


@pytest.mark.parametrize(
    ("kind", "subject_id"),
    [
        ("everything", ""),
        ("rule", "ai-diffusion"),
        ("docket", "BIS-2025-0001"),
        ("kind", "comment"),
        ("search", "q=artificial"),
        ("search", "kind=comment&rule=ai-diffusion"),
    ],
)
def test_each_subject_that_holds_the_date_counts_its_reminders(kind: str, subject_id: str) -> None:
    world.comment_deadline()
    assert counted(kind, subject_id) == Preview(mails=5, reminders=5, changes=0)


@pytest.mark.parametrize(
    ("kind", "subject_id"),
    [("rule", "other"), ("kind", "effective"), ("search", "q=nothing+of+this")],
)
def test_other_subjects_count_none(kind: str, subject_id: str) -> None:
    world.comment_deadline()
    world.rule("other", "Another rule")
    assert counted(kind, subject_id) == Preview(0, 0, 0)


def test_fewer_reminders_bring_fewer_mails() -> None:
    world.comment_deadline()
    assert counted(wish=Wish((Lead(7), Lead(5, business=True), Lead(365)))).reminders == 1
    assert counted(wish=Wish((Lead(7), Lead(4, business=True)))).reminders == 2


def test_a_moved_date_is_a_change() -> None:
    deadline = world.comment_deadline()
    at = eastern(2025, 5, 10, 9)
    world.state(deadline, date(2025, 5, 20), at=at, governs=date(2025, 5, 10))
    assert counted() == Preview(mails=5, reminders=4, changes=1)


def test_what_is_long_ago_or_far_ahead_does_not_count() -> None:
    world.comment_deadline(date(2025, 1, 31))
    world.state(world.deadline("later"), date(2025, 12, 1))
    assert counted() == Preview(0, 0, 0)


def test_a_date_that_was_withdrawn_before_counts_none() -> None:
    world.state(world.deadline(), None, withdrawn=True)
    assert counted() == Preview(0, 0, 0)


def test_scheduled_and_recorded_changes_of_a_country_count() -> None:
    world.put_in_group(world.country(), DUE)
    world.announce("country", "kh", "Long ago", at=LOADED)
    world.announce("country", "kh", "Cambodia changed", at=eastern(2025, 4, 1, 9))
    world.announce("country", "kh", "Cambodia, first load", at=eastern(2025, 4, 2), baseline=True)
    world.announce("country", "my", "Malaysia changed", at=eastern(2025, 4, 3))
    assert counted("country", "kh") == Preview(mails=6, reminders=5, changes=1)


def test_a_digest_gathers() -> None:
    for number in range(3):
        world.state(world.deadline(f"date-{number}"), DUE)
    assert counted().mails == 15
    assert counted(wish=Wish(LEADS, delivery="daily")).mails == 5


def test_the_count_is_what_planning_day_by_day_would_have_sent() -> None:
    """The preview and the planner ask one rule."""
    clock = ReaderClock("Asia/Taipei", time(17))
    deadline = world.comment_deadline()
    reader = world.subscribe(at=eastern(2025, 2, 15, 12))
    reader.subscriber.zone, reader.subscriber.hour = clock.zone, clock.hour
    reader.subscriber.save()
    moved = eastern(2025, 5, 10, 1)
    world.state(deadline, date(2025, 5, 20), at=moved, governs=date(2025, 5, 10))
    for hours in range(0, 24 * 91, 6):
        at = AFTER - timedelta(days=90) + timedelta(hours=hours)
        if (at < moved and hours % 24 == 0) or moved <= at <= AFTER:
            plan_alerts(at=at)
            Alert.objects.filter(state=Alert.State.QUEUED).update(state=Alert.State.SENT)
    sent = Alert.objects.exclude(reason=Alert.Reason.CONFIRM).count()
    assert preview(subject(), Wish(LEADS, clock), at=AFTER).mails == sent


def test_the_count_costs_as_many_questions_for_many_dates(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        deadline = world.deadline(f"date-{number}")
        world.state(deadline, DUE + timedelta(days=number))
    for kind, subject_id in [("everything", ""), ("rule", "ai-diffusion"), ("search", "q=ai")]:
        found = subject(kind, subject_id)
        with django_assert_max_num_queries(4):
            preview(found, ALL, at=AFTER)
