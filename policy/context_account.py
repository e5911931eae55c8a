"""The corner of every page that says who has signed in."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from policy.domain.roles import Power
from policy.middleware import has_session
from policy.permissions import can_power

# The parts of an address that open a page to whoever has it.
KEYS = {"token", "key"}
# What an account may open besides the record, and the power that it takes.
DOORS = (
    ("Desk", "policy:desk", Power.SEE_DESK),
    ("Mails", "policy:staff-mails", Power.SEE_MAILS),
    ("People", "policy:people", Power.MANAGE_PEOPLE),
)


def corner(request: HttpRequest) -> dict[str, Any]:
    """Whom the page is for. A reader without a session is not looked up: it costs no query."""
    user = getattr(request, "user", None) if has_session(request) else None
    if user is None or not user.is_authenticated:
        return {"account": None, "sees_desk": False, "sign_in_url": sign_in_url(request)}
    doors = [
        {"label": label, "url": reverse(name)}
        for label, name, power in DOORS
        if can_power(user, power)
    ]
    return {"account": user, "sees_desk": can_power(user, Power.SEE_DESK), "doors": doors}


def sign_in_url(request: HttpRequest) -> str:
    """The way in, which leads back here, unless the address is a key that is told to nobody."""
    url, path = reverse(settings.LOGIN_URL), request.get_full_path()
    held = request.resolver_match.kwargs if request.resolver_match else {}
    if path.startswith(reverse("policy:account")) or KEYS & held.keys():
        return url
    return f"{url}?{urlencode({'next': path})}"
