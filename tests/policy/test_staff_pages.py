"""The staff pages: who gets in, every mail's state, its content, resend and cancel."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from policy.actions.alerts.bounces import note_bounce
from policy.actions.alerts.claim import claim_batch
from policy.actions.alerts.deliver import deliver_alerts
from policy.actions.alerts.resend import NotPossible, cancel_alert, resend_alert
from policy.domain.roles import Role
from policy.models import Alert, SendAttempt, Subscription
from policy.queries.incidents import open_incidents
from policy.queries.mails import as_sent
from tests.instants import TODAY
from tests.people import account, signed_in
from tests.policy.alerts import world
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db

BUDGETS = {"/staff/mails/": 9, "mail": 11}


@pytest.fixture
def staff() -> Client:
    return signed_in(account(Role.EDITOR, name="Ada"))


@pytest.fixture
def mails() -> Callable[..., Alert]:
    world.comment_deadline()

    def make(state: str = "queued", email: str = "reader@example.org", **more: object) -> Alert:
        subscription = Subscription.objects.filter(subscriber__email=email).first()
        subscription = subscription or world.subscribe(email=email)
        row = {
            "key": f"test:{Alert.objects.count()}",
            "reason": "confirm" if more.pop("confirm", False) else "changed",
            "not_before": TODAY,
            "planned_at": TODAY,
            "own": {"about": "Cambodia", "events": [], "label": "Cambodia", "why": "It changed."},
        }
        return Alert.objects.create(
            subscriber=subscription.subscriber,
            subscription=subscription,
            state=state,
            **{**row, **more},
        )

    return make


def get(client: Client, url: str, status: int = 200) -> Shown:
    response = client.get(url)
    assert response.status_code == status
    return shown(url, response)


def sent(mails: Callable[..., Alert], **more: object) -> Alert:
    mails(**more)
    assert deliver_alerts(clock=lambda: TODAY).sent == 1
    return Alert.objects.get()


@pytest.mark.parametrize("act", ["resend", "cancel"])
@pytest.mark.parametrize("role", [None, Role.READER, Role.ANALYST])
def test_who_may_not_see_mails_can_do_nothing_to_them(
    mails: Callable[..., Alert], act: str, role: Role | None
) -> None:
    alert = mails("sent" if act == "resend" else "queued")
    client = signed_in(account(role, name="Eve")) if role else Client()
    answer = client.post(f"/staff/mails/{alert.pk}/{act}/", {"because": "I can"})
    assert answer.status_code == (403 if role else 302)
    assert list(Alert.objects.values_list("state")) == [(alert.state,)]


def test_staff_pages_stay_out_of_caches_and_search_engines(
    staff: Client, mails: Callable[..., Alert]
) -> None:
    for url in ("/staff/mails/", f"/staff/mails/{mails().pk}/"):
        response = staff.get(url)
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex, nofollow"


def test_every_mail_is_listed_with_its_state_and_what_was_said(
    staff: Client, mails: Callable[..., Alert]
) -> None:
    mails("queued", topic="ai-diffusion-comment", told="2025-05-15")
    mails("failed", last_error="SMTPDataError: 554 spam", email="b@example.org")
    mails("sent", maybe_sent=True, sent_at=TODAY)
    page = get(staff, "/staff/mails/")
    sent_row, failed, queued = page.rows
    assert "Sent" in sent_row
    assert "an earlier try may have arrived" in sent_row
    assert "554 spam" in failed
    assert "b@example.org" in failed
    assert "ai-diffusion-comment: 2025-05-15" in queued


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("state=queued", 2),
        ("state=held", 1),
        ("state=sent", 1),
        ("address=B@example", 1),
        ("topic=diffusion", 1),
        ("since=2026-11-23", 3),
        ("until=2026-11-22", 1),
        ("since=2026-11-22&until=2026-11-22", 1),
        ("state=sent&address=nobody", 0),
        ("state=odd", 4),
        ("since=soon", 4),
    ],
)
def test_the_list_is_narrowed(
    staff: Client, mails: Callable[..., Alert], query: str, found: int
) -> None:
    mails("queued", topic="ai-diffusion-comment")
    mails("sent")
    mails("failed", planned_at=TODAY - timedelta(days=1))
    mails("queued", email="b@example.org")
    note_bounce(address="b@example.org", permanent=True, text="550 gone", at=TODAY)
    page = get(staff, f"/staff/mails/?{query}")
    assert len(page.rows) == found
    assert ("No mail is like that" in page.main) == (found == 0)


def test_a_paused_address_is_said_and_its_mails_are_shown_as_held(
    staff: Client, mails: Callable[..., Alert]
) -> None:
    alert = mails()
    mails(confirm=True)
    note_bounce(address="reader@example.org", permanent=True, text="550 gone", at=TODAY)
    confirm, held = get(staff, "/staff/mails/").rows
    assert "Held: the address is paused" in held
    assert "Held" not in confirm
    assert "550 gone" in get(staff, f"/staff/mails/{alert.pk}/").main


def test_a_mail_is_shown_exactly_as_it_was_sent_and_nothing_of_it_runs(
    staff: Client, mails: Callable[..., Alert]
) -> None:
    alert = sent(
        mails,
        own={
            "about": "<script>alert(1)</script>",
            "events": [],
            "label": "Cambodia",
            "why": "So.",
        },
    )
    page = get(staff, f"/staff/mails/{alert.pk}/")
    headers = page.texts("//dl[@id='mail-headers']/div")
    assert any(row.startswith("Message-ID") and str(alert.message_id) in row for row in headers)
    assert any(row.startswith("To") and "reader@example.org" in row for row in headers)
    assert page.texts("//main//details/summary") == ["text/plain", "text/html"]
    assert page.all("//main//script") == []
    wire = staff.get(f"/staff/mails/{alert.pk}/?format=eml")
    assert wire["Content-Type"] == "message/rfc822"
    assert "attachment" in wire["Content-Disposition"]
    assert wire.content.decode() == alert.sent_content


def test_what_is_no_mail_is_shown_as_it_is() -> None:
    assert as_sent("").texts == [("text/plain", "")]
    odd = "Content-Type: text/plain; charset=no-such\n\nbody"
    assert as_sent(odd).texts == [("text/plain", "body")]


def test_attempts_are_listed_in_the_words_of_the_server(
    staff: Client, mails: Callable[..., Alert]
) -> None:
    alert = mails()
    SendAttempt.objects.create(alert=alert, at=TODAY, outcome="late", text="451 <b>later</b>")
    page = get(staff, f"/staff/mails/{alert.pk}/")
    (row,) = page.rows
    assert "Failed, tried again later" in row
    assert "451 <b>later</b>" in row


def test_a_mail_is_sent_once_more_as_a_new_one_that_says_by_whom_and_why(
    staff: Client, mails: Callable[..., Alert]
) -> None:
    old = sent(mails)
    answer = staff.post(f"/staff/mails/{old.pk}/resend/", {"because": "She lost it"})
    new = Alert.objects.exclude(pk=old.pk).get()
    assert answer["Location"] == f"/staff/mails/{new.pk}/"
    assert (new.resend_of, new.resent_by, new.resent_because) == (old, "Ada", "She lost it")
    assert "by Ada because “She lost it”" in get(staff, f"/staff/mails/{new.pk}/").main
    assert "by Ada because “She lost it”" in get(staff, f"/staff/mails/{old.pk}/").main
    assert deliver_alerts(clock=lambda: TODAY).sent == 1
    new.refresh_from_db()
    assert new.message_id != old.message_id
    resend_alert(alert=old, by="Ada", because="again", at=TODAY)
    assert Alert.objects.count() == 3


@pytest.mark.parametrize("state", ["queued", "sending", "collected"])
def test_a_mail_on_its_way_is_not_sent_once_more(
    staff: Client, mails: Callable[..., Alert], state: str
) -> None:
    alert = mails(state)
    answer = staff.post(f"/staff/mails/{alert.pk}/resend/", {"because": "hurry"})
    assert answer.status_code == 409
    assert "still on its way" in answer.content.decode()
    assert Alert.objects.count() == 1


def test_without_a_reason_nothing_is_done(staff: Client, mails: Callable[..., Alert]) -> None:
    alert = mails("failed")
    answer = staff.post(f"/staff/mails/{alert.pk}/resend/", {"because": " "})
    assert answer.status_code == 400
    assert "Please say why" in answer.content.decode()
    assert Alert.objects.count() == 1
    assert staff.get(f"/staff/mails/{alert.pk}/resend/").status_code == 405
    assert staff.post("/staff/mails/0/resend/", {"because": "x"}).status_code == 404


def test_a_waiting_mail_is_cancelled_and_stays_so(
    staff: Client, mails: Callable[..., Alert]
) -> None:
    alert = mails()
    staff.post(f"/staff/mails/{alert.pk}/cancel/", {"because": "wrong list"})
    alert.refresh_from_db()
    assert (alert.state, alert.last_error) == ("cancelled", "Cancelled by Ada: wrong list")
    assert "Ada: wrong list" in get(staff, f"/staff/mails/{alert.pk}/").main
    assert deliver_alerts(clock=lambda: TODAY).sent == 0
    assert staff.post(f"/staff/mails/{alert.pk}/cancel/", {"because": "x"}).status_code == 409


def test_a_sender_that_was_faster_wins_over_a_cancellation(mails: Callable[..., Alert]) -> None:
    alert = mails()
    claim_batch(at=TODAY)
    with pytest.raises(NotPossible, match="Only a mail that still waits"):
        cancel_alert(alert=alert, by="Ada", because="late", at=TODAY)
    assert not SendAttempt.objects.exists()


def test_the_pages_cost_few_queries_however_many_mails_there_are(
    staff: Client,
    mails: Callable[..., Alert],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    found = [mails(email=f"reader{n}@example.org") for n in range(12)]
    open_incidents()
    with django_assert_max_num_queries(BUDGETS["/staff/mails/"]):
        get(staff, "/staff/mails/")
    with django_assert_max_num_queries(BUDGETS["mail"]):
        get(staff, f"/staff/mails/{found[0].pk}/")


def test_a_long_list_has_pages_that_keep_the_filter(
    staff: Client, mails: Callable[..., Alert]
) -> None:
    for _ in range(55):
        mails("failed")
    page = get(staff, "/staff/mails/?state=failed")
    assert len(page.rows) == 50
    (following,) = page.all("//a[@rel='next']")
    assert len(get(staff, f"/staff/mails/{following.get('href')}").rows) == 5
