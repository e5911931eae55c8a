"""What people do to their own account: its trace, and the sessions that it ends."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from policy.actions import accounts
from policy.actions.accounts import AccountRefused
from policy.domain.roles import Role
from policy.models import AccountEvent, User
from policy.permissions import NotPermitted
from tests.instants import TODAY
from tests.people import PASSWORD, account, signed_in
from tests.policy.accounts.test_sign_in import set_up_second_factor
from tests.site_map import shown

pytestmark = pytest.mark.django_db

NEW = "an even longer battery staple"
CHANGE = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}


def acts() -> list[str]:
    rows = AccountEvent.objects.order_by("pk")
    assert all(row.by_id == row.user_id for row in rows)
    return [row.act for row in rows]


def test_a_password_leaves_a_trace_without_itself() -> None:
    client = signed_in(account(Role.READER))
    assert client.post("/account/password/", CHANGE).status_code == 302
    assert acts() == ["password"]
    assert NEW not in str(list(AccountEvent.objects.values()))


def test_without_its_trace_a_password_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    user = account(Role.READER)

    def fail(**_values: object) -> None:
        msg = "the disk is full"
        raise OSError(msg)

    monkeypatch.setattr(AccountEvent.objects, "create", fail)
    with pytest.raises(OSError, match="disk is full"):
        signed_in(user).post("/account/password/", CHANGE)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_password_change_does_not_bring_back_a_role_that_was_taken_meanwhile() -> None:
    user = account(Role.EDITOR)
    User.objects.filter(pk=user.pk).update(role="reader")
    accounts.set_password(user=user, password=NEW, at=TODAY)
    user.refresh_from_db()
    assert user.role == "reader"


@pytest.mark.django_db(transaction=True)
def test_a_second_factor_ends_the_sessions_that_were_opened_without_it() -> None:
    """Whoever had learnt the password sits in one of them, and would pass from now on."""
    user = account(Role.EDITOR, second_factor=False)
    mine, thief = signed_in(user), signed_in(user)
    set_up_second_factor(mine)
    assert thief.get("/staff/mails/")["Location"].startswith("/account/sign-in/")
    assert mine.get("/staff/mails/").status_code == 200
    assert acts() == ["app-added"]


@pytest.mark.django_db(transaction=True)
def test_new_codes_and_a_removed_app_leave_their_traces() -> None:
    client = signed_in(account(Role.EDITOR))
    for path in ("codes/new/", "app/remove/"):
        where = f"/account/second-factor/{path}"
        there = client.get(where)
        if there.status_code == 302:
            client.post(there["Location"], {"password": PASSWORD})
        assert client.post(where).status_code == 302
    assert acts() == ["codes", "app-removed"]


def test_administrators_see_what_people_did_themselves() -> None:
    user = account(Role.READER)
    signed_in(user).post("/account/password/", CHANGE)
    page = shown("/", signed_in(account(Role.ADMINISTRATOR, name="Chief")).get(url_of(user)))
    (row,) = page.rows
    assert "Password set Ada Lovelace ada.lovelace@example.org by the holder" in row


def url_of(user: User) -> str:
    return f"/staff/people/{user.pk}/"


@pytest.mark.django_db(transaction=True)
def test_an_administrator_s_reset_leaves_one_trace_only() -> None:
    user = account(Role.EDITOR)
    chief = signed_in(account(Role.ADMINISTRATOR, name="Chief"))
    chief.post(f"{url_of(user)}second-factor/", {"because": "Lost her telephone"})
    assert list(AccountEvent.objects.values_list("act", flat=True)) == ["second-factor"]


def test_a_form_that_is_too_old_says_so_with_a_way_out() -> None:
    response = Client(enforce_csrf_checks=True).post("/account/sign-in/", {"login": "x"})
    assert response.status_code == 403
    page = shown("/", response)
    assert "This form is too old" in page.main
    assert page.all("//main//a[@href='/']")


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_take_each_other_s_role_at_once_leave_one() -> None:
    pair = [account(Role.ADMINISTRATOR, name=name) for name in ("First", "Second")]
    together = Barrier(2)

    def demote(by: User, user: User) -> bool:
        try:
            together.wait()
            accounts.change_role(user=user, role=Role.READER, by=by, because="x", at=TODAY)
        except (AccountRefused, NotPermitted):
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(demote, pair, reversed(pair))) == [False, True]
    assert User.objects.filter(role="administrator").count() == 1
    assert AccountEvent.objects.count() == 1
