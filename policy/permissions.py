"""Who may do what here: one table of the site's addresses, and the checks of a power.

``policy.middleware.PowerMiddleware`` asks it of every request. An address that the table does
not name is refused to everybody, so that a new page is closed until somebody decides.
"""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from policy.domain.roles import Power, Role, has_power, lacks_words, needs_second_factor
from policy.models import User

AnyUser = User | AnonymousUser

READ = (
    # A mail provider that reports bounces, and whose word is checked by a secret of its own.
    "anymail:*",
    *("api-1:api-root", "api-1:openapi-json", "api-1:openapi-view", "api-1:screening"),
    *("api-1:deadline", "api-1:deadlines", "api-1:entities", "api-1:entity"),
    *("api-1:reactions", "api-1:rule", "api-1:rules", "api-1:tier", "api-1:tiers"),
    *("entities:compare", "entities:entity", "entities:list"),
    *("lists:cross_check", "lists:entry", "lists:lists"),
    *("policy:home", "policy:search", "policy:rules", "policy:rule", "policy:section"),
    *("policy:document", "policy:documents", "policy:docket", "policy:questions"),
    *("policy:deadline", "policy:deadlines", "policy:tiers", "policy:country"),
    *("policy:reactions", "policy:organization", "policy:claims"),
    *("policy:source", "policy:sources", "policy:health"),
    *("policy:history", "policy:history-fact", "policy:history-revision"),
    *("policy:history-changes", "policy:dossier-rule", "dossiers:entity"),
    *("policy:feed", "policy:feed-changes", "policy:feed-deadlines"),
    *("policy:calendar-deadline", "policy:calendar-deadlines", "policy:calendar-new"),
    # Open to whoever has the key in the address, which came by mail.
    *("policy:calendar-feed", "policy:calendar-link", "policy:calendar-revoke"),
    *("policy:subscribe", "policy:subscribe-check", "policy:subscribe-sent"),
    *("policy:subscription-answer", "policy:subscription-clock", "policy:subscription-confirm"),
    *("policy:subscription-leads", "policy:subscription-resume", "policy:subscriptions"),
    *("policy:subscriber-erase", "policy:subscriber-erased"),
    *("policy:unsubscribe", "policy:unsubscribe-all"),
    # The way in and out.
    *("account_login", "account_logout", "account_inactive", "mfa_authenticate"),
    *("account_reset_password", "account_reset_password_done"),
    *("account_reset_password_from_key", "account_reset_password_from_key_done"),
    *("openid_connect_login", "openid_connect_callback"),
    *("socialaccount_login_cancelled", "socialaccount_login_error"),
)
OWN_ACCOUNT = (
    "policy:subscribe-team",
    *("policy:account", "policy:second-factor", "account_reauthenticate"),
    *("account_change_password", "account_set_password"),
    *("mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_reauthenticate"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
)
PEOPLE = (
    *("policy:people", "policy:people-new", "policy:person", "policy:person-link"),
    *("policy:person-role", "policy:person-deactivate", "policy:person-reactivate"),
    "policy:person-second-factor",
)
# Which of its steps somebody may take, the workflow says of each change.
SEE_DESK = (
    *("policy:desk", "policy:desk-change", "policy:desk-impact", "policy:desk-proposal"),
    *("policy:desk-conflict", "policy:desk-holds", "policy:history-person"),
)
DRAFT_VOICES = (
    *("policy:desk-submit", "policy:desk-take-back"),
    *("policy:desk-discard", "policy:desk-restore"),
    *("policy:desk-new", "policy:desk-save", "policy:desk-check", "policy:desk-autosave"),
    *("policy:desk-edit", "policy:desk-merge", "policy:desk-build-on", "policy:desk-pick"),
    *("policy:desk-source-new", "policy:desk-source", "policy:desk-source-fetch"),
)
DRAFT = ("policy:desk-accept", "policy:desk-reject", "policy:desk-undo", "entities:split")
APPROVE = (
    *("policy:desk-approve", "policy:desk-return", "policy:desk-review"),
    *("policy:desk-emergency", "policy:desk-lift"),
)
# By URL name; a star stands for the rest of a name.
POWERS: dict[str, Power] = {
    **dict.fromkeys(READ, Power.READ),
    **dict.fromkeys(OWN_ACCOUNT, Power.OWN_ACCOUNT),
    "policy:staff-mails": Power.SEE_MAILS,
    "policy:staff-mail": Power.SEE_MAILS,
    "policy:staff-resend": Power.SEE_MAILS,
    "policy:staff-cancel": Power.SEE_MAILS,
    **dict.fromkeys(SEE_DESK, Power.SEE_DESK),
    **dict.fromkeys(DRAFT_VOICES, Power.DRAFT_VOICES),
    **dict.fromkeys(DRAFT, Power.DRAFT),
    **dict.fromkeys(APPROVE, Power.APPROVE),
    **dict.fromkeys(PEOPLE, Power.MANAGE_PEOPLE),
}
# What a POST to a page asks for, where that is more than seeing the page.
WRITES = {"policy:desk-conflict": Power.DRAFT, "policy:desk-holds": Power.APPROVE}
SAFE = ("GET", "HEAD", "OPTIONS")
UNLISTED = "This page is closed: nothing says yet who may open it."


class NotPermitted(PermissionDenied):
    """Carries the sentence that a person reads."""


def power_of(url_name: str, method: str = "GET") -> Power:
    """The power that a page asks for. Raises NotPermitted for one that the table lacks."""
    if method not in SAFE and url_name in WRITES:
        return WRITES[url_name]
    space, colon, _ = url_name.partition(":")
    power = POWERS.get(url_name) or POWERS.get(f"{space}{colon}*")
    if power is None:
        raise NotPermitted(UNLISTED)
    return power


def role_of(user: AnyUser) -> Role | None:
    """The role of a user; None for a visitor, and for an account that is no longer active."""
    return user.rank if isinstance(user, User) and user.is_active else None


def check_power(user: AnyUser, power: Power) -> None:
    """Raises NotPermitted, with the sentence that says who may, unless the user has the power."""
    role = role_of(user)
    if not has_power(role, power):
        raise NotPermitted(lacks_words(role, power))


def can_power(user: AnyUser, power: Power) -> bool:
    """Whether ``check_power`` lets the user pass."""
    return has_power(role_of(user), power)


def has_second_factor(user: AnyUser) -> bool:
    """Whether an authenticator app is set up; recovery codes alone are none."""
    held = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP)
    return user.is_authenticated and held.exists()


def lacks_second_factor(user: AnyUser, power: Power) -> bool:
    """Whether the user must set up a second factor before using this power."""
    return needs_second_factor(role_of(user), power) and not has_second_factor(user)
