"""The page behind a mail's links: following one changes nothing, its buttons do."""

from datetime import date, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.alerts.answers import AnswerKey, acknowledge_links
from policy.actions.alerts.erase import erase_subscriber
from policy.actions.alerts.plan import plan_alerts
from policy.models import Acknowledgement, Alert, Subscription
from tests.policy.alerts import world
from tests.policy.alerts.world import eastern
from tests.site_map import SITE, Shown, shown

pytestmark = pytest.mark.django_db

D_7 = eastern(2025, 5, 8, 9)


@pytest.fixture
def reader() -> Subscription:
    world.comment_deadline()
    return world.subscribe()


@pytest.fixture
def url(reader: Subscription) -> str:
    return address(AnswerKey(reader.subscriber_id, "ai-diffusion-comment", "2025-05-15"))


def address(key: AnswerKey) -> str:
    return f"/subscribe/answer/{key.signed}/"


def opened(client: Client, url: str, at: datetime = D_7, status: int = 200) -> Shown:
    with time_machine.travel(at, tick=False):
        response = client.get(url)
    assert response.status_code == status
    return shown(url, response)


def press(client: Client, url: str, do: str, at: datetime = D_7) -> Shown:
    with time_machine.travel(at, tick=False):
        return shown(url, client.post(url, {"do": do}, follow=True))


def buttons(page: Shown) -> list[str]:
    return [str(value) for value in page.all("//main//button/@value")]


def test_following_the_link_changes_nothing(client: Client, url: str) -> None:
    page = opened(client, url)
    assert "Comments due: 15 May 2025" in page.main
    assert "Nobody has said yet that they know of this date." in page.main
    assert buttons(page) == ["seen", "owned", "snooze-1", "snooze-3", "snooze-7"]
    assert not Acknowledgement.objects.exists()


def test_the_link_of_a_planned_mail_opens_the_page(client: Client, reader: Subscription) -> None:
    plan_alerts(at=D_7)
    links = acknowledge_links(Alert.objects.get(reason=Alert.Reason.LEAD))
    path = "/" + links["acknowledge_url"].split("/", 3)[3]
    assert "Comments due" in opened(client, path).main


@pytest.mark.parametrize(
    ("do", "says"), [("seen", "You have seen this date"), ("owned", "You own this date")]
)
def test_an_answer_is_kept_and_can_be_taken_back(
    client: Client, url: str, do: str, says: str
) -> None:
    page = press(client, url, do)
    assert says in page.main
    assert Acknowledgement.objects.get().state == do
    assert "undo" in buttons(page)
    assert "Nobody has said yet" in press(client, url, "undo").main
    assert not Acknowledgement.objects.exists()


def test_no_login_and_no_cookie_is_needed_but_the_form_of_the_page(url: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    with time_machine.travel(D_7, tick=False):
        assert strict.post(url, {"do": "seen"}).status_code == 403
        token = shown(url, strict.get(url)).all("//input[@name='csrfmiddlewaretoken']/@value")[0]
        fields = {"do": "seen", "csrfmiddlewaretoken": str(token)}
        assert strict.post(url, fields).status_code == 302


def test_putting_it_off_says_until_when(client: Client, url: str) -> None:
    page = press(client, url, "snooze-3")
    assert "The next mail on this date comes 11 May 2025, 08:00 Eastern." in page.main
    assert Acknowledgement.objects.get().snoozed_until == eastern(2025, 5, 11, 8)


def test_a_snooze_that_would_pass_the_date_is_shortened_and_said_to_be(
    client: Client, url: str
) -> None:
    page = opened(client, url, at=eastern(2025, 5, 13, 9))
    assert page.main.count("Sooner than asked: the date closes then.") == 2
    page = press(client, url, "snooze-7", at=eastern(2025, 5, 13, 9))
    assert "comes 15 May 2025, 08:00 Eastern." in page.main


def test_on_the_last_day_nothing_can_be_put_off(client: Client, url: str) -> None:
    last = eastern(2025, 5, 15, 9)
    page = opened(client, url, at=last)
    assert buttons(page) == ["seen", "owned"]
    assert "No later mail would reach you" in page.main
    page = press(client, url, "snooze-1", at=last)
    assert "Not put off" in page.main
    assert not Acknowledgement.objects.exists()


def test_times_are_the_reader_s_own(client: Client, reader: Subscription, url: str) -> None:
    reader.subscriber.zone = "Asia/Taipei"
    reader.subscriber.save()
    assert "until 9 May 2025, 08:00 (Asia/Taipei)" in opened(client, url).main


@pytest.mark.parametrize("do", ["", "delete", "snooze-2", "snooze-30"])
def test_what_is_no_answer_changes_nothing(client: Client, url: str, do: str) -> None:
    press(client, url, do)
    assert not Acknowledgement.objects.exists()


def test_a_date_that_has_moved_says_so_and_takes_no_answer(client: Client, url: str) -> None:
    at = eastern(2025, 5, 9, 9)
    world.state(world.deadline(), date(2025, 6, 15), at=at, governs=date(2025, 5, 9))
    page = opened(client, url, at=at)
    assert "It is now: 15 June 2025." in page.main
    assert buttons(page) == []
    press(client, url, "seen", at=at)
    assert not Acknowledgement.objects.exists()


def test_a_date_that_has_passed_takes_no_answer(client: Client, url: str) -> None:
    page = opened(client, url, at=eastern(2025, 5, 16))
    assert "There is nothing left to answer" in page.main
    press(client, url, "seen", at=eastern(2025, 5, 16))
    assert not Acknowledgement.objects.exists()


def test_a_link_that_was_not_made_here_opens_nothing(client: Client, url: str) -> None:
    for wrong in (f"{url[:-3]}xy/", "/subscribe/answer/nonsense/"):
        assert "This link no longer works" in opened(client, wrong, status=404).main


def test_a_date_that_the_record_never_held_opens_nothing(
    client: Client, reader: Subscription
) -> None:
    for topic in ("no-such-date", "country/xx/d5-from"):
        wrong = address(AnswerKey(reader.subscriber_id, topic, "2025-05-15"))
        opened(client, wrong, status=404)


def test_after_the_address_is_erased_its_links_open_nothing(
    client: Client, reader: Subscription, url: str
) -> None:
    erase_subscriber(subscriber=reader.subscriber, at=D_7)
    opened(client, url, status=404)


def test_the_page_stays_out_of_caches_and_search_engines(client: Client, url: str) -> None:
    with time_machine.travel(D_7, tick=False):
        response = client.get(url)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    page = shown(url, response)
    key = url.split("/")[3]
    assert [a for a in page.addresses if key in a and not a.startswith(f"{SITE}{url}")] == []


def test_the_page_stays_within_its_budget_of_queries(
    client: Client, url: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with time_machine.travel(D_7, tick=False), django_assert_max_num_queries(7):
        client.get(url)
