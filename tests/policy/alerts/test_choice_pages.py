"""The form and the manage page: every choice, its slips, its count, and the erasing."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.alerts.subscribe import subscribe_team
from policy.models import Alert, Subscriber, Subscription
from policy.queries.subjects import find_subject
from tests.policy.alerts import world
from tests.policy.alerts.world import SUBSCRIBED
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db

RULE = "/subscribe/?subject=rule&id=ai-diffusion"
CHECK = "/subscribe/check/?subject=rule&id=ai-diffusion"
EMAIL, BACKUP = "reader@example.org", "backup@example.org"
HTMX = {"HX-Request": "true", "HX-Target": "check"}
FILLED = {
    "email": EMAIL,
    "leads": ["7d", "5b"],
    "other_days": "21",
    "other_unit": "b",
    "delivery": "weekly",
    "weekday": "2",
    "zone": "Asia/Taipei",
    "hour": "17:00",
    "backup_email": BACKUP,
    "escalate_days": "3",
}


@pytest.fixture(autouse=True)
def followed() -> None:
    world.comment_deadline()


def post(client: Client, url: str, status: int = 200, **fields: Any) -> Shown:
    response = client.post(url, {**FILLED, **fields}, follow=True)
    assert response.status_code == status
    return shown(url, response)


def confirmed(client: Client, **fields: Any) -> Subscription:
    post(client, RULE, 200, **fields)
    subscription = Subscription.objects.select_related("subscriber").get()
    client.post(f"/subscribe/confirm/{subscription.subscriber.token}/{subscription.pk}/")
    subscription.refresh_from_db()
    return subscription


def manage_url(subscription: Subscription) -> str:
    return f"/subscribe/manage/{subscription.subscriber.token}/"


def test_the_form_offers_every_choice_with_eastern_morning_as_usual(client: Client) -> None:
    page = shown(RULE, client.get(RULE))
    assert page.texts("//select[@name='zone']/option[@selected]")[:1] == []
    (zone,) = page.all("//select[@name='zone']//option[@selected]")
    (hour,) = page.all("//select[@name='hour']/option[@selected]")
    assert (zone.get("value"), hour.get("value")) == ("America/New_York", "08:00")
    zones = page.all("//select[@name='zone']//option/@value")
    assert len(zones) == len(set(zones)) > 300
    assert len(page.all("//select[@name='hour']/option")) == 24
    assert len(page.all("//input[@name='delivery']")) == 3
    assert len(page.all("//select[@name='weekday']/option")) == 7


def test_what_is_chosen_is_kept_and_shown_before_it_is_confirmed(client: Client) -> None:
    post(client, RULE)
    wish = Subscription.objects.select_related("subscriber").get()
    assert [lead.code for lead in wish.leads] == ["21b", "7d", "5b"]
    url = f"/subscribe/confirm/{wish.subscriber.token}/{wish.pk}/"
    page = shown(url, client.get(url))
    assert "21 business days, 7 days and 5 business days before; in a weekly digest" in page.main
    assert f"{BACKUP}, 3 days before a date that nobody has marked as seen" in page.main
    assert not Subscriber.objects.filter(email=BACKUP).exists()
    client.post(url)
    reader = Subscriber.objects.get(email=EMAIL)
    assert (reader.zone, f"{reader.hour:%H:%M}") == ("Asia/Taipei", "17:00")
    assert Alert.objects.filter(subscriber__email=BACKUP, reason="confirm").count() == 1


SLIPS = [
    ({"other_days": "366"}, "365 days before is the earliest"),
    ({"other_days": "-1"}, "comes before a date or on it"),
    ({"other_days": "soon"}, "Please write a whole number of days."),
    ({"other_unit": "weeks"}, "Please choose from what is offered here."),
    ({"delivery": "hourly"}, "Please choose from what is offered here."),
    ({"weekday": "7"}, "Please choose from what is offered here."),
    ({"zone": "Mars/Olympus"}, "Please choose from what is offered here."),
    ({"hour": "25:00"}, "Please choose from what is offered here."),
    ({"backup_email": "nobody"}, "does not look like an e-mail address"),
    ({"backup_email": EMAIL.upper()}, "name somebody else"),
    ({"backup_email": ""}, "Please enter whom to tell"),
    ({"escalate_days": ""}, "Please say how many days before the date."),
    ({"escalate_days": "400"}, "365 days before is the earliest"),
]


@pytest.mark.parametrize(("fields", "says"), SLIPS)
def test_a_slip_is_explained_and_nothing_is_kept(
    client: Client, fields: dict[str, str], says: str
) -> None:
    page = post(client, RULE, 200, **fields)
    assert says in " ".join(page.texts("//*[@class='field__error']"))
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(("fields", "says"), SLIPS)
def test_the_same_slip_is_explained_while_somebody_types(
    client: Client, fields: dict[str, str], says: str
) -> None:
    response = client.post(CHECK, {**FILLED, **fields}, headers=HTMX)
    assert says in response.content.decode()
    assert "<main" not in response.content.decode()


def test_typing_nags_about_nothing_that_is_not_filled_in_yet(client: Client) -> None:
    response = client.post(CHECK, {"leads": ["7d"]}, headers=HTMX)
    assert "field__error" not in response.content.decode()
    assert "Please enter the address" in post(client, RULE, email="").main


def test_a_check_keeps_nothing_and_sends_nothing(client: Client) -> None:
    post(client, CHECK)
    client.post(CHECK, FILLED, headers=HTMX)
    assert not Subscriber.objects.exists()
    assert not Alert.objects.exists()


def test_without_javascript_the_check_is_the_whole_page_with_what_was_typed(
    client: Client,
) -> None:
    page = post(client, CHECK, email="reader@")
    assert "does not look like an e-mail address" in page.main
    assert page.by_id("id_email").get("value") == "reader@"
    assert page.by_id("id_backup_email").get("value") == BACKUP
    assert "In the last 90 days these choices would have brought" in page.main
    (form,) = page.all("//main//form")
    assert form.get("action") == RULE


def test_a_link_to_the_check_leads_to_the_form(client: Client) -> None:
    response = client.get(CHECK)
    assert (response.status_code, response["Location"]) == (302, RULE)


def test_too_many_checks_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy.views.subscriptions.CHECKS", 2)
    codes = [client.post(CHECK, FILLED, headers=HTMX).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_the_check_tells_nothing_of_who_subscribes(client: Client) -> None:
    stranger = client.post(CHECK, {**FILLED, "email": "other@example.org"}, headers=HTMX).content
    confirmed(client)
    known = client.post(CHECK, FILLED, headers=HTMX).content
    assert known.replace(EMAIL.encode(), b"") == stranger.replace(b"other@example.org", b"")


@pytest.mark.parametrize(
    ("method", "url", "queries"), [("get", RULE, 8), ("post", CHECK, 8)], ids=["form", "check"]
)
def test_the_form_stays_within_its_budget_of_queries(
    client: Client,
    method: str,
    url: str,
    queries: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(queries):
        getattr(client, method)(url, FILLED, headers=HTMX if method == "post" else None)


def test_the_manage_page_shows_every_choice_and_keeps_a_changed_one(client: Client) -> None:
    subscription = confirmed(client)
    url = manage_url(subscription)
    page = shown(url, client.get(url))
    assert "21 business days, 7 days and 5 business days before; in a weekly digest" in page.main
    assert "Your backup person has been asked and has not answered yet." in page.main
    checked = [str(value) for value in page.all("//input[@name='leads'][@checked]/@value")]
    assert checked == ["7d", "5b", "21b"]
    page = post(
        client, f"{url}{subscription.pk}/", delivery="daily", other_days="", leads=["21b", "0d"]
    )
    assert "Your reminders are saved." in page.main
    subscription.refresh_from_db()
    assert subscription.delivery == "daily"
    assert [lead.code for lead in subscription.leads] == ["21b", "0d"]


def test_the_backup_person_has_a_page_of_their_own(client: Client) -> None:
    subscription = confirmed(client)
    consent = Subscription.objects.select_related("subscriber").get(subject="backup")
    client.post(f"/subscribe/confirm/{consent.subscriber.token}/{consent.pk}/")
    own = manage_url(consent)
    page = shown(own, client.get(own))
    assert f"Backup for {EMAIL}: Framework" in page.main
    assert page.all("//input[@name='leads']") == []
    url = manage_url(subscription)
    assert "Your backup person has agreed." in shown(url, client.get(url)).main
    client.post(f"/subscribe/unsubscribe/{consent.subscriber.token}/{consent.pk}/")
    assert "has not agreed, and is told nothing" in shown(url, client.get(url)).main


def test_a_backup_person_is_told_what_they_agree_to(client: Client) -> None:
    confirmed(client)
    consent = Subscription.objects.select_related("subscriber").get(subject="backup")
    url = f"/subscribe/confirm/{consent.subscriber.token}/{consent.pk}/"
    page = shown(url, client.get(url))
    assert f"You are asked to be the backup for {EMAIL}: Framework" in page.main
    assert page.all("//main//dl") == []
    client.post(f"/subscribe/unsubscribe/{consent.subscriber.token}/{consent.pk}/")
    assert "Subscribe again" not in shown(url, client.get(url)).main


def test_a_team_is_told_who_asks(client: Client) -> None:
    subject = find_subject("rule", "ai-diffusion")
    assert subject
    wish = subscribe_team(
        email="team@example.org", by="Ada Byron", subject=subject, leads=[], at=SUBSCRIBED
    )
    url = f"/subscribe/confirm/{wish.subscriber.token}/{wish.pk}/"
    says = shown(url, client.get(url)).main
    assert "Ada Byron asks that mails on Framework" in says
    assert "go to team@example.org." in says


def test_nobody_becomes_a_backup_person_by_a_form(client: Client) -> None:
    assert client.get("/subscribe/?subject=backup&id=1").status_code == 404


def test_a_backup_person_is_asked_three_times_a_day_at_most(client: Client) -> None:
    subscription = confirmed(client)
    url = f"{manage_url(subscription)}{subscription.pk}/"
    for _ in range(5):
        Alert.objects.update(state=Alert.State.SENT)
        post(client, url)
    assert Alert.objects.filter(subscriber__email=BACKUP).count() == 3


def test_zone_and_hour_are_changed_for_all_mails(client: Client) -> None:
    subscription = confirmed(client)
    page = post(client, f"{manage_url(subscription)}clock/", zone="Europe/Berlin", hour="06:00")
    assert "Your hour is saved." in page.main
    reader = Subscriber.objects.get(email=EMAIL)
    assert (reader.zone, f"{reader.hour:%H:%M}") == ("Europe/Berlin", "06:00")


def test_a_clock_that_is_not_offered_is_refused(client: Client) -> None:
    subscription = confirmed(client)
    url = f"{manage_url(subscription)}clock/"
    page = post(client, url, status=400, zone="Mars/Olympus")
    assert "Please choose from what is offered here." in page.main
    assert Subscriber.objects.get(email=EMAIL).zone == "Asia/Taipei"


def test_erasing_asks_first_and_then_opens_nothing_any_more(client: Client) -> None:
    subscription = confirmed(client)
    url = manage_url(subscription)
    page = shown(url, client.get(f"{url}erase/"))
    assert "Erase this address?" in page.main
    assert Subscriber.objects.filter(email=EMAIL).exists()
    page = shown(url, client.post(f"{url}erase/", follow=True))
    assert "The address is erased" in page.main
    assert EMAIL not in page.markup
    assert not Subscriber.objects.filter(email=EMAIL).exists()
    assert client.get(url).status_code == 404
    assert client.post(f"{url}erase/").status_code == 404


def test_erasing_needs_the_form_of_the_page() -> None:
    subscription = confirmed(Client())
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{manage_url(subscription)}erase/").status_code == 403


def test_the_manage_page_costs_the_same_for_many_subjects(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    subscription = confirmed(client)
    with django_assert_max_num_queries(8):
        client.get(manage_url(subscription))
    for query in ("q=comments", "q=artificial", "q=intelligence", "kind=comment&q=a"):
        world.subscribe("search", query, email=EMAIL)
    with django_assert_max_num_queries(8):
        client.get(manage_url(subscription))
