"""Subscribing a team's address: in whose name, and that its readers still have to confirm."""

import pytest
from django.test import Client

from policy.domain.roles import Role
from policy.models import Alert, Subscription
from tests.people import account, signed_in
from tests.policy.alerts import world
from tests.site_map import shown

pytestmark = pytest.mark.django_db

TEAM = "/subscribe/team/?subject=everything"
WISH = {"email": "Desk@Team.example", "leads": ["7d", "1b"], "delivery": "daily"}


@pytest.fixture
def member() -> Client:
    world.comment_deadline()
    return signed_in(account(Role.READER))


def test_the_wish_is_kept_in_the_name_of_the_account_and_waits_to_be_confirmed(
    member: Client,
) -> None:
    response = member.post(TEAM, WISH)
    assert response["Location"] == "/subscribe/sent/"
    wish = Subscription.objects.get()
    assert wish.subscriber.email == "desk@team.example"
    assert wish.asked_by == "Ada Lovelace <ada.lovelace@example.org>"
    assert not wish.is_active
    alert = Alert.objects.get()
    assert alert.reason == "confirm"
    assert "Ada Lovelace" in alert.own["asked_by"]


def test_who_has_not_signed_in_subscribes_only_themselves(client: Client) -> None:
    world.comment_deadline()
    assert client.post(TEAM, WISH)["Location"] == "/account/sign-in/"
    assert "For a team" not in shown("/", client.get("/subscribe/?subject=everything")).main
    assert not Subscription.objects.exists()


def test_the_form_of_a_team_is_offered_to_accounts(member: Client) -> None:
    page = shown("/", member.get("/subscribe/?subject=everything"))
    (link,) = page.all("//main//a[contains(@href, '/subscribe/team/')]")
    form = shown(TEAM, member.get(str(link.get("href"))))
    assert "Address of the team" in form.main
    assert "it comes from Ada Lovelace" in form.main


def test_a_slip_is_said_and_nothing_is_kept(member: Client) -> None:
    page = shown(TEAM, member.post(TEAM, {**WISH, "email": "desk"}))
    assert "does not look like an e-mail address" in page.main
    assert not Subscription.objects.exists()


def test_a_team_is_not_flooded(member: Client) -> None:
    for _ in range(5):
        assert member.post(TEAM, WISH).status_code == 302
    assert Alert.objects.count() <= 3
    for number in range(45):
        member.post(TEAM, {**WISH, "email": f"desk{number}@team.example"})
    assert member.post(TEAM, {**WISH, "email": "last@team.example"}).status_code == 429


def test_what_names_nothing_cannot_be_followed(member: Client) -> None:
    assert member.get("/subscribe/team/?subject=rule&id=no-such-rule").status_code == 404
