"""A closing that is recorded late moves the open computed dates, in its own revision."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from policy.actions.alerts.plan import plan_alerts
from policy.actions.facts import set_portion
from policy.actions.recompute import Recomputed, recompute_deadlines
from policy.models import Alert, Deadline, DeadlineDate, FederalClosing, Source
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern
from tests.site_map import content_of

pytestmark = pytest.mark.django_db

PUBLISHED = date(2025, 11, 24)
COUNTED, MOVED = date(2025, 12, 24), date(2025, 12, 29)
SIGNED = date(2025, 12, 18)
ORDER = "Extension of Christmas Holiday (E.O. 14371)"
COUNTED_AT = eastern(2025, 11, 24, 9)
NEXT_DAY = eastern(2025, 12, 19, 10)


def order() -> Source:
    return world.source("executive-order-14371", "E.O. 14371", "Closing of departments")


def count(
    slug: str = "ai-diffusion-comment",
    day: date = COUNTED,
    *,
    at: datetime = COUNTED_AT,
    **more: object,
) -> Deadline:
    found = world.deadline()
    said = {"counted_from": PUBLISHED, "counted_days": 30, "basis": "computed", **more}
    fact = DeadlineDate(
        deadline=found, day=day, act="set", valid_from=PUBLISHED, source=world.source(), **said
    )
    with world.revision(at) as issued:
        set_portion(fact, revision=issued, because="Counted")
    return found


def close(
    *days: date,
    at: datetime = NEXT_DAY,
    proclaimed: date | None = SIGNED,
    run_at: datetime | None = None,
) -> Recomputed:
    """Record an order and count anew, in one revision."""
    with world.revision(at) as issued:
        for day in days:
            fact = FederalClosing(
                day=day,
                order=ORDER,
                proclaimed=proclaimed,
                source=order(),
                valid_from=day,
                valid_until=day + timedelta(days=1),
            )
            set_portion(fact, revision=issued, because="An order")
        found = recompute_deadlines(revision=issued, at=at)
        for event in found.events:
            event.save()
    return found


BOTH = (date(2025, 12, 24), date(2025, 12, 26))


def chain() -> list[tuple[date | None, date | None, date | None, str]]:
    rows = DeadlineDate.objects.known(None).order_by("valid_from")
    return list(rows.values_list("valid_from", "valid_until", "day", "act"))


def test_an_open_computed_date_moves_from_the_day_of_the_order() -> None:
    count()
    close(*BOTH)
    assert chain() == [
        (PUBLISHED, SIGNED, COUNTED, "set"),
        (SIGNED, None, MOVED, "recomputed"),
    ]
    new = DeadlineDate.objects.known(None).get(act="recomputed")
    assert (new.source, new.also) == (order(), world.source())
    assert (new.basis, new.counted_from, new.counted_days) == ("computed", PUBLISHED, 30)
    assert "closed by Extension of Christmas Holiday" in new.note


def test_it_happens_in_the_revision_of_the_closing_and_leaves_an_event() -> None:
    count()
    found = close(*BOTH)
    new = DeadlineDate.objects.known(None).get(act="recomputed")
    assert new.recorded_id == FederalClosing.objects.earliest("pk").recorded_id
    [event] = found.events
    assert event.kind == "moved"
    assert event.title == (
        "AI Diffusion: Comments due moved from 24 December 2025 to 29 December 2025"
    )
    assert (event.revision_id, event.source, event.day) == (new.recorded_id, order(), SIGNED)


def test_doing_it_again_does_nothing() -> None:
    count()
    close(*BOTH)
    before = chain()
    with world.revision(NEXT_DAY) as issued:
        assert recompute_deadlines(revision=issued, at=NEXT_DAY) == Recomputed()
    assert chain() == before


@pytest.mark.parametrize(
    "more",
    [
        {"basis": "printed"},
        {"basis": "reported"},
        {"withdrawn": True},
        {"counted_days": None},
        {"counted_from": None},
        {"day_precision": "month"},
        {"valid_until": date(2025, 12, 1)},
        {"day": date(2025, 12, 22)},
    ],
)
def test_what_was_not_computed_or_is_not_open_stays(more: dict[str, object]) -> None:
    count(**more)  # type: ignore[arg-type]
    before = chain()
    assert close(*BOTH) == Recomputed()
    assert chain() == before


@pytest.mark.parametrize(
    ("at", "moves"),
    [
        (eastern(2025, 12, 18), True),
        (eastern(2025, 12, 24, 23, 59), True),
        (eastern(2025, 12, 25), False),
        (eastern(2026, 1, 5), False),
    ],
)
def test_a_date_that_has_passed_stays(at: datetime, moves: bool) -> None:
    count()
    assert bool(close(*BOTH, at=at).written) == moves


def test_a_count_that_governs_only_later_moves_too_and_a_later_printed_date_stays() -> None:
    found = count()
    later = date(2025, 12, 22)
    world.state(found, date(2026, 1, 15), at=COUNTED_AT, governs=later)
    close(*BOTH)
    assert chain() == [
        (PUBLISHED, SIGNED, COUNTED, "set"),
        (SIGNED, later, MOVED, "recomputed"),
        (later, None, date(2026, 1, 15), ""),
    ]


def test_an_order_that_is_taken_back_moves_the_date_back_with_its_own_document() -> None:
    count()
    close(*BOTH)
    with world.revision(NEXT_DAY + timedelta(days=1)) as issued:
        FederalClosing.objects.update(superseded=issued)
        found = recompute_deadlines(revision=issued, at=NEXT_DAY + timedelta(days=1))
    assert chain()[-1] == (SIGNED, None, COUNTED, "recomputed")
    last = DeadlineDate.objects.known(None).get(act="recomputed")
    assert (last.source, last.also) == (world.source(), None)
    assert [event.kind for event in found.events] == ["moved"]


def test_what_was_known_before_the_order_stays_as_it_was() -> None:
    count()
    close(*BOTH)
    rows = DeadlineDate.objects.known(1).in_force(date(2025, 12, 20))
    assert [row.day for row in rows] == [COUNTED]
    rows = DeadlineDate.objects.known(2).in_force(date(2025, 12, 17))
    assert [row.day for row in rows] == [COUNTED]


def test_the_page_shows_both_dates_the_order_and_the_count(client: Client) -> None:
    count()
    close(*BOTH)
    page = " ".join(content_of(client.get("/deadlines/ai-diffusion-comment/")).split())
    assert "Counted anew because of" in page
    assert "from 24 December 2025 to 29 December 2025" in page
    assert "proclaimed 18 December 2025" in page
    api = client.get("/api/v1/deadlines/ai-diffusion-comment").json()
    assert api["receipts"]["computed"]["due"] == "2025-12-29"
    assert api["told"][-1] == (
        "Counted anew because of E.O. 14371 from 24 December 2025 to 29 December 2025."
    )
    before = client.get("/api/v1/deadlines/ai-diffusion-comment?on=2025-12-17").json()
    assert before["receipts"]["computed"]["due"] == before["day"] == "2025-12-24"


def test_the_receipt_of_a_date_that_had_passed_is_still_that_of_its_own_count(
    client: Client,
) -> None:
    count()
    close(*BOTH, at=eastern(2026, 1, 5))
    api = client.get("/api/v1/deadlines/ai-diffusion-comment").json()
    assert api["day"] == api["receipts"]["computed"]["due"] == "2025-12-24"


def test_whoever_follows_the_rule_is_told_once_with_the_order() -> None:
    count()
    world.subscribe(leads=world.ALL_LEADS, at=eastern(2025, 12, 1, 12))
    close(*BOTH)
    soon = NEXT_DAY + timedelta(minutes=1)
    assert [plan_alerts(at=soon).moves for _ in range(2)] == [1, 0]
    moved = Alert.objects.get(reason=Alert.Reason.MOVED).payload["moved"]
    assert (moved["from"], moved["to"]) == ("2025-12-24", "2025-12-29")
    assert moved["because"].startswith("E.O. 14371")


@pytest.mark.parametrize(
    ("published", "days", "closed", "signed", "expected"),
    [
        # Across the end of a year: 31 December, New Year's Day on a Friday, a weekend.
        (date(2026, 12, 1), 30, date(2026, 12, 31), date(2026, 12, 29), date(2027, 1, 4)),
        # The leap day of 2028.
        (date(2028, 1, 30), 30, date(2028, 2, 29), date(2028, 2, 28), date(2028, 3, 1)),
    ],
)
def test_a_period_over_the_end_of_a_year_and_one_that_ends_on_a_leap_day(
    published: date, days: int, closed: date, signed: date, expected: date
) -> None:
    count(day=closed, counted_from=published, counted_days=days)
    noon = datetime(signed.year, signed.month, signed.day, 17, tzinfo=UTC)
    close(closed, at=noon, proclaimed=signed)
    assert chain()[-1] == (signed, None, expected, "recomputed")
