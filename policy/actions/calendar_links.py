"""Making and revoking the addresses that calendar programs fetch."""

import secrets
from datetime import datetime

from policy.models import CalendarLink
from policy.queries.subjects import Followed


def create_calendar_link(*, subject: Followed, at: datetime) -> CalendarLink:
    """A new address; as many as are asked for, so that each can be revoked by itself."""
    return CalendarLink.objects.create(
        token=secrets.token_urlsafe(32),
        subject=subject.kind,
        subject_id=subject.id,
        label=subject.label,
        created_at=at,
    )


def revoke_calendar_link(*, link: CalendarLink, at: datetime) -> None:
    """From now on the address is gone. Again it does nothing."""
    CalendarLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=at)
