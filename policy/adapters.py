"""Where this site's accounts differ from what django-allauth and django-axes do by themselves.

Nobody signs up; links in mails lead to SITE_URL, whatever host a request named; secrets of
second factors are kept encrypted; single sign-on opens accounts that are there, and no others.
"""

import logging
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from ipaddress import ip_address
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse

from policy.actions import accounts
from policy.clock import now
from policy.http import network_of
from policy.models import User

log = logging.getLogger(__name__)
SALT = b"policy.adapters.second-factor:"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Sign-in, passwords, and the mails about them."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This address and this password do not belong together.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your present password.",
        "too_many_login_attempts": (
            "There were too many tries. Please wait an hour, or set a new password by mail."
        ),
        "rate_limited": "There were too many tries. Please wait a minute.",
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return network_or_none(request) or "unknown"

    def get_reset_password_from_key_url(self, key: str) -> str:
        return password_url(*key.split("-", 1))

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        return reverse("policy:account")

    def set_password(self, user: User, password: str) -> None:
        accounts.set_password(user=user, password=password, at=now())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """What was done stands, even where the mail about it cannot leave."""
        context = {**context, "site_url": settings.SITE_URL, "support": settings.SUPPORT_EMAIL}
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            log.exception("the mail %s could not be sent", template_prefix)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Keeps secrets under a key made of SECRET_KEY, so that a copy of the database holds none."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "This code is not right, or not any more. Please enter the newest one.",
    }

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return cipher().decrypt(encrypted_text.encode()).decode()


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """Opens the account whose address the provider vouches for."""

    def pre_social_login(self, _request: HttpRequest, sociallogin: Any) -> None:
        """An account is joined to the provider by its address alone, never by hand."""
        if sociallogin.state.get("process") != "login":
            raise PermissionDenied

    def authenticate_by_email(self, sociallogin: Any) -> Any:
        """Some providers vouch in text, of which "false" would count as true."""
        for address in sociallogin.email_addresses:
            address.verified = address.verified in (True, "true")
        return super().authenticate_by_email(sociallogin)


def cipher() -> MultiFernet:
    """Writes with SECRET_KEY; reads what SECRET_KEY_FALLBACKS wrote, too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [urlsafe_b64encode(sha256(SALT + str(secret).encode()).digest()) for secret in secrets]
    return MultiFernet([Fernet(key) for key in keys])


def password_url(uid: str, key: str) -> str:
    """Where the holder of a key sets a password, complete with scheme and host."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": key})
    return f"{settings.SITE_URL}{path}"


def display_name(user: User) -> str:
    return user.name


def address_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Which account somebody tries to open, for django-axes; lower case."""
    named = credentials or {}
    typed = named.get("email") or named.get("username") or named.get("login")
    return str(typed or request.POST.get("login", "")).strip().lower()[:254]


def network_or_none(request: HttpRequest) -> str | None:
    """The address that a request comes from, where it is one: columns and caches take no other.

    A proxy on a socket may name none, and one that is set up wrongly passes on what it was told.
    """
    try:
        return str(ip_address(network_of(request)))
    except ValueError:
        return None
