"""From what the record says of a date to the calendar entry that mails and feeds carry."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from policy.domain.invites import Invite, Publisher
from policy.queries.invites import DatedEntry
from policy.queries.subjects import ScheduledChange


def publisher() -> Publisher:
    """Who publishes the entries: the sender of the mails, on the host of the site."""
    name, email = parseaddr(settings.DEFAULT_FROM_EMAIL)
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return Publisher(name or "Earmark", email, host)


def deadline_invite(entry: DatedEntry | None, receipt: Sequence[str], url: str) -> Invite | None:
    """The entry of a deadline; None where the record never knew an exact day."""
    if entry is None:
        return None
    deadline = entry.chain.deadline
    return Invite(
        topic=deadline.slug,
        kind=deadline.kind,
        summary=f"{deadline.label}: {deadline.rule.title}",
        day=entry.day,
        at=entry.at,
        sequence=entry.sequence,
        stamp=entry.stamp,
        url=url,
        description="\n".join([*facts_of(entry), *receipt]),
        cancelled=entry.is_cancelled,
        tentative=entry.is_tentative,
    )


def facts_of(entry: DatedEntry) -> list[str]:
    """What comes before the receipt: that the day stands no more, and what it belongs to."""
    deadline, said = entry.chain.deadline, entry.stated
    gone = said.words if said else "no document sets it any more"
    return [
        *([f"This date stands no more: {gone}."] if entry.is_cancelled else []),
        *(["Scheduled, not confirmed."] if entry.is_tentative else []),
        *([f"Docket {deadline.docket.number}."] if deadline.docket else []),
        *([f"Covers {deadline.scope}."] if deadline.scope else []),
    ]


def change_invite(change: ScheduledChange, url: str) -> Invite:
    """The entry of a scheduled change. Its revision only grows when the change moves."""
    cited = f"{change.source}: {change.source.title}"
    return Invite(
        topic=change.topic.replace("/", "."),
        kind=change.subject.kind,
        summary=f"{change.title}: {change.subject.label}",
        day=change.day,
        at=None,
        sequence=change.revision,
        stamp=change.recorded_at,
        url=url,
        description="\n".join(filter(None, [cited, change.note])),
    )


def kept(invite: Invite | None) -> dict[str, Any] | None:
    """As JSON, for the payload of a planned mail."""
    return invite.as_json() if invite else None
