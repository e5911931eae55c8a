"""Who may see the staff pages.

Until there are accounts, whoever opens a signed link of ``manage.py staff_link`` is staff for
twelve hours from when it was made, under the name that it was made for. Accounts replace this
module: only ``check_staff`` then asks something else, and its callers stay as they are.
"""

from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from policy.domain.roles import Power, Role, has_power, lacks_words
from policy.models import User

AnyUser = User | AnonymousUser

LASTS = timedelta(hours=12)
SALT = "policy.permissions.staff"
SESSION_KEY = "staff"
SENTENCE = "This page is for staff. Ask whoever runs this site for a link: manage.py staff_link."


class NotStaff(PermissionDenied):
    """Carries the sentence that a person reads."""


def staff_token(name: str) -> str:
    """A signed token that opens the staff pages, for twelve hours from now, for ``name``."""
    return signing.dumps(name, salt=SALT)


def staff_name(token: str) -> str:
    """Whose token it is. Raises NotStaff for one that has ended or is not ours."""
    try:
        return str(signing.loads(token, salt=SALT, max_age=LASTS))
    except signing.SignatureExpired as error:
        msg = f"This link has ended: it lasts twelve hours. {SENTENCE}"
        raise NotStaff(msg) from error
    except signing.BadSignature as error:
        raise NotStaff(SENTENCE) from error


def admit(request: HttpRequest, token: str) -> str:
    """Let the bearer of a token in, until it ends. Raises NotStaff as ``staff_name`` does."""
    name = staff_name(token)
    request.session.cycle_key()
    request.session[SESSION_KEY] = token
    request.session.set_expiry(LASTS)
    return name


def check_staff(request: HttpRequest) -> str:
    """The name of the staff member who asks. Raises NotStaff with a sentence."""
    return staff_name(request.session.get(SESSION_KEY, ""))


def can_staff(request: HttpRequest) -> bool:
    """Whether ``check_staff`` lets the request pass."""
    try:
        check_staff(request)
    except NotStaff:
        return False
    return True


class NotPermitted(PermissionDenied):
    """Carries the sentence that a person reads."""


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
