"""Subscribing: nothing without the reader's own yes, and out again at any time."""

from datetime import timedelta

import pytest

from policy.actions.alerts.subscribe import (
    CONFIRM_WITHIN,
    change_leads,
    confirm_subscription,
    end_all,
    end_subscription,
    forget_unconfirmed,
    request_subscription,
)
from policy.domain.due import EVERYTHING
from policy.domain.leads import Lead
from policy.models import Alert, Subscriber, Subscription
from policy.queries.subjects import find_subject
from tests.policy.alerts import world
from tests.policy.alerts.world import SUBSCRIBED

pytestmark = pytest.mark.django_db

LATER = SUBSCRIBED + timedelta(hours=1)


@pytest.fixture(autouse=True)
def followed() -> None:
    """Something of each kind that can be followed."""
    world.comment_deadline()
    world.country()


def ask(
    email: str = "reader@example.org",
    kind: str = "rule",
    subject_id: str = "ai-diffusion",
    leads: tuple[int, ...] = (7, 1),
) -> Subscription:
    subject = find_subject(kind, subject_id)
    assert subject
    return request_subscription(email=email, subject=subject, leads=map(Lead, leads), at=SUBSCRIBED)


def confirmations() -> int:
    return Alert.objects.filter(reason=Alert.Reason.CONFIRM).count()


def deliver_all() -> None:
    Alert.objects.update(state=Alert.State.SENT)


def test_a_wish_is_kept_and_asked_about_and_is_not_active() -> None:
    wish = ask()
    assert not wish.is_active
    assert confirmations() == 1
    assert not Subscription.objects.active().exists()


@pytest.mark.parametrize(
    ("kind", "subject_id", "label"),
    [
        (*EVERYTHING, "everything"),
        ("rule", "ai-diffusion", "Framework"),
        ("country", "kh", "Cambodia"),
    ],
)
def test_each_kind_of_subject_can_be_followed(kind: str, subject_id: str, label: str) -> None:
    wish = ask(kind=kind, subject_id=subject_id)
    confirm_subscription(subscription=wish, at=LATER)
    active = Subscription.objects.active().get()
    assert (active.subject, active.subject_id) == (kind, subject_id)
    assert label in active.label


@pytest.mark.parametrize(
    ("kind", "subject_id"),
    [("rule", "no-such-rule"), ("country", "xx"), ("entity", "nobody"), ("planet", "mars")],
)
def test_nobody_can_follow_what_the_record_does_not_hold(kind: str, subject_id: str) -> None:
    assert find_subject(kind, subject_id) is None


def test_an_address_is_one_reader_however_it_is_typed() -> None:
    ask(" Reader@Example.ORG ")
    ask(kind="country", subject_id="kh")
    assert [s.email for s in Subscriber.objects.all()] == ["reader@example.org"]


def test_asking_again_before_confirming_takes_the_later_choice_and_sends_no_second_mail() -> None:
    ask(leads=(30,))
    ask(leads=(7, 1))
    assert Subscription.objects.get().leads == [Lead(7), Lead(1)]
    assert confirmations() == 1


def test_asking_again_after_the_mail_has_gone_sends_another() -> None:
    ask()
    deliver_all()
    ask()
    assert confirmations() == 2
    assert Subscription.objects.count() == 1


def test_confirming_twice_is_confirming_once() -> None:
    wish = ask()
    confirm_subscription(subscription=wish, at=LATER)
    confirm_subscription(subscription=wish, at=LATER + timedelta(days=1))
    assert Subscription.objects.active().get().confirmed_at == LATER


def test_confirming_a_second_wish_for_the_same_takes_over_its_reminders() -> None:
    first = confirm_subscription(subscription=ask(leads=(30,)), at=LATER)
    second = ask(leads=(1, 0))
    standing = confirm_subscription(subscription=second, at=LATER)
    assert standing.pk == first.pk
    assert Subscription.objects.active().get().leads == [Lead(1), Lead(0)]


def test_a_wish_that_has_ended_cannot_be_confirmed() -> None:
    wish = ask()
    end_subscription(subscription=wish, at=SUBSCRIBED)
    wish.refresh_from_db()
    confirm_subscription(subscription=wish, at=LATER)
    assert not Subscription.objects.active().exists()


def test_only_offered_reminders_are_kept_longest_first() -> None:
    assert ask(leads=(0, 30, 3, 7, 7)).leads == [Lead(30), Lead(7), Lead(3), Lead(0)]
    wish = Subscription.objects.get()
    change_leads(subscription=wish, leads=[])
    wish.refresh_from_db()
    assert wish.leads == []


def test_ending_is_for_good_and_twice_is_once() -> None:
    subscription = world.subscribe()
    end_subscription(subscription=subscription, at=LATER)
    end_subscription(subscription=subscription, at=LATER + timedelta(days=1))
    subscription.refresh_from_db()
    assert subscription.ended_at == LATER


def test_after_ending_the_same_can_be_followed_anew() -> None:
    end_subscription(subscription=world.subscribe(), at=LATER)
    again = world.subscribe(at=LATER)
    assert Subscription.objects.active().get() == again


def test_ending_everything_ends_wishes_too() -> None:
    subscription = world.subscribe()
    ask(kind="country", subject_id="kh")
    assert end_all(subscriber=subscription.subscriber, at=LATER) == 2
    assert end_all(subscriber=subscription.subscriber, at=LATER) == 0


def test_a_wish_that_nobody_confirms_is_forgotten_with_its_address() -> None:
    ask()
    assert forget_unconfirmed(at=SUBSCRIBED + CONFIRM_WITHIN) == 0
    assert forget_unconfirmed(at=SUBSCRIBED + CONFIRM_WITHIN + timedelta(seconds=1)) == 1
    assert not Subscriber.objects.exists()
    assert not Alert.objects.exists()


def test_forgetting_a_wish_keeps_the_reader_of_something_else() -> None:
    world.subscribe()
    ask(kind="country", subject_id="kh")
    forget_unconfirmed(at=SUBSCRIBED + timedelta(days=30))
    assert Subscription.objects.get().subject == "rule"


def test_each_reader_has_a_key_that_nobody_guesses() -> None:
    tokens = {ask(f"reader{n}@example.org").subscriber.token for n in range(20)}
    assert len(tokens) == 20
    assert min(map(len, tokens)) >= 43
