"""The pages on which people subscribe, confirm, change and end their mails."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

from policy.domain.leads import Lead
from policy.models import Alert, Subscriber, Subscription
from tests.policy.alerts import world
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db

RULE = "/subscribe/?subject=rule&id=ai-diffusion"
EMAIL = "reader@example.org"


@pytest.fixture(autouse=True)
def followed() -> None:
    world.comment_deadline()


def get(client: Client, url: str, status: int = 200) -> Shown:
    response = client.get(url)
    assert response.status_code == status
    return shown(url, response)


def ask(client: Client, **fields: object) -> Shown:
    """The page that follows after the form."""
    return shown(RULE, client.post(RULE, {"email": EMAIL, "leads": ["7d"], **fields}, follow=True))


def asked(client: Client) -> Subscription:
    ask(client)
    return Subscription.objects.get()


def address(page: str, subscription: Subscription) -> str:
    return f"/subscribe/{page}/{subscription.subscriber.token}/{subscription.pk}/"


def confirmed(client: Client) -> Subscription:
    subscription = asked(client)
    client.post(address("confirm", subscription))
    subscription.refresh_from_db()
    return subscription


def test_the_form_names_its_subject_and_offers_every_reminder(client: Client) -> None:
    page = get(client, RULE)
    assert "Framework for Artificial Intelligence Diffusion" in page.main
    offered = page.all("//input[@name='leads']/@value")
    assert [str(value) for value in offered] == [
        "30d",
        "14d",
        "7d",
        "1d",
        "0d",
        "10b",
        "5b",
        "2b",
        "1b",
    ]


@pytest.mark.parametrize(
    "query", ["subject=rule&id=nothing", "subject=planet&id=mars", "subject=rule", "subject="]
)
def test_what_cannot_be_followed_is_not_there(client: Client, query: str) -> None:
    assert get(client, f"/subscribe/?{query}", 404).all("//main//a[@href]")
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"email": ""}, "Please enter the address"),
        ({"email": "reader"}, "does not look like an e-mail address"),
        ({"email": "a@b@c.example"}, "does not look like an e-mail address"),
        ({"email": f"{'x' * 300}@example.org"}, "longer than mail servers accept"),
        ({"leads": ["3d"]}, "Please choose from the reminders offered"),
        ({"leads": ["soon"]}, "Please choose from the reminders offered"),
    ],
)
def test_a_slip_is_explained_beside_its_field_and_what_was_typed_stays(
    client: Client, fields: dict[str, object], says: str
) -> None:
    page = ask(client, **fields)
    assert says in page.main
    assert not Subscription.objects.exists()
    assert not Alert.objects.exists()
    if email := str(fields.get("email", "")):
        (box,) = page.all("//main//input[@name='email']")
        assert box.get("value") == email
        assert box.get("aria-invalid") == "true"


def test_whoever_asks_gets_the_same_answer(client: Client) -> None:
    first = ask(client)
    confirmed_before = confirmed(Client())
    again = ask(client, email=confirmed_before.subscriber.email)
    assert first.main == again.main
    assert "Look into your mailbox" in first.main
    assert EMAIL not in first.main


def test_opening_the_link_in_the_mail_confirms_nothing_pressing_the_button_does(
    client: Client,
) -> None:
    subscription = asked(client)
    url = address("confirm", subscription)
    assert "Yes, send me these mails" in get(client, url).main
    assert not Subscription.objects.active().exists()
    answer = shown(url, client.post(url))
    assert "You will be told" in answer.main
    assert Subscription.objects.active().get() == subscription
    assert "You will be told" in shown(url, client.post(url)).main


@pytest.mark.parametrize("page", ["confirm", "unsubscribe", "manage"])
def test_a_wrong_key_opens_nothing_and_says_so(client: Client, page: str) -> None:
    subscription = confirmed(client)
    token = subscription.subscriber.token
    url = f"/subscribe/{page}/{token[:-1]}x/{subscription.pk}/"
    response = client.post(url)
    assert response.status_code == 404
    assert EMAIL not in response.content.decode()
    subscription.refresh_from_db()
    assert subscription.is_active


def test_one_reader_s_key_does_not_open_another_s_subscription(client: Client) -> None:
    subscription = confirmed(client)
    other = world.subscribe(email="other@example.org")
    url = f"/subscribe/unsubscribe/{other.subscriber.token}/{subscription.pk}/"
    assert client.post(url).status_code == 404
    subscription.refresh_from_db()
    assert subscription.is_active


@pytest.mark.parametrize("page", ["confirm", "unsubscribe", "manage"])
def test_pages_behind_a_key_stay_out_of_caches_and_search_engines(
    client: Client, page: str
) -> None:
    subscription = confirmed(client)
    token = subscription.subscriber.token
    url = f"/subscribe/manage/{token}/" if page == "manage" else address(page, subscription)
    response = client.get(url)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    found = shown(url, response)
    elsewhere = [a for a in found.addresses if token in a and "/subscribe/" not in a]
    assert elsewhere == []
    assert token not in "".join(found.texts("//footer"))


def test_the_one_click_of_a_mail_program_ends_the_mails_without_a_form() -> None:
    client = Client(enforce_csrf_checks=True)
    subscription = confirmed(Client())
    url = address("unsubscribe", subscription)
    assert get(client, url).all("//main//form//button")
    subscription.refresh_from_db()
    assert subscription.is_active, "following a link must not end anything"
    for _ in range(2):
        response = client.post(url, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    subscription.refresh_from_db()
    assert not subscription.is_active


def test_everything_can_be_ended_at_once(client: Client) -> None:
    subscription = confirmed(client)
    client.post("/subscribe/?subject=everything", {"email": EMAIL, "leads": ["1d"]})
    url = f"/subscribe/unsubscribe/{subscription.subscriber.token}/"
    assert "2" in get(client, url).main
    client.post(url)
    assert not Subscription.objects.filter(ended_at=None).exists()


def test_reminders_can_be_changed_and_the_page_says_that_they_are_saved(client: Client) -> None:
    subscription = confirmed(client)
    manage = f"/subscribe/manage/{subscription.subscriber.token}/"
    page = shown(
        manage, client.post(f"{manage}{subscription.pk}/", {"leads": ["1d", "30d"]}, follow=True)
    )
    assert "Your reminders are saved." in page.main
    checked = [str(v) for v in page.all("//input[@name='leads'][@checked]/@value")]
    assert checked == ["30d", "1d"]


def test_reminders_that_are_not_offered_are_refused_and_nothing_changes(client: Client) -> None:
    subscription = confirmed(client)
    manage = f"/subscribe/manage/{subscription.subscriber.token}/"
    response = client.post(f"{manage}{subscription.pk}/", {"leads": ["2d"]})
    assert response.status_code == 400
    assert "Please choose from the reminders offered here." in response.content.decode()
    subscription.refresh_from_db()
    assert subscription.leads == [Lead(7)]


def test_after_three_wishes_a_day_an_address_gets_no_more_mail_and_nobody_is_told(
    client: Client,
) -> None:
    answers = []
    for _ in range(5):
        answers.append(ask(client).main)
        Alert.objects.update(state=Alert.State.SENT)
    assert len(set(answers)) == 1
    assert Alert.objects.count() == 3


def test_a_network_that_asks_too_often_is_told_to_wait(client: Client) -> None:
    for number in range(20):
        assert "mailbox" in ask(client, email=f"reader{number}@example.org").main
    response = client.post(RULE, {"email": "one@example.org", "leads": ["7d"]})
    assert response.status_code == 429
    assert "Too many requests" in response.content.decode()
    assert not Subscriber.objects.filter(email="one@example.org").exists()


def test_behind_a_proxy_networks_are_told_apart_by_what_the_proxy_saw(
    client: Client, settings: Settings
) -> None:
    settings.PRODUCTION = True

    def status(number: int, forwarded: str) -> int:
        fields = {"email": f"reader{number}@example.org", "leads": ["7d"]}
        return client.post(RULE, fields, headers={"X-Forwarded-For": forwarded}).status_code

    first = [status(number, f"203.0.113.{number}, 198.51.100.1") for number in range(21)]
    assert first == [302] * 20 + [429]
    assert status(99, "198.51.100.1, 198.51.100.2") == 302


def test_without_a_proxy_nobody_is_believed_who_names_another_address(client: Client) -> None:
    def status(number: int) -> int:
        fields = {"email": f"reader{number}@example.org", "leads": ["7d"]}
        forwarded = {"X-Forwarded-For": f"203.0.113.{number}"}
        return client.post(RULE, fields, headers=forwarded).status_code

    assert [status(number) for number in range(21)][-1] == 429


def test_no_page_of_the_form_shows_what_a_reader_has_not_typed(client: Client) -> None:
    page = get(client, RULE)
    assert not re.search(r"@(?!earmark\.example)", page.main)
