"""Accounts for tests, and clients that are signed in with them."""

from django.test import Client

from policy.domain.roles import Role
from policy.models import User
from tests.instants import TODAY

PASSWORD = "correct horse battery staple"  # noqa: S105  # of accounts that live one test


def account(role: Role = Role.EDITOR, *, name: str = "Ada Lovelace", email: str = "") -> User:
    """A new account with PASSWORD; its address is made of the name."""
    email = email or f"{name.lower().replace(' ', '.')}@example.org"
    user = User(email=email, name=name, role=role.value, created_at=TODAY)
    user.set_password(PASSWORD)
    user.save()
    return user


def signed_in(user: User) -> Client:
    """A browser of its own in which this account is signed in."""
    client = Client()
    client.force_login(user)
    return client
