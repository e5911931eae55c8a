"""The database plans for all readers at once; the rule in domain/due.py says what it must plan."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.actions.alerts.plan import plan_alerts
from policy.domain.deadlines import EASTERN
from policy.domain.due import DueDate, Follower, ReaderClock, StatedDate, due_alerts
from policy.domain.leads import Lead
from policy.domain.partial_dates import PartialDate
from policy.models import Alert, DueMoment, DueSubject, Subscriber, Subscription
from policy.queries.due_dates import chains
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern

pytestmark = pytest.mark.django_db

ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Pacific/Honolulu",
    "Pacific/Auckland",
)
LEADS = [Lead(0), Lead(1), Lead(7), Lead(14), Lead(5, business=True), Lead(1, business=True)]
DUE = (date(2025, 3, 10), date(2025, 3, 15), date(2025, 3, 31))
FIRST = datetime(2025, 2, 20, tzinfo=UTC)
MOMENTS = st.integers(0, 42 * 24 * 2).map(lambda n: FIRST + timedelta(minutes=30 * n))
READERS = st.lists(
    st.tuples(
        st.sampled_from(ZONES),
        st.sampled_from([time(0), time(8), time(20, 30)]),
        st.sets(st.sampled_from(LEADS), max_size=4),
        st.sampled_from(["rule", "everything", "both"]),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.usefixtures("dates")
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(readers=READERS, instants=st.lists(MOMENTS, min_size=1, max_size=6))
def test_what_the_database_plans_is_what_the_rule_says(
    readers: list[tuple[str, time, set[Lead], str]], instants: list[datetime]
) -> None:
    Subscriber.objects.all().delete()
    for number, (zone, hour, leads, follows) in enumerate(readers):
        add_reader(number, zone, hour, leads, follows)
    expected: dict[str, int] = {}
    for at in instants:
        told = defaultdict(list)
        for row in Alert.objects.all():
            told[row.subscriber_id, row.topic].append(row.planned_at)
        for due in due_alerts(dates_ahead(at), followers(), at, told):
            expected.setdefault(due.key, due.follower.subscription)
        plan_alerts(at=at)
    planned = dict(Alert.objects.values_list("key", "subscription"))
    assert planned == expected


@pytest.fixture
def dates() -> None:
    for number, day in enumerate(DUE):
        world.state(world.deadline(slug=f"date-{number}"), day)


def add_reader(number: int, zone: str, hour: time, leads: set[Lead], follows: str) -> None:
    reader = Subscriber.objects.create(
        email=f"r{number}@example.org",
        token=f"token-{number}",
        zone=zone,
        hour=hour,
        created_at=world.LOADED,
        confirmed_at=world.LOADED,
    )
    subjects = {"rule": ["rule"], "everything": ["everything"], "both": ["everything", "rule"]}
    for subject in subjects[follows]:
        wish = Subscription.objects.create(
            subscriber=reader,
            subject=subject,
            subject_id="ai-diffusion" if subject == "rule" else "",
            label=subject,
            created_at=world.LOADED,
            confirmed_at=world.LOADED,
            since_revision=10**6,
            announced_revision=10**6,
        )
        # Of two subscriptions each has some of the lead times, and some are in both.
        ordered = sorted(leads, key=lambda lead: lead.code)
        wish.set_leads(ordered[1:] if subject == "rule" and follows == "both" else ordered)


def dates_ahead(at: datetime) -> list[DueDate]:
    today = at.astimezone(EASTERN).date()
    return [
        DueDate(slug, chain.subjects, StatedDate(PartialDate(row.day)), world.LOADED)
        for slug, chain in chains().items()
        for row in chain.rows
        if row.day and row.day >= today
    ]


def followers() -> list[Follower]:
    rows = Subscription.objects.select_related("subscriber").order_by("subject", "pk")
    particular_first = sorted(rows, key=lambda row: row.subject == "everything")
    return [
        Follower(
            subscription=row.pk,
            subscriber=row.subscriber_id,
            subject=(row.subject, row.subject_id),
            leads=frozenset(row.leads),
            since=world.LOADED,
            clock=ReaderClock(row.subscriber.zone, row.subscriber.hour),
        )
        for row in particular_first
    ]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("due", [date(2025, 3, 10), date(2025, 11, 3), date(2028, 3, 1)])
def test_over_a_change_of_the_clocks_or_a_leap_day_each_lead_comes_once_on_its_local_day(
    zone: str, due: date
) -> None:
    world.state(world.deadline(), due)
    add_reader(1, zone, time(8), {Lead(7), Lead(1), Lead(0)}, "rule")
    at = datetime(due.year, due.month, due.day, tzinfo=UTC) - timedelta(days=8)
    for _ in range(10 * 5):
        at += timedelta(hours=4, minutes=48)
        plan_alerts(at=at)
    clock = ReaderClock(zone)
    days = {row.lead: clock.day_of(row.planned_at) for row in Alert.objects.order_by("planned_at")}
    assert days == {f"{n}d": due - timedelta(days=n) for n in (7, 1, 0)}
    assert Alert.objects.count() == 3


def test_planning_leaves_nothing_laid_out_and_says_nothing_new_of_the_same() -> None:
    world.comment_deadline()
    world.subscribe()
    assert plan_alerts(at=eastern(2025, 5, 8, 8)).leads == 1
    assert plan_alerts(at=eastern(2025, 5, 8, 8, 1)).leads == 0
    assert not DueMoment.objects.exists()
    assert not DueSubject.objects.exists()
