"""Claiming: of several senders at once, each row belongs to one."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, connections
from pytest_django import DjangoAssertNumQueries

from policy.actions.alerts.claim import BATCH, LEASE, claim_batch, put_off, release, requeue_stuck
from policy.actions.alerts.deliver import LONGEST_RUN, deliver_alerts
from policy.actions.alerts.plan import plan_alerts
from policy.models import Alert, Subscriber
from tests.policy.alerts import world
from tests.policy.alerts.sender import database_url, deliver_together, start_sender
from tests.policy.alerts.smtp_server import Answers, smtp_server
from tests.policy.alerts.world import eastern

D_7 = eastern(2025, 5, 8, 8)
MINUTE = timedelta(minutes=1)


def planned(count: int) -> None:
    """So many mails to as many readers, due now."""
    world.comment_deadline()
    first = world.subscribe(email="reader0@example.org", leads=[7])
    plan_alerts(at=D_7)
    alert = Alert.objects.get()
    Alert.objects.bulk_create(
        Alert(
            subscriber=first.subscriber,
            subscription=first,
            key=f"more:{number}",
            reason=alert.reason,
            topic=alert.topic,
            told=alert.told,
            lead=alert.lead,
            meant_for=alert.meant_for,
            not_before=alert.not_before,
            planned_at=alert.planned_at,
        )
        for number in range(1, count)
    )


@pytest.mark.django_db
def test_a_claim_takes_the_oldest_and_no_more_than_asked_for() -> None:
    planned(5)
    newest, *_ = Alert.objects.order_by("-pk")
    Alert.objects.filter(pk=newest.pk).update(not_before=D_7 - MINUTE)
    found = claim_batch(at=D_7, size=2)
    assert found[0].pk == newest.pk
    assert len(found) == 2
    assert Counter(Alert.objects.values_list("state", flat=True)) == {"sending": 2, "queued": 3}


@pytest.mark.django_db
def test_a_claim_gives_a_message_id_once_and_for_good() -> None:
    planned(3)
    first = {alert.pk: alert.message_id for alert in claim_batch(at=D_7)}
    assert len(set(first.values())) == 3
    assert all(str(found).startswith(f"<alert-{pk}.") for pk, found in first.items())
    requeue_stuck(at=D_7 + LEASE + MINUTE)
    again = {alert.pk: alert.message_id for alert in claim_batch(at=D_7 + LEASE + MINUTE)}
    assert again == first


@pytest.mark.django_db
def test_what_is_given_back_is_as_it_was_and_costs_no_attempt() -> None:
    planned(2)
    fields = ("state", "lease", "leased_until", "begun_at", "attempts", "not_before")
    before = list(Alert.objects.values_list(*fields))
    assert release(claim_batch(at=D_7)) == 2
    assert list(Alert.objects.values_list(*fields)) == before
    assert put_off(claim_batch(at=D_7), until=D_7 + MINUTE) == 2
    assert claim_batch(at=D_7) == []
    assert release([]) == put_off([], until=D_7) == 0


@pytest.mark.django_db
def test_a_sender_gives_back_only_what_it_still_holds() -> None:
    planned(1)
    stale = claim_batch(at=D_7)
    late = D_7 + LEASE + MINUTE
    requeue_stuck(at=late)
    (mine,) = claim_batch(at=late)
    assert release(stale) == 0
    assert Alert.objects.get().lease == mine.lease


@pytest.mark.django_db
def test_a_lease_outlasts_every_run() -> None:
    # A send takes at most a connection and some six answers, each within EMAIL_TIMEOUT.
    assert LONGEST_RUN + 8 * timedelta(seconds=20) < LEASE


@pytest.mark.django_db
def test_a_claim_costs_the_same_few_queries_however_many_rows_it_takes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    planned(BATCH)
    with django_assert_num_queries(5):  # two of them open and close the transaction
        assert len(claim_batch(at=D_7)) == BATCH


@pytest.mark.processes
@pytest.mark.django_db(transaction=True)
def test_three_senders_in_processes_of_their_own_send_each_mail_once() -> None:
    planned(90)
    answers = Answers()
    with smtp_server(answers) as port:
        url = database_url()
        done = deliver_together([start_sender(url, port, D_7 + MINUTE, 7) for _ in range(3)])
    ids = Counter(answers.ids)
    assert len(ids) == 90
    assert set(ids.values()) == {1}
    assert sum(each["sent"] for each in done) == 90
    assert all(each["sent"] for each in done), "no sender waits for another"


@pytest.mark.django_db(transaction=True)
def test_of_six_claims_at_once_none_waits_for_another_and_each_row_belongs_to_one() -> None:
    planned(120)
    together = Barrier(6)

    def claim(_number: int) -> list[int]:
        try:
            together.wait()
            return [alert.pk for alert in claim_batch(at=D_7, size=20)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        claims = list(pool.map(claim, range(6)))
    won = Counter(pk for each in claims for pk in each)
    assert max(won.values()) == 1
    assert Alert.objects.filter(state=Alert.State.SENDING).count() == len(won) >= 20


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_sender_had_claimed_is_all_sent_by_the_next() -> None:
    planned(BATCH)
    claim_batch(at=D_7)
    connection.close()
    assert deliver_alerts(clock=lambda: D_7 + LEASE + MINUTE).sent == BATCH
    assert Subscriber.objects.count() == 1
