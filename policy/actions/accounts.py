"""Making accounts, and what administrators do to them. Each act leaves one AccountEvent.

``by`` is who does it, or None for ``manage.py``. What is refused raises AccountRefused, and an
act whose event cannot be kept does nothing. All but a link end the account's sessions.
"""

from datetime import datetime

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import transaction

from policy.domain.roles import Power, Role
from policy.models import AccountEvent, User
from policy.permissions import check_power

Act = AccountEvent.Act
OWN = "by the holder of the account"


class AccountRefused(Exception):
    """Carries the sentence that says why."""


@transaction.atomic
def make_account(  # noqa: PLR0913  # keyword-only; each is a part of the account
    *, email: str, name: str, role: Role, by: User | None, because: str, at: datetime
) -> User:
    """A new account without a password; a link to set one goes to its address.

    Whoever makes it vouches for the address, which only its mailbox can then use.
    """
    address = email.strip().lower()
    check_administrator(by)
    if not name.strip():
        msg = "An account needs a name: history shows it."
        raise AccountRefused(msg)
    same = User.objects.filter(email=address).first()
    if same:
        msg = f"There is an account with this address already, of {same.name}."
        raise AccountRefused(msg)
    user = User(email=address, name=name.strip(), role=role.value, created_at=at)
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    keep(Act.MADE, user, by=by, because=because, at=at, after=role.value)
    return user


@transaction.atomic
def change_role(*, user: User, role: Role, by: User | None, because: str, at: datetime) -> None:
    """Give the account another role, from now on."""
    held = locked(user, by)
    if held.role == role.value:
        msg = f"{held.name} is {role.words} already."
        raise AccountRefused(msg)
    check_role_change(held, by)
    keep_an_administrator(held)
    before, held.role = held.role, role.value
    keep(Act.ROLE, held, by=by, because=because, at=at, before=before, after=role.value)
    end_sessions(held, "role")


@transaction.atomic
def deactivate(*, user: User, by: User | None, because: str, at: datetime) -> None:
    """Close the account; what it did stays, under its name."""
    held = locked(user, by)
    if not held.is_active:
        msg = f"The account of {held.name} is not active already."
        raise AccountRefused(msg)
    check_deactivation(held, by)
    keep_an_administrator(held)
    held.is_active = False
    keep(Act.DEACTIVATED, held, by=by, because=because, at=at)
    end_sessions(held, "is_active")


@transaction.atomic
def reactivate(*, user: User, by: User | None, because: str, at: datetime) -> None:
    """Open a closed account again, with its role and its password."""
    held = locked(user, by)
    if held.is_active:
        msg = f"The account of {held.name} is active already."
        raise AccountRefused(msg)
    held.is_active = True
    keep(Act.REACTIVATED, held, by=by, because=because, at=at)
    end_sessions(held, "is_active")


@transaction.atomic
def reset_second_factor(*, user: User, by: User | None, because: str, at: datetime) -> None:
    """Forget app and recovery codes of somebody who has lost both."""
    held = locked(user, by)
    check_second_factor_reset(held, by)
    if not Authenticator.objects.filter(user_id=held.pk).delete()[0]:
        msg = f"{held.name} has no second factor."
        raise AccountRefused(msg)
    keep(Act.SECOND_FACTOR, held, by=by, because=because, at=at)
    end_sessions(held)


@transaction.atomic
def note_link(*, user: User, by: User | None, because: str, at: datetime) -> None:
    """Keep that a link to set a password is sent; sending it is the caller's part."""
    held = locked(user, by)
    if not held.is_active:
        msg = f"The account of {held.name} is not active; reactivate it first."
        raise AccountRefused(msg)
    keep(Act.LINK, held, by=by, because=because, at=at)


@transaction.atomic
def set_password(*, user: User, password: str, at: datetime) -> None:
    """The holder sets another password, which ends every session but the one that sets it.

    Only the password is written: what an administrator changed meanwhile stays.
    """
    user.set_password(password)
    user.save(update_fields=["password"])
    keep(Act.PASSWORD, user, by=user, because=OWN, at=at)


@transaction.atomic
def note_second_factor(*, user: User, act: str, at: datetime) -> None:
    """Keep what the holder did to their second factor.

    A new one ends the sessions that were opened without it: whoever knows the password may
    have one.
    """
    keep(act, user, by=user, because=OWN, at=at)
    if act == Act.APP_ADDED:
        end_sessions(user)


def check_role_change(user: User, by: User | None) -> None:
    """Nobody decides on their own role. Raises AccountRefused."""
    if by is not None and by.pk == user.pk:
        msg = "You cannot change your own role; another administrator can."
        raise AccountRefused(msg)


def check_deactivation(user: User, by: User | None) -> None:
    """Nobody closes the account that they work with. Raises AccountRefused."""
    if by is not None and by.pk == user.pk:
        msg = "You cannot deactivate your own account; another administrator can."
        raise AccountRefused(msg)


def check_second_factor_reset(user: User, by: User | None) -> None:
    """One's own is removed where one confirms that it is oneself. Raises AccountRefused."""
    if by is not None and by.pk == user.pk:
        msg = "Remove your own second factor on the page of your account."
        raise AccountRefused(msg)


def check_administrator(by: User | None) -> None:
    """Raises NotPermitted for who may not manage accounts, or may no longer."""
    if by is not None:
        check_power(by, Power.MANAGE_PEOPLE)


def locked(user: User, by: User | None) -> User:
    """The account as it is now, held until the end of the transaction.

    All administrators are held with it: of two who take each other's role at once, the second
    finds that it has none any more.
    """
    administrators = User.objects.filter(role=Role.ADMINISTRATOR.value)
    held = {row.pk: row for row in administrators.select_for_update().order_by("pk")}
    check_administrator(by and (held.get(by.pk) or User.objects.get(pk=by.pk)))
    return held.get(user.pk) or User.objects.select_for_update().get(pk=user.pk)


def keep_an_administrator(user: User) -> None:
    """Raises AccountRefused if nobody could manage accounts after ``user`` has gone."""
    others = User.objects.filter(role=Role.ADMINISTRATOR.value, is_active=True)
    if user.role == Role.ADMINISTRATOR and not others.exclude(pk=user.pk).exists():
        msg = f"{user.name} is the last administrator: make another first."
        raise AccountRefused(msg)


def end_sessions(user: User, *changed: str) -> None:
    """Save what has changed; whoever is signed in with the account has to do so anew."""
    user.generation += 1
    user.save(update_fields=["generation", *changed])


def keep(  # noqa: PLR0913  # keyword-only but for what was done to whom
    act: str,
    user: User,
    *,
    by: User | None,
    because: str,
    at: datetime,
    before: str = "",
    after: str = "",
) -> None:
    """Leave the trace of an act. Raises AccountRefused without a reason."""
    if not because.strip():
        msg = "Please say why: the reason is kept."
        raise AccountRefused(msg)
    AccountEvent.objects.create(
        act=act,
        user=user,
        by=by,
        because=because.strip()[:500],
        at=at,
        before=before,
        after=after,
    )


def password_key(user: User) -> tuple[str, str]:
    """The two parts of a link by which the holder sets a password, once."""
    return user_pk_to_url_str(user), default_token_generator.make_token(user)
