"""Takes notice of what people do to their own second factor, which django-allauth tells of."""

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest

from policy.actions.accounts import note_second_factor
from policy.clock import now
from policy.models import AccountEvent, User

Act = AccountEvent.Act
APP = Authenticator.Type.TOTP


def follow() -> None:
    """Ask to be told. Called once, when the apps are ready."""
    for signal, receiver in (
        (signals.authenticator_added, note_added),
        (signals.authenticator_removed, note_removed),
        (signals.authenticator_reset, note_codes),
    ):
        signal.connect(receiver, dispatch_uid=f"policy.second_factors.{receiver.__name__}")


def note_added(
    *, request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any
) -> None:
    """The session in which it was set up goes on; the others end."""
    if authenticator.type == APP:
        note_second_factor(user=user, act=Act.APP_ADDED, at=now())
        update_session_auth_hash(request, user)


def note_removed(*, user: User, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type == APP:
        note_second_factor(user=user, act=Act.APP_REMOVED, at=now())


def note_codes(*, user: User, **_more: Any) -> None:
    note_second_factor(user=user, act=Act.CODES, at=now())
