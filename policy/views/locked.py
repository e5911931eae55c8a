"""What somebody sees who tried too many passwords: until when, and what else they can do."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from policy.adapters import address_of, network_or_none
from policy.clock import now


def locked(
    request: HttpRequest, _original: object = None, credentials: Mapping[str, Any] | None = None
) -> HttpResponse:
    """The same page whether the account exists or not."""
    until = locked_until(address_of(request, credentials), network_or_none(request), at=now())
    return render(request, "account/locked.html", {"until": until}, status=429)


def locked_until(address: str, network: str | None, *, at: datetime) -> datetime:
    """When the newest failure that counts will be forgotten, as a UTC instant."""
    tries = AccessAttempt.objects.filter(username=address, ip_address=network)
    newest: datetime | None = tries.aggregate(newest=Max("attempt_time"))["newest"]
    pause = settings.AXES_COOLOFF_TIME
    return (newest or at) + pause
