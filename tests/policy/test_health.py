"""The health page: green while mails leave, red when they do not."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.alerts.bounces import note_bounce
from policy.actions.alerts.claim import claim_batch
from policy.heart import beat_heart
from policy.models import Alert, Subscription
from policy.queries.health import RED_AFTER, health
from policy.queries.incidents import open_incidents
from tests.instants import TODAY
from tests.policy.alerts import world
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
BUDGET = 8


def due(ago: timedelta, state: Alert.State = Alert.State.QUEUED) -> Alert:
    """A mail that was due some time ago."""
    world.comment_deadline()
    subscription = Subscription.objects.first() or world.subscribe()
    return Alert.objects.create(
        subscriber=subscription.subscriber,
        subscription=subscription,
        key=f"test:{Alert.objects.count()}",
        reason=Alert.Reason.CHANGED,
        not_before=TODAY - ago,
        planned_at=TODAY - ago,
        state=state,
    )


def page(client: Client, status: int) -> Shown:
    response = client.get("/health/")
    assert response.status_code == status
    assert "no-store" in response["Cache-Control"]
    return shown("/health/", response)


def test_with_nothing_due_it_is_green(client: Client) -> None:
    assert page(client, 200).texts("//h1") == ["Mails leave"]
    answer = client.get("/health/?format=json").json()
    assert (answer["status"], answer["problems"], answer["due_unsent"]) == ("green", [], 0)
    assert answer["oldest_due_unsent"] is None


@pytest.mark.parametrize(
    ("ago", "green"),
    [
        (-MINUTE, True),
        (RED_AFTER, True),
        (RED_AFTER + timedelta(seconds=1), False),
        (timedelta(hours=5), False),
    ],
)
@pytest.mark.parametrize("state", [Alert.State.QUEUED, Alert.State.SENDING])
def test_a_mail_that_is_due_for_more_than_three_minutes_turns_it_red(
    client: Client, ago: timedelta, green: bool, state: Alert.State
) -> None:
    due(ago, state)
    assert health(TODAY).is_green == green
    found = page(client, 200 if green else 503)
    assert ("has not left" in found.main) != green
    answer = client.get("/health/?format=json")
    assert answer.status_code == (200 if green else 503)
    assert answer.json()["oldest_age_seconds"] == max(0, int(ago.total_seconds()))


@pytest.mark.parametrize(
    "state",
    [Alert.State.SENT, Alert.State.FAILED, Alert.State.CANCELLED, Alert.State.COLLECTED],
)
def test_what_is_settled_or_waits_for_a_digest_is_not_missed(state: Alert.State) -> None:
    due(timedelta(days=2), state)
    assert health(TODAY).is_green


def test_what_waits_for_a_paused_address_is_counted_apart(client: Client) -> None:
    alert = due(timedelta(days=2))
    note_bounce(address=alert.subscriber.email, permanent=True, text="550", at=TODAY)
    answer = client.get("/health/?format=json").json()
    assert (answer["status"], answer["held"], answer["paused_addresses"]) == ("green", 1, 1)


def test_a_row_that_a_sender_holds_counts_until_it_is_sent() -> None:
    due(timedelta(hours=1))
    claim_batch(at=TODAY)
    assert not health(TODAY).is_green


def test_a_process_that_has_gone_quiet_turns_it_red_one_never_seen_does_not(
    client: Client,
) -> None:
    assert "never" in page(client, 200).main
    beat_heart("beat", at=TODAY - RED_AFTER)
    assert health(TODAY).is_green
    beat_heart("worker", at=TODAY - RED_AFTER - MINUTE)
    assert "Celery's worker has been quiet" in page(client, 503).main


@pytest.mark.parametrize("query", ["", "?format=json"])
def test_a_database_that_cannot_be_reached_turns_it_red(client: Client, query: str) -> None:
    def away(*_args: object) -> None:
        raise OperationalError("could not connect to server")

    with connection.execute_wrapper(away):
        response = client.get(f"/health/{query}")
    assert response.status_code == 503
    assert "The database cannot be reached." in response.content.decode()


def test_it_costs_few_queries_and_changes_nothing(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    open_incidents()
    with django_assert_max_num_queries(BUDGET):
        page(client, 200)
    assert client.post("/health/").status_code == 405
    assert client.head("/health/").content == b""
