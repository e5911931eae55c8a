"""Accounts for tests, and clients that are signed in with them."""

from functools import cache

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.contrib.auth.hashers import make_password
from django.test import Client

from policy.domain.roles import Role
from policy.models import User
from tests.instants import TODAY

PASSWORD = "correct horse battery staple"  # noqa: S105  # of accounts that live one test
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105  # of second factors that do


def account(
    role: Role = Role.EDITOR,
    *,
    name: str = "Ada Lovelace",
    email: str = "",
    second_factor: bool = True,
) -> User:
    """A new account with PASSWORD, and SECRET for its second factor; its address is its name's."""
    email = email or f"{name.lower().replace(' ', '.')}@example.org"
    user = User(email=email, name=name, role=role.value, created_at=TODAY)
    # Hashing takes a third of a second, which is its purpose and none of the tests'.
    user.password = hashed()
    user.save()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    if second_factor:
        TOTP.activate(user, SECRET)
    return user


def signed_in(user: User) -> Client:
    """A browser of its own in which this account is signed in."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def code(secret: str = SECRET, *, later: int = 0) -> str:
    """What an authenticator app shows now, or so many half minutes later."""
    present = list(counters())[1]
    return str(format_hotp_value(hotp_value(secret, present + later)))


@cache
def hashed() -> str:
    return make_password(PASSWORD)
