"""Digests: what waits goes out together, at the reader's hour, and never too late."""

from datetime import date, datetime, time

import pytest

from policy.actions.alerts.plan import plan_alerts
from policy.domain.due import ReaderClock, last_slot, next_slot
from policy.models import Alert, Subscription
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

DAILY, WEEKLY = Subscription.Delivery.DAILY, Subscription.Delivery.WEEKLY
State, Reason = Alert.State, Alert.Reason


def follow(delivery: Subscription.Delivery, weekday: int = 0) -> Subscription:
    wish = world.subscribe(leads=[14, 7, 1, 0])
    Subscription.objects.filter(pk=wish.pk).update(delivery=delivery, weekday=weekday)
    return wish


def rows(*, reason: Alert.Reason) -> list[tuple[str, str]]:
    return list(Alert.objects.filter(reason=reason).order_by("pk").values_list("key", "state"))


@pytest.mark.django_db
class TestWhatWaits:
    def test_a_reminder_of_the_reader_s_hour_is_in_the_digest_of_that_hour(self) -> None:
        world.comment_deadline()
        follow(DAILY)
        planned = plan_alerts(at=eastern(2025, 5, 8, 8))
        assert (planned.leads, planned.digests) == (1, 1)
        digest = Alert.objects.get(reason=Reason.DIGEST)
        assert [part.lead for part in digest.parts.all()] == ["7d"]
        assert digest.state == State.QUEUED

    def test_planning_again_makes_no_second_digest(self) -> None:
        world.comment_deadline()
        follow(DAILY)
        for minute in range(5):
            plan_alerts(at=eastern(2025, 5, 8, 8, minute))
        assert len(rows(reason=Reason.DIGEST)) == 1

    def test_a_moved_date_waits_for_the_next_day(self) -> None:
        world.comment_deadline()
        follow(DAILY)
        world.state(
            world.deadline(),
            date(2025, 6, 20),
            at=eastern(2025, 3, 3, 10),
            governs=date(2025, 3, 3),
        )
        assert plan_alerts(at=eastern(2025, 3, 3, 10, 1)).digests == 0
        assert [state for _, state in rows(reason=Reason.MOVED)] == [State.COLLECTED]
        assert plan_alerts(at=eastern(2025, 3, 4, 7, 59)).digests == 0
        assert plan_alerts(at=eastern(2025, 3, 4, 8)).digests == 1

    def test_a_weekly_digest_comes_on_its_day(self) -> None:
        world.comment_deadline()
        follow(WEEKLY, weekday=2)  # Wednesday
        plan_alerts(at=eastern(2025, 5, 1, 8))
        assert Alert.objects.get(reason=Reason.LEAD).state == State.COLLECTED
        assert plan_alerts(at=eastern(2025, 5, 6, 8)).digests == 0
        assert plan_alerts(at=eastern(2025, 5, 7, 8)).digests == 1

    def test_what_the_next_digest_would_bring_too_late_goes_out_at_once(self) -> None:
        world.comment_deadline()
        follow(WEEKLY, weekday=4)  # Friday 16 May comes after 15 May
        plan_alerts(at=eastern(2025, 5, 14, 8))
        assert Alert.objects.get(lead="1d").state == State.QUEUED

    def test_a_reader_who_comes_to_want_mail_at_once_gets_what_waited(self) -> None:
        world.comment_deadline()
        wish = follow(WEEKLY, weekday=2)
        plan_alerts(at=eastern(2025, 5, 1, 8))
        Subscription.objects.filter(pk=wish.pk).update(delivery="immediate")
        plan_alerts(at=eastern(2025, 5, 1, 9))
        assert Alert.objects.get(reason=Reason.LEAD).state == State.QUEUED

    def test_after_a_downtime_over_the_hour_the_digest_comes_with_the_next_run(self) -> None:
        world.comment_deadline()
        follow(DAILY)
        assert plan_alerts(at=eastern(2025, 5, 8, 11)).digests == 1


NEW_YORK = ReaderClock()
HONOLULU = ReaderClock("Pacific/Honolulu", time(20))


@pytest.mark.parametrize(
    ("clock", "weekday", "at", "last", "following"),
    [
        (NEW_YORK, None, (2025, 5, 8, 8), (2025, 5, 8, 8), (2025, 5, 9, 8)),
        (NEW_YORK, None, (2025, 5, 8, 7), (2025, 5, 7, 8), (2025, 5, 8, 8)),
        (NEW_YORK, 0, (2025, 5, 8, 7), (2025, 5, 5, 8), (2025, 5, 12, 8)),
        # Over the change of the clocks on 9 March the hour stays the reader's.
        (NEW_YORK, None, (2025, 3, 9, 9), (2025, 3, 9, 8), (2025, 3, 10, 8)),
        # 20:00 in Honolulu is 02:00 in New York, in summer time.
        (HONOLULU, None, (2025, 5, 8, 3), (2025, 5, 8, 2), (2025, 5, 9, 2)),
    ],
)
def test_a_slot_is_the_reader_s_hour(
    clock: ReaderClock,
    weekday: int | None,
    at: tuple[int, ...],
    last: tuple[int, ...],
    following: tuple[int, ...],
) -> None:
    def instant(parts: tuple[int, ...]) -> datetime:
        year, month, day, hour = parts
        return eastern(year, month, day, hour)

    assert last_slot(clock, weekday, instant(at)) == instant(last)
    assert next_slot(clock, weekday, instant(at)) == instant(following)
