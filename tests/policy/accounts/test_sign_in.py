"""Signing in and out: password, second factor, lockout, limits, and what ends a session."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessLog
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings

from policy.domain.roles import Role
from policy.models import User
from tests.instants import TODAY
from tests.people import PASSWORD, SECRET, account, code, signed_in
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db

SIGN_IN, CODE = "/account/sign-in/", "/account/sign-in/code/"
ADDRESS = "ada.lovelace@example.org"
MINUTE = timedelta(minutes=1)


def get(client: Client, url: str, status: int = 200) -> Shown:
    response = client.get(url)
    assert response.status_code == status, response.headers
    return shown(url, response)


def enter(client: Client, password: str = PASSWORD, address: str = ADDRESS, to: str = "") -> str:
    """Where the form of the way in leads; empty if it stays."""
    response = client.post(f"{SIGN_IN}{to}", {"login": address, "password": password})
    return str(response.headers.get("Location", ""))


def name_in_corner(client: Client) -> list[str]:
    return get(client, "/account/password/forgotten/").texts("//span[@class='account__name']")


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client: Client) -> None:
    account(Role.EDITOR)
    there = client.get("/staff/mails/?state=failed")["Location"]
    assert there == "/account/sign-in/?next=%2Fstaff%2Fmails%2F%3Fstate%3Dfailed"
    page = get(client, there)
    (wanted,) = page.all("//main//input[@name='next']")
    response = client.post(
        SIGN_IN, {"login": ADDRESS, "password": PASSWORD, "next": wanted.get("value")}
    )
    assert response["Location"].startswith(CODE)
    assert client.get("/staff/mails/").status_code == 302
    response = client.post(response["Location"], {"code": code()})
    assert response["Location"] == "/staff/mails/?state=failed"
    assert get(client, "/staff/mails/").texts("//span[@class='account__name']") == ["Ada Lovelace"]


def test_an_address_counts_however_it_is_typed(client: Client) -> None:
    account(Role.READER, second_factor=False)
    assert enter(client, address="Ada.Lovelace@Example.ORG") == "/account/"
    assert get(client, "/account/").texts("//h1") == ["Ada Lovelace"]


@pytest.mark.parametrize("next_", ["https://elsewhere.example/", "//elsewhere.example/"])
def test_nobody_is_led_to_another_site(client: Client, next_: str) -> None:
    account(Role.READER, second_factor=False)
    assert enter(client, to=f"?next={next_}") == "/account/"


def test_a_wrong_code_opens_nothing_and_a_code_works_once(client: Client) -> None:
    account(Role.EDITOR)
    enter(client)
    assert "This code is not right" in shown(CODE, client.post(CODE, {"code": "000000"})).text
    assert client.post(CODE, {"code": code()})["Location"] == "/account/"
    other = Client()
    enter(other)
    assert "This code is not right" in shown(CODE, other.post(CODE, {"code": code()})).text


def test_a_recovery_code_works_once_in_place_of_the_app(client: Client) -> None:
    user = account(Role.EDITOR, second_factor=False)
    mine = signed_in(user)
    set_up_second_factor(mine)
    codes = get(mine, "/account/second-factor/codes/").texts("//ul[@class='codes']/li")
    assert len(codes) == 10
    enter(client)
    assert client.post(CODE, {"code": codes[0]})["Location"] == "/account/"
    other = Client()
    enter(other)
    assert other.post(CODE, {"code": codes[0]}).status_code == 200


def set_up_second_factor(client: Client) -> str:
    """As a person does, the password once more included; returns the secret."""
    where = "/account/second-factor/app/"
    confirm = client.get(where)["Location"]
    assert client.post(confirm, {"password": PASSWORD})["Location"] == where
    page = get(client, where)
    (secret,) = page.texts("//code[@class='secret']")
    (picture,) = page.all("//img[@class='qr']")
    assert str(picture.get("src")).startswith("data:image/svg+xml;base64,")
    response = client.post(where, {"code": code(secret)})
    assert response["Location"] == "/account/second-factor/codes/"
    return secret


@pytest.mark.parametrize("role", [Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR])
def test_an_editor_and_up_sees_no_staff_page_before_a_second_factor(role: Role) -> None:
    client = signed_in(account(role, second_factor=False))
    there = client.get("/staff/mails/")["Location"]
    page = get(client, there)
    assert "This page needs a second factor" in page.main
    assert "/account/second-factor/app/" in [a.get("href") for a in page.all("//main//a")]
    set_up_second_factor(client)
    assert client.get(there)["Location"] == "/staff/mails/"
    get(client, "/staff/mails/")


def test_the_page_of_the_second_factor_leads_to_no_other_site() -> None:
    client = signed_in(account(Role.EDITOR))
    there = client.get("/account/second-factor/needed/?next=https://elsewhere.example/")
    assert there["Location"] == "/account/"


def test_the_secret_of_a_second_factor_is_kept_encrypted() -> None:
    account(Role.EDITOR)
    (kept,) = Authenticator.objects.values_list("data", flat=True)
    assert SECRET not in str(kept)


def test_removing_the_second_factor_closes_the_staff_pages_again() -> None:
    client = signed_in(account(Role.EDITOR))
    where = "/account/second-factor/app/remove/"
    assert client.post(client.get(where)["Location"], {"password": PASSWORD})["Location"] == where
    assert client.post(where)["Location"] == "/account/second-factor/"
    assert client.get("/staff/mails/").status_code == 302
    assert "was removed" in mail.outbox[-1].body


def test_signing_out_takes_a_press_of_a_button() -> None:
    client = signed_in(account(Role.READER))
    assert "Sign out?" in get(client, "/account/sign-out/").main
    assert name_in_corner(client) == ["Ada Lovelace"]
    assert client.post("/account/sign-out/")["Location"] == "/"
    assert name_in_corner(client) == []
    assert client.get("/account/").status_code == 302


def test_signing_out_needs_the_token_of_a_form() -> None:
    user = account(Role.READER)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post("/account/sign-out/").status_code == 403
    assert name_in_corner(strict) == ["Ada Lovelace"]


@pytest.mark.parametrize("address", [ADDRESS, "nobody@example.org"])
def test_five_wrong_passwords_lock_and_the_page_says_until_when(
    client: Client, address: str
) -> None:
    account(Role.READER, second_factor=False)
    for _ in range(4):
        response = client.post(SIGN_IN, {"login": address, "password": "wrong"})
        assert "do not belong together" in shown(SIGN_IN, response).text
    locked = client.post(SIGN_IN, {"login": address, "password": "wrong"})
    assert locked.status_code == 429
    page = shown(SIGN_IN, locked)
    assert "Signing in is locked until 10:30 EST" in page.texts("//h1")
    assert "/account/password/forgotten/" in [a.get("href") for a in page.all("//main//a")]
    again = client.post(SIGN_IN, {"login": address, "password": PASSWORD})
    assert again.status_code == 429
    assert name_in_corner(client) == []


def test_a_lock_ends_by_itself_and_trying_meanwhile_makes_it_no_longer(client: Client) -> None:
    account(Role.READER, second_factor=False)
    for _ in range(5):
        enter(client, "wrong")
    with time_machine.travel(TODAY + 20 * MINUTE, tick=False):
        assert enter(client) == ""
    with time_machine.travel(TODAY + 31 * MINUTE, tick=False):
        assert enter(client) == "/account/"


def test_a_lock_is_of_one_account_from_one_network(client: Client) -> None:
    account(Role.READER, second_factor=False)
    account(Role.READER, second_factor=False, name="Grace Hopper")
    for _ in range(5):
        enter(client, "wrong")
    assert enter(Client(REMOTE_ADDR="192.0.2.7")) == "/account/"
    assert enter(Client(), address="grace.hopper@example.org") == "/account/"


@pytest.mark.parametrize("seen", ["", "not an address", "192.0.2.7:4711"])
def test_a_lock_holds_where_the_proxy_names_no_address(client: Client, seen: str) -> None:
    account(Role.READER, second_factor=False)
    for _ in range(5):
        answer = client.post(SIGN_IN, {"login": ADDRESS, "password": "wrong"}, REMOTE_ADDR=seen)
    assert "locked until 10:30 EST" in shown(SIGN_IN, answer).main
    last = client.post(SIGN_IN, {"login": ADDRESS, "password": PASSWORD}, REMOTE_ADDR=seen)
    assert last.status_code == 429


def test_guesses_from_many_networks_end_too() -> None:
    account(Role.READER, second_factor=False)
    for number in range(20):
        enter(Client(REMOTE_ADDR=f"192.0.2.{number}"), "wrong")
    last = Client(REMOTE_ADDR="192.0.2.99").post(SIGN_IN, {"login": ADDRESS, "password": PASSWORD})
    assert "There were too many tries" in shown(SIGN_IN, last).text


def test_the_way_in_is_limited_for_each_network(client: Client) -> None:
    for _ in range(30):
        assert client.post(SIGN_IN, {}).status_code == 200
    refused = client.post(SIGN_IN, {})
    assert refused.status_code == 429
    assert "Too many requests" in shown(SIGN_IN, refused).main
    assert Client(REMOTE_ADDR="192.0.2.7").post(SIGN_IN, {}).status_code == 200


def test_codes_are_limited_too(client: Client) -> None:
    account(Role.EDITOR)
    enter(client)
    for number in range(20):
        assert client.post(CODE, {"code": f"00000{number % 10}"}).status_code == 200
    assert "There were too many tries" in shown(CODE, client.post(CODE, {"code": code()})).text


def test_neither_logs_nor_tables_hold_a_password(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    account(Role.EDITOR)
    with caplog.at_level(logging.DEBUG):
        enter(client, "a wrong but telling one")
        enter(client)
        client.post(CODE, {"code": code()})
        enter(Client(), "a wrong but telling one")
    kept = [str(row) for model in (AccessAttempt, AccessLog) for row in model.objects.values()]
    assert len(kept) == 2
    said = caplog.text + "".join(kept)
    for secret in ("telling", PASSWORD, SECRET, code()):
        assert secret not in said


@pytest.mark.parametrize(
    "change", [{"role": "approver"}, {"is_active": False}, {"generation": 1}], ids=str
)
def test_a_session_ends_when_the_account_changes(change: dict[str, object]) -> None:
    user = account(Role.EDITOR)
    first, second = signed_in(user), signed_in(user)
    get(first, "/staff/mails/")
    User.objects.filter(pk=user.pk).update(**change)
    for client in (first, second):
        assert client.get("/staff/mails/")["Location"].startswith(SIGN_IN)
        assert name_in_corner(client) == []


def test_a_session_that_was_away_does_not_come_back_with_the_old_role() -> None:
    user = account(Role.EDITOR)
    client = signed_in(user)
    User.objects.filter(pk=user.pk).update(role="reader", generation=1)
    User.objects.filter(pk=user.pk).update(role="editor", generation=2)
    assert client.get("/staff/mails/").status_code == 302


def test_a_password_change_ends_the_other_sessions_and_is_told_by_mail() -> None:
    user = account(Role.READER)
    mine, other = signed_in(user), signed_in(user)
    new = "an even longer battery staple"
    answer = mine.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer["Location"] == "/account/"
    assert "your other sessions have ended" in get(mine, "/account/").text
    assert other.get("/account/").status_code == 302
    (told,) = mail.outbox
    assert told.subject == "Your password was changed"
    assert "127.0.0.1" in told.body
    assert new not in told.body


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "at least 12 characters"),
        ("123456789012345", "entirely numeric"),
        ("ada.lovelace@example.org", "too similar to the email"),
        ("Ada Lovelace", "too similar to the email"),
        ("password1234", "too common"),
    ],
)
def test_a_weak_password_is_refused_with_a_reason(password: str, said: str) -> None:
    client = signed_in(account(Role.READER))
    answer = client.post(
        "/account/password/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )
    assert said in shown("/account/password/", answer).main
    assert User.objects.get().check_password(PASSWORD)


def link_in(body: str) -> str:
    (link,) = re.findall(r"http://127.0.0.1:8000(/account/password/new/\S+)", body)
    return str(link)


def test_a_lost_password_is_set_by_a_link_that_works_once(client: Client) -> None:
    user = account(Role.READER, second_factor=False)
    open_session = signed_in(user)
    answer = client.post(
        "/account/password/forgotten/", {"email": "Ada.Lovelace@example.org"}, HTTP_HOST="localhost"
    )
    assert answer["Location"] == "/account/password/forgotten/sent/"
    (sent,) = mail.outbox
    assert sent.to == [ADDRESS]
    link, new = link_in(str(sent.body)), "an even longer battery staple"
    form = client.get(link)["Location"]
    assert "password1" in client.get(form).content.decode()
    done = client.post(form, {"password1": new, "password2": new})
    assert done["Location"] == "/account/password/new/done/"
    assert open_session.get("/account/").status_code == 302
    assert enter(Client(), new) == "/account/"
    assert "does not work any more" in get(Client(), link).main


def test_a_stranger_cannot_learn_who_has_an_account(client: Client) -> None:
    account(Role.READER, name="Gone", second_factor=False)
    User.objects.update(is_active=False)
    for address in ("nobody@example.org", "gone@example.org"):
        answer = client.post("/account/password/forgotten/", {"email": address})
        assert answer["Location"] == "/account/password/forgotten/sent/"
    assert mail.outbox == []


def test_a_deactivated_account_is_told_so_only_with_its_password(client: Client) -> None:
    account(Role.READER, second_factor=False)
    User.objects.update(is_active=False)
    assert enter(client, "wrong") == ""
    assert enter(client) == "/account/inactive/"
    assert "is not active" in get(client, "/account/inactive/").main


def test_a_mail_server_that_is_down_undoes_nothing(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "tests.policy.accounts.test_sign_in.Down"
    account(Role.READER)
    answer = client.post("/account/password/forgotten/", {"email": ADDRESS})
    assert answer["Location"] == "/account/password/forgotten/sent/"


class Down:
    """A mail server that does not answer."""

    def __init__(self, **_options: object) -> None:
        pass

    def send_messages(self, _messages: object) -> int:
        raise ConnectionRefusedError


@pytest.mark.parametrize("path", ["signup/", "email/", "social/signup/", "3rdparty/signup/"])
def test_nobody_signs_up_by_themselves(client: Client, path: str) -> None:
    assert client.get(f"/account/{path}").status_code == 404


def test_htmx_is_sent_to_sign_in_by_a_whole_page(client: Client) -> None:
    response = client.get("/staff/mails/", headers={"HX-Request": "true"})
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/account/sign-in/?next=%2Fstaff%2Fmails%2F"
    posted = client.post("/staff/mails/1/resend/", headers={"HX-Request": "true"})
    assert posted["HX-Redirect"] == "/account/sign-in/"
