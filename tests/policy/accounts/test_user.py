"""The account itself: its address, its role, and what ends its sessions."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from policy.domain.roles import Power, Role
from policy.models import User
from policy.permissions import NotPermitted, can_power, check_power
from tests.people import account

pytestmark = pytest.mark.django_db


def test_history_names_a_person_by_name_and_address() -> None:
    assert str(account(name="Ada Lovelace")) == "Ada Lovelace <ada.lovelace@example.org>"


def test_an_address_is_found_however_it_is_typed() -> None:
    user = account()
    assert User.objects.get_by_natural_key(" Ada.Lovelace@Example.org ") == user


@pytest.mark.parametrize(
    "wrong", [{"email": "Ada@example.org"}, {"role": "owner"}, {"role": ""}], ids=str
)
def test_the_database_refuses_an_odd_account(wrong: dict[str, str]) -> None:
    user = account()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**wrong)


@pytest.mark.parametrize(
    "change", [{"role": "approver"}, {"is_active": False}, {"password": "x"}, {"generation": 1}]
)
def test_what_ends_a_session_changes_the_digest_that_it_holds(change: dict[str, object]) -> None:
    user = account()
    before = user.get_session_auth_hash()
    User.objects.filter(pk=user.pk).update(name="Ada King")
    user.refresh_from_db()
    assert user.get_session_auth_hash() == before
    User.objects.filter(pk=user.pk).update(**change)
    user.refresh_from_db()
    assert user.get_session_auth_hash() != before


def test_a_power_is_checked_with_a_sentence() -> None:
    user = account(Role.ANALYST)
    check_power(user, Power.SEE_DESK)
    assert not can_power(user, Power.DRAFT)
    with pytest.raises(NotPermitted, match="your account is an analyst"):
        check_power(user, Power.DRAFT)


def test_a_visitor_and_a_deactivated_account_have_no_power_but_reading() -> None:
    user = account(Role.ADMINISTRATOR)
    user.is_active = False
    for nobody in (user, AnonymousUser()):
        assert [power for power in Power if can_power(nobody, power)] == [Power.READ]
