"""What administrators do to accounts: each act with its trace, and what is refused."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from policy.actions import accounts
from policy.actions.accounts import AccountRefused
from policy.domain.roles import Role
from policy.models import AccountEvent, User
from policy.permissions import NotPermitted
from policy.queries.incidents import open_incidents
from tests.instants import TODAY
from tests.people import account, signed_in
from tests.site_map import Shown, shown

pytestmark = pytest.mark.django_db

PEOPLE = "/staff/people/"
BUDGETS = {PEOPLE: 8, "person": 8}
NEW = {
    "email": "Grace.Hopper@Example.org",
    "name": "Grace Hopper",
    "role": "editor",
    "because": "She joins the desk",
}
WHY = {"because": "As agreed"}


@pytest.fixture
def chief() -> User:
    return account(Role.ADMINISTRATOR, name="Chief")


@pytest.fixture
def staff(chief: User) -> Client:
    return signed_in(chief)


def get(client: Client, url: str, status: int = 200) -> Shown:
    response = client.get(url)
    assert response.status_code == status
    return shown(url, response)


def post(client: Client, user: User, act: str, status: int = 302, **more: str) -> Shown | None:
    response = client.post(f"{PEOPLE}{user.pk}/{act}/", {**WHY, **more})
    assert response.status_code == status
    return shown(PEOPLE, response) if status != 302 else None


def trace() -> list[tuple[str, str, str, str]]:
    """The events: what, by whom, from which role to which."""
    rows = AccountEvent.objects.order_by("pk")
    return [(row.act, row.by.name if row.by else "", row.before, row.after) for row in rows]


def test_an_account_is_made_and_its_holder_gets_a_link(staff: Client) -> None:
    response = staff.post(f"{PEOPLE}new/", NEW)
    made = User.objects.get(email="grace.hopper@example.org")
    assert response["Location"] == f"{PEOPLE}{made.pk}/"
    assert (made.name, made.role, made.has_usable_password()) == ("Grace Hopper", "editor", False)
    assert trace() == [("made", "Chief", "", "editor")]
    page = get(staff, response["Location"])
    assert "on its way to grace.hopper@example.org" in page.text
    (row,) = page.rows
    assert "Account made, editor" in row
    assert "Chief" in row
    assert "chief@example.org" in row
    assert "She joins the desk" in row
    (sent,) = mail.outbox
    assert sent.to == ["grace.hopper@example.org"]
    set_password(link_in(str(sent.body)))
    assert "an editor" in str(sent.body)


def link_in(text: str) -> str:
    (link,) = re.findall(r"http://127.0.0.1:8000(/account/password/new/\S+)", text)
    return str(link)


def set_password(link: str) -> None:
    """As the holder does, who can then sign in."""
    client, new = Client(), "an even longer battery staple"
    form = client.get(link)["Location"]
    done = client.post(form, {"password1": new, "password2": new})
    assert done["Location"] == "/account/password/new/done/"
    user = User.objects.order_by("pk").last()
    assert user
    answer = client.post("/account/sign-in/", {"login": user.email, "password": new})
    assert answer["Location"] == "/account/"


def test_an_address_has_one_account(staff: Client) -> None:
    staff.post(f"{PEOPLE}new/", NEW)
    response = staff.post(f"{PEOPLE}new/", {**NEW, "email": "grace.hopper@example.ORG"})
    assert response.status_code == 409
    assert "already, of Grace Hopper" in shown(PEOPLE, response).main
    assert User.objects.count() == 2


@pytest.mark.parametrize("lacking", NEW)
def test_a_new_account_needs_all_of_it(staff: Client, lacking: str) -> None:
    response = staff.post(f"{PEOPLE}new/", {**NEW, lacking: " "})
    assert response.status_code == 400
    assert User.objects.count() == 1


def test_a_mail_that_cannot_leave_is_said_and_the_account_stays(
    staff: Client, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "tests.policy.accounts.test_sign_in.Down"
    response = staff.post(f"{PEOPLE}new/", NEW)
    assert "could not be sent" in get(staff, response["Location"]).text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    post(staff, User.objects.get(name="Grace Hopper"), "link")
    assert len(mail.outbox) == 1
    assert [act for act, *_ in trace()] == ["made", "link"]


def test_a_role_is_changed_from_one_to_another(staff: Client) -> None:
    ada = account(Role.EDITOR)
    hers = signed_in(ada)
    post(staff, ada, "role", role="approver")
    ada.refresh_from_db()
    assert ada.role == "approver"
    assert trace() == [("role", "Chief", "editor", "approver")]
    assert "from editor to approver" in get(staff, f"{PEOPLE}{ada.pk}/").rows[0]
    assert hers.get("/staff/mails/").status_code == 302
    assert "is an approver already" in str(post(staff, ada, "role", 409, role="approver"))


def test_an_account_is_closed_and_opened_again(staff: Client) -> None:
    ada = account(Role.EDITOR)
    hers = signed_in(ada)
    post(staff, ada, "deactivate")
    assert hers.get("/account/").status_code == 302
    assert "not active" in get(staff, f"{PEOPLE}{ada.pk}/").main
    assert "was an editor" in get(staff, PEOPLE).rows[0]
    post(staff, ada, "deactivate", 409)
    assert "reactivate it first" in str(post(staff, ada, "link", 409))
    post(staff, ada, "reactivate")
    post(staff, ada, "reactivate", 409)
    assert hers.get("/account/").status_code == 302
    assert [act for act, *_ in trace()] == ["deactivated", "reactivated"]
    assert mail.outbox == []


def test_a_lost_second_factor_is_reset(staff: Client) -> None:
    ada = account(Role.EDITOR)
    hers = signed_in(ada)
    post(staff, ada, "second-factor")
    assert not Authenticator.objects.filter(user=ada).exists()
    assert hers.get("/account/").status_code == 302
    assert trace() == [("second-factor", "Chief", "", "")]
    assert "has no second factor" in str(post(staff, ada, "second-factor", 409))


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ("role", "You cannot change your own role"),
        ("deactivate", "You cannot deactivate your own account"),
        ("second-factor", "Remove your own second factor on the page of your account"),
    ],
)
def test_nobody_decides_on_their_own_account(
    staff: Client, chief: User, act: str, sentence: str
) -> None:
    account(Role.ADMINISTRATOR, name="Deputy")
    assert sentence in get(staff, f"{PEOPLE}{chief.pk}/").main
    assert sentence in str(post(staff, chief, act, 409, role="reader"))
    assert trace() == []
    chief.refresh_from_db()
    assert (chief.role, chief.is_active) == ("administrator", True)


@pytest.mark.parametrize("act", ["change_role", "deactivate"])
def test_the_last_administrator_stays(chief: User, act: str) -> None:
    account(Role.ADMINISTRATOR, name="Gone")
    User.objects.filter(name="Gone").update(is_active=False)
    more = {"role": Role.READER} if act == "change_role" else {}
    with pytest.raises(AccountRefused, match="Chief is the last administrator"):
        getattr(accounts, act)(user=chief, by=None, because="by hand", at=TODAY, **more)
    assert User.objects.filter(role="administrator", is_active=True).get() == chief


def test_of_two_who_take_each_other_s_role_the_second_has_none_any_more(chief: User) -> None:
    deputy = account(Role.ADMINISTRATOR, name="Deputy")
    why = {"role": Role.READER, "because": "a quarrel", "at": TODAY}
    accounts.change_role(user=deputy, by=chief, **why)  # type: ignore[arg-type]
    assert deputy.role == "administrator"  # as the deputy's own request still has it
    with pytest.raises(NotPermitted, match="your account is a reader"):
        accounts.change_role(user=chief, by=deputy, **why)  # type: ignore[arg-type]


@pytest.mark.parametrize("act", ["role", "deactivate", "second-factor", "link"])
def test_without_a_reason_nothing_is_done(staff: Client, act: str) -> None:
    ada = account(Role.EDITOR)
    page = post(staff, ada, act, 400, because=" ", role="reader")
    assert page
    assert "Nothing is changed" in page.main
    assert User.objects.get(pk=ada.pk).generation == 0
    assert trace() == []
    assert mail.outbox == []


def test_a_role_that_is_none_is_refused(staff: Client) -> None:
    post(staff, account(Role.EDITOR), "role", 400, role="owner")
    assert trace() == []


ACTS: dict[str, Callable[..., Any]] = {
    "role": lambda user, by: accounts.change_role(
        user=user, role=Role.READER, by=by, because="x", at=TODAY
    ),
    "deactivate": lambda user, by: accounts.deactivate(user=user, by=by, because="x", at=TODAY),
    "reset": lambda user, by: accounts.reset_second_factor(user=user, by=by, because="x", at=TODAY),
    "make": lambda _user, by: accounts.make_account(
        email="n@example.org", name="N", role=Role.READER, by=by, because="x", at=TODAY
    ),
}


def state() -> list[object]:
    return [*User.objects.order_by("pk").values(), *Authenticator.objects.order_by("pk").values()]


@pytest.mark.parametrize("act", ACTS)
def test_where_the_trace_cannot_be_kept_nothing_changes(
    chief: User, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = account(Role.EDITOR)
    before = state()

    def fail(**_values: object) -> None:
        msg = "the disk is full"
        raise OSError(msg)

    monkeypatch.setattr(AccountEvent.objects, "create", fail)
    with pytest.raises(OSError, match="disk is full"):
        ACTS[act](ada, chief)
    assert state() == before


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_an_administrator_acts_whatever_the_door(act: str, role: Role) -> None:
    ada, eve = account(Role.EDITOR), account(role, name="Eve")
    before = state()
    with pytest.raises(NotPermitted):
        ACTS[act](ada, eve)
    assert state() == before
    assert trace() == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DELETE FROM policy_accountevent", "only ever added"),
        ("UPDATE policy_accountevent SET because = 'y'", "only ever added"),
        ("UPDATE policy_accountevent SET by_id = NULL", "only ever added"),
        ("DELETE FROM policy_user", "deactivated, never deleted"),
    ],
)
def test_the_database_itself_keeps_what_was_done_and_by_whom(
    chief: User, statement: str, sentence: str
) -> None:
    accounts.deactivate(user=account(Role.EDITOR), by=chief, because="x", at=TODAY)
    with (
        pytest.raises(IntegrityError, match=sentence),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert trace() == [("deactivated", "Chief", "", "")]


def test_the_pages_cost_few_queries_however_many_people_there_are(
    staff: Client, chief: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        user = account(Role.EDITOR, name=f"Editor {number}")
        accounts.change_role(user=user, role=Role.READER, by=chief, because="x", at=TODAY)
    open_incidents()
    with django_assert_max_num_queries(BUDGETS[PEOPLE]):
        assert len(get(staff, PEOPLE).rows) == 13
    with django_assert_max_num_queries(BUDGETS["person"]):
        get(staff, f"{PEOPLE}{chief.pk}/")


def test_the_list_says_who_has_what(staff: Client) -> None:
    account(Role.ANALYST, second_factor=False)
    ada, chief = get(staff, PEOPLE).rows
    assert "Analyst none never" in ada
    assert "Chief you" in chief
    assert "set up 23 November 2026, 10:00 EST" in chief


def test_the_first_administrator_is_made_on_the_command_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    call_command("create_account", "Ada@Example.org", name="Ada Lovelace", role="administrator")
    assert trace() == [("made", "", "", "administrator")]
    user = User.objects.get(email="ada@example.org")
    assert not user.has_usable_password()
    link = capsys.readouterr().out.strip()
    client, new = Client(), "an even longer battery staple"
    form = client.get(link_in(link))["Location"]
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    user.refresh_from_db()
    assert user.check_password(new)
    set_, made = get(signed_in(second_factor(user)), f"{PEOPLE}{user.pk}/").rows
    assert "manage.py" in made
    assert "Password set" in set_


def second_factor(user: User) -> User:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    return user


@pytest.mark.parametrize(
    ("email", "said"), [("nonsense", "no e-mail address"), ("ada@example.org", "already, of Ada")]
)
def test_the_command_says_what_it_cannot_do(email: str, said: str) -> None:
    account(name="Ada", email="ada@example.org")
    with pytest.raises(CommandError, match=said):
        call_command("create_account", email, name="Ada", role="reader")
    assert User.objects.count() == 1


def test_an_account_needs_a_name_that_history_can_show() -> None:
    with pytest.raises(CommandError, match="needs a name"):
        call_command("create_account", "ada@example.org", name=" ", role="reader")
    assert not User.objects.exists()
