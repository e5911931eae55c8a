"""What is approved for a later instant is published by the minute's tick."""

from datetime import timedelta

import pytest
import time_machine

from policy.actions.desk import review
from policy.models import Change, User
from policy.tasks import tick
from tests.policy.desk.world import AT, days, new_date, published

pytestmark = pytest.mark.django_db
Team = dict[str, User]
BEFORE = ["2025-01-15 2025-05-15"]
LATER = AT + timedelta(hours=3)


def ticked(at: object) -> int:
    with time_machine.travel(at, tick=False):  # type: ignore[arg-type]
        return int(tick()["published"])


def test_the_tick_publishes_at_the_instant_and_not_before(team: Team) -> None:
    change = published(team, publish_at=LATER)
    assert ticked(LATER - timedelta(minutes=1)) == 0
    assert days() == BEFORE
    assert ticked(LATER) == 1
    assert days() != BEFORE
    change.refresh_from_db()
    assert (change.state, change.applied_at) == ("applied", LATER)
    assert ticked(LATER + timedelta(minutes=1)) == 0


def test_after_any_downtime_the_next_tick_catches_up_in_order(team: Team) -> None:
    first = published(team, publish_at=LATER)
    second = published(team, new_date("2027-07-01", "2026-11-21"), publish_at=LATER + timedelta(1))
    assert ticked(LATER + timedelta(days=30)) == 1
    states = dict(Change.objects.values_list("pk", "state"))
    # The second was written before the first was published: its writers look at it again.
    assert states == {first.pk: "applied", second.pk: "returned"}


def test_one_that_fails_holds_up_neither_the_others_nor_the_mails(
    team: Team, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    published(team, publish_at=LATER)

    def fail(*_args: object, **_kwargs: object) -> None:
        msg = "the disk is full"
        raise OSError(msg)

    monkeypatch.setattr(review, "write_items", fail)
    assert ticked(LATER) == 0
    assert "publishing change" in caplog.text
    assert days() == BEFORE
    monkeypatch.undo()
    assert ticked(LATER) == 1


def test_a_tick_on_an_empty_desk_publishes_nothing(db: None) -> None:
    assert ticked(LATER) == 0
